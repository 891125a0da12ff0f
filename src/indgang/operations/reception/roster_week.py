"""A week of who sits where, as the pages show it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from indgang.foundation.database import clock
from indgang.foundation.identity.models import Organisation, User
from indgang.foundation.ui.words import day_in_words
from indgang.operations.reception.models import Absence, Desk, Sitting
from indgang.operations.reception.models.house import Weekday
from indgang.operations.reception.opening_words import days_in_words, part_of_day, times_in_words
from indgang.operations.reception.queries.house import DeskPlan, HousePlan, runs_of
from indgang.operations.reception.queries.roster import Roster, roster_of
from indgang.operations.reception.rules.daytime import CELL_MINUTES, Day
from indgang.operations.reception.rules.roster import Staffing

WORKING_DAYS = 5


@dataclass(frozen=True)
class Seat:
    """A colleague at a desk on a day; `times` where that is not as long as the desk is open."""

    officer: User
    times: str
    away: bool


@dataclass(frozen=True)
class DeskDay:
    """A desk on a day. `nobody`: somebody is away and nobody else sits there."""

    date: dt.date
    times: str
    open: bool
    seats: tuple[Seat, ...]
    nobody: bool
    today: bool


@dataclass(frozen=True)
class DeskWeek:
    """A desk in a week."""

    desk: Desk
    days: tuple[DeskDay, ...]


@dataclass(frozen=True)
class Week:
    """The week of a house: its days, and each desk that is there."""

    first: dt.date
    days: tuple[dt.date, ...]
    desks: tuple[DeskWeek, ...]

    @property
    def last(self) -> dt.date:
        """The last day shown."""
        return self.days[-1]


def monday_of(date: dt.date) -> dt.date:
    """The Monday of its week."""
    return date - dt.timedelta(days=date.weekday())


def week_of(plan: HousePlan, monday: dt.date, organisation: Organisation | None = None) -> Week:
    """The week from that Monday; Saturday and Sunday where a desk is open or somebody sits there."""
    days = [plan.day(monday + dt.timedelta(days=ahead)) for ahead in range(7)]
    roster = roster_of(plan.house, monday, days[-1].date)
    here = [desk for desk in plan.desks if organisation is None or desk.desk.organisation_id == organisation.pk]
    rows = [(desk, [_desk_day(plan, roster, desk, day) for day in days]) for desk in here if any(desk.active_on(day.date) for day in days)]
    used = [number for number in range(7) if number < WORKING_DAYS or any(row[number].open for _desk, row in rows)]
    weeks = tuple(DeskWeek(desk.desk, tuple(row[number] for number in used)) for desk, row in rows)
    return Week(monday, tuple(days[number].date for number in used), weeks)


def _desk_day(plan: HousePlan, roster: Roster, desk: DeskPlan, day: Day) -> DeskDay:
    staffed = roster.staffing(plan, desk, day)
    return DeskDay(
        date=day.date,
        times=times_in_words(_runs_told(plan, desk, day, staffed.open)),
        open=bool(staffed.open),
        seats=_seats(plan, roster, desk, day, staffed),
        nobody=bool(staffed.gap),
        today=day.date == clock.today(plan.house.zone),
    )


def _runs_told(plan: HousePlan, desk: DeskPlan, day: Day, cells: int) -> list[tuple[dt.time, dt.time]]:
    """The cells as times, to the minute: a cell that was closed in part is closed for whoever books, and not for whoever sat there."""
    closings = [closing for closing in (*plan.closings, *desk.closings) if closing.covers(day.date)]
    begun = [closing.from_time for closing in closings if closing.from_time]
    over = [closing.until_time for closing in closings if closing.until_time]
    return [
        (
            min((time for time in over if _minutes(opens) - CELL_MINUTES < _minutes(time) <= _minutes(opens)), default=opens),
            min((time for time in begun if _minutes(closes) <= _minutes(time) < _minutes(closes) + CELL_MINUTES), default=closes),
        )
        for opens, closes in runs_of(day, cells)
    ]


def _minutes(time: dt.time) -> int:
    return time.hour * 60 + time.minute


def _seats(plan: HousePlan, roster: Roster, desk: DeskPlan, day: Day, staffed: Staffing) -> tuple[Seat, ...]:
    found = []
    for away, people in ((False, staffed.there), (True, staffed.away)):
        for officer, cells in people.items():
            times = "" if cells == staffed.open else times_in_words(_runs_told(plan, desk, day, cells))
            found.append(Seat(roster.officers[officer], times, away))
    return tuple(sorted(found, key=lambda seat: (seat.officer.name, seat.officer.pk, seat.away)))


@dataclass(frozen=True)
class MyTurn:
    """Where one sits on a day."""

    date: dt.date
    desk: Desk
    times: str
    away: bool


def my_week(plan: HousePlan, officer: User, days: int = 7) -> list[MyTurn]:
    """Where a colleague sits from today on, on days on which the desk is open."""
    first = clock.today(plan.house.zone)
    ahead = [plan.day(first + dt.timedelta(days=number)) for number in range(days)]
    roster = roster_of(plan.house, ahead[0].date, ahead[-1].date, officer=officer.pk)
    found = []
    for day in ahead:
        for desk in plan.desks:
            if desk.desk.pk in roster.turns:
                staffed = roster.staffing(plan, desk, day)
                for away, people in ((False, staffed.there), (True, staffed.away)):
                    found += [
                        MyTurn(day.date, desk.desk, times_in_words(_runs_told(plan, desk, day, cells)), away) for cells in people.values()
                    ]
    return found


def turn_in_words(row: Sitting) -> str:
    """Monday, Tuesday 9.00-12.00, from Monday 7 December."""
    days = weekdays_in_words(row.weekdays)
    times = f" {times_in_words([(row.begins, row.ends)])}" if row.begins and row.ends else ""
    if row.valid_from == row.valid_until:
        return f"{day_in_words(row.valid_from)}{times}"
    return f"{days}{times}, {days_in_words(row.valid_from, row.last_day)}"


def weekdays_in_words(numbers: Sequence[int]) -> str:
    """Monday to Wednesday, Friday: three or more that follow one another are said as one."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    said = []
    for run in runs:
        names = [str(Weekday(number).label) for number in run]
        said += [_("%(first)s to %(last)s") % {"first": names[0], "last": names[-1]}] if len(run) > 2 else names
    return ", ".join(said)


def sitters(rows: Sequence[Sitting]) -> dict[int, list[tuple[Sitting, str]]]:
    """Turns in words, by desk."""
    found: dict[int, list[tuple[Sitting, str]]] = {}
    for row in rows:
        found.setdefault(row.desk_id, []).append((row, turn_in_words(row)))
    return found


def away_in_words(row: Absence) -> str:
    """The days, and the part of each."""
    return f"{days_in_words(row.first_day, row.last_day)} {part_of_day(row.from_time, row.until_time)}".strip()
