"""What stands on a company's page about who approaches it, and announcing that one is going to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from indgang.foundation.access.actors import Actor
from indgang.foundation.access.decorators import StaffRequest
from indgang.foundation.database import clock
from indgang.foundation.journal.actions import record_read
from indgang.foundation.ui.tell import tell, warn
from indgang.foundation.ui.words import day_in_words
from indgang.operations.guidance.actions.approach import announce_contact, bring_back_contact, take_back_contact
from indgang.operations.guidance.approach_words import field_in_words, line_in_words, whose_in_words, why_in_words
from indgang.operations.guidance.forms.approach import AnnounceForm
from indgang.operations.guidance.models import PlannedContact
from indgang.operations.guidance.queries.approach import approach_of
from indgang.operations.guidance.views.answers import address_of_company, company_numbered, posted, shown
from indgang.registers.parties.models import Company, Field


@dataclass(frozen=True)
class Row:
    """Whose one kind of guidance is, in words."""

    what: str
    whose: str
    why: str
    mine: bool


def on_company(actor: Actor, company: Company, field: str | None = None, form: AnnounceForm | None = None) -> dict[str, Any]:
    """The context of `guidance/approach/on_company.html`: whose a company is, who is in contact, what was agreed."""
    approach = approach_of(actor, company, field)
    own = approach.own
    first = {"on": own.on if own else clock.today(), "field": own.field if own else field or ""}
    return {
        "approach": approach,
        "approach_rows": [Row(line_in_words(one), whose_in_words(one), why_in_words(one, approach), one.mine) for one in approach.lines],
        "approach_ties": [(tie, ", ".join(field_in_words(one) for one in tie.fields)) for tie in approach.ties],
        "approach_planned": [(one, field_in_words(one.field)) for one in approach.planned],
        "approach_others": ", ".join(one.title for one in approach.others),
        "approach_focus_fields": ", ".join(field_in_words(one) for one in approach.focus.fields) if approach.focus else "",
        "approach_decided": [zone for zone in approach.grey_zones if zone.company_id],
        "approach_such": [zone for zone in approach.grey_zones if not zone.company_id],
        "approach_form": form or (AnnounceForm(initial=first) if approach.may_announce else None),
        "approach_today": clock.today(),
    }


@shown
def company(request: StaffRequest, company: int) -> HttpResponse:
    """Who approaches this company: the page to send to a colleague."""
    found = company_numbered(request.actor, company)
    field = request.GET.get("field")
    record_read(actor=request.actor, subject=found)
    context = {"company": found, **on_company(request.actor, found, field if field in Field.values else None)}
    return render(request, "guidance/approach/company.html", context)


@posted
def announce(request: StaffRequest, company: int) -> HttpResponse:
    """Announce it from the company's page."""
    found = company_numbered(request.actor, company)
    form = AnnounceForm(request.POST)
    if not form.is_valid():
        return render(request, "guidance/approach/company.html", {"company": found, **on_company(request.actor, found, form=form)})
    facts = form.cleaned_data
    done = announce_contact(actor=request.actor, company=found, on=facts["on"], field=facts["field"])
    words = _("Announced: you contact %(company)s on %(day)s. Everyone who works with companies sees it until %(last)s.")
    said = {"company": found.name, "day": day_in_words(done.contact.on), "last": day_in_words(done.contact.expires)}
    tell(request, words % said, undo=reverse("guidance:take-back-contact", args=[done.contact.pk]))
    if done.others:
        names = ", ".join(one.title for one in done.others)
        warn(request, _("Speak with them before you call: %(names)s is in contact with the company or going to be.") % {"names": names})
    return redirect(address_of_company(found.pk))


@posted
def take_back(request: StaffRequest, contact: int) -> HttpResponse:
    """It does not come to it."""
    found = _contact(contact)
    take_back_contact(actor=request.actor, contact=found)
    tell(request, _("Your contact is not announced any more."), undo=reverse("guidance:bring-back-contact", args=[found.pk]))
    return redirect(address_of_company(found.company_id))


@posted
def bring_back(request: StaffRequest, contact: int) -> HttpResponse:
    """Undo that."""
    found = _contact(contact)
    bring_back_contact(actor=request.actor, contact=found)
    tell(request, _("Your contact is announced again."), undo=reverse("guidance:take-back-contact", args=[found.pk]))
    return redirect(address_of_company(found.company_id))


def _contact(number: int) -> PlannedContact:
    found = PlannedContact.objects.filter(pk=number).first()
    if found is None:
        raise Http404
    return found
