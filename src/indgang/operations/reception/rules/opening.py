"""When a desk receives people: the house's hours or its own, and in sessions, less what is closed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from indgang.operations.reception.rules.daytime import Day, run

LAST = 5  # of a month: its last such weekday, be it the fourth or the fifth


@dataclass(frozen=True)
class Opening:
    """Hours on a weekday (Monday = 0), on the dates they are valid; a missing date means no limit."""

    weekday: int
    opens: dt.time
    closes: dt.time
    valid_from: dt.date | None = None
    valid_until: dt.date | None = None

    def covers(self, date: dt.date) -> bool:
        """Whether the date is one of its days."""
        return date.weekday() == self.weekday and self.valid_on(date)

    def valid_on(self, date: dt.date) -> bool:
        """Whether these hours are in force on the date, whatever its weekday."""
        return (self.valid_from is None or self.valid_from <= date) and (self.valid_until is None or date <= self.valid_until)


@dataclass(frozen=True)
class Closing:
    """Days on which nobody is received, both included; with times only between these, on each of the days."""

    first_day: dt.date
    last_day: dt.date
    from_time: dt.time | None = None
    until_time: dt.time | None = None

    def covers(self, date: dt.date) -> bool:
        """Whether the date is one of its days."""
        return self.first_day <= date <= self.last_day

    @property
    def all_day(self) -> bool:
        """Whether it closes whole days."""
        return self.from_time is None and self.until_time is None

    def cells(self, day: Day) -> int:
        """The cells of the day that are closed; one that is closed in part is closed."""
        if not self.covers(day.date):
            return 0
        begin = day.cell_at(self.from_time) if self.from_time else 0
        end = day.cells
        if self.until_time:
            end = day.cell_from(dt.datetime.combine(day.date, self.until_time, tzinfo=day.zone).astimezone(dt.UTC))
        return run(max(begin, 0), min(end, day.cells))


@dataclass(frozen=True)
class Recurring:
    """Hours on one weekday of every so many weeks, counted from the week of the first day; a missing last day means for good.

    With `of_month` they are on the first, second, third, fourth (1 to 4) or last (5) such weekday of each month instead; never on the dates
    that are `left_out`. Calendar weeks
    are counted and times are those on the wall, so neither summer time nor a year of 53 weeks moves a session.
    """

    weekday: int
    opens: dt.time
    closes: dt.time
    every_weeks: int
    first_day: dt.date
    last_day: dt.date | None = None
    of_month: int = 0
    left_out: tuple[dt.date, ...] = ()

    def falls_on(self, date: dt.date) -> bool:
        """Whether it is held on the date."""
        if date.weekday() != self.weekday or date < self.first_day or (self.last_day is not None and date > self.last_day):
            return False
        if date in self.left_out:
            return False
        if self.of_month == LAST:
            return (date + dt.timedelta(days=7)).month != date.month
        if self.of_month:
            return (date.day + 6) // 7 == self.of_month
        return (_monday(date) - _monday(self.first_day)).days // 7 % self.every_weeks == 0

    def dates(self, first: dt.date, number: int) -> list[dt.date]:
        """The next dates from `first` on, at most so many."""
        date = max(first, self.first_day)
        date += dt.timedelta(days=(self.weekday - date.weekday()) % 7)
        found: list[dt.date] = []
        while len(found) < number and (self.last_day is None or date <= self.last_day):
            if self.falls_on(date):
                found.append(date)
            date += dt.timedelta(days=7)
        return found


def _monday(date: dt.date) -> dt.date:
    return date - dt.timedelta(days=date.weekday())


def hours_in_force(date: dt.date, house: Sequence[Opening], desk: Sequence[Opening]) -> Sequence[Opening]:
    """A desk with hours of its own in force follows those alone; every other follows the house."""
    own = [opening for opening in desk if opening.valid_on(date)]
    return own or [opening for opening in house if opening.valid_on(date)]


def open_cells(
    day: Day, openings: Sequence[Opening], closings: Sequence[Closing], *, holiday: bool, sessions: Sequence[Recurring] = ()
) -> int:
    """The cells of `day` in which people are received; cells that are only partly open do not count."""
    if holiday:
        return 0
    cells = 0
    for opening in openings:
        if opening.covers(day.date):
            cells |= _between(day, opening.opens, opening.closes)
    for session in sessions:
        if session.falls_on(day.date):
            cells |= _between(day, session.opens, session.closes)
    for closing in closings:
        cells &= ~closing.cells(day)
    return cells


def _between(day: Day, opens: dt.time, closes: dt.time) -> int:
    start = day.cell_from(dt.datetime.combine(day.date, opens, tzinfo=day.zone).astimezone(dt.UTC))
    return run(start, day.cell_at(closes))


def replaced(rows: Sequence[Opening], new: Sequence[Opening], first: dt.date | None, last: dt.date | None) -> list[Opening]:
    """The hours with those from `first` to `last` (both included; None: no limit) exchanged for `new`.

    What is in force before and after stays: an old row that reaches into the exchanged days is cut, into two where it lies around them.
    """
    kept: list[Opening] = []
    for row in rows:
        if first is not None and (row.valid_from is None or row.valid_from < first):
            end = first - dt.timedelta(days=1)
            kept.append(replace(row, valid_until=end if row.valid_until is None else min(end, row.valid_until)))
        if last is not None and (row.valid_until is None or row.valid_until > last):
            begin = last + dt.timedelta(days=1)
            kept.append(replace(row, valid_from=begin if row.valid_from is None else max(begin, row.valid_from)))
    kept.extend(replace(row, valid_from=first, valid_until=last) for row in new)
    return list(dict.fromkeys(kept))
