"""What a house offers and when, read once and then asked day by day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import holidays
from django.db.models import Prefetch, Q

from indgang.foundation.places.models import House
from indgang.operations.reception.models import Closure, Desk, Hours, Service, Session, Walk
from indgang.operations.reception.rules.daytime import Day, members
from indgang.operations.reception.rules.durations import Duration
from indgang.operations.reception.rules.opening import Closing, Opening, Recurring, hours_in_force, open_cells


@cache
def public_holidays(country: str, year: int) -> frozenset[dt.date]:
    """The public holidays of a country in a year."""
    return frozenset(holidays.country_holidays(country, years=year))


@cache
def named_holidays(country: str, year: int, language: str) -> tuple[tuple[dt.date, str], ...]:
    """The public holidays with their names in that language where the calendar has it, else in English or the country's own."""
    known = holidays.country_holidays(country).supported_languages or ()
    named = next((code for code in known if code.startswith(language)), next((code for code in known if code.startswith("en")), None))
    return tuple(sorted(holidays.country_holidays(country, years=year, language=named).items()))


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
class HousePlan:
    """A house: services by key, desks, hours, closures and walks."""

    house: House
    services: dict[str, Service]
    desks: tuple[DeskPlan, ...]
    openings: tuple[Opening, ...]
    closings: tuple[Closing, ...]
    walks: dict[tuple[str, str], int]

    def day(self, date: dt.date) -> Day:
        """A day in the house's zone."""
        return Day(date, self.house.zone)

    def is_holiday(self, date: dt.date) -> bool:
        """Whether the house's country has a public holiday."""
        return date in public_holidays(self.house.region.country, date.year)

    def open_cells(self, desk: DeskPlan, day: Day) -> int:
        """The cells in which the desk receives people on that day."""
        if not desk.active_on(day.date) or not self.house.active_on(day.date):
            return 0
        openings = () if desk.desk.only_in_sessions else hours_in_force(day.date, self.openings, desk.openings)
        holiday = self.is_holiday(day.date)
        return open_cells(day, openings, [*self.closings, *desk.closings], holiday=holiday, sessions=desk.sessions)

    def desks_for(self, service: str, language: str = "") -> list[DeskPlan]:
        """The desks to send somebody to for a service.

        Those that speak `language`; where none does, those that speak English; where none does, every desk of the service.
        """
        offering = [desk for desk in self.desks if service in desk.services]
        for wanted in (language, "en"):
            speaking = [desk for desk in offering if desk.speaks(wanted)]
            if wanted and speaking:
                return speaking
        return offering

    def walk_minutes(self, start: DeskPlan, end: DeskPlan) -> int:
        """Minutes on foot between two desks, the same both ways."""
        a, b = start.desk.zone, end.desk.zone
        return 0 if a == b else self.walks.get((a, b), self.walks.get((b, a), 0))

    def minutes(self, service: str, adults: int, children: int) -> int:
        """How long the service takes for that many people."""
        row = self.services[service]
        return Duration(row.minutes, row.minutes_per_further_adult, row.minutes_per_child).minutes(adults, children)


def house_plan(house: House) -> HousePlan:
    """Read a house, with seven queries."""
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
                openings=_openings(hours, desk.id),
                closings=_closings(closures, desk.id),
                sessions=tuple(session for session, taking_part in sessions if taking_part == desk.id),
            )
            for desk in desks
        ),
        openings=_openings(hours, None),
        closings=_closings(closures, None),
        walks={(walk.from_zone, walk.to_zone): walk.minutes for walk in Walk.objects.filter(house=house)},
    )


def _openings(rows: Sequence[Hours], desk: int | None) -> tuple[Opening, ...]:
    return tuple(Opening(r.weekday, r.opens, r.closes, r.valid_from, r.valid_until) for r in rows if r.desk_id == desk)


def _closings(rows: Sequence[Closure], desk: int | None) -> tuple[Closing, ...]:
    return tuple(Closing(r.first_day, r.last_day, r.from_time, r.until_time) for r in rows if r.desk_id == desk)


def _sessions(house: House) -> list[tuple[Recurring, int | None]]:
    """The sessions that are held in the house, once for each desk that takes part."""
    columns = "weekday", "opens", "closes", "every_weeks", "first_day", "last_day", "desks"
    rows = Session.objects.filter(house=house, ended_at=None).values_list(*columns)
    return [(Recurring(*row[:-1]), row[-1]) for row in rows]


def opening_today(house: House, date: dt.date) -> list[tuple[dt.time, dt.time]]:
    """When the house receives people on that date, or some of its desks in a session: pairs of times, none when it is closed."""
    if date in public_holidays(house.region.country, date.year) or not house.active_on(date):
        return []
    closures = Closure.objects.filter(house=house, desk=None, lifted_at=None, first_day__lte=date, last_day__gte=date)
    closings = _closings(list(closures), None)
    if any(closing.all_day for closing in closings):
        return []
    valid = Q(valid_from=None) | Q(valid_from__lte=date), Q(valid_until=None) | Q(valid_until__gte=date)
    rows = Hours.objects.filter(*valid, house=house, desk=None, weekday=date.weekday()).order_by("opens")
    held = Session.objects.filter(house=house, ended_at=None, weekday=date.weekday(), first_day__lte=date, desks__isnull=False).distinct()
    sessions = [Recurring(r.weekday, r.opens, r.closes, r.every_weeks, r.first_day, r.last_day) for r in held]
    if not closings and not any(session.falls_on(date) for session in sessions):
        return [(row.opens, row.closes) for row in rows]
    day = Day(date, house.zone)
    return runs_of(day, open_cells(day, _openings(list(rows), None), closings, holiday=False, sessions=sessions))


def runs_of(day: Day, cells: int) -> list[tuple[dt.time, dt.time]]:
    """The cells as pairs of times on the wall."""
    starts = members(cells & ~(cells << 1))
    ends = members(cells & ~(cells >> 1))
    return [(day.instant(first).time(), day.instant(last + 1).time()) for first, last in zip(starts, ends, strict=True)]
