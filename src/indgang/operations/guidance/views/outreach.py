"""The outreach agreements: all offices of a year, one office's, and writing in it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from indgang.foundation.access.actors import NotAllowed
from indgang.foundation.access.decorators import StaffRequest
from indgang.foundation.database import clock
from indgang.foundation.ui.tell import tell, warn
from indgang.operations.guidance.actions import outreach as actions
from indgang.operations.guidance.approach_permissions import keep_outreach
from indgang.operations.guidance.approach_words import field_in_words
from indgang.operations.guidance.errors import GuidanceError
from indgang.operations.guidance.forms.outreach import MeetingForm, OutreachForm
from indgang.operations.guidance.models import MEETINGS, Outreach
from indgang.operations.guidance.outreach_words import STATE_WORDS, meeting_name, missing_in_words, state_in_words
from indgang.operations.guidance.queries.division import InForce, division_in_force
from indgang.operations.guidance.queries.outreach import meeting_lines, outreach_visible_to, year_of_offices
from indgang.operations.guidance.queries.outreach_contacts import contact_persons
from indgang.operations.guidance.rules.outreach import STATES
from indgang.operations.guidance.views.answers import filled_in, posted, shown


def division_of(request: StaffRequest) -> InForce:
    """The division of labour of the actor's region. Where there is none, there are no such pages."""
    own = request.actor.organisation
    division = division_in_force(own.region, clock.today()) if own else None
    if division is None or division.hub is None:
        raise Http404
    return division


@shown
def year(request: StaffRequest, year: int) -> HttpResponse:
    """How far all offices are with a year: the four meetings as a picture and a table, and what is missing."""
    division, today = division_of(request), clock.today()
    if not 2000 <= year <= today.year + 1:
        raise Http404
    rows = year_of_offices(request.actor, division, year, today)
    hub = division.hub.pk if division.hub else 0
    lines = [
        {
            "row": row,
            "meetings": [(line, state_in_words(line, year)) for line in row.meetings],
            "missing": missing_in_words(row),
            "may_begin": row.outreach is None and row.open and keep_outreach(row.office.pk, hub)(request.actor),
        }
        for row in rows
    ]
    context = {
        "year": year,
        "this_year": today.year,
        "lines": lines,
        "numbers": [(number, meeting_name(number)) for number in MEETINGS],
        "key": [(state, STATE_WORDS[state]) for state in STATES],
        "agreed": sum(1 for row in rows if row.outreach and row.outreach.agreed),
        "held": sum(1 for row in rows for line in row.meetings if line.state == "held"),
    }
    return render(request, "guidance/approach/year.html", context)


@shown
def outreach(request: StaffRequest, year: int, office: str) -> HttpResponse:
    """One office's agreement of a year, to read and to print."""
    row, today = _outreach(request, year, office), clock.today()
    division = division_in_force(row.office.region, today)
    states = {line.number: line for line in meeting_lines(row, year, today)}
    context = {
        "row": row,
        "fields": [field_in_words(one) for one in row.fields],
        "companies": row.companies.order_by("name", "pk"),
        "meetings": [
            (one, meeting_name(one.number), states[one.number], state_in_words(states[one.number], year)) for one in row.meetings.all()
        ],
        "reminded": contact_persons(row),
        "days_before": division.remind_before_days if division else 0,
        "may_write": keep_outreach(row.office_id, row.hub_id)(request.actor),
        "mine": [bool(getattr(row, f"{side}_agreed_at")) for side in actions.sides_of(request.actor, row)],
        "next_year": outreach_visible_to(request.actor).filter(office=row.office, year=year + 1).exists(),
        "may_carry_on": year <= today.year,
    }
    return render(request, "guidance/approach/outreach.html", context)


def _outreach(request: StaffRequest, year: int, office: str) -> Outreach:
    row = outreach_visible_to(request.actor).filter(year=year, office__key=office).first()
    if row is None:
        raise Http404
    return row


def _to_write(request: StaffRequest, year: int, office: str) -> Outreach:
    row = _outreach(request, year, office)
    if not keep_outreach(row.office_id, row.hub_id)(request.actor):
        raise NotAllowed
    return row


def address_of(row: Outreach) -> str:
    """Where an agreement stands."""
    return reverse("guidance:outreach", args=[row.year, row.office.key])


@posted
def begin(request: StaffRequest, year: int, office: str) -> HttpResponse:
    """Begin the year's agreement."""
    named = next((one for one in division_of(request).offices.values() if one.key == office), None)
    if named is None:
        raise Http404
    row = actions.begin_outreach(actor=request.actor, office=named, year=year)
    tell(request, _("The agreement of %(year)s has begun. Write what you have in focus.") % {"year": year})
    return redirect(address_of(row))


@posted
def carry_on(request: StaffRequest, year: int, office: str) -> HttpResponse:
    """Begin the next year with this one's content."""
    row = actions.carry_on(actor=request.actor, outreach=_outreach(request, year, office))
    tell(request, _("This is the agreement of %(year)s. It began with what the year before says.") % {"year": row.year})
    return redirect(address_of(row))


@filled_in
def write(request: StaffRequest, year: int, office: str) -> HttpResponse:
    """Write what is agreed."""
    row = _to_write(request, year, office)
    form = OutreachForm(request.POST or None, initial=OutreachForm.first(row))
    if form.is_valid():
        try:
            actions.write_outreach(actor=request.actor, outreach=row, said=form.said(), seen=form.cleaned_data["version"])
        except GuidanceError as refusal:
            form.add_error(None, refusal.message)
        else:
            tell(request, _("The agreement is saved. It counts as agreed when both have agreed to it."))
            return redirect(address_of(row))
    title = _("Outreach agreement %(year)s") % {"year": year}
    return _form_page(request, row, form, title=title, lead=_("Whoever has agreed is asked again when something changes."))


@filled_in
def meeting(request: StaffRequest, year: int, office: str, meeting: int) -> HttpResponse:
    """Write about one of the four meetings."""
    row = _to_write(request, year, office)
    found = next((one for one in row.meetings.all() if one.number == meeting), None)
    if found is None:
        raise Http404
    form = MeetingForm(request.POST or None, initial=MeetingForm.first(found))
    if form.is_valid():
        facts = form.cleaned_data
        try:
            actions.write_meeting(
                actor=request.actor,
                outreach=row,
                number=meeting,
                on=facts["on"],
                participants=facts["participants"],
                notes=facts["notes"],
                seen=facts["version"],
            )
        except GuidanceError as refusal:
            form.add_error(None, refusal.message)
        else:
            tell(request, _("Meeting %(number)s is saved.") % {"number": meeting})
            return redirect(address_of(row))
    lead = _("All who work with companies at the office, and the hub’s contact person.")
    return _form_page(request, row, form, title=_("Meeting %(name)s") % {"name": meeting_name(meeting)}, lead=lead)


def _form_page(request: StaffRequest, row: Outreach, form: Any, **words: str) -> HttpResponse:
    context = {"form": form, "above": row.office.title, "back": address_of(row), **words}
    return render(request, "guidance/approach/form.html", context)


@posted
def agree(request: StaffRequest, year: int, office: str) -> HttpResponse:
    """Agree for one's organisation."""
    row = _outreach(request, year, office)
    seen = request.POST.get("version", "")
    undo = reverse("guidance:outreach-not-agreed", args=[year, office])
    try:
        done = actions.agree(actor=request.actor, outreach=row, seen=int(seen) if seen.isascii() and seen.isdigit() else 0)
    except GuidanceError as refusal:
        warn(request, refusal.message)
        return redirect(address_of(row))
    said = _("Both have agreed to it.") if done.agreed else _("You have agreed to it. The other one has not yet.")
    tell(request, said, undo=undo)
    return redirect(address_of(row))


@posted
def not_agreed(request: StaffRequest, year: int, office: str) -> HttpResponse:
    """Take that back."""
    row = _outreach(request, year, office)
    actions.take_back_agreeing(actor=request.actor, outreach=row)
    tell(request, _("You have not agreed to it any more."))
    return redirect(address_of(row))
