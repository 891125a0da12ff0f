"""The hours' pages in a browser: by keyboard, on paper, on a phone, in both languages, without barriers."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer
from tests.browser.browser import DESKTOP, PHONE, barriers, faults_of, overflow, too_small_for_a_finger
from tests.browser.test_staff import page_of

from indgang.foundation.identity.models import Organisation, Role
from indgang.foundation.places.models import House
from indgang.operations.reception.actions.roster import Wanted, set_sitting
from indgang.operations.reception.models import Closure
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.opening_day import closure, hours, leader, saved, session
from indgang.operations.reception.tests.resource_day import interpreter
from indgang.operations.reception.tests.staff_day import DATE, party
from indgang.operations.reception.tests.test_holidays import FILE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGES = ("", "times/", "period/", "close/", "holidays/", "new-desk/", "sessions/new/", "desks/siri-1/", "desks/siri-1/times/", "outside/")
BESIDE = ("new-interpreter/", "new-room/", "resources/amina/", "resources/amina/times/", "resources/amina/day/")


def boss() -> object:
    return factories.member(Role.LEADER, "ihnd", name="Karen Holm")


def seeded(house: House) -> None:
    """A house with something in every part of the page, and an authority of a long name."""
    Organisation.objects.filter(key="siri").update(title_da="Styrelsen for International Rekruttering og Integration (SIRI)")
    Organisation.objects.filter(key="siri").update(title_en="SIRI (Danish Agency for International Recruitment and Integration)")
    saved(leader(), closure("siri-2", begins="12:00"))
    saved(leader(), session("siri-1", "tax-1", weekday=3, weeks=2))
    saved(leader(), hours(house, [3, "15:00", "18:00", None, None], desk="siri-2"))


@pytest.mark.parametrize("language", ["en", "da"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_pages_have_no_barriers_and_fit(chromium: Browser, live_server: LiveServer, house: House, language: str, size: object) -> None:
    seeded(house)
    interpreter(house, hours=(9, 15))
    party(house, name="Fatima Zahra El Amrani", interpreter="ar")
    page = page_of(chromium, live_server, boss(), language=language, size=size)
    for address in (*PAGES, *BESIDE):
        page.goto(f"/hours/aalborg/{address}")
        assert (address, barriers(page), overflow(page)) == (address, [], 0)
        assert (address, too_small_for_a_finger(page) if size is PHONE else []) == (address, [])
    page.goto("/hours/aalborg/holidays/")
    page.locator("[name=file]").set_input_files({"name": "fridage.ics", "mimeType": "text/calendar", "buffer": FILE})
    page.locator(".i-actions button").click()
    expect(page.locator("[name=days]:checked")).to_have_count(2)
    assert (barriers(page), overflow(page)) == ([], 0)
    page.goto("/hours/aalborg/close/?desk=tax-1")
    page.locator("[name=title_da]").fill("Kursus")
    page.locator(".i-actions button").click()
    expect(page.locator(".s-affected")).to_have_count(1)
    assert (barriers(page), overflow(page)) == ([], 0)
    assert faults_of(page) == []


def test_a_desk_is_closed_and_everybody_moved_by_keyboard(chromium: Browser, live_server: LiveServer, house: House) -> None:
    ana = party(house, name="Ana Silva")
    page = page_of(chromium, live_server, factories.member(Role.CLERK, "skattestyrelsen", name="Jens Vang"))
    page.goto("/desks/aalborg/tax-1/")
    page.get_by_role("button", name="Close this desk for today").press("Enter")
    expect(page.locator("h1")).to_have_text("1 visit is booked then")
    first = page.get_by_role("radio").first
    expect(first).to_be_checked()
    first.focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio").nth(1)).to_be_checked()
    page.get_by_role("button", name="Save, move and write to them").press("Enter")
    expect(page.locator("#messages")).to_contain_text("1 visit has a new time.")
    expect(page.locator("h1")).to_have_text("This desk is closed")
    assert Closure.objects.get().desk == factories.desk("tax-1")
    assert ana.visits.count() == 4
    page.get_by_role("button", name="Undo").press("Enter")
    expect(page.locator("#messages")).to_contain_text("Not closed after all")
    assert Closure.objects.exclude(lifted_at=None).count() == 1
    expect(page.locator("h1")).to_have_text("Who had been moved")
    for size in (DESKTOP, PHONE):
        page.set_viewport_size(size)
        assert (barriers(page), overflow(page)) == ([], 0)
    page.get_by_role("button", name="Move back and write to them").press("Enter")
    expect(page.locator("#messages")).to_contain_text("1 visit has its old time again.")
    assert faults_of(page) == []


def test_on_paper_stand_the_hours_and_no_buttons(chromium: Browser, live_server: LiveServer, house: House) -> None:
    seeded(house)
    page = page_of(chromium, live_server, boss())
    page.goto("/hours/aalborg/")
    page.emulate_media(media="print")
    assert [button for button in page.get_by_role("button").all() if button.is_visible()] == []
    expect(page.locator("#desks")).to_be_visible()
    expect(page.locator("#done")).to_be_hidden()


@pytest.mark.parametrize("language", ["en", "da"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_who_sits_where_has_no_barriers_and_fits(
    chromium: Browser, live_server: LiveServer, house: House, language: str, size: object
) -> None:
    officer = factories.member(Role.CLERK, "skattestyrelsen", name="Jens-Christian Vangsgaard")
    wanted = Wanted(officer, range(5), None, None, DATE, None)
    set_sitting(actor=leader(), desk=factories.desk("tax-1"), wanted=wanted)
    page = page_of(chromium, live_server, boss(), language=language, size=size)
    for address in ("week/", "desks/tax-1/roster/", "away/", "nobody/"):
        page.goto(f"/hours/aalborg/{address}")
        assert (address, barriers(page), overflow(page)) == (address, [], 0)
        assert (address, too_small_for_a_finger(page) if size is PHONE else []) == (address, [])
    page.goto("/hours/aalborg/week/")
    if size is PHONE:  # one day at a time, today first
        expect(page.locator(".s-plan-3").first).to_be_hidden()
        page.locator(".s-plan-pick-3").check()
        expect(page.locator(".s-plan-3").first).to_be_visible()
        expect(page.locator(".s-plan-2").first).to_be_hidden()
        page.locator(".s-plan-pick-2").check()
    page.locator("form[action$='/away/today/'] button").press("Enter")
    expect(page.locator(".s-affected")).to_have_count(1)
    assert (barriers(page), overflow(page)) == ([], 0)
    page.goto("/hours/aalborg/week/")
    page.emulate_media(media="print")
    expect(page.locator(".s-plan s")).to_have_count(1)
    assert [button for button in page.locator("main").get_by_role("button").all() if button.is_visible()] == []


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_calendar_link_is_made_and_shown_without_barriers(chromium: Browser, live_server: LiveServer, house: House, size: object) -> None:
    page = page_of(chromium, live_server, factories.member(Role.CLERK, "skattestyrelsen", name="Jens Vang"), language="da", size=size)
    page.goto("/feeds/")
    assert (barriers(page), overflow(page)) == ([], 0)
    page.get_by_role("button", name=re.compile("^Lav et link.*Skranke 5$")).press("Enter")
    expect(page.locator("#feed-address")).to_have_value(re.compile(r"/feeds/calendar\.ics\?key=[\w-]{43}$"))
    assert (barriers(page), overflow(page)) == ([], 0)
