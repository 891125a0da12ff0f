"""After a cancelling was undone: whoever has not confirmed has a day to do so, and nobody is reminded twice or too soon."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.conf import LazySettings

from indgang.foundation.access.actors import Actor
from indgang.foundation.database import clock
from indgang.foundation.mail.models import Letter, State
from indgang.foundation.places.models import House
from indgang.operations.reception.actions import floor
from indgang.operations.reception.actions.changes import confirm_email, note_email_confirmed, release_unconfirmed
from indgang.operations.reception.models import Journey, Visit
from indgang.operations.reception.queries.arrivals import arrival
from indgang.operations.reception.reminders import write_reminders
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.staff_day import DATE, at

pytestmark = pytest.mark.django_db


def sent() -> None:
    """The post has gone."""
    Letter.objects.filter(state=State.WAITING).update(state=State.SENT)


def booked(house: House, ahead: int) -> tuple[Journey, Visit]:
    journey = factories.book(house, on=DATE + dt.timedelta(days=ahead), days=0, services=("tax-card",), email="ana@example.org").journey
    return journey, journey.visits.select_related("journey__house__region", "journey__contact", "service__authority").get()


def later(settings: LazySettings, **time: int) -> None:
    assert settings.CLOCK_STARTS_AT
    settings.CLOCK_STARTS_AT += dt.timedelta(**time)


def cancelled_and_undone(walker: Actor, visit: Visit) -> None:
    floor.cancel_step(actor=walker, visit=visit)
    floor.undo_cancel_step(actor=walker, visit=visit)


def test_who_has_not_confirmed_has_a_day_from_the_undoing_and_a_new_code(house: House, walker: Actor, settings: LazySettings) -> None:
    journey, visit = booked(house, ahead=7)
    sent()
    later(settings, hours=20)
    floor.cancel_step(actor=walker, visit=visit)
    sent()
    later(settings, hours=10)
    floor.undo_cancel_step(actor=walker, visit=visit)

    assert release_unconfirmed() == 0
    here = arrival(journey.reference)
    left = here.confirm_before - clock.now() if here and here.confirm_before else dt.timedelta()
    assert dt.timedelta(hours=23, minutes=50) < left <= dt.timedelta(hours=24)
    letter = Letter.objects.get(state=State.WAITING)
    code = re.search(r"\b\d{3} ?\d{3}\b", letter.text)
    assert letter.key.startswith("booked:")
    assert code
    later(settings, hours=25)
    assert release_unconfirmed() == 1


def test_the_code_of_that_letter_confirms(house: House, walker: Actor, settings: LazySettings) -> None:
    journey, visit = booked(house, ahead=7)
    sent()
    floor.cancel_step(actor=walker, visit=visit)
    sent()
    floor.undo_cancel_step(actor=walker, visit=visit)
    code = re.search(r"\b\d{3} ?\d{3}\b", Letter.objects.get(state=State.WAITING).text)
    assert code
    confirm_email(journey=journey, code=code.group())
    later(settings, hours=25)
    assert release_unconfirmed() == 0


def test_who_was_just_told_again_is_reminded_later(house: House, walker: Actor, settings: LazySettings) -> None:
    """The first letter was taken back with the cancelling, and written again when that was undone."""
    journey, visit = booked(house, ahead=1)
    at(settings, 12)
    cancelled_and_undone(walker, visit)
    assert Letter.objects.get(state=State.WAITING).key == f"booked:{journey.id}:2"
    at(settings, 14, 30)
    assert write_reminders() == 0
    at(settings, 15, 1)
    assert write_reminders() == 1


def test_a_cancelling_that_was_undone_at_once_reminds_nobody_twice(house: House, walker: Actor, settings: LazySettings) -> None:
    journey, visit = booked(house, ahead=1)
    note_email_confirmed(journey=journey)
    sent()
    at(settings, 13)
    assert write_reminders() == 1
    sent()
    cancelled_and_undone(walker, visit)
    at(settings, 18)
    assert write_reminders() == 0
    assert list(Letter.objects.filter(key__startswith="reminder").values_list("state", flat=True)) == [State.SENT]
