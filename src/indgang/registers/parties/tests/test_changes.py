"""What somebody changed by mistake is put back exactly, by whoever changed it, unless somebody has changed it since."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from indgang.foundation.access.actors import NotAllowed, staff
from indgang.foundation.identity.models import Membership, Role
from indgang.foundation.journal.models import Circle, Entry
from indgang.foundation.privacy.holdings import facts_of
from indgang.registers.parties.actions.companies import change_company, create_company, take_back_change_of_company
from indgang.registers.parties.actions.contacts import ContactFacts, add_contact, change_contact, end_contact, take_back_change_of_contact
from indgang.registers.parties.actions.notes import change_note, remove_note, take_back_change_of_note, write_note
from indgang.registers.parties.errors import NotNow
from indgang.registers.parties.holdings import forget_contacts, told_contacts
from indgang.registers.parties.models import Change, Contact, Move, Sharing, Tie
from indgang.registers.parties.queries.changes import change_just_made, changes_visible_to
from indgang.registers.parties.queries.companies import in_use
from indgang.registers.parties.queries.search import companies_found
from indgang.registers.parties.retention import changes_to_forget
from indgang.registers.parties.tests import factories
from indgang.registers.parties.tests.companies_table import done
from indgang.registers.parties.tests.factories import colleague, company

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 3, 3)


@pytest.fixture(autouse=True)
def home(settings: LazySettings, tmp_path: Path) -> None:
    settings.HOME = tmp_path
    factories.region()


def row(record: Any) -> dict[str, Any]:
    """Every column of a record as it stands."""
    return type(record).objects.filter(pk=record.pk).values().get()


def last(record: Any) -> Change:
    """The last change of a company, or of what is kept about one."""
    return Change.objects.filter(company=getattr(record, "company", record)).latest("pk")


def test_a_note_is_as_it_was_for_those_who_saw_it_then() -> None:
    team = colleague(Role.CONSULTANT, also=Role.EARLY_WARNING)
    note = write_note(actor=team, company=company(), text="In trouble", on=DAY, sharing=Sharing.TEAM)
    before, tie = row(note), Tie.objects.values().get()
    change_note(actor=team, note=note, text="All is well", on=DAY + dt.timedelta(1), sharing=Sharing.COMPANIES)
    assert not Tie.objects.get().confidential
    for _click in range(2):
        take_back_change_of_note(actor=team, change=last(note))
    assert (row(note), Tie.objects.values().get()) == (before, tie)
    entry = Entry.objects.get(verb="company-note.change-taken-back")
    assert (entry.circle, entry.organisation) == (Circle.TEAM, note.organisation)


def test_a_contact_is_as_it_was_and_found_by_the_name_it_had() -> None:
    hub = colleague()
    contact = add_contact(actor=hub, company=company(), facts=ContactFacts(name="Ida Holm", phone="20304050", started=DAY))
    before = row(contact)
    change_contact(actor=hub, contact=contact, facts=ContactFacts(name="Ib Lund", email="ib@firm.example", sharing=Sharing.COMPANIES))
    take_back_change_of_contact(actor=hub, change=last(contact))
    assert row(contact) == before
    assert Entry.objects.get(verb="contact.change-taken-back").after == {"fields": ["email", "name", "phone", "sharing", "started"]}


def test_facts_are_as_they_were_with_what_was_left_to_tables_and_where_it_was() -> None:
    hub = colleague()
    firm = company("Fjordens Bageri", "30000005", "851", employees=12)
    change_company(actor=hub, company=firm, employees=20)
    before = row(firm)
    change_company(actor=hub, company=firm, employees=12, name="Kajens Kro", municipality="787", founded="2001-05-17")
    assert companies_found("kajens") == [firm]
    for _click in range(2):
        take_back_change_of_company(actor=hub, change=last(firm))
    assert row(firm) == before
    assert (before["by_hand"], Move.objects.count()) == ({"employees": "12"}, 0)
    assert (companies_found("kajens"), companies_found("bageri")) == ([], [firm])
    assert done("cvr,employees,name\n30000005,12,Fjordens Bageri ApS\n").updated == 1
    firm.refresh_from_db()
    assert (firm.employees, firm.name) == (20, "Fjordens Bageri ApS")


def test_a_number_that_was_mistyped_can_be_taken_out_again() -> None:
    hub, firm = colleague(), company("Snart ApS")
    before = row(firm)
    change_company(actor=hub, company=firm, cvr="30000013")
    take_back_change_of_company(actor=hub, change=last(firm))
    assert row(firm) == before
    assert create_company(actor=hub, cvr="30000013", name="A.P. VVS").pk != firm.pk


def test_what_somebody_changed_since_is_not_put_back_and_it_is_said() -> None:
    hub, other = colleague(), colleague()
    firm = company("Fjordens Bageri", "30000005", "851", address="Havnegade 1", city="Aalborg")
    contact = add_contact(actor=hub, company=firm, facts=ContactFacts(name="Ida Holm"))
    note = write_note(actor=hub, company=firm, text="Lathe", on=DAY)

    change_company(actor=hub, company=firm, address="Kajen 7")
    of_firm = last(firm)
    change_company(actor=other, company=firm, city="Nibe")  # the street and its city mean something together only
    change_contact(actor=hub, contact=contact, facts=ContactFacts(name="Ib Lund"))
    of_contact = last(firm)
    end_contact(actor=other, contact=contact)
    change_note(actor=hub, note=note, text="Two lathes", on=DAY, sharing=Sharing.ORGANISATION)
    of_note = last(firm)
    remove_note(actor=other, note=note)

    stand = [row(record) for record in (firm, contact, note)]
    for act, change in (
        (take_back_change_of_company, of_firm),
        (take_back_change_of_contact, of_contact),
        (take_back_change_of_note, of_note),
    ):
        with pytest.raises(NotNow):
            act(actor=hub, change=change)
    assert [row(record) for record in (firm, contact, note)] == stand


def test_what_others_changed_beside_it_stays() -> None:
    hub, other, firm = colleague(), colleague(), company("Fjordens Bageri", "30000005", employees=12)
    change_company(actor=hub, company=firm, phone="98 11 22 33")
    mine = last(firm)
    change_company(actor=other, company=firm, employees=20)
    take_back_change_of_company(actor=hub, change=mine)
    firm.refresh_from_db()
    assert (firm.phone, firm.employees, firm.by_hand) == ("", 20, {"employees": "12"})


def test_only_whoever_changed_it_takes_it_back_and_only_while_they_may() -> None:
    team, leader = colleague(Role.CONSULTANT, also=Role.EARLY_WARNING), colleague(Role.LEADER)
    note = write_note(actor=team, company=company(), text="In trouble", on=DAY, sharing=Sharing.TEAM)
    change_note(actor=team, note=note, text="All is well", on=DAY, sharing=Sharing.ORGANISATION)
    change = last(note)
    with pytest.raises(NotAllowed):
        take_back_change_of_note(actor=leader, change=change)
    assert [list(changes_visible_to(one)) for one in (leader, team)] == [[], [change]]

    assert team.user is not None
    Membership.objects.filter(user=team.user, role=Role.EARLY_WARNING).delete()
    with pytest.raises(NotAllowed):  # it would be the team's again, which they are not of any more
        take_back_change_of_note(actor=staff(team.user), change=change)


def test_who_of_early_warning_put_facts_back_is_told_to_the_team_alone() -> None:
    team, firm = colleague(Role.EARLY_WARNING), company("Fjord", "30000005")
    change_company(actor=team, company=firm, phone="98 11 22 33")
    take_back_change_of_company(actor=team, change=last(firm))
    assert set(Entry.objects.values_list("circle", flat=True)) == {Circle.TEAM}


def test_a_form_sent_twice_answers_with_the_change_it_made_and_no_change_with_none(settings: LazySettings) -> None:
    hub, firm = colleague(), company("Fjord", "30000005")
    assert change_just_made(hub, firm) is None
    for _click in range(2):
        change_company(actor=hub, company=firm, phone="98 11 22 33")
    change = Change.objects.get()
    assert [change_just_made(one, firm) for one in (hub, colleague())] == [change, None]
    Change.objects.update(at=change.at - dt.timedelta(minutes=11))
    assert change_just_made(hub, firm) is None


def test_what_was_changed_goes_after_a_month_and_with_whom_it_names() -> None:
    hub, firm = colleague(), company("Fjord", "30000005")
    contact = add_contact(actor=hub, company=firm, facts=ContactFacts(name="Ida Holm", email="ida@firm.example"))
    change_contact(actor=hub, contact=contact, facts=ContactFacts(name="Ida Holm", email="holm@firm.example"))
    change = Change.objects.get()
    told = dict(told_contacts("ida@firm.example"))
    assert told["parties.change"] == {"company": "Fjord", "kept_by": contact.organisation.title, **facts_of(change)}
    assert (in_use([firm.pk]), list(changes_to_forget())) == ({firm.pk}, [])  # the contact is the use
    Change.objects.update(at=change.at - dt.timedelta(days=31))
    assert list(changes_to_forget()) == [change]
    assert forget_contacts("ida@firm.example") == 2
    assert (Contact.objects.count(), Change.objects.count()) == (0, 0)


def test_a_change_that_can_be_taken_back_is_no_use_of_the_company() -> None:
    hub, firm = colleague(), company("Fjord", "30000005")
    change_company(actor=hub, company=firm, phone="98 11 22 33")
    assert in_use([firm.pk]) == set()


SAID = st.fixed_dictionaries(
    {},
    optional={
        "name": st.sampled_from(["Fjord", "Kajens Kro"]),
        "municipality": st.sampled_from(["851", "787", ""]),
        "employees": st.sampled_from(["", "0", "12"]),
        "founded": st.sampled_from(["", "2001-05-17"]),
        "advertising_protected": st.sampled_from(["", "yes", "no"]),
        "foreign_employees": st.sampled_from(["", "yes"]),
        "email": st.sampled_from(["", "post@fjord.example"]),
        "city": st.sampled_from(["", "Nibe"]),
    },
)


class Exactly(TestCase):
    """Whatever was changed, one after the other."""

    @examples(max_examples=30)
    @given(st.lists(SAID, max_size=3), SAID)
    def test_every_column_is_as_it_was(self, earlier: list[dict[str, str]], said: dict[str, str]) -> None:
        """Also where tables may write and people may not be written over."""
        hub, firm = colleague(), company("Fjord", "30000048")
        for one in earlier:
            change_company(actor=hub, company=firm, **one)
        before, moves, made = row(firm), list(Move.objects.order_by("pk").values()), Change.objects.count()
        change_company(actor=hub, company=firm, **said)
        if Change.objects.count() > made:
            take_back_change_of_company(actor=hub, change=last(firm))
        assert (row(firm), list(Move.objects.order_by("pk").values())) == (before, moves)
