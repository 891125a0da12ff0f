"""The day in the house: who is expected, here, at a desk, or done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from indgang.foundation.access.actors import Actor, require
from indgang.foundation.database import clock
from indgang.foundation.places.models import House
from indgang.operations.reception import permissions
from indgang.operations.reception.models import Journey, Visit
from indgang.operations.reception.models.journey import AT_A_DESK, NOT_SERVED, Outcome, Status
from indgang.operations.reception.queries.journeys import day_of, with_steps
from indgang.operations.reception.queries.line import line_rules
from indgang.operations.reception.queries.next_steps import next_of, waiting_since
from indgang.operations.reception.queries.today import Today, today_in
from indgang.operations.reception.rules.line import LineRules

OPEN = [Status.PLANNED, Status.WAITING, Status.CALLED, Status.SERVING]


@dataclass(frozen=True)
class BoardRow:
    """A party today. `state` is one of late, expected, waiting, called, serving, done, no-show, not-served, cancelled."""

    journey: Journey
    visits: tuple[Visit, ...]
    state: str
    starts: dt.datetime | None
    next_visit: Visit | None
    waiting_since: dt.datetime | None
    version: str = ""  # of everything that the database says of the party; "" where it was not asked

    @property
    def waited_minutes(self) -> int | None:
        """How long the party has waited for its next step: nothing yet before its time has come."""
        return max(minutes_since(self.waiting_since), 0) if self.waiting_since else None

    @property
    def came(self) -> dt.datetime | None:
        """When the party came."""
        return min((visit.arrived_at for visit in self.visits if visit.arrived_at), default=None)

    @property
    def aside(self) -> bool:
        """Whether the party waits aside: it keeps its place and is not called, for none of its steps."""
        return any(visit.status == Status.WAITING and visit.parked_at for visit in self.visits)

    @property
    def blocked(self) -> bool:
        """Whether documents were missing, or something was refused, at a step that a later one builds on."""
        failed = {visit.service.key for visit in self.visits if visit.outcome in (Outcome.DOCUMENTS_MISSING, Outcome.REFUSED)}
        return any(visit.status in OPEN and failed & set(visit.after) for visit in self.visits)


def minutes_since(at: dt.datetime) -> int:
    """Minutes by the clock on the wall, where 10:04 is six minutes before 10:10: they change for everybody at once, with its minute."""
    return int(clock.now().timestamp() // 60 - at.timestamp() // 60)


def board(*, actor: Actor, house: House, date: dt.date | None = None, day: Today | None = None) -> list[BoardRow]:
    """Everyone with a step in the house on a day (default: today, which may be read already), by the time of the first step.

    For everyone who staffs the house today; another day's board is for the floorwalkers.
    """
    today = clock.today(house.zone)
    date = date or today
    require(permissions.work_in_house(house) if date == today else permissions.receive_people(house), actor)
    begins, ends = day_of(house.zone, date)
    day = (day or today_in(house)) if date == today else None
    journeys = day.journeys.values() if day else with_steps(journeys_on(house, date))
    rules, versions = (day.plan.line, day.versions) if day else (line_rules(house), {})
    rows = [row for journey in journeys if (row := _row(journey, begins, ends, rules, versions.get(journey.pk, ""))).visits]
    late = dt.datetime.max.replace(tzinfo=dt.UTC)
    return sorted(rows, key=lambda row: (row.starts or late, row.journey.reference))


def journeys_on(house: House, date: dt.date) -> QuerySet[Journey]:
    """The journeys with a step in the house on a day, booked or seen. For queries: whoever shows them asks `board`.

    They are looked up first: read together with all that a page shows of them, the database would read every journey there ever was.
    """
    begins, ends = day_of(house.zone, date)
    visits = Visit.objects.filter(journey__house=house)
    booked = visits.filter(appointment__period__startswith__gte=begins, appointment__period__startswith__lt=ends)
    arrived = visits.filter(arrived_at__gte=begins, arrived_at__lt=ends)
    return Journey.objects.filter(pk__in=set(booked.union(arrived).values_list("journey", flat=True)))


def board_row(journey: Journey) -> BoardRow:
    """One party as today's board has it; a journey without a step today has no visits there. Read it `with_steps`."""
    return _row(journey, *day_of(journey.house.zone, clock.today(journey.house.zone)), line_rules(journey.house))


def _row(journey: Journey, begins: dt.datetime, ends: dt.datetime, rules: LineRules, version: str = "") -> BoardRow:
    late_after = dt.timedelta(minutes=rules.grace)
    visits = tuple(visit for visit in journey.visits.all() if _is_on(visit, begins, ends))
    upcoming = sorted((v for v in visits if v.status in OPEN), key=lambda v: (_starts(v) or ends, v.position))
    following = next_of(visits)
    starts = min((at for at in map(_starts, visits) if at), default=None)
    return BoardRow(
        journey=journey,
        visits=visits,
        state=_state(visits, upcoming, late_after),
        starts=starts or min((v.arrived_at for v in visits if v.arrived_at), default=None),
        next_visit=following,
        waiting_since=_waits(following, upcoming, visits, rules),
        version=version,
    )


def _waits(following: Visit | None, upcoming: Sequence[Visit], visits: Sequence[Visit], rules: LineRules) -> dt.datetime | None:
    if following is None or following.status in AT_A_DESK:
        return None
    waits = next((visit for visit in [following, *upcoming] if visit.status == Status.WAITING), None)
    return waiting_since(waits, visits, rules) if waits else None


def _is_on(visit: Visit, begins: dt.datetime, ends: dt.datetime) -> bool:
    times = [_starts(visit), visit.arrived_at]
    return any(at and begins <= at < ends for at in times)


def _starts(visit: Visit) -> dt.datetime | None:
    appointment = getattr(visit, "appointment", None)
    return appointment.starts if appointment else None


def _state(visits: Sequence[Visit], upcoming: Sequence[Visit], late_after: dt.timedelta) -> str:
    states = {visit.status for visit in visits}
    for at_desk in (Status.SERVING, Status.CALLED, Status.WAITING):
        if at_desk in states:
            return str(at_desk)
    if upcoming:
        due = _starts(upcoming[0])
        return "late" if due and clock.now() > due + late_after else "expected"
    if any(visit.outcome == NOT_SERVED for visit in visits):
        return NOT_SERVED
    if states == {Status.CANCELLED}:
        return str(Status.CANCELLED)
    if not states:
        return "another-day"
    return str(Status.DONE if Status.DONE in states else Status.NO_SHOW)
