"""Moving what is left of a journey to an offer because the house had to change: as one, or not at all."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from indgang.foundation.access.actors import Actor
from indgang.foundation.database import clock
from indgang.operations.reception import emails, links
from indgang.operations.reception.actions.changes import locked, party_of, refuse_other_interpreter
from indgang.operations.reception.actions.entries import times_of, write_journey_entry
from indgang.operations.reception.actions.freed import note_freed
from indgang.operations.reception.actions.open_places import refuse_closed
from indgang.operations.reception.actions.places import Place, take_places
from indgang.operations.reception.errors import NotNow, OfferRefused
from indgang.operations.reception.models import Appointment, Journey, Visit
from indgang.operations.reception.models.journey import Status
from indgang.operations.reception.offers import read_offer
from indgang.operations.reception.queries.journeys import can_be_kept


def move_to_offer(*, actor: Actor, journey: Journey, offer: str, because: int = 0) -> Journey:
    """Give every step that can still be kept the time and desk of the offer, and write to the contact.

    `because`: the number of the journal's entry about the change of hours that it is moved for.

    Whoever calls it has asked for permission and rolls back when it raises: PlacesTaken, NotNow, OfferRefused. A party that waits in the
    house and is moved within the day goes on waiting, with its place in line.
    """
    read = read_offer(offer)
    journey = locked(journey)
    now, zone = clock.now(), journey.house.zone
    standing = Appointment.objects.filter(visit__journey=journey, freed_at=None).select_related("visit__service", "desk").order_by("period")
    ahead = [place for place in standing if place.visit and can_be_kept(place.visit, now)]
    visits = {place.visit.service.key: place.visit for place in ahead if place.visit}
    if not visits or journey.cancelled_at:
        raise NotNow(_("This visit is over, so there is nothing to change."))
    if read.house != journey.house.key or read.wish["o"] != str(journey.id) or {stop.service for stop in read.stops} != visits.keys():
        raise OfferRefused(_("The steps of this visit have changed meanwhile."))
    refuse_other_interpreter(journey, read)
    refuse_closed(read, journey.house, now=now, on_the_spot=True)
    before = times_of(ahead)
    Appointment.objects.filter(pk__in=[place.pk for place in ahead]).delete()
    places = [Place.of(stop, visits[stop.service].pk) for stop in read.stops]
    take_places(places, party=party_of(journey) or read.party, now=now)
    staying = []
    for position, stop in enumerate(read.stops):
        changed: dict[str, object] = {"position": position}
        if stop.starts.astimezone(zone).date() == clock.today(zone):
            staying += [stop.service] if visits[stop.service].status == Status.WAITING else []
        else:
            changed |= {"status": Status.PLANNED, "arrived_at": None, "counts_from": None, "parked_at": None}
        Visit.objects.filter(pk=visits[stop.service].pk).update(**changed)
    journey.sequence += 1
    journey.save(update_fields=["sequence"])
    taken = Appointment.objects.filter(visit__in=visits.values()).select_related("visit__service", "desk").order_by("period")
    after: dict[str, Any] = {"appointments": times_of(taken)}
    after |= {"staying": staying} if staying else {}
    after |= {"because": because} if because else {}
    write_journey_entry(actor, "journey.moved", journey, at=now, before={"appointments": before}, after=after)
    note_freed(journey.house)
    if journey.contact and journey.contact.email:
        emails.send_moved(journey=journey, manage_url=links.new_manage_url(journey=journey), by_house=True)
    return journey


def offered_times(offer: str) -> set[tuple[str, dt.datetime, dt.datetime]]:
    """When each step would be, as `Affected.times` tells what is booked."""
    return {(stop.service, stop.starts, stop.ends) for stop in read_offer(offer).stops}
