"""A group on the floor, what is forgotten of it, and who may know the company."""

from __future__ import annotations

import datetime as dt

import pytest
from django.conf import LazySettings
from django.test import Client

from indgang.foundation.access.actors import staff
from indgang.foundation.identity.models import Role
from indgang.foundation.places.models import House
from indgang.foundation.ui.tell import undo_of
from indgang.operations.reception.actions import desk as desk_actions
from indgang.operations.reception.actions.group_erasure import GROUPS
from indgang.operations.reception.actions.group_floor import check_in_group, undo_check_in_group
from indgang.operations.reception.actions.group_retention import groups_to_forget
from indgang.operations.reception.actions.retention import RETENTION
from indgang.operations.reception.errors import NotNow
from indgang.operations.reception.models import Employee, EmployerBooking, Journey, Visit
from indgang.operations.reception.queries.employers import company_of, groups_on
from indgang.operations.reception.queries.journeys import with_steps
from indgang.operations.reception.queries.today import today_in
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.employer_day import asked, booked, group
from indgang.operations.reception.tests.staff_day import at_instant, logged_in
from indgang.operations.reception.tests.waiting_day import house_open

pytestmark = pytest.mark.django_db
NAMES = ("Anna Nowak", "Bo Lind", "Cy Diaz")
MORNING = dt.datetime(2026, 12, 15, 7, 50, tzinfo=dt.UTC)


@pytest.fixture
def house(settings: LazySettings) -> House:
    at_instant(settings, dt.datetime(2026, 12, 14, 8, tzinfo=dt.UTC))
    return house_open(60)


def states(booking: EmployerBooking) -> list[str]:
    return list(
        Visit.objects.filter(journey__employee__booking=booking).order_by("journey__employee__position").values_list("status", flat=True)
    )


def floorwalker() -> Client:
    return logged_in(factories.member(Role.FLOORWALKER, "ihnd"))


def test_a_group_is_checked_in_with_one_click_and_back_with_one(house: House, settings: LazySettings) -> None:
    booking = group(house, *NAMES)
    booked(booking)
    at_instant(settings, MORNING)
    client = floorwalker()
    page = client.get("/board/aalborg/").content.decode()
    assert ("Nordværk A/S" in page, "Check in all 3" in page) == (True, True)
    answer = client.post(f"/board/aalborg/groups/{booking.pk}/check-in/?back=board", follow=True)
    assert states(booking) == ["waiting"] * 3
    [message] = [one for one in answer.context["messages"] if "Nordværk" in str(one)]
    client.post(undo_of(message))
    assert states(booking) == ["planned"] * 3


def test_checking_in_leaves_alone_who_is_here_and_the_undo_who_was_called(house: House, settings: LazySettings) -> None:
    booking = group(house, *NAMES)
    booked(booking)
    at_instant(settings, MORNING)
    walker = staff(factories.member(Role.FLOORWALKER, "ihnd"))
    here = check_in_group(actor=walker, booking=booking)
    with pytest.raises(NotNow):
        check_in_group(actor=walker, booking=booking)
    desk_actions.call_next(actor=staff(factories.member(Role.CLERK, "skattestyrelsen")), desk=factories.desk("tax-1"))
    undo_check_in_group(actor=walker, booking=booking, references=[journey.reference for journey in here])
    assert states(booking) == ["called", "planned", "planned"]


def test_only_floorwalkers_of_the_host_receive_a_group(house: House, settings: LazySettings) -> None:
    booking = group(house, *NAMES)
    booked(booking)
    at_instant(settings, MORNING)
    client = logged_in(factories.member(Role.CLERK, "skattestyrelsen"))
    assert client.post(f"/board/aalborg/groups/{booking.pk}/check-in/").status_code == 404
    assert states(booking) == ["planned"] * 3


def test_the_company_is_for_the_floor_and_for_authorities_with_a_step(house: House) -> None:
    booked(group(house, "Anna Nowak"))
    journey = with_steps(Journey.objects.all()).get()
    told = {key: company_of(journey, staff(factories.member(role, key))) for role, key in READERS}
    assert told == {"ihnd": "Nordværk A/S", "skattestyrelsen": "Nordværk A/S", "siri": ""}


READERS = ((Role.FLOORWALKER, "ihnd"), (Role.CLERK, "skattestyrelsen"), (Role.CLERK, "siri"))


@pytest.mark.parametrize("people", [1, 3])
def test_the_groups_of_a_day_are_found_in_what_is_read_of_it(
    house: House, people: int, settings: LazySettings, django_assert_num_queries: object
) -> None:
    booking = group(house, *NAMES[:people])
    booked(booking)
    at_instant(settings, MORNING)
    day = today_in(house)
    with django_assert_num_queries(0):  # type: ignore[operator]
        [today] = groups_on(day)
    assert (today.booking, len(today.journeys), today.expected) == (booking, people, people)


def forget() -> None:
    [retention] = [one for one in RETENTION if "reception.employerbooking" in one.models]
    retention.forget(retention.due())


def test_thirty_days_after_the_last_visit_the_group_is_forgotten_and_the_visits_are_not(house: House, settings: LazySettings) -> None:
    booking = group(house, *NAMES)
    booked(booking)
    at_instant(settings, MORNING + dt.timedelta(days=30))
    assert list(groups_to_forget()) == []
    at_instant(settings, MORNING + dt.timedelta(days=31))
    forget()
    booking.refresh_from_db()
    assert (booking.name, booking.email, booking.phone, booking.company) == ("", "", "", "Nordværk A/S")
    assert (Employee.objects.count(), Journey.objects.filter(source="employer").count()) == (0, 3)


def test_a_link_that_nobody_opened_is_forgotten_after_a_day(house: House, settings: LazySettings) -> None:
    booking = asked(house)
    at_instant(settings, dt.datetime(2026, 12, 15, 9, tzinfo=dt.UTC))
    forget()
    booking.refresh_from_db()
    assert (booking.email, booking.forgotten_at is not None) == ("", True)


def test_somebody_who_asks_is_told_and_forgotten_with_what_an_employer_said(house: House) -> None:
    booking = group(house, *NAMES)
    told = [name for name, _facts in GROUPS.told("anna@example.org")]
    assert told == ["reception.employee"]
    assert [name for name, _facts in GROUPS.told(booking.email)] == ["reception.employerbooking"]
    assert GROUPS.forget("anna@example.org") == 1
    assert not Employee.objects.filter(name="Anna Nowak").exists()
    assert GROUPS.forget("hr@nordvaerk.example") == 1
    booking.refresh_from_db()
    assert (booking.email, Employee.objects.count()) == ("", 0)
