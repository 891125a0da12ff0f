"""One-to-one between two sources: each record has at most one partner, and all links together are the strongest that can be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from indgang.foundation.linkage.rules.clusters import Contradiction, Decisions, Groups, Link

GRAIN = 1_000_000  # strengths are added as whole numbers, so that a sum does not depend on its order


def paired(links: Iterable[Link], sides: Mapping[Any, Any], decisions: Decisions = Decisions()) -> list[list[Any]]:  # noqa: B008
    """The pairs, each sorted. Links are between records of different sides and stronger than nothing. Raises Contradiction.

    What people called the same is a pair before anything else; two partners for one record, or two of one source, cannot be.
    """
    partners: dict[Any, Any] = {}
    different = {frozenset(pair) for pair in decisions.different}
    for left, right in sorted(decisions.same):
        taken = partners.get(left, right) != right or partners.get(right, left) != left
        if taken or sides[left] == sides[right] or frozenset((left, right)) in different:
            raise Contradiction((left, right))
        partners |= {left: right, right: left}
    free: dict[tuple[Any, Any], int] = {}
    first = min(sides.values(), default=None)
    for link in links:
        left, right = (link.left, link.right) if sides[link.left] == first else (link.right, link.left)
        strength = round(link.strength * GRAIN)
        allowed = left not in partners and right not in partners and frozenset((left, right)) not in different
        if allowed and strength > 0:
            free[left, right] = max(strength, free.get((left, right), 0))
    made = {tuple(sorted(pair)) for pair in partners.items()}
    for part in _parts(free):
        made |= {tuple(sorted(pair)) for pair in _best(part).items()}
    return sorted(map(list, made))


def _parts(links: Mapping[tuple[Any, Any], int]) -> list[dict[Any, dict[Any, int]]]:
    """Links that touch each other, by left record and right record. Left and right may be named alike, so each has its side beside it."""
    groups = Groups()
    for left, right in sorted(links):
        groups.join((0, left), (1, right))
    parts: dict[Any, dict[Any, dict[Any, int]]] = defaultdict(dict)
    for (left, right), strength in sorted(links.items()):
        parts[groups.of((0, left))].setdefault(left, {})[right] = strength
    return [parts[key] for key in sorted(parts)]


def _best(part: dict[Any, dict[Any, int]]) -> dict[Any, Any]:
    """The strongest matching: while some chain of changes (give a partner up, take another) gains, the one that gains most is made."""
    left_of: dict[Any, Any] = {}
    while True:
        gains, came = _chains(part, left_of)
        ends = [(gain, right) for right, gain in gains.items() if right not in left_of]
        if not ends:
            break
        gain, right = min(ends, key=lambda end: (-end[0], end[1]))
        if gain <= 0:
            break
        while right is not None:
            left = came[right]
            given_up = next((other for other, holder in left_of.items() if holder == left), None)
            left_of[right] = left
            if given_up is not None:
                del left_of[given_up]
            right = given_up
    return {left: right for right, left in left_of.items()}


def _chains(part: dict[Any, dict[Any, int]], left_of: dict[Any, Any]) -> tuple[dict[Any, int], dict[Any, Any]]:
    """What the best chain to each right record gains, and from which left record it comes."""
    right_of = {left: right for right, left in left_of.items()}
    start = {left: 0 for left in part if left not in right_of}
    gains: dict[Any, int] = {}
    came: dict[Any, Any] = {}
    reached = dict(start)
    while reached:
        after: dict[Any, int] = {}
        for left in sorted(reached):
            for right, strength in part[left].items():
                gain = reached[left] + strength
                if right_of.get(left) == right or gain <= gains.get(right, -1):
                    continue
                gains[right], came[right] = gain, left
                if right in left_of:
                    holder = left_of[right]
                    after[holder] = max(after.get(holder, gain - part[holder][right]), gain - part[holder][right])
        reached = after
    return gains, came
