"""A step as the rule of the line reads it (rules/queue.py)."""

from __future__ import annotations

from indgang.operations.reception.models import Journey, Visit
from indgang.operations.reception.models.journey import Outcome, Status
from indgang.operations.reception.rules.durations import Duration
from indgang.operations.reception.rules.queue import Waiting


def unmet_in(journey: Journey) -> set[str]:
    """The services that have not been done with success."""
    return {visit.service.key for visit in journey.visits.all() if visit.status != Status.CANCELLED and visit.outcome != Outcome.DONE}


def as_waiting(visit: Visit, unmet: set[str]) -> Waiting:
    """A step as the queue rule reads it. Read it with service, appointment and the journey's priority."""
    appointment = getattr(visit, "appointment", None)
    return Waiting(
        visit=visit.pk,
        journey=visit.journey_id,
        service=visit.service.key,
        status=visit.status,
        booked_at=appointment.starts if appointment else None,
        desk=appointment.desk_id if appointment else None,
        arrived_at=visit.arrived_at,
        unmet=frozenset(visit.after) & unmet,
        language=visit.journey.language,
        minutes=planned_minutes(visit),
        since=visit.counts_from,
        head_start=visit.journey.priority.head_start if visit.journey.priority else 0,
        parked=visit.parked_at is not None,
    )


def planned_minutes(visit: Visit) -> int:
    """How long a step is reckoned with: its booked time, or what the service takes for that many people."""
    appointment = getattr(visit, "appointment", None)
    if appointment:
        return int((appointment.ends - appointment.starts).total_seconds() // 60)
    service = visit.service
    return Duration(service.minutes, service.minutes_per_further_adult, service.minutes_per_child).minutes(max(visit.people, 1), 0)
