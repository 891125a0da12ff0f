"""The desks that a closure closes at this moment, and until when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from indgang.foundation.database import clock
from indgang.foundation.places.models import House
from indgang.operations.reception.models import Closure, Desk
from indgang.operations.reception.queries.opening_page import closures_ahead


@dataclass(frozen=True)
class ClosedNow:
    """A closed desk. `until`: None for the rest of today."""

    desk: Desk
    closure: Closure
    until: dt.time | None


def closed_now(house: House, closures: Sequence[Closure] | None = None) -> list[ClosedNow]:
    """The desks that are closed now, though they would be open by their hours; without the days when the house is."""
    local = clock.now().astimezone(house.zone)
    found: dict[int, ClosedNow] = {}
    for row in closures_ahead(house) if closures is None else closures:
        if row.desk is None or not _in_force(row, local):
            continue
        before = found.get(row.desk.pk)
        longest = before is None or (before.until is not None and (row.until_time is None or row.until_time > before.until))
        if longest:
            found[row.desk.pk] = ClosedNow(row.desk, row, row.until_time)
    return list(found.values())


def closing_of(desk: Desk, closures: Sequence[Closure] | None = None) -> Closure | None:
    """The closure that closes the desk at this moment."""
    return next((one.closure for one in closed_now(desk.house, closures) if one.desk.pk == desk.pk), None)


def _in_force(row: Closure, local: dt.datetime) -> bool:
    begun = row.from_time is None or row.from_time <= local.time()
    over = row.until_time is not None and row.until_time <= local.time()
    return row.first_day <= local.date() <= row.last_day and begun and not over
