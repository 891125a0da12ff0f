"""The last calls in the hall: numbers and desks, nothing about who it is."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass

from django.db.models import F, OuterRef, QuerySet, Subquery

from indgang.foundation.database import clock
from indgang.foundation.places.models import House
from indgang.operations.reception.models import Desk, Resource, Ticket, Visit

SHOWN = 6  # the last call, and the five before it
A_DAY = dt.timedelta(hours=16)
RENEWED_SECONDS = 5  # the waits beside the calls, as often as on the phones


@dataclass(frozen=True)
class Call:
    """A number that was called to a desk, or by the desk into a room; `calls` is how often. `seconds` ago it was called the last time."""

    visit: int
    number: int
    desk: Desk
    status: str
    calls: int
    called_at: dt.datetime
    seconds: int
    room: Resource | None = None

    @property
    def key(self) -> str:
        """One call: calling the same number again is another, also when its step is booked anew and counted from one."""
        return f"{self.visit}.{self.calls}.{int(self.called_at.timestamp())}"


def stamp_of_calls(house: str) -> str:
    """An entity tag for the display of the house of that key, with one query: it changes with every call and every five seconds."""
    shown = "pk", "calls", "desk", "desk__title_da", "desk__title_en", "room__title_da", "room__title_en", "status", "last_called_at"
    rows = list(_called(house).values_list(*shown)[:SHOWN])
    state = repr((house, rows, int(clock.now().timestamp() // RENEWED_SECONDS)))
    return f'"{hashlib.sha256(state.encode()).hexdigest()[:32]}"'


def last_calls(house: House) -> list[Call]:
    """The last calls of the day, the newest first."""
    now, today = clock.now(), clock.today(house.zone)
    tickets = Ticket.objects.filter(journey=OuterRef("journey"), date=today).values("number")[:1]
    rows = _called(house.key).annotate(number=Subquery(tickets)).filter(number__isnull=False).select_related("desk", "room")
    return [
        Call(
            visit=visit.pk,
            number=visit.number,
            desk=visit.desk,  # type: ignore[arg-type]
            status=visit.status,
            calls=visit.calls,
            called_at=visit.last_called_at,
            seconds=int((now - visit.last_called_at).total_seconds()),
            room=visit.room,
        )
        for visit in rows[:SHOWN]
        if visit.last_called_at
    ]


def _called(house: str) -> QuerySet[Visit]:
    """What was called lately; a call that was undone is not. (Only who arrived lately can have been called: the arrivals are indexed.)"""
    since = clock.now() - A_DAY
    rows = Visit.objects.filter(arrived_at__gte=since, last_called_at__gte=since, desk__isnull=False, journey__house__key=house)
    return rows.order_by(F("last_called_at").desc(), "-pk")
