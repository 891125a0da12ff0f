"""My arrival: who may open it, and what it tells."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from indgang.foundation.access.actors import staff
from indgang.foundation.identifiers.keys import new_reference
from indgang.foundation.identity.models import Role
from indgang.foundation.mail.models import Letter
from indgang.foundation.places.models import House
from indgang.operations.reception import links
from indgang.operations.reception.actions.desk import call_next, finish_visit, start_visit
from indgang.operations.reception.actions.floor import check_in_journey
from indgang.operations.reception.models import Code, Journey
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.newcomer_day import (
    ALONE,
    FAMILY,
    booked,
    code_in_mail,
    everything,
    link_in_mail,
    newcomer,
    text_of,
)
from indgang.operations.reception.tests.staff_day import at

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def house(settings: LazySettings) -> House:
    cache.clear()
    at(settings, 8)
    return factories.small_house()


def page(client: Client, journey: Journey) -> str:
    return text_of(client.get(f"/arrival/{journey.reference}/"))


def wrong_code() -> str:
    return f"{(int(code_in_mail()) + 1) % 10**6:06d}"


def test_who_booked_sees_the_visit_at_once() -> None:
    client = newcomer()
    journey = booked(client, FAMILY, person1="Oksana Nowak")
    response = client.get(f"/arrival/{journey.reference}/")
    text = text_of(response)
    for words in (
        f"Reference {journey.reference}",
        "Your next visit is in 59 minutes: Tuesday 8 December, 9.00, Rantzausgade 4, 9000 Aalborg.",
        "You are booked, and we have sent a mail to anna@example.org.",
        "Add to calendar",
        "Move",
        "Cancel the visit",
        "For Anna Nowak and Oksana Nowak",
        "Bring: Passport or identity card Employment contract",
        "Five minutes on foot from the station.",
        "house@example.org",
    ):
        assert words in text
    assert "You need" not in text
    assert f"QR code: {journey.reference}" in response.content.decode()


def test_the_code_from_the_mail_confirms_the_address() -> None:
    client = newcomer()
    journey = booked(client)
    response = client.post(f"/arrival/{journey.reference}/code", {"code": code_in_mail()}, follow=True)
    assert response.redirect_chain == [(f"/arrival/{journey.reference}/", 302)]
    assert "Thank you. Your e-mail address is confirmed." in text_of(response)
    assert "Confirm your e-mail address" not in text_of(response)
    journey.refresh_from_db()
    assert journey.email_confirmed_at is not None


@pytest.mark.parametrize(("date", "deadline"), [("2026-12-08", False), ("2026-12-10", True), ("2026-12-15", True)])
def test_what_becomes_of_an_unconfirmed_visit_is_said_plainly(date: str, deadline: bool) -> None:
    client = newcomer()
    text = page(client, booked(client, {**ALONE, "date": date}))
    assert ("before Wednesday 9 December, 8.00; otherwise we let your times go" in text) is deadline


@pytest.mark.parametrize("code", ["", "12345", "letter", "1234567", "x" * 500, "123\x00456"])
def test_what_is_no_code_costs_no_try(code: str) -> None:
    client = newcomer()
    journey = booked(client)
    response = client.post(f"/arrival/{journey.reference}/code", {"code": code})
    assert response.status_code == 200
    assert "form-error-message" in response.content.decode()
    assert Code.objects.get().tries == 0


def test_wrong_codes_say_what_to_do_and_the_sixth_try_fails_even_if_right() -> None:
    client = newcomer()
    journey = booked(client)
    right, wrong = code_in_mail(), wrong_code()
    for number in range(1, 6):
        response = client.post(f"/arrival/{journey.reference}/code", {"code": wrong})
        assert "That is not the code. Use the newest one we sent, or ask for a new one." in text_of(response)
        assert Code.objects.get().tries == number
    ended = "This code was tried too often, so it has ended. Ask for a new one."
    assert ended in text_of(client.post(f"/arrival/{journey.reference}/code", {"code": right}))
    journey.refresh_from_db()
    assert journey.email_confirmed_at is None


def test_a_new_code_replaces_the_one_before() -> None:
    client = newcomer()
    journey = booked(client)
    old = code_in_mail()
    response = client.post(f"/arrival/{journey.reference}/new-code", follow=True)
    assert "We have sent a new code to a•••@example.com" not in text_of(response)
    assert "We have sent a new code to a•••@example.org. It replaces the one before." in text_of(response)
    new = code_in_mail()
    if new != old:
        assert "That is not the code" in text_of(client.post(f"/arrival/{journey.reference}/code", {"code": old}))
    assert client.post(f"/arrival/{journey.reference}/code", {"code": new}).status_code == 302


def test_more_than_five_codes_an_hour_are_not_sent() -> None:
    client = newcomer()
    journey = booked(client)
    for _number in range(5):
        response = client.post(f"/arrival/{journey.reference}/new-code", follow=True)
    assert "We have sent five codes within an hour" in text_of(response)
    assert Letter.objects.count() == 5


def test_the_link_in_the_mail_asks_for_a_code_shows_nothing_else_and_changes_nothing() -> None:
    journey = booked(newcomer())
    link, before = link_in_mail(), everything()
    other = newcomer()
    response = other.get(link)
    text = text_of(response)
    assert response.status_code == 200
    assert "Open my arrival" in text
    assert "a•••@example.org" in text
    assert "anna" not in response.content.decode().lower().replace("a•••", "")
    for words in ("Anna", "Nowak", "9.00", "Tax card"):
        assert words not in text
    other.head(link)
    assert everything() == before
    assert journey.reference in text


def test_the_code_opens_the_visit_elsewhere_and_the_key_leaves_the_address() -> None:
    journey = booked(newcomer())
    link = link_in_mail()
    other = newcomer()
    other.get(link)
    key = link.partition("key=")[2]
    response = other.post(f"/arrival/{journey.reference}/code", {"key": key, "code": code_in_mail()})
    assert (response.status_code, response["Location"]) == (302, f"/arrival/{journey.reference}/")
    assert "Your next visit is" in page(other, journey)
    again = other.get(link)
    assert (again.status_code, again["Location"]) == (302, f"/arrival/{journey.reference}/")


def test_a_wrong_code_or_a_new_one_keeps_the_way_open_without_the_key_in_the_address() -> None:
    journey = booked(newcomer())
    key = link_in_mail().partition("key=")[2]
    other = newcomer()
    response = other.post(f"/arrival/{journey.reference}/code", {"key": key, "code": wrong_code()})
    assert "That is not the code" in text_of(response)
    assert "Tax card" not in text_of(response)
    response = other.post(f"/arrival/{journey.reference}/new-code", {"key": key}, follow=True)
    assert response.redirect_chain == [(f"/arrival/{journey.reference}/", 302)]
    assert "Open my arrival" in text_of(response)
    assert other.get(f"/arrival/{journey.reference}/code").status_code == 302
    assert other.post(f"/arrival/{journey.reference}/code", {"code": code_in_mail()}).status_code == 302
    assert "Your next visit is" in page(other, journey)


def test_a_key_opens_only_its_own_visit() -> None:
    mine, other = booked(newcomer()), booked(newcomer(), email="other@example.org", name="Other")
    key = links.new_link_key(journey=mine, purpose="manage")
    client = newcomer()
    assert client.get(f"/arrival/{mine.reference}/?key={key}").status_code == 200
    assert client.get(f"/arrival/{other.reference}/?key={key}").status_code == 404
    assert client.post(f"/arrival/{other.reference}/code", {"key": key, "code": "123456"}).status_code == 404
    assert client.post(f"/arrival/{other.reference}/new-code", {"key": key}).status_code == 404


ADDRESSES = ["", "code", "new-code", "calendar.ics", "move", "cancel"]


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("method", ["get", "post", "head"])
def test_other_peoples_visits_unknown_ones_and_wrong_keys_get_the_same_answer(address: str, method: str) -> None:
    journey = booked(newcomer())
    before = everything()
    answers = []
    for reference in (journey.reference, new_reference(), "nonsense", "a%00b", "x" * 300):
        client = newcomer()
        booked_elsewhere = getattr(client, method)(f"/arrival/{reference}/{address}?key=wrong")
        if booked_elsewhere.status_code == 405:
            assert (method, address) in [("post", ""), ("post", "calendar.ics")]
            return
        if booked_elsewhere.status_code == 302:
            assert method != "post"
            assert booked_elsewhere["Location"] == f"/arrival/{reference}/"
            booked_elsewhere = client.get(booked_elsewhere["Location"])
        answers.append((booked_elsewhere.status_code, text_of(booked_elsewhere)))
    assert {status for status, _text in answers} == {404}
    if method != "head":
        assert len({text for _status, text in answers}) == 1
    assert everything() == before


def test_unknown_visits_take_no_more_and_no_less_work() -> None:
    journey = booked(newcomer())
    newcomer().get("/")  # what a process reads once has been read
    counts = []
    for reference in (journey.reference, new_reference()):
        with CaptureQueriesContext(connection) as queries:
            assert newcomer().get(f"/arrival/{reference}/?key=wrong").status_code == 404
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_an_expired_key_opens_nothing(settings: LazySettings) -> None:
    journey = booked(newcomer())
    link = link_in_mail()
    links.LinkKey.objects.update(expires_at=links.clock.now())
    assert newcomer().get(link).status_code == 404
    assert journey.email_confirmed_at is None


def test_a_form_from_elsewhere_confirms_nothing() -> None:
    client = newcomer(enforce_csrf_checks=True)
    journey = factories.book(House.objects.get()).journey
    key = links.new_link_key(journey=journey, purpose="manage")
    assert client.post(f"/arrival/{journey.reference}/code", {"key": key, "code": "123456"}).status_code == 403


def test_the_calendar_is_for_those_who_opened_the_visit_or_have_a_key() -> None:
    client = newcomer()
    journey = booked(client)
    address = f"/arrival/{journey.reference}/calendar.ics"
    response = client.get(address)
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert f'filename="{journey.reference}.ics"' in response["Content-Disposition"]
    (event,) = Calendar.from_ical(response.content).walk("VEVENT")
    assert event.decoded("dtstart").isoformat() == "2026-12-08T09:00:00+01:00"
    for purpose in ("calendar", "manage"):
        key = links.new_link_key(journey=journey, purpose=purpose)
        assert newcomer().get(f"{address}?key={key}").status_code == 200
    key = links.new_link_key(journey=journey, purpose="calendar")
    assert newcomer().get(f"/arrival/{journey.reference}/?key={key}").status_code == 404


def _serve(journey: Journey, service: str, outcome: str, **facts: object) -> None:
    """The party is called, served and seen out at one of its steps."""
    visit = journey.visits.get(service__key=service)
    desk = visit.appointment.desk
    actor = staff(factories.member(Role.CLERK, desk.organisation))
    called = call_next(actor=actor, desk=desk)
    assert called == visit
    start_visit(actor=actor, visit=visit)
    finish_visit(actor=actor, visit=visit, outcome=outcome, **facts)


def test_the_day_in_the_house_is_followed_step_by_step(settings: LazySettings) -> None:
    client = newcomer()
    journey = booked(client)
    at(settings, 8, 55)
    check_in_journey(actor=staff(factories.member(Role.FLOORWALKER, "ihnd")), journey=journey)
    assert "You are checked in. Next: 9.00, SIRI, Desk 1." in page(client, journey)
    visit = journey.visits.get(service__key="siri-residence")
    actor = staff(factories.member(Role.CLERK, "siri"))
    call_next(actor=actor, desk=visit.appointment.desk)
    text = page(client, journey)
    assert "It is your turn: SIRI, Desk 1." in text
    assert "Cancel the visit" not in text
    start_visit(actor=actor, visit=visit)
    finish_visit(actor=actor, visit=visit, outcome="done")
    assert "EU residence document Done" in page(client, journey)


def test_documents_missing_and_refusals_are_told_but_never_notes(settings: LazySettings) -> None:
    client = newcomer()
    journey = booked(client)
    at(settings, 9)
    check_in_journey(actor=staff(factories.member(Role.FLOORWALKER, "ihnd")), journey=journey)
    _serve(journey, "siri-residence", "documents-missing", missing=["Signed contract"], note="Looks forged")
    text = page(client, journey)
    assert "EU residence document: SIRI still needs papers from you. Bring them next time. Signed contract" in text
    assert "forged" not in text
    other = booked(newcomer(), email="b@example.org", name="B")
    assert "forged" not in page(client, journey)
    assert other.reference not in text


def test_a_refusal_tells_who_explains_it(settings: LazySettings) -> None:
    client = newcomer()
    journey = booked(client)
    at(settings, 9)
    check_in_journey(actor=staff(factories.member(Role.FLOORWALKER, "ihnd")), journey=journey)
    _serve(journey, "siri-residence", "refused", note="No right of residence")
    text = page(client, journey)
    assert "SIRI has said no to “EU residence document”. They tell you why" in text
    assert "No right" not in text


def test_after_a_visit_nobody_came_to_a_new_one_can_be_planned(settings: LazySettings) -> None:
    client = newcomer()
    journey = booked(client)
    at(settings, 17)
    text = page(client, journey)
    assert "Did you not make it? The time of your visit has passed, so it can no longer be moved or cancelled." in text
    assert "Plan a new visit" in text


def test_a_party_that_waits_longer_than_its_appointment_is_not_told_that_the_visit_is_over(settings: LazySettings) -> None:
    client = newcomer()
    journey = booked(client)
    at(settings, 9)
    check_in_journey(actor=staff(factories.member(Role.FLOORWALKER, "ihnd")), journey=journey)
    at(settings, 9, 50)
    text = page(client, journey)
    assert "You are checked in. Wait until your number is called." in text and "You are next." in text
    assert "Next: 9.00" not in text
    at(settings, 17)
    assert "You are checked in. Wait until your number is called." in page(client, journey)


def test_the_page_is_in_danish_for_those_who_prefer_it() -> None:
    client = newcomer("da")
    journey = booked(client)
    body = client.get(f"/arrival/{journey.reference}/").content.decode()
    assert '<html lang="da">' in body
    assert 'Ingen mail? Se efter under spam, eller <button type="submit" class="i-link-button">få en ny kode</button>.' in body
    assert "Fem minutter til fods fra stationen." in body
    assert "tirsdag den 8.\u00a0december" in body.lower()


def test_the_page_is_never_cached_and_tells_nobody_else_its_address() -> None:
    client = newcomer()
    journey = booked(client)
    for response in (client.get(f"/arrival/{journey.reference}/"), newcomer().get(link_in_mail())):
        assert "no-store" in response["Cache-Control"]
        assert response["Referrer-Policy"] == "same-origin"


def test_a_visit_takes_few_queries_however_many_its_people(django_assert_max_num_queries) -> None:
    for answers, email in ((ALONE, "a@example.org"), (FAMILY, "b@example.org")):
        client = newcomer()
        journey = booked(client, answers, email=email)
        with django_assert_max_num_queries(10):
            client.get(f"/arrival/{journey.reference}/")


def test_the_session_changes_its_name_when_a_visit_is_opened() -> None:
    journey = booked(newcomer())
    client = newcomer()
    key = link_in_mail().partition("key=")[2]
    client.post(f"/arrival/{journey.reference}/code", {"key": key, "code": wrong_code()})
    before = client.cookies["sessionid"].value
    client.post(f"/arrival/{journey.reference}/code", {"code": code_in_mail()})
    assert client.cookies["sessionid"].value != before
    assert key not in str(everything()["django_session"])


def test_mails_lead_to_pages_that_exist() -> None:
    booked(newcomer())
    (letter,) = Letter.objects.all()
    for address in re.findall(r"http://\S+", letter.text):
        parts = urlsplit(address)
        assert newcomer().get(f"{parts.path}?{parts.query}").status_code == 200
