"""Records judged the same form groups, and no group may hold two that were judged different, or two CVR numbers.

Nothing here is kept: groups are worked out from what people judged, so that a judgement that is taken back leaves what was there before.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

Pair = tuple[int, int]


class Against(StrEnum):
    """Why two records cannot be judged so."""

    DIFFERENT = "different"  # two of their groups were judged different
    NUMBERS = "numbers"  # their groups have two CVR numbers
    TOGETHER = "together"  # they are the same through others


@dataclass(frozen=True)
class Judged:
    """What people judged, and the CVR numbers of those who have one."""

    same: Collection[Pair] = ()
    different: Collection[Pair] = ()
    numbers: Mapping[int, str] = field(default_factory=dict)


def roots(same: Iterable[Pair]) -> dict[int, int]:
    """Of every record that is judged the same as another: the lowest id of its group."""
    above: dict[int, int] = {}

    def top(record: int) -> int:
        while (higher := above.setdefault(record, record)) != record:
            above[record] = above[higher]
            record = higher
        return record

    for one, other in same:
        low, high = sorted((top(one), top(other)))
        above[high] = low
    return {record: top(record) for record in list(above)}


class Groups:
    """The groups, ready to be asked about many pairs."""

    def __init__(self, judged: Judged) -> None:
        self._root = roots(judged.same)
        self._apart = {frozenset(map(self.of, pair)) for pair in judged.different}
        self._number: dict[int, str] = {}
        for record, number in judged.numbers.items():
            self._number.setdefault(self.of(record), number)

    def of(self, record: int) -> int:
        """The record that stands for its group."""
        return self._root.get(record, record)

    def against_same(self, pair: Pair) -> Against | None:
        """Why two records cannot be the same; None where nothing speaks against it."""
        one, other = map(self.of, pair)
        if one == other:
            return None
        if frozenset((one, other)) in self._apart:
            return Against.DIFFERENT
        numbers = {self._number[root] for root in (one, other) if root in self._number}
        return Against.NUMBERS if len(numbers) > 1 else None

    def against_different(self, pair: Pair) -> Against | None:
        """Why two records cannot be different. Asked of groups without the pair's own judgement."""
        return Against.TOGETHER if self.of(pair[0]) == self.of(pair[1]) else None

    def is_open(self, pair: Pair) -> bool:
        """Whether anybody still has to judge: the two are neither together already, nor can they not be."""
        return self.of(pair[0]) != self.of(pair[1]) and self.against_same(pair) is None


def open_pairs(pairs: Iterable[Pair], judged: Judged) -> list[Pair]:
    """Of pairs that may be the same, the likeliest first: those that somebody still has to judge, one for each two groups."""
    groups = Groups(judged)
    asked: set[frozenset[int]] = set()
    left: list[Pair] = []
    for pair in pairs:
        question = frozenset(map(groups.of, pair))
        if groups.is_open(pair) and question not in asked:
            asked.add(question)
            left.append(pair)
    return left
