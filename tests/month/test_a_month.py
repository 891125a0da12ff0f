"""Two days of the month that `make bench` plays, through HTTP: walk-ins, an absence, overruns, papers missing, and more.

An offer of the waiting list runs out and goes to the next; an employer hands in a spreadsheet.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from bench.month.play import Month, played_in
from bench.moved_clock import MovedClock
from django.db import connection
from pytest_django.live_server_helper import LiveServer
from tests.month.served import ServedHouse

from indgang.config.region_commands import load_region
from indgang.foundation.database import clock
from indgang.foundation.places.region import RegionFolder

pytestmark = pytest.mark.django_db(transaction=True)
MONTH = Month(dt.date(2027, 9, 7), days=2, parties=3, tickets=4, clerks=4, seed=3)  # a Tuesday and a Wednesday


@pytest.fixture
def house(live_server: LiveServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ServedHouse]:
    moved = MovedClock(tmp_path / "clock", MONTH.eve)
    monkeypatch.setattr(clock, "now", moved.now)
    with connection.cursor() as cursor:  # the queue is no table of Django's, so what other tests put into it is still there
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")
    load_region(RegionFolder.find("north-denmark"))
    served = ServedHouse(live_server.thread.port, tmp_path, moved)
    logging.getLogger().addHandler(served.errors)
    yield served
    logging.getLogger().removeHandler(served.errors)


def test_two_days_through_http_leave_nothing_amiss(house: ServedHouse) -> None:
    done = played_in(house, MONTH)
    counts = done.ledger.counts
    assert done.faults == []
    assert (counts["walk-ins"], counts["offers taken"]) == (8, 1), dict(counts)
    assert (counts["offers that ran out"], counts["employees from spreadsheets"]) == (1, 3), dict(counts)
    assert counts["homes noted"], dict(counts)
    assert counts["absences"] and counts["overruns"], dict(counts)
    assert all(party.end or (party.first and party.first > house.clock.now()) for party in done.ledger.parties)
