"""Who approaches whom, as a consultant of the hub and one of an office see it: no barrier, no fault, phone and desktop, both languages."""

from __future__ import annotations

import datetime as dt
import time
from urllib.parse import urljoin

import pytest
from django.conf import LazySettings
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer
from tests.browser.browser import DESKTOP, PHONE, SMALLEST, barriers, faults_of, open_page, overflow, too_small_for_a_finger

from indgang.foundation.access.actors import Actor, staff
from indgang.foundation.identity.models import Role, User
from indgang.foundation.identity.tests.factories import logged_in
from indgang.operations.guidance.actions.approach import Decision, announce_contact, decide_grey_zone
from indgang.operations.guidance.actions.courses import begin_course
from indgang.operations.guidance.actions.duties import Entry, add_duty
from indgang.operations.guidance.actions.log import log_contact
from indgang.operations.guidance.actions.outreach import Agreed, agree, begin_outreach, write_meeting, write_outreach
from indgang.operations.guidance.facts import ContactFacts, CourseFacts
from indgang.operations.guidance.models import Category, Duty, GreyZone, How, PlannedContact
from indgang.operations.guidance.tests.approach_world import company, organisation, person, small_region
from indgang.registers.parties.models import Company

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TODAY = dt.date(2026, 11, 24)


@pytest.fixture(autouse=True)
def steel(settings: LazySettings) -> Company:
    """A company that the office is going to contact, and a decision that applies to it."""
    settings.CLOCK_STARTS_AT, settings.CLOCK_SINCE = dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC), time.time()
    small_region()
    found = company()
    office = staff(person("office-aalborg", email="bo@office.example"))
    announce_contact(actor=office, company=found, on=TODAY)
    said = Decision(
        question="Who calls a company that moves to another municipality?",
        decision="The new office, from the day of moving.",
        reason="They meet it at the municipality’s counter anyway.",
        decided_on=TODAY,
        parties=[organisation("hub"), organisation("office-aalborg")],
    )
    decide_grey_zone(actor=office, form_key="one", decision=said)
    fill_the_year(found, office)
    return found


def fill_the_year(found: Company, office: Actor) -> None:
    """The office's agreement with two meetings, who is who in part, and two notices."""
    row = begin_outreach(actor=office, office=organisation("office-aalborg"), year=2026)
    agreed = Agreed(fields=["finance", "green-circular"], industries="Metal (25)", companies=[found], proactive="Ten visits at the harbour")
    write_outreach(actor=office, outreach=row, said=agreed, seen=1)
    agree(actor=office, outreach=row, seen=2)
    write_meeting(actor=office, outreach=row, number=1, on=dt.date(2026, 2, 3), participants="Bo, Mette", notes="Ten visits.", seen=1)
    write_meeting(actor=office, outreach=row, number=2, on=dt.date(2026, 5, 5), seen=1)
    mette = person("hub", email="mette@hub.example")
    at_hub = staff(mette)
    add_duty(actor=at_hub, entry=Entry(kind="field", field="finance", user=mette, phone="+45 99 82 00 00"))
    add_duty(actor=at_hub, entry=Entry(kind="contact", office=organisation("office-aalborg"), user=mette))
    Duty.objects.filter(field="finance").update(confirmed_on=dt.date(2026, 1, 2))
    facts = CourseFacts(category=Category.GROWTH, started=TODAY, fields=["finance"])
    log_contact(actor=at_hub, course=begin_course(actor=at_hub, company=found, facts=facts), facts=ContactFacts(on=TODAY, how=How.VISIT))


def window(chromium: Browser, server: LiveServer, user: User, **options: object) -> Page:
    """A window in which the user has logged in."""
    page = open_page(chromium, server.url, **options)  # type: ignore[arg-type]
    cookie = logged_in(user).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": urljoin(server.url, "/")}])
    return page


def pages_of(steel: Company) -> list[str]:
    agreement = "/approach/agreements/2026/office-aalborg/"
    return [
        "/approach/",
        f"/approach/companies/{steel.pk}/",
        f"/companies/{steel.pk}/",
        "/approach/grey-zones/",
        f"/approach/grey-zones/{GreyZone.objects.get().pk}/",
        "/approach/grey-zones/new",
        "/approach/agreements/2026/",
        agreement,
        f"{agreement}write",
        f"{agreement}meetings/2",
        "/approach/who/",
        "/approach/who/new",
        "/approach/notices/",
        "/my-day/",
    ]


@pytest.mark.parametrize(("language", "size"), [("da", PHONE), ("en", DESKTOP), ("da", SMALLEST)], ids=["phone", "desktop", "smallest"])
def test_no_page_has_a_barrier(chromium: Browser, live_server: LiveServer, steel: Company, language: str, size: dict[str, int]) -> None:
    user = person("office-aalborg", Role.LEADER, Role.CONSULTANT)
    page = window(chromium, live_server, user, language=language, size=size)
    found = []
    for address in pages_of(steel):
        answer = page.goto(address)
        assert answer is not None
        found += [(address, fault) for fault in (*barriers(page), *faults_of(page))]
        found += [(address, "is wider than its window", overflow(page))] if overflow(page) else []
        found += [(address, "too small", one) for one in too_small_for_a_finger(page)] if size != DESKTOP else []
        assert answer.status == 200
    assert found == [], "\n".join(map(str, found))


def test_a_consultant_of_the_hub_sees_the_collision_and_announces_all_the_same(
    chromium: Browser, live_server: LiveServer, steel: Company
) -> None:
    page = window(chromium, live_server, person("hub"), language="en", scripts=False)
    page.goto(f"/approach/companies/{steel.pk}/")
    expect(page.get_by_role("main")).to_contain_text("In contact with this company, or going to be: Aalborg office.")
    expect(page.get_by_role("main")).to_contain_text("Who calls a company that moves to another municipality?")
    page.get_by_label("When?").fill("2026-11-26")
    page.get_by_role("button", name="I am going to contact them").click()
    expect(page.locator("#messages")).to_contain_text("Speak with them before you call: Aalborg office is in contact")
    assert PlannedContact.objects.count() == 2
