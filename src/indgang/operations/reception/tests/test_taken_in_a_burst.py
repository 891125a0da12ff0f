"""Tickets that are taken in one moment: nobody is told a wait that leaves out those before them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from indgang.foundation.access.actors import system
from indgang.foundation.database import clock
from indgang.foundation.places.models import House
from indgang.operations.reception.actions.tickets import Errands, take_ticket
from indgang.operations.reception.models import Visit
from indgang.operations.reception.queries import waits_told as waits
from indgang.operations.reception.queries.past import past_of
from indgang.operations.reception.queries.tickets import ticket_now, ticket_opened_by
from indgang.operations.reception.queries.today import today_in
from indgang.operations.reception.queries.waits import worked_out, worked_out_for
from indgang.operations.reception.queries.waits_told import waits_told
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.resource_day import room
from indgang.operations.reception.tests.staff_day import at, clerk, party

pytestmark = pytest.mark.django_db
TICKETS = "/api/v1/houses/aalborg/tickets"


@pytest.fixture
def house(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
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
    # it is the very wait that is told once it has been worked out for all
    steps = worked_out(house).steps
    whole = [steps[number] for number in Visit.objects.order_by("pk").values_list("pk", flat=True)]
    assert middles == [round(wait.middle) if wait else None for wait in whole]
    # and the phone, and the paper of the kiosk, say the same at once
    for ticket in told:
        found = ticket_opened_by(number=ticket["number"], key=ticket["key"])
        assert found is not None
        assert (ticket_now(found).minutes or ())[:1] == (ticket["wait"]["minutes"],)


def test_those_who_come_for_something_else_are_in_nobodys_way(house: House) -> None:
    for _ticket in range(5):
        taken()
    assert taken("siri-residence")["wait"]["minutes"] == 0


@pytest.mark.parametrize("in_a_room", [False, True])
def test_the_wait_of_one_is_what_is_told_to_it_among_all(house: House, in_a_room: bool) -> None:
    """Booked parties, errands at several desks, somebody at a desk, and rooms."""
    if in_a_room:
        room(house, "tax-card")
    for wish in ({"services": ("tax-card",)}, {"services": ("mitid", "siri-residence")}, {}):
        party(house, **wish)
    for services in (["tax-card"], ["siri-residence", "tax-card"], ["mitid"], ["cpr-registration"], ["tax-card"], ["siri-residence"]) * 2:
        take_ticket(actor=system(), house=house, errands=Errands(services))
    clerk("skattestyrelsen").post("/desks/aalborg/tax-1/next/")
    whole, today, past = worked_out(house).steps, today_in(house), past_of(house)
    assert len(whole) > 14
    assert {visit: worked_out_for(visit, today, past) for visit in whole} == whole
    with pytest.raises(LookupError):
        worked_out_for(0, today, past)


def test_working_a_wait_out_for_one_ticket_asks_the_database_nothing(house: House) -> None:
    """What the day is and what the house has learned is known by then: the latter is read once in five seconds."""
    ticket = [taken() for _ticket in range(2)][-1]
    window = waits._name(house, waits._number_of(clock.now()))

    def queries(*forgotten: str) -> int:
        for name in forgotten:
            caches["near"].delete(f"{window}:{name}")
        found = ticket_opened_by(number=ticket["number"], key=ticket["key"])
        assert found is not None
        with CaptureQueriesContext(connection) as asked:
            ticket_now(found)
        return len(asked)

    own = str(Visit.objects.latest("pk").pk)
    known = [queries() for _time in range(2)][-1]
    assert queries(own) == known
    assert queries(own, "past") == known + 1
