"""The waiting list at the very same moment: many who wait, several workers, clicks that come twice. One place is one person's."""

from __future__ import annotations

from functools import partial

import pytest
from django.conf import LazySettings

from indgang.foundation.access.actors import ANONYMOUS, citizen
from indgang.operations.reception.actions import waiting as actions
from indgang.operations.reception.actions.booking import book_journey
from indgang.operations.reception.actions.changes import cancel_journey
from indgang.operations.reception.actions.serving import look_again, serve_house
from indgang.operations.reception.contacts import Contact
from indgang.operations.reception.errors import NotNow, ReceptionError
from indgang.operations.reception.models import Appointment, Journey, WaitingEntry, WaitingOffer
from indgang.operations.reception.queries.plans import plan_journey
from indgang.operations.reception.tests.staff_day import at
from indgang.operations.reception.tests.test_at_once import together
from indgang.operations.reception.tests.waiting_day import asked, booked, house_open, later, offered_to, open_offers, waits, wish

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _morning(settings: LazySettings) -> None:
    at(settings, 8)


def test_twenty_wait_for_one_place_and_it_is_held_for_the_first_alone() -> None:
    house = house_open(15)
    journey = booked(house)
    people = [waits(wish(house)) for _number in range(20)]
    cancel_journey(actor=citizen(journey.reference), journey=journey)
    together(*[partial(serve_house, house)] * 4)
    assert (offered_to(), WaitingOffer.objects.count()) == ([people[0]], 1)


def test_twenty_wait_for_several_places_and_the_first_get_them_in_order() -> None:
    house = house_open(60)
    people = [waits(wish(house)) for _number in range(20)]
    together(*[partial(serve_house, house)] * 3)
    assert set(offered_to()) == set(people[:4])
    assert Appointment.objects.count() == 4


def test_an_offer_clicked_five_times_is_one_journey() -> None:
    house = house_open(15)
    waits(wish(house))
    serve_house(house)
    [offer] = open_offers()
    answers = together(*[partial(actions.accept_offer, offer=offer)] * 5)
    assert sum(isinstance(answer, NotNow) for answer in answers) == 4
    assert (Journey.objects.count(), Appointment.objects.filter(freed_at=None).count()) == (1, 1)


def test_taken_declined_and_left_at_once_end_in_one_of_them() -> None:
    house = house_open(15)
    for _round in range(3):
        entry = waits(wish(house))
        serve_house(house)
        [offer] = open_offers()
        together(
            partial(actions.accept_offer, offer=offer),
            partial(actions.decline_offer, offer=offer),
            partial(actions.leave_waiting_list, actor=ANONYMOUS, entry=entry),
        )
        offer.refresh_from_db()
        entry.refresh_from_db()
        journey = entry.journey
        assert (offer.answer == "accepted") == (journey is not None) == (entry.ended == "booked")
        assert Appointment.objects.filter(freed_at=None).count() == (1 if journey else 0)
        if journey:
            cancel_journey(actor=citizen(journey.reference), journey=journey)
        if entry.ended_at is None:
            actions.leave_waiting_list(actor=ANONYMOUS, entry=entry)


def test_taken_at_the_moment_its_time_is_up_is_taken_by_one_of_two(settings: LazySettings) -> None:
    house = house_open(15)
    first, second = waits(wish(house)), waits(wish(house))
    serve_house(house)
    [offer] = open_offers()
    later(settings, 9.9995)
    together(partial(actions.accept_offer, offer=offer), look_again, look_again)
    later(settings, 0.1)
    look_again()
    first.refresh_from_db()
    assert (first.ended == "booked") == (offered_to() == [])
    assert offered_to() in ([], [second])
    assert Appointment.objects.filter(freed_at=None).count() == 1


def test_somebody_at_the_pages_and_the_list_want_the_same_place() -> None:
    house = house_open(15)
    offer = plan_journey(wish(house)).itineraries[0].offer
    entry = waits(wish(house))
    book = partial(book_journey, actor=ANONYMOUS, offer=offer, contact=Contact("Ada", "ada@example.org"), consent=True)
    answers = together(book, partial(serve_house, house))
    assert isinstance(answers[0], ReceptionError) == (offered_to() == [entry])
    assert Appointment.objects.filter(freed_at=None).count() == 1


def test_the_same_form_twice_at_once_is_one_entry() -> None:
    house = house_open(15)
    join = partial(asked, wish(house), name="Anna Nowak", email="anna@example.org", key="one")
    together(*[join] * 4)
    assert WaitingEntry.objects.count() == 1
