"""Rooms and interpreters of people with a ticket, in a real browser: kiosk, phone, display, board and desk; by keyboard, no barriers."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import LazySettings
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer
from tests.browser.browser import DESKTOP, PHONE, barriers, faults_of, open_page, overflow
from tests.browser.test_staff import page_of

from indgang.foundation.access.actors import staff
from indgang.foundation.identity.models import Role, User
from indgang.foundation.places.models import House
from indgang.operations.reception.actions.desk import call_next, finish_visit
from indgang.operations.reception.models import LineSetting
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.resource_day import interpreter, room
from indgang.operations.reception.tests.staff_day import at

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
KIOSK_SCREEN = {"width": 1080, "height": 1920}


@pytest.fixture
def house(settings: LazySettings) -> House:
    at(settings, 10)
    house = factories.small_house()
    LineSetting.objects.create(house=house, without_room=True)
    room(house, "siri-residence", "tax-card")
    for key, language in (("amina", "ar"), ("olena", "uk"), ("signe", "dsl")):
        interpreter(house, key, language)
    return house


def clerk(of: str) -> User:
    return factories.member(Role.CLERK, of)


def seen(page: Page, name: str) -> None:
    """Nothing in anybody's way, nothing wider than the window, nothing the browser complains of."""
    assert (name, barriers(page), overflow(page), faults_of(page)) == (name, [], 0, [])


def take_ticket(page: Page, language: str, service: str, spoken: str = "") -> str:
    """A ticket by touch; its address on the phone."""
    page.goto(f"/hall/aalborg/?language={language}")
    page.locator(f"input[value={service}]").check()
    if spoken:
        page.locator(f"input[name=interpreter][value={spoken}]").check()
    seen(page, f"kiosk-{language}-{spoken}")
    page.locator("button[type=submit]").click()
    expect(page.locator(".h-number")).to_be_visible()
    seen(page, f"paper-{language}-{spoken}")
    number, key = page.locator(".h-number").inner_text().split()[-1], parse_qs(urlsplit(page.url).query)["key"][0]
    return f"/ticket/{number}/?key={key}"


@pytest.mark.parametrize(("size", "language"), [(DESKTOP, "en"), (PHONE, "da")], ids=["desktop", "phone"])
def test_a_walk_in_with_an_interpreter_and_a_room(
    chromium: Browser, live_server: LiveServer, house: House, size: dict[str, int], language: str
) -> None:
    kiosk = open_page(chromium, live_server.url, language=language, size=KIOSK_SCREEN if size == DESKTOP else PHONE)
    called, waits = take_ticket(kiosk, language, "tax-card", "ar"), take_ticket(kiosk, language, "siri-residence")
    first = call_next(actor=staff(clerk("skattestyrelsen")), desk=factories.desk("tax-1"))
    assert first
    siri, tax = (page_of(chromium, live_server, clerk(of), size=size, language=language) for of in ("siri", "skattestyrelsen"))
    walker = page_of(chromium, live_server, factories.member(Role.FLOORWALKER, "ihnd"), size=size, language=language)
    hall = open_page(chromium, live_server.url, language=language)
    for page, address, name in (
        (siri, "/desks/aalborg/siri-1/", "desk-waits"),
        (tax, "/desks/aalborg/tax-1/", "desk-has"),
        (walker, "/board/aalborg/", "board"),
        (hall, "/hall/aalborg/display/", "display"),
        (kiosk, called, "phone-called"),
        (kiosk, waits, "phone-waits"),
    ):
        page.goto(address)
        seen(page, f"{name}-{language}")
    finish_visit(actor=staff(clerk("skattestyrelsen")), visit=first, outcome="done")
    expect(siri.get_by_text(re.compile("^(waits for a room|venter på et lokale)"))).to_have_count(0)


def test_a_clerk_is_told_why_and_goes_on_by_keyboard(chromium: Browser, live_server: LiveServer, house: House) -> None:
    kiosk = open_page(chromium, live_server.url, size=KIOSK_SCREEN)
    take_ticket(kiosk, "en", "tax-card")
    take_ticket(kiosk, "en", "siri-residence")
    assert call_next(actor=staff(clerk("skattestyrelsen")), desk=factories.desk("tax-1"))
    desk = page_of(chromium, live_server, clerk("siri"))
    desk.goto("/desks/aalborg/siri-1/")
    desk.keyboard.press("n")
    expect(desk.get_by_text("Talk room: with number 1 (Desk 5) until about 10.15.").first).to_be_visible()
    anyway = desk.get_by_role("button", name="Call Number 2 without a room")
    anyway.focus()
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("They were called without the room that this step is done in.")).to_be_visible()
    seen(desk, "desk-without")
