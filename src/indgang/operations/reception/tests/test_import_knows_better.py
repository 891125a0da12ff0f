"""A step of a table that a desk here called, and nobody ended: the house closed before its turn. A later table knows how it went."""

from __future__ import annotations

import pytest
from django.conf import LazySettings

from indgang.foundation.access.actors import Actor
from indgang.foundation.imports.actions import undo_batch
from indgang.foundation.places.models import House
from indgang.operations.reception.actions import desk as desk_actions
from indgang.operations.reception.actions import floor
from indgang.operations.reception.actions.end_of_day import end_days
from indgang.operations.reception.models import Turn, Visit
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.staff_day import at
from indgang.operations.reception.tests.test_end_of_day import clerk, figures, next_morning
from indgang.operations.reception.tests.visits_table import HEADER, apply, done, operator

pytestmark = pytest.mark.django_db
WAITS = HEADER + "J-1,aalborg,tax-card,851,POL,2,2026-12-08 14:40,,,\n"
SERVED = WAITS.replace(",,,\n", ",2026-12-08 14:52,2026-12-08 15:05,done\n")


def not_served(house: House, settings: LazySettings) -> None:
    """It came with the table, was called here ten minutes before closing, and nobody pressed Start. It is the next morning."""
    at(settings, 14, 45)
    done(WAITS)
    at(settings, 14, 50)
    assert desk_actions.call_next(actor=clerk(), desk=factories.desk("tax-1"))
    next_morning(settings)
    end_days()
    assert stands(house) == ("cancelled", "not-served", 1, 0)


def stands(house: House) -> tuple[str, str, int, int]:
    """The step, and how many were not served and served of the day, counted alike in all three ways."""
    visit, told = Visit.objects.get(), figures(house)
    return visit.status, visit.outcome, told.not_served, told.total.steps


@pytest.mark.parametrize(
    ("row", "then"),
    [
        (SERVED, ("done", "done", 0, 1)),
        (SERVED.replace(",done", ",documents-missing"), ("done", "documents-missing", 0, 1)),
        (SERVED.replace("2026-12-08 15:05,done", ","), ("serving", "", 0, 0)),
        (WAITS.replace(",,,\n", ",,,no-show\n"), ("no-show", "", 0, 0)),
        (WAITS, ("cancelled", "not-served", 1, 0)),
        (WAITS.replace("POL,2", "POL,3"), ("cancelled", "not-served", 1, 0)),
        (WAITS.replace(",,,\n", ",,,cancelled\n"), ("cancelled", "not-served", 1, 0)),
    ],
    ids=["done", "documents", "running", "no-show", "the same", "more people", "cancelled"],
)
def test_a_table_that_says_more_wins_over_what_nobody_noted(
    house: House, settings: LazySettings, row: str, then: tuple[str, str, int, int]
) -> None:
    not_served(house, settings)

    _batch, report = apply(row)

    assert (report.refused, report.kept, stands(house)) == ([], [], then)
    assert Turn.objects.count() == then[2] + then[3]
    if then[0] == "cancelled":
        assert apply(SERVED)[1].kept == []
        assert stands(house) == ("done", "done", 0, 1)


def test_it_can_be_taken_back_and_told_again(house: House, settings: LazySettings) -> None:
    not_served(house, settings)
    batch = done(SERVED)
    assert undo_batch(actor=operator(), batch=batch).kept == []
    assert stands(house) == ("cancelled", "", 0, 0)
    done(SERVED)
    assert stands(house) == ("done", "done", 0, 1)


def test_what_people_cancelled_stays_and_is_named(house: House, walker: Actor, settings: LazySettings) -> None:
    at(settings, 14, 45)
    done(WAITS)
    floor.cancel_step(actor=walker, visit=Visit.objects.get())
    next_morning(settings)
    end_days()
    _batch, report = apply(SERVED)
    assert {problem.column for problem in report.kept} == {"started", "ended", "outcome"}
    assert stands(house) == ("cancelled", "", 0, 0)
