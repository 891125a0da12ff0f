"""Holding an offer while somebody fills in the form."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from indgang.foundation.database import clock
from indgang.foundation.identifiers.keys import digest
from indgang.foundation.places.models import House
from indgang.operations.reception.actions.freed import note_freed
from indgang.operations.reception.actions.open_places import refuse_closed
from indgang.operations.reception.actions.places import (
    Place,
    PlacesTaken,
    delete_expired_holds,
    delete_hold,
    lock,
    share_opening,
    take_places,
)
from indgang.operations.reception.errors import NotNow, PlacesGone
from indgang.operations.reception.models import Appointment, Desk, Hold
from indgang.operations.reception.offers import HOLD_MINUTES, offer_digest, read_offer
from indgang.operations.reception.queries.plans import fresh_alternatives

HELD_PER_DESK = 5


def hold_offer(*, client: str, offer: str) -> Hold:
    """Keep an offer's places for some minutes. A client holds one offer at a time: a new hold lets go of the one before.

    `client` is a key that only the client knows. Holding the same offer again answers the hold that stands. Raises OfferRefused;
    PlacesGone, with alternatives, when somebody was quicker; NotNow when so much is held already that nothing more may be (booking works
    all the same, so holding offers in bulk cannot close the house).
    """
    read = read_offer(offer)
    house = House.objects.select_related("region").get(key=read.house)
    try:
        with transaction.atomic():
            return _hold(client=digest(client), offer=offer, house=house)
    except PlacesTaken:
        raise PlacesGone(_("Somebody else has just taken one of these places."), fresh_alternatives(read, house)) from None


def _hold(*, client: str, offer: str, house: House) -> Hold:
    share_opening(house.key)
    lock(f"client:{client}")
    now = clock.now()
    standing = Hold.objects.filter(client=client).first()
    if standing and standing.offer_digest == offer_digest(offer) and standing.held_until > now:
        return standing
    if standing:
        delete_hold(client=client)
        note_freed(house)
    _leave_room_for_others(house, now)
    read = read_offer(offer)
    refuse_closed(read, house, now=now)
    hold = Hold.objects.create(client=client, offer_digest=offer_digest(offer), held_until=now + dt.timedelta(minutes=HOLD_MINUTES))
    take_places([Place.of(stop) for stop in read.stops], party=read.party, now=now, hold=hold.id)
    note_freed(house, at=hold.held_until)
    return hold


def _leave_room_for_others(house: House, now: dt.datetime) -> None:
    held = Appointment.objects.filter(desk__house=house, hold__held_until__gt=now).count()
    if held >= HELD_PER_DESK * Desk.objects.filter(house=house).count():
        raise NotNow(_("Many people are booking just now, so we cannot hold these places for you. You can still book them."))


@transaction.atomic
def release_hold(*, client: str) -> None:
    """Let go of what a client holds."""
    houses = _houses_of(Hold.objects.filter(client=digest(client)))
    delete_hold(client=digest(client))
    for house in houses:
        note_freed(house)


def _houses_of(holds: QuerySet[Hold]) -> list[House]:
    return list(House.objects.filter(desks__appointments__hold__in=holds).distinct())


@transaction.atomic
def release_expired_holds() -> int:
    """Tidy up the holds that have run out; how many there were. (They stop counting the moment they run out.)"""
    now = clock.now()
    for house in _houses_of(Hold.objects.filter(held_until__lte=now)):
        note_freed(house)
    return delete_expired_holds(now=now)
