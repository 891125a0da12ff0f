"""Rooms given out in the order of the line, as far as is known now: nobody is called to a room before it is free. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from indgang.operations.reception.rules.daytime import first_from, run, starts_that_fit


@dataclass(frozen=True)
class Wanted:
    """A step that is done in one of these rooms, for so many cells of the day, and not before the cell `first`."""

    key: int
    cells: int
    rooms: tuple[int, ...]
    first: int


def given_out(wanted: Iterable[Wanted], free: Mapping[int, int]) -> tuple[dict[int, int], dict[int, int]]:
    """By step the cell from which it can have a room, where that is later than its first; and what is free of each room then.

    `free` are the free cells of each room. A step that no room is free for any more today has nothing, and takes nothing.
    """
    left, found = dict(free), {}
    for step in wanted:
        starts = [
            (cell, room) for room in step.rooms if (cell := first_from(starts_that_fit(left[room], step.cells), step.first)) is not None
        ]
        if not starts:
            continue
        cell, room = min(starts)
        left[room] &= ~run(cell, cell + step.cells)
        if cell > step.first:
            found[step.key] = cell
    return found, left
