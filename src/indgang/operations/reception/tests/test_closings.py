"""A desk that is closed for a part of the day: board, desk and display say until when."""

from __future__ import annotations

import pytest
from django.conf import LazySettings
from django.test import Client

from indgang.foundation.places.models import House
from indgang.operations.reception.queries.closings import closed_now
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.opening_day import closure, leader, saved
from indgang.operations.reception.tests.staff_day import at, clerk, floorwalker

pytestmark = pytest.mark.django_db


def test_a_desk_that_is_closed_for_an_hour_is_announced_until_it_opens_again(house: House, settings: LazySettings) -> None:
    saved(leader(), closure("tax-1", begins="10:00", ends="11:00"))
    saved(leader(), closure("siri-2", begins="10:30"))
    seen = {}
    for hour, minute in ((9, 59), (10, 0), (10, 45), (11, 0)):
        at(settings, hour, minute)
        seen[hour, minute] = [(one.desk.key, one.until and one.until.isoformat("minutes")) for one in closed_now(house)]
    closed_for_an_hour, for_the_rest = ("tax-1", "11:00"), ("siri-2", None)
    assert seen == {(9, 59): [], (10, 0): [closed_for_an_hour], (10, 45): [closed_for_an_hour, for_the_rest], (11, 0): [for_the_rest]}


def test_board_desk_and_display_say_until_when(house: House, settings: LazySettings) -> None:
    saved(leader(), closure("tax-1", begins="10:00", ends="11:00"))
    saved(leader(), closure("siri-2", begins="10:00"))
    at(settings, 10, 15)
    board = " ".join(floorwalker().get("/board/aalborg/").content.decode().split())
    tax, siri = factories.desk("tax-1").title_en, factories.desk("siri-2").title_en
    assert f"<b>Closed now:</b> {tax} (until 11.00), {siri} (for the rest of today)" in board
    assert "Closed until 11.00." in clerk("skattestyrelsen").get("/desks/aalborg/tax-1/").content.decode()
    display = Client().get("/hall/aalborg/display/").content.decode()
    assert f"{tax} is closed until 11.00." in display
    assert f"{factories.desk('tax-1').title_da} er lukket til kl. 11.00." in display
    at(settings, 11, 0)
    assert "is closed until" not in Client().get("/hall/aalborg/display/").content.decode()
    assert "Closed until" not in clerk("skattestyrelsen").get("/desks/aalborg/tax-1/").content.decode()
