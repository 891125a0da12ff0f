"""The page of a company, and what is changed from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from indgang.foundation.access.actors import Actor, require
from indgang.foundation.access.decorators import StaffRequest, staff_required
from indgang.foundation.journal.actions import record_read
from indgang.foundation.ui.tell import tell, warn
from indgang.operations.guidance.forms.courses import CourseForm, DeliveryForm
from indgang.registers.parties import permissions
from indgang.registers.parties.actions import consents, contacts, notes
from indgang.registers.parties.actions.companies import change_company, take_back_change_of_company
from indgang.registers.parties.errors import AlreadyKnown, InvalidFacts, NotNow
from indgang.registers.parties.journal_sentences import NAMES, fields_in_words
from indgang.registers.parties.models import Company, CompanyNote, Consent, Contact
from indgang.registers.parties.queries.changes import change_just_made, changes_visible_to
from indgang.registers.parties.queries.company_file import companies_visible_to, contacts_visible_to, notes_visible_to
from indgang.workspace.company_page import page_of
from indgang.workspace.forms.company import ConsentForm, ContactForm, FactsForm, NoteForm
from indgang.workspace.views.companies import told_known


def company_for(request: StaffRequest, number: int) -> Company:
    """The company, for whoever works with companies."""
    return get_object_or_404(companies_visible_to(request.actor).select_related("municipality"), pk=number)


@require_safe
@staff_required
def company(request: StaffRequest, company: int) -> HttpResponse:
    """Everything that the reader may see of it, on one page."""
    found = company_for(request, company)
    record_read(actor=request.actor, subject=found)
    return _page(request, found)


def _page(request: StaffRequest, found: Company, **forms: Form) -> HttpResponse:
    context = page_of(request.actor, found)
    if context["writes"]:
        context["note_form"] = NoteForm(actor=request.actor, sharing=context["confidential"], auto_id="note_%s")
        context["course_form"] = CourseForm(actor=request.actor, company=found, auto_id="course_%s")
        if context["serves_openly"]:
            context["delivery_form"] = DeliveryForm(company=found, units=context["course_form"].units, auto_id="delivery_%s")
    if context["serves_openly"]:
        context["consent_form"] = ConsentForm(contacts=context["contacts"], auto_id="consent_%s")
    failed = any(form.errors for form in forms.values())
    # What a form that is sent from within the page answers is put in its place only when it is no error.
    status = 422 if failed and "HX-Request" not in request.headers else 200
    return render(request, "workspace/company.html", {**context, **forms, "has_errors": failed}, status=status)


@require_POST
@staff_required
def write_note(request: StaffRequest, company: int) -> HttpResponse:
    """Write a note, and see it in its place."""
    found = company_for(request, company)
    require(permissions.serve_companies, request.actor)
    form = NoteForm(request.POST, actor=request.actor, auto_id="note_%s")
    if form.is_valid():
        try:
            note = notes.write_note(actor=request.actor, company=found, **form.cleaned_data)
        except InvalidFacts as refusal:
            refused(form, refusal)
        else:
            tell(request, _("The note is saved."), undo=reverse("workspace:note-remove", args=[found.pk, note.pk]))
            return redirect("workspace:company", company=found.pk)
    return _page(request, found, note_form=form)


@require_POST
@staff_required
def give_consent(request: StaffRequest, company: int) -> HttpResponse:
    """Note what the company agreed to."""
    found = company_for(request, company)
    require(permissions.serve_openly, request.actor)
    known = list(contacts_visible_to(request.actor).filter(company=found, ended=None))
    form = ConsentForm(request.POST, contacts=known, auto_id="consent_%s")
    if form.is_valid():
        contact = next((one for one in known if one.pk == form.cleaned_data["contact"]), None)
        kind, how = form.cleaned_data["kind"], form.cleaned_data["how"]
        consent = consents.give_consent(actor=request.actor, company=found, kind=kind, how=how, contact=contact)
        tell(request, _("The consent is noted."), undo=reverse("workspace:consent-withdraw", args=[found.pk, consent.pk]))
        return redirect("workspace:company", company=found.pk)
    return _page(request, found, consent_form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def note(request: StaffRequest, company: int, record: int) -> HttpResponse:
    """Change a note."""
    found = company_for(request, company)
    kept = get_object_or_404(notes_visible_to(request.actor).filter(company=found), pk=record)
    require(permissions.keep(kept), request.actor)
    said = {"text": kept.text, "on": kept.on}
    form = NoteForm(request.POST or None, initial=said, actor=request.actor, sharing=kept.sharing)
    if request.method == "POST" and form.is_valid():
        try:
            notes.change_note(actor=request.actor, note=kept, **form.cleaned_data)
        except InvalidFacts as refusal:
            refused(form, refusal)
        except NotNow as gone:
            warn(request, gone.message)
            return redirect("workspace:company", company=found.pk)
        else:
            tell_changed(request, kept, _("The note is changed: %(what)s."))
            return redirect("workspace:company", company=found.pk)
    return _form_page(request, found, form, _("Change the note"), reverse("workspace:note-remove", args=[found.pk, kept.pk]))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def contact(request: StaffRequest, company: int, record: int | None = None) -> HttpResponse:
    """Add somebody at the company, or change who they are."""
    found = company_for(request, company)
    kept = get_object_or_404(contacts_visible_to(request.actor).filter(company=found), pk=record) if record else None
    require(permissions.keep(kept) if kept else permissions.serve_companies, request.actor)
    form = ContactForm(request.POST or None, actor=request.actor, contact=kept)
    if request.method == "POST" and form.is_valid():
        try:
            written = (
                contacts.change_contact(actor=request.actor, contact=kept, facts=form.facts())
                if kept
                else contacts.add_contact(actor=request.actor, company=found, facts=form.facts())
            )
        except InvalidFacts as refusal:
            refused(form, refusal)
        except NotNow as gone:
            warn(request, gone.message)
            return redirect("workspace:company", company=found.pk)
        else:
            if kept:
                tell_changed(request, kept, _("The contact is changed: %(what)s."))
            else:
                undo = reverse("workspace:contact-remove", args=[found.pk, written.pk])
                tell(request, _("%(name)s is saved.") % {"name": written.name}, undo=undo)
            return redirect("workspace:company", company=found.pk)
    title = _("Change the contact") if kept else _("New contact")
    return _form_page(request, found, form, title, reverse("workspace:contact-remove", args=[found.pk, kept.pk]) if kept else "")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def facts(request: StaffRequest, company: int) -> HttpResponse:
    """Change the facts that all share."""
    found = company_for(request, company)
    require(permissions.serve_companies, request.actor)
    form = FactsForm(request.POST or None, company=found)
    if request.method == "POST" and form.is_valid():
        try:
            change_company(actor=request.actor, company=found, **form.facts())
        except InvalidFacts as refusal:
            refused(form, refusal)
        except AlreadyKnown as known:
            form.add_error("cvr", told_known(request.actor, known.company))
        else:
            tell_changed(request, found, _("The facts are changed for everyone who works with companies: %(what)s."))
            return redirect("workspace:company", company=found.pk)
    return _form_page(request, found, form, _("Facts"), lead=_("These facts are shared by everyone who works with companies."))


def _form_page(request: StaffRequest, found: Company, form: Form, title: str, remove: str = "", *, lead: str = "") -> HttpResponse:
    context = {"company": found, "form": form, "title": title, "remove": remove, "lead": lead}
    return render(request, "workspace/company_form.html", context, status=422 if form.errors else 200)


def refused(form: Form, refusal: InvalidFacts) -> None:
    """What an action could not take, beside its field."""
    for field, message in refusal.fields.items():
        form.add_error(field if field in form.fields else None, message)


def tell_changed(request: StaffRequest, record: Company | Contact | CompanyNote, text: str) -> None:
    """What was changed, in `text`, with the way back; or that nothing was."""
    change = change_just_made(request.actor, record)
    if change is None:
        tell(request, _("You changed nothing, so nothing was saved."))
        return
    undo = reverse("workspace:change-take-back", args=[change.company_id, change.pk])
    changed = (name for name in NAMES if name in change.before and change.before[name] != change.after[name])
    tell(request, text % {"what": fields_in_words(changed)}, undo=undo)


@require_POST
@staff_required
def take_back_change(request: StaffRequest, company: int, change: int) -> HttpResponse:
    """What was changed of the facts, a contact or a note is as it was before. Whoever changed it does so, and nobody else."""
    found = company_for(request, company)
    kept = get_object_or_404(changes_visible_to(request.actor).filter(company=found), pk=change)
    act = take_back_change_of_company
    if kept.contact_id or kept.note_id:
        act = contacts.take_back_change_of_contact if kept.contact_id else notes.take_back_change_of_note
    try:
        act(actor=request.actor, change=kept)
    except NotNow as gone:
        warn(request, gone.message)
    else:
        tell(request, _("It is as it was before the change."))
    return redirect("workspace:company", company=found.pk)


@dataclass(frozen=True)
class Deed:
    """Something that is done with one press: with what, how, what is said afterwards, and the deed that takes it back."""

    model: type[Model]
    argument: str
    act: Callable[..., Any]
    said: str | Promise
    undo: str = ""


DEEDS: Mapping[str, Deed] = {
    "note-remove": Deed(CompanyNote, "note", notes.remove_note, gettext_lazy("The note is removed."), "note-bring-back"),
    "note-bring-back": Deed(CompanyNote, "note", notes.bring_back_note, gettext_lazy("The note is back.")),
    "contact-end": Deed(Contact, "contact", contacts.end_contact, gettext_lazy("They are no longer a contact."), "contact-undo-end"),
    "contact-undo-end": Deed(Contact, "contact", contacts.undo_end_contact, gettext_lazy("They are still a contact.")),
    "contact-remove": Deed(Contact, "contact", contacts.remove_contact, gettext_lazy("The contact is removed."), "contact-bring-back"),
    "contact-bring-back": Deed(Contact, "contact", contacts.bring_back_contact, gettext_lazy("The contact is back.")),
    "consent-withdraw": Deed(
        Consent, "consent", consents.withdraw_consent, gettext_lazy("The consent does not stand any more."), "consent-undo-withdraw"
    ),
    "consent-undo-withdraw": Deed(Consent, "consent", consents.undo_withdraw_consent, gettext_lazy("The consent still stands.")),
}


@require_POST
@staff_required
def deed(request: StaffRequest, company: int, record: int, deed: str) -> HttpResponse:
    """One of them, with a note, a contact or a consent of the company."""
    found, wanted = company_for(request, company), DEEDS[deed]
    kept = _kept(request.actor, wanted.model._default_manager.filter(company=found), record)
    try:
        wanted.act(actor=request.actor, **{wanted.argument: kept})
    except NotNow as gone:
        warn(request, gone.message)
    else:
        tell(request, str(wanted.said), undo=reverse(f"workspace:{wanted.undo}", args=[found.pk, record]) if wanted.undo else "")
    return redirect("workspace:company", company=found.pk)


def _kept(actor: Actor, rows: QuerySet[Any], number: int) -> Any:
    """The record, if the actor may see it; one that was removed can be brought back by who may change it."""
    row = rows.filter(permissions.shared_with(actor), pk=number).first()
    if row is None:
        raise Http404
    return row
