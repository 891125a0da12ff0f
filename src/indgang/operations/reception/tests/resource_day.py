"""Interpreters and rooms in the small house, for the tests."""

from __future__ import annotations

import datetime as dt
from typing import Any

from indgang.foundation.places.models import House
from indgang.operations.reception.models import Appointment, Hours, Resource, Service
from indgang.operations.reception.opening_changes import Change
from indgang.operations.reception.queries.opening_states import resource_state
from indgang.operations.reception.tests.opening_day import closure
from indgang.operations.reception.tests.staff_day import DATE


def interpreter(house: House, key: str = "amina", *languages: str, hours: tuple[int, int] | None = None) -> Resource:
    """Somebody who interprets Arabic, or those languages; at the hours of the house, or between these on every weekday."""
    made = Resource.objects.create(
        house=house, key=key, kind="interpreter", languages=list(languages or ("ar",)), title_da=key.title(), title_en=key.title()
    )
    if hours:
        opens, closes = (dt.time(hour) for hour in hours)
        Hours.objects.bulk_create(Hours(house=house, resource=made, weekday=day, opens=opens, closes=closes) for day in range(5))
    return made


def room(house: House, *services: str, zone: str = "ground-floor", key: str = "talk-room") -> Resource:
    """A room without which those services are not done."""
    made = Resource.objects.create(house=house, key=key, kind="room", zone=zone, title_da="Samtalerum", title_en="Talk room")
    made.services.set(Service.objects.filter(key__in=services))
    return made


def closed(one: Resource, first: dt.date = DATE, begins: str | None = None) -> Change:
    """A new closure of the interpreter or the room."""
    made = closure(first=first, begins=begins)
    return Change("closure", "aalborg", "", 0, None, {**(made.after or {}), "resource": one.key})


def changed(one: Resource, **after: Any) -> Change:
    """The interpreter or the room as something else."""
    before = resource_state(one)
    return Change("resource", "aalborg", "", 0, before, {**before, **after}, one.key)


def beside(**where: Any) -> list[tuple[str, str, str]]:
    """Of the standing appointments, in the order of time: service, interpreter, room."""
    rows = Appointment.objects.filter(freed_at=None, visit__isnull=False, **where).select_related("visit__service", "interpreter", "room")
    return [
        (row.visit.service.key, row.interpreter.key if row.interpreter else "", row.room.key if row.room else "")
        for row in rows.order_by("period")
        if row.visit
    ]
