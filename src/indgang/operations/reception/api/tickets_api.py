"""Tickets for people without an appointment: a kiosk takes one, and whoever holds it follows its place in line."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest
from django.urls import reverse
from ninja import Field, Header, Router, Status

from indgang.foundation.access.actors import ANONYMOUS
from indgang.operations.reception.actions.tickets import Errands, take_ticket
from indgang.operations.reception.api import answers
from indgang.operations.reception.api.public_api import house_named
from indgang.operations.reception.api.schemas import Sent
from indgang.operations.reception.models.journey import Status as Status_
from indgang.operations.reception.queries.interpreters import first_interpreter
from indgang.operations.reception.queries.tickets import TicketNow, ticket_now, ticket_opened_by

router = Router(tags=["tickets"])


class TicketIn(Sent):
    """What somebody comes for."""

    service: str = Field(max_length=60)
    people: int = Field(1, ge=0, le=1000)
    language: str = Field("en", max_length=10)
    interpreter: str | None = Field("", max_length=10)
    municipality: str | None = Field("", max_length=50, coerce_numbers_to_str=True)


@router.post(
    "houses/{house}/tickets", response={201: answers.NewTicket, **answers.problems(400, 404, 409, 413, 422)}, summary="Take a ticket"
)
def take(
    request: HttpRequest, house: str, body: TicketIn, idempotency_key: str = Header("", alias="Idempotency-Key", max_length=255)
) -> Status:
    """A number and a place in line for somebody without an appointment.

    The same request with the same `Idempotency-Key` gets the same ticket again; the key is random, such as a UUID, for each visitor anew.
    """
    place = house_named(house)
    beside = {"interpreter": body.interpreter or "", "municipality": body.municipality or ""}
    errands = Errands([body.service], body.people, body.language, **beside)
    taken = take_ticket(actor=ANONYMOUS, house=place, errands=errands, request_key=idempotency_key and f"api:{idempotency_key}")
    url = f"{settings.BASE_URL}{reverse('reception:ticket', args=[taken.ticket.number])}?key={taken.key}"
    return Status(201, {**ticket_out(ticket_now(taken.ticket)), "key": taken.key, "url": url})


@router.get("tickets/{number}", response={200: answers.Ticket, **answers.problems(404, 422)}, summary="A ticket's place in line")
def ticket(request: HttpRequest, number: int, key: str = "") -> dict[str, Any]:
    """The place in line and the expected wait in minutes: eight of ten waits lie between `low` and `high`."""
    found = ticket_opened_by(number=number, key=key)
    if found is None:
        raise Http404
    return ticket_out(ticket_now(found))


def ticket_out(now: TicketNow) -> dict[str, Any]:
    """A ticket as the API tells it. While the party waits: from when on, after its wait, an interpreter is free."""
    journey, waits = now.ticket.journey, now.status in (Status_.WAITING, "aside")
    steps = journey.visits.filter(status=Status_.WAITING).select_related("service", "journey__house__region").order_by("position")
    free = first_interpreter(steps, now.wait) if journey.interpreter and waits else None
    return {
        "number": now.ticket.number,
        "house": now.ticket.house.key,
        "date": now.ticket.date.isoformat(),
        "status": now.status,
        "service": now.service.key if now.service else None,
        "people": journey.people,
        "place": now.place,
        "ahead": now.ahead,
        "wait": dict(zip(("minutes", "low", "high"), now.minutes, strict=True)) if now.minutes else None,
        "desk": now.desk.key if now.desk else None,
        "closes": now.closes.isoformat() if now.closes else None,
        "in_time": now.in_time,
        "not_served": now.not_served,
        "interpreter": journey.interpreter or None,
        "interpreter_from": free.at.isoformat() if free else None,
    }
