"""What the API answers when something is wrong, in which language, and what its description says of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from indgang.foundation.places.models import House
from indgang.operations.reception.models import Appointment, Journey
from indgang.operations.reception.tests.factories import small_house
from indgang.operations.reception.tests.test_api import PROBLEM, booking, planned, post, token, wish

pytestmark = pytest.mark.django_db
DANISH = {"Accept-Language": "da"}


@pytest.fixture
def house(settings: Any) -> House:
    """A small house on a Tuesday morning before it opens."""
    settings.CLOCK_STARTS_AT = dt.datetime(2026, 12, 8, 7, tzinfo=dt.UTC)
    return small_house()


def fields(answer: Any) -> list[str]:
    assert (answer.status_code, answer["Content-Type"]) == (422, PROBLEM)
    return [error["field"] for error in answer.json()["errors"]]


def messages(answer: Any) -> list[str]:
    return [error["message"] for error in answer.json()["errors"]]


MIXED = [{"citizenship": "DEU"}, {"citizenship": "XXX", "purpose": "fun"}, {"citizenship": "DEU", "child": True}]


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ({"people": MIXED}, ["people.1.citizenship", "people.1.purpose"]),
        ({"people": [{"citizenship": "", "child": True}]}, ["people"]),
        ({"people": [{}], "citizenship": "XXX", "purpose": "fun"}, ["citizenship", "purpose"]),
        ({"people": [{"name": "x" * 301}]}, ["people.0.name"]),
        ({"citizenship": "XXX", "adults": 2}, ["citizenship"]),
        ({"adults": 30, "children": 10}, ["adults"]),
        ({"municipality": {"code": 851}}, ["municipality"]),
    ],
)
def test_a_field_is_named_by_its_path_in_the_wish(house: House, asked: dict[str, Any], named: list[str]) -> None:
    assert fields(post("journeys/plan", wish(**asked))) == named


def test_a_field_is_named_by_its_path_in_the_booking(house: House) -> None:
    offer = planned()[0]["offer"]
    contact = {"name": "", "email": "nobody", "phone": "x"}
    assert fields(post("journeys", booking(offer, contact=contact))) == ["contact.name", "contact.email", "contact.phone"]
    people = [{"citizenship": "POL"}, {"citizenship": "XXX"}, {"citizenship": "POL", "child": True, "purpose": "fun"}]
    assert fields(post("journeys", booking(offer, people=people))) == ["people.1.citizenship", "people.2.purpose"]
    assert fields(post("journeys", booking(offer, consent=False))) == ["consent"]
    assert fields(post("journeys", {"offer": offer})) == ["contact"]


def test_people_who_come_for_something_else_are_not_those_of_the_plan(house: House) -> None:
    mixed = [{"citizenship": "DEU"}, {"citizenship": "IND", "purpose": "family"}]
    offer = planned(people=mixed)[0]["offer"]
    for purpose in ("work", "study"):
        named = [{"citizenship": "DEU", "name": "Ada"}, {"citizenship": "IND", "name": "Bo", "purpose": purpose}]
        assert fields(post("journeys", booking(offer, people=named))) == ["people"]
    assert not Journey.objects.exists()
    named = [{"citizenship": "IND", "name": "Bo", "purpose": "family"}, {"citizenship": "DEU", "name": "Ada", "purpose": "work"}]
    assert post("journeys", booking(offer, people=named)).status_code == 201
    assert list(Journey.objects.get().travellers.values_list("person__name", "purpose")) == [("Ada", "work"), ("Bo", "family")]


def test_unreadable_input_is_told_in_plain_words_of_the_callers_language(house: House) -> None:
    asked = wish(limit="many", earliest="8.12.2026", adults=-1, children=True, people={}, purpose=7, house="x" * 61)
    danish, english = (messages(post("journeys/plan", asked, **headers)) for headers in (DANISH, {}))
    assert english == [
        "This is longer than 60 characters.",
        "Write a text.",
        "Write a number that is 0 or more.",
        "Send a list.",
        "Write the date as 2026-12-08.",
        "Write a whole number.",
    ]
    assert [one == other for one, other in zip(danish, english, strict=True)] == [False] * 6
    broken = [Client(headers=who).post("/api/v1/journeys/plan", "{", content_type="application/json").json() for who in ({}, DANISH)]
    assert (broken[0]["detail"], broken[1]["detail"]) == ("The body cannot be read as JSON.", "Indholdet kan ikke læses som JSON.")


def test_accept_language_counts_where_the_body_says_nothing(house: House) -> None:
    quiet = {name: value for name, value in wish(citizenship="XXX").items() if name != "language"}
    said = [
        post("journeys/plan", body, **headers).json()["detail"]
        for body, headers in ((quiet, DANISH), (quiet, {}), (quiet | {"language": "en"}, DANISH), (quiet | {"language": "uk"}, DANISH))
    ]
    assert (said[0] == said[3], said[1] == said[2], said[0] == said[1]) == (True, True, False)
    offer = planned()[0]["offer"]
    contact = {"name": "Ada", "email": "ada@example.org"}
    assert post("journeys", booking(offer, contact=contact), **DANISH).json()["language"] == "da"


def test_head_is_answered_wherever_get_is_and_changes_nothing(house: House) -> None:
    body = post("journeys", booking(planned()[0]["offer"])).json()
    key = body["calendar_url"].split("key=")[1]
    before = list(Appointment.objects.values()), list(Journey.objects.values())
    client, path = Client(), f"/api/v1/journeys/{body['reference']}"
    for address in ("/api/v1/houses", "/api/v1/openapi.json", f"{path}.ics?key={key}", f"{path}?key={body['key']}", f"{path}?key=wrong"):
        got, head = client.get(address), client.head(address)
        assert (head.status_code, head["Content-Type"], head.content) == (got.status_code, got["Content-Type"], b"")
    refused = client.head(f"{path}/cancel?key={body['key']}")
    assert (refused.status_code, refused["Allow"], client.post("/api/v1/houses")["Allow"]) == (405, "POST", "GET, HEAD")
    assert (list(Appointment.objects.values()), list(Journey.objects.values())) == before


def served(body: dict[str, Any]) -> None:
    """Somebody serves the first step of the journey."""
    first, clerk = body["appointments"][0], token("clerk", "siri")
    assert post(f"visits/{first['id']}/arrive", {}, **token("floorwalker", "ihnd")).status_code == 200
    assert post(f"desks/{first['desk']}/next", {}, **clerk).status_code == 200
    assert post(f"visits/{first['id']}/finish", {"outcome": "done"}, **clerk).status_code == 200


def test_what_is_left_of_a_journey_is_planned_and_moved(house: House) -> None:
    body = post("journeys", booking(planned(adults=1, children=0, latest="2026-12-08")[0]["offer"])).json()
    path, key = f"journeys/{body['reference']}", body["key"]
    served(body)
    asked = {"journey": body["reference"], "key": key, "earliest": "2026-12-10", "latest": "2026-12-11", "limit": 2}
    plan = post("journeys/plan", asked).json()
    assert {step["service"] for step in plan["steps"]} == {"cpr-registration", "mitid", "tax-card"}
    assert plan["steps"][0]["bring"] == ["Passport or identity card", "Proof of your address"]
    assert (len(plan["itineraries"]), {way["starts"][:10] for way in plan["itineraries"]}) == (2, {"2026-12-10"})
    moved = post(f"{path}/move?key={key}", {"offer": plan["itineraries"][0]["offer"]}).json()
    days = {step["service"]: step["starts"][:10] for step in moved["appointments"]}
    assert days == {"siri-residence": "2026-12-08"} | dict.fromkeys(("cpr-registration", "mitid", "tax-card"), "2026-12-10")
    assert [post("journeys/plan", asked | wrong).status_code for wrong in ({"key": "wrong"}, {"journey": "AAAA-AAAA"})] == [404, 404]
    assert fields(post("journeys/plan", asked | {"latest": "2026-12-01"})) == ["latest"]
    post(f"{path}/cancel?key={key}", {})
    assert post("journeys/plan", asked).status_code == 409


def test_documents_are_missing_only_where_that_is_the_outcome(house: House) -> None:
    body = post("journeys", booking(planned(latest="2026-12-08")[0]["offer"])).json()
    first, clerk = body["appointments"][0], token("clerk", "siri")
    post(f"visits/{first['id']}/arrive", {}, **token("floorwalker", "ihnd"))
    post(f"desks/{first['desk']}/next", {}, **clerk)
    assert fields(post(f"visits/{first['id']}/finish", {"outcome": "done", "missing": ["Passport"]}, **clerk)) == ["missing"]
    assert post(f"visits/{first['id']}/finish", {"outcome": "done", "missing": []}, **clerk).json()["outcome"] == "done"


def test_the_description_declares_what_each_call_answers(house: House) -> None:
    description = Client().get("/api/v1/openapi.json").json()
    declared = {
        path.removeprefix("/api/v1/"): sorted(int(status) for status in operation["responses"] if int(status) < 500)
        for path, methods in description["paths"].items()
        for operation in methods.values()
    }
    at_a_visit = [200, 401, 404, 409, 422]
    assert declared == {
        "houses": [200],
        "waiting": [201, 400, 404, 409, 413, 422, 429],
        "waiting/{number}": [200, 404, 422],
        "waiting/{number}/confirm": [200, 404, 409, 422],
        "waiting/{number}/leave": [200, 404, 422],
        "waiting/{number}/offers/{offer}/accept": [200, 404, 409, 422, 429],
        "waiting/{number}/offers/{offer}/decline": [200, 404, 409, 422],
        "groups": [201, 400, 413, 422, 429],
        "groups/{booking}": [200, 404, 422],
        "groups/{booking}/people": [200, 400, 404, 409, 413, 422],
        "groups/{booking}/people/{person}/remove": [200, 404, 409, 422],
        "groups/{booking}/people/{person}/again": [200, 404, 409, 422],
        "groups/{booking}/people/{person}/wait": [200, 404, 409, 422, 429],
        "groups/{booking}/plan": [200, 400, 404, 409, 413, 422],
        "groups/{booking}/book": [200, 400, 404, 409, 413, 422],
        "groups/{booking}/cancel": [200, 400, 404, 409, 413, 422],
        "services": [200, 422],
        "availability": [200, 422],
        "journeys/plan": [200, 400, 404, 409, 413, 422],
        "journeys/hold": [200, 400, 409, 413, 422],
        "journeys": [201, 400, 409, 413, 422, 429],
        "journeys/{reference}": [200, 404, 422],
        "journeys/{reference}.ics": [200, 404, 422],
        "journeys/{reference}/cancel": [200, 404, 409, 422],
        "journeys/{reference}/move": [200, 400, 404, 409, 413, 422],
        "houses/{house}/tickets": [201, 400, 404, 409, 413, 422],
        "tickets/{number}": [200, 404, 422],
        "desks/{desk}/next": [200, 204, 401, 404, 409, 422],
        "visits/{number}/arrive": at_a_visit,
        "visits/{number}/start": at_a_visit,
        "visits/{number}/finish": [200, 400, 401, 404, 409, 413, 422],
        "visits/{number}/no-show": at_a_visit,
    }
    answers = [
        answer for methods in description["paths"].values() for operation in methods.values() for answer in operation["responses"].items()
    ]
    assert {kind for status, answer in answers if int(status) >= 400 for kind in answer["content"]} == {PROBLEM}
    assert {status for status, _answer in answers} >= {"500", "503"}
    book = description["paths"]["/api/v1/journeys"]["post"]["responses"]
    assert book["409"]["content"][PROBLEM]["schema"]["$ref"].endswith("/PlacesGone")
    assert list(description["paths"]["/api/v1/journeys/{reference}.ics"]["get"]["responses"]["200"]["content"]) == ["text/calendar"]
