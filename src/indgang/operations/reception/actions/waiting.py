"""On the waiting list and off it: joining, confirming, changing the days, answering an offer, leaving."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import asdict, replace

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from indgang.foundation.access.actors import ANONYMOUS, Actor, require
from indgang.foundation.database import clock
from indgang.foundation.identifiers.keys import derived_key, digest
from indgang.operations.reception import permissions, waiting_letters
from indgang.operations.reception.actions.booking import Booking, book_journey
from indgang.operations.reception.actions.changes import note_email_confirmed
from indgang.operations.reception.actions.freed import note_freed
from indgang.operations.reception.actions.limits import refuse_bulk
from indgang.operations.reception.actions.places import lock
from indgang.operations.reception.actions.serving import end_entry, let_go
from indgang.operations.reception.actions.waiting_entries import locked_entry, write_waiting_entry
from indgang.operations.reception.contacts import Contact, Guest, checked_contact, checked_guests, party_digest
from indgang.operations.reception.errors import InvalidRequest, NotNow, OfferRefused, PlacesGone, TooManyBookings
from indgang.operations.reception.models import WaitingEntry, WaitingOffer
from indgang.operations.reception.models.waiting import Answer, Ended
from indgang.operations.reception.queries.plans import PlanRequest, plan_journey, request_of, wish_of
from indgang.operations.reception.wishes import checked_move

ENTRIES_PER_EMAIL = 3
ENTRIES_PER_PARTY = 2
ENTRIES_A_DAY_PER_EMAIL = 6
LETTERS_TO_CONFIRM = 3
KEY_HALF = 32


def join_waiting_list(
    *, request: PlanRequest, contact: Contact, companions: Sequence[str] = (), consent: bool, request_key: str, exact: bool = False
) -> WaitingEntry:
    """Note the wish of a party and write to its contact, who must confirm the address before it counts.

    `companions` are the names of the others, in the order of the request. The same `request_key` again answers the entry there is; with
    `exact` only for the same request, and else raises NotNow. Raises InvalidRequest and TooManyBookings: the limits are those of bookings,
    and a few entries at a time for an address and for a party.
    """
    if not consent:
        raise InvalidRequest({"consent": _("Tick that we may keep your details while you wait. We cannot put you on the list without.")})
    contact = checked_contact(contact, email_needed=True)
    request = checked_move(request, earliest=request.earliest, latest=request.latest, language=contact.language, limit=1)
    names = [contact.name, *companions, *[""] * len(request.travellers)]
    guests = checked_guests([Guest(name, one.citizenship, one.child) for name, one in zip(names, request.travellers, strict=False)])
    if not plan_journey(request).needs.steps:
        raise InvalidRequest({"services": _("There is nothing to do for you in the house, so there is nothing to wait for.")})
    with transaction.atomic():
        return _join(request, contact, guests, _request_digest(request_key, request, contact, guests), exact)


def _request_digest(key: str, request: PlanRequest, contact: Contact, guests: Sequence[Guest]) -> str:
    """The key, and what was asked with it: half of the hash each."""
    asked = json.dumps([request.house.key, wish_of(request), asdict(contact), [asdict(guest) for guest in guests]])
    return digest(key)[:KEY_HALF] + digest(derived_key("waiting-request", asked))[:KEY_HALF]


def _join(request: PlanRequest, contact: Contact, guests: Sequence[Guest], request_digest: str, exact: bool) -> WaitingEntry:
    lock(f"waiting:{request_digest[:KEY_HALF]}")
    same_key = WaitingEntry.objects.filter(request_digest__startswith=request_digest[:KEY_HALF])
    standing = same_key.select_related("house__region").first()
    if standing:
        if exact and standing.request_digest != request_digest:
            raise NotNow(_("This Idempotency-Key was used for another wish. Use a new key for a new wish."))
        return standing
    party = party_digest(guests)
    now = refuse_bulk(email=contact.email, party=party)
    _refuse_crowd(contact.email, party, now)
    entry = WaitingEntry.objects.create(
        house=request.house,
        name=contact.name,
        email=contact.email,
        phone=contact.phone,
        language=contact.language,
        companions=[guest.name for guest in guests[1:]],
        wish=wish_of(request),
        earliest=request.earliest,
        latest=request.latest,
        party_digest=party,
        request_digest=request_digest,
        created_at=now,
    )
    write_waiting_entry(ANONYMOUS, "waiting.asked", entry, at=now, after={**_days(entry), "people": len(guests)})
    waiting_letters.send_confirm(entry=entry)
    return entry


def _refuse_crowd(email: str, party: str, now: dt.datetime) -> None:
    """Raise TooManyBookings. `refuse_bulk` has made others of the same address and party wait."""
    same_address = WaitingEntry.objects.filter(email__iexact=email)
    if same_address.filter(ended_at=None).count() >= ENTRIES_PER_EMAIL:
        raise TooManyBookings(_("You are on the waiting list already. Open the link in our e-mail to change your days."))
    if same_address.filter(created_at__gt=now - dt.timedelta(days=1)).count() >= ENTRIES_A_DAY_PER_EMAIL:
        raise TooManyBookings(_("There have been many wishes for this e-mail address today. Try again tomorrow, or write to us."))
    same_party = WaitingEntry.objects.filter(Q(email__iexact=email) | Q(confirmed_at=None), party_digest=party, ended_at=None)
    if same_party.count() >= ENTRIES_PER_PARTY:
        raise TooManyBookings(_("You are on the waiting list already. Open the link in our e-mail to change your days."))


def _days(entry: WaitingEntry) -> dict[str, str]:
    return {"earliest": entry.earliest.isoformat(), "latest": entry.latest.isoformat()}


@transaction.atomic
def send_confirmation_again(*, entry: WaitingEntry) -> None:
    """The letter with the link once more. Raises NotNow when enough of them were sent, or it is confirmed."""
    entry = locked_entry(entry)
    if entry.confirmed_at or entry.ended_at:
        raise NotNow(_("Your e-mail address is confirmed already."))
    sent = waiting_letters.confirmations_sent(entry=entry)
    if sent >= LETTERS_TO_CONFIRM:
        raise NotNow(_("We have sent you this e-mail several times. Look under spam too, or write to us."))
    waiting_letters.send_confirm(entry=entry, attempt=sent + 1)


@transaction.atomic
def confirm_entry(*, entry: WaitingEntry) -> WaitingEntry:
    """Whoever asked reads the mail of the address they gave: from now on they wait. Once is enough. Raises NotNow when it has ended."""
    entry = locked_entry(entry)
    if entry.ended_at:
        raise NotNow(_("This place on the waiting list has ended. Plan your visit again, and join it anew."))
    if entry.confirmed_at is None:
        entry.confirmed_at = clock.now()
        entry.save(update_fields=["confirmed_at"])
        write_waiting_entry(ANONYMOUS, "waiting.confirmed", entry, after=_days(entry))
        note_freed(entry.house)
    return entry


@transaction.atomic
def change_days(*, entry: WaitingEntry, earliest: dt.date, latest: dt.date) -> WaitingEntry:
    """Other days, the same place in the order. Raises InvalidRequest for days that cannot be planned, NotNow when it has ended."""
    entry = _standing(entry)
    request = request_of(entry.wish, entry.house)
    checked_move(request, earliest=earliest, latest=latest, language=request.language, limit=1)
    if (entry.earliest, entry.latest) == (earliest, latest):
        return entry
    entry.earliest, entry.latest = earliest, latest
    entry.wish = wish_of(replace(request, earliest=earliest, latest=latest))
    entry.save(update_fields=["earliest", "latest", "wish"])
    write_waiting_entry(ANONYMOUS, "waiting.changed", entry, after=_days(entry))
    note_freed(entry.house)
    return entry


def _standing(entry: WaitingEntry) -> WaitingEntry:
    entry = locked_entry(entry)
    if entry.ended_at:
        raise NotNow(_("This place on the waiting list has ended. Plan your visit again, and join it anew."))
    return entry


@transaction.atomic
def still_wait(*, entry: WaitingEntry, actor: Actor = ANONYMOUS) -> WaitingEntry:
    """They did not answer for a while, and want to be offered times again. Staff: the house's floorwalkers, who have asked them."""
    if actor.kind == "staff":
        require(permissions.receive_people(entry.house), actor)
    entry = _standing(entry)
    if entry.unanswered:
        entry.unanswered = 0
        entry.save(update_fields=["unanswered"])
        write_waiting_entry(actor, "waiting.resumed", entry)
        note_freed(entry.house)
    return entry


@transaction.atomic
def leave_waiting_list(*, actor: Actor, entry: WaitingEntry) -> WaitingEntry:
    """Take the party off the list; what is held for it goes to the next. Twice changes nothing. Staff: the house's floorwalkers."""
    by_staff = actor.kind == "staff"
    if by_staff:
        require(permissions.receive_people(entry.house), actor)
    entry = locked_entry(entry)
    if entry.ended_at:
        return entry
    for offer in entry.offers.select_for_update().filter(answer=Answer.OPEN):
        let_go(offer, Answer.WITHDRAWN)
    end_entry(entry, Ended.REMOVED if by_staff else Ended.LEFT)
    write_waiting_entry(actor, "waiting.left", entry)
    note_freed(entry.house)
    return entry


@transaction.atomic
def decline_offer(*, offer: WaitingOffer) -> None:
    """Not this time: it goes to the next, and they wait on. Raises NotNow when it does not stand any more."""
    entry, offer = _standing_offer(offer)
    let_go(offer, Answer.DECLINED)
    entry.unanswered = 0
    entry.save(update_fields=["unanswered"])
    write_waiting_entry(ANONYMOUS, "waiting.declined", entry, after={"starts": offer.starts.isoformat()})
    note_freed(entry.house)


def _standing_offer(offer: WaitingOffer) -> tuple[WaitingEntry, WaitingOffer]:
    """Both locked, entry first. Raises NotNow when the offer was answered or its time is up."""
    entry = locked_entry(offer.entry)
    offer = WaitingOffer.objects.select_for_update().get(pk=offer.pk)
    if offer.answer == Answer.ACCEPTED:
        raise NotNow(_("This time has been taken with this link already. Your confirmation is in your mail."))
    if offer.answer != Answer.OPEN or offer.until <= clock.now() or entry.ended_at:
        raise NotNow(_("This time is not held for you any more. It has gone to the next in line."))
    return entry, offer


def accept_offer(*, offer: WaitingOffer) -> Booking:
    """Book the whole journey that was offered, once. They have proved that they read their mail, so its address counts as confirmed.

    Raises NotNow when the offer does not stand any more or the house has closed the place meanwhile, and TooManyBookings.
    """
    try:
        with transaction.atomic():
            return _accept(offer)
    except (PlacesGone, OfferRefused):
        _withdraw(offer)
        raise NotNow(_("The house has closed this time meanwhile. You keep your place in line, and we will write again.")) from None


def _accept(offer: WaitingOffer) -> Booking:
    entry, offer = _standing_offer(offer)
    request = request_of(entry.wish, entry.house)
    names = [entry.name, *entry.companions]
    booking = book_journey(
        actor=ANONYMOUS,
        offer=offer.offer,
        contact=Contact(entry.name, entry.email, entry.phone, entry.language),
        people=[Guest(name, one.citizenship, one.child, one.purpose) for name, one in zip(names, request.travellers, strict=True)],
        consent=True,
        idempotency_key=f"waiting:{offer.pk}",
        source="waiting",
    )
    note_email_confirmed(journey=booking.journey)
    offer.answer = Answer.ACCEPTED
    offer.save(update_fields=["answer"])
    entry.journey, entry.unanswered = booking.journey, 0
    end_entry(entry, Ended.BOOKED)
    write_waiting_entry(ANONYMOUS, "waiting.accepted", entry, after={"starts": offer.starts.isoformat()})
    return booking


@transaction.atomic
def _withdraw(offer: WaitingOffer) -> None:
    locked_entry(offer.entry)
    offer = WaitingOffer.objects.select_for_update().get(pk=offer.pk)
    if offer.answer == Answer.OPEN:
        let_go(offer, Answer.WITHDRAWN)
        note_freed(offer.entry.house)
