"""A day as a row of five-minute cells, and a set of cells as one integer: bit n is cell n.

Cells count elapsed time from local midnight, so a day has 288 of them, 276 when summer time begins and 300 when it ends.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from zoneinfo import ZoneInfo

CELL_MINUTES = 5
_CELL = dt.timedelta(minutes=CELL_MINUTES)


@dataclass(frozen=True)
class Day:
    """A calendar day in a time zone."""

    date: dt.date
    zone: ZoneInfo

    @cached_property
    def midnight(self) -> dt.datetime:
        """The instant it begins, in UTC."""
        return dt.datetime.combine(self.date, dt.time(), tzinfo=self.zone).astimezone(dt.UTC)

    @cached_property
    def cells(self) -> int:
        """How many cells it has."""
        return (Day(self.date + dt.timedelta(days=1), self.zone).midnight - self.midnight) // _CELL

    def cell_of(self, instant: dt.datetime) -> int:
        """The cell that `instant` lies in (below 0 or beyond `cells` on other days)."""
        return (instant - self.midnight) // _CELL

    def cell_from(self, instant: dt.datetime) -> int:
        """The first cell that begins at or after `instant`."""
        return -((self.midnight - instant) // _CELL)

    def cell_at(self, wall: dt.time) -> int:
        """The cell at that time on the wall."""
        return self.cell_of(dt.datetime.combine(self.date, wall, tzinfo=self.zone).astimezone(dt.UTC))

    def instant(self, cell: int) -> dt.datetime:
        """When `cell` begins, in the day's own zone."""
        return (self.midnight + cell * _CELL).astimezone(self.zone)


def cells_for(minutes: int) -> int:
    """The cells that so many minutes take: rounded up, at least one."""
    return max(1, -(-minutes // CELL_MINUTES))


def run(start: int, end: int) -> int:
    """The cells from `start` up to, not including, `end`."""
    return ((1 << (end - start)) - 1) << start if end > start else 0


def cells_between(day: Day, minutes: Sequence[int]) -> int:
    """The cells between two times of the day, given in minutes from midnight; without them the whole day."""
    if not minutes:
        return run(0, day.cells)
    first, last = (day.cell_at(dt.time(*divmod(minute, 60))) for minute in minutes)
    return run(first, last)


def starts_that_fit(free: int, length: int) -> int:
    """The cells at which `length` free cells in a row begin."""
    fit, have = free, 1
    while have < length:
        step = min(have, length - have)
        fit &= fit >> step
        have += step
    return fit


def first_from(cells: int, earliest: int) -> int | None:
    """The first cell of the set at or after `earliest`."""
    rest = cells >> max(earliest, 0)
    return max(earliest, 0) + (rest & -rest).bit_length() - 1 if rest else None


def last_until(cells: int, latest: int) -> int | None:
    """The last cell of the set at or before `latest`."""
    if latest < 0:
        return None
    return (cells & ((1 << (latest + 1)) - 1)).bit_length() - 1 if cells & ((1 << (latest + 1)) - 1) else None


def members(cells: int) -> Iterator[int]:
    """The cells of the set, ascending."""
    while cells:
        lowest = cells & -cells
        yield lowest.bit_length() - 1
        cells ^= lowest
