"""Bookings outside the hours, and other times for each of their journeys."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from django.db.models import F, QuerySet

from indgang.foundation.database import clock
from indgang.foundation.places.models import House
from indgang.operations.reception.models import Appointment, Journey, Visit
from indgang.operations.reception.models.journey import Status
from indgang.operations.reception.queries.arrivals import move_request
from indgang.operations.reception.queries.free_time import Promise
from indgang.operations.reception.queries.house import HousePlan, house_plan
from indgang.operations.reception.queries.itineraries import PlannedItinerary
from indgang.operations.reception.queries.journeys import with_steps
from indgang.operations.reception.queries.outside import Trouble, numbers_outside, troubles_of
from indgang.operations.reception.queries.plans import PlanRequest, plan_journey
from indgang.operations.reception.rules.daytime import run

DAYS_AHEAD = 28
PROPOSALS = 3
SAME_DAY_CHOICES = 40
OPEN = [Status.PLANNED, Status.WAITING]


@dataclass(frozen=True)
class Standing:
    """How a house stands before a change: what is wrong with its booked places already, and whose each desk is."""

    troubles: Mapping[int, Trouble]
    owners: Mapping[int, int]


@dataclass
class Affected:
    """A journey with places outside the hours, and up to three ways to have all that is left of it: the first one is free for it alone.

    `unspoken`: other desks do the lost steps on the day, and none of them that is open speaks the party's language.
    """

    journey: Journey
    places: list[Appointment] = field(default_factory=list)
    proposals: list[PlannedItinerary] = field(default_factory=list)
    why: dict[int, Trouble] = field(default_factory=dict)
    unspoken: bool = False

    @property
    def keeps(self) -> bool:
        """Whether every place stands as it is, only worse than it was booked."""
        return not any(self.why.get(place.pk, Trouble.CLOSED) == Trouble.CLOSED for place in self.places)

    @property
    def starts(self) -> dt.datetime:
        """The first place that is lost."""
        return self.places[0].starts

    @property
    def whole(self) -> list[Appointment]:
        """All that is left of the visit as it is booked, in the order of time: what a proposal moves."""
        ahead = [visit.appointment for visit in self.journey.visits.all() if visit.status in OPEN and hasattr(visit, "appointment")]
        return sorted((place for place in ahead if not place.freed_at), key=lambda place: place.starts)

    @property
    def times(self) -> set[tuple[str, dt.datetime, dt.datetime]]:
        """When each step that is left is booked now. An offer with the same times is of other desks, rooms or interpreters only."""
        return {(place.visit.service.key, place.starts, place.ends) for place in self.whole if place.visit}


def places_outside(plan: HousePlan, *, now: dt.datetime) -> list[Appointment]:
    """Booked places that are not over and whose desk does not receive people then, or does not do the service, in the order of time.

    So too where the interpreter or the room is not there then, or is not for that language or service. A room that a service has begun to
    need since it was booked loses nobody their place.
    """
    return _read(numbers_outside(plan, _booked_ahead(plan, now)))


def troubles(plan: HousePlan, *, now: dt.datetime) -> dict[int, Trouble]:
    """What is wrong with booked places that are not over."""
    return troubles_of(plan, _booked_ahead(plan, now))


def standing(plan: HousePlan, *, now: dt.datetime) -> Standing:
    """To be asked before a change of the house, for `met_by_change`."""
    return Standing(troubles(plan, now=now), _owners(plan))


def met_by_change(plan: HousePlan, before: Standing, *, now: dt.datetime) -> list[Affected]:
    """The journeys with a place that is in trouble now and was not `before`, or in less.

    So too those who would be received by another authority than they booked with, because a desk has changed hands.
    """
    known, now_in = before.troubles, troubles(plan, now=now).items()
    why = {pk: trouble for pk, trouble in now_in if pk not in known or known[pk] != trouble == Trouble.CLOSED}
    why = dict.fromkeys(_changed_hands(plan, before.owners, now), Trouble.AUTHORITY) | why
    return affected_by(_read(why), why)


def _owners(plan: HousePlan) -> dict[int, int]:
    return {one.desk.id: one.desk.organisation_id for one in plan.desks}


def _changed_hands(plan: HousePlan, before: Mapping[int, int], now: dt.datetime) -> list[int]:
    desks = [desk for desk, owner in _owners(plan).items() if before.get(desk, owner) != owner]
    booked = _booked_ahead(plan, now).filter(desk__in=desks) if desks else Appointment.objects.none()
    return list(booked.exclude(visit__service__authority=F("desk__organisation")).values_list("pk", flat=True))


def _booked_ahead(plan: HousePlan, now: dt.datetime) -> QuerySet[Appointment]:
    # No appointment crosses midnight, so none that began before today is left; an index knows when they begin.
    ahead = Appointment.objects.filter(period__startswith__gte=plan.day(now.astimezone(plan.house.zone).date()).midnight)
    return ahead.filter(desk__house=plan.house, freed_at=None, period__endswith__gt=now, visit__status__in=OPEN)


def _read(numbers: Iterable[int]) -> list[Appointment]:
    rows = Appointment.objects.filter(pk__in=list(numbers))
    return list(
        rows.select_related("visit__service__authority", "visit__journey", "desk__organisation", "interpreter", "room").order_by(
            "period", "id"
        )
    )


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


def affected_by(places: Iterable[Appointment], why: Mapping[int, Trouble] | None = None) -> list[Affected]:
    """The journeys of the places, by the first place that is lost. `why`: what is wrong with each; nobody is there, where not said."""
    rows: dict[UUID, list[Appointment]] = {}
    for place in places:
        if place.visit:
            rows.setdefault(place.visit.journey_id, []).append(place)
    journeys = {journey.pk: journey for journey in with_steps(Journey.objects.filter(pk__in=rows))}
    return [
        Affected(journeys[key], lost, why={place.pk: (why or {}).get(place.pk, Trouble.CLOSED) for place in lost})
        for key, lost in rows.items()
        if key in journeys
    ]


def with_proposals(house: House, affected: Sequence[Affected]) -> list[Affected]:
    """Proposals for each journey; what is proposed first to one is not proposed to the next."""
    plan = house_plan(house)
    promised: list[Promise] = []
    for one in affected:
        request = move_request(one.journey)
        if request and _can_be_better(one, plan):
            one.proposals = _proposals(one, replace(request, house=house), plan, promised)
            one.unspoken = _is_unspoken(one, plan)
        if one.proposals:
            promised += [
                (stop.desk.desk.id, stop.starts, stop.ends, tuple(one.pk for one in stop.resources)) for stop in one.proposals[0].stops
            ]
    return list(affected)


def _can_be_better(one: Affected, plan: HousePlan) -> bool:
    """Whether another time can mend it: a language that no desk of the service speaks any more stays unspoken at any time.

    Nor can it where the desk has only changed hands: whoever leaves the service there says that it is done there.
    """
    if all(one.why[place.pk] == Trouble.AUTHORITY for place in one.places):
        return False
    unspoken = [place for place in one.places if one.why[place.pk] == Trouble.LANGUAGE]
    if not unspoken or len(unspoken) < len(one.places):
        return True
    services = {place.visit.service.key for place in unspoken if place.visit}
    return any(desk.speaks(one.journey.language) for desk in plan.desks if desk.services & services)


def _is_unspoken(one: Affected, plan: HousePlan) -> bool:
    """Whether some desk could do a lost step in what is left of its day, and none that speaks their language."""
    for place in one.places:
        service = place.visit.service.key if place.visit and one.why[place.pk] == Trouble.CLOSED else ""
        day = plan.day(place.starts.astimezone(plan.house.zone).date())
        rest = run(max(day.cell_of(clock.now()), 0), day.cells)
        there = [desk for desk in plan.desks if service in desk.services and plan.open_cells(desk, day) & rest]
        speaking = plan.desks_for(service, one.journey.language, one.journey.interpreter)
        if there and not any(desk in speaking or desk.speaks(one.journey.language) for desk in there):
            return True
    return False


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
