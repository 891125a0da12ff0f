"""Whose time at a desk runs over, and whom that makes late: by the same estimate that a ticket shows on a phone."""

from __future__ import annotations

from indgang.foundation.database import clock
from indgang.foundation.places.models import House
from indgang.operations.reception.models import Visit
from indgang.operations.reception.models.journey import AT_A_DESK
from indgang.operations.reception.queries.board import minutes_since
from indgang.operations.reception.queries.in_line import planned_minutes
from indgang.operations.reception.queries.today import Today, today_in
from indgang.operations.reception.queries.waits_told import waits_told

OVER_FROM = 5
LATE_FROM = 10
ROUNDED_TO = 5


def runs_over(visit: Visit) -> int:
    """Minutes that a step at a desk lasts longer than it is reckoned with; 0 while that is little. Read it with service and appointment."""
    began = visit.started_at or visit.called_at
    if visit.status not in AT_A_DESK or began is None:
        return 0
    over = minutes_since(began) - planned_minutes(visit)
    return over if over >= OVER_FROM else 0


def delays_in(house: House, today: Today | None = None) -> dict[int, int]:
    """About how many minutes late the booked steps of the next hours will be called, by number; none while nobody runs over."""
    today = today or today_in(house)
    if not any(runs_over(visit) for visit in today.visits):
        return {}
    told, now = waits_told(house).steps, clock.now()
    booked = [(visit.pk, visit.appointment) for visit in today.visits if hasattr(visit, "appointment") and not visit.appointment.freed_at]
    late = {
        number: wait.middle - (appointment.starts - now).total_seconds() / 60
        for number, appointment in booked
        if (wait := told.get(number))
    }
    return {number: round(minutes / ROUNDED_TO) * ROUNDED_TO for number, minutes in late.items() if minutes >= LATE_FROM}
