"""A model of one table: its comparisons with their weights, and how many pairs are doubles. Weights are in bits (log2 of m/u)."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from indgang.foundation.linkage.rules.cleaning import Cleaned, cleaned
from indgang.foundation.linkage.rules.comparisons import ELSE, Comparison, Level, Whose, comparisons
from indgang.foundation.linkage.rules.keys import key_rules
from indgang.foundation.linkage.rules.meanings import Column, Meaning

MISSING = -1
SIX = 6  # digits: what differs beyond them is the order in which a machine added
Weights = tuple[float, float, float]  # of the house, of the day, of one's own
Pattern = tuple[int, ...]  # per comparison: the level of a pair, counted from 0 for the most alike; MISSING


@dataclass(frozen=True)
class Shares:
    """How large a part of all pairs are doubles; twins (two who share everything but what is their own); and neighbours, who share the
    house and the family, or the owner, but not the day."""

    doubles: float
    twins: float = 0.0
    neighbours: float = 0.0


@dataclass(frozen=True)
class Model:
    """Comparisons, what kinds of pairs there are, and the keys by which pairs are found (name to SQL)."""

    columns: tuple[Column, ...]
    comparisons: tuple[Comparison, ...]
    shares: Shares
    keys: dict[str, str]

    @classmethod
    def untaught(cls, columns: Sequence[Column], shares: Shares) -> Model:
        """With the default weights."""
        made = cleaned(columns)
        return cls(tuple(columns), tuple(comparisons(made)), shares, key_rules([column.name for column in made]))

    @property
    def cleaned(self) -> list[Cleaned]:
        """How the columns are cleaned."""
        return cleaned(self.columns)

    def weights(self, pattern: Pattern) -> Weights:
        """What the levels of a pair say for its being of one, by whose they are."""
        sums = dict.fromkeys(Whose, 0.0)
        for one, level in zip(self.comparisons, pattern, strict=True):
            if level != MISSING:
                sums[one.whose] += level_weight(one.levels[level])
        return (round(sums[Whose.HOUSE], SIX), round(sums[Whose.BORN], SIX), round(sums[Whose.OWN], SIX))

    def weight(self, pattern: Pattern) -> float:
        """All of it together, in bits."""
        return sum(self.weights(pattern))

    def probability(self, pattern: Pattern) -> float:
        """That a pair is a double."""
        return kinds(self.weights(pattern), self.shares)[0]

    def odds(self, pattern: Pattern) -> float:
        """The same in bits, which never is without end: what a matching adds up."""
        likely = min(max(self.probability(pattern), 2.0**-40), 1 - 2.0**-40)
        return math.log2(likely / (1 - likely)) + self.weight(pattern) / 1000  # of two that are certain, the one that agrees in more

    def agreed(self, pattern: Pattern) -> list[str]:
        """The headers of the columns that agree, or nearly do."""
        return list(
            dict.fromkeys(
                header
                for one, level in zip(self.comparisons, pattern, strict=True)
                if level != MISSING and level < one.agreed
                for header in one.headers
            )
        )

    def as_json(self) -> dict[str, Any]:
        """To keep it."""
        return {
            "columns": [[column.header, column.meaning] for column in self.columns],
            "comparisons": [{**vars(one), "levels": [[level.sql, level.m, level.u] for level in one.levels]} for one in self.comparisons],
            "shares": vars(self.shares),
            "keys": self.keys,
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Model:
        """One that was kept."""
        made = [
            Comparison(
                **{
                    **one,
                    "whose": Whose(one["whose"]),
                    "levels": tuple(Level(*level) for level in one["levels"]),
                    "headers": tuple(one["headers"]),
                    "columns": tuple(one["columns"]),
                }
            )
            for one in kept["comparisons"]
        ]
        columns = tuple(Column(header, Meaning(meaning)) for header, meaning in kept["columns"])
        return cls(columns, tuple(made), Shares(**kept["shares"]), kept["keys"])


def level_weight(level: Level) -> float:
    """In bits."""
    return math.log2(level.m / level.u)


def kinds(weights: Weights, shares: Shares) -> tuple[float, float, float]:
    """That a pair is a double, that it is twins, that it is neighbours. What is left is that the two have nothing to do with each other.

    Fellegi and Sunter know doubles and strangers only. To them a brother at the same address is a double with another given name: the
    address alone outweighs it. So those who share a house are told apart from strangers here, and a double must be likelier than they are.
    """
    house, born, own = weights
    bits = (house + born + own, house + born, house)
    most = max(*bits, 0.0)
    parts = [share * 2.0 ** (each - most) for share, each in zip((shares.doubles, shares.twins, shares.neighbours), bits, strict=True)]
    strangers = max(1 - shares.doubles - shares.twins - shares.neighbours, 0.0) * 2.0**-most
    total = sum(parts) + strangers
    return parts[0] / total, parts[1] / total, parts[2] / total


def pattern_sql(comparison: Comparison) -> str:
    """The level of a pair l, r."""
    cases = [f"WHEN {level.sql} THEN {number}" for number, level in enumerate(comparison.levels) if level.sql != ELSE]
    return f"CASE WHEN {comparison.missing} THEN {MISSING} {' '.join(cases)} ELSE {len(comparison.levels) - 1} END"


def splink_settings(model: Model, *, unique_id: str) -> dict[str, Any]:
    """The same model as Splink writes it."""
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": unique_id,
        "probability_two_random_records_match": model.shares.doubles,
        "em_convergence": 0.001,
        "max_iterations": 10,
        "retain_matching_columns": False,
        "retain_intermediate_calculation_columns": False,
        "blocking_rules_to_generate_predictions": [],
        "comparisons": [_splink_comparison(one) for one in model.comparisons],
    }


def _splink_comparison(comparison: Comparison) -> dict[str, Any]:
    levels: list[dict[str, Any]] = [
        {"sql_condition": _suffixed(comparison.missing), "label_for_charts": "missing", "is_null_level": True},
        *(
            {
                "sql_condition": _suffixed(level.sql),
                "label_for_charts": str(number),
                "m_probability": level.m,
                "u_probability": level.u,
            }
            for number, level in enumerate(comparison.levels)
        ),
    ]
    return {"output_column_name": comparison.name, "comparison_levels": levels}


def _suffixed(sql: str) -> str:
    return re.sub(r"\b([lr])\.(\w+)", r"\2_\1", sql)


def with_levels(comparison: Comparison, *, m: Sequence[float] | None = None, u: Sequence[float] | None = None) -> Comparison:
    """The comparison with other probabilities, which are made to sum to 1."""
    levels = comparison.levels
    if m is not None:
        levels = tuple(replace(level, m=value / sum(m)) for level, value in zip(levels, m, strict=True))
    if u is not None:
        levels = tuple(replace(level, u=value / sum(u)) for level, value in zip(levels, u, strict=True))
    return replace(comparison, levels=levels)
