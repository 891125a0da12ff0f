"""What a clerk does at the desk: call, start, finish, put back, hand over; each says what happened and how to undo it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from indgang.foundation.access.decorators import StaffRequest
from indgang.foundation.database.bilingual import in_language
from indgang.foundation.ui import statuses
from indgang.foundation.ui.tell import tell, warn
from indgang.foundation.ui.words import time_in_words
from indgang.operations.reception.actions import back_at_desk, floor
from indgang.operations.reception.actions import desk as desk_actions
from indgang.operations.reception.beside_words import no_interpreter_in_words
from indgang.operations.reception.desk_words import only_its_end, party_by_number
from indgang.operations.reception.errors import InvalidRequest, NotNow, PlacesGone
from indgang.operations.reception.forms.staff import FinishForm
from indgang.operations.reception.models import Appointment, Desk, Journey, Visit
from indgang.operations.reception.models.journey import Outcome, Status
from indgang.operations.reception.queries.beside import rooms_waited_for
from indgang.operations.reception.queries.desk import next_step_after, parties_in_line, passed_over
from indgang.operations.reception.queries.documents import Documents
from indgang.operations.reception.queries.house import house_plan
from indgang.operations.reception.queries.interpreters import needs_at
from indgang.operations.reception.queries.journeys import with_steps
from indgang.operations.reception.queries.next_steps import stands_in_line
from indgang.operations.reception.views.desk import desk_context
from indgang.operations.reception.views.held_back import nobody_can_be_called
from indgang.operations.reception.views.moved_back import way_back
from indgang.operations.reception.views.staff_answers import address, desk_named, staff_post, visit_numbered
from indgang.operations.reception.views.staff_floor import at_desk_again_in_words, party_in_words
from indgang.operations.reception.views.staff_journey import times_for
from indgang.operations.reception.views.staff_rows import booked_at, party_name


def _to(desk: Desk, **query: object) -> HttpResponse:
    return redirect(address("desk-page", desk.house.key, desk.key, **query))


def _of_this_desk(view: Callable[[StaffRequest, Desk, Visit], HttpResponse]) -> Callable[..., HttpResponse]:
    """A change to a step that was called to the very desk of the address."""

    @staff_post
    def answered(request: StaffRequest, house: str, desk: str, number: int) -> HttpResponse:
        here = desk_named(request.actor, house, desk)
        return view(request, here, _visit_at(request, here, number))

    return wraps(view)(answered)


def _visit_at(request: StaffRequest, desk: Desk, number: int) -> Visit:
    """A step that was called to this very desk; one that has moved on is told of in words."""
    visit = visit_numbered(request.actor, number)
    if visit.desk and visit.desk_id != desk.pk:
        raise NotNow(_("%(party)s was called to %(desk)s.") % {"party": party_by_number(visit.journey), "desk": visit.desk.title})
    return visit


@staff_post
def call_next(request: StaffRequest, house: str, desk: str) -> HttpResponse:
    """Call whoever is next."""
    here = desk_named(request.actor, house, desk)
    visit = desk_actions.call_next(actor=request.actor, desk=here)
    if visit is None:
        _say_nobody(request, here)
    else:
        _say_called(request, here, visit)
        for waits in passed_over(here, visit):
            tell(request, _("Keeps its place until a room is free: %(party)s.") % {"party": party_in_words(waits.journey)})
    return _to(here)


def _say_nobody(request: StaffRequest, desk: Desk) -> None:
    places = parties_in_line(desk)
    roomless = rooms_waited_for(house_plan(desk.house), [place.visit for place in places])
    if any(place.keeps is None and place.visit.pk not in roomless for place in places):
        warn(request, _("The party that waits for this desk could not be called at this moment. Call again."))
    else:
        warn(request, nobody_can_be_called(desk, places, roomless) or _("Nobody waits for this desk now."))


def _say_called(request: StaffRequest, desk: Desk, visit: Visit) -> None:
    if visit.clerk_id != request.user.pk or visit.status != Status.CALLED:
        warn(request, _called_already(visit))
        return
    undo = address("put-back", desk.house.key, desk.key, visit.pk, undo=1)
    tell(request, _("Called: %(party)s.") % {"party": party_in_words(visit.journey)}, undo=undo)
    if needs_at(desk, visit):
        warn(request, no_interpreter_in_words(desk, visit))


def _called_already(visit: Visit) -> str:
    facts = {"party": party_in_words(visit.journey), "name": str(visit.clerk or "")}
    if not visit.clerk or not visit.called_at:
        return _("%(party)s had been called to this desk already.") % facts
    facts["time"] = time_in_words(visit.called_at, visit.journey.house.zone)
    return _("%(party)s had been called to this desk already, by %(name)s at %(time)s.") % facts


@staff_post
def call(request: StaffRequest, house: str, desk: str, number: int) -> HttpResponse:
    """Call a certain party, out of turn."""
    here = desk_named(request.actor, house, desk)
    visit = desk_actions.call_visit(
        actor=request.actor,
        desk=here,
        visit=visit_numbered(request.actor, number),
        without_room=bool(request.POST.get("without_room")),
    )
    _say_called(request, here, visit)
    return _to(here)


@_of_this_desk
def start(request: StaffRequest, here: Desk, called: Visit) -> HttpResponse:
    """The party sits down."""
    visit = desk_actions.start_visit(actor=request.actor, visit=called)
    undo = address("undo-start", here.house.key, here.key, visit.pk, back="desk")
    tell(request, _("Started: %(party)s.") % {"party": party_in_words(visit.journey)}, undo=undo)
    return _to(here)


@_of_this_desk
def undo_start(request: StaffRequest, here: Desk, called: Visit) -> HttpResponse:
    """They have not sat down yet."""
    visit = desk_actions.undo_start(actor=request.actor, visit=called)
    tell(request, _("Undone: %(party)s is called, and has not begun.") % {"party": party_in_words(visit.journey)})
    return _to(here)


@_of_this_desk
def put_back(request: StaffRequest, here: Desk, called: Visit) -> HttpResponse:
    """They did not come, or (`?undo=`) were called by mistake."""
    undoing = "undo" in request.GET
    visit = desk_actions.put_back(actor=request.actor, visit=called, undoing=undoing)
    undo = "" if undoing else address("undo-put-back", here.house.key, here.key, visit.pk)
    tell(request, _("Back in line: %(party)s.") % {"party": party_in_words(visit.journey)}, undo=undo)
    return _to(here)


@_of_this_desk
def undo_put_back(request: StaffRequest, here: Desk, called: Visit) -> HttpResponse:
    """They came after all."""
    visit = back_at_desk.undo_put_back(actor=request.actor, visit=called)
    tell(request, at_desk_again_in_words(visit))
    return _to(here)


@_of_this_desk
def finish(request: StaffRequest, here: Desk, visit: Visit) -> HttpResponse:
    """End the step with its outcome, and show where the party goes next."""
    titles = Documents(here.house.region_id).titles  # the step's own list may have changed since the page was read
    form = FinishForm(request.POST, bring=[(key, in_language(texts)) for key, texts in titles.items()], auto_id="finish_%s")
    if not form.is_valid():
        return _again(request, here, form)
    said = form.cleaned_data
    words = {"note": said["reason"], "beside": said["note"]} if said["outcome"] == Outcome.REFUSED else {"note": said["note"]}
    try:
        outcome = said["outcome"]
        visit = desk_actions.finish_visit(actor=request.actor, visit=visit, outcome=outcome, missing=form.documents(), **words)
    except InvalidRequest as refusal:
        return _again(request, here, form, refusal.fields)
    facts = {"party": party_in_words(visit.journey), "step": visit.service.title, "outcome": statuses.look_of(outcome).word}
    undo = address("undo-finish", here.house.key, here.key, visit.pk)
    tell(request, _("%(party)s: %(step)s has ended. Outcome: %(outcome)s.") % facts, undo=undo)
    return _to(here, after=visit.pk)


def _again(request: StaffRequest, desk: Desk, form: FinishForm, problems: Mapping[str, str] | None = None) -> HttpResponse:
    """The page with what was written and what is wrong; nothing has been saved."""
    context = desk_context(request, desk)
    if "form" in context:
        form.show(context["form"].bring)
        context["form"] = form
    for field, message in (problems or {}).items():
        at = {"note": "reason", "missing": "missing" if form.bring else "other"}
        form.add_error(at.get(field, field), message)
    return render(request, "reception/staff/desk.html", context)


@_of_this_desk
def undo_finish(request: StaffRequest, here: Desk, ended: Visit) -> HttpResponse:
    """The party is at the desk again."""
    noted = ended.ended_at is not None and ended.notes.filter(author=request.actor.user, created_at__gte=ended.ended_at).exists()
    visit = desk_actions.reopen_visit(actor=request.actor, visit=ended)
    again = _("Say how “%(step)s” ended.") if only_its_end(visit) else _("Undone: %(party)s is at your desk again.")
    texts = [again % {"party": party_in_words(visit.journey), "step": visit.service.title}]
    if noted:
        texts.append(_("What you wrote stays as a note."))
    tell(request, " ".join(texts))
    return _to(here)


@_of_this_desk
def hand_over(request: StaffRequest, here: Desk, done: Visit) -> HttpResponse:
    """Bring the party's next step forward to the first time that is free now."""
    journey = with_steps(Journey.objects.filter(pk=done.journey_id)).get()
    following, _held_up_by = next_step_after(journey)
    if following is None:
        warn(request, _("%(name)s has no further step today.") % {"name": party_name(journey)})
        return _to(here, after=done.pk)
    before = booked_at(following)
    if before and stands_in_line(following):
        facts = {"name": party_name(journey), "step": following.service.title, "time": time_in_words(before, journey.house.zone)}
        tell(request, _("%(name)s: %(step)s was booked at %(time)s, and they are in line for it now.") % facts)
        return _to(here, after=done.pk)
    found = times_for(journey, house_plan(journey.house), [following.service.key], _people_of(journey, following), days=0)
    facts = {"name": party_name(journey), "step": following.service.title}
    if not found or (before and found[0].starts >= before):
        facts["time"] = time_in_words(before, journey.house.zone) if before else ""
        stands = _("%(name)s: no earlier time is free for %(step)s. It stays at %(time)s.") if before else ""
        warn(request, (stands or _("%(name)s: no time is free today for %(step)s.")) % facts)
        return _to(here, after=done.pk)
    try:
        floor.book_steps(actor=request.actor, journey=journey, offer=found[0].offer)
    except PlacesGone:
        warn(request, _("%(name)s: a colleague has just taken the earlier time for %(step)s. The booked time stands.") % facts)
        return _to(here, after=done.pk)
    place = Appointment.objects.select_related("desk").get(visit__journey=journey, visit__service=following.service)
    facts |= {"time": time_in_words(place.starts, journey.house.zone), "desk": place.desk.title}
    undo = way_back(request, journey, "desk", house=here.house.key, desk=here.key)
    tell(request, _("Handed over: %(name)s goes to %(desk)s, %(step)s at %(time)s.") % facts, undo=undo)
    return _to(here, after=done.pk)


def _people_of(journey: Journey, visit: Visit) -> list[int]:
    return list(visit.travellers) or list(range(journey.people))
