"""How many visits ahead one address, and the same people, may have."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pytest

from indgang.foundation.access.actors import ANONYMOUS
from indgang.foundation.places.models import House
from indgang.operations.reception.actions.booking import book_journey
from indgang.operations.reception.actions.limits import JOURNEYS_AHEAD_PER_EMAIL, JOURNEYS_AHEAD_PER_PARTY
from indgang.operations.reception.contacts import Contact, Guest
from indgang.operations.reception.errors import AlreadyBooked, TooManyBookings
from indgang.operations.reception.tests.factories import book, plan, small_house, working_day

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return small_house()


def again(house: House, email: str, names: Sequence[str] = ()) -> None:
    """Two people book, from outside."""
    guests = [Guest(name, "POL") for name in names]
    offer = plan(house, adults=2).itineraries[0].offer
    book_journey(actor=ANONYMOUS, offer=offer, contact=Contact("Ada Example", email), people=guests, consent=True, source="api")


def test_an_address_for_every_booking_does_not_get_round_the_limit_for_the_same_people(house: House) -> None:
    for number in range(JOURNEYS_AHEAD_PER_PARTY):
        again(house, f"any{number}@example.org", ["Ada Example", "Bo Example"])
    with pytest.raises(TooManyBookings):
        again(house, "another@example.org", ["BO EXAMPLE", "Ada  Example"])
    again(house, "another@example.org", ["Ada Example", "Carl Example"])


def test_nobody_is_stopped_by_strangers_of_the_same_name_who_confirmed_theirs(house: House) -> None:
    for number in range(JOURNEYS_AHEAD_PER_PARTY):
        book(house, name="Jan Jensen", email=f"jan{number}@example.org", confirmed=True)
    book(house, name="Jan Jensen", email="another.jan@example.org")


def test_confirmed_visits_of_the_same_people_under_the_same_address_count(house: House) -> None:
    days = [working_day() + dt.timedelta(days=number) for number in range(JOURNEYS_AHEAD_PER_PARTY)]
    for day in days:
        book(house, name="Jan Jensen", email="jan@example.org", confirmed=True, on=day)
    with pytest.raises(TooManyBookings):
        book(house, name="Jan Jensen", email="Jan@example.org", on=days[-1])


def test_where_nobody_is_named_the_address_alone_counts(house: House) -> None:
    for _number in range(JOURNEYS_AHEAD_PER_EMAIL):
        again(house, "ada@example.org")
    with pytest.raises(TooManyBookings):
        again(house, "ada@example.org")
    again(house, "bo@example.org")


def test_the_same_people_have_one_visit_at_a_time_whatever_the_tab(house: House) -> None:
    first, second = (plan(house, adults=2).itineraries[0].offer for _tab in range(2))
    guests = [Guest("Ada Example", "POL"), Guest("Bo Example", "POL")]
    contact = Contact("Ada Example", "ada@example.org")
    book_journey(actor=ANONYMOUS, offer=first, contact=contact, people=guests, consent=True)
    with pytest.raises(AlreadyBooked):
        book_journey(actor=ANONYMOUS, offer=second, contact=contact, people=guests, consent=True)
    later = plan(house, adults=2, on=working_day() + dt.timedelta(days=1)).itineraries[0].offer
    book_journey(actor=ANONYMOUS, offer=later, contact=contact, people=guests, consent=True)
