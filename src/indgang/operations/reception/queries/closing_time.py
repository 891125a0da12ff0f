"""When a day in the house is over: when each desk closes, and the whole house."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from indgang.foundation.database import clock
from indgang.foundation.places.models import House
from indgang.operations.reception.models import Visit
from indgang.operations.reception.models.journey import IN_THE_HOUSE
from indgang.operations.reception.queries.house import HousePlan, house_plan


def closing_times(house: House, date: dt.date) -> dict[int, dt.datetime]:
    """When each desk closes on that day, by number, as the hours stand now; without those that do not open."""
    return closing_times_of(house_plan(house), date)


def closing_times_of(plan: HousePlan, date: dt.date) -> dict[int, dt.datetime]:
    """The same, by a plan that is at hand."""
    day = plan.day(date)
    cells = {desk.desk.pk: plan.open_cells(desk, day) for desk in plan.desks}
    return {desk: day.instant(open_at.bit_length()) for desk, open_at in cells.items() if open_at}


def ordinary_end(house: House, date: dt.date) -> dt.datetime | None:
    """When the last desk closes on that day by its hours and sessions, whatever is closed for once: such a closure may be taken back."""
    plan = house_plan(house)
    as_ever = replace(plan, closings=(), desks=tuple(replace(desk, closings=()) for desk in plan.desks))
    return max(closing_times_of(as_ever, date).values(), default=None)


def came_on_an_earlier_day(visit: Visit) -> bool:
    """Whether a step waits still, or is at a desk, for a party that came on a day that is over."""
    if visit.status not in IN_THE_HOUSE or visit.arrived_at is None:
        return False
    zone = visit.journey.house.zone
    return visit.arrived_at.astimezone(zone).date() < clock.today(zone)


def end_of(visit: Visit) -> dt.datetime | None:
    """When a step ended that began on an earlier day and is still open: when its desk closed; None for one of today, which ends now."""
    begun, house = visit.started_at or visit.called_at or visit.arrived_at, visit.journey.house
    assert begun is not None, "who is at a desk has come"
    date = begun.astimezone(house.zone).date()
    if date >= clock.today(house.zone):
        return None
    closed = closing_times(house, date).get(visit.desk_id or 0)
    return max(begun, closed) if closed else begun
