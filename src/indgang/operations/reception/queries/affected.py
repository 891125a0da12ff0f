"""Bookings outside the hours, and other times for each of their journeys."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from indgang.foundation.database import clock
from indgang.foundation.places.models import House
from indgang.operations.reception.models import Appointment, Journey, Visit
from indgang.operations.reception.models.journey import Status
from indgang.operations.reception.queries.arrivals import move_request
from indgang.operations.reception.queries.free_time import Promise
from indgang.operations.reception.queries.house import HousePlan, house_plan
from indgang.operations.reception.queries.itineraries import PlannedItinerary
from indgang.operations.reception.queries.journeys import with_steps
from indgang.operations.reception.queries.outside import numbers_outside
from indgang.operations.reception.queries.plans import PlanRequest, plan_journey
from indgang.operations.reception.rules.daytime import run

DAYS_AHEAD = 28
PROPOSALS = 3
SAME_DAY_CHOICES = 40


@dataclass
class Affected:
    """A journey with places outside the hours, and up to three ways to have all that is left of it: the first one is free for it alone."""

    journey: Journey
    places: list[Appointment] = field(default_factory=list)
    proposals: list[PlannedItinerary] = field(default_factory=list)

    @property
    def starts(self) -> dt.datetime:
        """The first place that is lost."""
        return self.places[0].starts


def places_outside(plan: HousePlan, *, now: dt.datetime) -> list[Appointment]:
    """Booked places that are not over and whose desk does not receive people then, or does not do the service, in the order of time.

    So too where the interpreter or the room is not there then, or is not for that language or service. A room that a service has begun to
    need since it was booked loses nobody their place.
    """
    # No appointment crosses midnight, so none that began before today is left; an index knows when they begin.
    ahead = Appointment.objects.filter(period__startswith__gte=plan.day(now.astimezone(plan.house.zone).date()).midnight)
    booked = ahead.filter(
        desk__house=plan.house, freed_at=None, period__endswith__gt=now, visit__status__in=[Status.PLANNED, Status.WAITING]
    )
    outside = numbers_outside(plan, booked)
    rows = Appointment.objects.filter(pk__in=outside).select_related("visit__service", "visit__journey", "desk", "interpreter", "room")
    return list(rows.order_by("period", "id"))


def waiting_in_vain(plan: HousePlan, *, now: dt.datetime) -> list[Visit]:
    """Steps of parties that wait in the house, booked or with a ticket, which no desk does any more today."""
    day = plan.day(now.astimezone(plan.house.zone).date())
    rest = run(max(day.cell_of(now), 0), day.cells)
    done: set[str] = set()
    for desk in plan.desks:
        if plan.open_cells(desk, day) & rest:
            done |= desk.services
    later = {"appointment__freed_at": None, "appointment__period__startswith__gte": day.instant(day.cells)}
    waiting = Visit.objects.filter(journey__house=plan.house, status=Status.WAITING, arrived_at__gte=day.midnight)
    rows = waiting.exclude(service__key__in=done).exclude(**later).select_related("service", "journey__house__region")
    return list(rows.prefetch_related("journey__tickets").order_by("arrived_at", "id"))


def affected_by(places: Iterable[Appointment]) -> list[Affected]:
    """The journeys of the places, by the first place that is lost."""
    rows: dict[UUID, list[Appointment]] = {}
    for place in places:
        if place.visit:
            rows.setdefault(place.visit.journey_id, []).append(place)
    journeys = {journey.pk: journey for journey in with_steps(Journey.objects.filter(pk__in=rows))}
    return [Affected(journeys[key], lost) for key, lost in rows.items() if key in journeys]


def with_proposals(house: House, affected: Sequence[Affected]) -> list[Affected]:
    """Proposals for each journey; what is proposed first to one is not proposed to the next."""
    plan = house_plan(house)
    promised: list[Promise] = []
    for one in affected:
        request = move_request(one.journey)
        one.proposals = _proposals(one, replace(request, house=house), plan, promised) if request else []
        if one.proposals:
            promised += [
                (stop.desk.desk.id, stop.starts, stop.ends, tuple(one.pk for one in stop.resources)) for stop in one.proposals[0].stops
            ]
    return list(affected)


def _proposals(one: Affected, request: PlanRequest, plan: HousePlan, promised: Sequence[Promise]) -> list[PlannedItinerary]:
    """On the same day, those that begin nearest to the old time; then the first time of each of the next days."""
    zone = plan.house.zone
    date = one.starts.astimezone(zone).date()
    began = min(place.starts for visit in one.journey.visits.all() if (place := getattr(visit, "appointment", None)) and not place.freed_at)
    day = replace(request, earliest=date, latest=date, limit=SAME_DAY_CHOICES)
    same = [way for way in plan_journey(day, plan=plan, promised=promised).itineraries if len(way.dates) == 1]
    found = sorted(same, key=lambda way: (abs(way.starts - max(began, clock.now())), way.ends))[:PROPOSALS]
    if len(found) < PROPOSALS:
        after = max(date, clock.today(zone)) + dt.timedelta(days=1)
        left = PROPOSALS - len(found)
        later = replace(request, earliest=after, latest=after + dt.timedelta(days=DAYS_AHEAD), limit=left, per_day=1)
        found += plan_journey(later, plan=plan, promised=promised).itineraries
    return found
