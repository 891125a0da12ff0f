"""From links to clusters, as people decided: "the same" is always one cluster, "not the same" never, not even through a third record."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

Pair = tuple[Any, Any]


class Contradiction(Exception):
    """People called a pair both: the same (perhaps through third records) and not the same. `pair` names the two."""

    def __init__(self, pair: Pair) -> None:
        super().__init__(f"{pair[0]} and {pair[1]} were called the same, and not the same")
        self.pair = pair


@dataclass(frozen=True)
class Decisions:
    """What people said about pairs of records."""

    same: frozenset[Pair] = frozenset()
    different: frozenset[Pair] = frozenset()


class Link(NamedTuple):
    """Two records that are probably one, and how strong that is."""

    left: Any
    right: Any
    strength: float


class Groups:
    """Records that are together, and those that must never be."""

    def __init__(self) -> None:
        self._above: dict[Any, Any] = {}
        self._members: dict[Any, list[Any]] = {}
        self._foes: dict[Any, set[Any]] = {}

    def of(self, record: Any) -> Any:
        """The record that stands for the group of this one."""
        top = record
        while (above := self._above.get(top, top)) != top:
            top = above
        while (above := self._above.get(record, record)) != top:
            self._above[record] = top
            record = above
        return top

    def keep_apart(self, left: Any, right: Any) -> None:
        """From now on these two are never in one group. They must not be in one already."""
        for one, other in ((left, right), (right, left)):
            self._foes.setdefault(self.of(one), set()).add(other)

    def join(self, left: Any, right: Any) -> bool:
        """Put their groups together; False where somebody in one must not be with somebody in the other."""
        first, second = self.of(left), self.of(right)
        if first == second:
            return True
        if any(self.of(foe) == second for foe in self._foes.get(first, ())):
            return False
        if len(self._members.get(first, ())) < len(self._members.get(second, ())):
            first, second = second, first
        self._above[second] = first
        self._members.setdefault(first, [first]).extend(self._members.pop(second, [second]))
        if foes := self._foes.pop(second, None):
            self._foes.setdefault(first, set()).update(foes)
        return True

    def all(self) -> list[list[Any]]:
        """Every group of more than one, sorted."""
        return sorted(sorted(members) for members in self._members.values())


def decided(decisions: Decisions) -> Groups:
    """Groups of what people called the same. Raises Contradiction."""
    groups = Groups()
    for left, right in sorted(decisions.same):
        groups.join(left, right)
    for left, right in sorted(decisions.different):
        if groups.of(left) == groups.of(right):
            raise Contradiction((left, right))
        groups.keep_apart(left, right)
    return groups


def clustered(links: Iterable[Link], decisions: Decisions = Decisions(), apart: Iterable[Pair] = ()) -> list[list[Any]]:
    """The clusters of more than one record, sorted, whatever order the links come in. Raises Contradiction.

    The strongest links are made first. A link that would bring together what people called "not the same", or two that are `apart` (known
    for twins or neighbours, which a person may overrule), is not made.
    """
    groups = decided(decisions)
    for left, right in sorted(apart):
        if groups.of(left) != groups.of(right):
            groups.keep_apart(left, right)
    for link in in_order(links):
        groups.join(link.left, link.right)
    return groups.all()


def in_order(links: Iterable[Link]) -> Sequence[Link]:
    """The strongest first; of equals the one with the smallest records."""
    return sorted(links, key=lambda link: (-link.strength, min(link.left, link.right), max(link.left, link.right)))
