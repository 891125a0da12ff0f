"""A week: a consultant of the hub, one of a business office and a screening team work with the same companies, each for their own house.

Everything is done on pages, by keyboard, in Danish (the hub) and in English (the office); every page that anybody sees is looked over
(`day_window`). What was played is counted anew on Friday, beside the program (`week_played`).
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from tests.browser import week_agreed as agreed
from tests.browser import week_companies as companies
from tests.browser import week_confidence as confidence
from tests.browser import week_courses as courses
from tests.browser import week_figures as figures
from tests.browser import week_register as tables
from tests.browser import week_screening as screening
from tests.browser.walked import CHANGES, PAGES, named
from tests.browser.week_house import FRIDAY, THURSDAY, TUESDAY, WEDNESDAY, Week, opened_week
from tests.browser.week_tables import ELSEWHERE, HUB, OFFICE, Company

pytestmark = pytest.mark.browser
WORKSHOP, BAKERY, SMITHY = "Vindeholt Maskinværksted ApS", "Sælvang Bageri A/S", "Tornvig Smedje ApS"
LOGISTICS, SALON = "Tjørnelund Logistik A/S", "Nørretoft Salon"
POTTERY = "Fjordlys Keramik"  # somebody who is about to start; on Wednesday she has her number
POTTER = Company("11009980", "Fjordlys Keramik ApS", "851", "234100", "1", "2026-12-08", "9240", "Nibe")
STEP = "Send liste over leverandører"
SMALL = ("/my-day/", "/companies/", "/guidance/", "/guidance/figures/", "/approach/", "/screenings/")  # seen on a phone, too
SHARED_WITH_ALL, OWN = "Everyone who works with companies", "My organisation"


@pytest.fixture
def week(chromium: Browser) -> Iterator[Week]:
    with opened_week(chromium) as opened:
        yield opened


def test_a_week(week: Week) -> None:
    monday(week)
    tuesday(week)
    wednesday(week)
    thursday(week)
    friday(week)
    assert (named(PAGES) - week.seen.names, named(CHANGES) - week.seen.changed) == (set(), set())
    assert week.house.run("journal", "verify")[0] == 0


def monday(week: Week) -> None:
    """The register comes in; who is going to contact whom is said before anybody calls; nobody writes down what another knows."""
    tables.brings_in_the_register(week, week.at_work("operator"))
    tables.brings_in_what_was_done(week)
    hub, office = week.at_work("hub"), week.at_work("office")
    companies.finds(hub, "vindehlt maskinværksted", WORKSHOP)  # a slip of the keyboard
    week.addresses[WORKSHOP] = hub.page.url
    assert hub.t("Nobody is in contact") in companies.approach(hub)
    assert companies.whose(hub) == {
        hub.t("General guidance"): week.title(OFFICE, hub),
        hub.t("Specialised, in one of the eight fields"): f"{week.title(HUB, hub)} {hub.t('(you)')}",
    }
    companies.announces(hub, WEDNESDAY, "Digitalisation and automation")
    assert hub.t("Speak with them before you call") not in hub.messages

    companies.finds(office, week.companies[WORKSHOP].cvr, WORKSHOP)
    meeting = f"Mette Holm, {week.title(HUB, office)}: contacts them on Wednesday 9 December Digitalisation and automation"
    assert office.t("Somebody is in contact: talk to them before you call") in companies.approach(office)
    assert meeting in companies.approach(office)
    companies.announces(office, WEDNESDAY, "General guidance")
    assert f"Speak with them before you call: {week.title(HUB, office)} is in contact with the company" in office.messages
    hub.go("/my-day/")
    warned = hub.main.locator(".i-card", has_text=WORKSHOP).inner_text()
    assert f"{week.title(OFFICE, hub)} vil også kontakte dem." in warned

    known = companies.looks_up(office, week.companies[LOGISTICS].cvr)
    assert f"Ask {week.title(ELSEWHERE, office)}" in known
    assert office.t("The company is known") in known
    unknown = companies.looks_up(office, week.companies[SALON].cvr)
    assert office.t("It is in the register already, and nobody is in contact with it yet.") in unknown
    facts = {"Municipality": "Aalborg", "Postcode": "9240", "City": "Nibe", "Telephone": "98 35 00 11"}
    companies.writes_down(week, office, POTTERY, facts)
    assert set(companies.whose(office).values()) == {f"{week.title(OFFICE, office)} (you)"}  # an entrepreneur's, whatever it is about


def tuesday(week: Week) -> None:
    """The hub begins a course and the office is told; the office serves a company and shares a part; Early Warning works, unnoticed."""
    week.begin(TUESDAY)
    hub, office = week.at_work("hub"), week.at_work("office")
    companies.opens(week, hub, WORKSHOP)
    fields = ("Digitalisation and automation", "Finance")
    courses.begins(hub, "Growth", fields, "En robot til svejsningen", f"{WORKSHOP}, Aalborg")
    courses.opens_course(hub, "Growth")
    courses.logs(hub, "Visit", "Så på svejsehallen sammen med ejeren.", "2,5")
    courses.agrees(hub, STEP, WEDNESDAY)
    week.played.begun(HUB, WORKSHOP, "growth", "digitalisation-automation|finance", TUESDAY, unit="1003000001")

    agreed.reads_what_the_hub_told(office, WORKSHOP, ["Visit", "A guidance course began"])

    companies.opens(week, office, BAKERY)
    courses.delivers(office, "Service", "Energy label of the oven", f"{BAKERY}, Aalborg")
    week.played.given(OFFICE, BAKERY, "service", TUESDAY, unit="1003000006")
    person = {"Name": "Karla Brandt", "Role": "Production manager", "Telephone": "98 12 00 22", "E-mail": "karla@saelvang.example"}
    companies.adds_a_contact(office, person, SHARED_WITH_ALL)
    companies.notes(office, "Thinks of moving; the neighbours must not hear of it.", OWN)
    companies.notes(office, "Best called before six in the morning.", SHARED_WITH_ALL)
    companies.opens(week, hub, BAKERY)
    told = companies.people(hub) + companies.happened(hub)
    assert ["Production manager" in told, "before six" in told, "Thinks of moving" in told] == [True, True, False]

    companies.opens(week, office, POTTERY)
    courses.begins_elsewhere(office, "Short", ("Sales and marketing",))
    week.played.begun(OFFICE, POTTERY, "short", "sales-marketing", TUESDAY)
    companies.opens(week, office, SALON)
    courses.delivers_by_mistake(office, "Information", "Another company's matter")

    companies.opens(week, hub, SMITHY)
    others = ("hub", "office", "leader")
    before = {who: confidence.seen_of(week, week.at_work(who), SMITHY) for who in others}
    early = week.at_work("early")
    confidence.guides_in_confidence(early, SMITHY)
    week.played.begun(HUB, SMITHY, "early-warning", "", TUESDAY)
    assert {who: confidence.seen_of(week, week.at_work(who), SMITHY) for who in others} == before
    assert companies.looks_for(early, "Asta Munk") == [SMITHY]


def wednesday(week: Week) -> None:
    """What was agreed is done; what was decided is found again; a company asks for a visit from a phone, and the office plans it."""
    week.begin(WEDNESDAY)
    hub, office = week.at_work("hub"), week.at_work("office")
    courses.does_what_is_due(hub, WORKSHOP, STEP)
    companies.opens(week, hub, WORKSHOP)
    question, decision = "Hvem ringer om en robot og et ejerskifte på én gang?", "Erhvervshuset tager robotten, kontoret ejerskiftet."
    agreed.decides(hub, question, decision, tuple(week.title(one, hub) for one in (HUB, OFFICE)))
    agreed.finds_the_decision(office, "ejerskifte", question, decision)
    companies.opens(week, office, WORKSHOP)
    assert decision in companies.approach(office)
    agreed.stands_in_who_is_who(hub, hub.t("Digitalisation and automation"), "Mette Holm", "99 82 00 11")
    agreed.stands_in_who_is_who(office, "", "Bo Lund", "99 31 00 22")
    assert agreed.whom_to_ask(office) == {
        (week.title(OFFICE, office), "At the office"): ("Bo Lund", "99 31 00 22"),
        ("Digitalisation and automation", "At the hub"): ("Mette Holm", "99 82 00 11"),
    }

    phone = week.visitor("da", screening.SMALL_PHONE, scripts=False)
    cvr, wish = week.companies[BAKERY].cvr, "Regningen for strøm er for høj."
    screening.asks_for_a_visit(week, phone, "Sælvang Bageri", cvr, "karla@saelvang.example", wish)
    paper = screening.turns_the_wheel(phone, {"resources": "1", "circular": "3", "climate": "2"}, {"climate": "5"})
    assert paper.startswith(b"%PDF")
    phone.close()
    screening.plans(office, BAKERY, THURSDAY, "Sif Ravn")
    assert wish in office.main.inner_text()

    tables.brings_in_a_change(week, week.at_work("operator"), POTTER, "Lyngvad Software ApS", "16")
    companies.opens(week, hub, POTTER.name)
    courses.begins(hub, "Growth", ("Sales and marketing",), "Sælge i Norge")
    week.played.begun(HUB, POTTER.name, "growth", "sales-marketing", WEDNESDAY)


def thursday(week: Week) -> None:
    """The screening team is at the company, where there is no network; the company agrees to what is passed on."""
    week.begin(THURSDAY)
    hub, office, green = week.at_work("hub"), week.at_work("office"), week.at_work("green", screening.TABLET)
    screening.fills_in(green, BAKERY)
    week.played.visited.append(BAKERY)
    assert screening.gives_the_result(green, "Ovnen bruger strøm hele natten. Få sat en måler på.").startswith(b"%PDF")
    companies.opens(week, hub, BAKERY)
    assert hub.main.locator("#screenings").count() == 0  # that there was a visit, yes; what came of it, not before the company agrees
    need = "A CO2 account for a tender in March"
    screening.passes_on(office, BAKERY, need, "Karla Brandt, at the visit")
    screening.shares(office, week.title(HUB, office))
    companies.opens(week, hub, BAKERY)
    screening.reads_the_result(hub, {"Ressourcebesparelser": "1,5", "Genbrug og genanvendelse": "3,0", "CO2": "0,0"})

    companies.opens(week, hub, WORKSHOP)
    courses.opens_course(hub, "Growth")
    said = "Så på svejsehallen sammen med ejeren.", "Så på svejsehallen og lageret sammen med ejeren."
    courses.corrects(hub, "En robot til svejsningen, og en plan for at skifte ejer", said, "3")
    courses.fills_in_the_wheel(hub, {"resources": "2", "circular": "2", "climate": "1"}, {"climate": "4"})
    companies.opens(week, hub, WORKSHOP)
    courses.opens_course(hub, "Growth")
    courses.ends(hub, "Robotten er bestilt; svejseren er med på kursus.", "3")
    week.played.ended(WORKSHOP, THURSDAY)

    companies.opens(week, office, BAKERY)
    companies.changes_the_facts(office, "Employees from abroad?", "Yes")
    companies.changes_the_note(office, "Thinks of moving", "Does not move after all.")
    companies.changes_the_contact(office, "Karla Brandt", "Production manager", "Directing manager", "Managing director")
    companies.notes_a_consent(office, "Karla Brandt, at the visit on Thursday")
    courses.corrects_the_delivery(office, "Service", "Energy label of both ovens")

    leader = week.at_work("leader")
    apart = figures.guided(leader)
    companies.links(hub, POTTERY, POTTER.name)
    together = figures.guided(leader)
    companies.takes_it_back(hub, POTTERY)
    assert (apart - together, figures.guided(leader)) == (1, apart)


def friday(week: Week) -> None:
    """The week in figures, counted twice; who may not know of something does not; who only reads cannot write."""
    week.begin(FRIDAY)
    office, leader, early, reader = (week.at_work(who) for who in ("office", "leader", "early", "reader"))
    figures.are_what_was_played(leader, week.played)
    figures.are_counted_by_place(leader, week.played)
    figures.open_to_their_rows(leader, week.played, HUB, of_team=False)
    figures.open_to_their_rows(early, week.played, HUB, of_team=True)
    figures.tell_of_visits(leader, BAKERY)
    assert tables.taken_out(week) == tables.as_played(week)
    own = sorted(one.company for one in week.played.courses if one.organisation == HUB)
    assert [courses.takes_out(one) for one in (early, leader)] == [own, [name for name in own if name != SMITHY]]

    never = sorted(one.name for one in week.companies.values() if one.municipality == "813")  # nobody knows of what Early Warning does
    shown, numbers = companies.keeps_a_list(office, "Frederikshavn", "Never served in Frederikshavn")
    assert (sorted(shown), sorted(numbers)) == (never, sorted(week.companies[name].cvr for name in never))

    for window in (office, reader):
        window.page.set_viewport_size(screening.SMALL_PHONE)
        for address in (
            week.addresses[WORKSHOP],
            "/my-day/",
            "/companies/",
            "/guidance/",
            "/guidance/figures/",
            "/approach/",
            "/screenings/",
        ):
            window.go(address)
    companies.only_reads(week, reader, WORKSHOP)
    assert figures.guided(reader) == week.played.summary(week.played.company_of)["guided"]
