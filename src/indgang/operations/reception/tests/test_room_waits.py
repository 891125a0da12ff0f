"""What people are told who wait for a room: not less than until one is free."""

from __future__ import annotations

import pytest
from django.conf import LazySettings
from django.template.loader import render_to_string
from django.utils.html import strip_tags

from indgang.operations.reception.queries.waits import worked_out
from indgang.operations.reception.rules.rooms import Wanted, given_out
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.resource_day import room
from indgang.operations.reception.tests.staff_day import at
from indgang.operations.reception.tests.test_called_rooms import taking, ticket


def test_rooms_are_given_out_in_the_order_of_the_line() -> None:
    free = {1: 0b1111110000, 2: 0b1100000000}
    found, left = given_out([Wanted(7, 3, (1, 2), 0), Wanted(8, 2, (1, 2), 0), Wanted(9, 2, (1, 2), 0)], free)
    assert found == {7: 4, 8: 7, 9: 8}
    assert left == {1: 0b1000000000, 2: 0}


def test_who_has_a_room_in_time_is_told_nothing_else_and_who_has_none_today_takes_none() -> None:
    found, left = given_out([Wanted(7, 1, (1,), 2), Wanted(8, 9, (1,), 0), Wanted(9, 1, (1,), 0)], {1: 0b110})
    assert (found, left) == ({9: 1}, {1: 0})


@pytest.mark.django_db
def test_a_wait_ends_no_sooner_than_the_room_is_free(settings: LazySettings) -> None:
    at(settings, 10)
    house = factories.small_house()
    room(house, "tax-card", "siri-residence")
    ticket(house)
    minutes = taking().service.minutes
    waits = ticket(house, "siri-residence")
    before = worked_out(house)
    told = before.steps[waits.pk]
    assert told and told.low >= minutes
    assert round(told.high) > round(told.low), "nobody can be eight times in ten sure to the minute"
    assert before.newcomers["siri-residence"].low >= minutes + waits.service.minutes


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        ((18, 18, 18), "About 18 minutes."),
        ((1, 1, 1), "About 1 minute."),
        ((18, 18, 25), "About 18 minutes. Eight of ten wait between 18 and 25 minutes."),
    ],
)
def test_a_wait_that_is_sure_to_the_minute_is_told_as_one_number(minutes: tuple[int, int, int], said: str) -> None:
    told = {"status": "waiting", "ahead": None, "wait": True, "minutes": minutes}
    assert strip_tags(render_to_string("reception/hall/ahead.html", {"now": told})).split() == said.split()
