"""Booking through the pages: hold, say who comes, confirm; and what happens when something is in the way."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlencode

import pytest
from django.conf import LazySettings
from django.core import signing

from indgang.foundation.database import clock
from indgang.foundation.mail.models import Letter
from indgang.foundation.places.models import House
from indgang.operations.reception.models import Hold, Journey
from indgang.operations.reception.offers import read_offer
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.newcomer_day import (
    ALONE,
    CONTACT,
    FAMILY,
    booked,
    chosen,
    confirm,
    everything,
    hidden,
    newcomer,
    offers_on,
    plan_of,
    text_of,
)
from indgang.operations.reception.tests.staff_day import at

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def house(settings: LazySettings) -> House:
    at(settings, 8)
    return factories.small_house()


def somebody_else_is_quicker() -> None:
    """What is held runs out, and somebody else books the first time there is."""
    Hold.objects.update(held_until=clock.now() - dt.timedelta(minutes=1))
    booked(newcomer(), name="Quick", email="quick@example.org")


def test_a_family_is_planned_held_and_booked() -> None:
    client = newcomer()
    page = chosen(client, FAMILY)
    assert "We hold this time for you until 8.10." in text_of(page)
    assert Hold.objects.count() == 1
    response = confirm(client, page, FAMILY, person1="Oksana Nowak", person2="Jan Nowak", phone="+45 99 82 00 00")
    journey = Journey.objects.get()
    assert response["Location"] == f"/arrival/{journey.reference}/"
    assert [traveller.person.name for traveller in journey.travellers.all()] == ["Anna Nowak", "Oksana Nowak", "Jan Nowak"]
    assert [traveller.person.citizenship for traveller in journey.travellers.all()] == ["POL", "UKR", "POL"]
    assert (journey.contact.email, journey.contact.phone, journey.source) == ("anna@example.org", "+4599820000", "web")
    assert (journey.adults, journey.children, journey.purpose, journey.stay_months) == (2, 1, "work", 24)
    assert Hold.objects.count() == 0
    assert Letter.objects.count() == 1
    assert client.get(response["Location"]).status_code == 200


def test_the_language_asked_for_is_kept_for_the_desks() -> None:
    assert booked(newcomer(), {**ALONE, "language": "uk"}).language == "uk"


def test_choosing_is_a_post_and_coming_back_shows_the_same_choice() -> None:
    client = newcomer()
    page = chosen(client)
    before = everything()
    again = client.get(f"/arrive/book?{urlencode(ALONE)}")
    assert hidden(again, "offer") == hidden(page, "offer")
    assert hidden(again, "token") == hidden(page, "token")
    assert everything() == before


def test_a_booking_page_without_a_choice_leads_to_the_plan() -> None:
    response = newcomer().get(f"/arrive/book?{urlencode(ALONE)}")
    assert (response.status_code, response["Location"].split("?")[0]) == (302, "/arrive/plan")
    response = newcomer().get("/arrive/book")
    assert (response.status_code, response["Location"]) == (302, "/arrive/?q=citizenship")


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"name": ""}, "Write your name."),
        ({"name": "x" * 200}, "at most 150 characters"),
        ({"email": ""}, "Write an e-mail address like name@example.com"),
        ({"email": "anna"}, "Write an e-mail address like name@example.com"),
        ({"email": "a@b"}, "Write an e-mail address like name@example.com"),
        ({"phone": "12"}, "Write the phone number with its country code"),
        ({"consent": ""}, "Tick that we may keep your details"),
        ({"name": "Anna\x07Nowak"}, "Write your name with at most"),
        ({"name": "Anna\0Nowak"}, "Null characters are not allowed"),
    ],
)
def test_what_cannot_be_used_is_said_beside_the_field_and_nothing_is_lost(fields: dict[str, str], message: str) -> None:
    client = newcomer()
    page = chosen(client, FAMILY)
    response = confirm(client, page, FAMILY, **{"person1": "Oksana Nowak", **fields})
    body = response.content.decode()
    assert response.status_code == 200
    assert message in text_of(response)
    assert "form-error-message" in body
    assert "<title>Error: " in body
    assert 'value="Oksana Nowak"' in body
    assert (Journey.objects.count(), Letter.objects.count()) == (0, 0)
    assert hidden(response, "offer") == hidden(page, "offer")
    assert "We hold this time for you until" in text_of(response)


def test_sending_the_form_twice_books_once() -> None:
    client = newcomer()
    page = chosen(client)
    first, second = confirm(client, page), confirm(client, page)
    assert first["Location"] == second["Location"]
    assert (Journey.objects.count(), Letter.objects.count()) == (1, 1)


def test_sending_another_form_with_the_same_token_books_nothing_more() -> None:
    client = newcomer()
    page = chosen(client)
    confirm(client, page)
    response = confirm(client, page, name="Somebody Else")
    assert response.status_code == 200
    assert "You have booked with this page already" in text_of(response)
    assert Journey.objects.count() == 1


def test_when_the_places_are_gone_there_are_three_fresh_times_and_the_answers_are_kept() -> None:
    client = newcomer()
    page = chosen(client)
    somebody_else_is_quicker()
    response = confirm(client, page)
    text = text_of(response)
    assert "Somebody else has just taken one of these times" in text
    assert "Confirm the booking" not in text
    assert len(offers_on(response)) == 3
    assert 'value="anna@example.org"' in response.content.decode()
    again = client.post(
        f"/arrive/book?{urlencode(ALONE)}",
        {**CONTACT, "offer": hidden(response, "offer"), "token": hidden(response, "token"), "choose": offers_on(response)[0]},
    )
    body = again.content.decode()
    assert "We hold this time for you until" in text_of(again)
    assert 'value="anna@example.org"' in body
    assert "form-error-message" not in body
    assert confirm(client, again).status_code == 302
    assert Journey.objects.count() == 2


def test_when_the_places_go_before_they_are_held_the_page_offers_others() -> None:
    client = newcomer()
    offer = offers_on(plan_of(client))[0]
    somebody_else_is_quicker()
    response = client.post(f"/arrive/book?{urlencode(ALONE)}", {"choose": offer})
    assert "Somebody else has just taken one of these places." in text_of(response)
    assert len(offers_on(response)) == 3


def test_when_nothing_else_is_free_the_page_says_what_to_do(house: House) -> None:
    client = newcomer()
    page = chosen(client)
    somebody_else_is_quicker()
    factories.Hours.objects.all().delete()
    response = confirm(client, page)
    assert "There are no other free times close to this one" in text_of(response)
    assert "house@example.org" in text_of(response)


def test_an_expired_offer_is_said_with_new_times_and_the_answers_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    client = newcomer()
    page = chosen(client)
    later = signing.time.time() + 61 * 60
    monkeypatch.setattr(signing.time, "time", lambda: later)
    response = confirm(client, page)
    assert "This offer has expired. Choose a time again; your answers are kept." in text_of(response)
    assert 'value="anna@example.org"' in response.content.decode()
    assert len(offers_on(response)) == 3
    assert Journey.objects.count() == 0
    shown = client.get(f"/arrive/book?{urlencode(ALONE)}")
    assert "This offer has expired" in text_of(shown)


def test_a_booking_sent_again_after_its_offer_expired_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    client = newcomer()
    page = chosen(client)
    first = confirm(client, page)
    later = signing.time.time() + 61 * 60
    monkeypatch.setattr(signing.time, "time", lambda: later)
    assert confirm(client, page)["Location"] == first["Location"]


@pytest.mark.parametrize(
    "change", [lambda text: text[:-2], lambda text: "x" + text, lambda text: "", lambda text: "\0", lambda text: "ø:1:2"]
)
def test_a_tampered_offer_is_refused_with_a_way_on(change) -> None:
    client = newcomer()
    page = chosen(client)
    offer = change(hidden(page, "offer"))
    form = {**CONTACT, "offer": offer, "token": "t"}
    response = client.post(f"/arrive/book?{urlencode(ALONE)}", form)
    assert response.status_code == 200
    assert "This offer is not valid. Choose a time again." in text_of(response)
    assert 'value="anna@example.org"' in response.content.decode()
    assert len(offers_on(response)) == 3
    chosen_again = client.post(f"/arrive/book?{urlencode(ALONE)}", {"choose": offer})
    assert "This offer is not valid. Choose a time again." in text_of(chosen_again)
    assert (Journey.objects.count(), Letter.objects.count()) == (0, 0)


def test_an_offer_for_other_people_books_those_it_was_made_for() -> None:
    client = newcomer()
    page = chosen(client, ALONE)
    response = client.post(
        f"/arrive/book?{urlencode(FAMILY)}", {**CONTACT, "person1": "X", "offer": hidden(page, "offer"), "token": hidden(page, "token")}
    )
    assert response.status_code == 302
    assert Journey.objects.get().people == 1


def test_another_time_lets_go_of_the_one_held_and_keeps_what_was_written() -> None:
    client = newcomer()
    page = chosen(client, number=1)
    form = {**CONTACT, "offer": hidden(page, "offer"), "token": hidden(page, "token"), "another": "1"}
    response = client.post(f"/arrive/book?{urlencode(ALONE)}", form)
    assert Hold.objects.count() == 0
    assert "Choose another time. What you have written is kept." in text_of(response)
    assert 'value="anna@example.org"' in response.content.decode()
    assert "Not booked yet" not in text_of(response)
    assert read_offer(offers_on(response)[0]).starts.isoformat() == "2026-12-08T08:00:00+00:00"


def test_too_much_held_already_stops_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indgang.operations.reception.actions.holds.HELD_PER_DESK", 0)
    client = newcomer()
    page = chosen(client)
    assert "we cannot hold this time for you" in text_of(page)
    assert confirm(client, page).status_code == 302


def test_a_hold_that_has_run_out_is_said_and_can_still_be_booked(settings: LazySettings) -> None:
    client = newcomer()
    chosen(client)
    at(settings, 8, 11)
    page = client.get(f"/arrive/book?{urlencode(ALONE)}")
    assert "We held this time for you until 8.10." in text_of(page)
    assert confirm(client, page).status_code == 302


def test_a_sixth_booking_of_one_address_is_told_to_call() -> None:
    for number in range(5):
        booked(newcomer(), {**ALONE, "date": str(dt.date(2026, 12, 8) + dt.timedelta(days=7 * number))}, name=f"Anna {number}")
    client = newcomer()
    page = chosen(client)
    response = confirm(client, page)
    assert "already 5 visits ahead for this e-mail address" in text_of(response)
    assert "+4599820000" in text_of(response)
    assert Journey.objects.count() == 5


def test_a_huge_body_is_refused_kindly() -> None:
    client = newcomer()
    response = client.post(f"/arrive/book?{urlencode(ALONE)}", {**CONTACT, "name": "x" * 1_100_000})
    assert response.status_code == 400
    assert "We could not read that" in text_of(response)
    assert Journey.objects.count() == 0


def test_a_form_from_elsewhere_books_nothing() -> None:
    client = newcomer(enforce_csrf_checks=True)
    offer = offers_on(plan_of(client))[0]
    assert client.post(f"/arrive/book?{urlencode(ALONE)}", {"choose": offer}).status_code == 403
    assert Hold.objects.count() == 0


def test_the_pages_are_in_danish_for_those_who_prefer_it() -> None:
    client = newcomer("da")
    page = chosen(client)
    assert '<html lang="da">' in page.content.decode()
    assert "Skattekort" in text_of(page)
    journey = booked(client, {**ALONE, "language": "da"})
    assert Letter.objects.get().language == "da"
    assert '<html lang="da">' in client.get(f"/arrival/{journey.reference}/").content.decode()


def test_the_booking_page_is_not_kept_by_caches() -> None:
    assert "no-store" in chosen(newcomer())["Cache-Control"]


def test_booking_takes_few_queries(django_assert_max_num_queries) -> None:
    client = newcomer()
    page = chosen(client, FAMILY)
    with django_assert_max_num_queries(18):
        client.get(f"/arrive/book?{urlencode(FAMILY)}")
    with django_assert_max_num_queries(72):
        confirm(client, page, FAMILY)
