"""Limits against bookings in bulk: per e-mail address and per party, never per network address or phone number; they stop no family."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from indgang.foundation.database import clock
from indgang.foundation.identifiers.keys import new_reference
from indgang.operations.reception.actions.places import lock
from indgang.operations.reception.errors import NotNow, TooManyBookings
from indgang.operations.reception.models import Journey

JOURNEYS_AHEAD_PER_EMAIL = 5
JOURNEYS_AHEAD_PER_PARTY = 3
JOURNEYS_A_DAY_PER_EMAIL = 10
CHANGES_PER_JOURNEY = 20


def refuse_bulk(*, email: str, party: str) -> dt.datetime:
    """Raise TooManyBookings when the address or the party has as many bookings as one may have.

    Cancelled ones count for a day, so that nobody's mailbox can be filled by booking and cancelling. Answers the time: whoever had to wait
    for others of the same address goes by the time when the wait was over.
    """
    email = email.lower()
    lock(*sorted(filter(None, [f"email:{email}" if email else "", f"party:{party}"])))
    now = clock.now()
    own = Journey.objects.filter(contact__email__iexact=email)
    ahead = own.filter(cancelled_at=None, visits__appointment__freed_at=None, visits__appointment__period__endswith__gt=now).distinct()
    if email and ahead.count() >= JOURNEYS_AHEAD_PER_EMAIL:
        message = _("There are already %(count)s visits ahead for this e-mail address. Cancel one, or call us and we will help you.")
        raise TooManyBookings(message % {"count": JOURNEYS_AHEAD_PER_EMAIL})
    if email and own.filter(created_at__gt=now - dt.timedelta(days=1)).count() >= JOURNEYS_A_DAY_PER_EMAIL:
        raise TooManyBookings(_("There have been many bookings for this e-mail address today. Try again tomorrow, or write to us."))
    if ahead.filter(party_digest=party).count() >= JOURNEYS_AHEAD_PER_PARTY:
        raise TooManyBookings(_("You already have visits ahead. Open the link in your confirmation to move or cancel one."))
    return now


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
