"""Who interprets for people with a ticket: nobody is booked for them, so it is told when one is free, and at the call one is taken."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from indgang.foundation.database import clock
from indgang.operations.reception.models import Desk, Resource, Visit
from indgang.operations.reception.queries.free_time import FreeTime
from indgang.operations.reception.queries.house import HousePlan, house_plan
from indgang.operations.reception.rules.daytime import cells_for, run


@dataclass(frozen=True)
class FreeInterpreter:
    """Who is free first today for a language, and from when; `now`: at this moment."""

    interpreter: Resource
    at: dt.datetime
    now: bool


def free_interpreters(plan: HousePlan, language: str, minutes: int) -> list[FreeInterpreter]:
    """Everybody who interprets the language and is free today for so long: the first one first, and who speaks fewest languages."""
    now = clock.now()
    day, candidates = plan.day(now.astimezone(plan.house.zone).date()), plan.interpreters(language)
    free_time = FreeTime(plan, [], [day], now=now, resources=candidates)
    first, length, found = day.cell_of(now), cells_for(minutes), []
    for one in candidates:
        cells = free_time.free_beside(0, one)
        cell = next((cell for cell in range(first, day.cells - length + 1) if not run(cell, cell + length) & ~cells), None)
        if cell is not None:
            found.append(FreeInterpreter(one.resource, max(day.instant(cell), now.astimezone(plan.house.zone)), cell == first))
    return sorted(found, key=lambda free: (free.at, len(free.interpreter.languages), free.interpreter.pk))


def first_interpreter(visits: Collection[Visit]) -> FreeInterpreter | None:
    """Who can interpret first for the first of these steps of one party; None when nobody can today."""
    visit = next(iter(visits))
    plan = house_plan(visit.journey.house)
    found = free_interpreters(plan, visit.journey.interpreter, plan.minutes(visit.service.key, visit.people, 0))
    return found[0] if found else None


def needs_at(desk: Desk, visit: Visit) -> bool:
    """Whether somebody must interpret there: the party needs it, the desk does not speak it, and nobody is booked or here for it."""
    language, booked = visit.journey.interpreter, getattr(visit, "appointment", None)
    if not language or language in desk.languages or visit.interpreter_id:
        return False
    return not (booked and booked.freed_at is None and booked.interpreter_id)
