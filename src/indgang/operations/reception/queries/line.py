"""The line in the hall as it stands now: who waits, for which desks, and when each desk's next booked party is due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from indgang.foundation.database import clock
from indgang.foundation.places.models import House
from indgang.operations.reception.models import Appointment, Desk, LineSetting, Visit
from indgang.operations.reception.models.journey import Outcome, Status
from indgang.operations.reception.queries.journeys import day_of
from indgang.operations.reception.rules.durations import Duration
from indgang.operations.reception.rules.line import LineRules
from indgang.operations.reception.rules.queue import DeskInLine, Turn, Waiting, line_for

LOOKED_AHEAD = dt.timedelta(hours=3)  # no service takes longer


def line_rules(house: House) -> LineRules:
    """What the house states about its line."""
    setting = LineSetting.objects.filter(house=house).first()
    return setting.rules if setting else LineRules()


def open_steps(house: House) -> list[Waiting]:
    """Every step in the house today that has begun to wait and not ended, as the queue rule reads them."""
    begins, ends = day_of(house.zone, clock.today(house.zone))
    rows = (
        Visit.objects.filter(journey__house=house, status__in=[Status.WAITING, Status.CALLED, Status.SERVING], arrived_at__gte=begins)
        .filter(arrived_at__lt=ends)
        .select_related("service", "appointment", "journey__priority")
    )
    visits = list(rows)
    unmet = _unmet(visits)
    return [as_waiting(visit, unmet.get(visit.journey_id, set())) for visit in visits]


def _unmet(visits: Sequence[Visit]) -> dict[object, set[str]]:
    """By journey, the services that have not been done with success."""
    found: dict[object, set[str]] = {}
    standing = Visit.objects.filter(journey__in={visit.journey_id for visit in visits}).exclude(status=Status.CANCELLED)
    for journey, service, outcome in standing.values_list("journey", "service__key", "outcome"):
        if outcome != Outcome.DONE:
            found.setdefault(journey, set()).add(service)
    return found


def as_waiting(visit: Visit, unmet: set[str]) -> Waiting:
    """A step as the queue rule reads it. Read it with service, appointment and the journey's priority."""
    appointment = getattr(visit, "appointment", None)
    return Waiting(
        visit=visit.pk,
        journey=visit.journey_id,
        service=visit.service.key,
        status=visit.status,
        booked_at=appointment.starts if appointment else None,
        desk=appointment.desk_id if appointment else None,
        arrived_at=visit.arrived_at,
        unmet=frozenset(visit.after) & unmet,
        language=visit.journey.language,
        minutes=planned_minutes(visit),
        since=visit.counts_from,
        head_start=visit.journey.priority.head_start if visit.journey.priority else 0,
        parked=visit.parked_at is not None,
    )


def planned_minutes(visit: Visit) -> int:
    """How long a step is reckoned with: its booked time, or what the service takes for that many people."""
    appointment = getattr(visit, "appointment", None)
    if appointment:
        return int((appointment.ends - appointment.starts).total_seconds() // 60)
    service = visit.service
    return Duration(service.minutes, service.minutes_per_further_adult, service.minutes_per_child).minutes(max(visit.people, 1), 0)


def desks_in_line(desks: Sequence[Desk]) -> dict[int, DeskInLine]:
    """The desks as the queue rule reads them: two queries for any number of desks."""
    offered: dict[int, set[str]] = {desk.pk: set() for desk in desks}
    for desk_id, key in Desk.services.through.objects.filter(desk__in=offered).values_list("desk_id", "service__key"):
        offered[desk_id].add(key)
    booked = _booked_later(desks)
    return {
        desk.pk: DeskInLine(desk.pk, frozenset(offered[desk.pk]), frozenset(desk.languages), tuple(booked.get(desk.pk, ())))
        for desk in desks
    }


def _booked_later(desks: Sequence[Desk]) -> dict[int, list[tuple[dt.datetime, int]]]:
    """What is booked at each desk later today for parties that have not been called yet: when, and the number of the step."""
    now = clock.now()
    waiting = Appointment.objects.filter(desk__in=desks, freed_at=None, visit__status__in=[Status.PLANNED, Status.WAITING])
    soon = waiting.filter(period__startswith__gt=now, period__startswith__lt=now + LOOKED_AHEAD).order_by("period")
    found: dict[int, list[tuple[dt.datetime, int]]] = {}
    for desk, period, visit in soon.values_list("desk", "period", "visit"):
        found.setdefault(desk, []).append((period.lower, visit))
    return found


def lines_of(desks: Sequence[Desk]) -> dict[int, list[Turn]]:
    """The line of each desk, by its number: a handful of queries for any number of desks."""
    houses = {desk.house_id: desk.house for desk in desks}
    steps = {number: open_steps(house) for number, house in houses.items()}
    rules = {number: line_rules(house) for number, house in houses.items()}
    read, now = desks_in_line(desks), clock.now()
    return {desk.pk: line_for(read[desk.pk], steps[desk.house_id], now=now, rules=rules[desk.house_id]) for desk in desks}


def line_at(desk: Desk) -> list[int]:
    """The ids of the steps the desk calls when it asks for the next one, in order; not those that are held back."""
    return [turn.step.visit for turn in lines_of([desk])[desk.pk] if not turn.held_back]


def held_back_at(desk: Desk, visit: int) -> dt.datetime | None:
    """The booked time at the desk for which the line holds the step back now; None where it does not."""
    return next((turn.keeps for turn in lines_of([desk])[desk.pk] if turn.step.visit == visit), None)
