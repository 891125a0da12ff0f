"""The waiting list: leave a wish, confirm the address, look at it, take or decline what is offered, and leave.

The key is in the letters only: whoever has it reads the mail of the address that was given.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils import translation
from django.utils.translation import gettext as _
from ninja import Header, Router, Status

from indgang.foundation.access.actors import ANONYMOUS
from indgang.foundation.database import clock
from indgang.foundation.identifiers.keys import new_key
from indgang.operations.reception.actions.waiting import accept_offer, confirm_entry, decline_offer, join_waiting_list, leave_waiting_list
from indgang.operations.reception.api import answers, schemas
from indgang.operations.reception.api.journeys_api import fields_inside, written_language
from indgang.operations.reception.api.plan_wishes import request_for
from indgang.operations.reception.contacts import Contact
from indgang.operations.reception.errors import InvalidRequest
from indgang.operations.reception.models import WaitingEntry, WaitingOffer
from indgang.operations.reception.models.waiting import Answer
from indgang.operations.reception.rules.waiting_list import UNANSWERED_AT_MOST
from indgang.operations.reception.waiting_links import entry_key, opens

router = Router(tags=["waiting list"])
WISHED = ("earliest", "latest", "people", "municipality", "stay_months", "citizenship", "purpose", "adults", "house", "journey")


class WaitingIn(schemas.Sent):
    """A wish as in a plan call, with names in `people`, and whom the house writes to."""

    wish: schemas.PlanIn
    contact: schemas.ContactIn
    consent: bool = False


@router.post("waiting", response={201: answers.Waiting, **answers.problems(400, 404, 409, 413, 422, 429)}, summary="Wait for a time")
def wait(request: HttpRequest, body: WaitingIn, idempotency_key: str = Header("", alias="Idempotency-Key", max_length=255)) -> Status:
    """Leave a wish. It counts once the address was confirmed with the key in the e-mail. The same `Idempotency-Key` is the same wish."""
    language = written_language(body.contact.language)
    contact = Contact(body.contact.name, body.contact.email, body.contact.phone, language)
    with translation.override(language), fields_inside("contact", of=("name", "email", "phone")), fields_inside("wish", of=WISHED):
        if body.wish.journey:
            raise InvalidRequest({"journey": _("Somebody who has a visit plans new times for it. Leave this empty.")})
        entry = join_waiting_list(
            request=request_for(body.wish, language),
            contact=contact,
            companions=[person.name for person in body.wish.people[1:]],
            consent=body.consent,
            request_key=f"api:{body.wish.house}:{idempotency_key or new_key()}",
            exact=True,
        )
    return Status(201, waiting_out(entry))


def entry_opened(number: UUID, key: str) -> WaitingEntry:
    """The entry, if the key opens it. An unknown one and a wrong key look the same."""
    entry = WaitingEntry.objects.select_related("house__region", "journey").filter(pk=number).first()
    if entry is None or not opens(entry_key(entry), key):
        raise Http404
    return entry


def offer_opened(number: UUID, offer: UUID, key: str) -> WaitingOffer:
    """An offer to the entry that the key opens."""
    found = entry_opened(number, key).offers.select_related("entry__house__region").filter(pk=offer).first()
    if found is None:
        raise Http404
    return found


@router.get("waiting/{number}", response={200: answers.Waiting, **answers.problems(404, 422)}, summary="A place on the waiting list")
def look(request: HttpRequest, number: UUID, key: str = "") -> dict[str, Any]:
    """Whether they still wait, and what is offered to them now."""
    return waiting_out(entry_opened(number, key))


@router.post("waiting/{number}/confirm", response={200: answers.Waiting, **answers.problems(404, 409, 422)}, summary="Confirm the address")
def confirm(request: HttpRequest, number: UUID, key: str = "") -> dict[str, Any]:
    """From now on they wait. Once is enough."""
    return waiting_out(confirm_entry(entry=entry_opened(number, key)))


@router.post("waiting/{number}/leave", response={200: answers.Waiting, **answers.problems(404, 422)}, summary="Leave the waiting list")
def leave(request: HttpRequest, number: UUID, key: str = "") -> dict[str, Any]:
    """What is held for them goes to the next. Twice changes nothing."""
    return waiting_out(leave_waiting_list(actor=ANONYMOUS, entry=entry_opened(number, key)))


@router.post(
    "waiting/{number}/offers/{offer}/accept",
    response={200: answers.Journey, **answers.problems(404, 409, 422, 429)},
    summary="Take the time that is offered",
)
def accept(request: HttpRequest, number: UUID, offer: UUID, key: str = "") -> dict[str, Any]:
    """Book all of it, once: a second time is a conflict, and so is a time that has gone to the next."""
    return schemas.journey_out(accept_offer(offer=offer_opened(number, offer, key)).journey)


@router.post(
    "waiting/{number}/offers/{offer}/decline", response={200: answers.Waiting, **answers.problems(404, 409, 422)}, summary="Not this time"
)
def decline(request: HttpRequest, number: UUID, offer: UUID, key: str = "") -> dict[str, Any]:
    """It goes to the next in line; they wait on."""
    decline_offer(offer=offer_opened(number, offer, key))
    return waiting_out(entry_opened(number, key))


def waiting_out(entry: WaitingEntry) -> dict[str, Any]:
    """A place on the waiting list as the API tells it."""
    open_ = entry.offers.filter(answer=Answer.OPEN, until__gt=clock.now()).first() if not entry.ended_at else None
    zone = entry.house.zone
    offer = open_ and {
        "id": str(open_.pk),
        **{name: getattr(open_, name).astimezone(zone).isoformat() for name in ("starts", "ends", "until")},
    }
    return {
        "id": str(entry.pk),
        "house": entry.house.key,
        "status": _status(entry, open_),
        "earliest": entry.earliest.isoformat(),
        "latest": entry.latest.isoformat(),
        "people": 1 + len(entry.companions),
        "offer": offer,
        "journey": entry.journey.reference if entry.journey else None,
    }


def _status(entry: WaitingEntry, offer: WaitingOffer | None) -> str:
    if entry.ended_at:
        return entry.ended
    if entry.confirmed_at is None:
        return "unconfirmed"
    if offer:
        return "offered"
    return "resting" if entry.unanswered >= UNANSWERED_AT_MOST else "waiting"
