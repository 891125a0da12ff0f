"""Waiting for a time in a real browser: by one click from the letter, without scripts, and without barriers."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from urllib.parse import urlencode, urljoin

import pytest
from django.conf import LazySettings
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer
from tests.browser.browser import DESKTOP, PHONE, SMALLEST, barriers, faults_of, open_page, overflow

from indgang.foundation.identity.models import Role
from indgang.foundation.places.models import House
from indgang.operations.reception.actions.serving import serve_house
from indgang.operations.reception.actions.waiting import still_wait
from indgang.operations.reception.models import Hours, Journey, WaitingEntry, WaitingOffer
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.staff_day import at, logged_in
from indgang.operations.reception.tests.waiting_day import DAY, booked, house_open, letters_to, link_in, waits, wish

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ANSWERS = {
    "citizenship": "POL",
    "purpose": "work",
    "stay": "2",
    "municipality": "851",
    "adults": "2",
    "children": "0",
    "date": DAY.isoformat(),
    "language": "en",
}


@pytest.fixture
def house(settings: LazySettings) -> House:
    at(settings, 8)
    return house_open(15)


def test_from_the_plan_to_a_booked_time_without_scripts(chromium: Browser, live_server: LiveServer, house: House) -> None:
    booked(house)
    Hours.objects.all().delete()
    page = open_page(chromium, live_server.url, size=PHONE, scripts=False)
    page.goto(f"/arrive/plan?{urlencode(ANSWERS)}")
    page.get_by_role("link", name="Put me on the waiting list").click()
    page.locator("[name=name]").fill("Anna Nowak")
    page.locator("[name=person1]").fill("Jan Nowak")
    page.locator("[name=email]").fill("anna@example.org")
    page.locator("[name=consent]").check(force=True)
    page.get_by_role("button", name="Put me on the list").click()
    assert page.locator("h1").inner_text() == "Look in your mail"
    entry = WaitingEntry.objects.get()
    page.goto(link_in(letters_to(entry, "confirm")[0]))
    page.get_by_role("button", name="Put me on the list").click()
    assert page.locator("h1").inner_text() == "You are waiting for a time"
    Hours.objects.create(house=house, weekday=1, opens=dt.time(13), closes=dt.time(13, 30))
    serve_house(house)
    page.goto(link_in(letters_to(entry, "offer")[0]))
    page.get_by_role("button", name="Take this time").click()
    journey = Journey.objects.get(source="waiting")
    assert page.url.endswith(f"/arrival/{journey.reference}/")


@pytest.mark.parametrize(("size", "language"), [(DESKTOP, "en"), (PHONE, "da"), (SMALLEST, "en")], ids=["desktop", "phone", "smallest"])
def test_no_page_has_a_barrier(
    chromium: Browser, live_server: LiveServer, house: House, size: dict[str, int], language: str, tmp_path: Path
) -> None:
    journey = booked(house)
    offered = waits(wish(house, last=DAY + dt.timedelta(days=7)), name="Anna Nowak")
    resting = waits(wish(house), name="Bo Engelbrecht-Sørensen")
    WaitingEntry.objects.filter(pk=resting.pk).update(unanswered=3)
    serve_house(house)
    offer = link_in(letters_to(offered, "offer")[0])
    unconfirmed = WaitingEntry.objects.get(pk=waits(wish(house, adults=2), name="Cy Diaz").pk)
    WaitingEntry.objects.filter(pk=unconfirmed.pk).update(confirmed_at=None)
    addresses = {
        "join": f"/arrive/wait?{urlencode(ANSWERS)}",
        "confirm": link_in(letters_to(unconfirmed, "confirm")[0]),
        "waiting": link_in(letters_to(offered, "confirm")[0]),
        "resting": link_in(letters_to(resting, "confirm")[0]),
        "offer": offer,
        "staff": "/board/aalborg/waiting/",
        "board": "/board/aalborg/",
        "stranger": f"/waiting/{offered.pk}/",
    }
    page = open_page(chromium, live_server.url, size=size, language=language)
    client = logged_in(factories.member(Role.FLOORWALKER, "ihnd", name="Karen Holm"))
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": urljoin(live_server.url, "/")}])
    found = {name: look(page, address, tmp_path / f"{name}.png") for name, address in addresses.items()}
    still_wait(entry=resting)
    WaitingOffer.objects.update(answer="unanswered")
    found["gone"] = look(page, offer, tmp_path / "gone.png")
    assert {name: faults for name, faults in found.items() if faults} == {}
    assert journey.visits.exists()


def look(page: Page, address: str, picture: Path) -> list[str]:
    """What is wrong on a page."""
    page.goto(address)
    page.screenshot(path=str(picture), full_page=True)
    complaints = [fault for fault in faults_of(page) if "404" not in fault]
    return [*barriers(page), *complaints, *([f"too wide by {overflow(page)}"] if overflow(page) else [])]
