"""What one caller waits for: availability, plans, bookings, the board."""

from __future__ import annotations

import datetime as dt
import json
import re
import uuid
from collections.abc import Iterator
from random import Random

from bench.client import Client
from bench.region import HOUSE
from bench.table import Measure
from indgang.config.demo_accounts import PASSWORD, codes_of
from indgang.foundation.database import clock
from indgang.foundation.identity.models import Role, User

WARM_UP = 20
BOOKED_WITHIN = 120  # days: in the sixty that are booked full there is no room for so many more
DAYS = 60
SERVICES = ("siri-eu-residence", "cpr-registration", "tax-card", "mitid")
FAMILY = [
    {"citizenship": "POL", "purpose": "work"},
    {"citizenship": "IND"},
    {"citizenship": "POL", "child": True},
    {"citizenship": "POL", "child": True},
]


class Unexpected(Exception):
    """The server answered something that the measurement did not ask for."""


def wish(source: Random, *, days: int = 14, within: int = DAYS, **more: object) -> dict[str, object]:
    """What somebody asks the planner for, within the sixty days (or so many)."""
    first = clock.today() + dt.timedelta(days=source.randrange(1, within - days))
    return {
        "house": HOUSE,
        "citizenship": "POL",
        "purpose": "work",
        "municipality": "851",
        "stay_months": 12,
        "adults": 1,
        "earliest": first.isoformat(),
        "latest": (first + dt.timedelta(days=days - 1)).isoformat(),
        **more,
    }


def availability(client: Client, count: int = 300) -> Measure:
    """Free times of one service for a month."""
    measure, source = Measure("availability for a month", 0.050), Random(1)
    for number in range(WARM_UP + count):
        first = clock.today() + dt.timedelta(days=source.randrange(DAYS - 30))
        last = first + dt.timedelta(days=30)
        status, content, took = client.get(
            f"/api/v1/availability?house={HOUSE}&service={source.choice(SERVICES)}&from={first}&to={last}&people={source.randrange(1, 5)}"
        )
        if status != 200 or not json.loads(content)["slots"]:
            raise Unexpected(f"availability: {status} {content[:300]!r}")
        measure.add(took, counts=number >= WARM_UP)
    return measure


def plans(client: Client, count: int = 300) -> Measure:
    """Itineraries for a family of four: a worker from the EU, a spouse from elsewhere, two children."""
    measure, source = Measure("itineraries, family of four", 0.150), Random(2)
    for number in range(WARM_UP + count):
        status, answer, took = client.post("/api/v1/journeys/plan", wish(source, people=FAMILY))
        if status != 200 or not answer["itineraries"] or len(answer["steps"]) < 4:
            raise Unexpected(f"plan: {status} {str(answer)[:300]}")
        measure.add(took, counts=number >= WARM_UP)
    return measure


def bookings(client: Client, count: int = 150, source: Random | None = None) -> Measure:
    """Booking a journey of four steps for one person. Who books is another person with every source."""
    measure, source = Measure("booking a four-step journey", 0.100), source or Random(3)
    name = f"bench{source.getrandbits(40):x}"
    for number, offer in enumerate(_offers(client, source, WARM_UP + count)):
        body = {"offer": offer, "contact": contact(f"{name}x{number}"), "people": [], "consent": True}
        status, answer, took = client.post("/api/v1/journeys", body, Idempotency_Key=str(uuid.UUID(int=source.getrandbits(128))))
        if status != 201 or len(answer["appointments"]) != 4:
            raise Unexpected(f"booking: {status} {str(answer)[:300]}")
        measure.add(took, counts=number >= WARM_UP)
    return measure


def _offers(client: Client, source: Random, count: int) -> Iterator[str]:
    for _number in range(count):
        status, answer, _took = client.post("/api/v1/journeys/plan", wish(source, within=BOOKED_WITHIN, limit=1))
        if status != 200 or not answer["itineraries"]:
            raise Unexpected(f"plan: {status} {str(answer)[:300]}")
        yield answer["itineraries"][0]["offer"]


def contact(name: str) -> dict[str, str]:
    """Somebody who books."""
    return {"name": f"{name.title()} Example", "email": f"{name}@example.org", "language": "en"}


def board(client: Client, count: int = 150) -> Measure:
    """The floorwalker's board of a morning with sixty parties."""
    _log_in(client)
    return boards(client, count)


def boards(client: Client, count: int) -> Measure:
    """The same, for somebody who has logged in."""
    parties = 0
    measure = Measure("board", 0.150)
    for number in range(WARM_UP + count):
        status, content, took = client.get(f"/board/{HOUSE}/")
        if status != 200:
            raise Unexpected(f"board: {status} {client.location}")
        parties = len(set(re.findall(rb"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b", content)))
        measure.add(took, counts=number >= WARM_UP)
    measure.name = f"board with {parties} parties"
    return measure


def statistics(client: Client, count: int) -> Measure:
    """The statistics of the last month, for somebody who has logged in."""
    last = clock.today() - dt.timedelta(days=1)
    measure = Measure("statistics of a month", 0.150)
    for number in range(WARM_UP + count):
        status, content, took = client.get(f"/statistics/{HOUSE}/?first={last - dt.timedelta(days=29)}&last={last}")
        if status != 200 or b"table-hour" not in content:
            raise Unexpected(f"statistics: {status} {client.location}")
        measure.add(took, counts=number >= WARM_UP)
    return measure


def _log_in(client: Client) -> None:
    """With password and one-time code, as people do."""
    user = User.objects.filter(is_demo=True, memberships__role=Role.FLOORWALKER).order_by("id")[0]
    client.get("/account/login/")
    client.form("/account/login/", login=user.email, password=PASSWORD, csrfmiddlewaretoken=client.cookies["csrftoken"])
    client.get("/account/codes/enter/")
    status = client.form("/account/codes/enter/", code=codes_of([user])[user.pk].text, csrfmiddlewaretoken=client.cookies["csrftoken"])
    if status != 302:
        raise Unexpected(f"login: {status}")
