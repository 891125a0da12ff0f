"""Planning, holding, booking, reading, moving and cancelling a journey, without an account."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from ninja import Header, Router, Status
from ninja.responses import codes_4xx

from indgang.foundation.access import actors
from indgang.foundation.database import clock
from indgang.foundation.identifiers.keys import new_key
from indgang.operations.reception import links
from indgang.operations.reception.actions.booking import book_journey
from indgang.operations.reception.actions.changes import cancel_journey, move_journey
from indgang.operations.reception.actions.holds import hold_offer
from indgang.operations.reception.api import answers, schemas
from indgang.operations.reception.api.public_api import house_named
from indgang.operations.reception.calendars import calendar_of
from indgang.operations.reception.contacts import Contact, Guest
from indgang.operations.reception.models import Journey
from indgang.operations.reception.queries.plans import plan_journey
from indgang.operations.reception.rules.journeys import Traveller
from indgang.operations.reception.wishes import checked_wish

router = Router(tags=["journeys"])

CLIENT_COOKIE = "client"
SEARCH = dt.timedelta(days=30)


@router.post("journeys/plan", response={200: answers.Plan, codes_4xx: answers.Problem}, summary="What to do, and when the house can do it")
def plan(request: HttpRequest, response: HttpResponse, wish: schemas.PlanIn) -> dict[str, Any]:
    """The steps for these people and up to `limit` itineraries: earliest end first, then least waiting. Reserves nothing."""
    house = house_named(wish.house)
    earliest = wish.earliest or clock.today(house.zone)
    language = wish.language if wish.language[:2] in dict(settings.LANGUAGES) else translation.get_language() or "en"
    with translation.override(language[:2]):
        request_ = checked_wish(
            house=house,
            travellers=_travellers(wish),
            earliest=earliest,
            latest=wish.latest or min(earliest, dt.date.max - SEARCH) + SEARCH,
            municipality=str(wish.municipality or ""),
            stay_months=wish.stay_months,
            language=wish.language,
            limit=wish.limit,
        )
        client_of(request, response)
        return schemas.plan_out(plan_journey(request_), language)


def _travellers(wish: schemas.PlanIn) -> list[Traveller]:
    """Everybody who comes; the first one for the stated purpose."""
    if wish.people:
        people = [Traveller(person.citizenship, person.child, person.purpose) for person in wish.people]
    else:
        people = [Traveller(wish.citizenship, number >= wish.adults, "") for number in range(wish.adults + wish.children)]
    if people:
        first = people[0]
        people[0] = Traveller(first.citizenship or wish.citizenship, first.child, first.purpose or wish.purpose)
    return people


def client_of(request: HttpRequest, response: HttpResponse) -> str:
    """The client's own key: from its cookie, or new and set as one. A client holds one offer at a time."""
    key = request.COOKIES.get(CLIENT_COOKIE, "") or new_key()
    response.set_cookie(CLIENT_COOKIE, key, max_age=24 * 3600, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
    return key


@router.post("journeys/hold", response={200: answers.Held, codes_4xx: answers.Problem}, summary="Keep an offer for some minutes")
def hold(request: HttpRequest, response: HttpResponse, body: schemas.OfferIn) -> dict[str, Any]:
    """Keep the places of an offer while somebody fills in a form. Nobody needs a hold to book."""
    held = hold_offer(client=client_of(request, response), offer=body.offer)
    return {"offer": body.offer, "held_until": held.held_until.astimezone(clock.now_zone()).isoformat()}


@router.post("journeys", response={201: answers.Booked, codes_4xx: answers.Problem}, summary="Book an offer")
def book(
    request: HttpRequest, body: schemas.JourneyIn, idempotency_key: str = Header("", alias="Idempotency-Key", max_length=255)
) -> Status:
    """Book every appointment of the offer, or none. The same request with the same Idempotency-Key gets the same answer."""
    language = body.contact.language[:2] if body.contact.language[:2] in dict(settings.LANGUAGES) else "en"
    with translation.override(language):
        booking = book_journey(
            actor=actors.ANONYMOUS,
            offer=body.offer,
            contact=Contact(body.contact.name, body.contact.email, body.contact.phone, language),
            people=[Guest(person.name, person.citizenship, person.child) for person in body.people],
            consent=body.consent,
            idempotency_key=idempotency_key,
            source="api",
        )
    answer = schemas.journey_out(booking.journey)
    calendar = f"{settings.BASE_URL}/api/v1/journeys/{booking.journey.reference}.ics?key={booking.calendar_key}"
    return Status(201, answer | {"manage_url": booking.manage_url, "calendar_url": calendar, "key": booking.manage_key})


def opened(reference: str, key: str, purpose: links.Purpose = "manage") -> Journey:
    """The journey, if the key opens it. Unknown reference and wrong key look the same."""
    journey = links.journey_opened_by(reference=reference, key=key, purpose=purpose)
    if journey is None:
        raise Http404
    return journey


@router.get("journeys/{reference}.ics", summary="The calendar file")
def calendar(request: HttpRequest, reference: str, key: str = "") -> HttpResponse:
    """The journey's appointments as iCalendar, with the calendar key or the manage key."""
    journey = opened(reference, key, "calendar")
    file = calendar_of(journey, method="CANCEL" if journey.cancelled_at else "PUBLISH")
    return HttpResponse(file, content_type="text/calendar; charset=utf-8")


@router.get("journeys/{reference}", response={200: answers.Journey, codes_4xx: answers.Problem}, summary="A journey")
def read(request: HttpRequest, reference: str, key: str = "") -> dict[str, Any]:
    """The journey that the key opens."""
    return schemas.journey_out(opened(reference, key))


@router.post("journeys/{reference}/cancel", response={200: answers.Journey, codes_4xx: answers.Problem}, summary="Cancel a journey")
def cancel(request: HttpRequest, reference: str, key: str = "") -> dict[str, Any]:
    """Cancel every step that has not begun."""
    journey = opened(reference, key)
    return schemas.journey_out(cancel_journey(actor=actors.citizen(journey.reference), journey=journey))


@router.post("journeys/{reference}/move", response={200: answers.Journey, codes_4xx: answers.Problem}, summary="Move a journey")
def move(request: HttpRequest, reference: str, body: schemas.OfferIn, key: str = "") -> dict[str, Any]:
    """Give every step that has not begun the time of the offer."""
    journey = opened(reference, key)
    return schemas.journey_out(move_journey(actor=actors.citizen(journey.reference), journey=journey, offer=body.offer))
