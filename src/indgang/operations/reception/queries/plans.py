"""Plans: what a party must do, and the ways through it that the house can offer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from indgang.foundation.database import clock
from indgang.foundation.places.models import House
from indgang.operations.reception.models import Service
from indgang.operations.reception.offers import Offer, OfferedStop, new_party, signed
from indgang.operations.reception.queries.free_time import FreeTime, Promise, days_between, planner_desk, resources_for
from indgang.operations.reception.queries.house import DeskPlan, HousePlan, house_plan
from indgang.operations.reception.queries.itineraries import PlannedItinerary, PlannedStop
from indgang.operations.reception.rules import planner
from indgang.operations.reception.rules.daytime import CELL_MINUTES, Day
from indgang.operations.reception.rules.journeys import Case, Elsewhere, NeededStep, Needs, RuleTables, Traveller, needs_of

CHUNK_DAYS = 7


@dataclass(frozen=True)
class PlanRequest:
    """A wish: who comes, why, and within which dates (both included).

    `services`, when given, are asked for by staff instead of those that the rules say. `moving` is a journey whose own places count as
    free; `beside` one whose party must not be double-booked. `fixed_steps` are the steps themselves, for a journey that is moved.
    `interpreter` is the language that the party needs one for, at every desk that does not speak it.

    Somebody who chooses wants times that differ: `apart_minutes` lie between the starts of a day's itineraries, and a day gives at most
    `per_day` of them (0: as many as there are). Nothing begins within the next `notice_minutes`, nor before `not_before`; `between` are two
    times of day, in minutes from midnight, that everything lies between (empty: any time).
    """

    house: House
    travellers: tuple[Traveller, ...]
    earliest: dt.date
    latest: dt.date
    municipality: str = ""
    stay_months: int | None = None
    language: str = "en"
    limit: int = 3
    services: tuple[str, ...] = ()
    moving: UUID | None = None
    beside: UUID | None = None
    fixed_steps: tuple[NeededStep, ...] = ()
    interpreter: str = ""
    apart_minutes: int = 0
    per_day: int = 0
    notice_minutes: int = 0
    not_before: dt.datetime | None = None
    between: tuple[int, ...] = ()

    @property
    def adults(self) -> int:
        """How many grown-ups come."""
        return sum(not traveller.child for traveller in self.travellers)

    @property
    def case(self) -> Case:
        """The wish as the journey rules read it."""
        return Case(self.travellers, self.municipality, self.stay_months, self.earliest)


@dataclass(frozen=True)
class Plan:
    """What the party must do, here and elsewhere, and up to `limit` itineraries. `split`: no single day holds all steps.

    The steps stand in the order of the first itinerary, where there is one.
    """

    request: PlanRequest
    needs: Needs
    services: dict[str, Service]
    itineraries: tuple[PlannedItinerary, ...]
    split: bool = False


def journey_rules(house: House, on: dt.date) -> RuleTables | None:
    """The journey rules in force on a date, if any."""
    return house_plan(house).rules_on(on)


def needs_for(request: PlanRequest, plan: HousePlan) -> Needs:
    """The steps that the party needs, or that staff asked for; a step that no desk of this house takes is one to take elsewhere."""
    if request.fixed_steps:
        return Needs(request.fixed_steps, (), ())
    if request.services:
        everyone = tuple(range(len(request.travellers)))
        return Needs(tuple(NeededStep(service, everyone, (), {}, frozenset()) for service in request.services), (), ())
    rules = plan.rules_on(request.earliest)
    if rules is None:
        return Needs((), (), ())
    needs = needs_of(request.case, rules)
    here = tuple(step for step in needs.steps if plan.desks_for(step.service))
    away = tuple(_elsewhere(step, plan) for step in needs.steps if step not in here)
    return replace(needs, steps=here, elsewhere=(*needs.elsewhere, *away))


def _elsewhere(step: NeededStep, plan: HousePlan) -> Elsewhere:
    service = plan.services[step.service]
    who = service.authority
    return Elsewhere(
        key=step.service,
        title={"da": service.title_da, "en": service.title_en},
        who={"da": who.title_da, "en": who.title_en},
        why=step.why,
        where={"da": "Ikke i dette hus.", "en": "Not in this house."},
        link="",
        travellers=step.travellers,
    )


def plan_journey(request: PlanRequest, *, plan: HousePlan | None = None, promised: Sequence[Promise] = ()) -> Plan:
    """What the party must do and when the house can do it: earliest end first, then least waiting. Reserves nothing.

    `plan`: the house, where it has been read already. `promised` are times proposed to others a moment ago: they do not count as free.
    """
    plan = plan or house_plan(request.house)
    needs = needs_for(request, plan)
    search = _Search(request, plan, needs, promised)
    found = list(search.itineraries()) if needs.steps else []
    needs = replace(needs, steps=_as_taken(needs.steps, found[0])) if found else needs
    return Plan(request, needs, plan.services, tuple(found), split=bool(found) and len(found[0].dates) > 1)


def _as_taken(steps: Sequence[NeededStep], way: PlannedItinerary) -> tuple[NeededStep, ...]:
    """The steps in the order in which the itinerary takes them, so that everything that tells of them tells it alike."""
    turn = {stop.service.key: number for number, stop in enumerate(way.stops)}
    return tuple(sorted(steps, key=lambda step: turn[step.service]))


class _Search:
    """One search through the dates of a request."""

    def __init__(self, request: PlanRequest, plan: HousePlan, needs: Needs, promised: Sequence[Promise] = ()) -> None:
        self.request, self.plan, self.needs, self.promised = request, plan, needs, promised
        self.now = clock.now()
        self.needed = {step.service: step for step in needs.steps}
        self.steps = [planner.Step(step.service, self._cells(step), step.after) for step in needs.steps]
        self.desks = self._desks()
        self.by_id = {desk.desk.id: desk for desk in plan.desks}
        self.resources = {one.resource.id: one for one in resources_for(plan, self.needed, request.interpreter)}

    def _cells(self, step: NeededStep) -> int:
        children = sum(self.request.travellers[position].child for position in step.travellers)
        return self.plan.minutes(step.service, len(step.travellers) - children, children) // CELL_MINUTES

    def _desks(self) -> list[tuple[DeskPlan, frozenset[str]]]:
        """The desks that take some of the steps, each with the steps it takes for this party's language."""
        takes: dict[int, set[str]] = {}
        for step in self.steps:
            for desk in self.plan.desks_for(step.service, self.request.language, self.request.interpreter):
                takes.setdefault(desk.desk.id, set()).add(step.service)
        return [(desk, frozenset(takes[desk.desk.id])) for desk in self.plan.desks if desk.desk.id in takes]

    def _days(self) -> Iterator[tuple[Day, planner.DayPlan]]:
        """The days asked for, each with its free places, a week read at a time."""
        today = self.plan.day(self.now.astimezone(self.plan.house.zone).date()).date
        days = days_between(self.plan, max(self.request.earliest, today), self.request.latest)
        only = [desk for desk, _services in self.desks]
        for first in range(0, len(days), CHUNK_DAYS):
            chunk = days[first : first + CHUNK_DAYS]
            free_time = FreeTime(
                self.plan,
                only,
                chunk,
                now=self.now,
                begin=self._begin(),
                ignoring=self.request.moving,
                beside=self.request.beside,
                resources=list(self.resources.values()),
                between=self.request.between,
            )
            free_time.leave_out(self.promised)
            for number, day in enumerate(chunk):
                desks = [planner_desk(free_time, number, desk, services, self.request.interpreter) for desk, services in self.desks]
                yield day, planner.DayPlan(self.steps, desks, self.plan.walks)

    def _begin(self) -> dt.datetime:
        """When the first step may begin."""
        begin = self.now + dt.timedelta(minutes=self.request.notice_minutes)
        return max(begin, self.request.not_before) if self.request.not_before else begin

    def itineraries(self) -> Iterator[PlannedItinerary]:
        """Up to the limit: on one day where one day holds the steps, else spread over the fewest days."""
        days, count = [], 0
        for day, day_plan in self._days():
            days.append((day, day_plan))
            for way in self._ways(day_plan, self.request.limit - count):
                count += 1
                yield self._planned([(day, way)])
            if count >= self.request.limit:
                return
        if not count:
            yield from self._splits(days)

    def _ways(self, day_plan: planner.DayPlan, limit: int) -> list[planner.Itinerary]:
        """The ways through one day, so far apart and so many of them as was asked for."""
        limit = min(limit, self.request.per_day or limit)
        apart = max(self.request.apart_minutes // CELL_MINUTES, 1)
        return planner.earliest_itineraries(day_plan, limit=limit, apart=apart)

    def _splits(self, days: Sequence[tuple[Day, planner.DayPlan]]) -> Iterator[PlannedItinerary]:
        """Spread over the fewest days; each further one begins on a later day than the one before."""
        begin = 0
        for _number in range(self.request.limit):
            parts = planner.fewest_days([day_plan for _day, day_plan in days[begin:]])
            if not parts:
                return
            yield self._planned([(days[begin + part.day][0], part.itinerary) for part in parts])
            begin += parts[0].day + 1

    def _planned(self, ways: Sequence[tuple[Day, planner.Itinerary]]) -> PlannedItinerary:
        stops: list[PlannedStop] = []
        for day, way in ways:
            before = None
            for stop in way.stops:
                taken = PlannedStop(
                    self.plan.services[stop.service],
                    self.by_id[stop.desk],
                    day.instant(stop.start),
                    day.instant(stop.end),
                    self.needed[stop.service].travellers,
                    resources=tuple(self.resources[number].resource for number in stop.resources),
                )
                before = replace(taken, walk_minutes=self.plan.walk_minutes(before.zone, taken.zone)) if before else taken
                stops.append(before)
        idle = sum(way.idle for _day, way in ways) * CELL_MINUTES
        return PlannedItinerary(tuple(stops), idle, self._offer(stops), self.request.interpreter)

    def _offer(self, stops: Sequence[PlannedStop]) -> str:
        offered = tuple(
            OfferedStop(
                stop.service.key,
                stop.desk.desk.id,
                stop.starts,
                stop.ends,
                stop.travellers,
                tuple(sorted(self.needed[stop.service.key].after & self.needed.keys())),
                stop.interpreter.id if stop.interpreter else None,
                stop.room.id if stop.room else None,
            )
            for stop in stops
        )
        return signed(Offer(self.request.house.key, new_party(), offered, wish_of(self.request)))


def wish_of(request: PlanRequest) -> dict[str, Any]:
    """A plan request as plain data, to travel in an offer."""
    return {
        "t": [[traveller.citizenship, traveller.child, traveller.purpose] for traveller in request.travellers],
        "e": request.earliest.isoformat(),
        "l": request.latest.isoformat(),
        "m": request.municipality,
        "s": request.stay_months,
        "g": request.language,
        "v": list(request.services),
        "o": str(request.moving or ""),
        "b": str(request.beside or ""),
        "f": [[step.service, list(step.travellers), sorted(step.after)] for step in request.fixed_steps],
        "i": request.interpreter,
        "a": [request.apart_minutes, request.per_day],
        "w": list(request.between),
    }


def request_of(wish: dict[str, Any], house: House) -> PlanRequest:
    """The plan request that travelled in an offer."""
    return PlanRequest(
        house=house,
        travellers=tuple(Traveller(*values) for values in wish["t"]),
        earliest=dt.date.fromisoformat(wish["e"]),
        latest=dt.date.fromisoformat(wish["l"]),
        municipality=wish["m"],
        stay_months=wish["s"],
        language=wish["g"],
        services=tuple(wish["v"]),
        moving=UUID(wish["o"]) if wish["o"] else None,
        beside=UUID(wish["b"]) if wish["b"] else None,
        fixed_steps=tuple(NeededStep(service, tuple(people), (), {}, frozenset(after)) for service, people, after in wish["f"]),
        interpreter=wish["i"],
        apart_minutes=wish["a"][0],
        per_day=wish["a"][1],
        between=tuple(wish.get("w", ())),
    )


def fresh_alternatives(offer: Offer, house: House) -> tuple[PlannedItinerary, ...]:
    """Up to three itineraries for the same wish; where its dates hold none any more, from the six weeks after."""
    request = request_of(offer.wish, house)
    found = plan_journey(request).itineraries
    if found:
        return found
    later = replace(request, earliest=request.latest + dt.timedelta(days=1), latest=request.latest + dt.timedelta(days=42))
    return plan_journey(later).itineraries


def language_note(language: str, services: Sequence[str]) -> str:
    """What to say when no desk speaks the party's language for some steps."""
    return _("Nobody at these desks speaks your language, so the conversation will be in English or Danish: %(services)s.") % {
        "services": ", ".join(services)
    }
