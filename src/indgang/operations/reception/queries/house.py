"""What a house offers and when, read once and then asked day by day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

import holidays
from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import F, Prefetch, Q

from indgang.foundation.places.models import House
from indgang.operations.reception.models import Closure, Desk, Hours, LineSetting, Resource, RuleSet, Service, Session, Walk
from indgang.operations.reception.models.resources import Kind
from indgang.operations.reception.queries.kept import kept, version_of_house
from indgang.operations.reception.rules.daytime import Day, members
from indgang.operations.reception.rules.durations import Duration
from indgang.operations.reception.rules.journey_tables import read_rules
from indgang.operations.reception.rules.journeys import RuleTables
from indgang.operations.reception.rules.line import LineRules
from indgang.operations.reception.rules.opening import Closing, Opening, Recurring, hours_in_force, open_cells


@cache
def public_holidays(country: str, year: int) -> frozenset[dt.date]:
    """The public holidays of a country in a year."""
    return frozenset(holidays.country_holidays(country, years=year))


# The calendar's English names are word for word; these are what English speakers call the days.
ENGLISH = {"Pentecost": "Whit Sunday", "Pentecost Monday": "Whit Monday", "Second Day of Christmas": "Boxing Day"}


@cache
def named_holidays(country: str, year: int, language: str) -> tuple[tuple[dt.date, str], ...]:
    """The public holidays with their names in that language where the calendar has it, else in English or the country's own."""
    known = holidays.country_holidays(country).supported_languages or ()
    named = next((code for code in known if code.startswith(language)), next((code for code in known if code.startswith("en")), None))
    days = holidays.country_holidays(country, years=year, language=named).items()
    return tuple(sorted((day, ENGLISH.get(name, name) if language == "en" else name) for day, name in days))


@dataclass(frozen=True)
class DeskPlan:
    """A desk with its own hours and closures."""

    desk: Desk
    services: frozenset[str]
    openings: tuple[Opening, ...]
    closings: tuple[Closing, ...]
    sessions: tuple[Recurring, ...] = ()

    def speaks(self, language: str) -> bool:
        """Whether the desk serves people in that language."""
        return language in self.desk.languages

    def active_on(self, date: dt.date) -> bool:
        """Whether the desk exists on that date."""
        first, last = self.desk.active_from, self.desk.active_until
        return (first is None or first <= date) and (last is None or date <= last)


@dataclass(frozen=True)
class ResourcePlan:
    """An interpreter or a room with its own hours and closures; `services` are those that are done in the room."""

    resource: Resource
    services: frozenset[str]
    openings: tuple[Opening, ...]
    closings: tuple[Closing, ...]

    def active_on(self, date: dt.date) -> bool:
        """Whether it exists on that date."""
        first, last = self.resource.active_from, self.resource.active_until
        return (first is None or first <= date) and (last is None or date <= last)


@dataclass(frozen=True)
class HousePlan:
    """A house: services by key, desks, interpreters and rooms, hours, closures and walks; journey rules by date, and those of the line."""

    house: House
    services: dict[str, Service]
    desks: tuple[DeskPlan, ...]
    resources: tuple[ResourcePlan, ...]
    openings: tuple[Opening, ...]
    closings: tuple[Closing, ...]
    walks: dict[tuple[str, str], int]
    rules: tuple[tuple[dt.date, RuleTables], ...]
    line: LineRules
    _open: dict[tuple[int, dt.date], int] = field(default_factory=dict, init=False, repr=False, compare=False)

    def day(self, date: dt.date) -> Day:
        """A day in the house's zone."""
        return Day(date, self.house.zone)

    def is_holiday(self, date: dt.date) -> bool:
        """Whether the house's country has a public holiday."""
        return date in public_holidays(self.house.region.country, date.year)

    def open_cells(self, desk: DeskPlan, day: Day) -> int:
        """The cells in which the desk receives people on that day. `desk` is one of this plan's own."""
        known = self._open.get((desk.desk.pk, day.date))
        if known is None:
            known = self._open[desk.desk.pk, day.date] = self._opened(desk, day)
        return known

    def _opened(self, desk: DeskPlan, day: Day) -> int:
        if not desk.active_on(day.date) or not self.house.active_on(day.date):
            return 0
        openings = () if desk.desk.only_in_sessions else hours_in_force(day.date, self.openings, desk.openings)
        holiday = self.is_holiday(day.date)
        return open_cells(day, openings, [*self.closings, *desk.closings], holiday=holiday, sessions=desk.sessions)

    def resource_cells(self, resource: ResourcePlan, day: Day) -> int:
        """The cells in which the interpreter or the room is there on that day."""
        if not resource.active_on(day.date) or not self.house.active_on(day.date):
            return 0
        openings = hours_in_force(day.date, self.openings, resource.openings)
        return open_cells(day, openings, [*self.closings, *resource.closings], holiday=self.is_holiday(day.date))

    def interpreters(self, language: str) -> tuple[ResourcePlan, ...]:
        """Those of the house who interpret that language."""
        return tuple(one for one in self.resources if language in one.resource.languages)

    def needs(self, desk: DeskPlan, service: str, date: dt.date, interpreter: str = "") -> tuple[tuple[ResourcePlan, ...], ...]:
        """What the service takes beside that desk on that date: one of each group.

        An interpreter, where one of that language is asked for and the desk does not speak it; a room, while the house has one for it.
        """
        groups = [] if not interpreter or desk.speaks(interpreter) else [self.interpreters(interpreter)]
        rooms = self.rooms_for(service, date)
        return (*groups, rooms) if rooms else tuple(groups)

    def rooms_for(self, service: str, date: dt.date) -> tuple[ResourcePlan, ...]:
        """The rooms in which the service is done on that date; none where it is done at the desk."""
        return tuple(one for one in self.resources if service in one.services and one.active_on(date))

    def desks_for(self, service: str, language: str = "", interpreter: str = "") -> list[DeskPlan]:
        """The desks to send somebody to for a service.

        Those that speak `language`; where none does, those that speak English; where none does, every desk of the service. With an
        interpreter every desk will do.
        """
        offering = [desk for desk in self.desks if service in desk.services]
        if interpreter:
            return offering
        for wanted in (language, "en"):
            speaking = [desk for desk in offering if desk.speaks(wanted)]
            if wanted and speaking:
                return speaking
        return offering

    def rules_on(self, date: dt.date) -> RuleTables | None:
        """The journey rules in force on a date, if any."""
        return next((tables for valid_from, tables in reversed(self.rules) if valid_from <= date), None)

    def walk_minutes(self, a: str, b: str) -> int:
        """Minutes on foot between two zones, the same both ways."""
        return 0 if a == b else self.walks.get((a, b), self.walks.get((b, a), 0))

    def minutes(self, service: str, adults: int, children: int) -> int:
        """How long the service takes for that many people."""
        row = self.services[service]
        return Duration(row.minutes, row.minutes_per_further_adult, row.minutes_per_child).minutes(adults, children)


def house_plan(house: House, version: str = "") -> HousePlan:
    """The house as it stands: one query (none where its `version` is known), and ten more where something has changed since it was read."""
    return kept(("plan", house.pk), version or version_of_house(house), lambda: _read(house))


def _read(house: House) -> HousePlan:
    services = {row.key: row for row in Service.objects.filter(region_id=house.region_id).select_related("authority")}
    by_id = {row.id: row.key for row in services.values()}
    desks = Desk.objects.filter(house=house).order_by("id").prefetch_related(Prefetch("services", queryset=Service.objects.only("id")))
    hours = list(Hours.objects.filter(house=house))
    closures = list(Closure.objects.filter(house=house, lifted_at=None))
    sessions = _sessions(house)
    return HousePlan(
        house=house,
        services=services,
        desks=tuple(
            DeskPlan(
                desk=desk,
                services=frozenset(by_id[service.id] for service in desk.services.all()),
                openings=_openings([row for row in hours if row.desk_id == desk.id]),
                closings=_closings([row for row in closures if row.desk_id == desk.id]),
                sessions=tuple(session for session, taking_part in sessions if taking_part == desk.id),
            )
            for desk in desks
        ),
        resources=tuple(_resource(row, by_id, hours, closures) for row in _resources(house)),
        openings=_openings([row for row in hours if row.desk_id is None and row.resource_id is None]),
        closings=_closings([row for row in closures if row.desk_id is None and row.resource_id is None]),
        walks={(walk.from_zone, walk.to_zone): walk.minutes for walk in Walk.objects.filter(house=house)},
        rules=_rules(house),
        line=setting.rules if (setting := LineSetting.objects.filter(house=house).first()) else LineRules(),
    )


def _rules(house: House) -> tuple[tuple[dt.date, RuleTables], ...]:
    sets = RuleSet.objects.filter(region_id=house.region_id).order_by("valid_from")
    return tuple((one.valid_from, read_rules(one.content)) for one in sets)


def _resources(house: House) -> list[Resource]:
    """The house's interpreters and rooms, each with the ids of its services."""
    rows = Resource.objects.filter(house=house).annotate(service_ids=ArrayAgg("services", filter=Q(services__isnull=False), default=[]))
    return list(rows.order_by("id"))


def _resource(row: Resource, services: dict[int, str], hours: Sequence[Hours], closures: Sequence[Closure]) -> ResourcePlan:
    return ResourcePlan(
        resource=row,
        services=frozenset(services[number] for number in row.service_ids if row.kind == Kind.ROOM),  # type: ignore[attr-defined]
        openings=_openings([one for one in hours if one.resource_id == row.pk]),
        closings=_closings([one for one in closures if one.resource_id == row.pk]),
    )


def _openings(rows: Sequence[Hours]) -> tuple[Opening, ...]:
    return tuple(Opening(r.weekday, r.opens, r.closes, r.valid_from, r.valid_until) for r in rows)


def _closings(rows: Sequence[Closure]) -> tuple[Closing, ...]:
    return tuple(Closing(r.first_day, r.last_day, r.from_time, r.until_time) for r in rows)


def _sessions(house: House) -> list[tuple[Recurring, int | None]]:
    """The sessions that are held in the house, once for each desk that takes part."""
    rows = Session.objects.filter(house=house, ended_at=None).annotate(taking_part=F("desks"))
    return [(recurring(row), row.taking_part) for row in rows]


def recurring(row: Session) -> Recurring:
    """As the rule reads it."""
    days = row.first_day, row.last_day, row.of_month, tuple(row.left_out)
    return Recurring(row.weekday, row.opens, row.closes, row.every_weeks, *days)


def opening_today(house: House, date: dt.date) -> list[tuple[dt.time, dt.time]]:
    """When the house receives people on that date, or some of its desks in a session: pairs of times, none when it is closed."""
    if date in public_holidays(house.region.country, date.year) or not house.active_on(date):
        return []
    closures = Closure.objects.filter(house=house, desk=None, resource=None, lifted_at=None, first_day__lte=date, last_day__gte=date)
    closings = _closings(list(closures))
    if any(closing.all_day for closing in closings):
        return []
    valid = Q(valid_from=None) | Q(valid_from__lte=date), Q(valid_until=None) | Q(valid_until__gte=date)
    rows = Hours.objects.filter(*valid, house=house, desk=None, resource=None, weekday=date.weekday()).order_by("opens")
    held = Session.objects.filter(house=house, ended_at=None, weekday=date.weekday(), first_day__lte=date, desks__isnull=False).distinct()
    sessions = [recurring(row) for row in held]
    if not closings and not any(session.falls_on(date) for session in sessions):
        return [(row.opens, row.closes) for row in rows]
    day = Day(date, house.zone)
    return runs_of(day, open_cells(day, _openings(list(rows)), closings, holiday=False, sessions=sessions))


def runs_of(day: Day, cells: int) -> list[tuple[dt.time, dt.time]]:
    """The cells as pairs of times on the wall."""
    starts = members(cells & ~(cells << 1))
    ends = members(cells & ~(cells >> 1))
    return [(day.instant(first).time(), day.instant(last + 1).time()) for first, last in zip(starts, ends, strict=True)]
