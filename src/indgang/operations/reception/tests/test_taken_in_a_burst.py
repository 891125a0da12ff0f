"""Tickets that are taken in one moment: nobody is told a wait that leaves out those before them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.cache import caches
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from indgang.foundation.database import clock
from indgang.foundation.places.models import House
from indgang.operations.reception.models import Visit, WaitsTold
from indgang.operations.reception.queries.tickets import ticket_now, ticket_opened_by
from indgang.operations.reception.queries.waits import worked_out
from indgang.operations.reception.queries.waits_told import waits_told
from indgang.operations.reception.rules.waits import Wait, joined
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.staff_day import at, clerk

TICKETS = "/api/v1/houses/aalborg/tickets"


@pytest.fixture
def house(db: None, settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """The house in one moment that does not pass; nobody waits, and all have been told so."""
    at(settings, 9, 30)
    moment = clock.now()
    monkeypatch.setattr(clock, "now", lambda: moment)
    caches["near"].clear()
    made = factories.small_house()
    assert waits_told(made).steps == {}
    yield made
    caches["near"].clear()


def taken(service: str = "tax-card") -> dict[str, Any]:
    answer = Client().post(TICKETS, {"service": service}, content_type="application/json")
    assert answer.status_code == 201
    return dict(answer.json())


def test_of_ten_tickets_in_one_moment_each_is_told_of_those_before_it(house: House) -> None:
    told = [taken() for _ticket in range(10)]
    middles = [ticket["wait"]["minutes"] for ticket in told]
    assert [ticket["place"] for ticket in told] == list(range(1, 11))
    assert middles == sorted(middles)
    assert middles[0] == 0 and all(minutes >= 8 * number for number, minutes in enumerate(middles))
    # what is told to all once it has been worked out lies in the range that each was told
    steps = worked_out(house).steps
    whole = [steps[number] for number in Visit.objects.order_by("pk").values_list("pk", flat=True)]
    ranges = [(ticket["wait"]["low"], ticket["wait"]["high"]) for ticket in told]
    assert [bool(wait and low <= wait.middle <= high) for wait, (low, high) in zip(whole, ranges, strict=True)] == [True] * 10
    # and the phone, and the paper of the kiosk, say the same as the kiosk at once
    for ticket in told:
        found = ticket_opened_by(number=ticket["number"], key=ticket["key"])
        assert found is not None
        assert (ticket_now(found).minutes or ())[:1] == (ticket["wait"]["minutes"],)


def test_those_who_come_for_something_else_are_in_nobodys_way(house: House) -> None:
    for _ticket in range(5):
        taken()
    assert taken("siri-residence")["wait"]["minutes"] == 0


def test_somebody_at_the_desk_is_no_spare_desk(house: House) -> None:
    taken()
    clerk("skattestyrelsen").post("/desks/aalborg/tax-1/next/")
    WaitsTold.objects.all().delete()
    caches["near"].clear()
    newcomer = waits_told(house).newcomers["tax-card"].middle
    assert newcomer > 0
    assert taken()["wait"]["minutes"] == round(newcomer)
    assert taken()["wait"]["minutes"] > round(newcomer)


def in_order(*minutes: int) -> Wait:
    low, middle, high = map(float, sorted(minutes))
    return Wait(middle, low, high)


a_wait = st.builds(in_order, *[st.integers(0, 90)] * 3)


@given(a_wait, st.lists(st.integers(5, 60), max_size=12), st.integers(1, 6), st.integers(0, 6))
def test_whoever_joins_behind_more_people_is_told_no_shorter_wait(wait: Wait, ahead: list[int], desks: int, spare: int) -> None:
    spare = min(spare, desks)
    told = joined(wait, ahead, desks=desks, spare=spare)
    assert told.low <= told.middle <= told.high
    assert (told == wait) == (not ahead or len(ahead) < spare)
    longer = joined(wait, [*ahead, 30], desks=desks, spare=spare)
    if ahead and set(ahead) == {30}:
        assert longer.middle >= told.middle
