"""One journey for the staff: who, which steps, notes, and everything that can be done with it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from indgang.foundation.access.decorators import StaffRequest, staff_required
from indgang.foundation.database import clock
from indgang.foundation.journal.actions import record_read
from indgang.foundation.ui.tell import tell, warn
from indgang.foundation.ui.words import period_in_words
from indgang.operations.reception import permissions
from indgang.operations.reception.actions import floor, notes
from indgang.operations.reception.actions.residence import code_of
from indgang.operations.reception.errors import PlacesGone, ReceptionError
from indgang.operations.reception.forms.residence import ResidenceForm
from indgang.operations.reception.forms.resources import NeedForm, interpreter_choices
from indgang.operations.reception.forms.staff import NoteForm, StepsForm
from indgang.operations.reception.languages import language_in_words
from indgang.operations.reception.models import Journey, Visit
from indgang.operations.reception.models.journey import AT_A_DESK, IN_THE_HOUSE, NOT_SERVED, Outcome, Status
from indgang.operations.reception.queries.board import board_row
from indgang.operations.reception.queries.came import told_of
from indgang.operations.reception.queries.desk import earlier_turns
from indgang.operations.reception.queries.free_now import free_now
from indgang.operations.reception.queries.house import HousePlan, house_plan
from indgang.operations.reception.queries.itineraries import PlannedItinerary
from indgang.operations.reception.queries.journeys import notes_visible_to
from indgang.operations.reception.queries.missed import times_missed
from indgang.operations.reception.queries.next_steps import next_of, stands_in_line
from indgang.operations.reception.queries.overruns import cannot_be_reached
from indgang.operations.reception.queries.plans import PlanRequest, plan_journey
from indgang.operations.reception.queries.resources import interpreted_languages
from indgang.operations.reception.queries.undoing import can_undo_check_in
from indgang.operations.reception.rules.journeys import NeededStep
from indgang.operations.reception.steps import case_of
from indgang.operations.reception.views.moved_back import way_back
from indgang.operations.reception.views.party_members import members_of
from indgang.operations.reception.views.staff_answers import journey_named, staff_post
from indgang.operations.reception.views.staff_came import noted_of
from indgang.operations.reception.views.staff_floor import party_in_words
from indgang.operations.reception.views.staff_rows import (
    Line,
    Past,
    Reader,
    Step,
    country_in_words,
    masked_text,
    names_of,
    party_name,
)

DAYS_AHEAD = 42
APART_MINUTES = 30
AHEAD = [Status.PLANNED, Status.WAITING]


@require_safe
@staff_required
def journey(request: StaffRequest, reference: str) -> HttpResponse:
    """The whole visit on one page."""
    party = journey_named(request.actor, reference)
    record_read(actor=request.actor, subject=party, about=[party.contact] if party.contact else [], house=party.house)
    return render(request, "reception/staff/journey.html", _context(request, party, NoteForm(visits=list(party.visits.all()))))


def _context(request: HttpRequest, party: Journey, note_form: NoteForm) -> dict[str, Any]:
    actor = request.actor  # type: ignore[attr-defined]
    reader = Reader.of(actor, party.house.region_id)
    line = Line(board_row(party), reader)
    last = dt.datetime.max.replace(tzinfo=dt.UTC)
    told = told_of(party)
    steps = sorted(
        (Step(visit, reader, noted_of(visit, told)) for visit in party.visits.all()),
        key=lambda step: (step.starts or last, step.visit.position),
    )
    today = {visit.status for visit in line.row.visits}
    outcomes = {visit.outcome for visit in party.visits.all()}
    receives = permissions.receive_people(party.house)(actor)
    in_house = permissions.work_in_house(party.house)(actor)
    attends, contact = permissions.attend_to(party)(actor), party.contact
    here = not today.isdisjoint(IN_THE_HOUSE)
    at_desk = next((visit for visit in party.visits.all() if visit.status in AT_A_DESK and permissions.call_for(visit)(actor)), None)
    return {
        "journey": party,
        "name": party_name(party),
        "line": line,
        "steps": steps,
        "past": [Past(turn, reader) for turn in earlier_turns(party)],
        "people": party.travellers.all(),
        "members": members_of(party),
        "zone": party.house.zone,
        "notes": notes_visible_to(actor).filter(visit__journey=party).select_related("author", "organisation", "visit__service"),
        "attends": attends,
        "email": contact.email if contact and attends else masked_text(contact.email if contact else ""),
        "phone": contact.phone if contact and attends else masked_text(contact.phone if contact else ""),
        "citizenship": country_in_words(party.citizenship),
        "receives": receives,
        "in_house": in_house,
        "may_check_in": in_house and (Status.PLANNED in today or (Status.NO_SHOW in today and not here)),
        "may_undo_check_in": in_house and (Status.WAITING in today or NOT_SERVED in outcomes) and can_undo_check_in(party),
        "may_no_show": in_house and not here and _is_due(line),
        "missed": times_missed(actor, party),
        "told": told,
        "may_cancel": receives and party.cancelled_at is None and any(step.visit.status in AHEAD for step in steps),
        "at_desk": at_desk,
        "free": free_now(at_desk),
        "unreachable": cannot_be_reached(party),
        "may_move_the_rest": receives and party.cancelled_at is None and any(step.visit.status in AHEAD and step.starts for step in steps),
        **_need(party, receives),
        "residence": ResidenceForm(house=party.house, code=code_of(party)) if permissions.note_residence(party)(actor) else None,
        "form": note_form,
    }


def _need(party: Journey, receives: bool) -> dict[str, Any]:
    """Whether they need an interpreter, where the house has any or they need one."""
    choices = interpreter_choices(interpreted_languages(party.house))
    if not choices and not party.interpreter:
        return {}
    words = capfirst(language_in_words(party.interpreter)) if party.interpreter else ""
    form = NeedForm(initial={"interpreter": party.interpreter}, choices=choices)
    return {"need": form, "need_words": words, "may_change_need": receives and party.cancelled_at is None and bool(choices)}


def _is_due(line: Line) -> bool:
    """Whether the minutes of grace are over after the first time of today at which the party is still expected."""
    return line.row.state == "late"


@staff_post
def add_note(request: StaffRequest, reference: str) -> HttpResponse:
    """Write a note."""
    party = journey_named(request.actor, reference)
    visits = list(party.visits.all())
    form = NoteForm(request.POST, visits=visits)
    if not form.is_valid():
        return render(request, "reception/staff/journey.html", _context(request, party, form))
    visit = next(visit for visit in visits if visit.pk == form.cleaned_data["visit"])
    notes.add_note(actor=request.actor, visit=visit, text=form.cleaned_data["text"])
    tell(request, _("The note is saved."))
    return redirect("reception:journey", reference=party.reference)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def steps(request: StaffRequest, reference: str) -> HttpResponse:
    """Book or move steps for a party that stands here: which, for whom, then a time."""
    party = journey_named(request.actor, reference)
    if not permissions.attend_to(party)(request.actor):
        raise Http404
    plan = house_plan(party.house)
    form = _steps_form(request, party, plan)
    found: list[PlannedItinerary] = []
    asked = form.is_bound and form.is_valid()
    if asked and request.POST.get("offer"):
        try:
            return _booked(request, party, request.POST["offer"])
        except PlacesGone as gone:
            warn(request, gone.message)
        except ReceptionError as refusal:
            warn(request, refusal.message)
            return redirect("reception:journey", reference=party.reference)
    if asked:
        found = times_for(party, plan, form.cleaned_data["services"], form.cleaned_data["people"])
    context = {
        "journey": party,
        "name": party_name(party),
        "form": form,
        "asked": asked,
        "itineraries": found,
        "today": clock.today(party.house.zone),
        "only_later": bool(found) and found[0].starts.astimezone(party.house.zone).date() > clock.today(party.house.zone),
        "zone": party.house.zone,
    }
    return render(request, "reception/staff/steps.html", context)


def _steps_form(request: HttpRequest, party: Journey, plan: HousePlan) -> StepsForm:
    """The steps that desks of the house do and that the party has not finished, or is at."""
    finished = {visit.service.key for visit in party.visits.all() if _closed(visit)}
    services = [row for key, row in plan.services.items() if plan.desks_for(key) and key not in finished]
    people = names_of(party)
    wanted = request.POST if request.method == "POST" else None
    initial = {"services": request.GET.getlist("service"), "people": list(range(len(people)))}
    return StepsForm(wanted, services=services, people=people, initial=initial)


def _closed(visit: Visit) -> bool:
    return visit.status in AT_A_DESK or (visit.status == Status.DONE and visit.outcome != Outcome.DOCUMENTS_MISSING)


def times_for(party: Journey, plan: HousePlan, services: list[str], people: list[int], *, days: int = DAYS_AHEAD) -> list[PlannedItinerary]:
    """Times for those steps: today's, and where today has none the first days that have."""
    today = clock.today(plan.house.zone)
    case = case_of(party, today)
    known = {visit.service.key: set(visit.after) for visit in party.visits.all()}
    needed = tuple(NeededStep(service, tuple(people), (), {}, frozenset(known.get(service, set()) & set(services))) for service in services)
    request = PlanRequest(
        house=plan.house,
        travellers=case.travellers,
        earliest=today,
        latest=today,
        municipality=case.municipality,
        stay_months=case.stay_months,
        language=party.language,
        interpreter=party.interpreter,
        fixed_steps=needed,
        beside=party.id,
        apart_minutes=APART_MINUTES,
    )
    found = plan_journey(request).itineraries
    if not found and days:
        later = replace(request, earliest=today + dt.timedelta(days=1), latest=today + dt.timedelta(days=days))
        found = plan_journey(later).itineraries
    return list(found)


def _booked(request: StaffRequest, party: Journey, offer: str) -> HttpResponse:
    booked = floor.book_steps(actor=request.actor, journey=party, offer=offer)
    visits = list(Visit.objects.filter(journey=booked).select_related("appointment__desk", "service"))
    to_come = [visit for visit in visits if hasattr(visit, "appointment") or visit.status not in AHEAD]
    first = next(visit for visit in [next_of(to_come)] if visit)
    if stands_in_line(first) or not hasattr(first, "appointment"):
        tell(
            request,
            _("Booked for %(party)s. Next: %(step)s; they are in line for it now.") % _next_facts(party, first),
            undo=way_back(request, party),
        )
        return redirect("reception:journey", reference=party.reference)
    facts = {
        **_next_facts(party, first),
        "when": period_in_words(first.appointment.starts, first.appointment.ends, party.house.zone),
        "desk": first.appointment.desk.title,
    }
    tell(request, _("Booked for %(party)s. Next: %(step)s, %(when)s, %(desk)s.") % facts, undo=way_back(request, party))
    return redirect("reception:journey", reference=party.reference)


def _next_facts(party: Journey, first: Visit) -> dict[str, str]:
    return {"party": party_in_words(party), "step": first.service.title}
