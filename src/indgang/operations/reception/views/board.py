"""The floorwalker's board: the day by groups, searched while typing, renewed by itself; and checking in by a scanned code."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from indgang.foundation.access.actors import Actor, require
from indgang.foundation.access.asking import asking
from indgang.foundation.access.decorators import StaffRequest, staff_required
from indgang.foundation.database import clock
from indgang.foundation.identifiers.keys import digest, normal_reference
from indgang.foundation.journal.actions import record_read
from indgang.foundation.places.models import House
from indgang.foundation.ui.tell import warn
from indgang.operations.reception import permissions
from indgang.operations.reception.actions import floor
from indgang.operations.reception.errors import NotNow
from indgang.operations.reception.models import Journey
from indgang.operations.reception.models.journey import Status
from indgang.operations.reception.queries.beside import rooms_waited_for
from indgang.operations.reception.queries.board import board
from indgang.operations.reception.queries.came import parties_not_noted
from indgang.operations.reception.queries.closed_today import services_closed_today
from indgang.operations.reception.queries.closings import closed_now
from indgang.operations.reception.queries.delays import delays_in
from indgang.operations.reception.queries.employers import groups_on
from indgang.operations.reception.queries.journeys import houses_of, journeys_visible_to, with_steps
from indgang.operations.reception.queries.opening_page import closures_today
from indgang.operations.reception.queries.stamps import BOARD_SECONDS, day_in
from indgang.operations.reception.queries.today import today_in
from indgang.operations.reception.queries.waiting_list import waiting_visible_to
from indgang.operations.reception.views.renewed import (
    BLANK,
    Part,
    answer,
    asks_again,
    drawn,
    drawn_once,
    remembered,
    renewing,
    stamp_held,
    state_for,
)
from indgang.operations.reception.views.staff_answers import address, house_named, known_reference, staff_post
from indgang.operations.reception.views.staff_floor import say_checked_in
from indgang.operations.reception.views.staff_rows import Line, Reader, board_of

SEARCH_LENGTH = 200


@require_safe
@staff_required
def boards(request: StaffRequest) -> HttpResponse:
    """Straight to the board of the person's house; a choice where there are several."""
    houses = list(houses_of(request.actor))
    if len(houses) == 1:
        return redirect("reception:board-page", house=houses[0].key)
    return render(request, "reception/staff/boards.html", {"houses": houses})


@require_safe
@renewing
@staff_required
def board_page(request: StaffRequest, house: str) -> HttpResponse:
    """Today in the house. Asked by the page itself it answers the board alone, or "not modified"."""
    place = house_named(request.actor, house)
    require(permissions.work_in_house(place), request.actor)
    wanted = request.GET.get("q", "")[:SEARCH_LENGTH]
    state = state_for(request, place, BOARD_SECONDS)
    reads_like = ("board", wanted, *_reads_like(request.actor))
    context = {
        "house": place,
        "zone": place.zone,
        "date": clock.today(place.zone),
        "wanted": wanted,
        "receives": permissions.receive_people(place)(request.actor),
    }

    asked = asks_again(request)
    if stamp_held(request):
        part = drawn_once(state, reads_like, lambda: _parts(request, context, state))
        return answer(request, part, place, state, BOARD_SECONDS, who=asking(request))
    draw = drawn if asked else drawn_once
    part = draw(state, reads_like, lambda: _parts(request, context, state))
    if not asked:
        return _whole_page(request, context, part, state)
    response = answer(request, part, place, state, BOARD_SECONDS, who=asking(request))
    response.write(render_to_string("reception/staff/board_messages.html", {}, request))
    return response


def _parts(request: StaffRequest, context: dict[str, Any], state: str) -> str:
    house, today = context["house"], today_in(context["house"], day_in(state))
    rows = board(actor=request.actor, house=house, day=today)
    waiting = [row.next_visit for row in rows if row.next_visit and row.next_visit.status == Status.WAITING and not row.aside]
    roomless = rooms_waited_for(today.plan, waiting)
    shown = board_of(rows, Reader.of(request.actor, house.region_id), context["wanted"], delays_in(house, today), roomless)
    closed = closed_now(house, closures_today(today))
    closed_services = {service.pk for service in services_closed_today(house, [one.desk for one in closed if one.until is None])}
    for_whom = digest(repr((today.house_version, today.date, sorted(closed_services), bool(context["wanted"]), _reads_like(request.actor))))
    context = {**context, **BLANK, "closed_services": closed_services}
    context |= {
        "board": shown,
        "rows": {group: [_row(context, line, for_whom) for line in lines] for group, lines in shown.groups.items()},
        "groups": groups_on(today) if context["receives"] else [],
        "closed": closed,
    }
    return render_to_string("reception/staff/board_parts.html", context, request)


def _reads_like(actor: Actor) -> tuple[object, ...]:
    return sorted(actor.roles), sorted(actor.posts)


def _row(context: dict[str, Any], line: Line, for_whom: str) -> SafeString:
    """A party's line, drawn where it looks otherwise than a moment ago: the party, or what time alone has made of it."""

    def draw() -> str:
        return render_to_string("reception/staff/board_row.html", {**context, "line": line})

    row = line.row
    by_time = row.state, row.waited_minutes, line.late_minutes, line.runs_over, line.delay, line.waits_for_room
    return remembered((line.journey.pk, row.version, by_time, for_whom), draw)


def _whole_page(request: StaffRequest, context: dict[str, Any], part: Part, state: str) -> HttpResponse:
    house = context["house"]
    people = [journey.contact for journey in today_in(house, day_in(state)).journeys.values() if journey.contact]
    record_read(actor=request.actor, subject=house, about=people, house=house)
    context |= {"part": part.read_by(request), "waiting": waiting_visible_to(request.actor).filter(house=house).count()}
    if context["receives"]:
        context["not_noted"] = len(parties_not_noted(request.actor, house))
    return render(request, "reception/staff/board.html", context)


@staff_post
def find(request: StaffRequest, house: str) -> HttpResponse:
    """What was typed or scanned into the search field: a whole code checks its party in, anything else is searched for."""
    place = house_named(request.actor, house)
    typed = request.POST.get("q", "").strip()[:SEARCH_LENGTH]
    journey = _party_with(request.actor, place, typed)
    if journey is None:
        if normal_reference(typed):
            warn(request, _("No party that you may see has the code %(code)s. Try the name.") % {"code": normal_reference(typed)})
            typed = ""
        return redirect(address("board-page", place.key, q=quote(typed)))
    if not permissions.receive_people(place)(request.actor):
        return redirect("reception:journey", reference=journey.reference)
    try:
        say_checked_in(request, journey, floor.check_in_journey(actor=request.actor, journey=journey))
    except NotNow as refusal:
        warn(request, refusal.message)
        return redirect("reception:journey", reference=journey.reference)
    return redirect("reception:board-page", house=place.key)


def _party_with(actor: Actor, house: House, typed: str) -> Journey | None:
    """The party whose exact reference was typed or scanned."""
    reference = known_reference(typed)
    journeys = with_steps(journeys_visible_to(actor).filter(house=house))
    return journeys.filter(reference=reference).first() if reference else None
