"""The day that is kept in memory is the day in the database, whatever happens, and costs little to keep."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.conf import LazySettings
from django.core.cache import caches
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from indgang.foundation.access.actors import staff
from indgang.foundation.database import clock
from indgang.foundation.identity.models import Role
from indgang.foundation.places.models import House
from indgang.operations.reception.actions import floor
from indgang.operations.reception.models import Closure, Desk, Hours
from indgang.operations.reception.queries.house import house_plan
from indgang.operations.reception.queries.kept import forget_all
from indgang.operations.reception.queries.line import line_of
from indgang.operations.reception.queries.stamps import state_of_day
from indgang.operations.reception.queries.today import forget_today, today_in
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.full_day import Day
from indgang.operations.reception.tests.staff_day import at, clerk, floorwalker, party

pytestmark = pytest.mark.django_db
BOARD, DESK = "/board/aalborg/", "/desks/aalborg/siri-1/"
EACH_TIME = re.compile(r'(name="csrfmiddlewaretoken" value="|data-seconds=")[^"]*')


@pytest.fixture
def house(settings: LazySettings) -> House:
    at(settings, 9)
    return factories.small_house()


def forget() -> None:
    """A process that has just started."""
    forget_today()
    forget_all()
    caches["near"].clear()
    caches["parts"].clear()


def whole_page(client: Client) -> str:
    return EACH_TIME.sub("", client.get(DESK).content.decode())


def lines(house: House) -> dict[str, list[int]]:
    return {
        desk.key: [turn.step.visit for turn in line_of(desk)] for desk in Desk.objects.filter(house=house).select_related("house__region")
    }


def test_what_is_kept_tells_what_a_process_tells_that_has_just_started(
    house: House, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    day, walker, siri = Day(house, settings), floorwalker(), clerk()
    wrong = []

    def look() -> tuple[dict[str, str], dict[str, list[int]]]:
        texts = {page: who.get(page, headers={"HX-Request": "true"}).content.decode() for who, page in ((walker, BOARD), (siri, DESK))}
        return {page: EACH_TIME.sub("", text) for page, text in texts.items()} | {"whole": whole_page(siri)}, lines(house)

    for deed, do in day.deeds():
        do()
        moment = clock.now()
        with monkeypatch.context() as standing_still:
            standing_still.setattr(clock, "now", lambda moment=moment: moment)
            kept = look()
            forget()
            wrong += [] if kept == look() else [deed]
    assert wrong == []


def test_only_who_has_changed_is_read_again(house: House) -> None:
    walker = staff(factories.member(Role.FLOORWALKER, "ihnd"))
    counts = []
    for _ in range(3):
        journey = party(house)
        today_in(house)
        with CaptureQueriesContext(connection) as nothing:
            before = today_in(house)
        floor.check_in_journey(actor=walker, journey=journey)
        with CaptureQueriesContext(connection) as one:
            after = today_in(house)
        counts.append((len(nothing), len(one)))
        others = set(before.journeys) - {journey.pk}
        assert all(before.journeys[key] is after.journeys[key] for key in others)
        assert before.journeys[journey.pk] is not after.journeys[journey.pk]
    assert counts == [(1, counts[0][1])] * 3


def test_whoever_has_asked_for_the_state_is_given_the_day_in_it_without_another_question(house: House) -> None:
    for _ in range(2):
        state = state_of_day(house)
        read = today_in(house, state)
        assert read.state == state
        with CaptureQueriesContext(connection) as caught:
            assert today_in(house, state) is read
        assert len(caught) == 0
        party(house)
        assert today_in(house, state_of_day(house)).journeys.keys() > read.journeys.keys()


def test_what_was_undone_was_never_so(house: House) -> None:
    journey = party(house)
    before = today_in(house).versions
    with transaction.atomic():
        floor.check_in_journey(actor=staff(factories.member(Role.FLOORWALKER, "ihnd")), journey=journey)
        assert {visit.status for visit in today_in(house).visits} == {"waiting"}
        transaction.set_rollback(True)
    assert {visit.status for visit in today_in(house).visits} == {"planned"}
    assert today_in(house).versions == before


def test_a_change_of_the_hours_is_in_the_plan_at_once_and_nothing_is_read_twice(house: House) -> None:
    house_plan(house)
    with CaptureQueriesContext(connection) as caught:
        plan = house_plan(house)
    assert len(caught) == 1
    today = plan.day(clock.today(house.zone))
    desk = plan.desks[0]
    assert plan.open_cells(desk, today)
    Closure.objects.create(house=house, first_day=today.date, last_day=today.date, title_da="Lukket")
    assert not house_plan(house).open_cells(house_plan(house).desks[0], today)
    Closure.objects.all().delete()
    Hours.objects.filter(house=house).update(closes=dt.time(23))
    assert house_plan(house).open_cells(desk, today) != plan.open_cells(desk, today)
