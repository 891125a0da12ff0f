"""What can still be undone: asked before a page offers it, and again when it is done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from indgang.foundation.database import clock
from indgang.foundation.journal.models import Entry
from indgang.operations.reception.models import Journey, Visit
from indgang.operations.reception.models.journey import AT_A_DESK, IN_THE_HOUSE, NOT_SERVED, Status
from indgang.operations.reception.queries.journeys import day_of
from indgang.operations.reception.queries.left_over import last_open_day

NOT_HERE = ["journey.check-in-undone", "journey.moved", "journey.move-undone"]  # to another day, for who was here


def waited_in_vain(journey: Journey) -> list[Visit]:
    """Its booked steps that ended as not served when it was here last: today, or on the day before on which the house was open.

    None where it is here now: its check-in of today is another.
    """
    visits, zone = list(journey.visits.all()), journey.house.zone
    ended = {
        visit: visit.arrived_at for visit in visits if visit.outcome == NOT_SERVED and visit.arrived_at and hasattr(visit, "appointment")
    }
    if not ended or any(visit.status in IN_THE_HOUSE for visit in visits):
        return []
    last, _ends = day_of(zone, max(ended.values()).astimezone(zone).date())
    since, _ends = day_of(zone, last_open_day(journey.house, clock.today(zone)))
    return [visit for visit, came in ended.items() if came >= max(last, since)]


def why_check_in_stands(journey: Journey) -> str:
    """Why the check-in of a party that waits, or waited in vain, cannot be undone; "" where it can, and where there is none."""
    visits = list(journey.visits.all())
    if any(visit.status in AT_A_DESK for visit in visits):
        return _("A desk has called this party, so the check-in stands.")
    waiting = [visit for visit in visits if visit.status == Status.WAITING]
    booked = [visit for visit in waiting if hasattr(visit, "appointment")]
    if waiting and not booked:
        return _("This party is in line without a booked time, so it has no check-in to undo. Cancel its step if it has left.")
    booked += waited_in_vain(journey)
    since = min((visit.arrived_at for visit in booked if visit.arrived_at), default=None)
    if since and any(visit.ended_at and visit.ended_at >= since for visit in visits):
        return _("This party has been at a desk, so the check-in stands. Cancel what is left of the visit if it has gone.")
    if any(visit.counts_from for visit in visits if visit.status == Status.WAITING or visit.outcome == NOT_SERVED):
        return _("This party has been sent on, so the check-in stands. Cancel what is left of the visit if it has gone.")
    placeless = [visit for visit in booked if visit.appointment.freed_at]
    lost = set(placeless).difference(missed_before(journey, placeless)) if placeless else set()
    if lost:
        facts = {"steps": ", ".join(sorted(visit.service.title for visit in lost))}
        return _("The booked time is gone for: %(steps)s. So the check-in stands. Cancel these steps if the party has left.") % facts
    return ""


def missed_before(journey: Journey, waiting: Iterable[Visit]) -> list[Visit]:
    """Those of the steps that were noted as missed when the party was checked in, and have got no other time since."""
    checked_in = Entry.objects.filter(subject_type=journey._meta.label_lower, subject_id=str(journey.pk), verb="journey.checked-in")
    entry = checked_in.order_by("-at", "-id").first()
    late = entry.after.get("late", []) if entry else []
    return [visit for visit in waiting if visit.service.key in late and entry and visit.appointment.created_at <= entry.at]


def can_undo_check_in(journey: Journey) -> bool:
    """Whether a booked step waits, or did in vain, that can be expected again. Read the journey `with_steps`."""
    waits = any(visit.status == Status.WAITING and hasattr(visit, "appointment") for visit in journey.visits.all())
    return (waits or bool(waited_in_vain(journey))) and not why_check_in_stands(journey)


def cancellings_undone() -> QuerySet[Entry]:
    """What tells of steps that had been cancelled and are wanted again: whoever has to confirm their address has a day from then."""
    return Entry.objects.filter(verb="visit.cancel-undone", subject_type=Visit._meta.label_lower)


def has_left_since(journey: Journey, at: dt.datetime) -> bool:
    """Whether the party that was in the house then was noted as not being there after that."""
    later = Entry.objects.filter(subject_type=journey._meta.label_lower, subject_id=str(journey.pk), at__gte=at)
    return later.filter(verb__in=NOT_HERE).exists()
