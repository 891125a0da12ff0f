"""Reception's share of the demonstration: two years of made-up visits to a house, and the bookings ahead.

The same seed and date give the same journeys, people and times. Only what a day is like "now" depends on the hour: of a day that is going
on, what lies after `moment` has not happened.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from random import Random

from django.db import connection, transaction

from indgang.foundation.access.actors import Actor, require
from indgang.foundation.database.console import progress
from indgang.foundation.journal import actions as journal
from indgang.foundation.journal.models import Entry
from indgang.foundation.mail.models import Letter
from indgang.foundation.places.models import House
from indgang.foundation.vault.models import Subject
from indgang.operations.reception.actions.open_days import keep_open_days
from indgang.operations.reception.demo.after import fill_answers, seat_clerks
from indgang.operations.reception.demo.beside import take_what_is_booked
from indgang.operations.reception.demo.entries import drafts_of
from indgang.operations.reception.demo.letters import write_letters
from indgang.operations.reception.demo.numbers import number_parties, number_walk_ins
from indgang.operations.reception.demo.placing import Calendar, Placer
from indgang.operations.reception.demo.rows import (
    MadeUpJourney,
    References,
    Rows,
    booked_steps,
    made_up_journey,
    made_up_walk_in,
    take_course,
)
from indgang.operations.reception.demo.staff import HouseStaff
from indgang.operations.reception.models import Appointment, Journey, Traveller, Turn, Visit
from indgang.operations.reception.rules.demo.course import played_day
from indgang.operations.reception.rules.demo.demand import booked_ahead, expected, spread, wanted
from indgang.registers.parties.models import Person

DAYS_AHEAD = 60
JOURNEYS = 12_000  # booked in the 24 months at scale 1, in the largest house
BATCH = 2_000
WALK_INS = 0.08  # this share of the parties takes a ticket; they come on top of those who book


@dataclass(frozen=True)
class Filled:
    """What a house was filled with."""

    journeys: int
    steps: int
    ahead: int
    entries: int
    letters: int


def two_years_before(date: dt.date) -> dt.date:
    """The first day of the 24 months that end the day before."""
    return date.replace(year=date.year - 2, day=28 if (date.month, date.day) == (2, 29) else date.day)


def shares(houses: Iterable[House], until: dt.date) -> dict[House, float]:
    """How many journeys each house has in comparison with the largest: as many as its desks can receive."""
    first = two_years_before(until)
    minutes = {house: sum(Calendar(house, first, until).desk_minutes.values()) for house in houses}
    largest = max(minutes.values(), default=0)
    return {house: amount / largest for house, amount in minutes.items() if amount}


@dataclass(frozen=True)
class Period:
    """The days of a demonstration: activity from `first` up to the day before `until`, and bookings from that on until `last`."""

    first: dt.date
    until: dt.date
    last: dt.date

    @classmethod
    def around(cls, until: dt.date) -> Period:
        """24 months before a date and 60 days after it."""
        return cls(two_years_before(until), until, until + dt.timedelta(days=DAYS_AHEAD))


@transaction.atomic
def fill_house(*, actor: Actor, house: House, staff: HouseStaff, period: Period, moment: dt.datetime, journeys: int, seed: int) -> Filled:
    """Write so many journeys of the past part of the period, and the bookings of the rest; all of it or nothing.

    Raises NotAllowed for anybody but the program itself.
    """
    require(lambda _actor: False, actor)
    until = period.until
    calendar = Calendar(house, period.first, period.last)
    made = placed_journeys(house, calendar, until=until, moment=moment, journeys=journeys, seed=f"{seed}:{house.key}")
    play_days(made, seed=f"{seed}:{house.key}", moment=moment)
    made = [one for one in made if not one.walk_in or one.party_course.arrived_at]  # who takes a ticket is there
    rows = Rows(house, staff, calendar.plan.services)
    _written(rows, made, f"{house.key}: visits")
    number_walk_ins(house, made)
    number_parties(house, until)
    take_what_is_booked(house)
    entries = _journal(house, staff, made, calendar.open_days)
    keep_open_days(house)
    seat_clerks(house, staff, until)
    fill_answers(house, until, f"{seed}:{house.key}")
    _refresh_statistics()
    letters = write_letters(house, staff.desks, [one for one in made if not one.walk_in], moment)
    past = [one for one in made if one.placed.date < until]
    return Filled(len(past), sum(len(one.visits) for one in past), len(made) - len(past), entries, letters)


def placed_journeys(
    house: House, calendar: Calendar, *, until: dt.date, moment: dt.datetime, journeys: int, seed: str
) -> list[MadeUpJourney]:
    """The parties that come, each with its places, by day."""
    counts = _counts(calendar, until, journeys, seed)
    placer, references = Placer(house, calendar), References()
    made: list[MadeUpJourney] = []
    for number, (date, count) in enumerate(counts.items(), start=1):
        for placed in placer.parties(date, count, seed):
            if placed.date < until and placed.source.random() < WALK_INS:
                placed = calendar.shorten(placed)
                made.append(made_up_walk_in(placed, references))
                continue
            one = made_up_journey(placed, references, until=until, moment=moment)
            made.append(one)
            if one.cancelled_at:
                calendar.give_back(placed)
        progress(number, len(counts), f"{house.key}: days")
    return made


def _counts(calendar: Calendar, until: dt.date, journeys: int, seed: str) -> dict[dt.date, int]:
    """How many parties want to come on each open day."""
    weights = wanted(calendar.desk_minutes, Random(seed))
    past = {date: weight for date, weight in weights.items() if date < until}
    if not past:
        return {}
    rate = journeys / sum(past.values())
    ahead = booked_ahead({date: weight for date, weight in weights.items() if date >= until}, until)
    return {**spread(round(journeys / (1 - WALK_INS)), past), **expected(rate, ahead)}


def course_seed(seed: str, date: dt.date) -> str:
    """What the course of a day follows from."""
    return f"{seed}:{date.isoformat()}:course"


def play_days(made: Sequence[MadeUpJourney], *, seed: str, moment: dt.datetime) -> None:
    """Let every day up to `moment` take place."""
    standing = sorted((one for one in made if not one.cancelled_at), key=lambda one: one.placed.date)
    for date, group in groupby(standing, key=lambda one: one.placed.date):
        of_day = list(group)
        steps = [step for one in of_day for step in booked_steps(one)]
        day = played_day(steps, course_seed(seed, date), moment)
        for one in of_day:
            take_course(one, day)
    for one in made:
        if one.cancelled_at:
            take_course(one, None)


def _written(rows: Rows, made: Sequence[MadeUpJourney], what: str) -> None:
    for first in range(0, len(made), BATCH):
        batch = made[first : first + BATCH]
        rows.build(batch)
        rows.write(batch)
        progress(min(first + BATCH, len(made)), len(made), what)


def _journal(house: House, staff: HouseStaff, made: Sequence[MadeUpJourney], open_days: Sequence[dt.date]) -> int:
    drafts = list(drafts_of(house, staff, made, open_days))
    step = max(len(drafts) // 10, 1)
    for first in range(0, len(drafts), step):
        journal.record_many(drafts[first : first + step])
        progress(min(first + step, len(drafts)), len(drafts), f"{house.key}: journal")
    return len(drafts)


def _refresh_statistics() -> None:
    """So that the database plans its first queries as if the rows had always been there."""
    with connection.cursor() as cursor:
        for model in (Subject, Person, Journey, Traveller, Visit, Turn, Appointment, Entry, Letter):
            cursor.execute(f"ANALYZE {model._meta.db_table}")
