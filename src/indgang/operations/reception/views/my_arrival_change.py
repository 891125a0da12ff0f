"""Move or cancel a visit. Whoever opened the journey may; looking changes nothing."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from indgang.foundation.access.actors import citizen
from indgang.foundation.database import clock
from indgang.foundation.identifiers.keys import normal_reference
from indgang.foundation.ui.context import speak_for
from indgang.foundation.ui.tell import tell, warn
from indgang.operations.reception.actions.changes import cancel_journey, move_journey
from indgang.operations.reception.errors import NotNow, OfferRefused, PlacesGone
from indgang.operations.reception.forms.first_day import FirstDay
from indgang.operations.reception.queries.arrivals import Arrival, arrival, move_request
from indgang.operations.reception.queries.itineraries import PlannedItinerary
from indgang.operations.reception.queries.plans import PlanRequest
from indgang.operations.reception.queries.times import WEEKS, times_to_choose
from indgang.operations.reception.views import newcomer_session as session
from indgang.operations.reception.views.my_arrival import OPENS, not_opened
from indgang.operations.reception.views.newcomer_plan import WEEK, offered_times


def _opened(request: HttpRequest, reference: str) -> Arrival | None:
    """The journey, where this browser session has opened it and it still stands."""
    found = arrival(reference) if session.has_opened(request, reference) else None
    if found:
        speak_for(request, found.journey.house.region)
    return found


@never_cache
@require_http_methods(OPENS)
def move(request: HttpRequest, reference: str) -> HttpResponse:
    """Choose a new time for the steps that have not begun."""
    reference = normal_reference(reference)
    found = _opened(request, reference)
    if found is None:
        return not_opened(request)
    wish = None if found.journey.cancelled_at else move_request(found.journey)
    if wish is None:
        warn(request, _("There is nothing left to move. Plan a new visit instead."))
        return redirect("reception:my-arrival", reference)
    if request.method == "POST" and "choose" in request.POST:
        return _move(request, found, wish)
    return _show_times(request, found, wish)


def _move(request: HttpRequest, found: Arrival, wish: PlanRequest) -> HttpResponse:
    journey = found.journey
    try:
        move_journey(actor=citizen(journey.reference), journey=journey, offer=request.POST["choose"])
    except (OfferRefused, NotNow) as refusal:
        return _show_times(request, found, wish, problem=refusal.message)
    except PlacesGone as gone:
        return _show_times(request, found, wish, problem=gone.message, instead=gone.alternatives)
    tell(request, _("Your visit is moved. We have sent you a mail with the new times."))
    return redirect("reception:my-arrival", journey.reference)


def _show_times(
    request: HttpRequest, found: Arrival, wish: PlanRequest, problem: str = "", instead: tuple[PlannedItinerary, ...] = ()
) -> HttpResponse:
    """Times to choose from, other than the present one."""
    journey, house = found.journey, found.journey.house
    tomorrow = clock.today(house.zone) + dt.timedelta(days=1)
    form = FirstDay({"look": request.GET["look"]} if "look" in request.GET else None, house, tomorrow)
    first = form.cleaned_data["look"] if form.is_bound and form.is_valid() else tomorrow
    ways = instead or times_to_choose(wish, first).itineraries
    present = {step.visit.service.key: step.starts for step in found.ahead}
    others = tuple(way for way in ways if {stop.service.key: stop.starts for stop in way.stops} != present)
    context = {
        "arrival": found,
        "journey": journey,
        "house": house,
        "form": form,
        "problem": problem,
        "times": offered_times(others, house),
        "weeks": WEEKS,
        "has_errors": bool(problem) or (form.is_bound and not form.is_valid()),
        **_weeks(journey.reference, others, first, clock.today(house.zone)),
    }
    return render(request, "reception/newcomer/move.html", context)


def _weeks(reference: str, ways: tuple[PlannedItinerary, ...], first: dt.date, today: dt.date) -> dict[str, Any]:
    address = reverse("reception:move", args=[reference])
    later = max(ways[0].dates[0] if ways else first, first) + WEEK
    earlier = first - WEEK
    return {"later": f"{address}?look={later}", "earlier": f"{address}?look={earlier}" if earlier >= today else ""}


@never_cache
@require_http_methods(OPENS)
def cancel(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask once, because it cannot be undone; then cancel."""
    reference = normal_reference(reference)
    found = _opened(request, reference)
    if found is None:
        return not_opened(request)
    journey = found.journey
    if journey.cancelled_at:
        return redirect("reception:my-arrival", reference)
    if request.method != "POST" and (found.ahead or found.only_in_line):
        return render(request, "reception/newcomer/cancel.html", {"arrival": found, "journey": journey, "house": journey.house})
    try:
        cancel_journey(actor=citizen(reference), journey=journey)
    except NotNow as refusal:
        warn(request, refusal.message)
    return redirect("reception:my-arrival", reference)
