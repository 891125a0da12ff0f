"""How soon a freed place is offered to the one who has waited longest: a full day is cancelled bit by bit, in a house with a worker."""

from __future__ import annotations

import datetime as dt
import time
import uuid
from random import Random
from typing import Any

from bench.client import Client
from bench.measures import BOOKED_WITHIN, Unexpected, contact, wish
from bench.table import Measure
from indgang.foundation.database import clock
from indgang.operations.reception.models import WaitingEntry, WaitingOffer
from indgang.operations.reception.models.waiting import Answer
from indgang.operations.reception.waiting_links import entry_key

OFFERED_WITHIN = 5.0
ROUNDS = 15
PATIENCE = 30
MOST_BOOKINGS = 200


def offers(client: Client) -> Measure:
    """From the answer to a cancelling until the place is held for the next who waits."""
    measure, source = Measure("a freed place offered", OFFERED_WITHIN), Random(6)
    day, booked = _full_day(client, source)
    waiting = [_waits(client, source, day, number) for number in range(ROUNDS)]
    for number, journey in zip(range(ROUNDS), booked, strict=False):
        _asked(client.post(f"/api/v1/journeys/{journey['reference']}/cancel?key={journey['key']}", {}), 200)
        measure.add(_until_offered(waiting, number + 1))
    return measure


def _full_day(client: Client, source: Random) -> tuple[dt.date, list[Any]]:
    """The last day with times, and who took the last of them."""
    for days in range(BOOKED_WITHIN - 1, 0, -1):
        day, booked = clock.today() + dt.timedelta(days=days), []
        while offer := _offer(client, source, day):
            name = f"full{source.getrandbits(40):x}"
            body = {"offer": offer, "contact": contact(name), "people": [], "consent": True}
            booked.append(_asked(client.post("/api/v1/journeys", body, Idempotency_Key=_key(source)), 201))
            if len(booked) > MOST_BOOKINGS:
                raise Unexpected(f"{day} is never full")
        if len(booked) >= ROUNDS:
            return day, booked
    raise Unexpected("no day has room for so many")


def _offer(client: Client, source: Random, day: dt.date) -> str:
    """What is offered on that day, or nothing."""
    found = _asked(client.post("/api/v1/journeys/plan", _on(source, day) | {"limit": 1}), 200)["itineraries"]
    return str(found[0]["offer"]) if found else ""


def _on(source: Random, day: dt.date) -> dict[str, object]:
    """A wish for that day only."""
    return {**wish(source), "earliest": day.isoformat(), "latest": day.isoformat()}


def _waits(client: Client, source: Random, day: dt.date, number: int) -> WaitingEntry:
    """Somebody leaves the wish for that day, and confirms it."""
    body = {"wish": _on(source, day), "contact": contact(f"waits{number}x{source.getrandbits(40):x}"), "consent": True}
    left = _asked(client.post("/api/v1/waiting", body, Idempotency_Key=_key(source)), 201)
    entry = WaitingEntry.objects.get(pk=left["id"])
    _asked(client.post(f"/api/v1/waiting/{entry.pk}/confirm?key={entry_key(entry)}", {}), 200)
    return entry


def _until_offered(waiting: list[WaitingEntry], count: int) -> float:
    """The seconds until so many of them have a place held."""
    began = time.perf_counter()
    open_offers = WaitingOffer.objects.filter(answer=Answer.OPEN, entry__in=waiting)
    while open_offers.count() < count:
        if time.perf_counter() - began > PATIENCE:
            raise Unexpected(f"{count} places are free, and {open_offers.count()} are offered")
        time.sleep(0.02)
    return time.perf_counter() - began


def _asked(answer: tuple[int, Any, float], status: int) -> Any:
    """What was answered, if it is what was asked for."""
    if answer[0] != status:
        raise Unexpected(f"{answer[0]} {str(answer[1])[:300]}")
    return answer[1]


def _key(source: Random) -> str:
    return str(uuid.UUID(int=source.getrandbits(128)))
