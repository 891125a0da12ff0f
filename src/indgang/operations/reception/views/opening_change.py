"""Making a change of hours: who it meets is shown first; then it is saved, people are moved and told, and it can be undone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from indgang.foundation.access.decorators import StaffRequest, staff_required
from indgang.foundation.database import clock
from indgang.foundation.journal.actions import record_read
from indgang.foundation.journal.models import Entry
from indgang.foundation.places.models import House
from indgang.foundation.ui.tell import tell, warn
from indgang.foundation.ui.words import number_in_words
from indgang.operations.reception import permissions
from indgang.operations.reception.actions.opening import OthersAffected, Saved, move_outside, preview_change, save_change
from indgang.operations.reception.affected_words import kind_of, marks_of, summary_of
from indgang.operations.reception.errors import NotNow, ReceptionError
from indgang.operations.reception.models import Appointment, Closure, Desk, Journey, Resource, Session
from indgang.operations.reception.models.journey import Status
from indgang.operations.reception.opening_changes import VERBS, Change, read_change, signed
from indgang.operations.reception.opening_words import sentence_of
from indgang.operations.reception.queries.affected import Affected, affected_by, places_outside, with_proposals
from indgang.operations.reception.queries.employers import company_of
from indgang.operations.reception.queries.house import house_plan, recurring
from indgang.operations.reception.queries.itineraries import PlannedStop
from indgang.operations.reception.queries.journeys import number_of
from indgang.operations.reception.queries.moves import moved_because
from indgang.operations.reception.queries.opening_page import closed_today
from indgang.operations.reception.queries.opening_states import closure_state, session_state, state_now
from indgang.operations.reception.views.opening import NOT_UNDONE, house_of
from indgang.operations.reception.views.staff_answers import address, staff_post
from indgang.operations.reception.views.staff_rows import party_name

CHOICE = "choice-"


def answer(request: StaffRequest, house: House, change: Change, *, back: str = "") -> HttpResponse:
    """Save a change that meets nobody; show the bookings that it meets before anything is saved."""
    affected = preview_change(actor=request.actor, change=change)
    if affected:
        return _show(request, house, change, affected, back)
    return _save(request, house, change, {}, back)


def _show(request: StaffRequest, house: House, change: Change | None, affected: list[Affected], back: str = "") -> HttpResponse:
    """The bookings with their proposals, and the one button that does it all."""
    people = [one.journey.contact for one in affected if one.journey.contact and _may_name(request, house, one)]
    if people:
        record_read(actor=request.actor, subject=house, about=people, house=house)
    rows = sorted((_row(request, house, one) for one in affected), key=lambda row: row["kind"] == "desk")
    context: dict[str, Any] = {
        "house": house,
        "zone": house.zone,
        "rows": rows,
        "summary": summary_of([row["kind"] for row in rows]),
        "change": signed(change) if change else "",
        "back": back,
        "what": _in_words(change, house) if change else "",
    }
    return render(request, "reception/opening/affected.html", context)


def _may_name(request: StaffRequest, house: House, one: Affected) -> bool:
    return any(permissions.see_parties_of(house, place.desk.organisation_id)(request.actor) for place in one.places)


def _row(request: StaffRequest, house: House, one: Affected) -> dict[str, Any]:
    named = _may_name(request, house, one)
    contact, whole = one.journey.contact, one.whole
    return {
        "one": one,
        "ways": [(way, [(stop, _stays(stop, whole)) for stop in way.stops]) for way in one.proposals],
        "whole": [(place, any(place.pk == lost.pk for lost in one.places)) for place in whole],
        "days": len({place.starts.astimezone(house.zone).date() for place in whole}) > 1,
        "booked": (whole[0].starts, max(place.ends for place in whole)) if whole else None,
        "field": f"{CHOICE}{one.journey.pk}",
        "named": named,
        "name": party_name(one.journey) if named else one.journey.reference,
        "phone": contact.phone if named and contact else "",
        "unwritten": not (contact and contact.email),
        "employer": _employer(request, one.journey),
        "marks": marks_of(one),
        "keeps": one.keeps,
        "kind": kind_of(one),
        "here": any(visit.status == Status.WAITING for visit in one.journey.visits.all()),
    }


def _stays(stop: PlannedStop, whole: Sequence[Appointment]) -> bool:
    """Whether a step is booked at that desk and time already."""
    return any((place.desk_id, place.starts, place.ends) == (stop.desk.desk.pk, stop.starts, stop.ends) for place in whole)


def _employer(request: StaffRequest, journey: Journey) -> str:
    """Who booked for an employee and is written to; "" where nobody did."""
    employee = getattr(journey, "employee", None)
    if employee is None or not employee.booking.email:
        return ""
    return company_of(journey, request.actor) or _("the employer")


def _in_words(change: Change, house: House) -> str:
    facts = change.after or change.before or {}
    desk = Desk.objects.filter(house=house, key=change.desk or facts.get("desk", "")).first()
    place = desk or Resource.objects.filter(house=house, key=change.resource or facts.get("resource", "")).first()
    return sentence_of(change.verb, change.before or {}, change.after or {}, place.title if place else house.title)


def _save(request: StaffRequest, house: House, change: Change, choices: dict[UUID, str], back: str) -> HttpResponse:
    text = _in_words(change, house)
    try:
        saved = save_change(actor=request.actor, change=change, choices=choices)
    except OthersAffected:
        warn(request, _("Somebody has booked there meanwhile. Nothing is saved yet: look at the list again."))
        return _show(request, house, change, preview_change(actor=request.actor, change=change), back)
    except NotNow as refusal:
        warn(request, refusal.message)
        return _to(house, back)
    undo = address("hours-undo", house.key, saved.entry.pk) if saved.entry and saved.entry.verb not in NOT_UNDONE else ""
    if saved.entry:
        tell(request, text, undo=undo)
    else:
        tell(request, _("Nothing was different, so nothing was changed."))
    _say_what_came(request, house, saved)
    if saved.entry and moved_because(house, saved.entry):
        return redirect(address("hours-moved", house.key, saved.entry.pk, desk=back))
    return _to(house, back)


def _to(house: House, back: str) -> HttpResponse:
    if back and Desk.objects.filter(house=house, key=back).exists():
        return redirect("reception:desk-page", house=house.key, desk=back)
    return redirect("reception:hours-page", house=house.key)


def _say_what_came(request: StaffRequest, house: House, saved: Saved) -> None:
    """Who was moved, who has to be called, who is left."""
    if number := len(saved.same_time):
        words = ngettext("%(number)s visit keeps its time, at another desk.", "%(number)s visits keep their time, at another desk.", number)
        tell(request, words % {"number": number_in_words(number)})
    if number := len(saved.newly_timed):
        words = ngettext("%(number)s visit has a new time.", "%(number)s visits have a new time.", number)
        tell(request, words % {"number": number_in_words(number)})
    silent = [one for one in saved.newly_timed if not (one.contact and one.contact.email) and one.pk not in saved.employer_told]
    if silent:
        codes = ", ".join(journey.reference for journey in silent)
        warn(request, _("Call these, because we have no e-mail address: %(references)s.") % {"references": codes})
    for visit in saved.stranded:
        facts = {"step": visit.service.title, "party": _called(visit.journey)}
        warn(request, _("%(party)s waits in the house for “%(step)s”, which no desk does any more today.") % facts)
    for journey, why in [*saved.left, *saved.kept]:
        if why:
            warn(request, _("%(reference)s could not be moved. %(why)s") % {"reference": journey.reference, "why": why})
    if saved.left:
        number = len(saved.left)
        words = ngettext(
            "%(number)s visit still has a time outside the opening hours. It stands below.",
            "%(number)s visits still have a time outside the opening hours. They stand below.",
            number,
        )
        warn(request, words % {"number": number_in_words(number)})
    if saved.kept:
        number, codes = len(saved.kept), ", ".join(journey.reference for journey, _why in saved.kept)
        words = ngettext("%(number)s visit keeps its time: %(codes)s.", "%(number)s visits keep their time: %(codes)s.", number)
        tell(request, words % {"number": number_in_words(number), "codes": codes})


def _called(journey: Journey) -> str:
    """The number the party is called by, else its code: what staff say without a name."""
    number = number_of(journey)
    return _("Number %(number)s") % {"number": number} if number else journey.reference


def _choices(request: StaffRequest) -> dict[UUID, str]:
    """Of each journey: the offer that was chosen, or nothing."""
    found = {}
    for name, value in request.POST.items():
        if name.startswith(CHOICE):
            try:
                found[UUID(name.removeprefix(CHOICE))] = str(value)
            except ValueError:
                continue
    return found


@staff_post
def save(request: StaffRequest, house: str) -> HttpResponse:
    """Make the change that was shown with its bookings."""
    here = house_of(request.actor, house)
    try:
        change = read_change(request.POST.get("change", ""))
    except ReceptionError as refusal:
        warn(request, refusal.message)
        return _to(here, "")
    if change.house != here.key:
        raise Http404
    return _save(request, here, change, _choices(request), request.POST.get("back", ""))


@staff_post
def undo(request: StaffRequest, house: str, number: int) -> HttpResponse:
    """Take a change back, unless somebody changed the same thing after it. Who that would meet is shown first."""
    here = house_of(request.actor, house)
    entry = Entry.objects.filter(pk=number, house=here, verb__in=set(VERBS.values()) - NOT_UNDONE).first()
    if entry is None:
        raise Http404
    try:
        change = _change_of(entry, here).undone
        if change.kind == "holidays" and change.before:  # those of them that were not called off since
            change = replace(change, before=state_now(change, here) or change.before)
        if state_now(change, here) != change.before:
            raise NotNow(_("This was changed again after that, so it cannot be undone."))
        return answer(request, here, change)
    except NotNow as refusal:
        warn(request, refusal.message)
        return _to(here, "")


def _change_of(entry: Entry, house: House) -> Change:
    """The change that the journal tells of. Raises NotNow where the desk, interpreter or room is gone."""
    kind: Any = entry.verb.split(".")[0]
    desk, resource = _key_of(Desk, entry), _key_of(Resource, entry)
    number = int(entry.subject_id) if kind in ("closure", "session") else 0
    return Change(kind, house.key, desk, number, entry.before or None, entry.after or None, resource)


def _key_of(model: type[Desk] | type[Resource], entry: Entry) -> str:
    """The key of what the entry is about, where that is of this kind."""
    if entry.subject_type != model._meta.label_lower:
        return ""
    row = model._default_manager.filter(pk=int(entry.subject_id)).first()
    if row is None:
        raise NotNow(_("This was changed again after that, so it cannot be undone."))
    return str(row.key)


@staff_post
def lift(request: StaffRequest, house: str, number: int) -> HttpResponse:
    """A closure that is not needed."""
    here = house_of(request.actor, house)
    row = Closure.objects.filter(house=here, pk=number, lifted_at=None).select_related("desk", "resource").first()
    if row is None:
        raise Http404
    return answer(request, here, Change("closure", here.key, "", number, closure_state(row), None), back=request.POST.get("back", ""))


@staff_post
def end_session(request: StaffRequest, house: str, number: int) -> HttpResponse:
    """A session that is not held any more."""
    here = house_of(request.actor, house)
    row = Session.objects.filter(house=here, pk=number, ended_at=None).first()
    if row is None:
        raise Http404
    return answer(request, here, Change("session", here.key, "", number, session_state(row), None))


@staff_post
def session_date(request: StaffRequest, house: str, number: int) -> HttpResponse:
    """A session is not held on one of its dates; or it is after all. The page says which is wanted: it may be older than the answer."""
    here = house_of(request.actor, house)
    row = Session.objects.filter(house=here, pk=number, ended_at=None).first()
    date = _date(request.POST.get("date", ""))
    wanted = request.POST.get("held", "")
    if row is None or date is None or wanted not in ("yes", "no"):
        raise Http404
    before = session_state(row) or {}
    if date not in row.left_out and not recurring(row).falls_on(date):
        raise Http404
    others = {one.isoformat() for one in row.left_out if one != date}
    left_out = sorted(others if wanted == "yes" else others | {date.isoformat()})
    after = {**{name: value for name, value in before.items() if name != "left_out"}, **({"left_out": left_out} if left_out else {})}
    return answer(request, here, Change("session", here.key, "", number, before, after))


def _date(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


@staff_post
def close_desk(request: StaffRequest, house: str, desk: str) -> HttpResponse:
    """Nobody can sit at the desk for the rest of today: in one click."""
    here = house_of(request.actor, house)
    row = Desk.objects.filter(house=here, key=desk).select_related("house__region", "organisation").first()
    if row is None or not permissions.close_today(row)(request.actor):
        raise Http404
    back = request.POST.get("back", "")
    if closed_today(row):
        warn(request, _("%(desk)s is closed for today already.") % {"desk": row.title})
        return _to(here, back)
    now = clock.now().astimezone(here.zone)
    begins = now.time().replace(second=0, microsecond=0)
    today = now.date().isoformat()
    after = {
        "title_da": "Lukket resten af dagen",
        "title_en": "Closed for the rest of the day",
        "desk": row.key,
        "first_day": today,
        "last_day": today,
        "from_time": begins.isoformat("minutes") if begins > dt.time() else None,
        "until_time": None,
    }
    return answer(request, here, Change("closure", here.key, "", 0, None, after), back=back)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def outside(request: StaffRequest, house: str) -> HttpResponse:
    """The bookings that have been left outside the hours, to be moved now."""
    here = house_of(request.actor, house)
    if request.method == "POST":
        saved = move_outside(actor=request.actor, house=here, choices=_choices(request))
        _say_what_came(request, here, saved)
        return _to(here, "")
    found = affected_by(places_outside(house_plan(here), now=clock.now()))
    for one in found:
        for place in one.places:
            place.desk.house = here
    mine = [one for one in found if all(permissions.close_today(place.desk)(request.actor) for place in one.places)]
    return _show(request, here, None, with_proposals(here, mine))
