"""The ticket on the phone of whoever holds it: the number, the place in line, the wait, and where to go when it is called."""

from __future__ import annotations

import hashlib

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from indgang.foundation.ui.context import speak_for
from indgang.operations.reception.interpreter_words import interpreter_in_words
from indgang.operations.reception.models import Ticket
from indgang.operations.reception.queries.after_visit import asked_by_ticket
from indgang.operations.reception.queries.stamps import state_now
from indgang.operations.reception.queries.tickets import ENDED, TicketNow, ticket_now, ticket_opened_by
from indgang.operations.reception.queries.waits_told import FRESH_SECONDS
from indgang.operations.reception.views.renewed import (
    asks_again,
    page_and_part,
    poll_headers,
    remember_stamp,
    stamp_held,
    stamp_in,
    stamped,
)

KEY_LENGTH = 100


@require_safe
@page_and_part
def ticket(request: HttpRequest, number: int) -> HttpResponse:
    """The ticket as it stands, for whoever has its key. Asked by the page itself: the part that changes, or "not modified"."""
    found = ticket_opened_by(number=number, key=request.GET.get("key", "")[:KEY_LENGTH])
    if found is None:
        return render(request, "reception/hall/no_ticket.html", status=404)
    speak_for(request, found.house.region)
    state = state_now(found.house, FRESH_SECONDS)
    known = stamp_in(state, found.pk)
    if known and stamp_held(request) == known:
        return stamped(HttpResponse(status=304), known)
    now = ticket_now(found)
    interpreter = interpreter_in_words(found.journey, now.wait) if now.status != ENDED else ""
    stamp = _stamp(now, interpreter)
    remember_stamp(state, found.pk, stamp)
    if stamp_held(request) == stamp:
        return stamped(HttpResponse(status=304), stamp)
    context = {"now": now, "ticket": found, "house": found.house, "poll_headers": poll_headers(stamp), "here": request.get_full_path()}
    context["interpreter"] = interpreter
    context["asks_after"] = now.status == ENDED and asks_after(found, request.GET.get("key", "")[:KEY_LENGTH])
    template = "reception/hall/ticket_now.html" if asks_again(request) else "reception/hall/ticket.html"
    return stamped(render(request, template, context), stamp)


def asks_after(ticket: Ticket, key: str) -> bool:
    """Whether its holder can say how the visit was."""
    asked = asked_by_ticket(ticket.number, key)
    return asked is not None and not asked.used


def _stamp(now: TicketNow, interpreter: str) -> str:
    shown = (
        now.status,
        now.calls,
        now.place,
        now.minutes,
        now.desk and now.desk.pk,
        now.service and now.service.pk,
        now.held_for,
        now.time_kept,
        now.closed,
        now.closed_until,
        now.room and now.room.title,
        now.for_a_room,
        now.closes,
        now.after_closing,
        now.too_late,
        now.not_served,
        interpreter,
        get_language(),
    )
    return f'"{hashlib.sha256(repr(shown).encode()).hexdigest()[:32]}"'
