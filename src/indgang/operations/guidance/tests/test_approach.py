"""Before a consultant contacts a company: whose it is, who is in contact, what is announced; nothing of Early Warning, ever."""

from __future__ import annotations

import datetime as dt
import threading
import time

import pytest
from django.conf import LazySettings
from django.db import connection

from indgang.foundation.access.actors import NotAllowed, staff, system
from indgang.foundation.database import clock
from indgang.foundation.identity.models import Role
from indgang.foundation.identity.tests.factories import logged_in
from indgang.foundation.journal.models import Circle, Entry
from indgang.operations.guidance.actions.approach import (
    Decision,
    announce_contact,
    bring_back_contact,
    decide_grey_zone,
    take_back_contact,
)
from indgang.operations.guidance.approach_errors import ApproachError
from indgang.operations.guidance.approach_words import whose_in_words, why_in_words
from indgang.operations.guidance.models import Category, GreyZone, PlannedContact
from indgang.operations.guidance.queries.approach import approach_of
from indgang.operations.guidance.queries.grey_zones import grey_zones_found
from indgang.operations.guidance.tests.approach_world import at_work, company, course, organisation, person, small_region

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 24)


@pytest.fixture(autouse=True)
def region(settings: LazySettings) -> None:
    settings.CLOCK_STARTS_AT, settings.CLOCK_SINCE = dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC), time.time()
    small_region()


def told(key: str, **facts: object) -> list[tuple[str, str]]:
    """Whose a company is and why, in words."""
    approach = approach_of(at_work(key), company(**facts))  # type: ignore[arg-type]
    return [(whose_in_words(line), why_in_words(line, approach)) for line in approach.lines]


def test_general_guidance_is_the_offices_and_specialised_the_hubs() -> None:
    assert told("hub") == [
        (
            "Aalborg office",
            "It has 10 employees. General guidance of companies with up to 250 employees: the municipality’s business office.",
        ),
        ("The hub", "It has 10 employees. Specialised guidance of companies with up to 250 employees: the hub."),
    ]


def test_a_company_without_employees_is_said_to_have_none() -> None:
    assert [why.partition(".")[0] for _whose, why in told("hub", employees=0)] == ["It has no employees"] * 2


def test_an_entrepreneur_is_the_offices_and_a_large_company_is_agreed() -> None:
    assert told("hub", cvr=None) == [
        (
            "Aalborg office",
            "It has no CVR number yet: somebody who is about to start. Outreach to entrepreneurs: the municipality’s business office.",
        )
    ]
    assert told("office-aalborg", employees=900) == [
        (
            "To be agreed",
            "It has 900 employees. Outreach to companies with more than 250 employees: agreed case by case between the office and the hub.",
        )
    ]


def test_where_nobody_knows_the_municipality_it_is_to_be_agreed() -> None:
    whose, why = told("hub", place=None)[0]
    assert whose == "To be agreed"
    assert why.startswith("It is not known in which municipality it is")
    assert told("office-aalborg", place="laesoe", cvr="12345678")[0][1].startswith("Its municipality has no business office here.")


def test_a_collision_is_another_organisation_in_contact_now() -> None:
    steel, hub = company(), at_work("hub")
    assert not approach_of(hub, steel).collision
    course(steel, "hub")
    assert not approach_of(hub, steel).collision
    course(steel, "office-aalborg", started=TODAY - dt.timedelta(days=400), ended=TODAY - dt.timedelta(days=200))
    assert not approach_of(hub, steel).collision
    course(steel, "office-thisted", ended=TODAY)
    assert approach_of(hub, steel).others == (organisation("office-thisted"),)


def test_what_was_judged_the_same_company_collides_too() -> None:
    steel = company()
    double = company("Nordjysk Staal ApS", cvr=None, same_as=steel)
    course(double, "office-aalborg")
    assert approach_of(at_work("hub"), steel).others == (organisation("office-aalborg"),)
    assert approach_of(at_work("hub", email="b@hub.example"), double).others == (organisation("office-aalborg"),)


def test_early_warning_is_no_contact_for_anybody_outside_its_team() -> None:
    steel = company()
    course(steel, "office-aalborg", Category.EARLY_WARNING, consultant="Signe Bak")
    outside = [at_work("hub"), at_work("office-aalborg", Role.LEADER), at_work("office-thisted", Role.EARLY_WARNING), system()]
    assert [(approach_of(actor, steel).ties, approach_of(actor, steel).others) for actor in outside] == [((), ())] * 4
    team = approach_of(at_work("office-aalborg", Role.EARLY_WARNING), steel)
    assert [tie.consultant for tie in team.ties] == ["Signe Bak"]
    page = logged_in(person("hub", email="p@hub.example")).get(f"/approach/companies/{steel.pk}/").content.decode()
    assert "Signe Bak" not in page
    assert "Nobody, as far as you may know." in page


def test_who_is_of_the_early_warning_team_alone_announces_nothing() -> None:
    steel = company()
    with pytest.raises(NotAllowed):
        announce_contact(actor=at_work("hub", Role.EARLY_WARNING), company=steel, on=TODAY)
    with pytest.raises(NotAllowed):
        announce_contact(actor=at_work("office-aalborg", Role.READER), company=steel, on=TODAY)
    both = announce_contact(actor=at_work("hub", Role.EARLY_WARNING, Role.CONSULTANT), company=steel, on=TODAY)
    assert both.contact.organisation == organisation("hub")


def test_an_announced_contact_shows_to_others_until_it_expires(settings: LazySettings) -> None:
    steel, hub, office = company(), at_work("hub"), at_work("office-aalborg")
    first = announce_contact(actor=hub, company=steel, on=TODAY + dt.timedelta(days=2), field="finance")
    assert (first.others, approach_of(hub, steel).collision) == ((), False)
    assert approach_of(office, steel).others == (organisation("hub"),)
    second = announce_contact(actor=office, company=steel, on=TODAY)
    assert second.others == (organisation("hub"),)
    take_back_contact(actor=hub, contact=first.contact)
    assert not approach_of(office, steel).collision
    bring_back_contact(actor=hub, contact=first.contact)
    assert approach_of(office, steel).collision
    settings.CLOCK_STARTS_AT = dt.datetime(2026, 12, 11, 9, tzinfo=dt.UTC)
    assert clock.today() == first.contact.expires + dt.timedelta(days=1)
    assert not approach_of(office, steel).collision


def test_announcing_twice_is_one_announcement_and_another_day_moves_it() -> None:
    steel, hub = company(), at_work("hub")
    for _click in range(2):
        announce_contact(actor=hub, company=steel, on=TODAY)
    moved = announce_contact(actor=hub, company=steel, on=TODAY + dt.timedelta(days=7)).contact
    assert [(one.pk, one.on) for one in PlannedContact.objects.all()] == [(moved.pk, dt.date(2026, 12, 1))]
    written = Entry.objects.filter(verb__startswith="approach.").order_by("pk")
    assert [(entry.verb, entry.circle) for entry in written] == [
        ("approach.announced", Circle.COMPANIES),
        ("approach.moved", Circle.COMPANIES),
    ]


@pytest.mark.parametrize("day", [TODAY - dt.timedelta(days=1), TODAY + dt.timedelta(days=400)])
def test_a_day_that_is_over_or_far_off_is_refused(day: dt.date) -> None:
    with pytest.raises(ApproachError):
        announce_contact(actor=at_work("hub"), company=company(), on=day)
    assert PlannedContact.objects.count() == 0


def test_only_whoever_announced_it_and_their_leader_take_it_back() -> None:
    contact = announce_contact(actor=at_work("hub"), company=company(), on=TODAY).contact
    with pytest.raises(NotAllowed):
        take_back_contact(actor=at_work("office-aalborg", Role.LEADER), contact=contact)
    take_back_contact(actor=at_work("hub", Role.LEADER), contact=contact)
    contact.refresh_from_db()
    assert contact.taken_back_at


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_the_second_is_warned() -> None:
    steel = company()
    actors = [at_work("hub"), at_work("office-aalborg")]
    warned: list[int] = []
    together = threading.Barrier(2)

    def announces(number: int) -> None:
        together.wait()
        warned.append(len(announce_contact(actor=actors[number], company=steel, on=TODAY).others))
        connection.close()

    threads = [threading.Thread(target=announces, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(warned) == [0, 1]


def decision(**facts: object) -> Decision:
    return Decision(**{"question": "Who calls a company that moves?", "decision": "The new office.", "decided_on": TODAY, **facts})  # type: ignore[arg-type]


def test_a_decision_is_stored_once_found_again_and_shown_where_it_applies() -> None:
    steel, hub = company(), at_work("hub")
    kinds = [
        {"company": steel},
        {"field": "finance"},
        {"size": "small", "industries": ["25"]},
        {"size": "large"},
        {"industries": ["62"]},
        {"company": company("Another", cvr="12345678")},
    ]
    rows = [decide_grey_zone(actor=hub, form_key=str(number), decision=decision(**kind)) for number, kind in enumerate(kinds)]
    assert decide_grey_zone(actor=hub, form_key="0", decision=decision()) == rows[0]
    assert set(approach_of(hub, steel).grey_zones) == {rows[0], rows[1], rows[2]}
    assert set(approach_of(hub, steel, "innovation").grey_zones) == {rows[0], rows[2]}
    assert list(grey_zones_found(hub, text="moves CALLS nordjysk")) == [rows[0]]


def test_a_decision_is_never_changed_only_replaced_once() -> None:
    hub = at_work("hub")
    old = decide_grey_zone(actor=hub, form_key="a", decision=decision())
    new = decide_grey_zone(actor=hub, form_key="b", decision=decision(decision="The old office, for a year."), replaces=old)
    with pytest.raises(ApproachError, match="replaced this one already"):
        decide_grey_zone(actor=hub, form_key="c", decision=decision(), replaces=old)
    old.refresh_from_db()
    assert (old.decision, old.replaced_by, list(grey_zones_found(hub))) == ("The new office.", new, [new])
    assert set(grey_zones_found(hub, replaced=True)) == {old, new}
    with pytest.raises(ApproachError):
        decide_grey_zone(actor=hub, form_key="d", decision=decision(decided_on=TODAY + dt.timedelta(days=1)))
    assert GreyZone.objects.count() == 2


def test_the_page_announces_warns_and_undoes() -> None:
    steel, office = company(), person("office-aalborg")
    announce_contact(actor=at_work("hub"), company=steel, on=TODAY)
    browser = logged_in(office)
    page = browser.get(f"/approach/companies/{steel.pk}/").content.decode()
    assert "In contact with this company, or going to be: The hub." in page
    answer = browser.post(f"/approach/companies/{steel.pk}/announce", {"on": "2026-11-25", "field": ""}, follow=True).content.decode()
    assert "Announced: you contact Nordjysk Stål on Wednesday 25 November." in answer
    assert "Speak with them before you call: The hub is in contact" in answer
    mine = PlannedContact.objects.get(user=office)
    assert "is not announced any more" in browser.post(f"/approach/contacts/{mine.pk}/take-back", follow=True).content.decode()
    wrong = browser.post(f"/approach/companies/{steel.pk}/announce", {"on": "soon"})
    assert "Write the day as 2026-12-08." in wrong.content.decode()


def test_a_decision_is_written_found_and_replaced_in_the_browser() -> None:
    steel = company()
    browser = logged_in(person("hub"))
    form = browser.get(f"/approach/grey-zones/new?company={steel.pk}").context["form"]
    said = {
        "question": "Who calls Nordjysk Stål?",
        "decision": "The hub, until the summer.",
        "decided_on": "2026-11-20",
        "parties": [organisation("hub").pk, organisation("office-aalborg").pk],
        "form_key": form.initial["form_key"],
    }
    for _click in range(2):
        page = browser.post(f"/approach/grey-zones/new?company={steel.pk}", said, follow=True).content.decode()
    assert "The hub, until the summer." in page
    zone = GreyZone.objects.get()
    assert (zone.company, zone.parties.count()) == (steel, 2)
    assert "The hub, until the summer." in browser.get(f"/approach/companies/{steel.pk}/").content.decode()
    assert zone.question in browser.get("/approach/grey-zones/?q=summer").content.decode()
    assert "Nothing was decided about that" in browser.get("/approach/grey-zones/?q=winter").content.decode()
    nothing = browser.post("/approach/grey-zones/new", {"cvr": "99"}).content.decode()
    assert all(words in nothing for words in ("Write the question.", "Choose who decided it.", "There is no company with that CVR number"))
    assert "?replaces=" in browser.get(f"/approach/grey-zones/{zone.pk}/").content.decode()


def test_whoever_does_not_work_with_companies_finds_nothing() -> None:
    steel = company()
    clerk = logged_in(person("office-aalborg", Role.CLERK))
    pages = ("/approach/", f"/approach/companies/{steel.pk}/", "/approach/grey-zones/", "/approach/grey-zones/new")
    assert [clerk.get(page).status_code for page in pages] == [404] * 4
    reader = logged_in(person("office-aalborg", Role.READER))
    assert [reader.get(page).status_code for page in pages] == [200, 200, 200, 404]
    assert staff(person("hub")).organisation == organisation("hub")
