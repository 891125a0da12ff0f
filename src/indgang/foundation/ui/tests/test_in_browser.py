"""The frame and every component in a real browser: no barrier for anybody, nothing from elsewhere, no font, and usable without a mouse."""

from __future__ import annotations

import time
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer
from tests.browser.browser import DESKTOP, PHONE, SMALLEST, barriers, browser, faults_of, open_page, overflow

from indgang.foundation.identity.login import one_time_code, set_up_one_time_codes
from indgang.foundation.identity.models import Membership, Organisation, Role, User
from indgang.foundation.places.models import House, Region

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PUBLIC = ["/", "/privacy/", "/accessibility/", "/account/login/", "/account/password/reset/", "/nothing-here/"]
OF_COLLEAGUES = ["/ui/", "/ui/?sort=-people", "/account/password/change/", "/account/codes/", "/account/logout/"]
PASSWORD = "three words nobody said"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as chromium:
        yield chromium


@pytest.fixture(autouse=True)
def house() -> None:
    region = Region.objects.create(
        key="north-denmark",
        title_da="Nordjylland",
        title_en="North Denmark",
        facts={
            "operator": {"name": {"da": "Huset", "en": "The House"}, "email": "house@example.org", "address": "Rantzausgade 4"},
            "doors": {"companies": {"text": {"da": "Spørg.", "en": "Ask."}}},
        },
    )
    host = Organisation.objects.create(region=region, key="house", title_da="Huset", title_en="The House", kind="host", is_operator=True)
    House.objects.create(region=region, key="aalborg", title_da="Huset", address="Rantzausgade 4", postcode="9000", city="Aalborg")
    user = User.objects.create_user("karen@example.org", PASSWORD, name="Karen Holm")
    Membership.objects.create(user=user, organisation=host, role=Role.FLOORWALKER)
    set_up_one_time_codes(user)


def log_in(page: Page) -> None:
    """As if logged in: the way there has its own test."""
    client = Client()
    client.force_login(User.objects.get())
    page.goto("/accessibility/")
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": urljoin(page.url, "/")}])


def test_logging_in_takes_a_password_and_a_code(chromium: Browser, live_server: LiveServer) -> None:
    page = open_page(chromium, live_server.url)
    page.goto("/account/login/?next=/ui/")
    page.locator("[name=login]").fill("karen@example.org")
    page.locator("[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/account/codes/enter/")
    assert (barriers(page), page.title()) == ([], "Enter your code - Indgang")
    if time.time() % 30 > 25:
        page.wait_for_timeout(5_000)  # the code is about to change
    page.locator("[name=code]").fill(one_time_code(User.objects.get()))
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: urlsplit(address).path == "/ui/")
    page.locator(".i-user-menu summary").click()
    page.get_by_role("button", name="Log out").click()
    page.goto("/ui/")
    assert urlsplit(page.url).path == "/account/login/"
    assert faults_of(page) == []


@pytest.mark.parametrize(("language", "size"), [("da", PHONE), ("en", DESKTOP)], ids=["danish phone", "english desktop"])
def test_public_pages_have_no_barriers(chromium: Browser, live_server: LiveServer, language: str, size: dict[str, int]) -> None:
    page = open_page(chromium, live_server.url, language=language, size=size)
    for address in PUBLIC:
        page.goto(address)
        assert (address, barriers(page), overflow(page)) == (address, [], 0)
    assert [fault for fault in faults_of(page) if "404" not in fault] == []


@pytest.mark.parametrize(("language", "size"), [("da", PHONE), ("en", DESKTOP)], ids=["danish phone", "english desktop"])
def test_pages_of_colleagues_have_no_barriers(chromium: Browser, live_server: LiveServer, language: str, size: dict[str, int]) -> None:
    page = open_page(chromium, live_server.url, language=language, size=size)
    log_in(page)
    for address in OF_COLLEAGUES:
        page.goto(address)
        assert (page.url.removeprefix(live_server.url), barriers(page), overflow(page)) == (address, [], 0)
    assert faults_of(page) == []


def test_pages_fit_the_smallest_screen(chromium: Browser, live_server: LiveServer) -> None:
    """320 pixels: what is left of a desktop at 400 % (WCAG 1.4.10)."""
    page = open_page(chromium, live_server.url, size=SMALLEST)
    log_in(page)
    for address in [*PUBLIC, *OF_COLLEAGUES]:
        page.goto(address)
        assert (address, overflow(page)) == (address, 0)


def test_language_is_switched_without_scripts_and_the_page_stays(chromium: Browser, live_server: LiveServer) -> None:
    page = open_page(chromium, live_server.url, language="en", scripts=False)
    page.goto("/privacy/?from=mail")
    page.get_by_role("button", name="Dansk").click()
    assert page.url == f"{live_server.url}/privacy/?from=mail"
    assert page.locator("html").get_attribute("lang") == "da"
    page.get_by_role("button", name="English").click()
    assert page.locator("html").get_attribute("lang") == "en"


def test_keyboard_moves_in_lists_and_opens_but_not_in_fields(chromium: Browser, live_server: LiveServer) -> None:
    page = open_page(chromium, live_server.url)
    log_in(page)
    page.goto("/ui/")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.textContent") == "Tax card"
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.textContent") == "CPR"
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    page.wait_for_url("**#table")
    page.keyboard.press("?")
    assert page.get_by_role("dialog").is_visible()
    page.keyboard.press("Escape")
    field = page.locator("#id_sample-name")
    field.focus()
    page.keyboard.type("j?k")
    assert field.input_value() == "j?k"
    assert not page.locator("#keys").is_visible()


def test_shortcuts_can_be_turned_off(chromium: Browser, live_server: LiveServer) -> None:
    page = open_page(chromium, live_server.url)
    log_in(page)
    page.goto("/ui/")
    page.keyboard.press("?")
    page.locator("#keys button[name=shortcuts]").click()
    page.wait_for_load_state()
    page.keyboard.press("?")
    assert not page.locator("#keys").is_visible()


def test_focus_is_seen_and_the_errors_get_it(chromium: Browser, live_server: LiveServer) -> None:
    page = open_page(chromium, live_server.url)
    page.goto("/account/login/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "i-skip"
    page.get_by_role("main").get_by_role("button").click()
    page.wait_for_load_state()
    assert page.title().startswith(("Error:", "Fejl:"))
    assert page.evaluate("document.activeElement.id") == "errors"
    page.locator("#errors a").first.click()
    assert page.evaluate("document.activeElement.name") == "login"


def test_a_form_is_sent_once(chromium: Browser, live_server: LiveServer) -> None:
    page = open_page(chromium, live_server.url)
    page.goto("/account/password/reset/")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.evaluate("""() => {
        document.querySelector('[name=email]').value = 'nobody@example.org';
        const button = document.querySelector('main form button');
        button.click(); button.click(); button.click();
    }""")
    page.wait_for_url("**/done/")
    assert len(sent) == 1
