"""The waiting list with a real worker process: a freed place is offered and passed on, also after one that was killed.

How soon is measured by the bench: here a busy machine may take its time.
"""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from indgang.foundation.access.actors import citizen
from indgang.foundation.database import clock
from indgang.operations.reception.actions.changes import cancel_journey
from indgang.operations.reception.actions.serving import look_again, serve_later
from indgang.operations.reception.actions.waiting import confirm_entry, join_waiting_list
from indgang.operations.reception.contacts import Contact
from indgang.operations.reception.models import Appointment, FreedPlaces, Hold, Hours, Journey, WaitingOffer
from indgang.operations.reception.tests import factories

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 30
HELD_UP = "SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'reception_waitingoffer'::regclass"


def reaches(happened: Callable[[], bool]) -> bool:
    """Whether it happens while one has patience."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if happened():
            return True
        time.sleep(0.05)
    return happened()


def served_at() -> dict[str, Any]:
    """Where the test's own database is."""
    connection.ensure_connection()
    info = connection.connection.info
    return {"host": info.host, "port": info.port, "user": info.user, "dbname": info.dbname, "password": info.password}


@contextmanager
def worker() -> Iterator[subprocess.Popen[bytes]]:
    """A worker of the test's own database, started as `indgang serve` starts it, and at work."""
    server = served_at()
    place = f"{server['port']}/{server['dbname']}?host={quote(server['host'], safe='')}"
    address = f"postgresql://{quote(server['user'])}:{quote(server['password'])}@:{place}"
    [first, *_others] = ProcrastinateJob.objects.filter(status="todo", task_name__endswith="serve_later").order_by("-pk")  # of the joining
    lifeline, held = os.pipe()
    command = [sys.executable, "-m", "indgang.config.serve_worker", str(lifeline)]
    process = subprocess.Popen(command, env={**os.environ, "DATABASE_URL": address}, pass_fds=(lifeline,))
    try:
        done = ProcrastinateJob.objects.filter(pk=first.pk, status="succeeded")
        assert reaches(lambda: done.exists() or process.poll() is not None)
        assert process.poll() is None
        yield process
    finally:
        os.close(held)
        os.close(lifeline)
        process.wait(30)


@pytest.fixture
def taken() -> Journey:
    """A house with one place on each of the next Tuesdays, the first of which is somebody's, and two who wait for that very day."""
    house = factories.small_house()
    Hours.objects.all().delete()
    day = factories.working_day(7)
    Hours.objects.create(house=house, weekday=1, opens=dt.time(9), closes=dt.time(9, 15))
    journey = factories.book(house, on=day, days=0, stay_months=2).journey
    request = factories.plan(house, on=day, days=0, stay_months=2).request
    for name in ("Anna Nowak", "Bo Berg"):
        contact = Contact(name, f"{name[:2].strip().lower()}@example.org", "", "en")
        confirm_entry(entry=join_waiting_list(request=request, contact=contact, consent=True, request_key=name))
    return journey


def offered() -> list[str]:
    """Who is offered the place."""
    return list(WaitingOffer.objects.filter(answer="open").values_list("entry__name", flat=True))


def test_a_freed_place_is_offered_and_passed_on_by_itself(taken: Journey) -> None:
    with worker():
        cancel_journey(actor=citizen(taken.reference), journey=taken)
        assert reaches(lambda: offered() == ["Anna Nowak"])
        soon = clock.now() + dt.timedelta(seconds=1)
        WaitingOffer.objects.update(until=soon)
        Hold.objects.update(held_until=soon)
        serve_later.defer(at=soon, house_id=taken.house_id)
        assert reaches(lambda: offered() == ["Bo Berg"])
    assert Appointment.objects.filter(freed_at=None).count() == 1


def test_a_worker_killed_in_the_middle_of_an_offer_loses_nothing(taken: Journey) -> None:
    address: dict[str, Any] = served_at()
    with worker() as process, psycopg.connect(**address) as gate, psycopg.connect(**address, autocommit=True) as watcher:
        gate.execute("LOCK TABLE reception_waitingoffer IN EXCLUSIVE MODE")  # it may look, but not write the offer
        cancel_journey(actor=citizen(taken.reference), journey=taken)
        assert reaches(lambda: watcher.execute(HELD_UP).fetchone() is not None)
        process.kill()
        process.wait()
    assert (offered(), Hold.objects.count(), FreedPlaces.objects.exists()) == ([], 0, True)
    look_again()
    assert offered() == ["Anna Nowak"]
    assert Appointment.objects.filter(freed_at=None).count() == 1
