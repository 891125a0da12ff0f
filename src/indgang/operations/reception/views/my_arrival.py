"""My arrival: what somebody without an account sees of their journey, and how they open it.

A key in a link proves that somebody has the mail; the code of the newest mail, typed and sent by POST, opens the journey for this browser
session. Looking at a link changes nothing, so a mail scanner that opens it uses nothing up.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from indgang.foundation.database import clock
from indgang.foundation.database.bilingual import in_language
from indgang.foundation.identifiers.keys import normal_reference
from indgang.foundation.ui.context import speak_for
from indgang.foundation.ui.tell import tell, warn
from indgang.operations.reception import links
from indgang.operations.reception.actions.changes import confirm_email, send_new_code
from indgang.operations.reception.calendars import calendar_of
from indgang.operations.reception.errors import NotNow
from indgang.operations.reception.forms.codes import CodeForm
from indgang.operations.reception.models import Journey
from indgang.operations.reception.models.journey import Status
from indgang.operations.reception.queries.arrivals import Arrival, ArrivalStep, arrival
from indgang.operations.reception.queries.closed_today import services_closed_today, services_closed_until
from indgang.operations.reception.queries.journeys import number_of
from indgang.operations.reception.queries.tickets import TicketNow, places_in_line
from indgang.operations.reception.views import newcomer_session as session

OPENS = ["GET", "HEAD", "POST"]


def not_opened(request: HttpRequest) -> HttpResponse:
    """The same answer for a journey that is not there, a wrong or old key, and a browser that has not opened it."""
    return render(request, "reception/newcomer/not_opened.html", status=404)


def opened_journey(request: HttpRequest, reference: str) -> Journey | None:
    """The journey, where this browser session has opened it."""
    return _journey(reference) if session.has_opened(request, reference) else None


def _journey_to_open(request: HttpRequest, reference: str) -> tuple[Journey | None, str]:
    """The journey that this browser may open with a code, and the key that says so (empty where it was shown before)."""
    if session.has_proved(request, reference):
        return _journey(reference), ""
    key = (request.POST.get("key") or request.GET.get("key") or "")[:100]
    return links.journey_opened_by(reference=reference, key=key, purpose="manage"), key


def _journey(reference: str) -> Journey | None:
    return Journey.objects.filter(reference=reference).select_related("house__region", "contact__subject").first()


@never_cache
@require_safe
def my_arrival(request: HttpRequest, reference: str) -> HttpResponse:
    """The journey where it is open here; with a valid key the way to open it."""
    reference = normal_reference(reference)
    if session.has_opened(request, reference):
        if "key" in request.GET:
            return redirect("reception:my-arrival", reference)
        found = arrival(reference)
        return _show(request, found, CodeForm()) if found else not_opened(request)
    journey, key = _journey_to_open(request, reference)
    return _ask_for_code(request, journey, key, CodeForm()) if journey else not_opened(request)


@never_cache
@require_http_methods(OPENS)
def enter_code(request: HttpRequest, reference: str) -> HttpResponse:
    """Confirm the e-mail address with the code, and open the journey for this browser session."""
    reference = normal_reference(reference)
    if request.method != "POST":
        return redirect("reception:my-arrival", reference) if reference else not_opened(request)
    journey, key = opened_journey(request, reference), ""
    was_open = journey is not None
    if journey is None:
        journey, key = _journey_to_open(request, reference)
    if journey is None:
        return not_opened(request)
    form = CodeForm(request.POST)
    if form.is_valid():
        try:
            confirm_email(journey=journey, code=form.cleaned_data["code"])
        except NotNow as refusal:
            form.add_error("code", refusal.message)
        else:
            session.open_journey(request, reference)
            if journey.email_confirmed_at is None:
                tell(request, _("Thank you. Your e-mail address is confirmed."))
            return redirect("reception:my-arrival", reference)
    if not was_open:
        session.remember_proof(request, reference)
        return _ask_for_code(request, journey, key, form)
    found = arrival(reference)
    return _show(request, found, form) if found else not_opened(request)


@never_cache
@require_http_methods(OPENS)
def new_code(request: HttpRequest, reference: str) -> HttpResponse:
    """Send a new code to the contact's e-mail address."""
    reference = normal_reference(reference)
    if request.method != "POST":
        return redirect("reception:my-arrival", reference) if reference else not_opened(request)
    journey = opened_journey(request, reference)
    if journey is None:
        journey, _key = _journey_to_open(request, reference)
        if journey is None:
            return not_opened(request)
        session.remember_proof(request, reference)
    try:
        send_new_code(journey=journey)
    except NotNow as refusal:
        warn(request, refusal.message)
    else:
        tell(request, _("We have sent a new code to %(email)s. It replaces the one before.") % {"email": masked(journey)})
    return redirect("reception:my-arrival", reference)


@never_cache
@require_safe
def calendar(request: HttpRequest, reference: str) -> HttpResponse:
    """The journey as a calendar file, for the browser session that opened it or with a key from a mail."""
    reference = normal_reference(reference)
    journey = opened_journey(request, reference)
    if journey is None:
        journey = links.journey_opened_by(reference=reference, key=request.GET.get("key", "")[:100], purpose="calendar")
    if journey is None:
        return not_opened(request)
    answer = HttpResponse(calendar_of(journey), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{reference}.ics"'
    return answer


def masked(journey: Journey) -> str:
    """The contact's e-mail address as far as somebody who knows it recognises it: "m•••@example.com"."""
    name, _at, domain = (journey.contact.email if journey.contact else "").rpartition("@")
    return f"{name[:1]}•••@{domain}" if name else ""


def _ask_for_code(request: HttpRequest, journey: Journey, key: str, form: CodeForm) -> HttpResponse:
    speak_for(request, journey.house.region)
    context = {"house": journey.house, "reference": journey.reference, "key": key, "email": masked(journey), "form": form}
    return render(request, "reception/newcomer/open.html", context)


def _block(step: ArrivalStep) -> dict[str, Any]:
    """A step as the time bar shows it: that it is planned need not be said."""
    block = {"title": step.title, "place": step.place, "starts": step.starts, "ends": step.ends, "walk_minutes": step.walk_minutes}
    return block if step.status == Status.PLANNED else {**block, "status": step.status}


def _closed(found: Arrival) -> ArrivalStep | None:
    """The step they wait for in the house that no desk does any more today."""
    waiting = [step for step in found.steps if step.visit.status == Status.WAITING]
    if not waiting or found.called_to:
        return None
    closed = services_closed_today(found.journey.house)
    return next((step for step in waiting if step.visit.service in closed), None)


def _closed_until(found: Arrival) -> tuple[ArrivalStep, dt.time] | None:
    """The step they wait for in the house whose desk is closed for a while, and until when."""
    waiting = [step for step in found.steps if step.visit.status == Status.WAITING]
    if not waiting or found.called_to:
        return None
    until = services_closed_until(found.journey.house)
    return next(((step, until[step.visit.service.key]) for step in waiting if step.visit.service.key in until), None)


def _lines(found: Arrival) -> list[TicketNow]:
    """Where a party that is in the house stands in line for what is due, or for what it was sent on to."""
    today = clock.today(found.journey.house.zone)
    ticket = next((row for row in found.journey.tickets.all() if row.date == today), None)
    return places_in_line(ticket) if ticket and found.in_house and not found.called_to else []


def _show(request: HttpRequest, found: Arrival, form: CodeForm) -> HttpResponse:
    journey = found.journey
    speak_for(request, journey.house.region)
    context = {
        "lines": _lines(found),
        "number": number_of(found.journey) if found.in_house else None,
        "arrival": found,
        "closed_step": _closed(found),
        "closed_until": _closed_until(found),
        "bars": [(day[0].starts, [_block(step) for step in day]) for day in found.days],
        "journey": journey,
        "house": journey.house,
        "form": form,
        "email": journey.contact.email if journey.contact else "",
        "directions": in_language(journey.house.directions),
        "check_in_address": f"{settings.BASE_URL}{reverse('reception:check-in-code', args=[journey.reference])}",
    }
    return render(request, "reception/newcomer/arrival.html", context)
