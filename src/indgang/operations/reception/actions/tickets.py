"""Numbers in the hall: a walk-in takes a ticket, and a booked party gets its number when it arrives."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from indgang.foundation.access.actors import Actor, require
from indgang.foundation.database import clock
from indgang.foundation.identifiers.keys import derived_key, digest, new_key, new_reference
from indgang.foundation.places.models import House, Municipality
from indgang.foundation.ui.words import day_in_words, time_in_words
from indgang.operations.reception import permissions
from indgang.operations.reception.actions.entries import write_journey_entry
from indgang.operations.reception.actions.places import lock
from indgang.operations.reception.errors import InvalidRequest, NotNow
from indgang.operations.reception.models import IdempotentRequest, Journey, Priority, Service, Ticket, Visit
from indgang.operations.reception.models.journey import Status
from indgang.operations.reception.queries.doors import doors
from indgang.operations.reception.wishes import checked_interpreter, known_municipality

PEOPLE_AT_MOST = 12
WAITING_AT_MOST = 200
LANGUAGE = 2


@dataclass(frozen=True)
class TakenTicket:
    """A ticket and the key of its link, which is told once."""

    ticket: Ticket
    key: str


@dataclass(frozen=True)
class Errands:
    """What somebody without an appointment comes for: keys of services, how many people, the language they want to speak, and where
    they live (the code of a municipality; "" = not known).
    """

    services: Sequence[str]
    people: int = 1
    language: str = "en"
    priority: str = ""
    interpreter: str = ""
    municipality: str = ""


@transaction.atomic
def take_ticket(*, actor: Actor, house: House, errands: Errands, request_key: str = "") -> TakenTicket:
    """Give somebody who has no appointment a number and a place in line.

    The same request with the same `request_key` on the same day gets the same ticket again. Only the floorwalkers give a priority, and only
    they give tickets while the doors are closed or the hall is full. Raises InvalidRequest naming the fields `service`, `people`,
    `priority`, `interpreter` or `municipality`, and NotNow when the doors are closed or the hall is full, or the key was used for another
    request.
    """
    wanted = _checked(actor, house, errands)
    services, priority = wanted.services, wanted.priority
    today = clock.today(house.zone)
    key = derived_key("ticket", house.pk, today, request_key) if request_key else new_key()
    lock(f"tickets:{house.pk}:{today}")
    again = Ticket.objects.filter(key_digest=digest(key)).select_related("journey", "house").first()
    if again:
        _refuse_another_request(key, errands)
        return TakenTicket(again, key)
    if actor.kind != "system" and not permissions.receive_people(house)(actor):
        _refuse_closed_doors(house, services)
        _refuse_full_hall(house, today)
    journey = Journey.objects.create(
        reference=new_reference(),
        house=house,
        language=errands.language[:LANGUAGE].lower() or "en",
        adults=errands.people,
        interpreter=wanted.interpreter,
        municipality=wanted.municipality,
        source="ticket",
        priority=priority,
    )
    now = clock.now()
    Visit.objects.bulk_create(
        Visit(journey=journey, service=service, position=position, people=errands.people, status=Status.WAITING, arrived_at=now)
        for position, service in enumerate(services)
    )
    ticket = _number(journey, today, digest(key))
    if request_key:
        IdempotentRequest.objects.create(key_digest=digest(key), body_digest=_body_digest(errands), journey=journey, created_at=now)
    facts = {"priority": priority.key} if priority else {}
    facts |= {"municipality": wanted.municipality.code} if wanted.municipality else {}
    told = {"services": [row.key for row in services], "number": ticket.number, **facts}
    write_journey_entry(actor, "ticket.taken", journey, at=now, after=told)
    return TakenTicket(ticket, key)


def _body_digest(errands: Errands) -> str:
    return digest(json.dumps(asdict(errands)))


def _refuse_another_request(key: str, errands: Errands) -> None:
    """Nobody is given the ticket of somebody else, with the key that opens it."""
    first = IdempotentRequest.objects.filter(key_digest=digest(key)).first()
    if first is None or first.body_digest != _body_digest(errands):
        raise NotNow(_("This Idempotency-Key was used for another ticket. Use a new key for each visitor."))


@dataclass(frozen=True)
class _Wanted:
    services: list[Service]
    priority: Priority | None
    interpreter: str
    municipality: Municipality | None


def _checked(actor: Actor, house: House, errands: Errands) -> _Wanted:
    fields: dict[str, str] = {}
    offered = {row.key: row for row in Service.objects.filter(desks__house=house).select_related("authority").distinct()}
    wanted = list(dict.fromkeys(errands.services))
    unknown = next((key for key in wanted if key not in offered), None)
    if not wanted or unknown is not None:
        fields["service"] = _("This house has no service “%(key)s”. Choose one of: %(services)s.") % {
            "key": (unknown or "")[:60],
            "services": ", ".join(sorted(offered)),
        }
    if not 1 <= errands.people <= PEOPLE_AT_MOST:
        fields["people"] = _("Write a number of people from 1 to %(most)s.") % {"most": PEOPLE_AT_MOST}
    priority = None
    if errands.priority:
        require(permissions.receive_people(house), actor)
        priority = Priority.objects.filter(house=house, key=errands.priority).first()
        if priority is None:
            fields["priority"] = _("This house does not know the reason “%(key)s”.") % {"key": errands.priority[:60]}
    interpreter = checked_interpreter(house, errands.interpreter, fields)
    municipality = known_municipality(house, errands.municipality, fields)
    if fields:
        raise InvalidRequest(fields)
    return _Wanted([offered[key] for key in wanted], priority, interpreter, municipality)


def _refuse_closed_doors(house: House, services: Sequence[Service]) -> None:
    """The kiosk shows no more than this; whoever asks in another way is told the same."""
    now = doors(house)
    if now.open:
        done_today = {row.key for row in now.services}
        missing = [row.title for row in services if row.key not in done_today]
        if missing:
            raise InvalidRequest({"service": _("No open desk does “%(service)s” today. Book a time instead.") % {"service": missing[0]}})
    elif now.opens:
        facts = {"day": day_in_words(now.opens, house.zone), "time": time_in_words(now.opens, house.zone)}
        raise NotNow(_("We are closed now. We open on %(day)s at %(time)s.") % facts)
    else:
        raise NotNow(_("We are closed now. No opening is planned yet. Ask us by telephone or e-mail."))


def _refuse_full_hall(house: House, today: dt.date) -> None:
    waiting = Ticket.objects.filter(house=house, date=today, journey__source="ticket", journey__visits__status=Status.WAITING)
    if waiting.distinct().count() >= WAITING_AT_MOST:
        raise NotNow(_("So many people wait that no more tickets are given just now. Ask the staff, or book a time."))


def number_party(*, journey: Journey) -> Ticket:
    """The party's number today, given now if it has none: whoever checks a booked party in asks for it, within a transaction."""
    today = clock.today(journey.house.zone)
    standing = Ticket.objects.filter(journey=journey, date=today).first()
    if standing:
        return standing
    lock(f"tickets:{journey.house_id}:{today}")
    return _number(journey, today, digest(new_key()))


def _number(journey: Journey, today: dt.date, key_digest: str) -> Ticket:
    last = Ticket.objects.filter(house=journey.house, date=today).aggregate(last=Max("number"))["last"] or 0
    return Ticket.objects.create(
        journey=journey, house=journey.house, date=today, number=last + 1, key_digest=key_digest, issued_at=clock.now()
    )
