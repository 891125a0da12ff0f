"""What a table tells of its own weights, without labels: from counts of patterns alone, so it is the same whatever order the rows are in.

`u` comes from pairs taken at random, `m` from Splink's expectation maximisation (training.py); both are mixed with the defaults, which
count as much as so many observations. A small table keeps the defaults that way, and a large one hardly feels them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from indgang.foundation.linkage.rules.comparisons import Comparison, Whose
from indgang.foundation.linkage.rules.model import MISSING, SIX, Model, Pattern, Shares, Weights, kinds, with_levels

DEFAULT_PAIRS = 20_000  # how many random pairs the default u counts as
DEFAULT_DOUBLES = 50  # how many doubles the default m counts as
ENOUGH_DOUBLES = 25  # below this there is nothing to learn m from
EXPECTED = 0.2  # doubles per record where nothing is known
EXPECTED_BETWEEN = 0.5  # partners per record of the smaller of two sources
TWINS, NEIGHBOURS = 0.05, 2.5  # for each double
EXPECTED_COUNTS = 5  # how many doubles that expectation counts as
AT_MOST = 20  # times what is expected: thousands of copies of one row tell nothing of the others
ROUNDS = 100


def expected_shares(records: int, comparisons: Sequence[Comparison], sources: tuple[int, int] | None = None) -> Shares:
    """What kinds of pairs there are, before anything is known of a table. Twins and neighbours are told only by what is one's own."""
    doubles = EXPECTED / max(records - 1, 1)
    if sources:
        doubles = EXPECTED_BETWEEN * min(sources) / max(sources[0] * sources[1], 1)
    doubles = min(0.1, doubles)
    if not any(one.whose is Whose.OWN for one in comparisons):
        return Shares(doubles)
    return Shares(doubles, doubles * TWINS, doubles * NEIGHBOURS)


def with_random_pairs(model: Model, counts: Mapping[Pattern, int]) -> Model:
    """The model with u as random pairs show it. Those that are doubles themselves are left out, as likely as they are doubles."""
    seen = [[0.0] * len(one.levels) for one in model.comparisons]
    for pattern, count in sorted(counts.items()):
        different = count * (1 - model.probability(pattern))
        for place, level in enumerate(pattern):
            if level != MISSING:
                seen[place][level] += different
    made = [
        with_levels(one, u=[round(one_level + DEFAULT_PAIRS * level.u, SIX) for one_level, level in zip(counted, one.levels, strict=True)])
        for one, counted in zip(model.comparisons, seen, strict=True)
    ]
    return replace(model, comparisons=tuple(made))


def with_matches(model: Model, learned: Sequence[Sequence[float] | None], doubles: float) -> Model:
    """The model with m as expectation maximisation found it over about so many doubles; None where it found nothing."""
    made = []
    for one, values in zip(model.comparisons, learned, strict=True):
        if values is None:
            made.append(one)
            continue
        mixed = [
            (doubles * value + DEFAULT_DOUBLES * level.m) / (doubles + DEFAULT_DOUBLES)
            for value, level in zip(values, one.levels, strict=True)
        ]
        better = with_levels(one, m=[_six(value) for value in mixed])
        first, last = better.levels[0], better.levels[-1]
        sensible = first.m > first.u and first.m * last.u > last.m * first.u
        made.append(better if sensible else one)
    return replace(model, comparisons=tuple(made))


def with_shares(model: Model, counts: Mapping[Pattern, int], pairs: float, expected: Shares, scale: float = 1.0) -> tuple[Model, float]:
    """The model with the likeliest shares of doubles, twins and neighbours among all `pairs`, and how many doubles that makes.

    `counts` are the patterns of the pairs that were looked at (or of one in `scale` of them); all others are taken to be strangers.
    """
    grouped: dict[Weights, float] = {}
    for pattern, times in sorted(counts.items()):
        weights = model.weights(pattern)
        grouped[weights] = grouped.get(weights, 0) + times * scale
    known = EXPECTED_COUNTS / expected.doubles  # pairs that the expectation counts as
    parts = (expected.doubles, expected.twins, expected.neighbours)
    shares, found = expected, [0.0, 0.0, 0.0]
    for _round in range(ROUNDS):
        found = [0.0, 0.0, 0.0]
        for weights, number in grouped.items():
            for place, likely in enumerate(kinds(weights, shares)):
                found[place] += number * likely
        after = Shares(*(_six(min((part * known + one) / (known + pairs), part * AT_MOST)) for part, one in zip(parts, found, strict=True)))
        if after == shares:
            break
        shares = after
    return replace(model, shares=shares), found[0]


def _six(value: float) -> float:
    return float(f"{value:.{SIX}g}")
