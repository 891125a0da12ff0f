"""A newcomer plans, books, confirms, moves and cancels in a real browser: without scripts, by keyboard alone, and without barriers."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.browser import DESKTOP, PHONE, SMALLEST, barriers, faults_of, open_page, overflow, transferred
from tests.browser.conftest import ServedHouse

pytestmark = pytest.mark.browser

MOST_BYTES = 150_000
FAMILY = {
    "citizenship": "POL",
    "purpose": "work",
    "stay": "24",
    "municipality": "851",
    "adults": "2",
    "children": "1",
    "differ": "on",
    "date": "2026-12-08",
    "language": "en",
    "adult2": "UKR",
    "adult2_purpose": "",
    "child1": "",
}


def go_on(page: Page) -> None:
    """The page's one main action."""
    page.locator("main button.button-primary").first.click()


def confirm_booking(page: Page) -> None:
    page.locator("form[action*='/arrive/book'] .i-actions button.button-primary").click()


def is_in_sight(page: Page) -> bool:
    """Whether the main action can be seen without scrolling."""
    box = page.locator("main .button-primary").first.bounding_box()
    size = page.viewport_size
    assert box and size
    return box["y"] + box["height"] <= size["height"]


@pytest.mark.parametrize("language", ["en", "da"])
def test_a_phone_without_scripts_is_enough(chromium: Browser, served_house: ServedHouse, language: str) -> None:
    page = open_page(chromium, served_house.address, language=language, size=PHONE, scripts=False)
    email = f"anna-{language}@example.org"
    page.goto("/arrive/")
    for field, answer in (("citizenship", "Polen"), ("purpose", "work"), ("stay", "24"), ("municipality", "851")):
        assert is_in_sight(page), field
        if field == "municipality":
            page.locator("select").select_option(answer)
        elif field == "citizenship":
            page.locator("[name=citizenship]").fill(answer)
        else:
            page.locator(f"[name={field}][value='{answer}']").check(force=True)
        go_on(page)
    assert is_in_sight(page)
    page.locator("[name=adults]").fill("40")
    go_on(page)
    expect(page.locator(".form-error-message")).to_have_count(1)
    assert page.locator("[name=adults]").input_value() == "40"
    page.locator("[name=adults]").fill("2")
    page.locator("[name=children]").fill("1")
    page.locator("[name=differ]").check(force=True)
    go_on(page)
    page.locator("[name=adult2]").fill("Ukraine")
    page.locator("[name=back]").click()
    assert page.locator("[name=adults]").input_value() == "2"
    go_on(page)
    assert page.locator("[name=adult2]").input_value() == "Ukraine"
    go_on(page)
    page.locator("[name=date]").fill("2026-12-08")
    go_on(page)
    assert urlsplit(page.url).path == "/arrive/plan"
    assert is_in_sight(page)
    expect(page.locator(".i-time-bar")).to_have_count(1)
    go_on(page)
    page.locator("[name=name]").fill("Anna Nowak")
    page.locator("[name=person1]").fill("Oksana Nowak")
    confirm_booking(page)
    expect(page.locator(".form-error-message")).to_have_count(2)
    page.locator("[name=email]").fill(email)
    page.locator("[name=consent]").check(force=True)
    confirm_booking(page)
    visit = urlsplit(page.url).path
    assert visit.startswith("/arrival/")
    page.locator("[name=code]").fill(served_house.code_for(email))
    page.locator(".i-arrival-code button").click()
    assert page.url == f"{served_house.address}{visit}"
    expect(page.locator(".i-note-success")).to_have_count(1)
    expect(page.locator("[name=code]")).to_have_count(0)
    assert is_in_sight(page)
    page.locator(f"a[href='{visit}move']").click()
    assert is_in_sight(page)
    page.locator("[name=choose]").first.click()
    expect(page.locator(".i-note-success")).to_have_count(1)
    page.locator(f"a[href='{visit}cancel']").click()
    page.locator("main button.button-warning").click()
    assert page.url == f"{served_house.address}{visit}"
    expect(page.locator("a[href$='calendar.ics']")).to_have_count(0)
    assert page.locator("html").get_attribute("lang") == language


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is there, and see that it can be seen."""
    for _number in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"the keyboard does not reach {selector}")


def press_on(page: Page, selector: str, key: str = "Enter") -> None:
    tab_to(page, selector)
    before = page.url
    page.keyboard.press(key)
    page.wait_for_function("before => location.href !== before && document.readyState === 'complete'", arg=before)


CONTINUE = "main form .button-primary"


def test_the_keyboard_alone_is_enough(chromium: Browser, served_house: ServedHouse) -> None:
    page = open_page(chromium, served_house.address, language="en", size=DESKTOP)
    page.goto("/arrive/")
    tab_to(page, "[name=citizenship]")
    page.keyboard.type("Germany")
    page.keyboard.press("Escape")
    press_on(page, CONTINUE)
    tab_to(page, "[name=purpose]")
    page.keyboard.press("Space")
    press_on(page, CONTINUE)
    tab_to(page, "[name=stay]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    press_on(page, CONTINUE)
    tab_to(page, "[name=municipality]")
    page.keyboard.type("Aalb")
    press_on(page, CONTINUE)
    press_on(page, CONTINUE)
    tab_to(page, "[name=language]")
    press_on(page, CONTINUE)
    assert urlsplit(page.url).path == "/arrive/plan"
    press_on(page, "main .i-choose .button-primary")
    tab_to(page, "[name=name]")
    page.keyboard.type("Lena Hoffmann")
    tab_to(page, "[name=email]")
    page.keyboard.type("lena@example.org")
    tab_to(page, "[name=consent]")
    page.keyboard.press("Space")
    press_on(page, ".i-actions .button-primary")
    visit = page.url
    tab_to(page, "[name=code]")
    page.keyboard.type(served_house.code_for("lena@example.org"))
    page.keyboard.press("Enter")
    page.wait_for_selector(".i-note-success")
    press_on(page, "a[href$='/cancel']")
    press_on(page, "button.button-warning")
    assert page.url == visit
    assert faults_of(page) == []


@pytest.mark.parametrize(("language", "size"), [("da", PHONE), ("en", DESKTOP)], ids=["danish phone", "english desktop"])
def test_no_page_has_barriers_or_is_heavy_or_shifts(
    chromium: Browser, served_house: ServedHouse, language: str, size: dict[str, int]
) -> None:
    page = open_page(chromium, served_house.address, language=language, size=size)
    page.add_init_script(
        "window.shift = 0; new PerformanceObserver(list => { for (const entry of list.getEntries()) window.shift += entry.value; })"
        ".observe({type: 'layout-shift', buffered: true});"
    )

    def look(where: str) -> None:
        found = (where, barriers(page), overflow(page), round(page.evaluate("window.shift"), 2))  # a line that a slow machine draws late
        assert found == (where, [], 0, 0)
        assert transferred(page) < MOST_BYTES, where

    for key in ("citizenship", "purpose", "stay", "municipality", "family", "people", "arrival", "check"):
        page.goto(f"/arrive/?{urlencode({**FAMILY, 'q': key})}")
        look(key)
    page.goto(f"/arrive/?{urlencode({**FAMILY, 'citizenship': 'Polnd'})}")
    look("a wrong answer")
    page.goto(f"/arrive/plan?{urlencode(FAMILY)}")
    look("plan")
    page.goto(f"/arrive/plan?{urlencode({**FAMILY, 'citizenship': 'SWE', 'adult2': 'SWE', 'stay': '2', 'purpose': 'study'})}")
    look("a plan without a visit")
    page.goto(f"/arrive/plan?{urlencode(FAMILY)}")
    go_on(page)
    page.wait_for_url("**/arrive/book**")
    look("book")
    confirm_booking(page)
    page.wait_for_selector(".form-error-message")
    look("book, with mistakes")
    email = f"look-{language}@example.org"
    page.locator("[name=name]").fill(f"Look {language}")
    page.locator("[name=email]").fill(email)
    page.locator("[name=consent]").check(force=True)
    confirm_booking(page)
    page.wait_for_url("**/arrival/**")
    visit = urlsplit(page.url).path
    look("my arrival, not confirmed")
    page.locator("[name=code]").fill("000000" if served_house.code_for(email) != "000000" else "111111")
    page.locator(".i-arrival-code button").click()
    page.wait_for_selector(".form-error-message")
    look("a wrong code")
    for address in ("", "move", "cancel"):
        page.goto(f"{visit}{address}")
        look(f"my arrival {address}")
    elsewhere = open_page(chromium, served_house.address, language=language, size=size)
    elsewhere.goto(served_house.link_for(email))
    assert (barriers(elsewhere), overflow(elsewhere)) == ([], 0)
    elsewhere.goto("/arrival/0000-0000/?key=wrong")
    assert (barriers(elsewhere), overflow(elsewhere)) == ([], 0)
    assert [fault for fault in [*faults_of(page), *faults_of(elsewhere)] if "404" not in fault] == []
    page.goto(f"{visit}cancel")
    page.locator("main button.button-warning").click()
    page.wait_for_url(f"**{visit}")
    look("cancelled")


def test_the_pages_fit_the_smallest_screen(chromium: Browser, served_house: ServedHouse) -> None:
    page = open_page(chromium, served_house.address, size=SMALLEST)
    for key in ("citizenship", "purpose", "family", "people", "arrival", "check"):
        page.goto(f"/arrive/?{urlencode({**FAMILY, 'q': key})}")
        assert (key, overflow(page)) == (key, 0)
    page.goto(f"/arrive/plan?{urlencode(FAMILY)}")
    assert overflow(page) == 0
    go_on(page)
    page.wait_for_url("**/arrive/book**")
    assert overflow(page) == 0
