"""Who waits for a time, for the floorwalkers: in their order, what each is offered, and taking somebody off who asks for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from indgang.foundation.access.actors import Actor
from indgang.foundation.access.decorators import StaffRequest, staff_required
from indgang.foundation.journal.actions import record_read
from indgang.foundation.places.models import House
from indgang.foundation.ui.tell import tell
from indgang.operations.reception import permissions
from indgang.operations.reception.actions.waiting import leave_waiting_list, still_wait
from indgang.operations.reception.models import WaitingEntry, WaitingOffer
from indgang.operations.reception.models.waiting import Answer
from indgang.operations.reception.queries.plans import request_of
from indgang.operations.reception.queries.waiting_list import is_resting, waiting_in, waiting_visible_to
from indgang.operations.reception.rules.waiting_list import HELD_MINUTES
from indgang.operations.reception.views.staff_answers import house_named, staff_post


@dataclass(frozen=True)
class Row:
    """Somebody who waits, as the page shows them."""

    number: int
    entry: WaitingEntry
    people: int
    children: int
    offer: WaitingOffer | None
    resting: bool


@never_cache
@require_safe
@staff_required
def waiting_list(request: StaffRequest, house: str) -> HttpResponse:
    """Everyone who waits for a time in the house, the first first."""
    place = _hosted(request.actor, house)
    entries = list(waiting_in(place, request.actor))
    record_read(actor=request.actor, subject=place, about=entries, house=place)
    rows = [_row(number, entry, place) for number, entry in enumerate(entries, start=1)]
    context: dict[str, Any] = {
        "house": place,
        "zone": place.zone,
        "rows": rows,
        "offered": sum(row.offer is not None for row in rows),
        "resting": sum(row.resting for row in rows),
        "minutes": HELD_MINUTES,
    }
    return render(request, "reception/staff/waiting.html", context)


def _row(number: int, entry: WaitingEntry, house: House) -> Row:
    request = request_of(entry.wish, house)
    offer = next((offer for offer in entry.offers.all() if offer.answer == Answer.OPEN), None)
    children = len(request.travellers) - request.adults
    return Row(number, entry, len(request.travellers), children, offer, is_resting(entry))


def _hosted(actor: Actor, key: str) -> House:
    place = house_named(actor, key)
    if not permissions.receive_people(place)(actor):
        raise Http404
    return place


def _waiting_there(request: StaffRequest, house: str, entry: UUID) -> WaitingEntry:
    found = waiting_visible_to(request.actor).filter(house=_hosted(request.actor, house), pk=entry).first()
    if found is None:
        raise Http404
    return found


@staff_post
def still_waiting(request: StaffRequest, house: str, entry: UUID) -> HttpResponse:
    """They have said, when they were called, that they still wait."""
    found = still_wait(actor=request.actor, entry=_waiting_there(request, house, entry))
    tell(request, _("%(name)s still waits, and is offered times again.") % {"name": found.name})
    return redirect("reception:waiting-list", house=house)


@staff_post
def remove_waiting(request: StaffRequest, house: str, entry: UUID) -> HttpResponse:
    """Take somebody off the list, as when they call and say that they wait no more."""
    found = _waiting_there(request, house, entry)
    leave_waiting_list(actor=request.actor, entry=found)
    tell(request, _("%(name)s is off the waiting list.") % {"name": found.name})
    return redirect("reception:waiting-list", house=house)
