"""Booking for employees in a real browser: by keyboard without scripts, with a form and with a spreadsheet, and without barriers."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from urllib.parse import urljoin

import pytest
from django.conf import LazySettings
from playwright.sync_api import Browser, Locator, Page
from pytest_django.live_server_helper import LiveServer
from tests.browser.browser import DESKTOP, PHONE, SMALLEST, barriers, faults_of, open_page, overflow

from indgang.foundation.identity.models import Role
from indgang.foundation.places.models import House
from indgang.operations.reception.actions.employers import add_people, propose_times
from indgang.operations.reception.employer_links import group_url
from indgang.operations.reception.models import EmployerBooking, Journey
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.employer_day import DAY, booked, group, person, proposed, wanted, wishes
from indgang.operations.reception.tests.staff_day import at, at_instant, logged_in
from indgang.operations.reception.tests.waiting_day import house_open

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NAMES = ("Anna Nowak", "Bo Engelbrecht-Sørensen")


@pytest.fixture
def house(settings: LazySettings) -> House:
    at(settings, 8)
    return house_open(60)


def link_to(booking: EmployerBooking) -> str:
    """The link of the letter, on this server."""
    return "/employers/" + group_url(booking).partition("/employers/")[2]


def reach(page: Page, target: Locator) -> None:
    """Go there with the tab key alone."""
    for _step in range(120):
        if target.evaluate("node => node === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {target} on {page.url}")


def write(page: Page, name: str, text: str) -> None:
    """Write into a field, reached with the keyboard."""
    reach(page, page.locator(f"[name={name}]"))
    page.keyboard.type(text)


def press(page: Page, button: str) -> None:
    """Press a button or follow a link, reached with the keyboard."""
    target = page.get_by_role("button", name=button, exact=True).or_(page.get_by_role("link", name=button, exact=True)).first
    reach(page, target)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_a_group_is_booked_by_keyboard_with_the_form(chromium: Browser, live_server: LiveServer, house: House) -> None:
    page = open_page(chromium, live_server.url)
    page.goto("/")
    press(page, "Book for your employees")
    for name, text in {"company": "Nordværk A/S", "cvr": "13585628", "name": "Hanne Riis", "email": "hr@nordvaerk.example"}.items():
        write(page, name, text)
    reach(page, page.locator("[name=consent]"))
    page.keyboard.press("Space")
    press(page, "Send me the link")
    assert page.locator("h1").inner_text() == "Look in your mail"
    booking = EmployerBooking.objects.get()
    page.goto(link_to(booking))
    press(page, "Write who comes")
    page.locator("[name=all-municipality]").select_option("851")
    page.locator("[name=all-stay]").select_option("2")
    for number, name in enumerate(NAMES, start=1):
        write(page, f"p{number}-name", name)
        write(page, f"p{number}-citizenship", "Poland")
    press(page, "Add these people")
    press(page, "Find times")
    page.locator("[name=first_day]").fill(DAY.isoformat())
    page.locator("[name=last_day]").fill(DAY.isoformat())
    press(page, "Find times")
    press(page, "Book 2 visits")
    assert page.locator("h1").inner_text() == "Nordværk A/S"
    assert sorted(Journey.objects.values_list("contact__name", flat=True)) == sorted(NAMES)


def test_a_group_is_booked_with_a_spreadsheet_without_scripts(chromium: Browser, live_server: LiveServer, house: House) -> None:
    booking = group(house)
    page = open_page(chromium, live_server.url, size=PHONE, language="da", scripts=False)
    page.goto(link_to(booking))
    page.get_by_role("link", name="Skriv, hvem der kommer").click()
    wrong = "Navn;Statsborgerskab;Ophold i måneder;Kommune\r\nAnna Nowak;Atlantis;2;Aalborg\r\n".encode("latin-1")
    page.locator("[name=file]").set_input_files({"name": "nye.csv", "mimeType": "text/csv", "buffer": wrong})
    page.get_by_role("button", name="Send regnearket").click()
    assert "Række 2, Statsborgerskab “Atlantis”" in page.get_by_role("alert").inner_text()
    right = wrong.replace(b"Atlantis", b"Polen")
    page.locator("[name=file]").set_input_files({"name": "nye.csv", "mimeType": "text/csv", "buffer": right})
    page.get_by_role("button", name="Send regnearket").click()
    page.get_by_role("link", name="Find tider").click()
    page.locator("[name=first_day]").fill(DAY.isoformat())
    page.locator("[name=last_day]").fill(DAY.isoformat())
    page.get_by_role("button", name="Find tider").click()
    page.get_by_role("button", name="Bestil 1 besøg").click()
    assert page.locator("h1").inner_text() == "Nordværk A/S"
    assert Journey.objects.get().source == "employer"


@pytest.mark.parametrize(("size", "language"), [(DESKTOP, "en"), (PHONE, "da"), (SMALLEST, "en")], ids=["desktop", "phone", "smallest"])
def test_no_page_has_a_barrier(
    chromium: Browser,
    live_server: LiveServer,
    house: House,
    settings: LazySettings,
    size: dict[str, int],
    language: str,
    tmp_path: Path,
) -> None:
    there = group(house, *NAMES)
    booked(there)
    add_people(booking=there, people=[wanted(name, reference=f"100{number}") for number, name in enumerate(["Cy Diaz", "Di Vu", "Eva Ro"])])
    proposed(there, book_when="named", needed=frozenset({person(there, "Cy Diaz").pk}))
    moving = group(house, "Finn Bach", company="Søndergaard & Sønner Maskinfabrik A/S", email="chef@soendergaard.example")
    empty = group(house, company="Tom ApS", email="tom@example.org")
    page = open_page(chromium, live_server.url, size=size, language=language)
    for booking in (there, moving, empty):
        page.goto(link_to(booking))
    base = f"/employers/{there.pk}/"
    addresses = {
        "start": "/employers/",
        "group": base,
        "empty": f"/employers/{empty.pk}/",
        "people": f"{base}people",
        "person": f"{base}people/{person(there, 'Eva Ro').pk}",
        "times": f"{base}times",
        "preview": f"{base}preview",
        "cancel": f"{base}change",
        "stranger": "/employers/6f1f4c55-6a0e-4d52-8b6a-0d3a8a3f0a10/",
    }
    found = {name: look(page, address, tmp_path / f"{name}.png") for name, address in addresses.items()}
    page.goto(f"{base}people")
    page.locator("[name=p1-email]").fill("nobody")
    page.locator("[name=add]").click()
    found["faults"] = look(page, "", tmp_path / "faults.png")
    propose_times(booking=there, wishes=wishes(), move=[person(there, NAMES[0]).pk])
    found["move"] = look(page, f"{base}preview", tmp_path / "move.png")
    client = logged_in(factories.member(Role.FLOORWALKER, "ihnd", name="Karen Holm"))
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": urljoin(live_server.url, "/")}])
    at_instant(settings, dt.datetime.combine(DAY, dt.time(7, 50), dt.UTC))
    found["board"] = look(page, "/board/aalborg/", tmp_path / "board.png")
    journey = Journey.objects.get(contact__name=NAMES[0])
    found["journey"] = look(page, f"/journeys/{journey.reference}/", tmp_path / "journey.png")
    assert {name: faults for name, faults in found.items() if faults} == {}


def look(page: Page, address: str, picture: Path) -> list[str]:
    """What is wrong on a page; on the one that is open where no address is given."""
    if address:
        page.goto(address)
    page.screenshot(path=str(picture), full_page=True)
    complaints = [fault for fault in faults_of(page) if "404" not in fault and not fault.startswith("asks for a font")]
    return [*barriers(page), *complaints, *([f"too wide by {overflow(page)}"] if overflow(page) else [])]
