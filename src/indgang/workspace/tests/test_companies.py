"""Finding a company and its page: for each role what it may see."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indgang.foundation.access.actors import staff
from indgang.foundation.database import clock
from indgang.foundation.journal.models import Entry
from indgang.operations.guidance import actions as guidance_actions
from indgang.operations.guidance.actions.courses import begin_course
from indgang.operations.guidance.facts import CourseFacts
from indgang.operations.guidance.journal_sentences import SENTENCES as OF_GUIDANCE
from indgang.operations.guidance.models import Delivery, NextStep
from indgang.registers.parties import actions as parties_actions
from indgang.registers.parties.actions import notes
from indgang.registers.parties.actions.consents import give_consent
from indgang.registers.parties.actions.contacts import ContactFacts, add_contact
from indgang.registers.parties.journal_sentences import SENTENCES as OF_PARTIES
from indgang.registers.parties.models import Company, Contact, Establishment, Sharing
from indgang.registers.parties.tests.region import HUB, OFFICE, company, cvr_number, member
from indgang.workspace.tests.company_day import bare, browser, course, page, said

pytestmark = pytest.mark.django_db


# --- Finding


def test_a_company_is_found_as_somebody_types_and_the_list_says_who_knows_it() -> None:
    client = browser(member(OFFICE, "consultant"))
    firm = company(
        "Vendsyssel Værktøj ApS", cvr=cvr_number(3_000_000), city="Hjørring", employees=23, industry_code="256200", industry_version="DB07"
    )
    member(HUB, "consultant")
    course(firm)
    part = client.get("/companies/", {"q": "vaerktoj"}, headers={"HX-Request": "true"})
    assert part.templates[0].name == "workspace/companies_found.html"
    text = " ".join(part.content.decode().split())
    for words in ("Vendsyssel Værktøj ApS", "Hjørring, Aalborg", "20-49 employees", "25.62.00 Manufacturing", "Known by Business Hub"):
        assert words in text
    assert client.get("/companies/", {"q": "vaerktoj"}).templates[0].name == "workspace/companies.html"


def test_nothing_found_says_how_to_go_on() -> None:
    consultant, reader = browser(member(HUB, "consultant")), browser(member(HUB, "reader"))
    assert "/companies/new/?q=Nord%20%26%20S%C3%B8n" in consultant.get("/companies/", {"q": "Nord & Søn"}).content.decode()
    assert "/companies/new/" not in reader.get("/companies/", {"q": "Nord & Søn"}).content.decode()
    assert "Write at least two letters" in reader.get("/companies/", {"q": "N"}).content.decode()


def test_what_one_opened_lately_stands_there_for_oneself_alone() -> None:
    one, other = browser(member(HUB, "consultant")), browser(member(HUB, "consultant"))
    firms = [company(f"Firma {number} ApS") for number in range(3)]
    for firm in (*firms, firms[0]):
        page(one, firm)
    names = [row["company"].name for row in one.get("/companies/").context["recent"]]
    assert names == ["Firma 2 ApS", "Firma 1 ApS", "Firma 0 ApS"]
    assert other.get("/companies/").context["recent"] == []


@pytest.mark.parametrize("role", ["clerk", "floorwalker", "administrator"])
def test_who_does_not_work_with_companies_finds_nothing_here(role: str) -> None:
    client, firm = browser(member(HUB, role)), company()
    for address in (
        "/companies/",
        "/companies/new/",
        f"/companies/{firm.pk}/",
        f"/companies/{firm.pk}/facts/",
        f"/companies/{firm.pk}/contacts/",
    ):
        assert client.get(address).status_code == 404
        assert client.post(address, {"text": "A"}).status_code in (404, 405)
    assert 'href="/companies/"' not in client.get("/my-day/").content.decode()


def test_search_from_anywhere_finds_companies_for_those_who_work_with_them() -> None:
    firm = company("Vendsyssel Værktøj ApS")
    found = browser(member(HUB, "reader")).get("/search/", {"q": "værktøj"})
    assert [row["company"] for row in found.context["companies"]] == [firm]
    assert "Nobody you may see" not in found.content.decode()
    hidden = browser(member(HUB, "clerk")).get("/search/", {"q": "værktøj"})
    assert (hidden.context["companies"], "Værktøj ApS" in hidden.content.decode()) == ([], False)


# --- The page


def test_the_page_says_who_is_in_contact_before_somebody_calls() -> None:
    client = browser(member(OFFICE, "consultant", name="Bo Dam"))
    member(HUB, "consultant")
    firm = company()
    assert "Nobody is in contact" in page(client, firm)
    course(firm)
    text = " ".join(page(client, firm).split())
    assert "Somebody is in contact: talk to them before you call" in text
    assert "<strong>Business Hub</strong>: guidance course in finance since 3 Mar 2026, consultant Anna Holt" in text
    assert "Business Hub: guidance course in finance since 3 Mar 2026, consultant Anna Holt" in text.split('id="story"')[1]


def test_ones_own_contact_is_no_collision() -> None:
    user = member(HUB, "consultant", name="Anna Holt")
    firm = company()
    course(firm)
    text = page(browser(user), firm)
    assert "You are the one in contact" in text
    assert "talk to them" not in text


def test_a_contact_that_only_the_team_knows_is_named_in_no_consent() -> None:
    user, firm = member(HUB, "consultant", "early-warning"), company()
    contact = add_contact(actor=staff(user), company=firm, facts=ContactFacts(name="Ib Lund"))
    give_consent(actor=staff(user), company=firm, kind="marketing", how="By phone", contact=contact)
    leader, team = browser(member(HUB, "leader")), browser(user)
    assert "by e-mail: Ib Lund" in page(leader, firm)
    assert f'<option value="{contact.pk}">Ib Lund</option>' in page(team, firm)
    Contact.objects.update(sharing=Sharing.TEAM)
    assert "by e-mail</p>" in page(leader, firm)
    assert "Ib Lund" not in page(leader, firm)
    assert "by e-mail: Ib Lund" in page(team, firm)
    assert f'<option value="{contact.pk}">Ib Lund</option>' not in page(team, firm)


def test_everybody_sees_facts_and_ties_and_their_own_organisation_the_rest() -> None:
    hub_user = member(HUB, "consultant", name="Anna Holt")
    hub, office = browser(hub_user), browser(member(OFFICE, "consultant"))
    firm = company("Vendsyssel Værktøj ApS", phone="+4598200099")
    actor = staff(hub_user)
    notes.write_note(actor=actor, company=firm, text="Wants a new lathe")
    add_contact(actor=actor, company=firm, facts=ContactFacts(name="Ib Lund", email="ib@firm.example"))
    give_consent(actor=actor, company=firm, kind="marketing", how="Ib Lund, by phone")
    held = course(firm)
    NextStep.objects.create(course=held, text="Ask the bank")
    Delivery.objects.create(
        reference="D1", company=firm, organisation=held.organisation, kind="service", topic="Visas", date=dt.date(2026, 2, 2)
    )
    Establishment.objects.create(company=firm, p_number="1234567890", name="Workshop")
    for words in ("Wants a new lathe", "Ib Lund", "May be sent newsletters", "Ask the bank", "Visas", "+4598200099", "Workshop"):
        assert words in page(hub, firm)
    for words in ("Wants a new lathe", "Ib Lund", "Ask the bank", "Visas", "May be sent newsletters"):
        assert words not in page(office, firm)
    for words in ("+4598200099", "Workshop", "Business Hub: contact", "Must not be sent marketing."):
        assert words in page(office, firm)


def test_early_warning_is_told_to_its_team_and_to_nobody_else() -> None:
    team, office = member(HUB, "early-warning", name="Eva Wied"), member(OFFICE, "consultant")
    others = [office, member(HUB, "leader"), member(HUB, "consultant"), member(OFFICE, "early-warning"), member(HUB, "reader")]
    quiet, untouched = company("Fjordens Bageri ApS"), company("Fjordens Bageri ApS")
    course(quiet, category="early-warning", consultant="Eva Wied")
    answer = browser(team).post(
        f"/companies/{quiet.pk}/notes/", {"text": "Near the edge", "on": clock.today(), "sharing": "team"}, follow=True
    )
    assert said(answer) == ["The note is saved."]
    for words in ("Early Warning", "Near the edge", "Eva Wied", "You are the one in contact"):
        assert words in page(browser(team), quiet)
    for other in others:
        client = browser(other)
        seen, blank = page(client, quiet), page(client, untouched)
        assert bare(seen, quiet) == bare(blank, untouched)
        for words in ("Near the edge", "Eva Wied", "Business Hub"):
            assert words not in seen.split("<main")[1]
        row = client.get("/companies/", {"q": "Bageri"}).context["found"]
        assert [one["known"] for one in row] == [[], []]


def test_of_a_long_story_the_newest_few_stand_there_and_the_rest_opens() -> None:
    user = member(HUB, "consultant", name="Anna Holt")
    firm = company()
    for number in range(6):
        add_contact(actor=staff(user), company=firm, facts=ContactFacts(name=f"Person {number}"))
        course(firm, started=dt.date(2025, 1, 6 + number), ended=dt.date(2025, 2, 6) if number else None)
        notes.write_note(actor=staff(user), company=firm, text=f"Note {number}")
    answer = browser(user).get(f"/companies/{firm.pk}/")
    text = " ".join(answer.content.decode().split())
    assert ("Show all 6 people" in text, "Show all 6 courses" in text) == (True, True)
    assert [one["course"].ended for one in answer.context["courses"]][:2] == [None, dt.date(2025, 2, 6)]  # what runs stands first
    assert (len(answer.context["story"]), len(answer.context["story"]) + len(answer.context["earlier"])) == (6, 18)


def test_the_story_says_no_day_twice_and_leads_to_what_it_tells_of() -> None:
    user = member(HUB, "consultant", name="Anna Holt")
    member(OFFICE, "consultant")
    firm = company()
    course(firm, of=OFFICE, started=dt.date(2026, 2, 2), ended=dt.date(2026, 2, 2))
    held = begin_course(actor=staff(user), company=firm, facts=CourseFacts(category="growth", started=dt.date(2026, 3, 3)))
    story = page(browser(user), firm).split('id="story"')[1]
    assert "guidance course in finance, consultant Anna Holt" in " ".join(story.split())
    assert f'href="/guidance/courses/{held.pk}/"' in story


def test_opening_the_page_is_noted_once() -> None:
    client, firm = browser(member(HUB, "reader")), company()
    for _time in range(2):
        page(client, firm)
    assert list(Entry.objects.values_list("verb", "circle")) == [("company.read", "system")]


def test_a_reader_sees_the_page_without_buttons() -> None:
    firm = company()
    text = page(browser(member(HUB, "reader")), firm).split("<main")[1].split("</main>")[0]
    assert ("<form" in text, "/facts/" in text, "/contacts/" in text) == (False, False, False)
    for address in ("notes", "contacts", "consents", "facts"):
        client = browser(member(HUB, "reader"))
        assert (
            client.post(f"/companies/{firm.pk}/{address}/", {"text": "A", "name": "B", "kind": "marketing", "how": "C"}).status_code == 404
        )
    assert Entry.objects.exclude(verb="company.read").count() == 0


def test_advertising_protection_goes_before_a_consent() -> None:
    user = member(HUB, "consultant")
    firm = company(advertising_protected=True)
    give_consent(actor=staff(user), company=firm, kind="marketing", how="By phone")
    text = page(browser(user), firm)
    assert "Must not be sent marketing." in text
    assert "It is protected against advertising, says the register." in text


def test_records_of_one_company_are_one_page() -> None:
    user = member(HUB, "consultant")
    member(OFFICE, "consultant")
    one, twin = company("Nordens El"), company("Nordens El ApS")
    Company.objects.filter(pk=twin.pk).update(same_as=one)
    course(one, of=OFFICE)
    text = page(browser(user), twin)
    assert f'href="/companies/{one.pk}/"' in text
    assert "<strong>Thisted Office</strong>: guidance course" in text


def test_the_page_asks_the_database_as_often_for_a_long_story_as_for_a_short() -> None:
    user = member(HUB, "consultant", name="Anna Holt")
    client, firm, actor = browser(user), company(), staff(user)

    def grow(number: int) -> None:
        notes.write_note(actor=actor, company=firm, text=f"Note {number}")
        contact = add_contact(actor=actor, company=firm, facts=ContactFacts(name=f"Ib {number}"))
        give_consent(actor=actor, company=firm, kind="marketing", how="By phone", contact=contact)
        NextStep.objects.create(course=course(firm), text="Ask")
        Establishment.objects.create(company=firm, p_number=f"10000000{number:02d}")

    def queries() -> int:
        page(client, firm)
        with CaptureQueriesContext(connection) as caught:
            page(client, firm)
        return len(caught)

    grow(0)
    few = queries()
    for number in range(1, 5):
        grow(number)
    assert queries() == few
    assert few <= 25


def test_the_list_asks_the_database_as_often_for_three_as_for_one() -> None:
    client = browser(member(HUB, "consultant"))
    counts = []
    for number in range(3):
        course(company(f"Firma {number} ApS"))
        page(client, Company.objects.latest("pk"))
        for query in ({"q": "firma"}, {}):
            client.get("/companies/", query)
            with CaptureQueriesContext(connection) as caught:
                client.get("/companies/", query)
            counts.append(len(caught))
    assert len(set(counts[0::2])) == 1
    assert len(set(counts[1::2])) == 1


def test_every_verb_of_companies_and_guidance_has_a_sentence() -> None:
    written = re.compile(r'"((?:company|company-note|contact|consent|course|course-contact|next-step|delivery)\.[a-z-]+)"')
    folders = (Path(parties_actions.__file__).parent, Path(guidance_actions.__file__).parent)
    verbs = {verb for folder in folders for file in folder.glob("*.py") for verb in written.findall(file.read_text())}
    assert verbs - (OF_PARTIES.keys() | OF_GUIDANCE.keys()) == set()
