"""Interpreters and rooms on the pages and in the API: asked for, shown, kept by the host, and the day of one of them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from indgang.foundation.identity.models import Role
from indgang.foundation.journal.models import Entry
from indgang.foundation.mail.models import Letter
from indgang.foundation.places.models import House
from indgang.operations.reception.actions.floor import check_in_journey
from indgang.operations.reception.forms.opening import checked_codes
from indgang.operations.reception.languages import languages_in_words
from indgang.operations.reception.models import Appointment, Closure, Desk, Journey, Resource
from indgang.operations.reception.tests import factories, newcomer_day
from indgang.operations.reception.tests.opening_day import leader
from indgang.operations.reception.tests.resource_day import beside, interpreter, room
from indgang.operations.reception.tests.staff_day import DATE, at, clerk, floorwalker, logged_in, party, said
from indgang.operations.reception.tests.test_opening_pages import as_shown, boss, text

pytestmark = pytest.mark.django_db
PAGE = "/hours/aalborg/"
TAX = ("tax-card",)
WISH = {
    "house": "aalborg",
    "citizenship": "POL",
    "purpose": "work",
    "municipality": "851",
    "stay_months": 2,
    "earliest": DATE,
    "latest": DATE,
}


@pytest.fixture
def house(settings: LazySettings) -> House:
    at(settings, 8, 30)
    return factories.small_house()


def api(path: str, body: dict[str, Any]) -> Any:
    return Client(headers={"Accept-Language": "en"}).post(f"/api/v1/{path}", body, content_type="application/json")


# ------------------------------------------------------------------------------------------------------------------------- the newcomer


def test_the_last_question_asks_for_an_interpreter_only_where_the_house_has_one(house: House) -> None:
    client = newcomer_day.newcomer()
    assert "interpreter" not in client.get("/arrive/?q=arrival").content.decode()
    interpreter(house, "amina", "ar", "dsl")
    page = client.get("/arrive/?q=arrival")
    assert "Do you need an interpreter?" in text(page)
    choices = page.context["form"].fields["interpreter"].choices
    assert choices == [("", "No, thank you"), ("ar", "Arabic (العربية)"), ("dsl", "Danish sign language (Dansk tegnsprog)")]
    assert "Har du brug for en tolk?" in text(newcomer_day.newcomer("da").get("/arrive/?q=arrival"))


def test_a_newcomer_who_needs_an_interpreter_is_offered_and_told_one(house: House) -> None:
    interpreter(house, hours=(13, 14))
    client = newcomer_day.newcomer()
    answers = {**newcomer_day.ALONE, "stay": "2", "interpreter": "ar"}
    plan = newcomer_day.plan_of(client, answers)
    assert "Needs an interpreter: Arabic" in text(plan)
    assert "With interpreter: Amina (Arabic)" in text(plan)
    assert "Nobody at these desks speaks your language" not in text(plan)
    journey = newcomer_day.booked(client, answers)
    assert (journey.interpreter, beside(visit__journey=journey)) == ("ar", [("tax-card", "amina", "")])
    assert "With interpreter: Amina (Arabic)" in text(client.get(f"/arrival/{journey.reference}/"))
    letter = Letter.objects.get(key__startswith="booked:")
    assert "With interpreter: Amina (Arabic)" in letter.text
    assert "With interpreter: Amina (Arabic)" in letter.calendar.replace("\r\n ", "")
    assert plan.status_code == newcomer_day.plan_of(client, {**answers, "interpreter": ""}).status_code == 200
    assert newcomer_day.plan_of(client, {**answers, "interpreter": "so"}).status_code == 302  # asked again


# ------------------------------------------------------------------------------------------------------------------------------- the API


def test_the_api_takes_the_wish_and_tells_who_and_where(house: House) -> None:
    interpreter(house)
    room(house, "tax-card", zone="first-floor")
    plan = api("journeys/plan", {**WISH, "interpreter": "ar"}).json()
    [way, *_rest] = plan["itineraries"]
    assert [(stop["interpreter"], stop["room"]) for stop in way["appointments"]] == [("amina", "talk-room")]
    body = {"offer": way["offer"], "contact": {"name": "Ada Example", "email": "ada@example.org"}, "people": [], "consent": True}
    refused = api("journeys", {**body, "interpreter": "uk"})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "interpreter")
    booked = api("journeys", {**body, "interpreter": "ar"}).json()
    assert booked["interpreter"] == "ar"
    assert [(visit["interpreter"], visit["room"]) for visit in booked["appointments"]] == [("amina", "talk-room")]
    plain = api("journeys/plan", WISH).json()["itineraries"][0]["appointments"][0]
    assert (plain["interpreter"], plain["room"]) == (None, "talk-room")


def test_the_api_refuses_a_language_that_nobody_interprets_and_says_which_there_are(house: House) -> None:
    answer = api("journeys/plan", {**WISH, "interpreter": "ar"})
    assert answer.json()["errors"] == [{"field": "interpreter", "message": "The house has no interpreters. Leave it empty."}]
    interpreter(house, "amina", "ar", "fa")
    [error] = api("journeys/plan", {**WISH, "interpreter": "so"}).json()["errors"]
    assert error["message"] == "The house has no interpreter for “so”. Leave it empty, or write one of these languages: ar, fa."


def test_free_times_honour_rooms_and_interpreters(house: House) -> None:
    interpreter(house, hours=(13, 14))
    address = f"/api/v1/availability?house=aalborg&service=tax-card&from={DATE}&to={DATE}"
    assert Client().get(address).json()["slots"][0]["starts"].endswith("T09:00:00+01:00")
    assert Client().get(f"{address}&interpreter=ar").json()["slots"][0]["starts"].endswith("T13:00:00+01:00")
    assert Client().get(f"{address}&interpreter=so").status_code == 422
    talk = room(house, "tax-card")
    Closure.objects.create(house=house, resource=talk, first_day=DATE, last_day=DATE, until_time=dt.time(11), title_da="Lukket")
    assert Client().get(address).json()["slots"][0]["starts"].endswith("T11:00:00+01:00")


# ------------------------------------------------------------------------------------------------------------------------------- the staff


def test_board_desk_and_visit_say_who_interprets_and_which_room(house: House) -> None:
    interpreter(house)
    room(house, "tax-card")
    journey = party(house, name="Fatima Zahra", services=TAX, interpreter="ar")
    for page in ("/board/aalborg/", f"/journeys/{journey.reference}/"):
        shown = text(floorwalker().get(page))
        assert "With interpreter: Amina (Arabic)" in shown
        assert "Room: Talk room" in shown
    tax = clerk("skattestyrelsen")
    check_in_journey(actor=leader(), journey=journey)
    assert "With interpreter: Amina (Arabic)" in text(tax.get("/desks/aalborg/tax-1/"))
    tax.post("/desks/aalborg/tax-1/next/")
    assert "With interpreter: Amina (Arabic)" in text(tax.get("/desks/aalborg/tax-1/"))


def test_the_floorwalker_adds_and_removes_the_need_in_one_click(house: House) -> None:
    interpreter(house, hours=(13, 15))
    journey = party(house, name="Fatima Zahra", services=TAX)
    client, address = floorwalker(), f"/journeys/{journey.reference}/interpreter/"
    asked = client.post(address, {"interpreter": "ar"})
    assert "Nothing is changed yet: the booked times stand until you choose new ones." in text(asked)
    assert Journey.objects.get().interpreter == ""
    offer = asked.context["proposals"][0].itinerary.offer
    moved = client.post(address, {"interpreter": "ar", "offer": offer}, follow=True)
    assert said(moved)[0] == "Fatima Zahra gets an interpreter (Arabic), and new times: from Tuesday 8 December, 13.00."
    assert "Arabic" in text(moved)
    removed = client.post(address, {"interpreter": ""}, follow=True)
    assert said(removed) == ["Noted: Fatima Zahra needs no interpreter."]
    assert said(client.post(address, {"interpreter": "so"}, follow=True)) == ["The house has no interpreter for this language."]
    assert clerk("siri").post(address, {"interpreter": "ar"}).status_code in (403, 404)
    assert Journey.objects.get().interpreter == ""


def test_where_the_desk_speaks_the_language_nobody_is_said_to_interpret(house: House) -> None:
    interpreter(house, hours=(13, 15))
    journey = party(house, name="Fatima Zahra", services=TAX)
    Desk.objects.update(languages=["da", "en", "ar"])
    noted = floorwalker().post(f"/journeys/{journey.reference}/interpreter/", {"interpreter": "ar"}, follow=True)
    told = "Noted for Fatima Zahra. The desk speaks the language (Arabic), so nobody interprets. The times are as before."
    assert said(noted) == [told]


def test_the_host_makes_changes_and_closes_an_interpreter_and_sees_who_it_meets(house: House) -> None:
    client = boss()
    made = client.post(
        f"{PAGE}new-interpreter/", {"title_da": "Amina", "title_en": "Amina", "languages": "arabisk, Danish sign language"}, follow=True
    )
    assert said(made) == ["New interpreter or room: Amina."]
    assert "Arabic, Danish sign language" in text(made)
    wrong = client.post(f"{PAGE}new-interpreter/", {"title_da": "Nour", "languages": "arabiskk"})
    assert "We know no language called “arabiskk”." in text(wrong)
    hours = {"valid_from": str(DATE), "opens_1_1": "09:00", "closes_1_1": "12:00"}
    assert said(client.post(f"{PAGE}resources/amina/times/", hours, follow=True)) == ["Opening hours changed: Amina."]
    journey = party(house, name="Fatima Zahra", services=TAX, interpreter="ar")
    page = client.post(f"{PAGE}close/", {"desk": "resource:amina", "title_da": "Syg", "first_day": str(DATE)})
    assert "Fatima Zahra" in text(page)
    saved = client.post(f"{PAGE}save/", as_shown(page), follow=True)
    assert said(saved)[:2] == ["Closed: Amina, Tuesday 8 December (Syg).", "1 visit has a new time."]
    assert f"{Appointment.objects.get(visit__journey=journey).starts:%d}" == "15"  # next Tuesday
    undone = client.post(f"{PAGE}undo/{Entry.objects.filter(verb='closure.added').latest('at').pk}/", follow=True)
    assert said(undone)[0] == "Not closed after all: Amina, Tuesday 8 December (Syg)."


def test_a_room_names_its_services_and_only_the_host_keeps_it(house: House) -> None:
    asked = {"title_da": "Samtalerum", "title_en": "Talk room", "zone": "first-floor", "services": ["mitid"]}
    for address in ("new-room/", "new-interpreter/"):
        assert boss("siri").get(f"{PAGE}{address}").status_code == 404
        assert floorwalker().get(f"{PAGE}{address}").status_code == 404
    assert said(boss().post(f"{PAGE}new-room/", asked, follow=True)) == ["New interpreter or room: Talk room."]
    changed = boss().post(f"{PAGE}resources/talk-room/", {**asked, "services": ["tax-card"]}, follow=True)
    assert said(changed) == ["Interpreter or room changed: Talk room."]
    assert Resource.objects.get().services.get().key == "tax-card"
    assert boss("siri").get(f"{PAGE}resources/talk-room/").status_code == 404


def test_the_day_of_an_interpreter_says_who_when_and_where_and_names_only_to_those_who_may_know(house: House) -> None:
    interpreter(house)
    journey = party(house, name="Fatima Zahra", services=TAX, interpreter="ar")
    address = f"{PAGE}resources/amina/day/"
    shown = floorwalker().get(address)
    assert "9.00" in text(shown)
    assert "Fatima Zahra" in text(shown)
    assert "Tax card, Desk 5" in text(shown)
    assert Entry.objects.filter(verb__endswith="read").exists()
    for foreign in (clerk("siri"), logged_in(factories.member(Role.ADMINISTRATOR, "ihnd"))):
        page = text(foreign.get(address))
        assert "Fatima Zahra" not in page
        assert journey.reference in page
    assert "Nobody is booked on this day" in text(floorwalker().get(f"{address}?date=2026-12-09"))
    assert "Nobody is booked on this day" not in text(floorwalker().get(f"{address}?date=nonsense"))


def test_pages_with_interpreters_take_the_same_queries_for_one_and_for_three(house: House) -> None:
    interpreter(house)
    client, counts = floorwalker(), []
    for _number in range(3):
        party(house, services=TAX, interpreter="ar")
        seen = []
        for page in ("/board/aalborg/", f"{PAGE}resources/amina/day/"):
            client.get(page)
            with CaptureQueriesContext(connection) as queries:
                client.get(page)
            seen.append(len(queries))
        counts.append(seen)
    assert counts[0] == counts[2]


@pytest.mark.parametrize("page", ["da", "en"])
def test_every_language_is_read_as_it_stands_in_the_field(page: str) -> None:
    codes = ["ar", "da", "dsl", "en", "fa", "nb", "pl", "so", "ti", "uk", "zh"]
    with override(page):
        assert checked_codes(languages_in_words(codes)) == codes
    assert checked_codes("ar uk, Dansk  tegnsprog;ARABIC\nda") == ["ar", "uk", "dsl", "da"]
