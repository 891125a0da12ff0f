"""Planning, holding, booking, reading, moving and cancelling a journey, without an account."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from ninja import Header, Router, Status

from indgang.foundation.access import actors
from indgang.foundation.database import clock
from indgang.foundation.identifiers.keys import new_key
from indgang.operations.reception.actions.booking import book_journey
from indgang.operations.reception.actions.changes import cancel_journey, move_journey
from indgang.operations.reception.actions.holds import hold_offer
from indgang.operations.reception.api import answers, schemas
from indgang.operations.reception.api.plan_wishes import opened, request_for
from indgang.operations.reception.calendars import calendar_of
from indgang.operations.reception.contacts import Contact, Guest
from indgang.operations.reception.errors import InvalidRequest
from indgang.operations.reception.queries.plans import plan_journey

router = Router(tags=["journeys"])

CLIENT_COOKIE = "client"
CALENDAR = {200: {"description": "iCalendar", "content": {"text/calendar": {"schema": {"type": "string"}}}}}


@router.post(
    "journeys/plan",
    response={200: answers.Plan, **answers.problems(400, 404, 409, 413, 422)},
    summary="What to do, and when the house can do it",
)
def plan(request: HttpRequest, response: HttpResponse, wish: schemas.PlanIn) -> dict[str, Any]:
    """The steps for these people and up to `limit` itineraries: earliest end first, then least waiting. Reserves nothing."""
    language = written_language(wish.language)
    with translation.override(language):
        request_ = request_for(wish, language)
        client_of(request, response)
        return schemas.plan_out(plan_journey(request_), language)


def written_language(said: str) -> str:
    """The language to answer and to write in: the one that the body says where it is ours, else that of Accept-Language."""
    own = dict(settings.LANGUAGES)
    return next((code for code in (said[:2].lower(), (translation.get_language() or "")[:2]) if code in own), "en")


def client_of(request: HttpRequest, response: HttpResponse) -> str:
    """The client's own key: from its cookie, or new and set as one. A client holds one offer at a time."""
    key = request.COOKIES.get(CLIENT_COOKIE, "") or new_key()
    response.set_cookie(CLIENT_COOKIE, key, max_age=24 * 3600, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
    return key


@router.post(
    "journeys/hold",
    response={200: answers.Held, **answers.problems(400, 413, 422), 409: answers.PlacesGone},
    summary="Keep an offer for some minutes",
)
def hold(request: HttpRequest, response: HttpResponse, body: schemas.OfferIn) -> dict[str, Any]:
    """Keep the places of an offer while somebody fills in a form. Nobody needs a hold to book."""
    held = hold_offer(client=client_of(request, response), offer=body.offer)
    return {"offer": body.offer, "held_until": held.held_until.astimezone(clock.now_zone()).isoformat()}


@contextmanager
def fields_inside(part: str, *, of: Sequence[str]) -> Iterator[None]:
    """Name these fields by their path in the request, such as `contact.email`, when they cannot be used."""
    try:
        yield
    except InvalidRequest as refusal:
        raise InvalidRequest({f"{part}.{name}" if name in of else name: words for name, words in refusal.fields.items()}) from None


@router.post(
    "journeys", response={201: answers.Booked, **answers.problems(400, 413, 422, 429), 409: answers.PlacesGone}, summary="Book an offer"
)
def book(
    request: HttpRequest, body: schemas.JourneyIn, idempotency_key: str = Header("", alias="Idempotency-Key", max_length=255)
) -> Status:
    """Book every appointment of the offer, or none. The same request with the same Idempotency-Key gets the same answer."""
    contact = body.contact
    language = written_language(contact.language)
    with translation.override(language), fields_inside("contact", of=("name", "email", "phone")):
        booking = book_journey(
            actor=actors.ANONYMOUS,
            offer=body.offer,
            contact=Contact(contact.name, contact.email, contact.phone, language),
            people=[Guest(person.name, person.citizenship, person.child, person.purpose) for person in body.people],
            consent=body.consent,
            interpreter=body.interpreter,
            idempotency_key=idempotency_key,
            source="api",
        )
    answer = schemas.journey_out(booking.journey)
    calendar = f"{settings.BASE_URL}/api/v1/journeys/{booking.journey.reference}.ics?key={booking.calendar_key}"
    return Status(201, answer | {"manage_url": booking.manage_url, "calendar_url": calendar, "key": booking.manage_key})


@router.get(
    "journeys/{reference}.ics", response=answers.problems(404, 422), openapi_extra={"responses": CALENDAR}, summary="The calendar file"
)
def calendar(request: HttpRequest, reference: str, key: str = "") -> HttpResponse:
    """The journey's appointments as iCalendar, with the calendar key or the manage key."""
    journey = opened(reference, key, "calendar")
    file = calendar_of(journey, method="CANCEL" if journey.cancelled_at else "PUBLISH")
    return HttpResponse(file, content_type="text/calendar; charset=utf-8")


@router.get("journeys/{reference}", response={200: answers.Journey, **answers.problems(404, 422)}, summary="A journey")
def read(request: HttpRequest, reference: str, key: str = "") -> dict[str, Any]:
    """The journey that the key opens."""
    return schemas.journey_out(opened(reference, key))


@router.post("journeys/{reference}/cancel", response={200: answers.Journey, **answers.problems(404, 409, 422)}, summary="Cancel a journey")
def cancel(request: HttpRequest, reference: str, key: str = "") -> dict[str, Any]:
    """Cancel every step that has not begun."""
    journey = opened(reference, key)
    return schemas.journey_out(cancel_journey(actor=actors.citizen(journey.reference), journey=journey))


@router.post(
    "journeys/{reference}/move",
    response={200: answers.Journey, **answers.problems(400, 404, 413, 422), 409: answers.PlacesGone},
    summary="Move a journey",
)
def move(request: HttpRequest, reference: str, body: schemas.OfferIn, key: str = "") -> dict[str, Any]:
    """Give every step that has not begun the time of the offer."""
    journey = opened(reference, key)
    return schemas.journey_out(move_journey(actor=actors.citizen(journey.reference), journey=journey, offer=body.offer))
