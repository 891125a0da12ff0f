"""A table never takes the place of what people here recorded: of steps that were made here, nor of a call."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.conf import LazySettings

from indgang.foundation.access.actors import Actor
from indgang.foundation.imports.actions import Undone, undo_batch
from indgang.foundation.places.models import House
from indgang.operations.reception.actions import desk as desks
from indgang.operations.reception.actions import floor, line
from indgang.operations.reception.actions.end_of_day import end_days_of
from indgang.operations.reception.models import Turn, Visit
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.staff_day import at, at_instant
from indgang.operations.reception.tests.test_from_journal import clerk as clerk_of
from indgang.operations.reception.tests.test_from_journal import same
from indgang.operations.reception.tests.visits_table import HEADER, apply, done, operator

pytestmark = pytest.mark.django_db
SIRI = HEADER + "J-1,aalborg,siri-residence,851,POL,2,2026-12-08 13:50,,,\n"
TAX = HEADER + "J-1,aalborg,tax-card,851,POL,5,"
EARLIER = TAX + "2026-12-08 08:30,2026-12-08 10:00,2026-12-08 10:30,done\n"
ODD = "This does not go with what people here have noted since. It is left as it was."
MORNING = dt.datetime(2026, 12, 9, 9, 5, tzinfo=dt.timezone(dt.timedelta(hours=1)))


@pytest.fixture(autouse=True)
def two_o_clock(house: House, settings: LazySettings, tmp_path: Path) -> None:
    settings.HOME = tmp_path
    at(settings, 14)


def step(service: str = "siri-residence") -> Visit:
    return Visit.objects.get(journey__reference="J-1", service__key=service)


def sent_on() -> Visit:
    """To a step that no table knows."""
    done(SIRI)
    return line.send_on(actor=clerk_of("siri"), visit=step(), service=factories.service("tax-card"))


def kept(text: str) -> dict[str, str]:
    """Column -> why, of a table that changes nothing, neither of the steps nor of the figures."""
    house = House.objects.get()
    before = list(Visit.objects.order_by("pk").values()), list(Turn.objects.order_by("pk").values()), same(house)
    batch, report = apply(text)
    assert (batch, report.refused) == (None, [])
    assert (list(Visit.objects.order_by("pk").values()), list(Turn.objects.order_by("pk").values()), same(house)) == before
    return {problem.column: problem.message for problem in report.kept}


def test_a_step_made_here_and_ended_by_a_clerk_stays_as_it_is(settings: LazySettings) -> None:
    tax = clerk_of("skattestyrelsen")
    desks.call_visit(actor=tax, desk=factories.desk("tax-1"), visit=sent_on())
    desks.start_visit(actor=tax, visit=step("tax-card"))
    at(settings, 14, 20)
    desks.finish_visit(actor=tax, visit=step("tax-card"), outcome="refused", note="No contract.")
    at(settings, 15)

    told = kept(EARLIER)

    assert list(told) == ["people", "arrived", "started", "ended", "outcome"]
    assert told["outcome"] == "People here have noted “refused” since. That stays."
    assert kept(TAX.replace(",5,", ",2,") + "2026-12-08 14:10,,,\n").keys() == {"arrived"}


def test_a_step_made_here_and_cancelled_stays_cancelled(walker: Actor) -> None:
    floor.cancel_step(actor=walker, visit=sent_on())
    at_all = kept(TAX + "2026-12-08 13:00,2026-12-08 13:10,2026-12-08 13:20,done\n")
    assert (list(at_all), step("tax-card").status) == (["people", "arrived", "outcome", "started", "ended"], "cancelled")


def test_a_table_tells_what_nobody_here_has_and_the_step_is_as_it_was_once_that_is_taken_back(house: House, settings: LazySettings) -> None:
    sent_on()
    before = Visit.objects.values().get(pk=step("tax-card").pk)
    at(settings, 15)

    batch, report = apply(TAX + "2026-12-08 13:50,2026-12-08 14:10,2026-12-08 14:30,done\n")

    assert (report.updated, [problem.column for problem in report.kept], step("tax-card").status) == (1, ["people"], "done")
    assert same(house).citizens == {"851": 2}
    assert batch is not None
    assert undo_batch(actor=operator(), batch=batch) == Undone(restored=1)
    assert Visit.objects.values().get(pk=step("tax-card").pk) == before
    at_instant(settings, MORNING)
    assert end_days_of(house) == 1, "it ends with the day, as all steps that were made here"
    ended = done(TAX + "2026-12-08 13:50,2026-12-08 14:10,2026-12-08 14:30,done\n")
    assert (ended.updated, same(house).not_served, same(house).citizens) == (1, 0, {"851": 2}), "nobody noted that it was not served"


@pytest.mark.parametrize("outcome", ["cancelled", "no-show"])
@pytest.mark.parametrize("arrived", ["", "2026-12-08 13:55"])
def test_whom_people_here_have_put_in_line_no_table_takes_out_of_it(outcome: str, arrived: str) -> None:
    sent_on()
    told = kept(TAX.replace(",5,", ",,") + f"{arrived},,,{outcome}\n")
    stays = {"arrived": "People here have noted “2026-12-08T13:50:00+01:00” since. That stays."} if arrived else {}
    assert told == stays | {"outcome": ODD}
    assert step("tax-card").status == "waiting"


@pytest.mark.parametrize(("outcome", "told"), [("cancelled", {}), ("no-show", {"outcome": ODD})])
def test_whom_they_had_put_in_line_came_also_where_the_house_closed_before_their_turn(
    house: House, settings: LazySettings, outcome: str, told: dict[str, str]
) -> None:
    sent_on()
    at_instant(settings, MORNING)
    assert end_days_of(house) == 1
    assert kept(TAX.replace(",5,", ",,") + f",,,{outcome}\n") == told
    assert (step("tax-card").status, same(house).not_served) == ("cancelled", 1)


def test_whom_a_table_has_put_in_line_a_table_takes_out_of_it(house: House) -> None:
    done(SIRI)
    assert done(SIRI.replace(",,,\n", ",,,cancelled\n")).updated == 1
    assert step().status == "cancelled"
    same(house)


@pytest.mark.parametrize(("said", "minutes"), [("14:05", 10), ("13:40", 20)])
def test_nobody_comes_after_the_call(house: House, settings: LazySettings, said: str, minutes: int) -> None:
    done(SIRI)
    siri = clerk_of("siri")
    desks.call_visit(actor=siri, desk=factories.desk("siri-1"), visit=step())
    at(settings, 14, 10)
    desks.start_visit(actor=siri, visit=step())
    at(settings, 14, 20)
    desks.finish_visit(actor=siri, visit=step(), outcome="done")

    _batch, report = apply(SIRI.replace("13:50", said).replace("POL,2", "POL,3"))

    assert [(problem.column, problem.message) for problem in report.kept] == ([("arrived", ODD)] if said == "14:05" else [])
    assert (report.updated, same(house).total.waiting.total // dt.timedelta(minutes=1)) == (1, minutes)
    assert same(house).citizens == {"851": 3}


@pytest.mark.parametrize("by_itself", [False, True])
def test_an_end_that_nobody_here_recorded_gives_way_to_a_table_and_is_unknown_again_without_it(
    house: House, settings: LazySettings, by_itself: bool
) -> None:
    siri = clerk_of("siri")
    if by_itself:
        done(SIRI)
        desks.call_visit(actor=siri, desk=factories.desk("siri-1"), visit=step())
        desks.start_visit(actor=siri, visit=step())
    else:
        done(SIRI.replace("13:50,,,", "13:50,2026-12-08 14:00,,"))
    at_instant(settings, MORNING)
    if by_itself:
        assert end_days_of(house) == 1
    else:
        desks.finish_visit(actor=siri, visit=step(), outcome="done")
    before, figures = (Visit.objects.values(*TIMES).get(), turn()), same(house)
    assert (before[1]["end_known"], figures.total.service.count) == (False, by_itself), "without a desk nobody knows how long it took"

    batch = done(SIRI.replace("13:50,,,", "13:50,,2026-12-08 14:40,done"))

    assert (turn()["end_known"], turn()["outcome"], step().outcome) == (True, "done", "done")
    assert (step().ended_at, same(house).total.service.count) == (dt.datetime(2026, 12, 8, 13, 40, tzinfo=dt.UTC), 1)
    assert undo_batch(actor=operator(), batch=batch) == Undone(restored=1)
    assert ((Visit.objects.values(*TIMES).get(), turn()), same(house)) == (before, figures)
    again = apply(SIRI.replace("13:50,,,", "13:50,,2026-12-08 14:50,refused"))[1]
    assert [problem.message for problem in again.kept] == ([] if by_itself else ["People here have noted “done” since. That stays."])
    assert step().ended_at == dt.datetime(2026, 12, 8, 13, 50, tzinfo=dt.UTC)
    same(house)


TIMES = ("status", "people", "arrived_at", "called_at", "started_at", "ended_at", "outcome")


def turn() -> dict[str, object]:
    return dict(Turn.objects.values("people", "arrived_at", "called_at", "started_at", "ended_at", "outcome", "end_known").get())
