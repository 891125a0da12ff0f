"""Telling the contact that times of a visit are given up, or theirs again: with the calendar entry that goes or comes back.

An invitation to a time that has begun stays: it says what took place.
"""

from __future__ import annotations

import datetime as dt

from indgang.foundation.database import clock
from indgang.foundation.mail.actions import withdraw_letters
from indgang.operations.reception import emails, links
from indgang.operations.reception.errors import NotNow
from indgang.operations.reception.models import Appointment, Employee, Journey
from indgang.operations.reception.models.journey import IN_THE_HOUSE, NOT_ENDED, Status


def is_still_booked(journey: Journey) -> bool:
    """Whether a step of the journey that has not ended has its time."""
    return Appointment.objects.filter(visit__journey=journey, freed_at=None, visit__status__in=NOT_ENDED).exists()


def tell_of_step_cancelled(journey: Journey, *, title: str, freed: bool, at: dt.datetime) -> None:
    """A step was cancelled at that moment; a journey of which nothing stands after that is cancelled. `freed`: the step had its time."""
    booked = is_still_booked(journey)
    stands = booked or journey.visits.filter(status__in=[*IN_THE_HOUSE, Status.DONE]).exists()
    if freed or not stands:  # otherwise all times are what the party knows, and what was written of them stays true
        journey.sequence += 1
    journey.cancelled_at = None if stands else at
    journey.save(update_fields=["sequence", "cancelled_at"])
    if journey.contact is None or not journey.contact.email:
        return
    if booked and freed:
        emails.send_moved(journey=journey, manage_url=links.new_manage_url(journey=journey), dropped=title)
    elif not booked and (freed or not stands):
        emails.send_cancelled(journey=journey, at=at)


def tell_of_time_given_up(journey: Journey, *, at: dt.datetime) -> None:
    """A step goes on without its time, which had not begun: where no other step has one, the calendar entry goes."""
    if is_still_booked(journey):
        return
    journey.sequence += 1
    journey.save(update_fields=["sequence"])
    if journey.contact and journey.contact.email:
        emails.send_cancelled(journey=journey, at=at)


def tell_of_time_again(journey: Journey, *, every_step: bool = True) -> None:
    """The times before are the party's again. Nothing is written where the letter about it had not gone and they know the times.

    `every_step`: not only some of them, the others stay cancelled.

    A party that stands in line again without a time has none to be told of. Who never got the first letter, or has to confirm the address,
    gets that one, with a code.
    """
    last = journey.sequence
    unsent = sum(withdraw_letters(keys_beginning=f"{kind}:{journey.id}:{last}") for kind in ("cancelled", "moved"))
    known = every_step and bool(unsent) and emails.has_been_told(journey, last - 1)
    journey.sequence, journey.cancelled_at = last + 1, None
    journey.save(update_fields=["sequence", "cancelled_at"])
    if not (journey.contact and journey.contact.email) or known or not is_still_booked(journey):
        return
    url = links.new_manage_url(journey=journey)
    code = _first_code(journey) if emails.was_never_told(journey) or _must_confirm(journey) else ""
    if code:
        employee = Employee.objects.filter(journey=journey).select_related("booking").first()
        emails.send_booked(journey=journey, manage_url=url, code=code, employer=employee.booking if employee else None)
    else:
        emails.send_moved(journey=journey, manage_url=url, again=every_step and not unsent)


def _must_confirm(journey: Journey) -> bool:
    """Whether the visit would be let go unless the address is confirmed; one that begins within a day is kept."""
    soon = clock.now() + dt.timedelta(hours=links.UNCONFIRMED_HOURS)
    begins_soon = Appointment.objects.filter(visit__journey=journey, freed_at=None, period__startswith__lte=soon).exists()
    return emails.must_confirm(journey) and not begins_soon


def _first_code(journey: Journey) -> str:
    """The code that goes with the first letter; "" for who has asked for so many that there is no further one yet."""
    try:
        return links.new_email_code(journey=journey)
    except NotNow:
        return ""
