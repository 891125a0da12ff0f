"""The desk: who sits here, who comes next, and everything a clerk needs for it on one page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from indgang.foundation.access.asking import asking
from indgang.foundation.access.decorators import StaffRequest, staff_required
from indgang.foundation.database import clock
from indgang.foundation.journal.actions import record_read
from indgang.operations.reception.beside_words import no_interpreter_in_words, waits_for_room, wanted_next
from indgang.operations.reception.desk_words import only_its_end, taken_from_under
from indgang.operations.reception.forms.residence import ResidenceForm
from indgang.operations.reception.forms.staff import FinishForm
from indgang.operations.reception.models import Desk, Visit
from indgang.operations.reception.models.journey import Status
from indgang.operations.reception.plan_words import papers_in_words
from indgang.operations.reception.queries.beside import needs_of, rooms_waited_for
from indgang.operations.reception.queries.closing_time import end_of
from indgang.operations.reception.queries.closings import closing_of
from indgang.operations.reception.queries.delays import delays_in, runs_over
from indgang.operations.reception.queries.desk import (
    InLine,
    desk_lines,
    earlier_turns,
    ended_at_desk,
    next_step_after,
    parties_aside,
    parties_in_line,
    present_at,
    sendable_services,
)
from indgang.operations.reception.queries.free_now import FreeNow, free_now
from indgang.operations.reception.queries.house import HousePlan
from indgang.operations.reception.queries.in_line import planned_minutes
from indgang.operations.reception.queries.interpreters import needs_at
from indgang.operations.reception.queries.journeys import ENDED, desks_of, notes_visible_to, number_of
from indgang.operations.reception.queries.left_over import left_over_at
from indgang.operations.reception.queries.next_steps import stands_in_line
from indgang.operations.reception.queries.opening_page import closed_by, closures_today
from indgang.operations.reception.queries.stamps import LINE_SECONDS, day_in
from indgang.operations.reception.queries.today import Today, today_in
from indgang.operations.reception.resource_words import need_in_words
from indgang.operations.reception.steps import needed_steps
from indgang.operations.reception.views.became import what_became_of
from indgang.operations.reception.views.held_back import held_for_in_words, nobody_can_be_called
from indgang.operations.reception.views.my_turns import my_absence, my_turns, my_turns_anew
from indgang.operations.reception.views.party_members import members_of
from indgang.operations.reception.views.renewed import (
    BLANK,
    answer,
    asks_again,
    drawn,
    drawn_once,
    remembered,
    renewing,
    stamp_held,
    state_for,
)
from indgang.operations.reception.views.staff_answers import desk_named
from indgang.operations.reception.views.staff_rows import Past, Reader, Step, language_name, names_of, party_name

REMEMBERED = "desk"
OUT_OF_BAND = "<template hx-swap-oob"  # what a renewed line brings for the top of the page, where the whole page has it already
FREE = ".free"  # an interpreter or a room could be taken for the step


@require_safe
@staff_required
def desks(request: StaffRequest) -> HttpResponse:
    """Straight to the desk of last time, or the only one; else (or with `?choose`) a choice."""
    open_to_me = list(desks_of(request.actor))
    known = {[desk.house.key, desk.key] == request.session.get(REMEMBERED): desk for desk in open_to_me}
    desk = open_to_me[0] if len(open_to_me) == 1 else known.get(True)
    if desk and "choose" not in request.GET:
        return redirect("reception:desk-page", house=desk.house.key, desk=desk.key)
    return render(request, "reception/staff/desks.html", {"choices": desk_lines(open_to_me)})


@dataclass(frozen=True)
class Place:
    """Somebody in line."""

    step: Step
    name: str
    number: int | None
    language: str
    minutes: int
    keeps: dt.datetime | None = None
    held: str = ""
    delay: int = 0
    need: str = ""
    waits_for_room: str = ""
    row: str = ""


@require_safe
@renewing
@staff_required
def desk_page(request: StaffRequest, house: str, desk: str) -> HttpResponse:
    """The person in front of the clerk, and the line. Asked by the page itself: the line alone, or "not modified"."""
    here = desk_named(request.actor, house, desk)
    if asks_again(request):
        state = state_for(request, here.house, LINE_SECONDS)
        held = request.GET.get("at", "")
        draw = drawn_once if stamp_held(request) else drawn
        part = draw(state, _reads_like(request, here, held), lambda: _line_beside(request, here, held, state))
        return answer(request, part, here.house, state, LINE_SECONDS, who=asking(request))
    if request.session.get(REMEMBERED) != [house, desk]:
        request.session[REMEMBERED] = [house, desk]
    context = desk_context(request, here)
    _note_reading(request, here, context)
    return render(request, "reception/staff/desk.html", context)


def _reads_like(request: StaffRequest, desk: Desk, held: str) -> tuple[object, ...]:
    """A page at the same desk that looks the same: of one colleague, who may be away."""
    return "desk", desk.pk, held, request.user.pk, sorted(request.actor.roles)


def _line_beside(request: StaffRequest, desk: Desk, held: str, state: str) -> str:
    """The line beside a page that still shows the step of `held`."""
    today = today_in(desk.house, day_in(state))
    present = present_at(desk, today)
    context = _line(Reader.of(request.actor, desk.house.region_id), desk, today, present)
    now, shown = _present_in_words(present, free_now(present, today.plan)), held.removesuffix(FREE)
    changed = shown != now.removesuffix(FREE)
    became = what_became_of(held, present, request.actor) if changed else ""
    context |= my_turns_anew(request.actor, today, context["away"])
    context |= {"state": held, "changed": changed, "became": became, "newly_free": now == shown + FREE and now != held}
    return _drawn_line(request, context, today)


def _drawn_line(request: StaffRequest, context: dict[str, Any], today: Today) -> str:
    context = {**context, **BLANK}
    seen_by = context["desk"].pk, bool(context["present"]), sorted(context["actor"].roles), today.house_version
    places = [replace(place, row=_row(context, place, (*seen_by, today.version_of(place.step.visit)))) for place in context["line"]]
    return render_to_string("reception/staff/desk_line.html", {**context, "line": places}, request)


def _row(context: dict[str, Any], place: Place, seen_by: tuple[object, ...]) -> SafeString:
    """Somebody's row, drawn where it looks otherwise than a moment ago."""
    by_time = place.minutes, place.held, place.delay, place.need, place.waits_for_room
    key = "line", place.step.visit.pk, by_time, seen_by
    return remembered(key, lambda: render_to_string("reception/staff/desk_row.html", {**context, "place": place}))


def _present_in_words(present: Visit | None, free: Sequence[FreeNow] = ()) -> str:
    return f"{present.pk}.{present.status}{FREE if free else ''}" if present else ""


def desk_context(request: StaffRequest, desk: Desk) -> dict[str, Any]:
    """Everything the desk page shows."""
    state = state_for(request, desk.house, LINE_SECONDS)
    today = today_in(desk.house, day_in(state))
    present = present_at(desk, today)
    free = free_now(present, today.plan)
    held = _present_in_words(present, free)
    reader = Reader.of(request.actor, desk.house.region_id)
    context = {**_line(reader, desk, today, present), "state": held, "changed": False}
    context |= my_turns(request.actor, desk.house, context["away"])
    part = drawn(state, _reads_like(request, desk, held), lambda: _drawn_line(request, context, today))
    context["part"] = mark_safe(part.read_by(request).partition(OUT_OF_BAND)[0])
    context["ended"] = [Past(turn, reader) for turn in ended_at_desk(desk, today)]
    context["left"] = [Past(turn, reader) for turn in left_over_at(desk)]
    words = {"n": _("Call next"), "a": _("Call again"), "w": _("Set aside"), "s": _("Start"), "f": _("Finish: done")}
    context["more_keys"] = list(words.items())
    context["several"] = desks_of(request.actor).count() > 1
    if present:
        context |= {**_present(reader, desk, present, today.plan), "free": free, "visit": present, "from": "desk"}
        if any(one.what == "interpreter" for one in free):
            context["interpreter_comes"] = ""  # the button says it
        context["taken"] = [] if context["only_its_end"] else taken_from_under(desk, present, today.plan)
    elif request.GET.get("after", "").isdecimal():
        context |= _after(reader, desk, today, int(request.GET["after"]))
    return context


def _line(reader: Reader, desk: Desk, today: Today, present: Visit | None) -> dict[str, Any]:
    places = parties_in_line(desk, today)
    delays = delays_in(desk.house, today)
    roomless = rooms_waited_for(today.plan, [place.visit for place in places])
    stuck = nobody_can_be_called(desk, places, roomless)
    closed = closing_of(desk, closures_today(today))
    return {
        "desk": desk,
        "house": desk.house,
        "zone": desk.house.zone,
        "line": [
            replace(
                _place(reader, place.visit, place, delays.get(place.visit.pk, 0)),
                need=need_in_words(place.visit.journey.interpreter) if needs_at(desk, place.visit) else "",
                waits_for_room=waits_for_room(roomless, place.visit),
            )
            for place in places
        ],
        "held": stuck,
        "booked": [place.whom.journey for place in places if place.whom],
        "for_a_room": bool(places) and places[0].keeps is None,
        "without_room": today.plan.line.without_room,
        "aside": [_place(reader, visit) for visit in parties_aside(desk, today)],
        "present": present,
        "closed": closed,
        "closed_by": closed_by(closed),
        "away": my_absence(reader.actor, today),
        "actor": reader.actor,
    }


def _place(reader: Reader, visit: Visit, place: InLine | None = None, delay: int = 0) -> Place:
    contact = visit.journey.contact
    return Place(
        step=Step(visit, reader),
        name=party_name(visit.journey),
        number=number_of(visit.journey) if contact and contact.name else None,
        language=language_name(visit.journey.language),
        minutes=place.minutes if place else 0,
        keeps=place.keeps if place else None,
        held=held_for_in_words(place) if place else "",
        delay=delay,
    )


def _present(reader: Reader, desk: Desk, visit: Visit, plan: HousePlan) -> dict[str, Any]:
    journey = visit.journey
    names = names_of(journey)
    who = [names[position] for position in visit.travellers if position < len(names)]
    needed = needed_steps(journey, clock.today(journey.house.zone)).get(visit.service.key)
    documents = list(papers_in_words(needed, names, visit.travellers).items()) if needed else []
    members = members_of(journey)
    only_end = only_its_end(visit)
    others = [Step(other, reader) for other in journey.visits.all() if other.pk != visit.pk]
    return {
        "journey": journey,
        "name": party_name(journey),
        "number": number_of(journey) if journey.contact and journey.contact.name else None,
        "only_its_end": only_end,
        "ended_at": end_of(visit) if only_end else None,
        "sendable": [] if only_end else sendable_services(journey),
        "step": Step(visit, reader),
        "who": who,
        "members": [members[position] for position in visit.travellers or range(len(members)) if position < len(members)],
        "language": language_name(journey.language),
        "need": need_in_words(journey.interpreter) if needs_at(desk, visit) else "",
        "interpreter_comes": no_interpreter_in_words(desk, visit) if needs_at(desk, visit) else "",
        "wanted": wanted_next(plan, visit),
        "roomless": visit.room_id is None and needs_of(plan, desk, visit).bound,
        "foreign": journey.language not in desk.languages,
        "bring": [title for _key, title in documents],
        "earlier": [other for other in others if not other.open],
        "later": [other for other in others if other.open],
        "past": [Past(turn, reader) for turn in earlier_turns(journey)],
        "notes": notes_visible_to(reader.actor).filter(visit__journey=journey).select_related("author", "organisation", "visit__service"),
        "residence": None if journey.municipality_id else ResidenceForm(house=desk.house),
        "form": FinishForm(bring=documents, auto_id="finish_%s"),
        "over": runs_over(visit),
        "planned_until": visit.started_at + dt.timedelta(minutes=planned_minutes(visit)) if visit.started_at else None,
        "since": visit.started_at or visit.called_at,
        "minutes": max(int((clock.now() - (visit.started_at or visit.called_at or clock.now())).total_seconds() // 60), 0),
    }


def _after(reader: Reader, desk: Desk, today: Today, number: int) -> dict[str, Any]:
    """What comes next for the party that has just been finished with here."""
    done = next((visit for visit in today.visits if visit.pk == number and visit.desk_id == desk.pk and visit.status == Status.DONE), None)
    if done is None:
        return {}
    journey = done.journey
    following, held_up_by = next_step_after(journey)
    cause = Step(held_up_by, reader) if held_up_by else None
    return {
        "finished": Step(done, reader),
        "finished_name": party_name(journey),
        "finished_journey": journey,
        "following": Step(following, reader) if following else None,
        "in_line": following is not None and stands_in_line(following),
        "held_up_by": cause if cause and cause.status != ENDED else None,
    }


def _note_reading(request: StaffRequest, desk: Desk, context: dict[str, Any]) -> None:
    journeys = [context.get("journey"), *(place.step.visit.journey for place in [*context["line"], *context["aside"]])]
    journeys += [one.turn.journey for one in context["left"]]
    journeys += context["booked"]
    people = [journey.contact for journey in journeys if journey and journey.contact]
    if people:
        record_read(actor=request.actor, subject=desk, about=people, house=desk.house)
