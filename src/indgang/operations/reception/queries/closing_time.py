"""When a day in the house is over: when each desk closes, and the whole house."""

from __future__ import annotations

import datetime as dt

from indgang.foundation.database import clock
from indgang.foundation.places.models import House
from indgang.operations.reception.queries.house import house_plan

LOOKED_BACK_DAYS = 21


def closing_times(house: House, date: dt.date) -> dict[int, dt.datetime]:
    """When each desk closes on that day, by number, as the hours stand now; without those that do not open."""
    plan = house_plan(house)
    day = plan.day(date)
    cells = {desk.desk.pk: plan.open_cells(desk, day) for desk in plan.desks}
    return {desk: day.instant(open_at.bit_length()) for desk, open_at in cells.items() if open_at}


def house_closes(house: House, date: dt.date) -> dt.datetime | None:
    """When the last desk closes on that day; None where none opens."""
    return max(closing_times(house, date).values(), default=None)


def closed_for_today(house: House) -> dt.datetime | None:
    """When the house closed, once it has for today; None while it is open, will open later, or does not open at all."""
    closes = house_closes(house, clock.today(house.zone))
    return closes if closes and closes <= clock.now() else None


def last_open_day(house: House) -> dt.date:
    """The last day before today on which a desk was open; yesterday where there was none lately."""
    today = clock.today(house.zone)
    back = (today - dt.timedelta(days=number) for number in range(1, LOOKED_BACK_DAYS))
    return next((day for day in back if closing_times(house, day)), today - dt.timedelta(days=1))
