"""The line in the hall as it stands now: who waits, for which desks, and when each desk's next booked party is due."""

from __future__ import annotations

import datetime as dt

from indgang.foundation.database import clock
from indgang.foundation.places.models import House
from indgang.operations.reception.models import Desk
from indgang.operations.reception.models.journey import Status
from indgang.operations.reception.queries.house import house_plan
from indgang.operations.reception.queries.today import Today, today_in
from indgang.operations.reception.rules.line import LineRules
from indgang.operations.reception.rules.queue import DeskInLine, Turn, line_for

LOOKED_AHEAD = dt.timedelta(hours=3)  # no service takes longer


def line_rules(house: House) -> LineRules:
    """What the house states about its line."""
    return house_plan(house).line


def desks_in_line(today: Today) -> dict[int, DeskInLine]:
    """Every desk of the house as the queue rule reads it, by its number."""
    booked = _booked_later(today)
    return {
        desk.desk.pk: DeskInLine(desk.desk.pk, desk.services, frozenset(desk.desk.languages), tuple(booked.get(desk.desk.pk, ())))
        for desk in today.plan.desks
    }


def _booked_later(today: Today) -> dict[int, list[tuple[dt.datetime, int]]]:
    """What is booked at each desk later today for parties that have not been called yet: when, and the number of the step."""
    now = clock.now()
    ahead = [visit for visit in today.visits if visit.status in (Status.PLANNED, Status.WAITING)]
    booked = [(visit.appointment, visit.pk) for visit in ahead if hasattr(visit, "appointment") and visit.appointment.freed_at is None]
    found: dict[int, list[tuple[dt.datetime, int]]] = {}
    for appointment, visit in sorted(booked, key=lambda one: (one[0].starts, one[0].ends)):
        if now < appointment.starts < now + LOOKED_AHEAD:
            found.setdefault(appointment.desk_id, []).append((appointment.starts, visit))
    return found


def line_of(desk: Desk, today: Today | None = None) -> list[Turn]:
    """The desk's line, the next one first, those held back last."""
    today = today or today_in(desk.house)
    return line_for(desks_in_line(today)[desk.pk], today.in_line, now=clock.now(), rules=today.plan.line)


def line_at(desk: Desk) -> list[int]:
    """The ids of the steps the desk calls when it asks for the next one, in order; not those that are held back."""
    return [turn.step.visit for turn in line_of(desk) if not turn.held_back]


def held_back_at(desk: Desk, visit: int) -> dt.datetime | None:
    """The booked time at the desk for which the line holds the step back now; None where it does not."""
    return next((turn.keeps for turn in line_of(desk) if turn.step.visit == visit), None)
