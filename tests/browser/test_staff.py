"""A morning in the house, played by its staff: by keyboard, in two languages, without scripts, with a lost connection, without barriers."""

from __future__ import annotations

from urllib.parse import urljoin

import pytest
from django.conf import LazySettings
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer
from tests.browser.browser import DESKTOP, PHONE, SMALLEST, barriers, faults_of, open_page, overflow, too_small_for_a_finger

from indgang.foundation.access.actors import staff
from indgang.foundation.identity.models import Role, User
from indgang.foundation.places.models import House
from indgang.operations.reception.actions import desk as desk_actions
from indgang.operations.reception.actions import floor
from indgang.operations.reception.actions.turns import leave_turns_unnoted
from indgang.operations.reception.models import Journey, Note
from indgang.operations.reception.models.journey import Status
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.staff_day import at, logged_in, party

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def page_of(chromium: Browser, server: LiveServer, user: User, **options: object) -> Page:
    """A window in which the user has logged in."""
    page = open_page(chromium, server.url, **options)  # type: ignore[arg-type]
    client = logged_in(user)
    address = urljoin(server.url, "/")
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": address}])
    return page


def walker() -> User:
    return factories.member(Role.FLOORWALKER, "ihnd", name="Karen Holm")


def clerk(of: str = "siri") -> User:
    return factories.member(Role.CLERK, of, name="Jens Vang")


def complaints(page: Page) -> list[str]:
    """What the browser complained of."""
    return faults_of(page)


def names_on(page: Page) -> list[str]:
    return page.locator("#board .s-name a").all_inner_texts()


def statuses(journey: Journey) -> set[str]:
    return set(journey.visits.values_list("status", flat=True))


def test_on_a_phone_the_menu_is_behind_a_button(chromium: Browser, live_server: LiveServer, house: House) -> None:
    page = page_of(chromium, live_server, walker(), size=SMALLEST)
    page.goto("/my-day/")
    board = page.get_by_role("navigation").get_by_role("link", name="Board", exact=True)
    expect(board).to_be_hidden()
    page.get_by_role("button", name="Menu", exact=True).press("Enter")
    expect(board).to_be_visible()
    assert barriers(page) == []
    page.keyboard.press("Escape")
    expect(board).to_be_hidden()
    page.get_by_role("button", name="Menu", exact=True).click()
    board.click()
    page.wait_for_url("**/board/**")
    page.set_viewport_size(DESKTOP)
    expect(page.get_by_role("button", name="Menu", exact=True)).to_be_hidden()
    expect(board).to_be_visible()
    assert complaints(page) == []


def test_the_floorwalker_needs_no_mouse(chromium: Browser, live_server: LiveServer, house: House) -> None:
    ana, bo = party(house, name="Ana Silva"), party(house, name="Bo Chen")
    page = page_of(chromium, live_server, walker())
    page.goto("/my-day/")
    page.keyboard.press("Enter")
    page.wait_for_url("**/board/aalborg/*")
    page.keyboard.press("Escape")
    page.locator("h1").click()
    page.keyboard.press("/")
    page.keyboard.type("chen")
    expect(page.locator("#board .s-name a")).to_have_text(["Bo Chen"])
    assert page.locator("#find").input_value() == "chen"
    page.locator("#find").fill("")
    expect(page.locator("#board .s-name a")).to_have_count(2)
    page.keyboard.type(f"{live_server.url}/c/{ana.reference}")
    page.keyboard.press("Enter")
    expect(page.locator("#messages")).to_contain_text("Checked in: Ana Silva, 1 person. Next: EU residence document at 9.00")
    assert (statuses(ana), statuses(bo)) == ({Status.WAITING}, {Status.PLANNED})
    expect(page.locator("#find")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("button", name="Undo")).to_be_focused()
    page.keyboard.press("u")
    expect(page.locator("#messages")).to_contain_text("Undone: Ana Silva, 1 person is expected again.")
    assert statuses(ana) == {Status.PLANNED}
    assert complaints(page) == []


def test_checking_in_with_one_click_keeps_the_page_where_it_is(chromium: Browser, live_server: LiveServer, house: House) -> None:
    journeys = [party(house, name=f"Party {number}") for number in range(8)]
    page = page_of(chromium, live_server, walker(), size={"width": 1280, "height": 500})
    page.goto("/board/aalborg/")
    page.evaluate("window.scrolledBy = 0; window.marked = true")
    last = page.locator("#board .s-row").last
    last.scroll_into_view_if_needed()
    name = last.locator(".s-name a").inner_text()
    last.get_by_role("button", name="Check in").click()
    expect(page.locator("#messages")).to_contain_text(f"Checked in: {name}")
    expect(page.locator("#messages")).to_be_in_viewport()
    assert page.evaluate("window.marked") is True
    assert sum(statuses(journey) == {Status.WAITING} for journey in journeys) == 1
    assert complaints(page) == []


def test_the_board_renews_itself_and_keeps_what_is_being_typed(chromium: Browser, live_server: LiveServer, house: House) -> None:
    ana, user = party(house, name="Ana Silva"), walker()
    party(house, name="Bo Chen")
    page = page_of(chromium, live_server, user)
    with page.expect_response(lambda response: response.status == 304 and response.url.endswith("/board/aalborg/")):
        page.goto("/board/aalborg/")
    expect(page.locator("#board h2#expected + ul .s-row")).to_have_count(2)
    page.locator("#find").type("x")
    page.locator("#find").fill("")
    page.locator(".s-row a").first.focus()
    focused = page.evaluate("document.activeElement.textContent")
    floor.check_in_journey(actor=staff(user), journey=ana)
    expect(page.locator("#board h2#here + ul .s-row")).to_have_count(1)
    assert page.evaluate("document.activeElement.textContent") == focused
    assert complaints(page) == []


def test_a_lost_connection_is_said_and_forgotten_when_it_is_back(chromium: Browser, live_server: LiveServer, house: House) -> None:
    page = page_of(chromium, live_server, walker())
    page.goto("/board/aalborg/")
    page.context.set_offline(True)
    expect(page.locator("[data-stale]")).to_contain_text("No contact for")
    page.context.set_offline(False)
    expect(page.locator("[data-stale]")).to_be_hidden()


def test_the_next_scan_never_presses_a_button(chromium: Browser, live_server: LiveServer, house: House) -> None:
    """A scanner types the code and Enter wherever the cursor stands: after a deed that is the search field again."""
    ana, bo = party(house, name="Ana Silva"), party(house, name="Bo Chen")
    page = page_of(chromium, live_server, walker())
    page.goto("/board/aalborg/")
    page.locator("#board .s-row", has_text="Ana Silva").get_by_role("button", name="Check in").click()
    expect(page.locator("#board h2#here + ul .s-row")).to_have_count(1)
    expect(page.locator("#find")).to_be_focused()
    page.keyboard.type(bo.reference)
    page.keyboard.press("Enter")
    expect(page.locator("#board h2#here + ul .s-row")).to_have_count(2)
    ana.refresh_from_db()
    assert (statuses(ana), statuses(bo), ana.package_given_at) == ({Status.WAITING}, {Status.WAITING}, None)


def test_a_search_says_only_what_it_found(chromium: Browser, live_server: LiveServer, house: House) -> None:
    party(house, name="Ana Silva")
    party(house, name="Bo Chen")
    page = page_of(chromium, live_server, walker())
    page.goto("/board/aalborg/")
    page.locator("#find").fill("silv")
    expect(page.locator("#board .s-row")).to_have_count(1)
    assert page.locator("#board h2").all_inner_texts() == ["Expected"]
    assert page.locator(".s-counts").count() == 0


def test_what_is_sent_without_a_network_stays_on_the_page(chromium: Browser, live_server: LiveServer, house: House) -> None:
    ana = party(house, name="Ana Silva")
    page = page_of(chromium, live_server, walker())
    page.goto(f"/journeys/{ana.reference}/")
    page.get_by_text("Write a note").click()
    page.locator("[name=text]").first.fill("Uses a wheelchair")
    page.context.set_offline(True)
    page.locator("form:has([name=text]) button[type=submit]").first.click()
    expect(page.locator(".i-not-sent")).to_contain_text("nothing was sent")
    assert page.locator("[name=text]").first.input_value() == "Uses a wheelchair"
    page.context.set_offline(False)
    page.locator("form:has([name=text]) button[type=submit]").first.click()
    expect(page.get_by_text("The note is saved.")).to_be_visible()
    assert Note.objects.filter(visit__journey=ana).count() == 1


def test_what_is_pressed_without_a_network_is_said_under_its_row(chromium: Browser, live_server: LiveServer, house: House) -> None:
    party(house, name="Ana Silva")
    page = page_of(chromium, live_server, walker())
    page.goto("/board/aalborg/")
    row = page.locator("#board .s-row")
    button = row.get_by_role("button", name="Check in")
    before = button.bounding_box()
    page.context.set_offline(True)
    expect(page.locator("[data-stale]")).to_be_visible()
    button.click()
    button.click()
    words = row.locator(".i-not-sent")
    expect(words).to_have_count(1)
    name, said, now = row.locator(".s-what").bounding_box(), words.bounding_box(), button.bounding_box()
    assert before and name and said and now
    assert now["x"] == before["x"], "the button stays where it was"
    assert said["y"] >= max(name["y"] + name["height"], now["y"] + now["height"]), "the words stand under the name and the button"
    page.context.set_offline(False)
    expect(page.locator("[data-stale]")).to_be_hidden()


def test_a_morning_at_the_desk_by_keyboard_in_danish(chromium: Browser, live_server: LiveServer, house: House) -> None:
    ana, bo = party(house, name="Ana Silva"), party(house, name="Bo Chen")
    for journey in (ana, bo):
        floor.check_in_journey(actor=staff(walker()), journey=journey)
    user = clerk()
    page = page_of(chromium, live_server, user, language="da")
    page.goto("/desks/aalborg/siri-1/")
    assert page.locator("html").get_attribute("lang") == "da"
    page.keyboard.press("n")
    expect(page.locator("h1")).to_have_text("Nummer 1 Ana Silva")
    expect(page.locator("h1")).to_be_focused()
    page.keyboard.press("a")
    expect(page.locator("[data-key=a]")).to_contain_text("(2)")
    expect(page.locator("h1")).to_be_focused()
    page.keyboard.press("s")
    expect(page.locator("[data-key=f]")).to_be_visible()
    expect(page.locator("h1")).to_be_focused()
    note = page.locator("[name=note]").first
    note.focus()
    page.keyboard.type("nsf")
    assert note.input_value() == "nsf"
    page.wait_for_timeout(5500)
    assert note.input_value() == "nsf"
    page.locator("main summary").first.press("Enter")
    page.get_by_label("Ansættelseskontrakt").press("Space")
    expect(note).to_have_value("nsf")
    page.locator("details[open] button").press("Enter")
    page.wait_for_url("**after=*")
    visit = ana.visits.get(service__key="siri-residence")
    assert (visit.status, visit.missing) == (Status.DONE, ["contract"])
    assert barriers(page) == []
    page.keyboard.press("n")
    expect(page.locator("h1")).to_have_text("Nummer 2 Bo Chen")
    page.keyboard.press("s")
    expect(page.locator("[data-key=f]")).to_be_visible()
    page.keyboard.press("f")
    page.wait_for_url("**after=*")
    assert bo.visits.get(service__key="siri-residence").outcome == "done"
    assert complaints(page) == []


def test_without_scripts_the_board_and_the_desk_work_all_the_same(chromium: Browser, live_server: LiveServer, house: House) -> None:
    ana = party(house, name="Ana Silva")
    party(house, name="Bo Chen")
    page = page_of(chromium, live_server, walker(), scripts=False)
    page.goto("/board/aalborg/")
    page.locator("#find").fill("silva")
    page.locator("#find").press("Enter")
    page.wait_for_url("**q=silva")
    assert names_on(page) == ["Ana Silva"]
    page.get_by_role("button", name="Check in").click()
    page.wait_for_url("**/board/aalborg/")
    assert statuses(ana) == {Status.WAITING}
    desk = page_of(chromium, live_server, clerk(), scripts=False)
    desk.goto("/desks/aalborg/siri-1/")
    desk.locator("[data-key=n]").click()
    desk.locator("[data-key=s]").click()
    desk.locator("[data-key=f]").click()
    desk.wait_for_url("**after=*")
    assert ana.visits.get(service__key="siri-residence").outcome == "done"


@pytest.mark.parametrize(("size", "language"), [(DESKTOP, "en"), (PHONE, "da"), (SMALLEST, "en")], ids=["desktop", "phone", "smallest"])
def test_no_page_has_a_barrier(
    chromium: Browser, live_server: LiveServer, house: House, settings: LazySettings, size: dict[str, int], language: str
) -> None:
    user, siri = walker(), clerk()
    journeys = [party(house, name=name, adults=2, children=1) for name in ("Ana Silva", "Bo Chen", "Cy Diaz", "Di Engelbrecht-Sørensen")]
    for journey in journeys[:3]:
        floor.check_in_journey(actor=staff(user), journey=journey)
    leave_turns_unnoted(journeys[3].visits.select_related("journey", "service", "appointment__desk"))
    desk = factories.desk("siri-1")
    visit = desk_actions.call_next(actor=staff(siri), desk=desk)
    assert visit is not None
    desk_actions.finish_visit(actor=staff(siri), visit=visit, outcome="documents-missing", missing=["Photo"], note="Comes back")
    called = desk_actions.call_next(actor=staff(siri), desk=desk)
    assert called is not None
    desk_actions.start_visit(actor=staff(siri), visit=called)
    at(settings, 11, 0)
    reference, contact = visit.journey.reference, visit.journey.contact
    assert contact is not None
    of_walker = [
        "/my-day/",
        "/board/aalborg/",
        "/board/aalborg/?q=nobody",
        "/board/aalborg/new/",
        "/board/aalborg/not-noted/",
        f"/journeys/{reference}/",
        f"/journeys/{journeys[3].reference}/",
        f"/journeys/{reference}/steps/",
        f"/c/{journeys[3].reference}",
        f"/line/{called.pk}/send-on/choose/?back=board",
        f"/journeys/{called.journey.reference}/move-the-rest/",
        f"/people/{contact.pk}/",
        "/search/?q=a",
        "/statistics/aalborg/?period=week",
        "/statistics/aalborg/steps/?period=week&part=service&key=siri-residence",
        "/statistics/aalborg/steps/?period=week&measure=citizens-served",
        "/statistics/aalborg/steps/?period=week&measure=occupancy",
        "/statistics/aalborg/?first=2026-01-02&last=2026-01-01",
    ]
    of_clerk = [
        "/my-day/",
        "/desks/?choose=1",
        "/desks/aalborg/siri-1/",
        "/desks/aalborg/siri-2/",
        f"/desks/aalborg/siri-2/?after={visit.pk}",
    ]
    found = {}
    for who, addresses in ((user, of_walker), (siri, of_clerk)):
        page = page_of(chromium, live_server, who, size=size, language=language)
        for address in addresses:
            page.goto(address)
            page.locator("main details").evaluate_all("all => all.forEach((details) => { details.open = true; })")
            found[address] = [*barriers(page), *complaints(page), *([f"too wide by {overflow(page)}"] if overflow(page) else [])]
            if size is not DESKTOP:
                found[address] += too_small_for_a_finger(page)
    assert {address: faults for address, faults in found.items() if faults} == {}


def test_the_code_page_of_a_stranger_has_no_barrier(chromium: Browser, live_server: LiveServer, house: House) -> None:
    page = open_page(chromium, live_server.url, size=PHONE)
    page.goto("/c/0000-0000")
    assert page.locator("h1").inner_text() == "Show this code at the entrance"
    assert barriers(page) == []
