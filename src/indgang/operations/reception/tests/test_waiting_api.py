"""The waiting list over the API: from the wish to the booked time, once."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import LazySettings

from indgang.foundation.access.actors import system
from indgang.foundation.places.models import House
from indgang.operations.reception.actions.changes import cancel_journey
from indgang.operations.reception.actions.serving import serve_house
from indgang.operations.reception.models import Journey, WaitingEntry
from indgang.operations.reception.tests.staff_day import at
from indgang.operations.reception.tests.test_api import PROBLEM, post
from indgang.operations.reception.tests.waiting_day import DAY, booked, house_open
from indgang.operations.reception.waiting_links import entry_key

pytestmark = pytest.mark.django_db
CONTACT = {"name": "Wanda Waiting", "email": "wanda@example.org", "language": "en"}


@pytest.fixture
def house(settings: LazySettings) -> House:
    at(settings, 8, 0)
    return house_open(15)


def wish(**other: Any) -> dict[str, Any]:
    asked = {"house": "aalborg", "citizenship": "POL", "purpose": "work", "municipality": "851", "stay_months": 2, **other}
    return {"wish": {**asked, "earliest": DAY.isoformat(), "latest": DAY.isoformat()}, "contact": CONTACT, "consent": True}


def opened() -> tuple[str, str]:
    """The address of the only entry, and its key from the letter."""
    entry = WaitingEntry.objects.get()
    return f"waiting/{entry.pk}", entry_key(entry)


def offered(client: Any) -> dict[str, Any]:
    address, key = opened()
    return client.get(f"/api/v1/{address}?key={key}").json()  # type: ignore[no-any-return]


def test_a_wish_becomes_a_visit_once(house: House, client: Any) -> None:
    taken = booked(house)
    left = post("waiting", wish())
    assert (left.status_code, left.json()["status"], left.json()["offer"]) == (201, "unconfirmed", None)
    assert "key" not in left.json()
    address, key = opened()
    assert post(f"{address}/confirm?key={key}", {}).json()["status"] == "waiting"
    cancel_journey(actor=system(), journey=taken)
    serve_house(house)
    standing = offered(client)
    assert (standing["status"], standing["offer"]["starts"]) == ("offered", "2026-12-15T09:00:00+01:00")
    accept = f"{address}/offers/{standing['offer']['id']}/accept?key={key}"

    first, second = post(accept, {}), post(accept, {})

    assert (first.status_code, second.status_code) == (200, 409)
    assert second["Content-Type"] == PROBLEM
    assert Journey.objects.filter(cancelled_at=None).count() == 1
    assert (offered(client)["status"], offered(client)["journey"]) == ("booked", first.json()["reference"])


def test_declining_and_leaving(house: House, client: Any) -> None:
    taken = booked(house)
    post("waiting", wish())
    address, key = opened()
    post(f"{address}/confirm?key={key}", {})
    cancel_journey(actor=system(), journey=taken)
    serve_house(house)
    declined = post(f"{address}/offers/{offered(client)['offer']['id']}/decline?key={key}", {})
    assert (declined.status_code, declined.json()["status"], declined.json()["offer"]) == (200, "waiting", None)

    assert [post(f"{address}/leave?key={key}", {}).json()["status"] for _twice in range(2)] == ["left", "left"]
    assert post(f"{address}/confirm?key={key}", {}).status_code == 409


def test_without_the_key_there_is_nothing(house: House, client: Any) -> None:
    post("waiting", wish())
    address, _key = opened()

    assert client.get(f"/api/v1/{address}?key=x").status_code == 404
    for call in ("confirm", "leave", "offers/00000000-0000-4000-8000-000000000000/accept"):
        assert post(f"{address}/{call}?key=x", {}).status_code == 404
    assert WaitingEntry.objects.get().confirmed_at is None


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"contact": {"name": "", "email": "wanda@example.org"}}, "contact.name"),
        ({"contact": {"name": "Wanda", "email": ""}}, "contact.email"),
        ({"consent": False}, "consent"),
        ({"wish": {"house": "aalborg", "citizenship": "POL", "earliest": "2020-01-01", "latest": "2020-01-02"}}, "wish.earliest"),
        ({"wish": {"journey": "X", "key": "Y"}}, "wish.journey"),
    ],
)
def test_a_field_is_named_by_its_path(house: House, changed: dict[str, Any], field: str) -> None:
    refused = post("waiting", {**wish(), **changed})

    assert (refused.status_code, [error["field"] for error in refused.json()["errors"]]) == (422, [field])
    assert not WaitingEntry.objects.exists()


def test_the_same_request_again_is_the_same_wish(house: House) -> None:
    sent = [post("waiting", wish(), **{"Idempotency-Key": "once"}).json()["id"] for _twice in range(2)]

    assert (sent[0], WaitingEntry.objects.count()) == (sent[1], 1)
