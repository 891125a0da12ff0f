"""A new party at the counter: a short form, times for today, and booked and checked in with one more click."""

from __future__ import annotations

from dataclasses import replace

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from indgang.foundation.access.decorators import StaffRequest, staff_required
from indgang.foundation.database import clock
from indgang.foundation.places.models import House
from indgang.foundation.ui.tell import tell, warn
from indgang.foundation.ui.words import period_in_words
from indgang.operations.reception import permissions
from indgang.operations.reception.actions import floor
from indgang.operations.reception.actions.booking import Booking, book_journey
from indgang.operations.reception.errors import InvalidRequest, PlacesGone, ReceptionError
from indgang.operations.reception.forms.staff import PartyForm
from indgang.operations.reception.queries.plans import Plan, plan_journey
from indgang.operations.reception.views.staff_answers import house_named
from indgang.operations.reception.views.staff_journey import APART_MINUTES, DAYS_AHEAD


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def new_party(request: StaffRequest, house: str) -> HttpResponse:
    """Ask, show times, book. Nothing is kept until a time is chosen."""
    place = house_named(request.actor, house)
    if not permissions.receive_people(place)(request.actor):
        raise Http404
    form = PartyForm(request.POST or None, house=place)
    plan = None
    if form.is_bound and form.is_valid():
        try:
            if request.POST.get("offer"):
                return _booked(request, place, form)
            plan = plan_of(form)
        except InvalidRequest as refusal:
            _put_on(form, refusal)
        except PlacesGone as gone:
            warn(request, gone.message)
            plan = plan_of(form)
        except ReceptionError as refusal:
            warn(request, refusal.message)
    today = clock.today(place.zone)
    context = {
        "house": place,
        "zone": place.zone,
        "form": form,
        "plan": plan,
        "only_later": plan is not None and any(way.starts.astimezone(place.zone).date() > today for way in plan.itineraries[:1]),
    }
    return render(request, "reception/staff/new_party.html", context)


def plan_of(form: PartyForm) -> Plan:
    """Times for today; where today cannot hold it all, the first days that can."""
    today = plan_journey(replace(form.wish(days=0), apart_minutes=APART_MINUTES))
    if today.itineraries or not today.needs.steps:
        return today
    return plan_journey(replace(form.wish(days=DAYS_AHEAD), apart_minutes=APART_MINUTES))


def _put_on(form: PartyForm, refusal: InvalidRequest) -> None:
    """Each message at its field."""
    at = {"people": "adults", "stay_months": "stay"}
    for name, message in refusal.fields.items():
        field = at.get(name, name.rpartition(".")[2])
        form.add_error(field if field in form.fields else None, message)


def _booked(request: StaffRequest, house: House, form: PartyForm) -> HttpResponse:
    booking = book_journey(
        actor=request.actor, offer=request.POST["offer"], contact=form.contact(), people=form.guests(), consent=True, source="desk"
    )
    starts = min(visit.appointment.starts for visit in booking.journey.visits.select_related("appointment"))
    facts = {
        "name": form.cleaned_data["name"],
        "reference": booking.journey.reference,
        "when": period_in_words(starts, None, house.zone),
    }
    if starts.astimezone(house.zone).date() == clock.today(house.zone):
        _check_in(request, booking)
        tell(request, _("Booked and checked in: %(name)s, code %(reference)s. First step: %(when)s.") % facts)
    else:
        tell(request, _("Booked: %(name)s, code %(reference)s. First step: %(when)s.") % facts)
    return redirect("reception:journey", reference=booking.journey.reference)


def _check_in(request: StaffRequest, booking: Booking) -> None:
    floor.check_in_journey(actor=request.actor, journey=booking.journey)
