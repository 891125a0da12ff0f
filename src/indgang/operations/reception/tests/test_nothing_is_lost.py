"""What goes wrong at a desk: an answer that is lost, two who press at once, a desk that closes under somebody. Done once, and told."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connections
from django.test import Client

from indgang.foundation.access.actors import ANONYMOUS
from indgang.foundation.identity.models import Role
from indgang.foundation.journal.models import Entry
from indgang.foundation.places.models import House
from indgang.operations.reception.actions.tickets import Errands, TakenTicket, take_ticket
from indgang.operations.reception.models import Journey, Visit
from indgang.operations.reception.models.journey import Status
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.asking_again import sent_by
from indgang.operations.reception.tests.newcomer_day import newcomer
from indgang.operations.reception.tests.staff_day import DATE, at, clerk, floorwalker, logged_in, said
from indgang.operations.reception.views.newcomer_session import OPENED

pytestmark = pytest.mark.django_db
SIRI, OTHER, TAX = "/desks/aalborg/siri-1/", "/desks/aalborg/siri-2/", "/desks/aalborg/tax-1/"


@pytest.fixture
def house(settings: LazySettings) -> House:
    at(settings, 9, 0)
    return factories.small_house()


def take(house: House, service: str = "siri-residence") -> TakenTicket:
    return take_ticket(actor=ANONYMOUS, house=house, errands=Errands([service]))


def visit_of(taken: TakenTicket) -> Visit:
    return Visit.objects.select_related("desk").get(journey=taken.ticket.journey, service__key="siri-residence")


def written(response: Any) -> list[str]:
    """The messages as they stand on a page. (What a page was made of is noted for all threads together.)"""
    messages = response.content.decode().partition('id="messages">')[2].partition("<h1")[0]
    return re.findall(r'i-note i-note-\w+">\s*<div>\s*<p>(.*?)</p>', messages)


def verbs() -> list[str]:
    """What the journal tells of steps, in order."""
    return list(Entry.objects.filter(verb__startswith="visit.").order_by("pk").values_list("verb", flat=True))


def words(response: Any) -> str:
    body = response.content.decode()
    return " ".join(re.sub(r"<[^>]+>", " ", body[body.find("<main") :]).split())


def pressed_twice(browser: Client, path: str, **fields: str) -> str:
    """The first answer is lost on its way, so the same button is pressed again; what the next screen says last."""
    before = len(verbs())
    assert browser.post(path, fields).status_code == 302
    done = verbs()[before:]
    page = browser.post(path, fields, follow=True)
    assert (page.status_code, verbs()[before:]) == (200, done), "once"
    assert len(done) == 1
    return (said(page) or [""])[-1]


def test_a_deed_whose_answer_is_lost_is_done_once_when_it_is_pressed_again_and_told(house: House) -> None:
    taken, browser = take(house), clerk()
    number = visit_of(taken).pk
    back = f"?back=desk&house={house.key}&desk=siri-1"

    assert pressed_twice(browser, f"{SIRI}next/{back}") == "Called: Number 1, 1 person."
    assert pressed_twice(browser, f"{SIRI}call-again/{number}/{back}", calls="1") == "Called again: Number 1, 1 person."
    assert pressed_twice(browser, f"{SIRI}put-back/{number}/{back}") == "Back in line: Number 1, 1 person."
    assert pressed_twice(browser, f"{SIRI}call/{number}/{back}") == "Called: Number 1, 1 person."
    assert pressed_twice(browser, f"/line/{number}/aside/{back}") == "Waits aside: Number 1, 1 person."
    assert pressed_twice(browser, f"/line/{number}/back/{back}") == "In line again, at the old place: Number 1, 1 person."
    browser.post(f"{SIRI}next/{back}")
    pressed_twice(browser, f"{SIRI}start/{number}/{back}")
    assert "At the desk" in words(browser.get(SIRI))
    ended = "Number 1, 1 person: EU residence document has ended. Outcome: Done."
    assert pressed_twice(browser, f"{SIRI}finish/{number}/{back}", outcome="done") == ended
    assert pressed_twice(browser, f"{SIRI}undo-finish/{number}/{back}") == "Undone: Number 1, 1 person is at your desk again."
    on = pressed_twice(browser, f"{SIRI}send-on/{number}/{back}", service="tax-card")
    assert on.startswith("Sent on: Number 1, 1 person waits for Tax card")


def test_a_button_pressed_again_after_a_colleague_has_called_them_takes_nobody_away(house: House) -> None:
    taken, browser, colleague = take(house), clerk(), clerk()
    number = visit_of(taken).pk
    browser.post(f"{SIRI}next/")
    browser.post(f"{SIRI}put-back/{number}/")
    colleague.post(f"{OTHER}next/")
    for deed in ("put-back", "start", "finish"):
        page = browser.post(f"{SIRI}{deed}/{number}/?back=desk", {"outcome": "done"}, follow=True)
        assert said(page)[-1] == "Number 1 was called to Desk 2."
    visit = visit_of(taken)
    assert (visit.status, visit.desk and visit.desk.key) == (Status.CALLED, "siri-2")


def at_once(*presses: tuple[Client, str]) -> list[str]:
    """Pressed at the same moment; what each one's next screen says."""
    gate = Barrier(len(presses))

    def press(one: tuple[Client, str]) -> str:
        gate.wait()
        try:
            page = one[0].post(f"{one[1]}?back=desk", follow=True)
            assert page.status_code == 200
            return written(page)[-1]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(presses)) as pool:
        return list(pool.map(press, presses))


@pytest.mark.django_db(transaction=True)
def test_two_clerks_call_the_same_party_at_once_and_one_is_told_by_whom_it_was_called(house: House) -> None:
    names = {"siri-1": "Bo Skov", "siri-2": "Tove Krog"}
    browsers = {key: logged_in(factories.member(Role.CLERK, "siri", name=name)) for key, name in names.items()}
    for _round in range(5):
        taken = take(house)
        number = visit_of(taken).pk
        told = at_once(*((browsers[key], f"/desks/aalborg/{key}/call/{number}/") for key in names))
        desk = visit_of(taken).desk
        assert desk is not None
        called = f"Called: Number {taken.ticket.number}, 1 person."
        passed = f"Number {taken.ticket.number} has just been called to {desk.title} by {names[desk.key]}."
        assert told == [called if key == desk.key else passed for key in names]
        assert Entry.objects.filter(verb="visit.called", subject_id=str(number)).count() == 1
        browsers[desk.key].post(f"/desks/aalborg/{desk.key}/finish/{number}/", {"outcome": "done"})


@pytest.mark.django_db(transaction=True)
def test_two_clerks_press_next_at_once_and_the_second_gets_the_next_or_is_told_that_nobody_waits(house: House) -> None:
    browsers = [clerk(), clerk()]
    presses = [(browsers[0], f"{SIRI}next/"), (browsers[1], f"{OTHER}next/")]
    first, second = take(house), take(house)
    assert sorted(at_once(*presses)) == ["Called: Number 1, 1 person.", "Called: Number 2, 1 person."]
    for taken in (first, second):
        visit = visit_of(taken)
        assert visit.desk is not None
        browsers[visit.desk.key == "siri-2"].post(f"/desks/aalborg/{visit.desk.key}/finish/{visit.pk}/", {"outcome": "done"})
    take(house)
    assert sorted(at_once(*presses)) == ["Called: Number 3, 1 person.", "Nobody waits for this desk now."]


def test_a_desk_closed_under_those_who_are_served_and_wait_loses_nobody_and_every_screen_says_so(
    house: House, settings: LazySettings
) -> None:
    served, waiting = take(house, "tax-card"), take(house, "tax-card")
    tax, board = clerk("skattestyrelsen"), floorwalker()
    tax.post(f"{TAX}next/")
    phone = newcomer()

    def on_phone(taken: TakenTicket) -> str:
        return words(phone.get(f"/ticket/{taken.ticket.number}/?key={taken.key}"))

    at(settings, 9, 10)
    page = board.post(f"{TAX}close/", follow=True)
    assert any(told.startswith("Number 2 waits in the house") for told in said(page))

    # Who was called is called all the same, and is served to the end.
    assert "It is your turn Go to Desk 5" in on_phone(served)
    number = Visit.objects.get(journey=served.ticket.journey).pk
    present = words(tax.get(TAX))
    assert present.index("This desk is closed Closed for the rest of today") < present.index("Everything about this visit"), "at the top"
    assert present.count("Open again") == 1
    tax.post(f"{TAX}start/{number}/")
    assert "You are at Desk 5." in on_phone(served)
    tax.post(f"{TAX}finish/{number}/", {"outcome": "done"})

    # Who waits keeps the place, and is told where to go; so are those who see to them.
    told = on_phone(waiting)
    assert "The desk for this has closed for today." in told and "You keep your place." in told
    shown = words(board.get("/board/aalborg/"))
    assert "Closed now: Desk 5 (for the rest of today)" in shown and "no desk does this any more today" in shown
    desk = words(tax.get(TAX))
    assert "This desk is closed" in desk and "You can still call those who are here already." in desk
    display = words(phone.get("/hall/aalborg/display/"))
    assert "Skattekort Tax card Lukket for i dag Closed for today" in display
    assert "1 Skranke 5 Desk 5" in display, "the call stands"

    # They are called all the same, or the desk opens again: then nothing of it is left.
    tax.post(f"{TAX}next/")
    assert "It is your turn Go to Desk 5" in on_phone(waiting)
    assert Journey.objects.filter(cancelled_at=None).count() == 2


def test_a_booked_party_that_waits_at_a_closed_desk_reads_it_on_its_page(house: House, settings: LazySettings) -> None:
    journey = factories.book(house, on=DATE, days=0, stay_months=2).journey
    board = floorwalker()
    board.post(f"/journeys/{journey.reference}/check-in/")
    assert "has closed for today" not in own_page(journey)
    desk = journey.visits.get().appointment.desk
    page = board.post(f"/desks/aalborg/{desk.key}/close/")
    change = re.search(r'name="change" value="([^"]+)"', page.content.decode())
    assert change
    board.post("/hours/aalborg/save/", {"change": change[1], f"choice-{journey.pk}": ""})
    assert "“Tax card”: the desk for this has closed for today. Go to the reception" in own_page(journey)


def own_page(journey: Journey) -> str:
    browser = newcomer()
    browser.get("/arrive/")
    store = browser.session
    store[OPENED] = [journey.reference]
    store.save()
    return words(browser.get(f"/arrival/{journey.reference}/"))


def test_a_display_that_was_off_for_an_hour_shows_what_is_now_and_speaks_no_old_call(house: House, settings: LazySettings) -> None:
    browser, screen = clerk(), newcomer()
    old, new = take(house), take(house)
    browser.post(f"{SIRI}next/")
    before = screen.get("/hall/aalborg/display/")
    assert spoken(before) == {"1": True}
    browser.post(f"{SIRI}finish/{visit_of(old).pk}/", {"outcome": "done"})
    at(settings, 10, 0)
    browser.post(f"{SIRI}next/")
    at(settings, 10, 0)
    for headers in ({}, sent_by(before)):  # switched on again; or only its network was gone
        after = screen.get("/hall/aalborg/display/", headers=headers)
        assert after.status_code == 200
        assert spoken(after) == {str(new.ticket.number): True, "1": False}


def spoken(display: Any) -> dict[str, bool]:
    """The calls on a display, the newest first: whether the page may speak them. (It never does when they are a minute old.)"""
    body = display.content.decode()
    calls = re.findall(r'data-call="[^"]+" data-seconds="(\d+)".*?<(?:b|p class="d-number")>(\d+)<', body, re.S)
    return {number: int(seconds) < 60 for seconds, number in calls}
