"""Booked parties of days that are over, of which nobody noted whether they came: who they are, and telling it afterwards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from indgang.foundation.access.decorators import StaffRequest, staff_required
from indgang.foundation.journal.actions import record_read
from indgang.foundation.ui.tell import tell
from indgang.foundation.ui.words import day_in_words
from indgang.operations.reception import permissions
from indgang.operations.reception.actions.came import tell_whether_they_came, undo_telling
from indgang.operations.reception.models import Visit
from indgang.operations.reception.models.journey import Status
from indgang.operations.reception.queries.came import Party, parties_not_noted
from indgang.operations.reception.queries.next_steps import booked_at
from indgang.operations.reception.views.staff_answers import address, back, house_named, journey_named, staff_post
from indgang.operations.reception.views.staff_floor import party_in_words
from indgang.operations.reception.views.staff_rows import party_name


def noted_of(visit: Visit, told: Sequence[Party]) -> str:
    """What a day that is over left of a step that has had no other time since: the outcome of its turn."""
    at = booked_at(visit) if visit.status == Status.PLANNED else None
    same = (turn.outcome for party in told for turn in party.turns if turn.visit_id == visit.pk and turn.booked_for == at)
    return next(same, "")


@never_cache
@require_safe
@staff_required
def not_noted(request: StaffRequest, house: str) -> HttpResponse:
    """The parties of the last weeks, the latest day first."""
    place = house_named(request.actor, house)
    if not permissions.receive_people(place)(request.actor):
        raise Http404
    parties = parties_not_noted(request.actor, place)
    people = [party.journey.contact for party in parties if party.journey.contact]
    record_read(actor=request.actor, subject=place, about=people, house=place)
    rows = [(party, party_name(party.journey), ", ".join(turn.service.title for turn in party.turns)) for party in parties]
    return render(request, "reception/staff/not_noted.html", {"house": place, "zone": place.zone, "rows": rows})


@staff_post
def came(request: StaffRequest, reference: str, day: str) -> HttpResponse:
    """They came, or they did not."""
    journey, date = journey_named(request.actor, reference), _date(day)
    yes = request.POST.get("came") == "yes"
    tell_whether_they_came(actor=request.actor, journey=journey, day=date, came=yes)
    text = _("Noted: %(party)s came on %(day)s.") if yes else _("Noted: %(party)s did not come on %(day)s.")
    undo = address("undo-came", journey.reference, day, back=request.GET.get("back", "journey"), house=journey.house.key)
    tell(request, text % {"party": party_in_words(journey), "day": day_in_words(date)}, undo=undo)
    return back(request, reference=reference, house=journey.house.key)


@staff_post
def undo_came(request: StaffRequest, reference: str, day: str) -> HttpResponse:
    """Nobody knows after all."""
    journey, date = journey_named(request.actor, reference), _date(day)
    undo_telling(actor=request.actor, journey=journey, day=date)
    facts = {"party": party_in_words(journey), "day": day_in_words(date)}
    tell(request, _("Undone: it is not known whether %(party)s came on %(day)s.") % facts)
    return back(request, reference=reference, house=journey.house.key)


def _date(day: str) -> dt.date:
    try:
        return dt.date.fromisoformat(day)
    except ValueError:
        raise Http404 from None
