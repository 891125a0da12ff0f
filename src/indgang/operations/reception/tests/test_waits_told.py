"""The waits that one web process works out beside its answers and all tell: also where working them out fails or takes long."""

from __future__ import annotations

import datetime as dt
import logging
import threading
from collections.abc import Iterator

import psycopg
import pytest
from django.conf import LazySettings
from django.core.cache import caches
from django.db import connection

from indgang.foundation.database import clock
from indgang.foundation.places.models import House
from indgang.operations.reception.queries import waits_told as waits
from indgang.operations.reception.queries.waits import Told
from indgang.operations.reception.queries.waits_told import waits_told
from indgang.operations.reception.rules.waits import Wait
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.staff_day import at

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def house(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    at(settings, 9, 30)
    caches["near"].clear()
    monkeypatch.setattr(waits, "_beside", waits._beside)  # as it was, after the test
    monkeypatch.setattr(waits, "_tried", {})
    waits.work_beside()
    yield factories.small_house()
    those_beside_are_done()
    caches["near"].clear()


def five_seconds_later(settings: LazySettings) -> None:
    settings.CLOCK_STARTS_AT += dt.timedelta(seconds=5)


def those_beside_are_done() -> None:
    for thread in threading.enumerate():
        if thread.name.startswith("waits:"):
            thread.join()


def test_waits_that_cannot_be_worked_out_any_more_are_reported_and_not_told_for_ever(
    house: House, settings: LazySettings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(_house: House) -> Told:
        raise ArithmeticError

    first = waits_told(house)
    monkeypatch.setattr(waits, "worked_out", fails)
    with caplog.at_level(logging.ERROR, logger="indgang"):
        for _window in range(3):
            five_seconds_later(settings)
            assert waits_told(house) is not None
            assert waits_told(house).at == first.at
            those_beside_are_done()
    assert [(row.name, row.getMessage()) for row in caplog.records] == [
        ("indgang.operations.reception.queries.waits_told", "The waits in aalborg could not be worked out")
    ] * 3
    five_seconds_later(settings)
    five_seconds_later(settings)
    with pytest.raises(ArithmeticError):
        waits_told(house)


def test_one_works_at_a_time_and_what_took_long_is_told_when_it_is_there(
    house: House, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, may_end, works = threading.Event(), threading.Event(), []

    def slow(_house: House) -> Told:
        told = Told({}, {}, clock.now())
        works.append(told)
        begun.set()
        assert may_end.wait(30)
        return told

    first = waits_told(house)
    monkeypatch.setattr(waits, "worked_out", slow)
    for _window in range(3):
        five_seconds_later(settings)
        assert waits_told(house) == first
        assert begun.wait(30)
    may_end.set()
    those_beside_are_done()
    assert len(works) == 1
    assert waits_told(house) is not first
    assert waits_told(house).at == works[0].at


def test_what_one_process_worked_out_all_tell(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    works = []

    def counted(of: House) -> Told:
        works.append(of)
        return Told({1: None, 2: Wait(4.5, 0.0, 11.25)}, {"tax-card": Wait(0.1, 0.0, 7.0)}, clock.now())

    monkeypatch.setattr(waits, "worked_out", counted)
    first = waits_told(house)
    caches["near"].clear()  # another process, with a memory of its own
    assert waits_told(house) == first
    assert works == [house]


def test_while_another_process_is_at_work_what_was_told_before_is_told_on(
    house: House, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, works = waits_told(house), []
    monkeypatch.setattr(waits, "worked_out", lambda of: works.append(of) or first)
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": psycopg.ClientCursor}) as other:
        other.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"waits:{house.pk}"])
        five_seconds_later(settings)
        assert waits_told(house) == first
        those_beside_are_done()
        assert works == []
    five_seconds_later(settings)
    assert waits_told(house) == first
    those_beside_are_done()
    assert works == [house]
