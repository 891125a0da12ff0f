"""What ended by itself at a desk, because nobody there had ended it: told on the desk's page on the next day that the house opens."""

from __future__ import annotations

import datetime as dt

from django.db.models import prefetch_related_objects

from indgang.foundation.database import clock
from indgang.foundation.places.models import House
from indgang.operations.reception.models import Desk, Turn
from indgang.operations.reception.models.turn import TurnOutcome
from indgang.operations.reception.queries.closing_time import closing_times
from indgang.operations.reception.queries.journeys import day_of

LOOKED_BACK_DAYS = 21


def left_over_at(desk: Desk) -> list[Turn]:
    """Turns that nobody ended, and calls to which nobody came or pressed Start, since the last day on which the house was open."""
    today = clock.today(desk.house.zone)
    since, _ends = day_of(desk.house.zone, today - dt.timedelta(days=LOOKED_BACK_DAYS))
    untold = [TurnOutcome.LEFT_OPEN, TurnOutcome.NOT_SERVED]
    rows = Turn.objects.filter(desk=desk, authority=desk.organisation_id, outcome__in=untold, ended_at__gte=since)
    found = list(rows.order_by("ended_at", "id"))
    if not found:
        return []
    prefetch_related_objects(found, "visit", "service", "journey__contact", "journey__house__region", "journey__tickets")
    last, _ends = day_of(desk.house.zone, last_open_day(desk.house, today))
    return [turn for turn in found if turn.ended_at and turn.ended_at >= last and _stands(turn)]


def last_open_day(house: House, today: dt.date) -> dt.date:
    """The last day before that one on which the house was open."""
    back = (today - dt.timedelta(days=number) for number in range(1, LOOKED_BACK_DAYS))
    return next((day for day in back if closing_times(house, day)), today - dt.timedelta(days=1))


def _stands(turn: Turn) -> bool:
    """Whether nothing else has become of its step since."""
    return turn.visit.ended_at == turn.ended_at if turn.outcome == TurnOutcome.LEFT_OPEN else turn.visit.outcome == TurnOutcome.NOT_SERVED
