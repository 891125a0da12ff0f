"""An interpreter for somebody who is called without having one booked: taken with the call, free again when the turn ends."""

from __future__ import annotations

from django.db import connection

from indgang.operations.reception.models import Desk, Resource, Visit
from indgang.operations.reception.queries.house import house_plan
from indgang.operations.reception.queries.interpreters import free_interpreters, needs_at


def interpreter_for_call(desk: Desk, visit: Visit) -> Resource | None:
    """Somebody who is free now for the length of the step; None where nobody is needed or free. Within the transaction of the call.

    One who is just being booked by somebody else is left out rather than waited for: that booking may wait for this desk.
    """
    if not needs_at(desk, visit):
        return None
    plan = house_plan(visit.journey.house)
    minutes = plan.minutes(visit.service.key, visit.people, 0)
    for first in [free for free in free_interpreters(plan, visit.journey.interpreter, minutes) if free.now]:
        if not _locked(first.interpreter):
            continue
        still = [free.interpreter for free in free_interpreters(plan, visit.journey.interpreter, minutes) if free.now]
        if first.interpreter in still:
            return first.interpreter
    return None


def _locked(one: Resource) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [f"resource:{one.pk}"])
        return cursor.fetchone() == (True,)
