"""Late, not there, and there after all: places come back only where they are free and open, and never twice."""

from __future__ import annotations

import datetime as dt
from functools import partial

import pytest
from django.conf import LazySettings

from indgang.foundation.access.actors import ANONYMOUS, Actor, staff
from indgang.foundation.identity.models import Role
from indgang.foundation.places.models import House
from indgang.operations.reception.actions import floor
from indgang.operations.reception.actions.booking import book_journey
from indgang.operations.reception.contacts import Contact
from indgang.operations.reception.errors import NotNow
from indgang.operations.reception.models import Appointment, Journey
from indgang.operations.reception.models.journey import Status
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.opening_day import closure, leader, saved
from indgang.operations.reception.tests.staff_day import DATE, at, at_instant, floorwalker, party, said
from indgang.operations.reception.tests.test_at_once import together

TAX, BOTH = ("tax-card",), ("siri-residence", "tax-card")


def walker() -> Actor:
    return staff(factories.member(Role.FLOORWALKER, "ihnd"))


def missed(house: House, settings: LazySettings) -> Journey:
    """A party of the tax desk that was noted as not coming at eleven past."""
    journey = party(house, name="Ana Silva", services=TAX)
    at_instant(settings, journey.visits.get().appointment.starts + dt.timedelta(minutes=11))
    return floor.mark_no_show(actor=walker(), journey=journey)


@pytest.mark.django_db
def test_the_old_place_at_a_desk_that_has_closed_does_not_come_back(house: House, settings: LazySettings) -> None:
    journey = missed(house, settings)
    saved(leader(), closure("tax-1"))
    page = floorwalker().post(f"/journeys/{journey.reference}/undo-no-show/?back=journey", follow=True)
    assert said(page) == ["Their places have been taken, or their desks are closed then. Book new times for the party."]
    visit = journey.visits.get()
    assert (visit.status, visit.appointment.freed_at is None) == (Status.NO_SHOW, False)
    floor.check_in_journey(actor=walker(), journey=journey)
    visit = journey.visits.get()
    assert (visit.status, visit.appointment.freed_at is None) == (Status.WAITING, False), "here, and in line without it"
    assert not Appointment.objects.filter(freed_at=None).exists()


@pytest.mark.django_db
def test_a_cancelled_step_does_not_come_back_to_a_closed_desk(house: House) -> None:
    journey = party(house, name="Ana Silva", services=TAX)
    visit = journey.visits.get()
    floor.cancel_step(actor=walker(), visit=visit)
    saved(leader(), closure("tax-1"))
    with pytest.raises(NotNow, match="its desk is closed then"):
        floor.undo_cancel_step(actor=walker(), visit=visit)
    assert journey.visits.get().status == Status.CANCELLED


@pytest.mark.django_db(transaction=True)
def test_a_missed_place_that_is_booked_anew_at_the_same_moment_goes_to_one_of_them(settings: LazySettings) -> None:
    at(settings, 8, 0)
    house = factories.small_house()
    journey = party(house, name="Ana Silva", services=BOTH)
    first, place = (visit.appointment for visit in journey.visits.order_by("appointment__period"))
    at_instant(settings, first.starts + dt.timedelta(minutes=11))
    floor.mark_no_show(actor=walker(), journey=journey)
    ways = factories.plan(house, on=DATE, days=0, limit=60, services=TAX).itineraries
    offer = next(way.offer for way in ways if way.starts == place.starts)
    contact = Contact("Bo Chen", "bo@example.org")
    together(
        partial(floor.undo_no_show, actor=walker(), journey=journey),
        partial(book_journey, actor=ANONYMOUS, offer=offer, contact=contact, consent=True),
    )
    standing = Appointment.objects.filter(desk=place.desk, freed_at=None, period__overlap=place.period)
    assert standing.count() == 1
    mine = {visit.service.key: visit.status for visit in journey.visits.all()}
    assert mine["siri-residence"] == Status.PLANNED, "the place that nobody wanted is theirs again"
    assert (mine["tax-card"] == Status.PLANNED) == standing.filter(visit__journey=journey).exists()
