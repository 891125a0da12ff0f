"""Offering free places to those who wait, in their order.

`serve_house` looks through the list once. It runs as a job that is deferred with whatever frees a place; `FreedPlaces` rows, written by the
same transaction, are what a job that was lost leaves to be done by the next, or by the look every minute.
"""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction

from indgang.foundation.access.actors import system
from indgang.foundation.database import clock
from indgang.foundation.identifiers.keys import digest, new_key
from indgang.foundation.jobs.work import job
from indgang.foundation.places.models import House
from indgang.operations.reception import waiting_letters
from indgang.operations.reception.actions.open_places import refuse_closed
from indgang.operations.reception.actions.places import Place, PlacesTaken, delete_hold, take_places
from indgang.operations.reception.actions.waiting_entries import locked_entry, write_waiting_entry
from indgang.operations.reception.models import FreedPlaces, Hold, WaitingEntry, WaitingOffer
from indgang.operations.reception.models.waiting import Answer, Ended
from indgang.operations.reception.offers import offer_digest, read_offer
from indgang.operations.reception.queries.itineraries import PlannedItinerary
from indgang.operations.reception.queries.waiting_list import Fitting, line_of, open_offers_of
from indgang.operations.reception.rules.waiting_list import HELD_MINUTES, UNANSWERED_AT_MOST

UNCONFIRMED_HOURS = 24
TRIES = 3


@job()
def serve_later(house_id: int) -> None:
    """Places of the house have become free, or are about to be by now."""
    serve_house(House.objects.select_related("region").get(pk=house_id))


def serve_house(house: House) -> int:
    """Offer what is free to whom it fits, the first first; how many offers were made."""
    pass_on_unanswered(house)
    take_back_closed(house)
    look, made = Look(house), 0
    for entry in line_of(house):
        offered = look.offer_something(entry)
        if offered is None:
            return made
        made += offered
    look.done()
    return made


class Look:
    """One look through the list of a house, from the first to the last.

    Where a place was freed while it was under way, and somebody was passed over already, it stops: the job that came with that place begins
    again with the first, so nobody is overtaken.
    """

    def __init__(self, house: House) -> None:
        self.house = house
        self.known = set(FreedPlaces.objects.filter(house=house).values_list("pk", flat=True))
        self.fitting = Fitting(house)
        self.passed_over = False

    def offer_something(self, entry: WaitingEntry) -> bool | None:
        """Whether the entry was offered a time. None where others come first again: places were freed meanwhile."""
        for _try in range(TRIES):
            way = self.fitting.itinerary_for(entry)
            if way is None:
                break
            if self.passed_over and FreedPlaces.objects.filter(house=self.house).exclude(pk__in=self.known).exists():
                return None
            try:
                if _offer(entry, way):
                    return True
                break
            except PlacesTaken:
                continue  # somebody at the pages was quicker
        self.passed_over = True
        return False

    def done(self) -> None:
        """Everybody has been looked at."""
        FreedPlaces.objects.filter(pk__in=self.known).delete()


@transaction.atomic
def _offer(waiting: WaitingEntry, way: PlannedItinerary) -> bool:
    """Hold the places, and write the letter. False when the entry waits no more; raises PlacesTaken."""
    entry = locked_entry(waiting)
    if entry.ended_at or entry.confirmed_at is None or entry.offers.filter(answer=Answer.OPEN).exists():
        return False
    now = clock.now()
    until = now + dt.timedelta(minutes=HELD_MINUTES)
    made = WaitingOffer(
        id=uuid.uuid4(), entry=entry, offer=way.offer, starts=way.starts, ends=way.ends, made_at=now, until=until, answer=Answer.OPEN
    )
    read = read_offer(way.offer)
    hold = Hold.objects.create(client=digest(new_key()), offer_digest=offer_digest(way.offer), held_until=until)
    take_places([Place.of(stop) for stop in read.stops], party=read.party, now=now, hold=hold.id)
    made.save(force_insert=True)
    write_waiting_entry(system(), "waiting.offered", entry, at=now, after={"starts": way.starts.isoformat(), "until": until.isoformat()})
    waiting_letters.send_offer(offer=made, way=way)
    serve_later.defer(at=until, house_id=entry.house_id)
    return True


def pass_on_unanswered(house: House) -> int:
    """Offers of the house whose time is up count no more; how many there were."""
    overdue = open_offers_of(house, overdue_at=clock.now()).select_related("entry").order_by("until", "pk")
    return sum(_pass_on(offer) for offer in overdue)


@transaction.atomic
def _pass_on(offer: WaitingOffer) -> bool:
    entry = locked_entry(offer.entry)
    offer = WaitingOffer.objects.select_for_update().get(pk=offer.pk)
    if offer.answer != Answer.OPEN or offer.until > clock.now():
        return False
    let_go(offer, Answer.UNANSWERED)
    entry.unanswered += 1
    entry.save(update_fields=["unanswered"])
    write_waiting_entry(system(), "waiting.unanswered", entry, after={"starts": offer.starts.isoformat()})
    if entry.unanswered == UNANSWERED_AT_MOST:
        waiting_letters.send_resting(entry=entry, offer=offer)
    return True


def take_back_closed(house: House) -> int:
    """Offers of times that the house has closed since count no more; how many there were. Who was offered one keeps the place in line."""
    return sum(
        _take_back(offer) for offer in open_offers_of(house).select_related("entry").order_by("until", "pk") if _is_closed(offer, house)
    )


def _is_closed(offer: WaitingOffer, house: House) -> bool:
    try:
        refuse_closed(read_offer(offer.offer, age_minutes=None), house, now=offer.made_at)
    except PlacesTaken:
        return True
    return False


@transaction.atomic
def _take_back(offer: WaitingOffer) -> bool:
    entry = locked_entry(offer.entry)
    offer = WaitingOffer.objects.select_for_update().get(pk=offer.pk)
    if offer.answer != Answer.OPEN:
        return False
    let_go(offer, Answer.WITHDRAWN)
    write_waiting_entry(system(), "waiting.taken-back", entry, after={"starts": offer.starts.isoformat()})
    return True


def let_go(offer: WaitingOffer, answer: Answer) -> None:
    """The offer stands no more and its places are free. Its entry, and then the offer, are locked by whoever calls this."""
    offer.answer = answer
    offer.save(update_fields=["answer"])
    delete_hold(offer_digest=offer_digest(offer.offer))
    waiting_letters.withdraw_offer(offer=offer)


def look_again() -> None:
    """What a lost job has left: houses with freed places that nobody looked at, and offers whose time is up."""
    freed = FreedPlaces.objects.values("house")
    overdue = WaitingOffer.objects.filter(answer=Answer.OPEN, until__lte=clock.now()).values("entry__house")
    for house in House.objects.filter(pk__in=freed.union(overdue)).select_related("region"):
        serve_house(house)


def look_at_everything() -> None:
    """End what is over, and look through every list: hours change and time passes, and not every way to free a place tells of it."""
    for entry in WaitingEntry.objects.filter(ended_at=None).select_related("house__region"):
        _end_if_over(entry)
    waited_for = WaitingEntry.objects.filter(ended_at=None, confirmed_at__isnull=False).values("house")
    for house in House.objects.filter(pk__in=waited_for).select_related("region"):
        serve_house(house)


@transaction.atomic
def _end_if_over(waiting: WaitingEntry) -> None:
    """Nobody confirmed it within a day, or its days have passed."""
    now = clock.now()
    stale = waiting.confirmed_at is None and waiting.created_at < now - dt.timedelta(hours=UNCONFIRMED_HOURS)
    if not stale and waiting.latest >= clock.today(waiting.house.zone):
        return
    entry = locked_entry(waiting)
    if entry.ended_at or entry.offers.filter(answer=Answer.OPEN).exists():
        return
    if entry.confirmed_at is None:
        if stale:
            end_entry(entry, Ended.UNCONFIRMED)
            write_waiting_entry(system(), "waiting.ended", entry, after={"because": Ended.UNCONFIRMED})
        return
    end_entry(entry, Ended.OVER)
    write_waiting_entry(system(), "waiting.ended", entry, after={"because": Ended.OVER})
    waiting_letters.send_over(entry=entry)


def end_entry(entry: WaitingEntry, why: Ended) -> None:
    """Nobody waits any more. The entry is locked by whoever calls this."""
    entry.ended, entry.ended_at = why, clock.now()
    entry.save(update_fields=["ended", "ended_at", "journey"])
