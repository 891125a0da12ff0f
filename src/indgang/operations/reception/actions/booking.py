"""Booking a journey: all its appointments, or none."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from indgang.foundation.access.actors import Actor, require
from indgang.foundation.identifiers.keys import derived_key, digest
from indgang.foundation.journal import actions as journal
from indgang.foundation.places.models import House, Municipality
from indgang.foundation.vault.actions import create_subjects
from indgang.operations.reception import emails, links, permissions
from indgang.operations.reception.actions.entries import host_of
from indgang.operations.reception.actions.limits import free_reference, refuse_bulk, refuse_two_places_at_once
from indgang.operations.reception.actions.open_places import refuse_closed
from indgang.operations.reception.actions.places import Place, PlacesTaken, lock, share_opening, take_places
from indgang.operations.reception.contacts import Contact, Guest, checked_contact, checked_guests, party_digest
from indgang.operations.reception.errors import InvalidRequest, NotNow, OfferRefused, PlacesGone
from indgang.operations.reception.models import Appointment, Hold, IdempotentRequest, Journey, Service, Traveller, Visit
from indgang.operations.reception.models.journey import Purpose
from indgang.operations.reception.offers import Offer, OfferedStop, offer_digest, read_offer
from indgang.operations.reception.queries.plans import PlanRequest, fresh_alternatives, request_of
from indgang.operations.reception.rules.matching import Kind, matched
from indgang.registers.parties.models import Person


@dataclass(frozen=True)
class Booking:
    """What the person who booked is given: the journey and its first keys."""

    journey: Journey
    manage_key: str
    calendar_key: str

    @property
    def manage_url(self) -> str:
        """The link to "My arrival"."""
        return links.manage_url(self.journey.reference, self.manage_key)


@dataclass(frozen=True)
class _Order:
    """A checked booking request."""

    offer: Offer
    offer_text: str
    request: PlanRequest
    contact: Contact
    guests: tuple[Guest, ...]
    source: str
    body: str


def book_journey(
    *,
    actor: Actor,
    offer: str,
    contact: Contact,
    people: Sequence[Guest] = (),
    consent: bool,
    idempotency_key: str = "",
    source: str = "web",
    interpreter: str | None = None,
) -> Booking:
    """Book every appointment of an offer, write the confirmation, and answer the journey with its first keys.

    The same `idempotency_key` with the same request answers the booking that stands and writes nothing. Raises InvalidRequest,
    OfferRefused, TooManyBookings, NotNow (the key was used for another request) and PlacesGone, with up to three fresh itineraries.
    """
    read = _read(offer, idempotency_key)
    house = House.objects.select_related("region").get(key=read.house)
    staff = actor.kind == "staff"
    if staff:
        require(permissions.receive_people(house), actor)
    if not consent:
        raise InvalidRequest({"consent": _("Tick that we may keep your details for this visit. We cannot book without.")})
    contact = checked_contact(contact, email_needed=not staff)
    request = request_of(read.wish, house)
    if interpreter is not None and interpreter.strip().lower() != request.interpreter:
        raise InvalidRequest({"interpreter": _("The offer was made for another interpreter, or none. Ask for a new plan.")})
    guests = _matched(checked_guests(people), request)
    body = digest(json.dumps([offer, asdict(contact), [asdict(guest) for guest in guests]]))
    order = _Order(read, offer, request, contact, guests, source, body)
    try:
        with transaction.atomic():
            return _book(actor, order, idempotency_key)
    except PlacesTaken:
        raise PlacesGone(
            _("Somebody else has just taken one of these times. Choose one of the new ones."), fresh_alternatives(read, house)
        ) from None


def _read(offer: str, idempotency_key: str) -> Offer:
    """The offer; one that has run out only where it was booked with that key already."""
    try:
        return read_offer(offer)
    except OfferRefused:
        read = read_offer(offer, age_minutes=None)
        if idempotency_key and IdempotentRequest.objects.filter(key_digest=_key_digest(read.house, idempotency_key)).exists():
            return read
        raise


def _key_digest(house: str, idempotency_key: str) -> str:
    """Another house's key is not the same key."""
    return digest(f"journey:{house}:{idempotency_key}")


def _matched(guests: Sequence[Guest], request: PlanRequest) -> tuple[Guest, ...]:
    """The guests in the order of the offer's travellers. Raises InvalidRequest when they are not the people the offer was made for."""
    if not guests:
        return tuple(Guest("", traveller.citizenship, traveller.child) for traveller in request.travellers)
    travellers = [
        Kind(one.citizenship, one.child, one.purpose or (Purpose.FAMILY if position else ""))
        for position, one in enumerate(request.travellers)
    ]
    order = matched(travellers, [Kind(guest.citizenship, guest.child, guest.purpose) for guest in guests])
    if order is None:
        raise InvalidRequest({"people": _("The offer was made for other people. Ask for a new plan with the people who come.")})
    return tuple(guests[position] for position in order)


def _book(actor: Actor, order: _Order, idempotency_key: str) -> Booking:
    key_digest = _key_digest(order.offer.house, idempotency_key) if idempotency_key else ""
    share_opening(order.request.house.key)
    lock(*([f"request:{key_digest}"] if key_digest else []))
    standing = IdempotentRequest.objects.filter(key_digest=key_digest).select_related("journey__house").first() if key_digest else None
    if standing:
        if standing.body_digest != order.body:
            raise NotNow(_("This Idempotency-Key was used for another booking. Use a new key for a new booking."))
        return _with_keys(standing.journey)
    email, party = order.contact.email, party_digest(order.guests)
    now = refuse_bulk(email=email, party=party)
    refuse_two_places_at_once(email=email, party=party, starts=order.offer.starts, ends=order.offer.ends)
    refuse_closed(order.offer, order.request.house, now=now, on_the_spot=actor.kind == "staff")
    booking = _write(actor, order, now)
    journey = booking.journey
    if key_digest:
        IdempotentRequest.objects.create(key_digest=key_digest, body_digest=order.body, journey=journey, created_at=now)
    if order.contact.email:
        code = links.new_email_code(journey=journey)
        emails.send_booked(journey=journey, manage_url=links.new_manage_url(journey=journey), code=code)
    return booking


def _write(actor: Actor, order: _Order, now: dt.datetime) -> Booking:
    """The journey with its places. Raises PlacesTaken."""
    journey, people = _create_journey(order, now)
    visits = _create_visits(journey, order.offer.stops)
    _take(order, visits, now)
    booking = _with_keys(journey)
    _record(actor, journey, people, order, visits, now)
    return booking


def book_in_group(
    *, actor: Actor, offer: str, contact: Contact, guests: Sequence[Guest], source: str, now: dt.datetime, age_minutes: int
) -> Booking:
    """Book an offer as part of a group, in the caller's transaction; the group's own limits have been kept, and its letters are its own.

    `guests` stand in the order of the offer's travellers; the contact may be without an e-mail address. Raises PlacesTaken, OfferRefused
    and AlreadyBooked, and then the caller's transaction must be rolled back to where it was.
    """
    read = read_offer(offer, age_minutes=age_minutes)
    house = House.objects.select_related("region").get(key=read.house)
    contact, guests = checked_contact(contact, email_needed=False), checked_guests(guests)
    order = _Order(read, offer, request_of(read.wish, house), contact, guests, source, "")
    refuse_two_places_at_once(email=contact.email, party=party_digest(guests), starts=read.starts, ends=read.ends)
    refuse_closed(read, house, now=now)
    return _write(actor, order, now)


def _with_keys(journey: Journey) -> Booking:
    """The journey's first keys can be worked out again, so that a repeated request gets the same answer though only hashes are stored."""
    manage, calendar = derived_key("manage", journey.id), derived_key("calendar", journey.id)
    links.keep_link_keys(journey, {"manage": manage, "calendar": calendar})
    return Booking(journey, manage, calendar)


def _create_journey(order: _Order, now: dt.datetime) -> tuple[Journey, list[Person]]:
    request, contact = order.request, order.contact
    municipality = Municipality.objects.filter(code=request.municipality).first() if request.municipality else None
    people = _create_people(order, municipality, now)
    journey = Journey.objects.create(
        reference=free_reference(),
        house=request.house,
        contact=people[0],
        municipality=municipality,
        citizenship=people[0].citizenship,
        purpose=request.travellers[0].purpose,
        stay_months=request.stay_months,
        language=contact.language,
        interpreter=request.interpreter,
        adults=request.adults,
        children=len(request.travellers) - request.adults,
        party_digest=party_digest(order.guests),
        source=order.source,
        created_at=now,
    )
    Traveller.objects.bulk_create(
        Traveller(
            journey=journey,
            person=person,
            position=position,
            child=order.guests[position].child,
            purpose=request.travellers[position].purpose,
        )
        for position, person in enumerate(people)
    )
    return journey, people


def _create_people(order: _Order, municipality: Municipality | None, now: dt.datetime) -> list[Person]:
    contact, region = order.contact, order.request.house.region
    people = [
        Person(
            region=region,
            subject=subject,
            name=guest.name,
            citizenship=guest.citizenship,
            language=contact.language,
            municipality=municipality,
            created_at=now,
        )
        for subject, guest in zip(create_subjects(len(order.guests)), order.guests, strict=True)
    ]
    first = people[0]
    first.name, first.email, first.phone = first.name or contact.name, contact.email, contact.phone
    return Person.objects.bulk_create(people)


def _create_visits(journey: Journey, stops: Sequence[OfferedStop]) -> list[Visit]:
    services = {row.key: row for row in Service.objects.filter(region_id=journey.house.region_id, key__in=[stop.service for stop in stops])}
    return Visit.objects.bulk_create(
        Visit(
            journey=journey,
            service=services[stop.service],
            position=position,
            people=len(stop.travellers),
            travellers=list(stop.travellers),
            after=list(stop.after),
        )
        for position, stop in enumerate(stops)
    )


def _take(order: _Order, visits: Sequence[Visit], now: dt.datetime) -> None:
    """Turn the places that are held for this very offer into booked ones, or take them now."""
    hold = Hold.objects.select_for_update().filter(offer_digest=offer_digest(order.offer_text), held_until__gt=now).first()
    if hold:
        by_start = dict(zip([stop.starts for stop in order.offer.stops], visits, strict=True))
        held = list(Appointment.objects.select_for_update().filter(hold=hold))
        if len(held) != len(visits):
            raise PlacesTaken
        for appointment in held:
            appointment.visit, appointment.hold = by_start[appointment.starts], None
        Appointment.objects.bulk_update(held, ["visit", "hold"])
        hold.delete()
        return
    stops = zip(order.offer.stops, visits, strict=True)
    take_places([Place.of(stop, visit.id) for stop, visit in stops], party=order.offer.party, now=now)


def _record(actor: Actor, journey: Journey, people: Sequence[Person], order: _Order, visits: Sequence[Visit], now: dt.datetime) -> None:
    journal.record(
        actor=actor,
        verb="journey.booked",
        subject=journey,
        at=now,
        organisation=host_of(journey.house),
        house=journey.house,
        about=people,
        after={
            "starts": order.offer.starts.isoformat(),
            "ends": order.offer.ends.isoformat(),
            "services": [visit.service.key for visit in visits],
            "people": journey.people,
            "municipality": journey.municipality.code if journey.municipality else "",
            "source": journey.source,
        },
        personal={"name": people[0].name, "email": people[0].email, "phone": people[0].phone},
        person=people[0].subject,
    )
