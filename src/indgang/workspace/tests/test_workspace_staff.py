"""My day, the person card and search: for each role what it may see, and nothing to others."""

from __future__ import annotations

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from indgang.foundation.access.actors import staff
from indgang.foundation.identity.models import Membership, Organisation, Role, User
from indgang.foundation.identity.tests.factories import colleague
from indgang.foundation.journal.models import Entry
from indgang.foundation.places.models import House
from indgang.foundation.vault.actions import erase
from indgang.operations.reception.actions import desk as desk_actions
from indgang.operations.reception.actions import floor
from indgang.operations.reception.models import Journey, Note
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.staff_day import at, clerk, floorwalker, logged_in, party, said
from indgang.registers.parties.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(settings: LazySettings) -> House:
    at(settings, 8, 30)
    return factories.small_house()


def card(person: Person) -> str:
    return reverse("workspace:person", args=[person.pk])


def refused_by_siri(journey: Journey) -> None:
    """Checked in, called by SIRI and refused."""
    finished_by_siri(journey, "refused")


def finished_by_siri(journey: Journey, outcome: str) -> None:
    """Checked in, called by SIRI and finished, with a note."""
    siri = staff(factories.member(Role.CLERK, "siri"))
    floor.check_in_journey(actor=staff(factories.member(Role.FLOORWALKER, "ihnd")), journey=journey)
    visit = desk_actions.call_next(actor=siri, desk=factories.desk("siri-1"))
    desk_actions.finish_visit(actor=siri, visit=visit, outcome=outcome, note="The passport is false")


def test_an_account_without_a_role_is_told_so_and_whom_to_ask(house: House) -> None:
    """And nothing else: no menu of pages that it may not open, no search."""
    house.region.facts = {"operator": {"name": "The house", "email": "reception@house.example"}}
    house.region.save()
    browser = logged_in(colleague(Organisation.objects.get(key="siri"), email="karen@siri.example"))
    answer = browser.get("/my-day/")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "no organisation has given you a role so far" in page
    assert "karen@siri.example" in page
    assert '<a href="mailto:reception@house.example">' in page.split("<main", 1)[1].split("</main>")[0]
    assert 'role="search"' not in page
    for address in ("/search/", "/desks/", "/board/", "/outbox/"):
        assert browser.get(address).status_code == 404
    Membership.objects.create(
        user=User.objects.get(email="karen@siri.example"), organisation=Organisation.objects.get(key="siri"), role="clerk"
    )
    assert browser.get("/my-day/").templates[0].name == "workspace/my_day.html"


def test_the_floorwalkers_day_begins_with_who_waits(house: House) -> None:
    waiting, _expected = party(house, name="Ana Silva"), party(house, name="Bo Chen")
    walker = floorwalker()
    walker.post(reverse("reception:check-in", args=[waiting.reference]))
    items = walker.get("/my-day/").context["items"]
    assert [(item.title, item.link) for item in items] == [
        ("1 party waits", "/board/aalborg/#here"),
        ("1 party is expected", "/board/aalborg/#expected"),
    ]


def test_the_clerks_day_begins_with_the_longest_line(house: House) -> None:
    journey = party(house, name="Ana Silva")
    floorwalker().post(reverse("reception:check-in", args=[journey.reference]))
    page = clerk("siri").get("/my-day/")
    assert [(item.title, item.text) for item in page.context["items"]] == [
        ("Desk 1", "1 waits. Next: Ana Silva."),
        ("Desk 2", "1 waits. Next: Ana Silva."),
    ]
    assert page.content.decode().count(" autofocus") == 1


@pytest.mark.parametrize("role", [Role.LEADER, Role.READER])
def test_leaders_and_readers_see_numbers_and_no_names(house: House, role: str) -> None:
    refused_by_siri(party(house, name="Ana Silva"))
    party(house)
    page = logged_in(factories.member(role, "siri")).get("/my-day/")
    day = page.context["numbers"][0]
    assert (day.parties, day.arrived, day.finished_steps, day.no_shows, round(day.waited, 1)) == (2, 1, 1, 0, 0)
    assert "Ana Silva" not in page.content.decode()


def test_nothing_to_do_is_said_kindly(house: House) -> None:
    page = clerk("siri").get("/my-day/")
    assert "Nothing needs you right now." in page.content.decode()


def test_the_card_tells_the_story_to_those_who_may_know_it(house: House) -> None:
    journey = party(house, name="Ana Silva")
    refused_by_siri(journey)
    stories = {}
    for name, client in (("walker", floorwalker()), ("siri", clerk("siri")), ("tax", clerk("skattestyrelsen"))):
        page = client.get(card(journey.contact))
        stories[name] = [entry["title"] for entry in page.context["entries"]]
        assert ("The passport is false" in page.content.decode()) == (name != "tax")
        assert ("Refused" in page.content.decode()) == (name != "tax")
    booked = "Visit booked: EU residence document, Register your address (CPR), MitID, Tax card."
    everybody = ["EU residence document: called to Desk 1.", "Checked in.", booked]
    privately = ["EU residence document: refused, with this reason.", "EU residence document: ended."]
    assert stories == {"walker": privately + everybody, "siri": privately + everybody, "tax": everybody}


def test_another_authority_cannot_tell_a_refusal_from_a_success(house: House) -> None:
    seen = []
    for outcome in ("done", "refused"):
        journey = party(house, name="Ana Silva")
        finished_by_siri(journey, outcome)
        page = clerk("skattestyrelsen").get(card(journey.contact))
        seen.append(([entry["title"] for entry in page.context["entries"]], [step.status for step in page.context["journeys"][0][1]]))
    assert seen[0] == seen[1]


def test_every_verb_of_reception_has_a_sentence() -> None:
    from indgang.operations.reception.journal_sentences import SENTENCES
    from indgang.workspace.tests.verbs import verbs_of_reception

    assert verbs_of_reception() == set(SENTENCES)


def test_opening_the_card_writes_one_read_entry(house: House) -> None:
    journey = party(house)
    walker = floorwalker()
    for _time in range(2):
        walker.get(card(journey.contact))
    assert Entry.objects.filter(verb="person.read", subject_id=str(journey.contact.pk)).count() == 1


def test_an_erased_persons_notes_are_gone(house: House) -> None:
    journey = party(house)
    refused_by_siri(journey)
    erase(actor=staff(factories.member(Role.ADMINISTRATOR, "ihnd")), subject=journey.contact.subject)
    entries = floorwalker().get(card(journey.contact)).context["entries"]
    assert [entry["text"] for entry in entries if "refused" in entry["title"]] == ["The text was erased."]


def test_the_cpr_number_is_masked_and_revealed_with_a_trace(house: House) -> None:
    journey = party(house)
    person = journey.contact
    person.cpr = "0101901234"
    person.save()
    siri = clerk("siri")
    page = siri.get(card(person)).content.decode()
    assert "010190-••••" in page and "1234" not in page
    assert siri.get(reverse("workspace:reveal-cpr", args=[person.pk])).status_code == 405
    assert "0101901234" in siri.post(reverse("workspace:reveal-cpr", args=[person.pk])).content.decode()
    assert Entry.objects.filter(verb="cpr.revealed", subject_id=str(person.pk)).count() == 1
    leader = logged_in(factories.member(Role.LEADER, "siri"))
    assert "Show it in full" not in leader.get(card(person)).content.decode()
    assert leader.post(reverse("workspace:reveal-cpr", args=[person.pk])).status_code == 404


def test_a_note_from_the_card(house: House) -> None:
    journey = party(house)
    page = clerk("siri").post(
        reverse("workspace:person-note", args=[journey.contact.pk]),
        {"visit": journey.visits.get(service__key="siri-residence").pk, "text": "Call back"},
        follow=True,
    )
    assert said(page) == ["The note is saved."]
    assert Note.objects.get().text == "Call back"


def test_strangers_find_nobody(house: House) -> None:
    journey = party(house, name="Ana Silva")
    foreign = Organisation.objects.create(region=house.region, key="elsewhere", kind="authority", title_da="Andet")
    for client in (logged_in(factories.member(role, foreign)) for role in Role):
        assert client.get(card(journey.contact)).status_code == 404
        assert "Ana Silva" not in client.get("/search/", {"q": "Ana"}).content.decode()
        assert client.get("/search/", {"q": journey.reference}).status_code == 200
    assert logged_in(factories.member(Role.READER, "siri")).get(card(journey.contact)).status_code == 404


def test_search_finds_names_codes_and_pages(house: House) -> None:
    journey = party(house, name="Ana Silva")
    walker = floorwalker()
    assert [person.name for person, _country in walker.get("/search/", {"q": "silva"}).context["people"]] == ["Ana Silva"]
    assert walker.get("/search/", {"q": journey.reference.lower()}).url == reverse("reception:journey", args=[journey.reference])
    assert 'href="/board/"' in walker.get("/search/", {"q": "boa"}).content.decode()
    assert walker.get("/search?q=silva").url == "/search/?q=silva"
    assert walker.get("/search/", {"q": ""}).context["people"] == []


def test_queries_do_not_grow_with_the_story(house: House) -> None:
    journey = party(house, adults=2)
    refused_by_siri(journey)
    walker = floorwalker()

    def queries() -> int:
        walker.get(card(journey.contact))
        with CaptureQueriesContext(connection) as caught:
            walker.get(card(journey.contact))
        return len(caught)

    one = queries()
    for _time in range(3):
        walker.post(reverse("reception:package", args=[journey.reference]))
        walker.post(reverse("reception:take-back-package", args=[journey.reference]))
    assert queries() == one


@pytest.mark.parametrize(
    ("words", "found"), [("a", []), ("n a", []), ("5", []), ("an", ["Ana Silva"]), ("a silva", ["Ana Silva"]), ("李", ["李 明"])]
)
def test_one_letter_alone_is_not_searched_for_and_the_page_says_so(house: House, words: str, found: list[str]) -> None:
    party(house, name="Ana Silva")
    party(house, name="李 明")
    walker = floorwalker()
    with CaptureQueriesContext(connection) as queries:
        answer = walker.get("/search/", {"q": words})
    assert [person.name for person, _country in answer.context["people"]] == found
    assert ("Write at least two letters" in answer.content.decode()) == (not found)
    assert any("parties_person" in query["sql"] for query in queries) == bool(found)


def test_a_search_asks_the_database_as_often_for_three_as_for_one(house: House) -> None:
    counts = []
    for name in ("Ana Silva", "Ana Lund", "Ana Chen"):
        party(house, name=name)
        walker = floorwalker()
        with CaptureQueriesContext(connection) as queries:
            people = walker.get("/search/", {"q": "ana"}).context["people"]
        counts.append((len(people), len(queries)))
    assert [people for people, _queries in counts] == [1, 2, 3]
    assert len({queries for _people, queries in counts}) == 1
