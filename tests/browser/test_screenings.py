"""Screening visits in a browser: filled in on a tablet without network, by two at once, without barriers on any size, in both languages."""

from __future__ import annotations

import datetime as dt
import time

import pytest
from django.conf import LazySettings
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer
from tests.browser.browser import DESKTOP, PHONE, barriers, faults_of, open_page, overflow, too_small_for_a_finger
from tests.browser.test_staff import page_of

from indgang.foundation.access.actors import Actor
from indgang.operations.guidance.actions import screening_results
from indgang.operations.guidance.actions.screening_answers import save_topic
from indgang.operations.guidance.actions.screenings import write_summary
from indgang.operations.guidance.models import Screening
from indgang.operations.guidance.tests import factories, screening_day
from indgang.operations.guidance.tests.screening_day import ENVIRONMENT, HUB, OFFICE, asked, held, planned
from indgang.registers.parties.models import Company

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TABLET = {"width": 820, "height": 1180}


@pytest.fixture
def office(settings: LazySettings) -> Actor:
    """A consultant of Aalborg's business office, on a Tuesday in November."""
    settings.CLOCK_STARTS_AT, settings.CLOCK_SINCE = dt.datetime(2026, 11, 24, 9, 15, tzinfo=dt.UTC), time.time()
    screening_day.municipal(factories.region())
    return screening_day.consultant(OFFICE)


def opened(chromium: Browser, server: LiveServer, actor: Actor, **options: object) -> Page:
    return page_of(chromium, server, actor.user, **options)  # type: ignore[arg-type]


def choose(page: Page, question: str, score: str) -> None:
    """Press a score with a thumb: the label is what is seen."""
    page.locator(f"[name='score-{question}'][value='{score}']").check(force=True)


def scores(visit: Screening) -> dict[str, int | None]:
    return dict(visit.answers.exclude(question="").values_list("question", "score"))


def test_what_is_written_without_network_is_not_lost(chromium: Browser, live_server: LiveServer, office: Actor) -> None:
    visit = planned(office, factories.company())
    page = opened(chromium, live_server, office, size=TABLET)
    page.goto(f"/screenings/{visit.pk}/fill/")
    expect(page).to_have_url(f"{live_server.url}/screenings/{visit.pk}/fill/resources/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function("caches.match(location.pathname.replace(/[^/]+\\/$/, '')).then((kept) => kept !== undefined)")
    choose(page, "resources-measured", "2")
    expect(page.locator("#state")).to_have_text("Saved")
    assert scores(visit) == {"resources-measured": 2}

    page.context.set_offline(True)
    choose(page, "resources-saved", "1")
    expect(page.locator("#state")).to_contain_text("Kept on this device")
    page.get_by_role("button", name="Save and go on").locator("visible=true").click()
    expect(page.get_by_role("heading", name="Reuse and recycling")).to_be_visible()
    page.locator("[name='note-reuse-sorted']").fill("Foil goes into residual waste")
    choose(page, "reuse-sorted", "3")
    assert scores(visit) == {"resources-measured": 2}

    page.reload()  # the tablet slept, or somebody pulled the page down
    expect(page.locator("#state")).to_contain_text("Kept on this device")
    expect(page.locator("[name='note-reuse-sorted']")).to_have_value("Foil goes into residual waste")
    expect(page.locator("[name='score-reuse-sorted'][value='3']")).to_be_checked()
    page.locator("[data-to=resources]").click()
    expect(page.locator("[name='score-resources-saved'][value='1']")).to_be_checked()

    page.context.set_offline(False)
    expect(page.locator("#state")).to_have_text("Saved")
    assert scores(visit) == {"resources-measured": 2, "resources-saved": 1, "reuse-sorted": 3}
    assert visit.answers.get(question="reuse-sorted").note == "Foil goes into residual waste"
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('indgang-filling'))") == []


def test_two_who_fill_in_the_same_are_asked(chromium: Browser, live_server: LiveServer, office: Actor) -> None:
    visit = planned(office, factories.company(), environment="")
    page = opened(chromium, live_server, office, size=TABLET)
    page.goto(f"/screenings/{visit.pk}/fill/co2/")
    environment = screening_day.consultant(ENVIRONMENT)
    mine = {("co2-account", "score"): "1", ("co2-target", "score"): "4"}
    save_topic(actor=environment, screening=visit, topic="co2", shown={}, mine=mine)
    choose(page, "co2-account", "3")
    expect(page.locator(".g-clash")).to_contain_text("wrote: 1: Have thought about it")
    expect(page.locator("#state")).to_contain_text("Choose which answer stands")
    expect(page.locator("[name='score-co2-target'][value='4']")).to_be_checked()  # what nobody here touched is a colleague's
    page.get_by_role("button", name="Keep mine").click()
    expect(page.locator("#state")).to_have_text("Saved")
    assert scores(visit) == {"co2-account": 3, "co2-target": 4}
    assert faults_of(page) == []


def test_the_whole_visit_without_javascript(chromium: Browser, live_server: LiveServer, office: Actor) -> None:
    visit = planned(office, factories.company())
    page = opened(chromium, live_server, office, size=PHONE, scripts=False)
    page.goto(f"/screenings/{visit.pk}/")
    page.get_by_role("link", name="Fill it in").click()
    for number in range(9):
        page.locator(".g-scale input[value='2']").locator("visible=true").first.check(force=True)
        page.get_by_role("button", name="Save and finish" if number == 8 else "Save and go on").locator("visible=true").click()
    page.get_by_role("button", name="The visit was held").click()
    page.get_by_role("link", name="See the result", exact=True).click()
    expect(page.locator(".i-radar")).to_be_visible()
    assert len(scores(visit)) == 9


def seeded(office: Actor) -> tuple[Screening, Screening, Company]:
    """A request, a planned visit, and two held ones at the same company."""
    company = factories.company(name="Vestas Vandpumper ApS")
    asked(company_name="Nordjysk Træ- og Finérvarefabrik ApS", email="t@trae.example", wish="Regningen for el er for høj.")
    before = {"resources_measured": "1", "reuse_sorted": "2", "co2_account": "0", "materials_scrap": "2", "value_chain_strategy": "1"}
    held(office, company, dt.date(2025, 10, 8), **before)
    standing = {"resources_measured": "3", "resources_saved": "2", "reuse_sorted": "3", "reuse_packaging": "4", "materials_scrap": "2"}
    beyond = {"matchmaking_offers": "1", "eco_design_lifetime": "3", "certification_held": "1", "value_chain_strategy": "2"}
    now = {**standing, **beyond, "co2_account": "1", "co2_target": "0"}
    visit = held(office, company, **now)
    write_summary(
        actor=office, screening=visit,
        text="I er kommet langt med emballagen: næsten alle paller kommer tilbage. Ovnen bruger strøm hele natten.\n\n"
        "Vi aftalte, at I får sat en måler på ovnen inden jul, og at erhvervshuset hjælper jer i gang med et CO2-regnskab.",
    )  # fmt: skip
    note = {("", "note"): "En kunde har spurgt efter klimatal til et udbud i marts."}
    save_topic(actor=office, screening=visit, topic="co2", shown={}, mine=note)
    hub = screening_day.consultant(HUB).organisation
    assert hub is not None
    screening_results.share_result(actor=office, screening=visit, organisations=[hub], how="Mette Holm, ved besøget")
    screening_results.record_lead(
        actor=office, screening=visit, field="green-circular", topic="co2", text="CO2-regnskab til udbud i marts", to_organisation=hub
    )
    coming = planned(office, factories.company("10000017", "Sæby Sejl A/S"), environment="Jens Vang", hub="")
    return visit, coming, company


@pytest.mark.parametrize("language", ["en", "da"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_pages_have_no_barriers_and_fit(
    chromium: Browser, live_server: LiveServer, office: Actor, language: str, size: dict[str, int]
) -> None:
    visit, coming, company = seeded(office)
    page = opened(chromium, live_server, office, language=language, size=size)
    own = f"/screenings/{visit.pk}"
    course = factories.course(screening_day.consultant(OFFICE), company)
    for address in (
        "/screenings/?state=all", "/screenings/new/?q=vest", f"/screenings/new/?company={company.pk}", f"/screenings/{coming.pk}/",
        f"/screenings/{coming.pk}/plan/", f"/screenings/{coming.pk}/fill/resources/", f"{own}/", f"{own}/result/",
        "/screenings/coverage/", "/screenings/coverage/rows/?year=2026", "/screenings/coverage/wheels/", f"/courses/{course.pk}/wheel/",
    ):  # fmt: skip
        page.goto(address)
        assert (address, barriers(page), overflow(page)) == (address, [], 0)
        assert (address, too_small_for_a_finger(page) if size is PHONE else []) == (address, [])
    assert faults_of(page) == []


@pytest.mark.parametrize("language", ["en", "da"])
def test_the_public_pages_have_no_barriers_on_a_phone(chromium: Browser, live_server: LiveServer, office: Actor, language: str) -> None:
    page = open_page(chromium, live_server.url, language=language, size=PHONE)
    wheel = "version=1&now-resources=1&now-circular=3&now-climate=2&now-strategy=4&wanted-climate=5&wanted-resources=4"
    for address in ("/screening/", "/screening/asked/NOPE-0000/", "/wheel/", f"/wheel/result/?{wheel}"):
        page.goto(address)
        assert (address, barriers(page), overflow(page), too_small_for_a_finger(page)) == (address, [], 0, [])
    assert [fault for fault in faults_of(page) if "404" not in fault] == []


def test_a_wheel_is_turned_by_keyboard_on_a_phone(chromium: Browser, live_server: LiveServer, office: Actor) -> None:
    page = open_page(chromium, live_server.url, size=PHONE)
    page.goto("/wheel/")
    for key in ("resources", "circular", "climate"):
        page.locator(f"[name=now-{key}][value='2']").focus()
        page.keyboard.press("Space")
    page.locator("[name=wanted-climate][value='5']").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="See my wheel").press("Enter")
    expect(page.locator("figcaption")).to_have_text("The longest way to go: CO2.")
    expect(page.get_by_role("link", name="Work out your CO2 footprint with Klimakompasset")).to_have_attribute(
        "href", "https://klimakompasset.dk/"
    )
