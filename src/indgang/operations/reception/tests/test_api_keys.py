"""Idempotency-Key: the same request again is answered as the first; another request under the same key is refused and given nothing."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from indgang.config.api import api
from indgang.foundation.places.models import House
from indgang.operations.reception.models import Desk, Hours, Journey, Ticket, WaitingEntry
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.staff_day import at
from indgang.operations.reception.tests.test_api import PROBLEM, booking, planned, post
from indgang.operations.reception.tests.test_waiting_api import wish as waiting_wish

pytestmark = pytest.mark.django_db
TICKETS = "houses/aalborg/tickets"
TICKET = {"service": "tax-card", "people": 1}


@pytest.fixture
def house(settings: LazySettings) -> House:
    at(settings, 10)
    return factories.small_house()


def tickets() -> list[dict[str, Any]]:
    others = ({"people": 2}, {"service": "mitid"}, {"language": "da"}, {"municipality": "851"})
    return [TICKET, *({**TICKET, **other} for other in others)]


def journeys() -> list[dict[str, Any]]:
    first, second = planned()[:2]
    contact = {"name": "Bo", "email": "bo@example.org", "language": "en"}
    return [booking(first["offer"]), booking(second["offer"]), booking(first["offer"], contact=contact)]


def wishes() -> list[dict[str, Any]]:
    body = waiting_wish()
    contact = {**body["contact"], "email": "other@example.org"}
    return [body, {**body, "contact": contact}, {**body, "wish": {**body["wish"], "latest": "2026-12-20"}}]


CALLS: dict[str, tuple[Callable[[], list[dict[str, Any]]], Any]] = {
    TICKETS: (tickets, Ticket),
    "journeys": (journeys, Journey),
    "waiting": (wishes, WaitingEntry),
}


def test_the_table_has_every_call_that_takes_a_key() -> None:
    taking = {
        path.removeprefix("/api/v1/").format(house="aalborg")
        for path, methods in api.get_openapi_schema()["paths"].items()
        for operation in methods.values()
        if any(one["name"] == "Idempotency-Key" for one in operation.get("parameters", []))
    }
    assert taking == CALLS.keys()


@pytest.mark.parametrize("path", CALLS)
def test_the_same_again_is_the_same_and_anything_else_is_refused(house: House, path: str) -> None:
    bodies, model = CALLS[path]
    first, *others = bodies()
    key: dict[str, Any] = {"Idempotency-Key": str(uuid.uuid4())}
    made = post(path, first, **key)
    assert made.status_code == 201
    again = post(path, first, **key)
    assert (again.status_code, again.json()) == (201, made.json())
    for other in others:
        refused = post(path, other, **key)
        assert (refused.status_code, refused["Content-Type"]) == (409, PROBLEM)
        assert not {"key", "manage_url", "id", "number"} & refused.json().keys(), "and nothing of the first is told"
    assert model.objects.count() == 1
    assert post(path, first, **key).json() == made.json()


def test_without_a_key_every_request_is_a_visitor_of_its_own(house: House) -> None:
    assert [post(TICKETS, TICKET).json()["number"] for _visitor in range(2)] == [1, 2]
    assert post(TICKETS, TICKET, client=Client(headers={"Idempotency-Key": ""})).json()["number"] == 3


def test_a_key_of_another_house_or_another_call_is_another_key(house: House) -> None:
    other = House.objects.create(region=house.region, key="aarhus", title_da="Aarhus")
    tax = factories.organisation("skattestyrelsen")
    desk = Desk.objects.create(house=other, key="tax-9", organisation=tax, title_da="Skat", languages=["da"])
    desk.services.set([factories.service("tax-card")])
    Hours.objects.create(house=other, weekday=1, opens=dt.time(9), closes=dt.time(15))
    key: dict[str, Any] = {"Idempotency-Key": str(uuid.uuid4())}
    here, there = post(TICKETS, TICKET, **key), post("houses/aarhus/tickets", TICKET, **key)
    assert (here.status_code, there.status_code, here.json()["key"] == there.json()["key"]) == (201, 201, False)
    assert post("journeys", journeys()[0], **key).status_code == 201
    assert post("waiting", wishes()[0], **key).status_code == 201
