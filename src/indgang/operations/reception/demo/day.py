"""Letting the made-up parties of a day go on: they come, are served and leave, as far as the day has gone meanwhile.

A day follows from the demonstration's seed, so it goes on where it was left. A party that somebody here has done something with is left to
them: its times are no longer those of the course.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.db import transaction

from indgang.foundation.access.actors import Actor, require
from indgang.foundation.journal import actions as journal
from indgang.foundation.places.models import House
from indgang.operations.reception.actions.turns import end_turns, miss_turns
from indgang.operations.reception.demo.beside import take_what_is_booked
from indgang.operations.reception.demo.entries import Writer
from indgang.operations.reception.demo.filling import course_seed
from indgang.operations.reception.demo.numbers import number_parties
from indgang.operations.reception.demo.rows import SOURCE, notes_on
from indgang.operations.reception.demo.staff import HouseStaff
from indgang.operations.reception.models import Appointment, Journey, Note, Visit
from indgang.operations.reception.models.journey import AT_A_DESK, Status
from indgang.operations.reception.queries.journeys import day_of
from indgang.operations.reception.rules.demo.course import BookedStep, DayCourse, PartyCourse, StepCourse, played_day
from indgang.operations.reception.steps import needed_steps
from indgang.registers.parties.models import Person

TIMES = ("arrived_at", "called_at", "started_at", "ended_at")
CHANGED = ("status", "desk", "clerk", "outcome", "missing", *TIMES)


@dataclass
class Going:
    """A party of the day, and its course up to now."""

    journey: Journey
    visits: list[Visit]
    party_course: PartyCourse
    courses: list[StepCourse]
    notes: list[Note] = field(default_factory=list)

    @property
    def reference(self) -> str:
        """The journey's."""
        return self.journey.reference

    @property
    def people(self) -> list[Person]:
        """The contact."""
        return [self.journey.contact] if self.journey.contact else []

    @property
    def desks(self) -> list[int]:
        """The desk of each step, as booked."""
        return [visit.appointment.desk_id for visit in self.visits]

    @property
    def untouched(self) -> bool:
        """Whether what is stored of every step is the beginning of its course."""
        return all(_begins(visit, course) for visit, course in zip(self.visits, self.courses, strict=True))

    @property
    def told(self) -> set[dt.datetime | None]:
        """The times at which something happened that is stored already."""
        times = {getattr(visit, name) for visit in self.visits for name in TIMES}
        return times | {self.journey.package_given_at} | {visit.appointment.freed_at for visit in self.visits}


@transaction.atomic
def go_on(*, actor: Actor, house: House, staff: HouseStaff, date: dt.date, moment: dt.datetime, seed: int) -> int:
    """Let a day go on until `moment`; how many parties moved on. Raises NotAllowed for anybody but the program itself."""
    require(lambda _actor: False, actor)
    parties = [party for party in _parties(house, date, moment, f"{seed}:{house.key}") if party.untouched]
    writer = Writer(house, staff, [])
    drafts = []
    moved: list[Visit] = []
    busy = _busy_desks(house, {visit.pk for party in parties for visit in party.visits})
    for party in parties:
        told = party.told
        changed = _take_course(party, staff, busy)
        if changed or (party.party_course.package_at and not party.journey.package_given_at):
            drafts += [happening for happening in writer.on_the_day(party) if happening[0] not in told]
            party.journey.package_given_at = party.party_course.package_at
            moved += changed
    _write(parties, moved)
    number_parties(house, date)
    take_what_is_booked(house)
    drafts.sort(key=lambda happening: happening[:2])
    journal.record_many(draft() for _at, _number, draft in drafts)
    return len({visit.journey_id for visit in moved})


def _parties(house: House, date: dt.date, moment: dt.datetime, seed: str) -> list[Going]:
    """The demonstration's parties of a day, with what has become of them at `moment`."""
    begins, ends = day_of(house.zone, date)
    booked_then = Appointment.objects.filter(period__startswith__gte=begins, period__startswith__lt=ends, visit__journey__house=house)
    journeys = Journey.objects.filter(pk__in=booked_then.values("visit__journey"), source=SOURCE, cancelled_at=None)
    locked = journeys.select_for_update(of=("self",), skip_locked=True).select_related("house__region", "contact__subject", "municipality")
    visits = {
        journey: list(journey.visits.select_related("service__authority", "appointment__desk").order_by("position"))
        for journey in locked.order_by("reference")
    }
    booked = [step for journey, steps in visits.items() for step in _booked(journey, steps, date)]
    day = played_day(booked, course_seed(seed, date), moment)
    return [_going(journey, steps, day) for journey, steps in visits.items()]


def _booked(journey: Journey, visits: list[Visit], date: dt.date) -> list[BookedStep]:
    needed = needed_steps(journey, date)
    return [
        BookedStep(
            party=journey.reference,
            service=visit.service.key,
            desk=visit.appointment.desk_id,
            starts=visit.appointment.starts,
            ends=visit.appointment.ends,
            after=frozenset(visit.after),
            papers=tuple(needed[visit.service.key].bring) if visit.service.key in needed else (),
        )
        for visit in visits
    ]


def _going(journey: Journey, visits: list[Visit], day: DayCourse) -> Going:
    for visit in visits:
        visit.journey = journey
    courses = [day.steps[journey.reference, visit.service.key] for visit in visits]
    return Going(journey, visits, day.parties[journey.reference], courses)


def _begins(visit: Visit, course: StepCourse) -> bool:
    if visit.status in (Status.NO_SHOW, Status.CANCELLED):
        return visit.status == course.status
    stands = {None: Status.PLANNED, "arrived_at": Status.WAITING, "called_at": Status.CALLED, "started_at": Status.SERVING}
    last = next((name for name in reversed(TIMES) if getattr(visit, name)), None)
    as_it_should = visit.status == stands.get(last, Status.DONE)
    return as_it_should and all(getattr(visit, name) in (None, getattr(course, name)) for name in TIMES)


def _busy_desks(house: House, ours: set[int]) -> set[int | None]:
    """The desks where somebody here serves a party."""
    others = Visit.objects.filter(journey__house=house, status__in=AT_A_DESK).exclude(pk__in=ours)
    return set(others.values_list("desk", flat=True))


def _take_course(party: Going, staff: HouseStaff, busy: set[int | None]) -> list[Visit]:
    """Give the party's steps what their course says by now; those that changed."""
    changed = []
    for position, visit in enumerate(party.visits):
        course, desk = party.courses[position], party.desks[position]
        if course.status in AT_A_DESK and desk in busy:
            course = party.courses[position] = StepCourse(Status.WAITING, course.arrived_at)
        if visit.status == course.status:
            continue
        clerk = staff.clerks.get(desk)
        served = course.called_at is not None
        visit.status, visit.outcome, visit.missing = course.status, course.outcome, list(course.missing)
        visit.desk_id, visit.clerk_id = (desk, clerk.id if clerk else None) if served else (None, None)
        for name in TIMES:
            setattr(visit, name, getattr(course, name))
        freed_at = course.cancelled_at or (party.party_course.no_show_at if course.status == Status.NO_SHOW else None)
        visit.appointment.freed_at = freed_at
        party.notes += notes_on(visit, course, party.reference)
        changed.append(visit)
    return changed


def _write(parties: list[Going], moved: list[Visit]) -> None:
    """Those who leave a desk before those who come to it, because a desk has one party at a time."""
    leaving = [visit for visit in moved if visit.status not in AT_A_DESK]
    coming = [visit for visit in moved if visit.status in AT_A_DESK]
    for visits in (leaving, coming):
        Visit.objects.bulk_update(visits, CHANGED)
    end_turns(visit for visit in moved if visit.status == Status.DONE)
    miss_turns(visit for visit in moved if visit.status == Status.NO_SHOW)
    Appointment.objects.bulk_update([visit.appointment for visit in moved if visit.appointment.freed_at], ["freed_at"])
    Journey.objects.bulk_update([party.journey for party in parties], ["package_given_at"])
    Note.objects.bulk_create(note for party in parties for note in party.notes)
