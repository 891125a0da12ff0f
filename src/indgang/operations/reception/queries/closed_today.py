"""What a house does not do at this moment because the desks that do it were closed: until when, or no more today."""

from __future__ import annotations

import datetime as dt

from indgang.foundation.database import clock
from indgang.foundation.places.models import House
from indgang.operations.reception.models import Desk, Service
from indgang.operations.reception.queries.closings import closed_now
from indgang.operations.reception.queries.house import house_plan
from indgang.operations.reception.queries.waits import open_today


def services_closed_today(house: House, closed: list[Desk] | None = None) -> list[Service]:
    """The services of the desks that were closed for today (`closed`, where they are known) which no other desk does today.

    Who waits for one of these waits in vain, and is told so.
    """
    desks = [one.desk for one in closed_now(house)] if closed is None else closed
    if not desks:
        return []
    services = Service.objects.filter(desks__in=desks).exclude(desks__in=open_today(house))
    return list(services.select_related("authority").distinct().order_by("key"))


def services_closed_until(house: House) -> dict[str, dt.time]:
    """By key, the services of desks closed for a part of the day that no desk does at this moment, and when one does so again today."""
    closed = {one.desk.pk for one in closed_now(house) if one.until}
    if not closed:
        return {}
    plan, now = house_plan(house), clock.now()
    day = plan.day(clock.today(house.zone))
    begin = day.cell_of(now)
    later: dict[str, int] = {}
    for desk in plan.desks:
        for key in desk.services:
            later[key] = later.get(key, 0) | plan.open_cells(desk, day) >> begin
    asked = {key for desk in plan.desks if desk.desk.pk in closed for key in desk.services}
    return {key: day.instant(begin + _first(cells)).time() for key, cells in later.items() if key in asked and cells and not cells & 1}


def _first(cells: int) -> int:
    return (cells & -cells).bit_length() - 1
