"""Which days of a calendar file a house is closed on already, and which would close it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from indgang.foundation.places.models import House
from indgang.operations.reception.holiday_files import Days
from indgang.operations.reception.models import Closure
from indgang.operations.reception.queries.house import HousePlan, house_plan, named_holidays


@dataclass(frozen=True)
class HolidayRow:
    """Days of the file: why they are closed already, if they are; else whether anybody would be received then."""

    days: Days
    closed: str
    open: bool


def holiday_rows(house: House, found: Iterable[Days]) -> list[HolidayRow]:
    """The days of a file against what closes the whole house now."""
    plan, closures = house_plan(house), list(whole_closures(house))
    return [HolidayRow(days, _why_closed(plan, closures, days), any(_receives(plan, date) for date in _dates(days))) for days in found]


def whole_closures(house: House) -> Iterable[Closure]:
    """What closes the whole house for whole days."""
    rows = Closure.objects.filter(house=house, desk=None, resource=None, from_time=None, until_time=None, lifted_at=None)
    return rows.order_by("first_day", "id")


def _dates(days: Days) -> list[dt.date]:
    return [days.first + dt.timedelta(days=number) for number in range((days.last - days.first).days + 1)]


def _why_closed(plan: HousePlan, closures: Iterable[Closure], days: Days) -> str:
    """Why every one of the days is closed: the names of the closures and public holidays; empty where one is not."""
    names: dict[str, None] = {}
    for date in _dates(days):
        if plan.is_holiday(date):
            language = (get_language() or "en")[:2]
            name = dict(named_holidays(plan.house.region.country, date.year, language))[date]
            names[_("%(name)s, public holiday") % {"name": name}] = None
            continue
        closure = next((row for row in closures if row.first_day <= date <= row.last_day), None)
        if closure is None:
            return ""
        names[closure.title] = None
    return "; ".join(names)


def _receives(plan: HousePlan, date: dt.date) -> bool:
    day = plan.day(date)
    return any(plan.open_cells(desk, day) for desk in plan.desks)
