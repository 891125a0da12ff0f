"""Whose time at a desk runs over, and whom that makes late: by the same estimate that a ticket shows on a phone."""

from __future__ import annotations

from indgang.foundation.database import clock
from indgang.foundation.places.models import House
from indgang.operations.reception.models import Appointment, Visit
from indgang.operations.reception.models.journey import AT_A_DESK
from indgang.operations.reception.queries.board import minutes_since
from indgang.operations.reception.queries.line import planned_minutes
from indgang.operations.reception.queries.waits import waits_in

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


def delays_in(house: House) -> dict[int, int]:
    """About how many minutes late the booked steps of the next hours will be called, by number; none while nobody runs over."""
    sitting = Visit.objects.filter(journey__house=house, status__in=AT_A_DESK).select_related("service", "appointment")
    if not any(runs_over(visit) for visit in sitting):
        return {}
    told, now = waits_in(house), clock.now()
    booked = Appointment.objects.filter(visit__in=told, freed_at=None).values_list("visit", "period")
    late = {
        number: wait.middle - (period.lower - now).total_seconds() / 60 for number, period in booked if number and (wait := told[number])
    }
    return {number: round(minutes / ROUNDED_TO) * ROUNDED_TO for number, minutes in late.items() if minutes >= LATE_FROM}
