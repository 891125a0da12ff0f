"""When the day goes otherwise than planned: who cannot reach the next step in time, and where the rest of a journey could go instead."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from indgang.foundation.database import clock
from indgang.operations.reception.models import Journey, Visit
from indgang.operations.reception.models.journey import AT_A_DESK, Status
from indgang.operations.reception.queries.arrivals import move_request
from indgang.operations.reception.queries.in_line import planned_minutes
from indgang.operations.reception.queries.line import line_rules
from indgang.operations.reception.queries.plans import Plan, plan_journey

DAYS_AHEAD = 42
CHOICES = 3


def rest_planned_anew(journey: Journey, *, not_before: dt.datetime | None = None) -> Plan | None:
    """New times for all steps that have not begun: today where today can hold them, else on the first days that can. None without steps.

    `not_before`: none of them begins before that moment.
    """
    request = move_request(journey)
    if request is None:
        return None
    if not_before:
        day = max(request.earliest, not_before.astimezone(journey.house.zone).date())
        request = replace(request, earliest=day, latest=day, not_before=not_before)
    today = plan_journey(replace(request, limit=CHOICES))
    if today.itineraries:
        return today
    return plan_journey(replace(request, latest=request.earliest + dt.timedelta(days=DAYS_AHEAD), limit=CHOICES))


def cannot_be_reached(journey: Journey) -> Visit | None:
    """The party's next booked step today, if the one it sits at now will most likely last until after that step's time and its grace.

    Read the journey `with_steps`.
    """
    visits = list(journey.visits.all())
    present = next((visit for visit in visits if visit.status in AT_A_DESK and visit.called_at), None)
    booked = [visit for visit in visits if visit.status in [Status.WAITING, Status.PLANNED] and hasattr(visit, "appointment")]
    if present is None or present.called_at is None or not booked:
        return None
    following = min(booked, key=lambda visit: visit.appointment.starts)
    ends = max(present.called_at + dt.timedelta(minutes=planned_minutes(present)), clock.now())
    late = following.appointment.starts + dt.timedelta(minutes=line_rules(journey.house).grace)
    return following if ends > late else None
