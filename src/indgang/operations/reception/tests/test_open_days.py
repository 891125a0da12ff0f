"""Occupancy counts by the hours as they were on the day, whatever is changed later."""

from __future__ import annotations

import datetime as dt

import pytest
from django.conf import LazySettings

from indgang.foundation.measures.declared import Scope
from indgang.foundation.places.models import House
from indgang.operations.reception.actions.open_days import keep_open_days
from indgang.operations.reception.actions.opening import save_change
from indgang.operations.reception.measures import occupancy
from indgang.operations.reception.models import OpenDay
from indgang.operations.reception.queries.occupancy import open_minutes
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.opening_day import hours, leader
from indgang.operations.reception.tests.staff_day import DATE, at, party

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def house(settings: LazySettings) -> House:
    """It has a booking since Tuesday; now it is Thursday at two."""
    at(settings, 8, 0)
    house = factories.small_house()
    party(house)
    settings.CLOCK_STARTS_AT += dt.timedelta(days=2, hours=6)
    return house


def shorten(house: House) -> None:
    """From now on, Tuesdays to Thursdays from ten to eleven only."""
    rows = [[weekday, "10:00", "11:00", None, None] for weekday in (1, 2, 3)]
    save_change(actor=leader(), change=hours(house, *rows), choices={})


def test_hours_that_are_changed_leave_past_days_as_they_were(house: House) -> None:
    past, today = Scope(house, DATE, DATE + DAY), Scope(house, DATE + 2 * DAY, DATE + 2 * DAY)
    before = open_minutes(past), occupancy(past)
    assert min(before[0].values()) > 0

    shorten(house)

    assert (open_minutes(past), occupancy(past)) == before
    assert set(open_minutes(today).values()) == {60}


def test_what_is_kept_is_what_the_hours_say_and_nothing_is_kept_twice(house: House) -> None:
    scope = Scope(house, DATE - 30 * DAY, DATE + 2 * DAY)
    by_the_hours = open_minutes(scope)

    assert (keep_open_days(house), keep_open_days(house)) == (2, 0)
    assert OpenDay.objects.count() == 2 * house.desks.count()
    assert open_minutes(scope) == by_the_hours


def test_a_house_that_nobody_has_used_keeps_nothing(settings: LazySettings) -> None:
    at(settings, 8, 0)

    assert keep_open_days(factories.small_house()) == 0
