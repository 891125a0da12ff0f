"""Who sits at a desk on a day, who is away, and for which part of it the desk has nobody because of that."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from indgang.operations.reception.rules.daytime import Day, members, run
from indgang.operations.reception.rules.opening import Closing, Opening, open_cells


@dataclass(frozen=True)
class Turn:
    """A colleague at a desk on some weekdays (Monday = 0) from the first day to the last; without times while the desk is open."""

    officer: int
    desk: int
    weekdays: frozenset[int]
    begins: dt.time | None
    ends: dt.time | None
    first: dt.date
    last: dt.date | None = None

    def on(self, date: dt.date) -> bool:
        """Whether the date is one of its days."""
        return date.weekday() in self.weekdays and self.first <= date and (self.last is None or date <= self.last)

    def cells(self, day: Day, open_here: int) -> int:
        """The cells of the day in which the colleague sits there; `open_here` are those in which the desk is open."""
        if not self.on(day.date):
            return 0
        if self.begins is None or self.ends is None:
            return open_here
        return open_cells(day, [Opening(day.date.weekday(), self.begins, self.ends)], (), holiday=False) & open_here

    def meets(self, other: Turn) -> bool:
        """Whether a colleague would have to sit at two desks at once. A turn without times takes the whole day."""
        days = self.weekdays & other.weekdays and _days_meet(self, other)
        elsewhere = self.officer == other.officer and self.desk != other.desk
        return bool(elsewhere and days and _times_meet(self, other))


def _days_meet(one: Turn, other: Turn) -> bool:
    """Whether a day that both have lies in both periods."""
    first = max(one.first, other.first)
    last = min(one.last or dt.date.max, other.last or dt.date.max)
    shared = one.weekdays & other.weekdays
    span = min((last - first).days, 6)
    return any((first + dt.timedelta(days=ahead)).weekday() in shared for ahead in range(span + 1))


def _times_meet(one: Turn, other: Turn) -> bool:
    if one.begins is None or other.begins is None or one.ends is None or other.ends is None:
        return True
    return one.begins < other.ends and other.begins < one.ends


@dataclass(frozen=True)
class Staffing:
    """A desk on a day: the cells in which it is open, in which each colleague sits there, and in which somebody is missed."""

    open: int
    there: Mapping[int, int]
    away: Mapping[int, int]

    @property
    def gap(self) -> int:
        """The cells in which the desk is open and has nobody because somebody is away."""
        staffed, missed = 0, 0
        for cells in self.there.values():
            staffed |= cells
        for cells in self.away.values():
            missed |= cells
        return missed & ~staffed & self.open


def staffing(day: Day, open_here: int, turns: Iterable[Turn], absences: Mapping[int, Sequence[Closing]]) -> Staffing:
    """Who sits at the desk of these turns on the day; `absences` by colleague."""
    there: dict[int, int] = {}
    away: dict[int, int] = {}
    for turn in turns:
        cells = turn.cells(day, open_here)
        gone = 0
        for absence in absences.get(turn.officer, ()):
            gone |= absence.cells(day)
        if cells & ~gone:
            there[turn.officer] = there.get(turn.officer, 0) | cells & ~gone
        if cells & gone:
            away[turn.officer] = away.get(turn.officer, 0) | cells & gone
    return Staffing(open_here, there, away)


def parts(open_here: int, gap: int) -> list[tuple[int | None, int | None]]:
    """The gap as (first cell, cell after the last), None where it begins or ends with the day: as closures are written."""
    if not gap:
        return []
    cells = list(members(gap))
    first, last = cells[0], cells[-1]
    if gap == open_here & run(first, last + 1):
        before, after = open_here & run(0, first), open_here >> (last + 1)
        return [(first if before else None, last + 1 if after else None)]
    starts, ends = members(gap & ~(gap << 1)), members(gap & ~(gap >> 1))
    return [(start, end + 1) for start, end in zip(starts, ends, strict=True)]


@dataclass(frozen=True)
class Gap:
    """A desk has nobody, from the first day to the last; with times only between these, on each of the days."""

    desk: int
    first: dt.date
    last: dt.date
    from_time: dt.time | None
    until_time: dt.time | None


def joined(desk: int, days: Sequence[tuple[Day, Staffing]]) -> list[Gap]:
    """The gaps of a desk on days in order; the same part of several days is one gap, also across days on which the desk is closed."""
    found: list[Gap] = []
    running: dict[tuple[dt.time | None, dt.time | None], Gap] = {}
    for day, staffed in days:
        if not staffed.open:
            continue
        today: dict[tuple[dt.time | None, dt.time | None], Gap] = {}
        for first, last in parts(staffed.open, staffed.gap):
            times = _on_the_wall(day, first), _on_the_wall(day, last)
            begun = running.get(times)
            today[times] = Gap(desk, begun.first if begun else day.date, day.date, *times)
            if begun:
                found.remove(begun)
            found.append(today[times])
        running = today
    return found


def _on_the_wall(day: Day, cell: int | None) -> dt.time | None:
    return None if cell is None else day.instant(cell).time()
