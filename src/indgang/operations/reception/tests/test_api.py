"""The HTTP API, as scripts use it: from the plan to the last desk, and everything that can be asked wrongly."""

from __future__ import annotations

import datetime as dt
from typing import Any

import icalendar
import pytest
from django.test import Client

from indgang.foundation.identity.actions import create_token
from indgang.foundation.places.models import House
from indgang.operations.reception.models import Appointment, Desk, Hold, Journey, Visit
from indgang.operations.reception.tests.factories import member, organisation, small_house, working_day

PROBLEM = "application/problem+json"


@pytest.fixture
def house(settings: Any) -> House:
    """A small house on a Tuesday morning before it opens."""
    settings.CLOCK_STARTS_AT = dt.datetime(2026, 12, 8, 7, tzinfo=dt.UTC)
    return small_house()


def wish(**fields: Any) -> dict[str, Any]:
    return {
        "house": "aalborg",
        "citizenship": "POL",
        "purpose": "work",
        "municipality": "851",
        "stay_months": 12,
        "adults": 2,
        "children": 1,
        "earliest": "2026-12-08",
        "latest": "2026-12-22",
        "language": "en",
        "limit": 3,
    } | fields


def post(path: str, body: Any, client: Client | None = None, **headers: str) -> Any:
    return (client or Client()).post(f"/api/v1/{path}", body, content_type="application/json", headers=headers)


def planned(**fields: Any) -> list[dict[str, Any]]:
    return post("journeys/plan", wish(**fields)).json()["itineraries"]


def booking(offer: str, **fields: Any) -> dict[str, Any]:
    contact = {"name": "Ada Example", "email": "ada@example.org", "phone": "+45 99 82 00 00", "language": "en"}
    return {"offer": offer, "contact": contact, "people": [], "consent": True} | fields


@pytest.mark.django_db
def test_houses_services_and_free_times(house: House) -> None:
    read = Client().get
    assert read("/api/v1/houses").json() == {
        "houses": [{"key": "aalborg", "name": "International House, Aalborg", "address": "Rantzausgade 4, 9000 Aalborg"}]
    }
    keys = [service["key"] for service in read("/api/v1/services?house=aalborg").json()["services"]]
    assert keys == ["cpr-registration", "mitid", "siri-residence", "tax-card"]
    slots = read("/api/v1/availability?house=aalborg&service=tax-card&from=2026-12-08&to=2026-12-08&people=2").json()["slots"]
    assert slots[0] == {"starts": "2026-12-08T09:00:00+01:00", "ends": "2026-12-08T09:25:00+01:00"}
    assert slots[-1] == {"starts": "2026-12-08T14:35:00+01:00", "ends": "2026-12-08T15:00:00+01:00"}
    # a 25-minute visit begins every five minutes of 9.00-11.35 and 12.30-14.35
    assert len(slots) == 32 + 26


@pytest.mark.django_db
def test_a_plan_tells_the_steps_and_the_times(house: House) -> None:
    answer = post("journeys/plan", wish()).json()
    assert [step["service"] for step in answer["steps"]] == ["siri-residence", "cpr-registration", "mitid", "tax-card"]
    assert [step["service"] for step in answer["steps"]] == [stop["service"] for stop in answer["itineraries"][0]["appointments"]]
    assert answer["steps"][0]["bring"] == ["Passport or identity card", "Employment contract"]
    way = answer["itineraries"][0]
    served = sum((_at(a["ends"]) - _at(a["starts"])).seconds for a in way["appointments"]) // 60
    assert way["idle_minutes"] == (_at(way["ends"]) - _at(way["starts"])).seconds // 60 - served
    assert (way["starts"], way["ends"]) == (way["appointments"][0]["starts"], way["appointments"][-1]["ends"])
    assert [w["ends"] for w in answer["itineraries"]] == sorted(w["ends"] for w in answer["itineraries"])


def _at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


@pytest.mark.django_db
def test_a_journey_is_booked_read_moved_and_cancelled(house: House) -> None:
    way = planned()[0]
    client = Client()
    answer = post("journeys", booking(way["offer"]), client, **{"Idempotency-Key": "abc"})
    body = answer.json()
    assert (answer.status_code, body["status"], len(body["appointments"])) == (201, "booked", 4)
    again = post("journeys", booking(way["offer"]), client, **{"Idempotency-Key": "abc"})
    assert (again.status_code, again.json()) == (201, body)
    path, key = f"/api/v1/journeys/{body['reference']}", body["manage_url"].split("key=")[1]
    assert client.get(f"{path}?key={key}").json()["appointments"] == body["appointments"]
    offer = planned(earliest="2026-12-10")[0]["offer"]
    moved = client.post(f"{path}/move?key={key}", {"offer": offer}, content_type="application/json").json()
    assert (moved["sequence"], moved["appointments"][0]["starts"][:10]) == (1, "2026-12-10")
    calendar = client.get(body["calendar_url"].replace("http://127.0.0.1:8000", ""))
    event = icalendar.Calendar.from_ical(calendar.content).walk("VEVENT")[0]
    assert (calendar["Content-Type"], event["SEQUENCE"]) == ("text/calendar; charset=utf-8", 1)
    cancelled = client.post(f"{path}/cancel?key={key}").json()
    assert (cancelled["status"], cancelled["sequence"]) == ("cancelled", 2)
    assert client.post(f"{path}/cancel?key={key}").json() == cancelled


@pytest.mark.django_db
def test_the_calendar_key_opens_nothing_but_the_calendar(house: House) -> None:
    body = post("journeys", booking(planned()[0]["offer"])).json()
    key = body["calendar_url"].split("key=")[1]
    path = f"/api/v1/journeys/{body['reference']}"
    assert [Client().get(f"{path}{end}?key={key}").status_code for end in ("", ".ics")] == [404, 200]
    assert Client().post(f"{path}/cancel?key={key}").status_code == 404


@pytest.mark.django_db
def test_unknown_reference_and_wrong_key_look_the_same(house: House) -> None:
    body = post("journeys", booking(planned()[0]["offer"])).json()
    answers = [Client().get(f"/api/v1/journeys/{reference}?key=wrong") for reference in (body["reference"], "AAAA-AAAA")]
    assert [(a.status_code, a["Content-Type"], a.content) for a in answers] == [(404, PROBLEM, answers[0].content)] * 2


@pytest.mark.django_db
def test_reading_never_changes_anything(house: House) -> None:
    body = post("journeys", booking(planned()[0]["offer"])).json()
    before = list(Visit.objects.values()), list(Appointment.objects.values()), list(Journey.objects.values())
    client, key = Client(), body["manage_url"].split("key=")[1]
    for end in ("", ".ics", "/cancel", "/move"):
        for method in ("get", "head"):
            getattr(client, method)(f"/api/v1/journeys/{body['reference']}{end}?key={key}")
    assert (list(Visit.objects.values()), list(Appointment.objects.values()), list(Journey.objects.values())) == before


@pytest.mark.django_db
def test_places_that_are_gone_answer_409_with_three_fresh_itineraries(house: House) -> None:
    offer = planned()[0]["offer"]
    assert post("journeys", booking(offer)).status_code == 201
    gone = post("journeys", booking(offer, contact={"name": "Bo", "email": "bo@example.org"}))
    body = gone.json()
    assert (gone.status_code, gone["Content-Type"], len(body["itineraries"]), body["status"]) == (409, PROBLEM, 3, 409)
    assert post("journeys", booking(body["itineraries"][0]["offer"])).status_code == 201


@pytest.mark.django_db
def test_one_hold_per_client(house: House) -> None:
    client = Client()
    first, second, _third = planned()
    held = post("journeys/hold", {"offer": first["offer"]}, client)
    assert (held.status_code, _at(held.json()["held_until"]).utcoffset()) == (200, dt.timedelta(hours=1))
    held = post("journeys/hold", {"offer": second["offer"]}, client)
    assert Hold.objects.count() == 1
    assert post("journeys", booking(held.json()["offer"])).status_code == 201


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"citizenship": "XYZ"}, {"citizenship"}),
        ({"municipality": "9999"}, {"municipality"}),
        ({"municipality": "101"}, {"municipality"}),
        ({"earliest": "2026-12-07"}, {"earliest"}),
        ({"earliest": "2020-01-01", "latest": "2020-02-01"}, {"earliest"}),
        ({"latest": "2026-12-01"}, {"latest"}),
        ({"latest": "2027-12-01"}, {"latest"}),
        ({"adults": 38, "children": 2}, {"adults"}),
        ({"adults": 0, "children": 2}, {"adults"}),
        ({"purpose": "tourism"}, {"purpose"}),
        ({"stay_months": -1}, {"stay_months"}),
        ({"house": "atlantis"}, {"house"}),
        ({"earliest": "8.12.2026"}, {"earliest"}),
    ],
)
def test_a_wish_that_cannot_be_planned_names_the_field(house: House, fields: dict[str, Any], named: set[str]) -> None:
    answer = post("journeys/plan", wish(**fields))
    assert (answer.status_code, answer["Content-Type"]) == (422, PROBLEM)
    assert {error["field"] for error in answer.json()["errors"]} == named


@pytest.mark.django_db
def test_messages_are_in_the_persons_language(house: House) -> None:
    answers = [post("journeys/plan", wish(citizenship="XYZ", language=language)).json()["detail"] for language in ("da", "en", "uk")]
    assert (answers[0] != answers[1], answers[1] == answers[2]) == (True, True)


@pytest.mark.django_db
@pytest.mark.parametrize("body", ["", "{", "[]", "null", '"x"', '{"offer": 7}', "\x00", '{"offer": "' + "a" * 30_000 + '"}'])
def test_a_body_that_is_no_booking_is_a_problem_and_not_a_fault(house: House, body: str) -> None:
    for path in ("journeys/plan", "journeys/hold", "journeys"):
        answer = Client().post(f"/api/v1/{path}", body, content_type="application/json")
        assert (answer["Content-Type"], answer.status_code in (400, 422)) == (PROBLEM, True)


@pytest.mark.django_db
def test_a_huge_body_is_refused(house: House) -> None:
    answer = Client().post("/api/v1/journeys", b"x" * 2_000_000, content_type="application/json")
    assert (answer.status_code, answer["Content-Type"]) == (413, PROBLEM)


def token(role: str, organisation: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {create_token(user=member(role, organisation))[1]}"}


@pytest.mark.django_db
def test_a_day_at_the_desks_by_script(house: House) -> None:
    offer = planned(adults=1, children=0, latest="2026-12-08")[0]["offer"]
    first = post("journeys", booking(offer)).json()["appointments"][0]
    floorwalker, siri = token("floorwalker", "ihnd"), token("clerk", "siri")
    assert post(f"visits/{first['id']}/arrive", {}, **floorwalker).json()["status"] == "waiting"
    called = post(f"desks/{first['desk']}/next", {}, **siri)
    assert (called.json()["id"], called.json()["status"]) == (first["id"], "called")
    assert post(f"desks/{first['desk']}/next", {}, **siri).json() == called.json()
    assert post(f"visits/{first['id']}/start", {}, **siri).json()["status"] == "serving"
    how = {"outcome": "documents-missing", "missing": ["contract", "Pas eller id-kort", "Visa"]}
    finished = post(f"visits/{first['id']}/finish", how, **siri).json()
    papers = ["Employment contract", "Passport or identity card", "Visa"]
    assert (finished["status"], finished["outcome"], finished["missing"]) == ("done", "documents-missing", papers)
    assert post(f"desks/{first['desk']}/next", {}, **siri).status_code == 204


@pytest.mark.django_db
def test_no_show_frees_the_places_once_their_time_has_come(house: House, settings: Any) -> None:
    number = post("journeys", booking(planned(latest="2026-12-08")[0]["offer"])).json()["appointments"][0]["id"]
    floorwalker = token("floorwalker", "ihnd")
    early = post(f"visits/{number}/no-show", {}, **floorwalker)
    assert (early.status_code, early["Content-Type"]) == (409, PROBLEM)
    assert early.json()["detail"] == "Their first time is 9.00. You can note that they did not come once the grace is over, from 9.10 on."
    settings.CLOCK_STARTS_AT = dt.datetime(2026, 12, 8, 8, 9, tzinfo=dt.UTC)
    assert post(f"visits/{number}/no-show", {}, **floorwalker).status_code == 409
    settings.CLOCK_STARTS_AT = dt.datetime(2026, 12, 8, 8, 11, tzinfo=dt.UTC)
    assert [post(f"visits/{number}/no-show", {}, **floorwalker).json()["status"] for _twice in range(2)] == ["no-show"] * 2
    assert Appointment.objects.filter(freed_at=None).count() == 0


@pytest.mark.django_db
def test_a_visit_of_another_day_is_no_no_show_today(house: House) -> None:
    later = working_day(7).isoformat()
    number = post("journeys", booking(planned(earliest=later)[0]["offer"])).json()["appointments"][0]["id"]
    assert post(f"visits/{number}/no-show", {}, **token("floorwalker", "ihnd")).status_code == 409
    assert Visit.objects.get(pk=number).status == "planned"


@pytest.mark.django_db
def test_a_desk_that_two_houses_have_is_the_callers_own_or_has_to_be_named_in_full(house: House) -> None:
    """Authorities have desks of the same name in other houses; here SIRI itself sits in two, and the tax authority in one."""
    other = House.objects.create(region=house.region, key="hjoerring", title_da="Hjørring")
    for key, owner in (("siri-1", "siri"), ("tax-1", "borgerservice-aalborg")):
        Desk.objects.create(house=other, key=key, organisation=organisation(owner), title_da=key, languages=["da"])
    siri, tax, citizen_service = (token("clerk", key) for key in ("siri", "skattestyrelsen", "borgerservice-aalborg"))
    unclear = post("desks/siri-1/next", {}, **siri)
    assert (unclear.status_code, unclear["Content-Type"]) == (409, PROBLEM)
    wanted = "You have a desk “siri-1” in several houses. Write one of these instead: aalborg:siri-1, hjoerring:siri-1."
    assert unclear.json()["detail"] == wanted
    assert [post(f"desks/{house}:siri-1/next", {}, **siri).status_code for house in ("aalborg", "hjoerring", "thisted")] == [204, 204, 404]
    assert [post("desks/tax-1/next", {}, **who).status_code for who in (tax, citizen_service)] == [204, 204]
    assert post("desks/aalborg:tax-1/next", {}, **citizen_service).status_code == 404


@pytest.mark.django_db
def test_outsiders_meet_silence(house: House) -> None:
    visit = post("journeys", booking(planned(latest="2026-12-08")[0]["offer"])).json()["appointments"][0]
    assert post(f"visits/{visit['id']}/arrive", {}).status_code == 401
    assert post(f"visits/{visit['id']}/arrive", {}, Authorization="Bearer nonsense").status_code == 401
    reader = token("reader", "siri")
    paths = [f"visits/{visit['id']}/{verb}" for verb in ("arrive", "start", "finish", "no-show")] + [f"desks/{visit['desk']}/next"]
    assert [post(path, {}, **reader).status_code for path in paths] == [404] * 5
    assert post("desks/siri-1/next", {}, **token("clerk", "skattestyrelsen")).status_code == 404


@pytest.mark.django_db
def test_what_cannot_be_done_now_says_so(house: House) -> None:
    visit = post("journeys", booking(planned(latest="2026-12-08")[0]["offer"])).json()["appointments"][0]
    answer = post(f"visits/{visit['id']}/start", {}, **token("clerk", "siri"))
    assert (answer.status_code, answer["Content-Type"]) == (409, PROBLEM)
    later = working_day(7).isoformat()
    other = post("journeys", booking(planned(earliest=later)[0]["offer"])).json()["appointments"][0]
    assert post(f"visits/{other['id']}/arrive", {}, **token("floorwalker", "ihnd")).status_code == 409


@pytest.mark.django_db
@pytest.mark.parametrize(("method", "path", "status"), [("get", "nothing", 404), ("get", "journeys/plan", 405), ("put", "houses", 405)])
def test_scripts_get_problems_and_never_pages(house: House, method: str, path: str, status: int) -> None:
    answer = getattr(Client(), method)(f"/api/v1/{path}")
    assert (answer.status_code, answer["Content-Type"], answer.json()["status"]) == (status, PROBLEM, status)
