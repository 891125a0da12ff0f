"""A colleague's first morning, on a phone: a password, one-time codes by the key under the picture, recovery codes, my day."""

from __future__ import annotations

import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer
from tests.browser.browser import PHONE, SMALLEST, barriers, open_page, overflow

from indgang.config.accounts import add_colleague, end_role
from indgang.foundation.places.models import House

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
KAREN = "karen@siri.example"
PASSWORD = "en lang god sætning"
LONG_NAME = "Karen-Margrethe Østergaard-Christensen"
CUT = "(name) => name.scrollWidth > name.clientWidth || getComputedStyle(name).overflow !== 'visible'"


def logs_in_for_the_first_time(page: Page) -> None:
    """Password once, codes once; axe looks at every page on the way."""
    page.goto("/my-day/")
    page.get_by_label("Email").fill(KAREN)
    page.get_by_label("Password").fill(PASSWORD)
    page.locator("main form button[type=submit]").click()
    page.wait_for_url("**/account/codes/activate/")
    assert barriers(page) == []
    assert page.get_by_alt_text("QR code with the key below").evaluate("(picture) => picture.naturalWidth") > 0
    counter = int(time.time()) // 30
    page.locator("[name=code]").fill(format_hotp_value(hotp_value(page.locator("main code").inner_text(), counter)))
    page.get_by_role("button", name="Turn on").click()
    page.wait_for_url("**/account/codes/recovery/")
    assert page.locator(".i-codes li").count() == 10
    assert barriers(page) == []
    page.get_by_role("link", name="I have kept them, go on").click()
    page.wait_for_url("**/my-day/")
    assert barriers(page) == []


def test_from_the_account_to_my_day_with_the_password_asked_for_once(house: House, chromium: Browser, live_server: LiveServer) -> None:
    add_colleague(email=KAREN, organisation="siri", role="clerk", name=LONG_NAME, password=PASSWORD)
    page = open_page(chromium, live_server.url, size=PHONE)
    logs_in_for_the_first_time(page)
    assert page.locator("h1").inner_text() == "Hello Karen-Margrethe"

    for size in (PHONE, SMALLEST):
        page.set_viewport_size({"width": size["width"], "height": size["height"]})
        name = page.locator(".i-user-name")
        assert (name.inner_text(), name.evaluate(CUT), overflow(page)) == (LONG_NAME, False, 0)
        name.click()
        panel = page.locator(".i-user-panel").bounding_box()
        assert panel is not None
        assert panel["x"] >= 0
        assert panel["x"] + panel["width"] <= size["width"]
        name.click()


def test_without_a_role_the_first_page_says_whom_to_ask(house: House, chromium: Browser, live_server: LiveServer) -> None:
    add_colleague(email=KAREN, organisation="siri", role="clerk", password=PASSWORD)
    end_role(email=KAREN, organisation="siri", role="clerk")
    page = open_page(chromium, live_server.url, size=PHONE)
    logs_in_for_the_first_time(page)
    assert page.locator("h1").inner_text() == "You have no role yet"
    assert KAREN in page.locator("main").inner_text()
    assert page.get_by_role("search").count() == 0
    assert overflow(page) == 0
