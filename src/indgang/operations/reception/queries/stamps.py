"""What a day in the house looks like from outside: a short text that changes with every row that a page of the day may show.

It is made of the versions of the rows (PostgreSQL's xmin and ctid), not of chosen columns, so that a column that a page shows one day is
in it already. One query, however long the day; a function of the database does the adding up (migrations/0002_state_of_day.py).
"""

from __future__ import annotations

import datetime as dt
from time import monotonic

from django.db import connection

from indgang.foundation.database import clock
from indgang.foundation.places.models import House
from indgang.operations.reception.queries.journeys import day_of

BOARD_SECONDS = 60  # waiting times on the board are told in minutes by the clock on the wall
LINE_SECONDS = 10  # whoever has waited long enough moves up in the line at any moment

_kept_seconds = 0.0
_told: dict[int, tuple[dt.date, float, str]] = {}  # by house: the day, when it was asked for, and its state


def state_of_day(house: House, date: dt.date | None = None) -> str:
    """Changes with every change to a row of the day."""
    begins, ends = day_of(house.zone, date or clock.today(house.zone))
    with connection.cursor() as cursor:
        cursor.execute("SELECT reception_state_of_day(%s, %s, %s, %s)", [house.pk, house.region_id, begins, ends])
        state: str = cursor.fetchone()[0]
    return f"{begins:%Y%m%d}.{state}"


def day_in(state: str) -> str:
    """The state of the day in a `state_now`."""
    return state.partition(".")[2]


def state_now(house: House, seconds: int) -> str:
    """The state of today, and which stretch of so many seconds of the clock it is: what a page shows may change with time alone."""
    return _stretch(seconds, state_of_day(house))


def state_lately(house: House, seconds: int) -> str:
    """The same for a page that asks again by itself: what another was told a moment ago, in a process that keeps it (`keep_states`)."""
    date, asked = clock.today(house.zone), monotonic()
    told = _told.get(house.pk)
    if told and told[0] == date and asked - told[1] < _kept_seconds:
        return _stretch(seconds, told[2])
    state = state_of_day(house, date)
    _told[house.pk] = date, asked, state
    return _stretch(seconds, state)


def keep_states(kept_seconds: float) -> None:
    """From now on this process asks at most once in so many seconds for pages that ask again: fifty boards ask thirty times a second."""
    global _kept_seconds
    _kept_seconds = kept_seconds


def _stretch(seconds: int, state: str) -> str:
    return f"{int(clock.now().timestamp()) // seconds}.{state}"
