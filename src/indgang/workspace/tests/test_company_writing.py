"""What is written from the page of a company, and a company that nobody knows yet."""

from __future__ import annotations

import datetime as dt

import pytest

from indgang.foundation.access.actors import staff
from indgang.registers.parties.actions import notes
from indgang.registers.parties.models import Company, CompanyNote, Consent, Contact, Sharing
from indgang.registers.parties.tests.region import HUB, OFFICE, company, cvr_number, member, municipality
from indgang.workspace.tests.company_day import browser, course, said

pytestmark = pytest.mark.django_db


# --- Writing


def test_a_note_is_written_changed_removed_and_brought_back_from_the_page() -> None:
    client, firm = browser(member(HUB, "consultant")), company()
    here = f"/companies/{firm.pk}/"
    answer = client.post(f"{here}notes/", {"text": "Wants a new lathe", "on": "2026-03-03", "sharing": "organisation"}, follow=True)
    note = CompanyNote.objects.get()
    assert (said(answer), note.on) == (["The note is saved."], dt.date(2026, 3, 3))
    assert f"{here}note-remove/{note.pk}/" in answer.content.decode()
    client.post(f"{here}notes/{note.pk}/", {"text": "Wants two", "on": "2026-03-03", "sharing": "companies"}, follow=True)
    note.refresh_from_db()
    assert (note.text, note.sharing) == ("Wants two", Sharing.COMPANIES)
    answer = client.post(f"{here}note-remove/{note.pk}/", follow=True)
    assert said(answer) == ["The note is removed."]
    assert "Wants two" not in answer.content.decode()
    assert "Wants two" in client.post(f"{here}note-bring-back/{note.pk}/", follow=True).content.decode()


def test_an_empty_note_is_said_beside_its_field_and_what_was_chosen_stays() -> None:
    client, firm = browser(member(HUB, "consultant")), company()
    wrong = {"text": " ", "on": "2026-03-03", "sharing": "companies"}
    answer = client.post(f"/companies/{firm.pk}/notes/", wrong)
    assert (answer.status_code, answer.context["note_form"].errors) == (422, {"text": ["Write the note first."]})
    assert 'value="2026-03-03"' in answer.content.decode()
    assert client.post(f"/companies/{firm.pk}/notes/", wrong, headers={"HX-Request": "true"}).status_code == 200
    assert CompanyNote.objects.count() == 0


def test_contacts_and_consents_from_the_page() -> None:
    client, firm = browser(member(HUB, "leader")), company()
    here = f"/companies/{firm.pk}/"
    facts = {"name": "Ib Lund", "role": "Owner", "email": "ib@firm.example", "phone": "20304050", "sharing": "organisation"}
    assert said(client.post(f"{here}contacts/", facts, follow=True)) == ["Ib Lund is saved."]
    contact = Contact.objects.get()
    client.post(f"{here}contacts/{contact.pk}/", {**facts, "role": "Chair"}, follow=True)
    assert said(client.post(f"{here}consents/", {"kind": "marketing", "how": "By phone", "contact": contact.pk}, follow=True)) == [
        "The consent is noted."
    ]
    consent = Consent.objects.get()
    assert said(client.post(f"{here}consent-withdraw/{consent.pk}/", follow=True)) == ["The consent does not stand any more."]
    client.post(f"{here}consent-undo-withdraw/{consent.pk}/", follow=True)
    assert Consent.objects.get(withdrawn_at=None).contact == contact
    assert said(client.post(f"{here}contact-end/{contact.pk}/", follow=True)) == ["They are no longer a contact."]
    client.post(f"{here}contact-undo-end/{contact.pk}/")
    contact.refresh_from_db()
    assert (contact.role, contact.ended) == ("Chair", None)
    assert client.post(f"{here}contacts/", {"name": ""}).status_code == 422


def test_what_is_another_companys_is_not_found_here() -> None:
    user = member(HUB, "consultant")
    client, firm, other = browser(user), company(), company("Anden ApS")
    note = notes.write_note(actor=staff(user), company=other, text="Theirs")
    foreign = notes.write_note(actor=staff(member(OFFICE, "consultant")), company=firm, text="Shared", sharing=Sharing.COMPANIES)
    for address in (f"notes/{note.pk}/", f"notes/{foreign.pk}/"):
        assert client.get(f"/companies/{firm.pk}/{address}").status_code == 404
    for address in (f"note-remove/{note.pk}/", f"note-remove/{foreign.pk}/"):
        assert client.post(f"/companies/{firm.pk}/{address}").status_code == 404
    assert CompanyNote.objects.filter(removed_at=None).count() == 2


def test_facts_are_changed_for_all() -> None:
    client, firm = browser(member(HUB, "consultant")), company(cvr=cvr_number(3_000_000), phone="+4598200099")
    form = client.get(f"/companies/{firm.pk}/facts/").context["form"]
    facts = {name: form[name].value() or "" for name in form.fields}
    answer = client.post(f"/companies/{firm.pk}/facts/", {**facts, "employees": "12", "foreign_employees": "yes"}, follow=True)
    firm.refresh_from_db()
    assert said(answer) == ["The facts are changed for everyone who works with companies: employees, employees from abroad."]
    assert (firm.employees, firm.foreign_employees, firm.phone) == (12, True, "+4598200099")
    assert "Facts changed: employees, employees from abroad." in answer.content.decode()
    assert client.post(f"/companies/{firm.pk}/facts/", {**facts, "industry_code": "12"}).status_code == 422


# --- A new company


def test_a_number_that_is_known_leads_to_its_company_and_to_whom_to_ask() -> None:
    client = browser(member(OFFICE, "consultant"))
    member(HUB, "consultant")
    firm = company("Vendsyssel Værktøj ApS", cvr=cvr_number(3_000_000))
    course(firm)
    text = " ".join(client.get("/companies/new/", {"q": f"DK {firm.cvr}"}).content.decode().split())
    assert "Ask Business Hub before you call it." in text
    assert f'href="/companies/{firm.pk}/"' in text
    answer = client.post("/companies/new/", {"name": "Andet navn", "cvr": firm.cvr, "sure": "yes"}, follow=True)
    assert said(answer) == ["Vendsyssel Værktøj ApS is known already: ask Business Hub."]
    assert Company.objects.count() == 1


def test_of_early_warning_a_known_number_tells_nothing() -> None:
    client, firm = browser(member(OFFICE, "consultant")), company(cvr=cvr_number(3_000_000))
    member(HUB, "early-warning")
    course(firm, category="early-warning")
    text = client.get("/companies/new/", {"q": firm.cvr}).content.decode()
    assert "nobody is in contact with it yet" in text
    assert "Business Hub" not in text


def test_somebody_about_to_start_is_written_down_without_a_number_once() -> None:
    client = browser(member(HUB, "consultant"))
    municipality("851")
    facts = {"name": "Ida Baks Bageri", "municipality": "851"}
    for _press in range(2):
        answer = client.post("/companies/new/", {**facts, "sure": "yes"}, follow=True)
    firm = Company.objects.get()
    assert (firm.name, firm.cvr, answer.redirect_chain[-1][0]) == ("Ida Baks Bageri", None, f"/companies/{firm.pk}/")


def test_what_looks_like_a_known_company_is_shown_before_anything_is_written() -> None:
    client = browser(member(HUB, "consultant"))
    known = company("Vendsyssel Værktøj ApS", city="Hjørring")
    facts = {"name": "Vendsyssel Vaerktoj", "city": "Hjørring"}
    answer = client.post("/companies/new/", facts)
    assert [row["company"] for row in answer.context["alike"]] == [known]
    assert Company.objects.count() == 1
    client.post("/companies/new/", {**facts, "sure": "yes"})
    assert Company.objects.count() == 2


@pytest.mark.parametrize("number", ["12345678", "1234567", "00000000"])
def test_a_number_that_is_none_is_said_before_anything_is_asked(number: str) -> None:
    client = browser(member(HUB, "consultant"))
    answer = client.get("/companies/new/", {"q": number}).content.decode()
    assert "This is no CVR number" in answer
    assert 'method="post" action="/companies/new/"' not in answer
    assert client.post("/companies/new/", {"name": "A", "cvr": number, "sure": "yes"}).status_code == 422
    assert Company.objects.count() == 0
