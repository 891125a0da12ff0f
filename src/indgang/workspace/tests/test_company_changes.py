"""After a change the page says what was changed, with a way back: once, for whoever changed it, and not over what came since."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest

from indgang.foundation.access.actors import staff
from indgang.registers.parties.actions.companies import change_company
from indgang.registers.parties.actions.contacts import ContactFacts, add_contact
from indgang.registers.parties.actions.notes import write_note
from indgang.registers.parties.models import Change
from indgang.registers.parties.tests.region import HUB, OFFICE, company, member
from indgang.workspace.tests.company_day import browser, said

pytestmark = pytest.mark.django_db
BACK = ["It is as it was before the change."]


def undo_in(answer: Any) -> str:
    """The way back that the page offers."""
    found = re.search(r'action="(/companies/\d+/changes/\d+/take-back/)"', answer.content.decode())
    return found[1] if found else ""


def test_a_note_is_changed_and_back_with_two_clicks() -> None:
    user = member(HUB, "consultant")
    client, firm = browser(user), company()
    note = write_note(actor=staff(user), company=firm, text="Wants a lathe", on=dt.date(2026, 3, 3))
    address, facts = f"/companies/{firm.pk}/notes/{note.pk}/", {"text": "Wants two", "on": "2026-03-03", "sharing": "companies"}
    answers = [client.post(address, facts, follow=True) for _click in range(2)]
    assert [said(answer) for answer in answers] == [["The note is changed: what it says, who may see it."]] * 2
    assert undo_in(answers[0]) == undo_in(answers[1]) != ""
    assert [said(client.post(undo_in(answers[0]), follow=True)) for _click in range(2)] == [BACK, BACK]
    note.refresh_from_db()
    assert (note.text, note.sharing, note.changed_at) == ("Wants a lathe", "organisation", None)
    assert said(client.post(address, {**facts, "text": "Wants a lathe", "sharing": "organisation"}, follow=True)) == [
        "You changed nothing, so nothing was saved."
    ]


def test_a_contact_and_the_facts_likewise_unless_somebody_was_there_since() -> None:
    user = member(HUB, "consultant")
    client, firm = browser(user), company()
    contact = add_contact(actor=staff(user), company=firm, facts=ContactFacts(name="Ib Lund"))
    said_of = {"name": "Ib Lund", "role": "Owner", "phone": "20304050", "sharing": "organisation"}
    answer = client.post(f"/companies/{firm.pk}/contacts/{contact.pk}/", said_of, follow=True)
    assert said(answer) == ["The contact is changed: telephone, role."]
    assert said(client.post(undo_in(answer), follow=True)) == BACK
    contact.refresh_from_db()
    assert (contact.role, contact.phone) == ("", "")

    facts = {"name": firm.name, "municipality": firm.municipality.code if firm.municipality else "", "city": "Nibe"}
    answer = client.post(f"/companies/{firm.pk}/facts/", facts, follow=True)
    assert said(answer)[0].startswith("The facts are changed for everyone who works with companies: ")
    change_company(actor=staff(member(OFFICE, "leader")), company=firm, city="Hals")
    assert said(client.post(undo_in(answer), follow=True)) == [
        "This was changed again meanwhile, so nothing was put back. Look at what it says now, and change it yourself."
    ]
    firm.refresh_from_db()
    assert firm.city == "Hals"


def test_nobody_else_takes_it_back() -> None:
    user = member(HUB, "consultant")
    firm, other = company(), company("Anden ApS")
    change_company(actor=staff(user), company=firm, city="Nibe")
    change = Change.objects.get()
    for one in (member(HUB, "leader"), member(OFFICE, "consultant")):
        assert browser(one).post(f"/companies/{firm.pk}/changes/{change.pk}/take-back/").status_code == 404
    mine = browser(user)
    assert mine.post(f"/companies/{other.pk}/changes/{change.pk}/take-back/").status_code == 404
    assert mine.get(f"/companies/{firm.pk}/changes/{change.pk}/take-back/").status_code == 405
    firm.refresh_from_db()
    assert firm.city == "Nibe"
