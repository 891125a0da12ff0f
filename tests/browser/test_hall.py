"""The hall, walked in a real browser: the kiosk without scripts, the ticket on paper and phone, the display that speaks and outlives a lost
network. Two languages, no barriers."""

from __future__ import annotations

import re

import pytest
from django.conf import LazySettings
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer
from tests.browser.browser import DESKTOP, PHONE, SMALLEST, barriers, faults_of, open_page, overflow, transferred

from indgang.config.region_commands import load_region
from indgang.foundation.access.actors import ANONYMOUS, Actor, staff
from indgang.foundation.identity.models import Role
from indgang.foundation.places.models import House
from indgang.foundation.places.region import RegionFolder
from indgang.operations.reception.actions import line
from indgang.operations.reception.actions.desk import call_next, finish_visit
from indgang.operations.reception.actions.tickets import Errands, TakenTicket, take_ticket
from indgang.operations.reception.models import Service, Ticket, Visit
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.staff_day import at

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
KIOSK_SCREEN = {"width": 1080, "height": 1920}
HALL_SCREEN = {"width": 1920, "height": 1080}
EAR = """window.heard = []; Object.defineProperty(window, 'speechSynthesis', {value: {
    getVoices: () => [], cancel: () => undefined, speak: (words) => window.heard.push([words.lang, words.text])}});"""


@pytest.fixture
def house(settings: LazySettings) -> House:
    at(settings, 9, 30)
    return factories.small_house()


def take(house: House, service: str = "tax-card") -> TakenTicket:
    return take_ticket(actor=ANONYMOUS, house=house, errands=Errands([service]))


def clerk() -> Actor:
    return staff(factories.member(Role.CLERK, "skattestyrelsen"))


def call(actor: Actor) -> Visit:
    visit = call_next(actor=actor, desk=factories.desk("tax-1"))
    assert visit is not None
    return visit


def fine(page: Page) -> None:
    """Nothing in anybody's way, nothing wider than the window, nothing the browser complains of."""
    assert barriers(page) == []
    assert overflow(page) == 0
    assert faults_of(page) == []


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_the_kiosk_gives_a_ticket_by_touch_alone(chromium: Browser, live_server: LiveServer, house: House, scripts: bool) -> None:
    page = open_page(chromium, live_server.url, size=KIOSK_SCREEN, scripts=scripts)
    page.goto("/hall/aalborg/")
    page.get_by_role("link", name=re.compile("Dansk")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tag et nummer")
    page.get_by_text("Skattekort").click()
    page.get_by_text("3", exact=True).click()
    page.get_by_role("button", name="Tag et nummer").dblclick()
    expect(page.get_by_role("heading", level=1)).to_contain_text("1")
    expect(page.get_by_text("3 personer")).to_be_visible()
    page.get_by_role("link", name="Færdig").click()
    expect(page.get_by_role("link", name=re.compile("English"))).to_be_visible()
    assert Ticket.objects.count() == 1


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("size", [KIOSK_SCREEN, DESKTOP, PHONE, SMALLEST], ids=["kiosk", "desktop", "phone", "smallest"])
def test_the_kiosk_has_no_barriers(chromium: Browser, live_server: LiveServer, house: House, language: str, size: dict[str, int]) -> None:
    page = open_page(chromium, live_server.url, language=language, size=size)
    page.goto("/hall/aalborg/")
    fine(page)
    page.goto(f"/hall/aalborg/?language={language}")
    fine(page)
    for target in page.locator(".h-tile").all():
        box = target.bounding_box()
        assert box is not None
        assert box["height"] >= 64, "a finger hits it"
    page.locator("button[type=submit]").click()
    expect(page.get_by_role("alert")).to_be_visible()
    fine(page)
    page.locator(".h-group input").first.check()
    page.locator("button[type=submit]").click()
    expect(page.locator(".h-number")).to_be_visible()
    fine(page)
    assert transferred(page) < 150_000


def test_closed_doors_have_no_barriers(chromium: Browser, live_server: LiveServer, house: House, settings: LazySettings) -> None:
    at(settings, 16, 0)
    page = open_page(chromium, live_server.url, size=KIOSK_SCREEN)
    page.goto("/hall/aalborg/")
    expect(page.get_by_text("We open on Wednesday 9 December at 9.00.")).to_be_visible()
    fine(page)
    page.set_viewport_size(PHONE)
    fine(page)


def test_a_ticket_prints_on_one_piece_of_paper_80_mm_wide(chromium: Browser, live_server: LiveServer, house: House) -> None:
    page = open_page(chromium, live_server.url, size=KIOSK_SCREEN)
    page.add_init_script("window.printed = 0; window.print = () => { window.printed += 1; };")
    page.goto("/hall/aalborg/?language=en&printer=1")
    page.get_by_text("Tax card").click()
    page.locator("button[type=submit]").click()
    expect(page.get_by_text("Take the ticket")).to_be_visible()
    page.wait_for_function("() => window.printed > 0")
    assert page.evaluate("window.printed") == 1
    paper = page.pdf(prefer_css_page_size=True)
    assert re.findall(rb"/Type\s*/Page\b", paper).__len__() == 1
    width = float(re.search(rb"/MediaBox\s*\[\s*0 0 ([\d.]+)", paper)[1])  # type: ignore[index]
    assert round(width * 25.4 / 72) == 80


def test_the_ticket_on_the_phone_says_unmistakably_whose_turn_it_is(chromium: Browser, live_server: LiveServer, house: House) -> None:
    first, second, actor = take(house), take(house), clerk()
    page = open_page(chromium, live_server.url, language="en", size=PHONE)
    page.goto(f"/ticket/{second.ticket.number}/?key={second.key}")
    expect(page).to_have_title("1 before you (2)")
    page.get_by_role("button", name="Tell me with a sound").click()
    expect(page.locator("[data-tell]")).to_have_attribute("aria-pressed", "true")
    fine(page)
    visit = call(actor)
    assert visit.journey == first.ticket.journey
    finish_visit(actor=actor, visit=visit, outcome="done")
    called = call(actor)
    expect(page.get_by_text("It is your turn")).to_be_visible()
    expect(page).to_have_title("Your turn: Desk 5 (2)")
    fine(page)
    line.set_aside(actor=actor, visit=called)
    expect(page.get_by_text("You wait aside, and keep your place.")).to_be_visible()
    fine(page)
    page.context.set_offline(True)
    expect(page.locator("[data-stale]")).to_contain_text("No contact for")
    page.context.set_offline(False)
    expect(page.locator("[data-stale]")).to_be_hidden()


def test_a_call_comes_to_the_display_and_is_spoken_in_both_languages(chromium: Browser, live_server: LiveServer, house: House) -> None:
    actor = clerk()
    take(house)
    page = open_page(chromium, live_server.url, size=HALL_SCREEN)
    page.add_init_script(EAR)
    page.goto("/hall/aalborg/display/")
    expect(page.get_by_text("Nobody has been called yet.")).to_be_visible()
    page.get_by_role("button", name="Turn the voice on").click()
    visit = call(actor)
    expect(page.locator(".d-number")).to_have_text("1")
    page.wait_for_function("() => window.heard.length > 0")
    spoken = [["da-DK", "Nummer 1, gå til Skranke 5."], ["en-GB", "Number 1, please go to Desk 5."]]
    assert page.evaluate("window.heard") == spoken
    page.wait_for_timeout(3500)
    assert page.evaluate("window.heard") == spoken, "a call is spoken once"
    line.call_again(actor=actor, visit=visit)
    page.wait_for_function("() => window.heard.length === 4")
    assert page.evaluate("window.heard") == spoken * 2
    fine(page)


def test_the_display_outlives_a_lost_network_and_reads_no_old_calls_aloud(
    chromium: Browser, live_server: LiveServer, house: House, settings: LazySettings
) -> None:
    actor = clerk()
    for _ in range(3):
        take(house)
    finish_visit(actor=actor, visit=call(actor), outcome="done")
    page = open_page(chromium, live_server.url, size=HALL_SCREEN)
    page.add_init_script(EAR)
    page.goto("/hall/aalborg/display/")
    page.get_by_role("button", name="Turn the voice on").click()
    assert len(page.evaluate("window.heard")) == 2, "the call that stands there is fresh"
    page.context.set_offline(True)
    expect(page.locator("[data-stale] [lang=da]")).to_contain_text(re.compile(r"^Skærmen mistede forbindelsen kl\. 9\.\d\d, og numrene"))
    expect(page.locator("[data-stale] [lang=en]")).to_contain_text(
        re.compile(r"^This display lost its connection at 9\.\d\d, and the numbers")
    )
    finish_visit(actor=actor, visit=call(actor), outcome="done")
    at(settings, 10, 30)
    call(actor)
    page.context.set_offline(False)
    expect(page.locator(".d-number")).to_have_text("3")
    expect(page.locator("[data-stale]")).to_be_hidden()
    assert page.evaluate("window.heard.slice(2).map((words) => words[1])") == [
        "Nummer 3, gå til Skranke 5.",
        "Number 3, please go to Desk 5.",
    ]
    assert page.locator(".d-before b").all_inner_texts() == ["2", "1"]


@pytest.mark.parametrize("shown", ["display", "phone"])
def test_a_page_loaded_again_is_whole_and_goes_on_asking(chromium: Browser, live_server: LiveServer, house: House, shown: str) -> None:
    actor, last = clerk(), [take(house) for _ in range(4)][-1]
    page = open_page(chromium, live_server.url, size=HALL_SCREEN)
    page.goto("/hall/aalborg/display/" if shown == "display" else f"/ticket/{last.ticket.number}/?key={last.key}")
    frame = page.locator("title, script[src], body > :not(#display, #ticket)")
    whole = frame.count()
    for number in (1, 2, 3):
        finish_visit(actor=actor, visit=call(actor), outcome="done")
        if shown == "display":
            expect(page.locator(".d-number")).to_have_text(str(number))
        else:
            expect(page).to_have_title(("2 before you (4)", "1 before you (4)", "You are next (4)")[number - 1])
        page.wait_for_event("response", lambda response: response.status == 304)
        page.reload()
        assert frame.count() == whole


@pytest.mark.parametrize("size", [HALL_SCREEN, DESKTOP, KIOSK_SCREEN, PHONE], ids=["hall", "desktop", "upright", "phone"])
def test_the_display_fits_its_screen(chromium: Browser, live_server: LiveServer, house: House, size: dict[str, int]) -> None:
    actor = clerk()
    for _ in range(7):
        take(house)
    for _ in range(6):
        finish_visit(actor=actor, visit=call(actor), outcome="done")
    call(actor)
    page = open_page(chromium, live_server.url, language="da", size=size)
    page.goto("/hall/aalborg/display/")
    assert page.locator(".d-before li").count() == 5
    fine(page)
    if size is HALL_SCREEN:
        assert page.evaluate("document.documentElement.scrollHeight") <= size["height"]
        assert page.locator(".d-number").evaluate("(number) => parseFloat(getComputedStyle(number).fontSize)") > 300


@pytest.mark.parametrize("size", [HALL_SCREEN, {"width": 1280, "height": 720}, KIOSK_SCREEN], ids=["hall", "small", "upright"])
def test_the_display_of_the_whole_house_needs_no_scrolling(
    chromium: Browser, live_server: LiveServer, settings: LazySettings, size: dict[str, int]
) -> None:
    """Seven services in two languages and five calls before the last one: nobody can scroll a screen on a wall."""
    at(settings, 9, 30)
    load_region(RegionFolder.find("north-denmark"))
    house, actor = House.objects.get(key="aalborg"), staff(factories.member(Role.CLERK, "skattestyrelsen"))
    for _ in range(6):
        take(house)
        visit = call_next(actor=actor, desk=factories.desk("skat-1"))
        assert visit is not None
        finish_visit(actor=actor, visit=visit, outcome="done")
    page = open_page(chromium, live_server.url, language="da", size=size)
    page.goto("/hall/aalborg/display/")
    assert (page.locator(".d-before li").count(), page.locator(".d-waits dt").count()) == (5, Service.objects.count())
    assert page.evaluate("document.documentElement.scrollHeight") <= size["height"]
