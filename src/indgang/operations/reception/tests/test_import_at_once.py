"""An import is taken back at the very moment at which a clerk calls the party: whoever is first is through, and the other is told."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection, transaction

from indgang.foundation.imports.actions import Undone, undo_batch
from indgang.foundation.imports.kinds import Key, Stored
from indgang.foundation.imports.models import Batch
from indgang.foundation.places.models import House
from indgang.operations.reception.actions import desk as desks
from indgang.operations.reception.actions.end_of_day import end_days_of
from indgang.operations.reception.imports import VisitsWork
from indgang.operations.reception.models import Journey, Turn, Visit
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.staff_day import at, clerk, said
from indgang.operations.reception.tests.test_desk_changes_hands import waits_for_a_lock
from indgang.operations.reception.tests.test_from_journal import clerk as clerk_of
from indgang.operations.reception.tests.test_from_journal import same
from indgang.operations.reception.tests.visits_table import HEADER, done, operator

pytestmark = pytest.mark.django_db(transaction=True)
SIRI = HEADER + "J-1,aalborg,siri-residence,851,POL,2,2026-12-08 08:50,,,\n"
GONE = "This visit is not there any more. Look at the line again."


@pytest.fixture(autouse=True)
def nine(house: House, settings: LazySettings, tmp_path: Path) -> None:
    settings.HOME = tmp_path
    at(settings, 9, 5)


def undo(batch: Batch) -> Undone:
    return undo_batch(actor=operator(), batch=batch)


def beside(deed: Callable[[], Any], answers: list[Any]) -> threading.Thread:
    """Begin the deed in another thread, and go on once it waits for what this one has locked."""

    def work() -> None:
        try:
            answers.append(deed())
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    waits_for_a_lock()
    return thread


def step() -> Visit:
    return Visit.objects.get(service__key="siri-residence")


@pytest.mark.parametrize("finished", [False, True])
def test_a_party_that_a_clerk_is_calling_or_finishing_is_kept_and_named(house: House, finished: bool) -> None:
    batch, siri, answers = done(SIRI), clerk_of("siri"), list[Undone]()

    with transaction.atomic():
        desks.call_visit(actor=siri, desk=factories.desk("siri-1"), visit=step())
        if finished:
            desks.finish_visit(actor=siri, visit=step(), outcome="done")
        undoing = beside(lambda: undo(batch), answers)
    undoing.join()

    [undone] = answers
    assert (undone.removed, undone.kept_rows, step().status, Turn.objects.count()) == (0, 1, "done" if finished else "called", finished)
    assert {problem.column for problem in undone.kept} == ({"started", "ended", "outcome"} if finished else {"reference"})
    assert same(house).citizens == ({"851": 2} if finished else {})


@pytest.mark.parametrize("another", [False, True])
def test_a_clerk_who_calls_a_party_that_is_being_taken_back_is_told(house: House, monkeypatch: pytest.MonkeyPatch, another: bool) -> None:
    if another:
        done(SIRI.replace("siri-residence", "tax-card"))
    batch, page, number = done(SIRI), clerk("siri"), step().pk
    existing, answers, callers = VisitsWork.existing, list[Any](), list[threading.Thread]()

    def while_a_clerk_calls(work: VisitsWork, keys: Sequence[Key]) -> Any:
        found: dict[Key, Stored] = dict(existing(work, keys))
        if not callers:
            callers.append(beside(lambda: page.post(f"/desks/aalborg/siri-1/call/{number}/?back=desk", follow=True), answers))
        return found

    monkeypatch.setattr(VisitsWork, "existing", while_a_clerk_calls)
    assert undo(batch) == Undone(removed=1)
    callers[0].join()

    assert [said(answer) for answer in answers] == [[GONE]]
    assert (Journey.objects.count(), Visit.objects.count(), Turn.objects.count()) == (another, another, 0)
    assert same(house).total.steps == 0


def test_a_party_that_is_gone_is_not_ended_with_the_day(house: House, settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> None:
    done(SIRI)
    desks.call_visit(actor=clerk_of("siri"), desk=factories.desk("siri-1"), visit=step())
    monkeypatch.setattr("indgang.operations.reception.actions.end_of_day.locked_visit", after(lambda: Journey.objects.all().delete()))
    at(settings, 23)  # longer after closing than anybody works
    assert (end_days_of(house), Visit.objects.count()) == (0, 0)


def after(deed: Callable[[], Any]) -> Callable[[Visit], Visit]:
    locked = desks.locked_visit

    def then(visit: Visit) -> Visit:
        deed()
        return locked(visit)

    return then
