"""For how long each desk was open: what the time spent serving people is compared with."""

from __future__ import annotations

import datetime as dt

from indgang.foundation.database import clock
from indgang.foundation.measures.declared import Scope
from indgang.operations.reception.queries.house import DeskPlan, house_plan
from indgang.operations.reception.rules.daytime import CELL_MINUTES, run


def open_minutes(scope: Scope) -> dict[str, int]:
    """By desk, the minutes for which it has received people so far, by the opening hours and closures as they stand now."""
    plan, now = house_plan(scope.house), clock.now()
    today = clock.today(scope.house.zone)
    last = min(scope.last, today)
    found: dict[str, int] = {}
    hours: dict[tuple[object, ...], int] = {}  # desks that follow the house are open alike
    for number in range((last - scope.first).days + 1):
        day = plan.day(scope.first + dt.timedelta(days=number))
        for desk in plan.desks:
            alike = (day.date, *_own(desk))
            if alike not in hours:
                cells = plan.open_cells(desk, day)
                hours[alike] = (cells & run(0, day.cell_of(now)) if day.date == today else cells).bit_count() * CELL_MINUTES
            found[desk.desk.key] = found.get(desk.desk.key, 0) + hours[alike]
    return found


def _own(desk: DeskPlan) -> tuple[object, ...]:
    return desk.openings, desk.closings, desk.desk.active_from, desk.desk.active_until
