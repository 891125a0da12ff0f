"""For how long each desk was open: what the time spent serving people is compared with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence

from django.db.models import Max, Min, Sum

from indgang.foundation.database import clock
from indgang.foundation.measures.declared import Scope
from indgang.foundation.places.models import House
from indgang.operations.reception.models import OpenDay
from indgang.operations.reception.queries.house import DeskPlan, HousePlan, house_plan
from indgang.operations.reception.rules.daytime import CELL_MINUTES, run

DAY = dt.timedelta(days=1)


def open_minutes(scope: Scope) -> dict[str, int]:
    """By desk, the minutes for which it has received people so far. Days that are over count by the hours as they were then."""
    last = min(scope.last, clock.today(scope.house.zone))
    kept = OpenDay.objects.filter(desk__house=scope.house, date__gte=scope.first, date__lte=last)
    found = dict(kept.order_by("desk").values_list("desk__key").annotate(minutes=Sum("minutes")))
    first_kept, last_kept = kept_days(scope.house)
    others = [date for date in days(scope.first, last) if first_kept is None or last_kept is None or not first_kept <= date <= last_kept]
    return with_days(found, scope.house, others)


def with_days(minutes: Mapping[str, int], house: House, dates: Sequence[dt.date]) -> dict[str, int]:
    """Minutes by desk, and those of some more days, which are not kept yet, by the hours as they stand."""
    found = dict(minutes)
    for desk, _date, more in minutes_by_plan(house_plan(house), dates) if dates else ():
        found[desk.desk.key] = found.get(desk.desk.key, 0) + more
    return found


def kept_days(house: House) -> tuple[dt.date | None, dt.date | None]:
    """The first and the last day of which it is kept how long each desk was open."""
    found = OpenDay.objects.filter(desk__house=house).aggregate(first=Min("date"), last=Max("date"))
    return found["first"], found["last"]


def days(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    """Each day from one to another, both included."""
    return (first + number * DAY for number in range((last - first).days + 1))


def minutes_by_plan(plan: HousePlan, dates: Iterable[dt.date]) -> Iterator[tuple[DeskPlan, dt.date, int]]:
    """How long each desk is open on each of the days by the hours as they stand now; of today, how long it has been."""
    now, today = clock.now(), clock.today(plan.house.zone)
    for date in dates:
        day = plan.day(date)
        hours: dict[tuple[object, ...], int] = {}  # desks that follow the house are open alike
        for desk in plan.desks:
            alike = _own(desk)
            if alike not in hours:
                cells = plan.open_cells(desk, day)
                hours[alike] = (cells & run(0, day.cell_of(now)) if date == today else cells).bit_count() * CELL_MINUTES
            yield desk, date, hours[alike]


def _own(desk: DeskPlan) -> tuple[object, ...]:
    return desk.openings, desk.closings, desk.sessions, desk.desk.only_in_sessions, desk.desk.active_from, desk.desk.active_until
