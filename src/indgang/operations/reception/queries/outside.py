"""Which of many booked places are outside the hours: told from a few numbers of each, because a large house has thousands ahead."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from django.db.models import BigIntegerField, Func, QuerySet, Value
from django.db.models.functions import Cast, Lower, Upper

from indgang.operations.reception.models import Appointment
from indgang.operations.reception.queries.house import HousePlan
from indgang.operations.reception.rules.daytime import CELL_MINUTES, Day, run

CELL_SECONDS = CELL_MINUTES * 60
FACTS = (
    "pk",
    "desk",
    "begins",
    "over",
    "visit__service__key",
    "interpreter",
    "room",
    "visit__journey__interpreter",
    "visit__journey__language",
    "visit__journey",
)


class Trouble(StrEnum):
    """Why a booked place is not what it was booked as: nobody is there, nobody speaks their language, or the way there takes too long.

    Or the desk has become another authority's than the one they booked with.
    """

    CLOSED = "closed"
    LANGUAGE = "language"
    WAY = "way"
    AUTHORITY = "authority"


class Place(NamedTuple):
    """A booked place; its times in seconds since 1970."""

    pk: int
    desk: int
    starts: int
    ends: int
    service: str
    interpreter: int | None
    room: int | None
    language: str
    spoken: str
    journey: UUID


def numbers_outside(plan: HousePlan, booked: QuerySet[Appointment]) -> list[int]:
    """The places whose desk does not receive people then or does not do the service, or whose interpreter or room is not there.

    So too where a party that needs an interpreter has none, because the desk spoke their language until now.
    """
    return _closed(plan, _places(booked))


def troubles_of(plan: HousePlan, booked: QuerySet[Appointment]) -> dict[int, Trouble]:
    """The same, and the places that a change of the house may have made worse than they were booked.

    A desk that does not speak the party's language, and a step that follows another sooner than the way between them takes. Some were
    booked like that, because nothing better was free: only what was not so before a change is due to it.
    """
    places = _places(booked)
    found = dict.fromkeys(_hurried(plan, places), Trouble.WAY)
    speaks = {desk.desk.id: desk.speaks for desk in plan.desks}
    found |= {place.pk: Trouble.LANGUAGE for place in places if not place.language and not speaks[place.desk](place.spoken)}
    return found | dict.fromkeys(_closed(plan, places), Trouble.CLOSED)


def _places(booked: QuerySet[Appointment]) -> list[Place]:
    rows = booked.order_by("period", "id").annotate(begins=_seconds(Lower("period")), over=_seconds(Upper("period")))
    return [Place(*row) for row in rows.values_list(*FACTS)]


def _closed(plan: HousePlan, places: Sequence[Place]) -> list[int]:
    if not places:
        return []
    hours = _Hours(plan, places[0].starts, places[-1].starts)
    return [place.pk for place in places if not hours.hold(place)]


def _hurried(plan: HousePlan, places: Sequence[Place]) -> Iterator[int]:
    """The steps that begin before the party can have walked there from the step before."""
    zones = {one.resource.id: one.resource.zone for one in plan.resources}
    at_desk = {desk.desk.id: desk.desk.zone for desk in plan.desks}
    before: dict[UUID, tuple[int, str]] = {}
    for place in places:
        zone = zones[place.room] if place.room else at_desk[place.desk]
        ends, where = before.get(place.journey, (0, zone))
        if place.starts < ends + plan.walk_minutes(where, zone) * 60:
            yield place.pk
        before[place.journey] = place.ends, zone


def _seconds(at: Func) -> Cast:
    """An instant in seconds since 1970. (Django's own Extract would read the clock on the wall.)"""
    return Cast(Func(Value("epoch"), at, function="date_part"), BigIntegerField())


class _Hours:
    """When the desks, interpreters and rooms of a house are there, worked out once for each day."""

    def __init__(self, plan: HousePlan, first: int, last: int) -> None:
        self.plan = plan
        self.desks = {desk.desk.id: desk for desk in plan.desks}
        self.resources = {one.resource.id: one for one in plan.resources}
        self.days = _days(plan, first, last)
        self.midnights = [int(day.midnight.timestamp()) for day in self.days]
        self._open: dict[tuple[int, int], int] = {}
        self._there: dict[tuple[int, int], int] = {}

    def hold(self, place: Place) -> bool:
        """Whether the place can be kept."""
        number, desk = bisect_right(self.midnights, place.starts) - 1, self.desks[place.desk]
        if (number, place.desk) not in self._open:
            self._open[number, place.desk] = self.plan.open_cells(desk, self.days[number])
        midnight = self.midnights[number]
        wanted = run((place.starts - midnight) // CELL_SECONDS, -((midnight - place.ends) // CELL_SECONDS))
        if wanted & ~self._open[number, place.desk] or place.service not in desk.services:
            return False
        if place.language and not place.interpreter and not desk.speaks(place.language):
            return False  # no interpreter was booked because the desk spoke it, and it does so no more
        return all(self._is_there(one, number, wanted, place) for one in (place.interpreter, place.room) if one)

    def _is_there(self, resource: int, number: int, wanted: int, place: Place) -> bool:
        """Whether the interpreter or the room is there, and still for what it was taken for."""
        one = self.resources[resource]
        if (number, resource) not in self._there:
            self._there[number, resource] = self.plan.resource_cells(one, self.days[number])
        return not wanted & ~self._there[number, resource] and (place.language in one.resource.languages or place.service in one.services)


def _days(plan: HousePlan, first: int, last: int) -> list[Day]:
    """Every day from the one of the first instant to the one of the last."""
    begin, end = (dt.datetime.fromtimestamp(at, plan.house.zone).date() for at in (first, last))
    return [plan.day(begin + dt.timedelta(days=number)) for number in range((end - begin).days + 1)]
