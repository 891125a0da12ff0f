"""Changing a booking: confirming the e-mail address, moving, cancelling, and letting go of what nobody confirmed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from indgang.foundation.access.actors import Actor, require, system
from indgang.foundation.database import clock
from indgang.operations.reception import emails, links, permissions
from indgang.operations.reception.actions.as_before import as_it_is
from indgang.operations.reception.actions.entries import times_of, write_entry, write_journey_entry
from indgang.operations.reception.actions.freed import note_freed
from indgang.operations.reception.actions.limits import refuse_endless_changes
from indgang.operations.reception.actions.open_places import refuse_closed
from indgang.operations.reception.actions.places import Place, PlacesTaken, delete_hold, share_opening, take_places
from indgang.operations.reception.errors import NotNow, NotThere, OfferRefused, PlacesGone
from indgang.operations.reception.models import Appointment, Journey, Visit
from indgang.operations.reception.models.journey import AT_A_DESK, Status
from indgang.operations.reception.offers import OFFER_MINUTES, Offer, new_party, offer_digest, read_offer
from indgang.operations.reception.queries.journeys import can_be_kept
from indgang.operations.reception.queries.plans import fresh_alternatives
from indgang.operations.reception.queries.undoing import cancellings_undone

EXPECTED: dict[str, Any] = {"status": Status.PLANNED, "arrived_at": None, "counts_from": None, "parked_at": None}


def locked(journey: Journey) -> Journey:
    """The journey as it is now, locked until the end of the transaction: whoever changes any of its steps locks it first.

    Raises NotThere where it is gone.
    """
    rows = Journey.objects.select_for_update(of=("self",)).select_related("house__region", "contact__subject")
    found = rows.filter(pk=journey.pk).first()
    if found is None:
        raise NotThere
    return found


def confirm_email(*, journey: Journey, code: str) -> Journey:
    """Note that the contact reads the mail of the address they gave. Raises NotNow when the code is not the one sent last.

    Not one transaction: a wrong try must stay counted when this refuses it.
    """
    if not links.use_code(journey=journey, code=code):
        raise NotNow(_("That is not the code. Use the newest one we sent, or ask for a new one."))
    return note_email_confirmed(journey=journey)


@transaction.atomic
def send_new_code(*, journey: Journey) -> None:
    """Send the contact a new code; it replaces the one before. Raises NotNow after five in an hour, or without an e-mail address."""
    journey = locked(journey)
    if journey.contact is None or not journey.contact.email:
        raise NotNow(_("We have no e-mail address for this visit. Call us, and we will help you."))
    emails.send_code(journey=journey, code=links.new_email_code(journey=journey))


@transaction.atomic
def note_email_confirmed(*, journey: Journey) -> Journey:
    """Write down that the address was confirmed; once is enough."""
    journey = locked(journey)
    if journey.email_confirmed_at is None:
        journey.email_confirmed_at = clock.now()
        journey.save(update_fields=["email_confirmed_at"])
        write_journey_entry(Actor(kind="citizen", reference=journey.reference), "journey.email-confirmed", journey)
    return journey


def appointments_ahead(journey: Journey) -> list[Appointment]:
    """The journey's appointments whose steps have not begun, in the order of time."""
    standing = Appointment.objects.filter(visit__journey=journey, freed_at=None, visit__status__in=[Status.PLANNED, Status.WAITING])
    return list(standing.select_related("visit__service", "desk").order_by("period"))


def waits_without_time(journey: Journey) -> QuerySet[Visit]:
    """Steps that wait without a booked time: the party was sent on to them, or came late and its place is gone."""
    return journey.visits.filter(Q(appointment=None) | Q(appointment__freed_at__isnull=False), status=Status.WAITING)


def _open_to(actor: Actor, journey: Journey, *, may_be_none: bool = False) -> list[Appointment]:
    """What the actor may still move or cancel: the party itself nothing whose time has passed; whether they came is the house's to say.

    Raises NotNow when there is nothing, unless there `may_be_none`.
    """
    ahead, now = appointments_ahead(journey), clock.now()
    if actor.kind == "citizen":
        kept = [appointment for appointment in ahead if appointment.visit and can_be_kept(appointment.visit, now)]
        if ahead and not kept and not may_be_none:
            raise NotNow(_("The time of this visit has passed, so it can no longer be changed. You are welcome to plan a new visit."))
        ahead = kept
    if not ahead and not may_be_none:
        raise NotNow(_("This visit is over, so there is nothing to change."))
    return ahead


@transaction.atomic
def cancel_journey(*, actor: Actor, journey: Journey) -> Journey:
    """Cancel every step that has not begun, and for the party itself not passed, and free its place; with it what waits without a time.

    A journey of which a step is at a desk stands with that one. One that is cancelled already stays as it is. Raises NotNow when nothing
    is left to cancel.
    """
    journey = locked(journey)
    require(permissions.manage(journey), actor)
    if journey.cancelled_at:
        return journey
    ahead = _open_to(actor, journey, may_be_none=waits_without_time(journey).exists())
    now = clock.now()
    Appointment.objects.filter(id__in=[appointment.id for appointment in ahead]).update(freed_at=now)
    Visit.objects.filter(id__in=[appointment.visit_id for appointment in ahead]).update(status=Status.CANCELLED)
    _leave_the_line(actor, journey, now)
    stands = journey.visits.filter(status__in=AT_A_DESK).exists()
    journey.cancelled_at, journey.sequence = None if stands else now, journey.sequence + 1
    journey.save(update_fields=["cancelled_at", "sequence"])
    stood = {str(place.visit.pk): as_it_is(place.visit) for place in ahead if place.visit}
    write_journey_entry(actor, "journey.cancelled", journey, at=now, before={"appointments": times_of(ahead), "was": stood})
    note_freed(journey.house)
    if journey.contact and journey.contact.email:
        unconfirmed = actor.kind == "system" and journey.email_confirmed_at is None
        emails.send_cancelled(journey=journey, unconfirmed=unconfirmed, at=now)
    return journey


def _leave_the_line(actor: Actor, journey: Journey, at: dt.datetime) -> None:
    for visit in waits_without_time(journey).select_related("service__authority"):
        before = {"was": as_it_is(visit)}
        visit.status = Status.CANCELLED
        visit.save(update_fields=["status"])
        write_entry(actor, "visit.cancelled", visit, at=at, before=before)


def party_of(journey: Journey) -> int | None:
    """The party's number, so that its new times keep clear of its other ones.

    Steps that are done give it back: a party that has left a desk early may be booked for the rest of that time.
    """
    appointments = Appointment.objects.filter(visit__journey=journey)
    appointments.filter(visit__status=Status.DONE).update(party=new_party())
    return appointments.exclude(visit__status=Status.DONE).values_list("party", flat=True).first()


def move_journey(*, actor: Actor, journey: Journey, offer: str, age_minutes: int = OFFER_MINUTES) -> Journey:
    """Give every step that can still be kept the time and desk of the offer; all of them, or none.

    Raises NotNow, OfferRefused (the offer is for other steps) and PlacesGone, with alternatives.
    """
    read = read_offer(offer, age_minutes=age_minutes)
    try:
        with transaction.atomic():
            return _move(actor, journey, read, offer)
    except PlacesTaken:
        alternatives = fresh_alternatives(read, journey.house)
        raise PlacesGone(_("Somebody else has just taken one of these times. Your visit stays as it was."), alternatives) from None


def _move(actor: Actor, journey: Journey, offer: Offer, text: str) -> Journey:
    share_opening(journey.house.key)
    journey = locked(journey)
    require(permissions.manage(journey), actor)
    if journey.cancelled_at:
        raise NotNow(_("This visit is cancelled. Book a new one."))
    if actor.kind == "citizen":
        refuse_endless_changes(journey)
    ahead = _open_to(actor, journey)
    visits = {a.visit.service.key: a.visit for a in ahead if a.visit}
    if offer.house != journey.house.key or {stop.service for stop in offer.stops} != visits.keys():
        raise OfferRefused(_("This offer is for other steps. Ask for new times for this visit."))
    _refuse_other_people(journey, offer, visits)
    refuse_other_interpreter(journey, offer)
    standing = {(a.desk_id, a.starts, a.ends, a.interpreter_id, a.room_id) for a in ahead}
    if standing == {(stop.desk, stop.starts, stop.ends, stop.interpreter, stop.room) for stop in offer.stops}:
        return journey  # sent twice
    now = clock.now()
    refuse_closed(offer, journey.house, now=now)
    before = times_of(ahead)
    Appointment.objects.filter(id__in=[appointment.id for appointment in ahead]).delete()
    delete_hold(offer_digest=offer_digest(text))
    places = [Place.of(stop, visits[stop.service].id) for stop in offer.stops]
    take_places(places, party=party_of(journey) or offer.party, now=now)
    today, staying = clock.today(journey.house.zone), []
    for position, stop in enumerate(offer.stops):
        visit = visits[stop.service]
        stays = visit.status == Status.WAITING and stop.starts.astimezone(journey.house.zone).date() == today
        changed = {} if stays else EXPECTED  # who is here stays here
        staying += [stop.service] if stays else []
        Visit.objects.filter(pk=visit.pk).update(position=position, **changed)
    journey.sequence += 1
    journey.save(update_fields=["sequence"])
    here = {"staying": staying} if staying else {}
    times: dict[str, dict[str, Any]] = {
        "before": {"appointments": before},
        "after": {"appointments": times_of(appointments_ahead(journey)), **here},
    }
    write_journey_entry(actor, "journey.moved", journey, at=now, **times)
    note_freed(journey.house)
    if journey.contact and journey.contact.email:
        emails.send_moved(journey=journey, manage_url=links.new_manage_url(journey=journey))
    return journey


def refuse_other_interpreter(journey: Journey, offer: Offer) -> None:
    """The party's need for an interpreter may have changed since the offer was made."""
    if offer.wish["i"] != journey.interpreter:
        raise OfferRefused(_("This offer was made for another interpreter, or none. Ask for new times for this visit."))


def _refuse_other_people(journey: Journey, offer: Offer, visits: Mapping[str, Visit]) -> None:
    """A step keeps its people: an offer for fewer would give the party too little time."""
    children = {row.position for row in journey.travellers.all() if row.child}
    for stop in offer.stops:
        visit = visits[stop.service]
        offered = sum(offer.wish["t"][position][1] for position in stop.travellers)
        if len(stop.travellers) != visit.people or (visit.travellers and offered != len(children & set(visit.travellers))):
            raise OfferRefused(_("This offer was made for other people. Ask for new times for this visit."))


def release_unconfirmed() -> int:
    """Cancel journeys that were booked from outside a day ago and whose e-mail address nobody confirmed, unless they begin within a day.

    Where a cancelling was undone the day begins anew: until then there was nothing to confirm. This is what keeps made-up addresses from
    closing the house; a person who reads their mail never meets it.
    """
    now, allowed = clock.now(), dt.timedelta(hours=links.UNCONFIRMED_HOURS)
    soon = Visit.objects.filter(appointment__period__startswith__lte=now + allowed)
    undone = cancellings_undone().filter(at__gte=now - allowed).values_list("subject_id", flat=True)
    again = Visit.objects.filter(pk__in=[int(number) for number in undone])
    stale = Journey.objects.filter(
        source__in=["web", "api"],
        email_confirmed_at=None,
        cancelled_at=None,
        created_at__lt=now - allowed,
        visits__appointment__freed_at=None,
    ).exclude(pk__in=(soon | again).values("journey"))
    return sum(_let_go(journey) for journey in stale.distinct())


@transaction.atomic
def _let_go(journey: Journey) -> bool:
    """Cancel it, unless it was confirmed or cancelled this very moment."""
    journey = locked(journey)
    if journey.email_confirmed_at or journey.cancelled_at or not appointments_ahead(journey):
        return False
    cancel_journey(actor=system(), journey=journey)
    return True
