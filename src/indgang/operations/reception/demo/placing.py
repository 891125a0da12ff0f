"""Places for made-up parties: their steps by the region's own journey rules, their times by the house's own planner."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

from indgang.foundation.database import clock
from indgang.foundation.places.models import House, Municipality
from indgang.operations.reception.models import RuleSet
from indgang.operations.reception.queries.free_time import taken_times
from indgang.operations.reception.queries.house import DeskPlan, HousePlan, house_plan
from indgang.operations.reception.rules import planner
from indgang.operations.reception.rules.daytime import CELL_MINUTES, Day, members, run
from indgang.operations.reception.rules.demo.demand import arrival_cell
from indgang.operations.reception.rules.demo.people import MadeUpParty, made_up_party
from indgang.operations.reception.rules.journeys import Case, NeededStep, RuleTables, Traveller, needs_of, read_rules

GUIDANCE = 0.11  # this share of the parties also asks for the guidance that no rule demands
DAYS_TO_WAIT = 12  # a party that finds no place takes the next of so many open days
UNKNOWN_MUNICIPALITY = 0.03
MANY_ERRANDS = 0.25  # of the parties that take a ticket
ASKED = 0.5  # this share of those whose language somebody interprets asks for it
# Where newcomers settle; a municipality that is not named here counts a twentieth of those.
SETTLING = {"aalborg": 11.0, "aarhus": 11.0, "hjoerring": 1.6, "frederikshavn": 1.8, "thisted": 1.0, "laesoe": 0.15, "samsoe": 0.15}


@dataclass(frozen=True, slots=True)
class PlacedStep:
    """A step with its desk and its time (aware, UTC)."""

    needed: NeededStep
    desk: int
    starts: dt.datetime
    ends: dt.datetime
    resources: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class PlacedParty:
    """A made-up party and the steps it has booked on a day."""

    party: MadeUpParty
    date: dt.date
    steps: tuple[PlacedStep, ...]
    source: Random
    interpreter: str = ""


class Calendar:
    """The free cells of every desk, interpreter and room of a house from one day to another, as they fill up."""

    def __init__(self, house: House, first: dt.date, last: dt.date) -> None:
        self.plan: HousePlan = house_plan(house)
        days = [self.plan.day(first + dt.timedelta(days=number)) for number in range((last - first).days + 1)]
        self.days: dict[dt.date, Day] = {day.date: day for day in days}
        self.free = {day.date: {desk.desk.id: self.plan.open_cells(desk, day) for desk in self.plan.desks} for day in days}
        self.beside = {day.date: {one.resource.id: self.plan.resource_cells(one, day) for one in self.plan.resources} for day in days}
        self.interpreted = {code for one in self.plan.resources for code in one.resource.languages}
        self.open_days = [date for date, desks in self.free.items() if any(desks.values())]
        self.desk_minutes = {date: sum(cells.bit_count() for cells in self.free[date].values()) * CELL_MINUTES for date in self.open_days}
        self._desks: dict[tuple[str, str, str], list[DeskPlan]] = {}
        for taken in taken_times(days, now=clock.now(), desks=[desk.desk.id for desk in self.plan.desks]):
            self.free[days[taken.day].date][taken.desk] &= ~taken.cells
            for resource in taken.resources:
                self.beside[days[taken.day].date][resource] &= ~taken.cells

    def desks_for(self, service: str, language: str, interpreter: str = "") -> list[DeskPlan]:
        """As the house plan says, remembered."""
        key = (service, language, interpreter)
        if key not in self._desks:
            self._desks[key] = self.plan.desks_for(service, language, interpreter)
        return self._desks[key]

    def offered(self, service: str) -> bool:
        """Whether any desk takes the service."""
        return bool(self.desks_for(service, "en"))

    def place(
        self, date: dt.date, steps: Sequence[planner.Step], language: str, not_before: int, interpreter: str = ""
    ) -> tuple[Day, planner.Itinerary] | None:
        """The way through that day that ends earliest when it may begin at cell `not_before`; None when the day does not hold it."""
        takes: dict[int, set[str]] = {}
        for step in steps:
            for desk in self.desks_for(step.service, language, interpreter):
                takes.setdefault(desk.desk.id, set()).add(step.service)
        free = self.free[date]
        desks = [
            planner.Desk(
                desk.desk.id,
                desk.desk.zone,
                frozenset(takes[desk.desk.id]),
                free[desk.desk.id],
                self._needs(desk, takes[desk.desk.id], date, interpreter),
            )
            for desk in self.plan.desks
            if desk.desk.id in takes and free[desk.desk.id]
        ]
        day_plan = planner.DayPlan(steps, desks, self.plan.walks)
        found = planner.earliest_itineraries(day_plan, not_before=not_before, limit=1)
        return (self.days[date], found[0]) if found else None

    def _needs(self, desk: DeskPlan, services: set[str], date: dt.date, interpreter: str) -> dict[str, planner.Groups]:
        """What the services take beside the desk on that day."""
        beside = self.beside[date]
        return {
            service: tuple(
                tuple(planner.Resource(one.resource.id, beside[one.resource.id], one.resource.zone) for one in group) for group in groups
            )
            for service in services
            if (groups := self.plan.needs(desk, service, date, interpreter))
        }

    def take(self, date: dt.date, itinerary: planner.Itinerary) -> None:
        """These places are no longer free."""
        for stop in itinerary.stops:
            self.free[date][stop.desk] &= ~run(stop.start, stop.end)
            for resource in stop.resources:
                self.beside[date][resource] &= ~run(stop.start, stop.end)

    def give_back(self, placed: PlacedParty) -> None:
        """These places are free again."""
        day = self.days[placed.date]
        for step in placed.steps:
            cells = run(day.cell_of(step.starts), day.cell_from(step.ends))
            self.free[placed.date][step.desk] |= cells
            for resource in step.resources:
                self.beside[placed.date][resource] |= cells

    def shorten(self, placed: PlacedParty) -> PlacedParty:
        """Most who come without an appointment have one errand: the other places are free again."""
        kept = placed.steps if placed.source.random() < MANY_ERRANDS else placed.steps[:1]
        self.give_back(replace(placed, steps=placed.steps[len(kept) :]))
        return replace(placed, steps=kept)


class Rules:
    """The journey rules of a house by date, with what they say about a kind of party remembered."""

    def __init__(self, calendar: Calendar, house: House) -> None:
        rows = RuleSet.objects.filter(region=house.region_id).order_by("valid_from")
        self.dated = [(row.valid_from, read_rules(row.content)) for row in rows]
        self.calendar = calendar
        ruled = {rule.service for _since, tables in self.dated for rule in tables.steps}
        offered = [service for service in calendar.plan.services if calendar.offered(service)]
        self.guidance = [service for service in offered if service not in ruled]
        self._known: dict[Case, tuple[NeededStep, ...]] = {}

    def in_force(self, on: dt.date) -> RuleTables | None:
        """The rules of that date; before the first of them, the first."""
        running = [tables for since, tables in self.dated if since <= on]
        return running[-1] if running else self.dated[0][1] if self.dated else None

    def steps(self, party: MadeUpParty, on: dt.date, source: Random) -> tuple[NeededStep, ...]:
        """What the party comes to this house for; always something."""
        rules = self.in_force(on)
        people = tuple(
            Traveller(person.citizenship, person.child, "" if position else party.purpose) for position, person in enumerate(party.people)
        )
        needed: tuple[NeededStep, ...] = ()
        if rules is not None:
            case = Case(people, party.municipality, party.stay_months, dt.date.min)
            if case not in self._known:
                self._known[case] = tuple(step for step in needs_of(case, rules).steps if self.calendar.offered(step.service))
            needed = self._known[case]
        if self.guidance and (not needed or source.random() < GUIDANCE):
            grown_up = tuple(position for position, person in enumerate(party.people) if not person.child)
            needed = (*needed, NeededStep(source.choice(self.guidance), grown_up, (), {}, frozenset()))
        return needed


def municipality_weights(house: House) -> dict[str, float]:
    """Where the house's newcomers live, by code; "" = they have not said."""
    rows = Municipality.objects.filter(region=house.region_id).order_by("code")
    weights = {row.code: SETTLING.get(row.key, 0.9) for row in rows}
    return {**weights, "": UNKNOWN_MUNICIPALITY / (1 - UNKNOWN_MUNICIPALITY) * (sum(weights.values()) or 1)}


class Placer:
    """Places one party after another."""

    def __init__(self, house: House, calendar: Calendar) -> None:
        self.calendar, self.rules = calendar, Rules(calendar, house)
        self.municipalities = municipality_weights(house)
        self.after_date = dict(zip(calendar.open_days, range(1, len(calendar.open_days) + 1), strict=True))

    def parties(self, date: dt.date, count: int, seed: str) -> Iterator[PlacedParty]:
        """So many parties that would like to come on that day; the few that find no place within two weeks stay away."""
        for number in range(count):
            source = Random(f"{seed}:{date.isoformat()}:{number}")
            party = made_up_party(source, date, self.municipalities)
            interpreter = self._interpreter(party, Random(f"{seed}:{date.isoformat()}:{number}:interpreter"))
            placed = self._place(party, date, source, interpreter) or (self._place(party, date, source) if interpreter else None)
            if placed:
                yield placed

    def _interpreter(self, party: MadeUpParty, source: Random) -> str:
        """The language that the party asks an interpreter for."""
        return party.language if party.language in self.calendar.interpreted and source.random() < ASKED else ""

    def _place(self, party: MadeUpParty, wanted: dt.date, source: Random, interpreter: str = "") -> PlacedParty | None:
        needed = self.rules.steps(party, wanted, source)
        if not needed:
            return None
        steps = [planner.Step(step.service, self._cells(step, party), step.after) for step in needed]
        begin = self.after_date[wanted] - 1
        for number, date in enumerate(self.calendar.open_days[begin : begin + DAYS_TO_WAIT]):
            open_cells = list(members(self._open(date)))
            not_before = arrival_cell(open_cells, source) if open_cells and not number else 0
            for earliest in dict.fromkeys((not_before, 0)):
                found = self.calendar.place(date, steps, party.language, earliest, interpreter)
                if found:
                    return self._placed(party, needed, found, source, interpreter)
        return None

    def _cells(self, step: NeededStep, party: MadeUpParty) -> int:
        children = sum(party.people[position].child for position in step.travellers)
        return self.calendar.plan.minutes(step.service, len(step.travellers) - children, children) // CELL_MINUTES

    def _open(self, date: dt.date) -> int:
        cells = 0
        for free in self.calendar.free[date].values():
            cells |= free
        return cells

    def _placed(
        self, party: MadeUpParty, needed: Sequence[NeededStep], found: tuple[Day, planner.Itinerary], source: Random, interpreter: str
    ) -> PlacedParty:
        day, itinerary = found
        self.calendar.take(day.date, itinerary)
        by_service: Mapping[str, NeededStep] = {step.service: step for step in needed}
        steps = tuple(
            PlacedStep(
                replace(by_service[stop.service], after=by_service[stop.service].after & by_service.keys()),
                stop.desk,
                day.instant(stop.start).astimezone(dt.UTC),
                day.instant(stop.end).astimezone(dt.UTC),
                stop.resources,
            )
            for stop in itinerary.stops
        )
        return PlacedParty(party, day.date, steps, source, interpreter)
