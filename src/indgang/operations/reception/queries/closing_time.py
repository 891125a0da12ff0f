"""When a day in the house is over: when each desk closes, and the whole house."""

from __future__ import annotations

import datetime as dt

from indgang.foundation.database import clock
from indgang.foundation.places.models import House
from indgang.operations.reception.models import Service, Visit
from indgang.operations.reception.queries.house import house_plan
from indgang.operations.reception.rules.waits import Wait


def closing_times(house: House, date: dt.date) -> dict[int, dt.datetime]:
    """When each desk closes on that day, by number, as the hours stand now; without those that do not open."""
    plan = house_plan(house)
    day = plan.day(date)
    cells = {desk.desk.pk: plan.open_cells(desk, day) for desk in plan.desks}
    return {desk: day.instant(open_at.bit_length()) for desk, open_at in cells.items() if open_at}


def last_call(house: House, service: Service) -> dt.datetime | None:
    """When the last desk that does this closes today; None where none opens."""
    able = {desk.desk.pk for desk in house_plan(house).desks if service.key in desk.services}
    closes = closing_times(house, clock.today(house.zone))
    return max((at for desk, at in closes.items() if desk in able), default=None)


def comes_too_late(wait: Wait | None, closes: dt.datetime | None) -> bool:
    """Whether somebody with that wait is most likely not called before the desks close: they are told no wait at all, or a longer one."""
    now = clock.now()
    return closes is not None and closes > now and (wait is None or now + dt.timedelta(minutes=wait.middle) >= closes)


def end_of(visit: Visit) -> dt.datetime | None:
    """When a step ended that began on an earlier day and is still open: when its desk closed; None for one of today, which ends now."""
    begun, house = visit.started_at or visit.called_at or visit.arrived_at, visit.journey.house
    assert begun is not None, "who is at a desk has come"
    date = begun.astimezone(house.zone).date()
    if date >= clock.today(house.zone):
        return None
    closed = closing_times(house, date).get(visit.desk_id or 0)
    return max(begun, closed) if closed else begun
