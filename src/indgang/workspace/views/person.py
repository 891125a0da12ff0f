"""The person card: who somebody is, their visits, and what happened, for those who may see them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from indgang.foundation.access.actors import Actor
from indgang.foundation.access.decorators import StaffRequest, staff_required
from indgang.foundation.database import clock
from indgang.foundation.identity.models import Role, User
from indgang.foundation.journal.actions import record_read
from indgang.foundation.journal.models import Entry
from indgang.foundation.journal.queries import entries_about, entries_visible_to, texts_of
from indgang.foundation.privacy.actions import reveal
from indgang.foundation.privacy.permissions import may_reveal
from indgang.foundation.privacy.queries import masked
from indgang.foundation.ui.tell import tell
from indgang.operations.reception import permissions
from indgang.operations.reception.actions.notes import add_note
from indgang.operations.reception.forms.staff import NoteForm
from indgang.operations.reception.journal_sentences import Names, documents_in, sentence, status_in
from indgang.operations.reception.models import Journey, Visit
from indgang.operations.reception.models.journey import Outcome
from indgang.operations.reception.queries.journeys import with_steps
from indgang.operations.reception.views.staff_rows import Reader, Step, country_in_words, language_name, masked_text
from indgang.registers.parties.models import Person
from indgang.workspace.queries import journeys_of, people_visible_to

ENTRIES_AT_MOST = 200


def _person(request: StaffRequest, key: UUID) -> Person:
    person = people_visible_to(request.actor).select_related("municipality", "region").filter(pk=key).first()
    if person is None:
        raise Http404
    return person


@require_safe
@staff_required
def person(request: StaffRequest, key: UUID) -> HttpResponse:
    """The card."""
    somebody = _person(request, key)
    record_read(actor=request.actor, subject=somebody)
    return _card(request, somebody)


@require_POST
@staff_required
def reveal_cpr(request: StaffRequest, key: UUID) -> HttpResponse:
    """The card with the full CPR number, once; the journal keeps who asked."""
    somebody = _person(request, key)
    return _card(request, somebody, cpr=reveal(actor=request.actor, record=somebody, field="cpr"))


@require_POST
@staff_required
def note(request: StaffRequest, key: UUID) -> HttpResponse:
    """Write a note about one of the person's steps."""
    somebody = _person(request, key)
    visits = _noted(request, list(with_steps(journeys_of(somebody, request.actor))))
    form = NoteForm(request.POST, visits=visits)
    if not form.is_valid():
        return _card(request, somebody, form=form)
    visit = next(visit for visit in visits if visit.pk == form.cleaned_data["visit"])
    add_note(actor=request.actor, visit=visit, text=form.cleaned_data["text"])
    tell(request, _("The note is saved."))
    return redirect("workspace:person", key=somebody.pk)


def _card(request: StaffRequest, somebody: Person, *, cpr: str = "", form: NoteForm | None = None) -> HttpResponse:
    journeys = list(with_steps(journeys_of(somebody, request.actor)))
    attends = any(permissions.attend_to(journey)(request.actor) for journey in journeys)
    visits = _noted(request, journeys)
    reader = Reader.of(request.actor, somebody.region_id)
    context = {
        "person": somebody,
        "name": somebody.name or _("No name given"),
        "zone": somebody.region.zone,
        "citizenship": country_in_words(somebody.citizenship),
        "language_name": language_name(somebody.language),
        "email": somebody.email if attends else masked_text(somebody.email),
        "phone": somebody.phone if attends else masked_text(somebody.phone),
        "cpr": cpr or masked(somebody, "cpr"),
        "revealed": bool(cpr),
        "may_reveal": may_reveal(request.actor) and bool(somebody.cpr) and not cpr,
        "journeys": [(journey, _steps(reader, journey)) for journey in journeys],
        "entries": timeline_of(request, somebody, journeys),
        "form": form or (NoteForm(visits=visits) if visits else None),
        "today": clock.today(somebody.region.zone),
    }
    return render(request, "workspace/person.html", context)


def _steps(reader: Reader, journey: Journey) -> list[Step]:
    return [Step(visit, reader) for visit in journey.visits.all()]


def _noted(request: StaffRequest, journeys: list[Journey]) -> list[Visit]:
    """The steps the actor may write a note about, the newest visit first."""
    return [visit for journey in journeys if permissions.work_in_house(journey.house)(request.actor) for visit in journey.visits.all()]


def timeline_of(request: StaffRequest, somebody: Person, journeys: list[Journey]) -> list[dict[str, Any]]:
    """What the journal tells this reader about the person, in words, newest first."""
    entries = entries_visible_to(request.actor, entries_about(somebody, *journeys))
    entries = entries.exclude(verb__endswith=".read").select_related("user", "organisation", "house__region")
    shown = [entry for entry in entries[:ENTRIES_AT_MOST] if _may_know(request.actor, entry)]
    texts = texts_of([entry for entry in shown if entry.verb in ("note.added", "visit.refused", "visit.finished")])
    names = Names(somebody.region_id)
    return [_told(entry, names, texts) for entry in shown]


def _may_know(actor: Actor, entry: Entry) -> bool:
    """How a step ended is for its authority and the floorwalkers, or a refusal could be told from what is left; missing papers, all."""
    if entry.verb != "visit.finished" or status_in(entry) == Outcome.DOCUMENTS_MISSING:
        return True
    return entry.organisation_id in actor.organisation_ids or entry.house_id in actor.houses_as(Role.FLOORWALKER, host=True)


def _told(entry: Entry, names: Names, texts: dict[int, dict[str, Any] | None]) -> dict[str, Any]:
    text = texts.get(entry.pk, {})
    documents = documents_in(text or {}, names)
    return {
        "at": entry.at,
        "title": _("CPR number shown in full.") if entry.verb == "cpr.revealed" else sentence(entry, names),
        "who": _who(entry.user, entry),
        "status": status_in(entry),
        "text": _("The text was erased.") if text is None else text.get("note", "") or _missing(documents),
    }


def _missing(documents: list[str]) -> str:
    return _("Missing: %(documents)s.") % {"documents": ", ".join(documents)} if documents else ""


def _who(user: User | None, entry: Entry) -> str:
    if user is None:
        return {"citizen": _("The person"), "anonymous": _("The person")}.get(entry.actor_kind, _("Indgang"))
    return f"{user}, {entry.organisation.title}" if entry.organisation else str(user)
