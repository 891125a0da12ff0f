"""The calling display: numbers and never names, the last calls, one cheap query while nothing has changed, waits beside them."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.conf import LazySettings
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from indgang.foundation.access.actors import ANONYMOUS, Actor, staff
from indgang.foundation.identity.models import Role
from indgang.foundation.places.models import House
from indgang.operations.reception.actions import floor, line
from indgang.operations.reception.actions.desk import call_next, finish_visit, put_back
from indgang.operations.reception.actions.tickets import Errands, TakenTicket, take_ticket
from indgang.operations.reception.models import Ticket, WaitsTold
from indgang.operations.reception.queries.tickets import ticket_now
from indgang.operations.reception.queries.waits_told import waits_told
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.asking_again import sent_by
from indgang.operations.reception.tests.staff_day import at, party

pytestmark = pytest.mark.django_db
DISPLAY = "/hall/aalborg/display/"


@pytest.fixture
def house(settings: LazySettings) -> House:
    at(settings, 9, 30)
    return factories.small_house()


def take(house: House, service: str = "tax-card") -> TakenTicket:
    return take_ticket(actor=ANONYMOUS, house=house, errands=Errands([service]))


def clerk(desk: str = "tax-1") -> Actor:
    return staff(factories.member(Role.CLERK, factories.desk(desk).organisation.key))


def numbers(page: object) -> list[int]:
    context = page.context  # type: ignore[attr-defined]
    return [call["number"] for call in [context["now"], *context["before"]] if call]


def polled(stamp: str) -> object:
    return Client().get(DISPLAY, headers={"HX-Request": "true", "If-None-Match": stamp})


def test_nobody_called_is_said_in_both_languages(house: House) -> None:
    page = Client().get(DISPLAY)
    assert page.context["now"] is None
    text = page.content.decode()
    assert '<span lang="da">Ingen er kaldt endnu.</span>' in text
    assert "Nobody has been called yet." in text


def test_a_call_is_shown_by_its_number_and_desk_and_said_in_danish_and_english(house: House, settings: LazySettings) -> None:
    at(settings, 8, 50)
    journey = party(house, name="Ana Silva")
    floor.check_in_journey(actor=staff(factories.member(Role.FLOORWALKER, "ihnd")), journey=journey)
    at(settings, 9, 0)
    desk = journey.visits.get(service__key="siri-residence").appointment.desk
    call_next(actor=clerk(desk.key), desk=desk)
    page = Client().get(DISPLAY)
    assert numbers(page) == [Ticket.objects.get(journey=journey).number]
    number = desk.title_en.split()[1]
    assert [row["text"] for row in json.loads(page.context["now"]["said"])] == [
        f"Nummer 1, gå til Skranke {number}.",
        f"Number 1, please go to Desk {number}.",
    ]
    assert "Silva" not in page.content.decode()
    assert journey.reference not in page.content.decode()


def test_the_last_call_is_large_and_the_five_before_it_follow(house: House, settings: LazySettings) -> None:
    actor, desk = clerk(), factories.desk("tax-1")
    for minute in range(30, 37):
        at(settings, 9, minute)
        take(house)
        visit = call_next(actor=actor, desk=desk)
        assert visit is not None
        finish_visit(actor=actor, visit=visit, outcome="done")
    assert numbers(Client().get(DISPLAY)) == [7, 6, 5, 4, 3, 2]
    settings.CLOCK_STARTS_AT += dt.timedelta(days=1)
    assert numbers(Client().get(DISPLAY)) == []


def test_until_something_is_called_a_display_costs_one_query(house: House) -> None:
    actor, desk = clerk(), factories.desk("tax-1")
    take(house)
    stamp = sent_by(Client().get(DISPLAY))["If-None-Match"]
    with CaptureQueriesContext(
        connection,
    ) as asked:
        answer = polled(stamp)
    assert (answer.status_code, answer.content) == (304, b"")  # type: ignore[attr-defined]
    assert len(asked) == 1
    visit = call_next(actor=actor, desk=desk)
    assert visit is not None
    called = polled(stamp)
    assert (called.status_code, numbers(called)) == (200, [1])  # type: ignore[attr-defined]
    line.call_again(actor=actor, visit=visit)
    again = polled(called["ETag"])  # type: ignore[index]
    assert again.context["now"]["key"].startswith(f"{visit.pk}.2.")  # type: ignore[attr-defined]
    put_back(actor=actor, visit=visit)
    assert numbers(polled(again["ETag"])) == []  # type: ignore[index]


@pytest.mark.parametrize("tickets", [1, 3])
def test_a_display_costs_the_same_however_many_are_called(house: House, tickets: int) -> None:
    for key in ("tax-1", "siri-1", "citizen-1")[:tickets]:
        desk = factories.desk(key)
        take(house, desk.services.first().key)  # type: ignore[union-attr]
        call_next(actor=clerk(key), desk=desk)
    Client().get(DISPLAY)
    with CaptureQueriesContext(connection) as asked:
        page = Client().get(DISPLAY, headers={"HX-Request": "true"})
    assert len(numbers(page)) == tickets
    assert len(asked) == 6


def forget_waits_told() -> None:
    caches["near"].clear()
    WaitsTold.objects.all().delete()


def test_whoever_takes_a_ticket_is_told_on_the_phone_what_the_display_said(house: House, settings: LazySettings) -> None:
    at(settings, 8, 50)
    party(house, name="Ana Silva")
    at(settings, 9, 30)
    for _ in range(3):
        take(house)
    call_next(actor=clerk(), desk=factories.desk("tax-1"))
    at(settings, 9, 40)
    said = waits_told(house).newcomers["tax-card"]
    mine = take(house).ticket
    at(settings, 9, 40)
    forget_waits_told()
    told = ticket_now(mine).wait
    assert told is not None
    assert (told.middle, told.low, told.high) == pytest.approx((said.middle, said.low, said.high), abs=0.05)  # minutes; the test takes time
    assert said.high > said.low > 0


def test_a_newcomer_waits_longer_the_more_wait_before_and_for_no_desk_that_is_closed(house: House, settings: LazySettings) -> None:
    empty = waits_told(house).newcomers
    assert {key: wait.high for key, wait in empty.items()} == dict.fromkeys(("siri-residence", "cpr-registration", "tax-card", "mitid"), 0)
    take(house)
    call_next(actor=clerk(), desk=factories.desk("tax-1"))
    highs = []
    for _ in range(3):
        forget_waits_told()
        take(house)
        highs.append(waits_told(house).newcomers["tax-card"].high)
    assert highs == sorted(set(highs)), "each further ticket adds to the wait"
    assert waits_told(house).newcomers["mitid"].high == 0, "another desk's line is another line"
    shown = {words[-1][1]: (low, high) for words, low, high in Client().get(DISPLAY).context["waits"]}
    assert list(shown) == ["EU residence document", "Register your address (CPR)", "Tax card", "MitID"]
    assert shown["Tax card"][1] == round(highs[-1])
    at(settings, 15, 30)
    forget_waits_told()
    assert waits_told(house).newcomers == {}
