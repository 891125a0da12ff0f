"""Whose time at a desk runs over, and whom that makes late: by the same estimate that a ticket shows on a phone."""

from __future__ import annotations

import datetime as dt

from indgang.foundation.database import clock
from indgang.foundation.places.models import House
from indgang.operations.reception.models import Visit
from indgang.operations.reception.models.journey import AT_A_DESK, Status
from indgang.operations.reception.queries.board import minutes_since
from indgang.operations.reception.queries.closing_time import came_on_an_earlier_day
from indgang.operations.reception.queries.in_line import planned_minutes
from indgang.operations.reception.queries.today import Today, today_in
from indgang.operations.reception.queries.waits_told import waits_told

OVER_FROM = 5
LATE_FROM = 10
ROUNDED_TO = 5


def runs_over(visit: Visit) -> int:
    """Minutes that a step lasts longer than it is reckoned with; 0 while that is little. Read it with service and appointment.

    Who was called and does not sit at the desk yet runs over nothing, and neither does a step of a day that is over.
    """
    return _over(visit, visit.started_at) if visit.status == Status.SERVING and not came_on_an_earlier_day(visit) else 0


def _over(visit: Visit, began: dt.datetime | None) -> int:
    over = minutes_since(began) - planned_minutes(visit) if began else 0
    return over if over >= OVER_FROM else 0


def _holds_up(visit: Visit) -> bool:
    """Whether its desk is taken for longer than planned, also by somebody who was called and does not come."""
    return visit.status in AT_A_DESK and _over(visit, visit.started_at or visit.called_at) > 0


def delays_in(house: House, today: Today | None = None) -> dict[int, int]:
    """About how many minutes late the booked steps of the next hours will be called, by number; none while no desk is held up."""
    today = today or today_in(house)
    if not any(_holds_up(visit) for visit in today.visits):
        return {}
    told, now = waits_told(house).steps, clock.now()
    booked = [(visit.pk, visit.appointment) for visit in today.visits if hasattr(visit, "appointment") and not visit.appointment.freed_at]
    late = {
        number: wait.middle - (appointment.starts - now).total_seconds() / 60
        for number, appointment in booked
        if (wait := told.get(number))
    }
    return {number: round(minutes / ROUNDED_TO) * ROUNDED_TO for number, minutes in late.items() if minutes >= LATE_FROM}
