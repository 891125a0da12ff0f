"""When a desk receives people: the house's hours or its own, less closing days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from indgang.operations.reception.rules.daytime import Day, run


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
    """Days on which nobody is received, both included."""

    first_day: dt.date
    last_day: dt.date

    def covers(self, date: dt.date) -> bool:
        """Whether the date is one of its days."""
        return self.first_day <= date <= self.last_day


def hours_in_force(date: dt.date, house: Sequence[Opening], desk: Sequence[Opening]) -> Sequence[Opening]:
    """A desk with hours of its own in force follows those alone; every other follows the house."""
    own = [opening for opening in desk if opening.valid_on(date)]
    return own or [opening for opening in house if opening.valid_on(date)]


def open_cells(day: Day, openings: Sequence[Opening], closings: Sequence[Closing], *, holiday: bool) -> int:
    """The cells of `day` in which people are received; cells that are only partly open do not count."""
    if holiday or any(closing.covers(day.date) for closing in closings):
        return 0
    cells = 0
    for opening in openings:
        if opening.covers(day.date):
            start = day.cell_from(dt.datetime.combine(day.date, opening.opens, tzinfo=day.zone).astimezone(dt.UTC))
            cells |= run(start, day.cell_at(opening.closes))
    return cells
