"""New times for a visit beside the booked ones: shown first, step by step and as a whole, and chosen; before that nothing changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from indgang.foundation.access.actors import require
from indgang.foundation.access.decorators import StaffRequest, staff_required
from indgang.foundation.ui.tell import tell, warn
from indgang.foundation.ui.words import period_in_words
from indgang.operations.reception import permissions
from indgang.operations.reception.actions.changes import appointments_ahead, move_journey
from indgang.operations.reception.emails import has_been_told
from indgang.operations.reception.errors import PlacesGone, ReceptionError
from indgang.operations.reception.models import Appointment, Journey
from indgang.operations.reception.queries.itineraries import PlannedItinerary, PlannedStop
from indgang.operations.reception.queries.overruns import rest_planned_anew
from indgang.operations.reception.views.moved_back import way_back
from indgang.operations.reception.views.staff_answers import journey_named
from indgang.operations.reception.views.staff_rows import party_name


@dataclass(frozen=True)
class Proposal:
    """Times on offer, each beside the one that its step has now."""

    itinerary: PlannedItinerary
    steps: list[tuple[Appointment | None, PlannedStop]]
    zone: ZoneInfo

    @property
    def names_days(self) -> bool:
        """Whether the old and the new times are not all on one day."""
        times = [times.starts for step in self.steps for times in step if times]
        return len({starts.astimezone(self.zone).date() for starts in times}) > 1

    @property
    def changes_nothing(self) -> bool:
        """Whether every step would stay at its desk and time, with whom and what is booked with it."""
        return all(
            old and _where(old.desk_id, old, (old.interpreter_id, old.room_id)) == _where(new.desk.desk.pk, new, _beside(new))
            for old, new in self.steps
        )


def _where(desk: int, times: Appointment | PlannedStop, beside: tuple[int | None, int | None]) -> tuple[object, ...]:
    return desk, times.starts, times.ends, beside


def _beside(stop: PlannedStop) -> tuple[int | None, int | None]:
    return (stop.interpreter.pk if stop.interpreter else None), (stop.room.pk if stop.room else None)


def compared(journey: Journey, itineraries: Iterable[PlannedItinerary]) -> dict[str, Any]:
    """What is offered to a journey beside what it has, for the page; nothing that is what it has."""
    places = appointments_ahead(journey)
    now = {place.visit.service_id: place for place in places if place.visit}
    found = [Proposal(way, [(now.get(stop.service.pk), stop) for stop in way.stops], journey.house.zone) for way in itineraries]
    return {
        "proposals": [one for one in found if not one.changes_nothing],
        "booked": (min(place.starts for place in places), max(place.ends for place in places)) if places else None,
        "zone": journey.house.zone,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def move_the_rest(request: StaffRequest, reference: str) -> HttpResponse:
    """Where every step that has not begun could go, the first free times first; the one that is chosen is taken, all of it or nothing."""
    party = journey_named(request.actor, reference)
    require(permissions.manage(party), request.actor)
    if offer := request.POST.get("offer", ""):
        try:
            move_journey(actor=request.actor, journey=party, offer=offer)
        except PlacesGone as gone:
            warn(request, gone.message)
            return redirect("reception:move-the-rest", reference=party.reference)
        except ReceptionError as refusal:
            warn(request, refusal.message)
        else:
            say_moved(request, party)
        return redirect("reception:journey", reference=party.reference)
    plan = rest_planned_anew(party)
    if plan is None:
        warn(request, _("This visit is over, so there is nothing to change."))
        return redirect("reception:journey", reference=party.reference)
    context = {"journey": party, "name": party_name(party), **compared(party, plan.itineraries)}
    return render(request, "reception/staff/move_the_rest.html", context)


def say_moved(request: StaffRequest, party: Journey) -> None:
    """From when it is now, how to undo it, and whether somebody has to tell them."""
    first = min(appointment.starts for appointment in appointments_ahead(party))
    facts = {"name": party_name(party), "when": period_in_words(first, None, party.house.zone)}
    tell(request, _("Moved the rest of the visit: %(name)s, from %(when)s.") % facts, undo=way_back(request, party))
    say_who_is_told(request, party)


def say_who_is_told(request: StaffRequest, party: Journey) -> None:
    """Whether a letter goes to them."""
    party.refresh_from_db(fields=["sequence"])
    if has_been_told(party, party.sequence):
        tell(request, _("We have written to them."))
    elif party.contact and party.contact.email:
        tell(request, _("The time is the same, and no e-mail had named the desk, so none is written."))
    else:
        warn(request, _("No e-mail address. Somebody has to tell them."))
