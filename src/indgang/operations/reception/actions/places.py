"""Taking and freeing places. The exclusion constraints decide; nothing here checks first and writes later.

Rows go in with ON CONFLICT DO NOTHING, ordered by desk and time, and are counted: fewer than asked for means that somebody was quicker. (A
plain INSERT would never double-book either, but under contention it deadlocks now and then.)
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import psycopg.errors
from django.db import OperationalError, connection

from indgang.operations.reception.models import Appointment, Hold
from indgang.operations.reception.offers import OfferedStop
from indgang.operations.reception.queries.uses import with_parties

INSERT = """
    INSERT INTO reception_appointment (desk_id, party, period, visit_id, interpreter_id, room_id, hold_id, created_at)
    SELECT desk, %(party)s, tstzrange(starts, ends), visit, interpreter, room, %(hold)s, %(now)s
    FROM unnest(%(desks)s::bigint[], %(starts)s::timestamptz[], %(ends)s::timestamptz[], %(visits)s::bigint[],
                %(interpreters)s::bigint[], %(rooms)s::bigint[]) AS t(desk, starts, ends, visit, interpreter, room)
    ORDER BY desk, starts
    ON CONFLICT DO NOTHING
"""
# Filled in twice: the column here in this file, the values by the database.
DROP_EXPIRED = """
    DELETE FROM reception_appointment WHERE id IN (
        SELECT a.id FROM reception_appointment a JOIN reception_hold h ON h.id = a.hold_id
        JOIN unnest(%%s::bigint[], %%s::timestamptz[], %%s::timestamptz[]) AS t(wanted, starts, ends)
          ON a.%(column)s = t.wanted AND a.period && tstzrange(t.starts, t.ends)
        WHERE h.held_until <= %%s
        ORDER BY a.id FOR UPDATE OF a SKIP LOCKED
    )
"""


class PlacesTaken(Exception):
    """At least one of the places is somebody else's by now. The transaction must be rolled back."""


@dataclass(frozen=True)
class Place:
    """A desk from `starts` to `ends`, with the interpreter and the room that the step takes, for a visit or (without one) for a hold."""

    desk: int
    starts: dt.datetime
    ends: dt.datetime
    visit: int | None = None
    interpreter: int | None = None
    room: int | None = None

    @classmethod
    def of(cls, stop: OfferedStop, visit: int | None = None) -> Place:
        """The place of a step on offer."""
        return cls(stop.desk, stop.starts, stop.ends, visit, stop.interpreter, stop.room)


def take_places(places: Sequence[Place], *, party: int, now: dt.datetime, hold: UUID | None = None) -> None:
    """Take all the places for a party, or raise PlacesTaken.

    An interpreter or a room that a desk has just called somebody with is taken too, for as long as that step takes.

    Two parties that change places with each other at the same moment wait for each other; the database then ends one of them. Those who
    take the same interpreter or room come one after the other: the order of desks would not be an order of these.
    """
    lock(*sorted({f"resource:{number}" for place in places for number in (place.interpreter, place.room) if number}))
    _refuse_called(places, now)
    drop_expired_holds(places, now=now)
    try:
        taken = _insert(places, party, now, hold)
    except OperationalError as error:
        if isinstance(error.__cause__, psycopg.errors.DeadlockDetected):
            raise PlacesTaken from error
        raise
    if taken != len(places):
        raise PlacesTaken


def _refuse_called(places: Sequence[Place], now: dt.datetime) -> None:
    """Raise PlacesTaken where the interpreter or the room is with somebody who was called. Under the lock that the calls take too."""
    ahead = [place for place in places if place.ends > now]
    wanted = {number for place in ahead for number in (place.interpreter, place.room) if number}
    for use in with_parties(wanted, now):
        if any(use.resource in (place.interpreter, place.room) and place.starts < use.ends for place in ahead):
            raise PlacesTaken


def _insert(places: Sequence[Place], party: int, now: dt.datetime, hold: UUID | None) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            INSERT,
            {
                "party": party,
                "hold": hold,
                "now": now,
                "desks": [place.desk for place in places],
                "starts": [place.starts for place in places],
                "ends": [place.ends for place in places],
                "visits": [place.visit for place in places],
                "interpreters": [place.interpreter for place in places],
                "rooms": [place.room for place in places],
            },
        )
        return cursor.rowcount


def drop_expired_holds(places: Sequence[Place], *, now: dt.datetime) -> None:
    """Delete the holds that have run out and stand in the way. Rows that a colleague deletes this moment are left to the colleague."""
    _drop_expired("desk_id", [(place.desk, place) for place in places], now)
    _drop_expired("interpreter_id", [(place.interpreter, place) for place in places if place.interpreter], now)
    _drop_expired("room_id", [(place.room, place) for place in places if place.room], now)


def _drop_expired(column: str, wanted: Sequence[tuple[int, Place]], now: dt.datetime) -> None:
    """Those that stand in the way at that column of the appointment."""
    if not wanted:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            DROP_EXPIRED % {"column": column},
            [
                [number for number, _place in wanted],
                [place.starts for _number, place in wanted],
                [place.ends for _number, place in wanted],
                now,
            ],
        )


def lock(*names: str) -> None:
    """Wait until nobody else works under these names, until the end of the transaction. Always in the same order."""
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def share_opening(house: str) -> None:
    """Keep the hours of the house (by key) as they are until the end of the transaction. Whoever takes places does this first of all."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(hashtextextended(%s, 0))", [f"opening:{house}"])


def change_opening(house: str) -> None:
    """Wait until nobody takes places in the house, and let nobody until the end of the transaction."""
    lock(f"opening:{house}")


def delete_hold(**which: str) -> None:
    """Let go of a hold and its places. The hold is locked first, as by whoever books it, so that the two never wait for each other."""
    held = list(Hold.objects.select_for_update().filter(**which).values_list("id", flat=True))
    Hold.objects.filter(id__in=held).delete()


def delete_expired_holds(*, now: dt.datetime) -> int:
    """Delete every hold that has run out, with its places; how many there were."""
    expired = list(Hold.objects.select_for_update(skip_locked=True).filter(held_until__lte=now).order_by("id").values_list("id", flat=True))
    Appointment.objects.filter(hold__in=expired).delete()
    return Hold.objects.filter(id__in=expired).delete()[0]
