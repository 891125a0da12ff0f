"""Keeping how long desks were open on days that are over, so that a later change of hours does not change past figures.

It is written every night, and before hours are changed by staff or by the region's files.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Min

from indgang.foundation.access.actors import system
from indgang.foundation.database import clock
from indgang.foundation.database.bulk import copy_rows
from indgang.foundation.journal import actions as journal
from indgang.foundation.journal.models import Circle
from indgang.foundation.places.models import House
from indgang.operations.reception.actions.places import lock
from indgang.operations.reception.models import Journey, OpenDay, Turn
from indgang.operations.reception.queries.from_journal import DAYS_KEPT
from indgang.operations.reception.queries.house import DeskPlan, house_plan
from indgang.operations.reception.queries.occupancy import DAY, days, kept_days, minutes_by_plan

DAYS_AT_MOST = 366


@transaction.atomic
def keep_open_days(house: House) -> int:
    """Keep the days up to yesterday that are not kept yet, from the first day of which the house knows anything; how many days."""
    lock(f"open-days:{house.pk}")
    yesterday = clock.today(house.zone) - DAY
    began = _first_day(house)
    if began is None or began > yesterday:
        return 0
    first, last = kept_days(house)
    missing = list(days(began, yesterday)) if first is None or last is None else [*days(began, first - DAY), *days(last + DAY, yesterday)]
    if missing:
        found = list(minutes_by_plan(house_plan(house), missing))
        copy_rows(OpenDay, ("desk_id", "date", "minutes"), ((desk.desk.pk, date, minutes) for desk, date, minutes in found))
        _tell(house, found)
    return len(missing)


def _tell(house: House, found: Sequence[tuple[DeskPlan, dt.date, int]]) -> None:
    """Tell the journal too, a year to an entry, so that occupancy can be counted from it alone: by day, of each desk in turn."""
    desks = list(dict.fromkeys(desk.desk.key for desk, _date, _minutes in found))
    days: dict[str, list[int]] = defaultdict(list)
    for _desk, date, minutes in found:
        days[date.isoformat()].append(minutes)
    dates = list(days)
    for number in range(0, len(dates), DAYS_AT_MOST):
        told = {"desks": desks, "days": {date: days[date] for date in dates[number : number + DAYS_AT_MOST]}}
        journal.record(actor=system(), verb=DAYS_KEPT, subject=house, house=house, circle=Circle.SYSTEM, after=told)


def _first_day(house: House) -> dt.date | None:
    booked = Journey.objects.filter(house=house).aggregate(first=Min("created_at"))["first"]
    served = Turn.objects.filter(house=house).aggregate(first=Min("ended_at"))["first"]
    known = [moment for moment in (booked, served) if moment]
    return min(known).astimezone(house.zone).date() if known else None


def keep_all_open_days() -> None:
    """Those of every house."""
    for house in House.objects.select_related("region"):
        keep_open_days(house)
