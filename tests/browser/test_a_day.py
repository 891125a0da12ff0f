"""One whole day in the house, in Danish and in English: a family arrives, is received, served and seen out. Everything by keyboard.

The newcomers' pages are used without scripts, on a phone; those of the staff on a desk screen. Every page that anybody sees is looked over
(`day_window`). At the end each address of the program that can be looked at has been seen, or stands in NOT_SEEN with its reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLResolver, get_resolver
from playwright.sync_api import Browser
from tests.browser import day_newcomer as newcomer
from tests.browser import day_staff as staff
from tests.browser.day_house import NOON, House, opened_house
from tests.browser.day_newcomer import Family
from tests.browser.day_staff import Colleague
from tests.browser.day_window import Seen, Window
from tests.browser.walked import PAGES, named

pytestmark = pytest.mark.browser
FAMILIES = {
    "da": Family("Lena Hoffmann", "Ravi Hoffmann", ("Mia Hoffmann", "Emil Hoffmann"), "lena@example.org"),
    "en": Family("Greta Lindner", "Arjun Lindner", ("Nora Lindner", "Paul Lindner"), "greta@example.org"),
}
MISSED, WITHOUT_BOOKING = {"da": "Olena Kovalenko", "en": "Marta Nowak"}, {"da": "Asha Menon", "en": "Vikram Rao"}
REASON, OTHER_PAPER = {"da": "Fotoet ligner ikke", "en": "The photo is of somebody else"}, {"da": "Telefonen", "en": "The telephone"}
AUTHORITIES = ("siri", "borgerservice-aalborg", "skattestyrelsen")


# Addresses that nobody can look at, and why.
CHANGES = {
    "reception": "absence-lift add-note away-today bring-back call "
    "call-again call-again-here call-next came cancel-step check-in close-desk "
    "feed-end find give-back group-check-in group-undo-check-in hand-over hours-lift hours-save hours-undo interpreter-need "
    "municipality new-code no-show package put-back remove-waiting roster-end roster-resume send-on send-on-here session-date "
    "session-end set-aside staff-cancel start still-waiting take-back-package take-beside undo-bring-back undo-came undo-cancel "
    "undo-cancel-step undo-check-in undo-finish undo-move undo-municipality undo-no-show undo-put-back undo-send-on undo-send-on-here "
    "undo-set-aside undo-start unstaffed-close",
    "workspace": "person-note reveal-cpr company-write-note consent-give note-remove note-bring-back contact-end contact-undo-end "
    "contact-remove contact-bring-back consent-withdraw consent-undo-withdraw judge-double take-back-double "
    "segment-remove segment-bring-back change-take-back",
    "ui": "language shortcuts",
    "imports": "undo",
    "mail": "send-again",
    "guidance": "course-end course-reopen course-end-again course-remove course-bring-back contact-write contact-remove "
    "contact-bring-back step-agree step delivery-remove delivery-bring-back "
    "announce-contact take-back-contact bring-back-contact hold-screening undo-hold-screening cancel-screening "
    "undo-cancel-screening withdraw-screening-consent withdraw-lead undo-withdraw-lead remove-wheel bring-back-wheel "
    "begin-outreach carry-on-outreach outreach-agree outreach-not-agreed confirm-duty end-duty take-up-duty notices-read",
}
ELSEWHERE = {
    "test_employers": "employers employer-template employer-group employer-people employer-person employer-times employer-preview "
    "employer-change employer-file",
    "test_waiting": "join-waiting-list waiting change-waiting waiting-offer waiting-list",
    "test_opening (feeds)": "feeds feed",
    "test_after_visit": "after-visit",
    "test_opening": "hours hours-page hours-close hours-moved hours-outside house-hours house-time "
    "desk-new desk-change desk-hours session session-new holidays interpreter-new room-new resource-change resource-hours "
    "resource-day week-plan desk-roster roster-change away unstaffed",
    "test_staff": "move-the-rest not-noted send-on-choose statistics statistics-page statistics-rows statistics-file",
}
APPROACH = (
    "approach approach-company grey-zones grey-zone new-grey-zone outreach-year outreach write-outreach outreach-meeting who-is-who "
    "who-is-who-file new-duty change-duty office-notices"
)
SCREENINGS = (
    "ask-for-screening screening-asked screenings new-screening screening-coverage screening-rows wheel-rows screening-worker screening "
    "plan-screening fill-screening fill-topic screening-result screening-pdf screening-summary share-screening screening-lead wheel "
    "wheel-result wheel-pdf course-wheel"
)
NOT_SEEN = {
    **{f"reception:{name}": f"walked in {module}" for module, names in ELSEWHERE.items() for name in names.split()},
    **{f"{room}:{name}": "changes something and leads back to a page" for room, names in CHANGES.items() for name in names.split()},
    **{f"guidance:{name}": "walked in test_approach" for name in APPROACH.split()},
    **{f"guidance:{name}": "walked in test_screenings" for name in SCREENINGS.split()},
    **dict.fromkeys(named(PAGES), "walked in test_a_week, which says so by what it has seen"),
    "reception:board": "leads on, where there is one house",
    "mfa_download_recovery_codes": "a file of the codes that the page before shows",
    **dict.fromkeys(["demo", "demo-codes", "demo-go-on"], "exists in a demonstration only"),
    **dict.fromkeys(["mail:demo", "mail:demo-letter", "mail:demo-calendar"], "exists in a demonstration only"),
}


@pytest.fixture
def house() -> Iterator[House]:
    """A house of its own for each language: nobody of the day before waits in it."""
    with opened_house() as opened:
        yield opened
        assert opened.close() == 0  # SIGTERM, in good order
        assert "Traceback" not in opened.said()


def colleagues_of(language: str) -> dict[str, Colleague]:
    """Who works that day, by what they do."""
    names = {"siri": "Sanne Riis", "borgerservice-aalborg": "Bo Skov", "skattestyrelsen": "Tove Krog"}
    clerks = {key: Colleague(name, f"{key}-{language}@example.org", key, "clerk") for key, name in names.items()}
    return {
        **clerks,
        "floorwalker": Colleague("Karen Holm", f"floor-{language}@example.org", "ihnd", "floorwalker"),
        "administrator": Colleague("Aksel Dam", f"office-{language}@example.org", "ihnd", "administrator"),
    }


@pytest.mark.parametrize("language", ["da", "en"])
def test_a_day(house: House, chromium: Browser, language: str) -> None:
    seen = Seen()
    family, missed, unbooked = FAMILIES[language], MISSED[language], WITHOUT_BOOKING[language]
    people = colleagues_of(language)
    all_there = staff.engage(house, list(people.values()))

    # At home, the evening before or on the way: plan, book, confirm.
    phone = Window(chromium, house.address, language, seen, phone=True, scripts=False)
    newcomer.arrives_at_the_plan(phone)
    visit = newcomer.books(phone, house, family)
    newcomer.is_invited(visit)
    code = newcomer.code_to_scan(phone, house, visit)
    tablet = newcomer.comes_back_through_the_mail(chromium, house, phone, visit)
    newcomer.moves_and_cancels(chromium, house, language, seen)
    house.book(missed, f"missed-{language}@example.org", language, citizenship="UKR", purpose="work", adults=1)

    # The house opens.
    all_there()
    at_work = {key: staff.starts_work(chromium, house, one, language, seen) for key, one in people.items() if key != "administrator"}
    floor = at_work["floorwalker"]
    newcomer.scans_it_themselves(tablet, code)
    staff.receives(floor, code, family.name)
    floor.go("/my-day/")  # a board would ask for news while the house opens again
    with house.at(NOON):  # before their time nobody has failed to come
        staff.misses(floor, missed)
    reference = staff.takes_in(floor, unbooked)

    # From desk to desk, in the order of the booking. At the last desk a paper is missing.
    for key in AUTHORITIES:
        staff.chooses_a_desk(at_work[key])
    steps = steps_ahead(house, visit)
    while len(steps) > 1:
        clerk = at_work[authority_of(steps[0])]
        staff.calls(clerk, steps[0]["desk"], family.name)
        staff.finishes(clerk)
        if authority_of(steps[0]) == "siri":
            staff.hands_over(clerk)
        steps = steps_ahead(house, visit)
    clerk = at_work[authority_of(steps[0])]
    staff.calls(clerk, steps[0]["desk"], family.name)
    papers = staff.misses_documents(clerk, OTHER_PAPER[language])
    letter = house.mail(family.email, lambda mail: all(paper in mail.text for paper in papers))
    assert (letter.invitation, letter.link.startswith(f"/arrival/{visit.reference}/")) == (None, True)

    # Somebody else is refused, and with that the tax card has to wait. Why is between them, the authority and the floorwalker.
    staff.calls(at_work["siri"], "siri-1", unbooked)
    staff.refuses(at_work["siri"], REASON[language])
    staff.finds_nobody(at_work["skattestyrelsen"], "skat-1")
    staff.gives_up(floor, unbooked)
    told = {key: staff.reads(at_work[key], reference) for key in ("siri", "floorwalker", "skattestyrelsen", "borgerservice-aalborg")}
    assert {key: (REASON[language] in text, floor.word("refused") in text) for key, text in told.items()} == {
        "siri": (True, True),
        "floorwalker": (True, True),
        "skattestyrelsen": (False, False),
        "borgerservice-aalborg": (False, False),
    }

    # The day as the floorwalker and the family see it afterwards.
    refused, cancelled = floor.word("refused"), floor.word("cancelled")
    staff.sees_the_day(floor, {family.name: ("done", papers), unbooked: ("done", [refused]), missed: ("away", [cancelled])})
    staff.hands_out_a_ticket(floor)
    staff.reads_the_card(floor, family.name, papers, [people[key].name for key in (*AUTHORITIES, "floorwalker")])
    newcomer.sees_how_it_went(phone, visit, papers)
    newcomer.sees_how_it_went(tablet, visit, papers)

    staff.looks_after_the_house(chromium, house, people["administrator"], language, seen)
    assert not_seen(seen) == set(NOT_SEEN)
    assert house.run("journal", "verify")[0] == 0


def steps_ahead(house: House, visit: newcomer.Visit) -> list[dict[str, Any]]:
    """The family's steps that have not begun, in the order of their times, as the API tells them."""
    key = visit.mail.link.partition("?key=")[2]
    return [step for step in house.ask(f"journeys/{visit.reference}?key={key}")["appointments"] if step["status"] == "waiting"]


def authority_of(step: dict[str, Any]) -> str:
    """Whose clerk serves at the desk."""
    return {"siri": "siri", "borgerservice": "borgerservice-aalborg", "skat": "skattestyrelsen"}[step["desk"].partition("-")[0]]


def not_seen(seen: Seen) -> set[str]:
    """The names of the addresses of the program's pages that are not among those."""
    return set(names_in(get_resolver())) - seen.names


def names_in(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    """The names of all addresses but the API's, which has a test of its own."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            namespace = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from () if namespace.startswith("api") else names_in(pattern, namespace)
        else:
            yield f"{prefix}{pattern.name}"
