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

INSERT = """
    INSERT INTO reception_appointment (desk_id, party, period, visit_id, hold_id, created_at)
    SELECT desk, %(party)s, tstzrange(starts, ends), visit, %(hold)s, %(now)s
    FROM unnest(%(desks)s::bigint[], %(starts)s::timestamptz[], %(ends)s::timestamptz[], %(visits)s::bigint[])
         AS t(desk, starts, ends, visit)
    ORDER BY desk, starts
    ON CONFLICT DO NOTHING
"""


class PlacesTaken(Exception):
    """At least one of the places is somebody else's by now. The transaction must be rolled back."""


@dataclass(frozen=True)
class Place:
    """A desk from `starts` to `ends`, for a visit or (without one) for a hold."""

    desk: int
    starts: dt.datetime
    ends: dt.datetime
    visit: int | None = None


def take_places(places: Sequence[Place], *, party: int, now: dt.datetime, hold: UUID | None = None) -> None:
    """Take all the places for a party, or raise PlacesTaken.

    Two parties that change places with each other at the same moment wait for each other; the database then ends one of them.
    """
    drop_expired_holds(places, now=now)
    try:
        taken = _insert(places, party, now, hold)
    except OperationalError as error:
        if isinstance(error.__cause__, psycopg.errors.DeadlockDetected):
            raise PlacesTaken from error
        raise
    if taken != len(places):
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
            },
        )
        return cursor.rowcount


def drop_expired_holds(places: Sequence[Place], *, now: dt.datetime) -> None:
    """Delete the holds that have run out and stand in the way. Rows that a colleague deletes this moment are left to the colleague."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            DELETE FROM reception_appointment WHERE id IN (
                SELECT a.id FROM reception_appointment a JOIN reception_hold h ON h.id = a.hold_id
                JOIN unnest(%(desks)s::bigint[], %(starts)s::timestamptz[], %(ends)s::timestamptz[]) AS t(desk, starts, ends)
                  ON a.desk_id = t.desk AND a.period && tstzrange(t.starts, t.ends)
                WHERE h.held_until <= %(now)s
                ORDER BY a.id FOR UPDATE OF a SKIP LOCKED
            )
            """,
            {
                "now": now,
                "desks": [place.desk for place in places],
                "starts": [place.starts for place in places],
                "ends": [place.ends for place in places],
            },
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
