"""A short stamp of a day in the house. It changes when the board may; until then a page that polls is told "not modified"."""

from __future__ import annotations

import datetime as dt
import hashlib

from django.utils.translation import get_language

from indgang.foundation.database import clock
from indgang.foundation.places.models import House
from indgang.operations.reception.models import Visit
from indgang.operations.reception.queries.board import journeys_on

SHOWN = (
    "id",
    "status",
    "desk",
    "outcome",
    "missing",
    "arrived_at",
    "parked_at",
    "called_at",
    "calls",
    "started_at",
    "ended_at",
    "appointment__desk",
    "appointment__period",
    "appointment__freed_at",
    "journey__priority",
    "journey__cancelled_at",
    "journey__email_confirmed_at",
    "journey__package_given_at",
    "journey__contact__name",
    "journey__contact__anonymised_at",
)


def stamp_of_day(house: House, *shown: object, date: dt.date | None = None) -> str:
    """An entity tag for what a page shows of the day: one query, however long the day. `shown` is whatever else the page depends on.

    It holds for a minute at most, because waiting times are told in minutes.
    """
    day = date or clock.today(house.zone)
    rows = list(Visit.objects.filter(journey__in=journeys_on(house, day)).order_by("id").values_list(*SHOWN))
    minute = clock.now().replace(second=0, microsecond=0)
    state = repr((rows, minute, get_language(), shown))
    return f'"{hashlib.sha256(state.encode()).hexdigest()[:32]}"'
