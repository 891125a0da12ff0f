"""Pages that renew themselves: focus stays, and a lost connection is said, and unsaid when it is back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer
from tests.browser.browser import browser, faults_of, open_page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.urls(__name__)]

BOARD = """{% extends "ui/page.html" %}
{% block htmx %}{% htmx %}{% endblock %}
{% block content %}
  {% page_header "Board" %}
  {% stale_notice %}
  <div id="board" data-live="30" hx-get="/rows/" hx-trigger="every 300ms" hx-swap="innerHTML">{{ rows }}</div>
{% endblock %}"""
ROWS = """<ul><li id="one"><a href="#one">One</a> <button type="button">Check in</button></li><li>Turn {turn}</li></ul>"""
turns = iter(range(10_000))


def rows(request: HttpRequest) -> HttpResponse:
    return HttpResponse(ROWS.replace("{turn}", str(next(turns))))


def board(request: HttpRequest) -> HttpResponse:
    return HttpResponse(engines["django"].from_string(BOARD).render({}, request))


urlpatterns = [
    path("board-in-test/", board),
    path("rows/", rows),
    path("", include("indgang.foundation.ui.urls")),
    path("account/", include("allauth.urls")),
]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as chromium:
        yield chromium


def test_focus_stays_where_it_was_while_the_page_renews_itself(chromium: Browser, live_server: LiveServer) -> None:
    page = open_page(chromium, live_server.url)
    page.goto("/board-in-test/")
    button = page.get_by_role("button", name="Check in")
    button.wait_for()
    button.focus()
    first = page.locator("#board li").last.text_content()
    expect(page.locator("#board li").last).not_to_have_text(first or "")
    assert page.evaluate("document.activeElement.textContent") == "Check in"
    assert faults_of(page) == []


def test_a_lost_connection_is_said_with_how_long_whatever_the_clock_says_and_unsaid(chromium: Browser, live_server: LiveServer) -> None:
    page = open_page(chromium, live_server.url)
    page.goto("/board-in-test/")
    page.get_by_role("button", name="Check in").wait_for()
    notice = page.locator("[data-stale]")
    expect(notice).to_be_hidden()
    page.route("**/rows/", lambda route: route.abort())
    expect(notice).to_be_visible()
    expect(notice).to_contain_text("No contact for less than a minute.")
    page.evaluate("() => { const now = Date.now; Date.now = () => now() + 3600000; }")  # the clock of the machine is put right by an hour
    page.evaluate("() => window.dispatchEvent(new Event('offline'))")
    expect(notice).to_contain_text("No contact for less than a minute.")
    assert page.locator("#board li").count() == 2
    page.unroute("**/rows/")
    expect(notice).to_be_hidden()
