"""What can still be undone: asked before a page offers it, and again when it is done."""

from __future__ import annotations

from django.utils.translation import gettext as _

from indgang.operations.reception.models import Journey
from indgang.operations.reception.models.journey import AT_A_DESK, Status


def why_check_in_stands(journey: Journey) -> str:
    """Why the check-in of a party that waits cannot be undone; "" where it can, and where there is none."""
    visits = list(journey.visits.all())
    if any(visit.status in AT_A_DESK for visit in visits):
        return _("A desk has called this party, so the check-in stands.")
    waiting = [visit for visit in visits if visit.status == Status.WAITING]
    booked = [visit for visit in waiting if hasattr(visit, "appointment")]
    if waiting and not booked:
        return _("This party is in line without a booked time, so it has no check-in to undo. Cancel its step if it has left.")
    since = min((visit.arrived_at for visit in booked if visit.arrived_at), default=None)
    if since and any(visit.ended_at and visit.ended_at >= since for visit in visits):
        return _("This party has been at a desk, so the check-in stands. Cancel what is left of the visit if it has gone.")
    if any(visit.counts_from for visit in waiting):
        return _("This party has been sent on, so the check-in stands. Cancel what is left of the visit if it has gone.")
    return ""


def can_undo_check_in(journey: Journey) -> bool:
    """Whether a booked step waits that can be expected again. Read the journey `with_steps`."""
    waits = any(visit.status == Status.WAITING and hasattr(visit, "appointment") for visit in journey.visits.all())
    return waits and not why_check_in_stands(journey)
