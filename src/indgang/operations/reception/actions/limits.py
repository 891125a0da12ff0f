"""Limits against bookings in bulk: per e-mail address and per party, never per network address or phone number; they stop no family.

A party is told by the names of its people. Its visits count across addresses as long as nobody has confirmed them, so that an address for
every booking helps nobody; a visit that was confirmed under another address is somebody else of the same name, and stops nobody.
"""

from __future__ import annotations

import datetime as dt

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from indgang.foundation.database import clock
from indgang.foundation.identifiers.keys import new_reference
from indgang.operations.reception.actions.places import lock
from indgang.operations.reception.errors import AlreadyBooked, NotNow, TooManyBookings
from indgang.operations.reception.models import Appointment, Journey

OUTSIDE = ("web", "api")  # booked by people themselves
JOURNEYS_AHEAD_PER_EMAIL = 5
JOURNEYS_AHEAD_PER_PARTY = 3
JOURNEYS_A_DAY_PER_EMAIL = 10
CHANGES_PER_JOURNEY = 20
UNCONFIRMED = Q(email_confirmed_at=None, source__in=OUTSIDE)


def refuse_bulk(*, email: str, party: str) -> dt.datetime:
    """Raise TooManyBookings when the address or the party has as many bookings as one may have.

    `party` is empty where nobody is named: then the address alone counts. Cancelled ones count for a day, so that nobody's mailbox can be
    filled by booking and cancelling. Answers the time: whoever had to wait for others of the same address or party goes by the time when
    the wait was over.
    """
    email = email.lower()
    lock(*sorted(filter(None, [f"email:{email}" if email else "", f"party:{party}" if party else ""])))
    now = clock.now()
    own = Journey.objects.filter(contact__email__iexact=email)
    booked_at = list(own.values_list("created_at", flat=True)) if email else []
    if len(booked_at) >= JOURNEYS_AHEAD_PER_EMAIL and _ahead(own, now) >= JOURNEYS_AHEAD_PER_EMAIL:
        message = _("There are already %(count)s visits ahead for this e-mail address. Cancel one, or call us and we will help you.")
        raise TooManyBookings(message % {"count": JOURNEYS_AHEAD_PER_EMAIL})
    if sum(at > now - dt.timedelta(days=1) for at in booked_at) >= JOURNEYS_A_DAY_PER_EMAIL:
        raise TooManyBookings(_("There have been many bookings for this e-mail address today. Try again tomorrow, or write to us."))
    same = Q(contact__email__iexact=email) if email else Q(pk__in=[])
    if party and _ahead(Journey.objects.filter(same | UNCONFIRMED, party_digest=party), now) >= JOURNEYS_AHEAD_PER_PARTY:
        raise TooManyBookings(_("You already have visits ahead. Open the link in your confirmation to move or cancel one."))
    return now


def refuse_two_places_at_once(*, email: str, party: str, starts: dt.datetime, ends: dt.datetime) -> None:
    """Raise AlreadyBooked when the same named people have a visit at that time: booked in two tabs, or planned twice.

    Call it after `refuse_bulk`, which lets one booking of an address through at a time.
    """
    if not email or not party:
        return
    same = Appointment.objects.filter(visit__journey__contact__email__iexact=email, visit__journey__party_digest=party)
    if same.filter(freed_at=None, visit__journey__cancelled_at=None, period__overlap=(starts, ends)).exists():
        raise AlreadyBooked(
            _("You have a visit at this time already. Open the link in its confirmation to move or cancel it, or choose another time.")
        )


def _ahead(journeys: QuerySet[Journey], now: dt.datetime) -> int:
    standing = journeys.filter(cancelled_at=None, visits__appointment__freed_at=None, visits__appointment__period__endswith__gt=now)
    return standing.distinct().count()


def refuse_endless_changes(journey: Journey) -> None:
    """Raise NotNow when a booking has been changed so often that only a person can help."""
    if journey.sequence >= CHANGES_PER_JOURNEY:
        raise NotNow(_("This visit has been changed many times. Write to us, and we will move it for you."))


def free_reference() -> str:
    """A reference that no journey has."""
    reference = new_reference()
    while Journey.objects.filter(reference=reference).exists():
        reference = new_reference()
    return reference
