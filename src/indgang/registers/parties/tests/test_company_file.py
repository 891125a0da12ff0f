"""Contacts, notes and consents: each organisation its own, shared as it says, nothing twice, and a way back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from indgang.foundation.access.actors import Actor, NotAllowed
from indgang.foundation.journal.models import Circle, Entry
from indgang.foundation.journal.queries import entries_about, entries_visible_to
from indgang.foundation.privacy.holdings import everything_about, forget_everything
from indgang.foundation.privacy.retention import registered
from indgang.registers.parties.actions import consents, contacts, notes
from indgang.registers.parties.actions.companies import change_company
from indgang.registers.parties.actions.contacts import ContactFacts
from indgang.registers.parties.errors import InvalidFacts, NotNow
from indgang.registers.parties.models import CompanyNote, Consent, Contact, Sharing, Tie
from indgang.registers.parties.queries.company_file import consents_visible_to, contacts_visible_to, notes_visible_to
from indgang.registers.parties.queries.ties import known_by
from indgang.registers.parties.tests.region import HUB, OFFICE, at_work, company

pytestmark = pytest.mark.django_db


def entries(actor: Actor, about: Any) -> list[str]:
    """The verbs that somebody may read of a company, the oldest first."""
    return [entry.verb for entry in entries_visible_to(actor, entries_about(about)).order_by("id")]


def test_a_note_is_written_once_and_says_that_its_organisation_was_in_contact() -> None:
    hub, office, firm = at_work(HUB, "consultant", name="Anna Holt"), at_work(OFFICE, "consultant"), company()
    written = [notes.write_note(actor=hub, company=firm, text=" Visited. ") for _press in range(2)]
    assert [note.pk for note in written] == [CompanyNote.objects.get().pk] * 2
    assert [(tie.kind, tie.consultant, tie.confidential) for tie in Tie.objects.all()] == [("note", "Anna Holt", False)]
    assert (notes_visible_to(hub).count(), notes_visible_to(office).count()) == (1, 0)
    assert [str(one) for one in known_by(office, [firm.pk])[firm.pk]] == ["Business Hub"]
    assert (entries(hub, firm), entries(office, firm)) == (["company-note.written"], [])


def test_what_is_shared_with_everyone_is_read_by_everyone_who_works_with_companies() -> None:
    hub, office, firm = at_work(HUB, "consultant"), at_work(OFFICE, "reader"), company()
    notes.write_note(actor=hub, company=firm, text="Moves in May", sharing=Sharing.COMPANIES)
    assert [note.text for note in notes_visible_to(office)] == ["Moves in May"]
    assert entries(office, firm) == ["company-note.written"]
    assert notes_visible_to(at_work(OFFICE, "clerk")).count() == 0


def test_a_note_of_the_team_is_the_teams_alone() -> None:
    team, firm = at_work(HUB, "early-warning"), company()
    others = [at_work(HUB, "leader"), at_work(HUB, "consultant"), at_work(OFFICE, "early-warning"), at_work(HUB, "administrator")]
    notes.write_note(actor=team, company=firm, text="Near the edge", sharing=Sharing.TEAM)
    contacts.add_contact(actor=team, company=firm, facts=ContactFacts(name="Ib Lund", sharing=Sharing.TEAM))
    change_company(actor=team, company=firm, foreign_employees="yes")
    assert (notes_visible_to(team).count(), contacts_visible_to(team).count(), len(known_by(team, [firm.pk]))) == (1, 1, 1)
    for other in others:
        assert (notes_visible_to(other).count(), contacts_visible_to(other).count()) == (0, 0)
        assert (known_by(other, [firm.pk]), entries(other, firm)) == ({}, [])
    assert set(Entry.objects.values_list("circle", flat=True)) == {Circle.TEAM}


def test_whoever_works_with_early_warning_alone_cannot_write_for_others_by_mistake() -> None:
    team, firm = at_work(HUB, "early-warning"), company()
    for write in (
        lambda: notes.write_note(actor=team, company=firm, text="Open", sharing=Sharing.ORGANISATION),
        lambda: contacts.add_contact(actor=team, company=firm, facts=ContactFacts(name="Ib Lund")),
        lambda: consents.give_consent(actor=team, company=firm, kind="marketing", how="By phone"),
    ):
        with pytest.raises(NotAllowed):
            write()
    assert (Entry.objects.count(), Tie.objects.count()) == (0, 0)


def test_a_note_that_becomes_the_teams_is_not_told_of_any_more() -> None:
    both, office, firm = at_work(HUB, "consultant", "early-warning"), at_work(OFFICE, "consultant"), company()
    note = notes.write_note(actor=both, company=firm, text="Visited")
    notes.change_note(actor=both, note=note, text="Visited", on=note.on, sharing=Sharing.TEAM)
    assert known_by(office, [firm.pk]) == {}
    assert known_by(at_work(HUB, "consultant"), [firm.pk]) == {}


def test_removing_a_note_has_a_way_back_to_exactly_what_was() -> None:
    hub, firm = at_work(HUB, "consultant"), company()
    note = notes.write_note(actor=hub, company=firm, text="Visited", on=dt.date(2026, 3, 3))
    before = (CompanyNote.objects.values().get(), Tie.objects.exclude(pk=0).values("company", "started", "ended", "consultant").get())
    for _press in range(2):
        notes.remove_note(actor=hub, note=note)
    assert (notes_visible_to(hub).count(), Tie.objects.count()) == (0, 0)
    with pytest.raises(NotNow, match="removed meanwhile"):
        notes.change_note(actor=hub, note=note, text="Else", on=note.on, sharing=note.sharing)
    for _press in range(2):
        notes.bring_back_note(actor=hub, note=note)
    assert (CompanyNote.objects.values().get(), Tie.objects.values("company", "started", "ended", "consultant").get()) == before
    assert entries(hub, firm) == ["company-note.written", "company-note.removed", "company-note.brought-back"]


@pytest.mark.parametrize(
    ("wrong", "field"), [({"text": "  "}, "text"), ({"text": "a" * 4001}, "text"), ({"text": "A", "on": dt.date(2099, 1, 1)}, "on")]
)
def test_a_note_that_says_nothing_or_tells_of_tomorrow_is_refused(wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidFacts) as refusal:
        notes.write_note(actor=at_work(HUB, "consultant"), company=company(), **wrong)
    assert list(refusal.value.fields) == [field]


def test_contacts_are_added_changed_ended_and_removed_with_a_way_back() -> None:
    hub, firm = at_work(HUB, "consultant"), company()
    facts = ContactFacts(name=" Ib Lund ", role="Owner", email="Ib@Firm.example", phone="20 30 40 50")
    added = [contacts.add_contact(actor=hub, company=firm, facts=facts) for _press in range(2)]
    assert {one.pk for one in added} == {Contact.objects.get().pk}
    assert (added[0].name, added[0].email, added[0].phone) == ("Ib Lund", "ib@firm.example", "+4520304050")
    contact = contacts.change_contact(actor=hub, contact=added[0], facts=ContactFacts(name="Ib Lund", role="Chair"))
    contacts.end_contact(actor=hub, contact=contact, on=dt.date(2026, 3, 3))
    assert Contact.objects.get().ended == dt.date(2026, 3, 3)
    contacts.undo_end_contact(actor=hub, contact=contact)
    contacts.remove_contact(actor=hub, contact=contact)
    assert contacts_visible_to(hub).count() == 0
    contacts.bring_back_contact(actor=hub, contact=contact)
    assert [(one.name, one.role, one.email, one.ended) for one in contacts_visible_to(hub)] == [("Ib Lund", "Chair", "", None)]
    told = ["added", "changed", "ended", "end-undone", "removed", "brought-back"]
    assert entries(hub, firm) == [f"contact.{word}" for word in told]
    assert "Ib Lund" not in str(list(Entry.objects.values()))


@pytest.mark.parametrize(
    "deed",
    [
        lambda actor, contact: contacts.change_contact(actor=actor, contact=contact, facts=ContactFacts(name="X")),
        lambda actor, contact: contacts.end_contact(actor=actor, contact=contact),
        lambda actor, contact: contacts.remove_contact(actor=actor, contact=contact),
    ],
)
@pytest.mark.parametrize(("where", "role"), [(OFFICE, "consultant"), (HUB, "reader"), (HUB, "administrator")])
def test_only_colleagues_who_serve_companies_change_their_organisations_contacts(
    deed: Callable[[Actor, Contact], Any], where: str, role: str
) -> None:
    contact = contacts.add_contact(actor=at_work(HUB, "consultant"), company=company(), facts=ContactFacts(name="Ib Lund"))
    before = Contact.objects.values().get()
    with pytest.raises(NotAllowed):
        deed(at_work(where, role), contact)
    assert Contact.objects.values().get() == before


def test_a_consent_stands_once_and_is_taken_back_as_easily() -> None:
    hub, firm = at_work(HUB, "consultant"), company()
    given = [consents.give_consent(actor=hub, company=firm, kind="marketing", how="Ib Lund, by phone") for _press in range(2)]
    assert {one.pk for one in given} == {Consent.objects.get().pk}
    consents.withdraw_consent(actor=hub, consent=given[0])
    assert Consent.objects.filter(withdrawn_at=None).count() == 0
    anew = consents.give_consent(actor=hub, company=firm, kind="marketing", how="Ib Lund, by mail")
    assert consents.undo_withdraw_consent(actor=hub, consent=given[0]) == anew
    consents.withdraw_consent(actor=hub, consent=anew)
    consents.undo_withdraw_consent(actor=hub, consent=anew)
    assert [one.how for one in consents_visible_to(hub).filter(withdrawn_at=None)] == ["Ib Lund, by mail"]
    assert consents_visible_to(at_work(OFFICE, "consultant")).count() == 0
    with pytest.raises(InvalidFacts):
        consents.give_consent(actor=hub, company=company("Anden ApS"), kind="marketing", how=" ")


def test_a_consent_that_all_colleagues_see_names_no_contact_of_the_team() -> None:
    both, firm = at_work(HUB, "consultant", "early-warning"), company()
    secret = contacts.add_contact(actor=both, company=firm, facts=ContactFacts(name="Ida Bak", sharing=Sharing.TEAM))
    with pytest.raises(InvalidFacts) as refused:
        consents.give_consent(actor=both, company=firm, kind="marketing", how="By phone", contact=secret)
    assert list(refused.value.fields) == ["contact"]
    assert not Consent.objects.exists()


def test_a_contact_gets_told_what_is_kept_and_is_forgotten() -> None:
    hub, firm = at_work(HUB, "consultant"), company("Sig Selv ApS")
    kept = contacts.add_contact(actor=hub, company=firm, facts=ContactFacts(name="Ida Bak", email="ida@firm.example"))
    asked = contacts.add_contact(actor=hub, company=firm, facts=ContactFacts(name="Ib Lund", email="ib@firm.example", phone="20304050"))
    consents.give_consent(actor=hub, company=firm, kind="marketing", how="Ib Lund, by phone", contact=asked)
    for reached in (" IB@firm.example ", "+45 20 30 40 50"):
        told = everything_about(reached)
        assert [(row["model"], row.get("name") or row.get("how")) for row in told] == [
            ("parties.contact", "Ib Lund"),
            ("parties.consent", "Ib Lund, by phone"),
        ]
        assert told[0]["company"] == "Sig Selv ApS"
    assert forget_everything("ib@firm.example") == 2
    assert (list(Contact.objects.values_list("pk", flat=True)), Consent.objects.count()) == ([kept.pk], 0)
    assert everything_about("+4520304050") == []


def test_what_was_removed_by_mistake_is_forgotten_after_a_month(monkeypatch: pytest.MonkeyPatch) -> None:
    hub, firm = at_work(HUB, "consultant"), company()
    contact = contacts.add_contact(actor=hub, company=firm, facts=ContactFacts(name="Ib Lund"))
    note = notes.write_note(actor=hub, company=firm, text="Visited")
    contacts.remove_contact(actor=hub, contact=contact)
    notes.remove_note(actor=hub, note=note)
    promised = [one for one in registered() if {"parties.contact", "parties.companynote"} & set(one.models)]
    assert [one.due().count() for one in promised] == [0, 0]
    Contact.objects.update(removed_at=contact.created_at - dt.timedelta(days=31))
    CompanyNote.objects.update(removed_at=note.created_at - dt.timedelta(days=31))
    for one in promised:
        one.forget(one.due())
    assert (Contact.objects.count(), CompanyNote.objects.count()) == (0, 0)
