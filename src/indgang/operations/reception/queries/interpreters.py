"""Who interprets for people with a ticket: nobody is booked for them, so it is told when one is free, and at the call one is taken."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, replace

from indgang.operations.reception.models import Desk, Resource, Visit
from indgang.operations.reception.models.journey import AT_A_DESK
from indgang.operations.reception.queries.beside import Beside, standing_of
from indgang.operations.reception.queries.house import house_plan
from indgang.operations.reception.rules.waits import Wait


@dataclass(frozen=True)
class FreeInterpreter:
    """Who is free first today for a language, and from when; `with_the_call`: from when the party is called on, as far as is known."""

    interpreter: Resource
    at: dt.datetime
    with_the_call: bool


def first_interpreter(visits: Collection[Visit], wait: Wait | None) -> FreeInterpreter | None:
    """Who can interpret first for the first of these steps of one party, from the middle of its `wait` on; None when nobody can today.

    Where no wait can be told it is looked for from now on, and nobody knows who is free at the call.
    """
    visit = next(iter(visits), None)
    if visit is None:
        return None
    plan = house_plan(visit.journey.house)
    beside = Beside.of(plan, plan.interpreters(visit.journey.interpreter))
    beside = replace(beside, now=beside.now + dt.timedelta(minutes=wait.middle if wait else 0))
    found = beside.first(beside.resources, visit)
    return FreeInterpreter(found[1], found[0], wait is not None and found[0] <= beside.now) if found else None


def needs_at(desk: Desk, visit: Visit) -> bool:
    """Whether somebody must interpret there: the party needs it, the desk does not speak it, and nobody is booked or here for it."""
    language, booked = visit.journey.interpreter, standing_of(visit)
    if not language or language in desk.languages:
        return False
    if visit.status in AT_A_DESK:
        return visit.interpreter_id is None
    return booked is None or booked.interpreter_id is None
