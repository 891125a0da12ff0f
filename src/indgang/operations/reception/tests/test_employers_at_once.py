"""Employers at the very same moment: two contacts for the last places, one who clicks twice, and newcomers who book meanwhile."""

from __future__ import annotations

from collections import Counter
from functools import partial

import pytest
from django.conf import LazySettings

from indgang.foundation.access.actors import ANONYMOUS
from indgang.operations.reception.actions.booking import book_journey
from indgang.operations.reception.actions.employer_booking import Confirmed, confirm_proposals, shown_proposals
from indgang.operations.reception.actions.employers import add_people
from indgang.operations.reception.contacts import Contact
from indgang.operations.reception.errors import GroupChanged
from indgang.operations.reception.models import Appointment, Employee, Journey
from indgang.operations.reception.queries.plans import plan_journey
from indgang.operations.reception.tests.employer_day import group, letters, proposed, rows, wanted
from indgang.operations.reception.tests.staff_day import at
from indgang.operations.reception.tests.test_at_once import together
from indgang.operations.reception.tests.waiting_day import house_open, wish

pytestmark = pytest.mark.django_db(transaction=True)
NAMES = ("Anna Nowak", "Bo Lind", "Cy Diaz", "Di Vu")


@pytest.fixture(autouse=True)
def _morning(settings: LazySettings) -> None:
    at(settings, 8)


def test_two_contacts_race_for_the_same_places_and_one_group_is_whole() -> None:
    house = house_open(75)  # five places, and two groups of four
    groups = [group(house, *NAMES, company=name, email=f"{name}@example.org".lower(), emails=False) for name in ("Nord", "Syd")]
    pages = [shown_proposals(proposed(one)) for one in groups]
    answers = together(*[partial(confirm_proposals, booking=one, shown=page) for one, page in zip(groups, pages, strict=True)])
    assert Counter(type(answer) for answer in answers) == {Confirmed: 1, GroupChanged: 1}
    assert sorted(Journey.objects.filter(employee__booking=one).count() for one in groups) == [0, 4]
    assert (Appointment.objects.count(), len(letters("employer-overview"))) == (4, 1)
    loser = next(one for one in groups if not one.employees.exclude(journey=None).exists())
    assert sorted(row.state for row in rows(loser)) == ["no-time", "no-time", "no-time", "proposed"]


def test_five_clicks_book_once() -> None:
    booking = group(house_open(75), *NAMES)
    shown = shown_proposals(proposed(booking))
    answers = together(*[partial(confirm_proposals, booking=booking, shown=shown)] * 5)
    assert sorted(answer.again for answer in answers) == [False, True, True, True, True]
    assert (Journey.objects.count(), len(letters("booked")), len(letters("employer-overview"))) == (4, 4, 1)


def test_newcomers_who_book_meanwhile_leave_the_group_whole_or_not_booked_at_all() -> None:
    house = house_open(75)
    booking = group(house, *NAMES)
    shown = shown_proposals(proposed(booking))
    offers = [way.offer for way in plan_journey(wish(house)).itineraries]
    visitors = [
        partial(
            book_journey, actor=ANONYMOUS, offer=offer, contact=Contact(f"Visitor {'x' * number}", f"v{number}@example.org"), consent=True
        )
        for number, offer in enumerate(offers, start=1)
    ]
    together(partial(confirm_proposals, booking=booking, shown=shown), *visitors)
    assert Journey.objects.filter(source="employer").count() in (0, 4)
    assert Employee.objects.exclude(journey=None).count() == Journey.objects.filter(source="employer").count()
    assert Appointment.objects.filter(visit__journey__source="employer").count() == Journey.objects.filter(source="employer").count()


def test_the_same_list_handed_in_twice_at_once_is_one_group() -> None:
    booking = group(house_open(75))
    people = [wanted(name) for name in NAMES]
    together(*[partial(add_people, booking=booking, people=people)] * 3)
    assert sorted(booking.employees.values_list("name", flat=True)) == sorted(NAMES)
