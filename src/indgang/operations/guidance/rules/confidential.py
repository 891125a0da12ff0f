"""What figures tell of courses that are confidential (Early Warning).

A figure that comprises five companies or more counts them; where its rows are opened, the others are shown and it says how many are
confidential. Under five companies they are left out. Early Warning alone is told as a figure of five companies or more, or not at
all. Figures of other days than whole months leave them out too: by shifting the days one could see which company makes the difference.

Split by municipality, what small parts leave out is told in a part of its own, so that the whole is never more than the sum of its parts.
Whoever reads it cannot tell from which part something was left out: there are at least two such parts, with five companies together.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

FEWEST = 5
PARTS_AT_LEAST = 2


class Evidence(Protocol):
    """A row that a figure counts: the company it is about, and whether only a team may know of it."""

    @property
    def company(self) -> int:
        """The company's id."""

    @property
    def confidential(self) -> bool:
        """Whether only its team may know of it."""


Row = TypeVar("Row", bound=Evidence)
Key = TypeVar("Key", bound=Hashable)
Unit = Callable[[Row], Hashable]


@dataclass(frozen=True)
class Told:
    """A figure as it is told: `value` None = not told; `confidential`: by how many the rows that are shown differ from it, at most."""

    value: int | None
    confidential: int = 0


@dataclass(frozen=True)
class Split:
    """A figure by its parts. `rest`: what some parts leave out; `vague`: the parts that may leave something out."""

    parts: Mapping[str, Told]
    rest: Told
    vague: frozenset[str]


def companies(rows: Iterable[Row]) -> set[int]:
    """The companies that rows are about."""
    return {row.company for row in rows}


def told(rows: Collection[Row], unit: Unit[Row], *, only_confidential: bool = False) -> Told:
    """How many different units the rows have, as it may be told. `only_confidential`: the figure asks for confidential rows alone."""
    enough = len(companies(rows)) >= FEWEST
    if only_confidential and not enough:
        return Told(None)
    shown = {unit(row) for row in rows if not row.confidential}
    if not enough:
        return Told(len(shown))
    everything = {unit(row) for row in rows}
    return Told(len(everything), len(everything - shown))


def first_time(rows: Collection[Row], before: Collection[Row], unit: Unit[Row]) -> Told:
    """How many units of the rows are in none of the rows before.

    Who is shown is judged by what is shown, so that nobody is missing among them who was in confidence before. The figure counts what is
    true where at least five of them are new in truth; where fewer are, it would point at the others, and counts them as they are shown.
    """
    open_before = {unit(row) for row in before if not row.confidential}
    known = {unit(row) for row in rows if not row.confidential}
    shown = known - open_before
    if len(companies(rows)) < FEWEST:
        return Told(len(shown))
    true = {unit(row) for row in rows} - {unit(row) for row in before}
    if len({row.company for row in rows if unit(row) in true & shown}) < FEWEST:
        true = shown | (true - known)
    return Told(len(true), len(true ^ shown))


def vague_parts(parts: Mapping[Key, Sequence[Row]]) -> frozenset[Key]:
    """The parts that leave out what is confidential: none, or all of fewer than five companies and so many more, the smallest first, that
    they are at least two with five companies together. Parts in which there is nothing count: nobody sees whether they hide something."""
    by_size = sorted(parts, key=lambda key: (len(companies(parts[key])), str(key)))
    chosen = [key for key in by_size if len(companies(parts[key])) < FEWEST]
    if not any(row.confidential for key in chosen for row in parts[key]):
        return frozenset()
    for key in by_size[len(chosen) :]:
        if len(chosen) >= PARTS_AT_LEAST and len({company for one in chosen for company in companies(parts[one])}) >= FEWEST:
            break
        chosen.append(key)
    return frozenset(chosen)


def split(parts: Mapping[str, Sequence[Row]], unit: Unit[Row]) -> Split:
    """A figure by parts that may hide something from each other, such as municipalities."""
    vague = vague_parts(parts)
    told_parts = {
        key: Told(len({unit(row) for row in rows if not row.confidential})) if key in vague else told(rows, unit)
        for key, rows in parts.items()
    }
    enough = len({company for rows in parts.values() for company in companies(rows)}) >= FEWEST
    left_out = {unit(row) for key in vague for row in parts[key] if row.confidential and enough}
    return Split(told_parts, Told(len(left_out), len(left_out)), vague)
