"""A desk's page that stands open: what came over the desk meanwhile, and keys that are pressed at the wrong moment."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from pytest_django.live_server_helper import LiveServer
from tests.browser.browser import PHONE, barriers, faults_of
from tests.browser.test_staff import clerk, page_of, walker

from indgang.foundation.access.actors import staff
from indgang.foundation.identity.models import Role
from indgang.foundation.places.models import House
from indgang.operations.reception.actions.desk import call_next
from indgang.operations.reception.actions.floor import check_in_journey
from indgang.operations.reception.models import Journey
from indgang.operations.reception.models.journey import Status
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.opening_day import closure, leader, saved
from indgang.operations.reception.tests.staff_day import party

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SIRI = "/desks/aalborg/siri-1/"


def serving(chromium: Browser, live_server: LiveServer, journey: Journey) -> Page:
    """The desk's page of a clerk who serves the party."""
    check_in_journey(actor=staff(walker()), journey=journey)
    page = page_of(chromium, live_server, clerk())
    page.goto(SIRI)
    page.get_by_role("button", name="Call next").click()
    page.get_by_role("button", name="Start").click()
    return page


def test_a_desk_closed_under_its_clerk_says_so_at_the_top_of_the_open_page(
    chromium: Browser, live_server: LiveServer, house: House
) -> None:
    page = page_of(chromium, live_server, clerk(), size=PHONE)
    page.goto(SIRI)
    expect(page.locator("h1")).to_have_text("Your desk is free")
    saved(leader(), closure("siri-1"))
    expect(page.locator("#desk-top")).to_contain_text("Closed for the rest of today")
    expect(page.locator("h1")).to_have_text("This desk is closed")
    assert barriers(page) == []
    page.get_by_role("button", name="Open again").click()
    expect(page.locator("h1")).to_have_text("Your desk is free")
    assert faults_of(page) == []


def test_after_a_lost_connection_the_page_says_only_what_a_colleague_did_meanwhile(
    chromium: Browser, live_server: LiveServer, house: House
) -> None:
    check_in_journey(actor=staff(walker()), journey=party(house, name="Ana Silva"))
    page = page_of(chromium, live_server, clerk())
    page.goto(SIRI)
    page.context.set_offline(True)
    expect(page.locator("[data-stale]")).to_be_visible()
    page.keyboard.press("n")
    expect(page.locator(".i-not-sent")).to_contain_text("No connection: nothing was sent.")
    call_next(actor=staff(factories.member(Role.CLERK, "siri", name="Mette Bo")), desk=factories.desk("siri-1"))
    page.context.set_offline(False)
    expect(page.locator("#desk-top")).to_contain_text("This desk was changed by Mette Bo at 8.30. Ana Silva is at this desk now.")
    expect(page.locator(".i-not-sent")).to_have_count(0)
    page.keyboard.press("n")
    expect(page.locator("#messages")).to_have_text("Ana Silva, 1 person had been called to this desk already, by Mette Bo at 8.30.")


def test_that_nothing_was_sent_stands_under_the_button_that_was_pressed(chromium: Browser, live_server: LiveServer, house: House) -> None:
    check_in_journey(actor=staff(walker()), journey=party(house, name="Ana Silva"))
    page = page_of(chromium, live_server, clerk())
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(SIRI)
    page.get_by_role("button", name="Call next").click()
    page.get_by_role("button", name="Start").click()
    finish = page.get_by_role("button", name="Finish: done")
    expect(finish).to_be_visible()
    page.context.set_offline(True)
    expect(page.locator("[data-stale]")).to_be_visible()
    page.keyboard.press("f")
    words = page.locator(".i-not-sent")
    expect(words).to_be_in_viewport()
    expect(finish.locator("xpath=following-sibling::*[1]")).to_have_class("i-not-sent")
    page.get_by_text("Documents are missing", exact=True).click()
    page.get_by_role("button", name="Finish: documents missing").click()
    expect(words).to_have_count(1)
    expect(words).to_be_in_viewport()


def test_enter_in_what_else_is_missing_ends_the_step_with_documents_missing(
    chromium: Browser, live_server: LiveServer, house: House
) -> None:
    journey = party(house, name="Ana Silva")
    page = serving(chromium, live_server, journey)
    page.get_by_text("Documents are missing", exact=True).click()
    page.get_by_label("Something else").fill("Birth certificate")
    page.get_by_label("Something else").press("Enter")
    expect(page.locator("#messages")).to_contain_text("Outcome: Documents missing.")
    assert journey.visits.get(service__key="siri-residence").missing_other == ["Birth certificate"]


def test_a_key_pressed_before_the_next_page_is_there_does_nothing_and_is_said(
    chromium: Browser, live_server: LiveServer, house: House
) -> None:
    journey = party(house, name="Ana Silva")
    check_in_journey(actor=staff(walker()), journey=journey)
    page = page_of(chromium, live_server, clerk())
    page.goto(SIRI)
    page.keyboard.press("n")
    expect(page.get_by_role("button", name="Start")).to_be_visible()
    held: list[Route] = []
    page.route("**/start/**", lambda route: held.append(route))
    page.keyboard.press("s")
    while not held:
        page.wait_for_timeout(50)
    page.keyboard.press("w")
    held[0].continue_()
    expect(page.get_by_role("button", name="Finish: done")).to_be_visible()
    early = page.locator("[data-late]")
    expect(early).to_contain_text("so nothing was done with it: w.")
    expect(early).to_be_visible()
    assert barriers(page) == []
    visit = journey.visits.get(service__key="siri-residence")
    assert (visit.status, visit.parked_at) == (Status.SERVING, None)
    page.keyboard.press("f")
    expect(page.get_by_text("Outcome: Done.")).to_be_visible()
    expect(early).to_be_hidden()
    assert faults_of(page) == []


def test_what_is_being_written_stays_when_another_button_of_the_page_is_pressed(
    chromium: Browser, live_server: LiveServer, house: House
) -> None:
    page = serving(chromium, live_server, party(house, name="Ana Silva"))
    page.locator("[name=note]").first.fill("Comes back with the lease on Thursday.")
    page.get_by_text("It is refused").click()
    page.locator("[name=reason]").fill("No ground yet.")
    saved(leader(), closure("siri-1"))
    page.get_by_role("button", name="Open again").click()
    expect(page.locator("#desk-top")).not_to_contain_text("Closed")
    expect(page.locator("[name=note]").first).to_have_value("Comes back with the lease on Thursday.")
    expect(page.locator("[name=reason]")).to_have_value("No ground yet.")
    assert page.evaluate("sessionStorage.getItem('written')") is None, "nothing of it is left in the browser"
    assert faults_of(page) == []
