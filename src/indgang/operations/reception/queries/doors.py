"""Whether the house receives people now, when it does so next, and what can be had today without an appointment."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from indgang.foundation.database import clock
from indgang.foundation.places.models import House
from indgang.operations.reception.models import Service
from indgang.operations.reception.queries.house import HousePlan, house_plan

LOOKED_AHEAD_DAYS = 60


@dataclass(frozen=True)
class Doors:
    """The house's doors now. `services`: what an open desk does now or later today. `opens`: when they open, where they are closed now;
    None where they open on none of the next days that were looked at."""

    open: bool
    services: tuple[Service, ...] = ()
    opens: dt.datetime | None = None


def doors(house: House) -> Doors:
    """The doors as they stand: open while any desk receives people."""
    plan, now = house_plan(house), clock.now()
    today = plan.day(clock.today(house.zone))
    cell = today.cell_of(now)
    later = {desk.desk.pk: plan.open_cells(desk, today) >> cell for desk in plan.desks}
    if any(cells & 1 for cells in later.values()):
        keys = {key for desk in plan.desks if later[desk.desk.pk] for key in desk.services}
        return Doors(open=True, services=tuple(row for key, row in plan.services.items() if key in keys))
    return Doors(open=False, opens=_next_opening(plan, now))


def _next_opening(plan: HousePlan, now: dt.datetime) -> dt.datetime | None:
    first = clock.today(plan.house.zone)
    for ahead in range(LOOKED_AHEAD_DAYS):
        day = plan.day(first + dt.timedelta(days=ahead))
        cells = 0
        for desk in plan.desks:
            cells |= plan.open_cells(desk, day)
        still = cells >> max(day.cell_from(now), 0) << max(day.cell_from(now), 0)
        if still:
            return day.instant((still & -still).bit_length() - 1)
    return None
