"""The last interpreter, wanted by several at the very same moment."""

from __future__ import annotations

from functools import partial

import pytest

from indgang.foundation.access.actors import ANONYMOUS, staff
from indgang.foundation.identity.models import Role
from indgang.operations.reception.actions.booking import Booking, book_journey
from indgang.operations.reception.actions.holds import hold_offer
from indgang.operations.reception.actions.interpreters import change_interpreter
from indgang.operations.reception.contacts import Contact
from indgang.operations.reception.errors import PlacesGone
from indgang.operations.reception.models import Appointment, Hold, Journey
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.resource_day import interpreter
from indgang.operations.reception.tests.test_at_once import together


@pytest.mark.django_db(transaction=True)
def test_two_who_book_the_last_interpreter_at_different_desks_have_one_winner() -> None:
    house = factories.small_house()
    interpreter(house)
    for turn in range(3):
        wishes = [("tax-card",), ("siri-residence",), ("mitid",)]
        offers = [factories.plan(house, services=services, interpreter="ar").itineraries[0].offer for services in wishes]
        answers = together(
            *(
                partial(
                    book_journey,
                    actor=ANONYMOUS,
                    offer=offer,
                    contact=Contact(f"Person {'abc'[turn]}{'xyz'[number]}", f"p{turn}{number}@example.org"),
                    consent=True,
                )
                for number, offer in enumerate(offers)
            )
        )
        refused = [answer for answer in answers if isinstance(answer, PlacesGone)]
        assert len(refused) == 2
        assert all(answer.alternatives for answer in refused)
        assert Appointment.objects.get().interpreter is not None
        Journey.objects.all().delete()


@pytest.mark.django_db(transaction=True)
def test_holds_that_want_the_interpreter_in_another_order_never_stand_in_each_others_way() -> None:
    house = factories.small_house()
    interpreter(house)
    both = [("tax-card", "mitid"), ("siri-residence", "cpr-registration")]
    offers = [factories.plan(house, services=services, interpreter="ar").itineraries[0].offer for services in both]
    answers = together(*(partial(hold_offer, client=f"client {number}", offer=offer) for number, offer in enumerate(offers)))
    assert [type(answer) for answer in answers].count(PlacesGone) == 1
    assert Hold.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_floorwalker_and_a_newcomer_want_the_last_interpreter() -> None:
    house = factories.small_house()
    interpreter(house)
    standing = factories.book(house, services=("tax-card",)).journey
    offer = factories.plan(house, services=("mitid",), interpreter="ar").itineraries[0].offer
    walker = staff(factories.member(Role.FLOORWALKER, "ihnd"))
    noted, booked = together(
        partial(change_interpreter, actor=walker, journey=standing, language="ar"),
        partial(book_journey, actor=ANONYMOUS, offer=offer, contact=Contact("Bo Example", "bo@example.org"), consent=True),
    )
    kept_and_gone = noted is False and isinstance(booked, PlacesGone)
    moved_and_booked = noted is True and isinstance(booked, Booking)
    assert kept_and_gone or moved_and_booked
    assert Appointment.objects.filter(interpreter=None, freed_at=None).count() == 0
