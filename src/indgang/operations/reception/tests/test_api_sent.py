"""Whatever is sent where an object belongs is refused and does nothing; the table is the API's own description, so a new call is in it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from indgang.config.api import api
from indgang.foundation.places.models import House
from indgang.operations.reception.models import Journey, Visit
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.staff_day import at
from indgang.operations.reception.tests.test_api import PROBLEM, booking, planned, post, token, wish
from indgang.operations.reception.tests.test_groups_api import Group, one

pytestmark = pytest.mark.django_db
NOBODY = "3f0c9a52-57f3-4c7e-9a4e-6f1f6f0f1a11"
PLACES = {"reference": "AAAA-AAAA", "house": "aalborg", "desk": "siri-1", "number": "1", "person": "1", "booking": NOBODY, "offer": NOBODY}
JSON = "application/json"


@pytest.fixture
def house(settings: LazySettings) -> House:
    at(settings, 10)
    return factories.small_house()


def calls() -> Iterator[tuple[str, bool]]:
    """Every call that is no GET: its path, and whether it reads a body. All of them are POST."""
    for path, methods in api.get_openapi_schema()["paths"].items():
        assert methods.keys() <= {"get", "post"}
        if "post" in methods:
            places = {**PLACES, **({"number": NOBODY} if path.startswith("/api/v1/waiting") else {})}
            yield path.format(**places), "requestBody" in methods["post"]


def send(path: str, content: str, kind: str = JSON) -> Any:
    return Client(headers={"Accept-Language": "en", **token("clerk", "siri")}).post(path, content, content_type=kind)


READING = [path for path, reads in calls() if reads]


def test_these_calls_read_a_body() -> None:
    names = [path.removeprefix("/api/v1/").replace(NOBODY, "*") for path in READING]
    assert sorted(names) == sorted(
        [
            *("journeys", "journeys/hold", "journeys/plan", "journeys/AAAA-AAAA/move", "houses/aalborg/tickets", "waiting", "groups"),
            *("groups/*/people", "groups/*/plan", "groups/*/book", "groups/*/cancel", "visits/1/finish"),
        ]
    )


@pytest.mark.parametrize("path", READING)
def test_what_is_no_object_is_refused(house: House, path: str) -> None:
    for content in ("[]", "null", '"x"', "5", "true", "[{}]"):
        answer = send(path, content)
        assert (answer.status_code, answer["Content-Type"]) == (422, PROBLEM), content
        assert answer.json()["errors"] == [{"field": "body", "message": "Send an object with its fields."}], content
    for content, kind in (("{", JSON), ("service=tax-card", "application/x-www-form-urlencoded"), ("\xff", "text/plain")):
        answer = send(path, content, kind)
        assert (answer.status_code, answer["Content-Type"]) == (400, PROBLEM), content
        assert answer.json()["detail"] == "The body cannot be read as JSON.", content
    assert not Journey.objects.exists()


@pytest.mark.parametrize("path", [path for path in READING if not path.endswith(("plan", "cancel", "finish"))])
def test_a_field_that_is_needed_is_named(house: House, path: str) -> None:
    answer = send(path, "{}")
    assert (answer.status_code, answer["Content-Type"]) == (422, PROBLEM)
    assert "This must be sent." in {error["message"] for error in answer.json()["errors"]}


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("journeys/plan", wish(people=["x"]), "people.0"),
        ("journeys/plan", wish(people=[[]]), "people.0"),
        ("journeys", {"offer": "x", "contact": []}, "contact"),
        ("waiting", {"wish": [], "contact": {}}, "wish"),
        ("waiting", {"wish": {}, "contact": "Ana"}, "contact"),
        ("groups", {"contact": []}, "contact"),
        (f"groups/{NOBODY}/people", {"people": [7]}, "people.0"),
    ],
)
def test_so_is_a_part_that_is_no_object(house: House, path: str, body: dict[str, Any], field: str) -> None:
    answer = post(path, body)
    assert (answer.status_code, answer.json()["errors"]) == (422, [{"field": field, "message": "Send an object with its fields."}])


def test_a_step_ends_with_what_was_sent_and_with_nothing_else(house: House) -> None:
    body = post("journeys", booking(planned()[0]["offer"])).json()
    clerk, desk = token("clerk", "siri"), body["appointments"][0]["desk"]
    visit = Visit.objects.get(journey__reference=body["reference"], service__key="siri-residence")
    client = Client(headers={**clerk, "Accept-Language": "en"})
    factories.member("floorwalker", "ihnd")
    assert client.post(f"/api/v1/visits/{visit.pk}/arrive").status_code == 200
    assert client.post(f"/api/v1/desks/{desk}/next").status_code == 200
    assert client.post(f"/api/v1/visits/{visit.pk}/start").status_code == 200
    for content in ("[]", "null", '"done"', json.dumps({"outcom": "refused"}), json.dumps({"outcome": "refused", "why": "no"})):
        assert client.post(f"/api/v1/visits/{visit.pk}/finish", content, content_type=JSON).status_code == 422, content
        visit.refresh_from_db()
        assert (visit.status, visit.outcome) == ("serving", "")
    misspelt = client.post(f"/api/v1/visits/{visit.pk}/finish", json.dumps({"outcom": "refused"}), content_type=JSON).json()
    assert misspelt["errors"] == [{"field": "outcom", "message": "There is no such field here."}]
    assert client.post(f"/api/v1/visits/{visit.pk}/finish", "", content_type=JSON).json()["outcome"] == "done"


def test_a_misspelt_field_cancels_nobody_of_a_group(house: House) -> None:
    group = Group()
    group.add("Olga Nowak")
    answer = group.post("cancel", {"persons": [1]})
    assert (answer.status_code, answer.json()["errors"][0]["field"], one("x")["name"]) == (422, "persons", "x")
