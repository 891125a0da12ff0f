"""The floorwalker's board: the day by groups, searched while typing, renewed by itself; and checking in by a scanned code."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from indgang.foundation.access.actors import Actor
from indgang.foundation.access.decorators import StaffRequest, staff_required
from indgang.foundation.database import clock
from indgang.foundation.identifiers.keys import normal_reference
from indgang.foundation.journal.actions import record_read
from indgang.foundation.places.models import House
from indgang.foundation.ui.tell import warn
from indgang.operations.reception import permissions
from indgang.operations.reception.actions import floor
from indgang.operations.reception.errors import NotNow
from indgang.operations.reception.models import Journey
from indgang.operations.reception.queries.board import board
from indgang.operations.reception.queries.journeys import houses_of, journeys_visible_to, with_steps
from indgang.operations.reception.queries.stamps import stamp_of_day
from indgang.operations.reception.queries.waiting_list import waiting_visible_to
from indgang.operations.reception.views.staff_answers import address, house_named, known_reference, poll_headers, staff_post, stamped
from indgang.operations.reception.views.staff_floor import say_checked_in
from indgang.operations.reception.views.staff_rows import Reader, board_of

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
@staff_required
def board_page(request: StaffRequest, house: str) -> HttpResponse:
    """Today in the house. Asked by the page itself it answers the board alone, or "not modified"."""
    place = house_named(request.actor, house)
    wanted = request.GET.get("q", "")[:SEARCH_LENGTH]
    stamp = stamp_of_day(place, wanted, request.user.pk, sorted(request.actor.roles))
    asked = "HX-Request" in request.headers
    polled = "If-None-Match" in request.headers
    if polled and request.headers["If-None-Match"] == stamp:
        return stamped(HttpResponse(status=304), stamp)
    rows = board(actor=request.actor, house=place)
    if not asked:
        people = [row.journey.contact for row in rows if row.journey.contact]
        record_read(actor=request.actor, subject=place, about=people, house=place)
    context = {
        "house": place,
        "zone": place.zone,
        "date": clock.today(place.zone),
        "wanted": wanted,
        "poll_headers": poll_headers(stamp),
        "board": board_of(rows, Reader.of(request.actor, place.region_id), wanted),
        "receives": permissions.receive_people(place)(request.actor),
        "waiting": None if asked else waiting_visible_to(request.actor).filter(house=place).count(),
        "with_messages": asked and not polled,
    }
    return stamped(render(request, "reception/staff/board_parts.html" if asked else "reception/staff/board.html", context), stamp)


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
