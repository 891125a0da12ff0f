"""Whom a desk calls next: one total order, for any crowd in any order."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from indgang.operations.reception.rules.line import LineRules
from indgang.operations.reception.rules.queue import DeskInLine, Waiting, line_for

NOON = dt.datetime(2026, 12, 8, 11, tzinfo=dt.UTC)
RULES = LineRules(patience=45, early=5, grace=10)
DESK = DeskInLine(1, frozenset({"cpr", "tax"}), frozenset({"da"}))
minutes = st.integers(-120, 120).map(lambda n: NOON + dt.timedelta(minutes=n))


@st.composite
def crowds(draw: st.DrawFn) -> list[Waiting]:
    count = draw(st.integers(0, 12))
    return [
        Waiting(
            visit=number,
            journey=UUID(int=draw(st.integers(1, 5))),
            service=draw(st.sampled_from(["cpr", "tax", "mitid"])),
            status=draw(st.sampled_from(["waiting", "waiting", "waiting", "called", "serving"])),
            booked_at=draw(st.none() | minutes),
            desk=draw(st.none() | st.integers(1, 3)),
            arrived_at=draw(minutes),
            unmet=draw(st.sampled_from([frozenset[str](), frozenset({"permit"})])),
            language=draw(st.sampled_from(["da", "en", "pl"])),
            minutes=draw(st.sampled_from([10, 30])),
            head_start=draw(st.sampled_from([0, 20])),
            parked=draw(st.sampled_from([False, False, True])),
        )
        for number in range(count)
    ]


@given(crowds(), st.randoms())
def test_the_line_is_one_order_whatever_order_the_rows_came_in(crowd: list[Waiting], random: object) -> None:
    shuffled = list(crowd)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert line_for(DESK, shuffled, now=NOON, rules=RULES) == line_for(DESK, crowd, now=NOON, rules=RULES)


@given(crowds())
def test_nobody_is_called_who_is_at_a_desk_who_must_do_something_else_first_or_for_what_the_desk_does_not_do(crowd: list[Waiting]) -> None:
    line = [turn.step for turn in line_for(DESK, crowd, now=NOON, rules=RULES)]
    busy = {step.journey for step in crowd if step.status in ("called", "serving")}
    assert not busy & {step.journey for step in line}
    assert {step.status for step in line} <= {"waiting"}
    assert not any(step.unmet or step.parked for step in line)
    assert {step.service for step in line} <= {"cpr", "tax"}
    assert all(step.language == "da" or step.desk == 1 for step in line)
    assert len({step.journey for step in line}) == len(line)


@given(crowds(), st.integers(1, 120))
def test_a_party_that_waits_aside_is_called_for_nothing_and_holds_nobody_back(crowd: list[Waiting], minute: int) -> None:
    aside = {step.journey for step in crowd if step.parked}
    booked = tuple((at(minute), step.visit) for step in crowd if step.journey in aside)
    line = line_for(replace(DESK, booked=booked), crowd, now=NOON, rules=RULES)
    assert not aside & {turn.step.journey for turn in line}
    assert line == line_for(DESK, [step for step in crowd if step.journey not in aside], now=NOON, rules=RULES)


@given(crowds())
def test_a_party_waits_for_its_next_step_by_booked_time(crowd: list[Waiting]) -> None:
    for step in [turn.step for turn in line_for(DESK, crowd, now=NOON, rules=RULES)]:
        mine = [s for s in crowd if s.journey == step.journey and s.status == "waiting" and not s.unmet and not s.parked]
        others = [s for s in mine if s.booked_at]
        assert all(step.booked_at is not None and step.booked_at <= other.booked_at for other in others if other.booked_at)


def at(minute: int) -> dt.datetime:
    return NOON + dt.timedelta(minutes=minute)


def waiting(visit: int, booked: int | None, *, desk: int = 2, arrived: int = -60, language: str = "en", minutes: int = 15) -> Waiting:
    moment = None if booked is None else at(booked)
    return Waiting(visit, UUID(int=visit), "cpr", "waiting", moment, desk, at(arrived), frozenset(), language, minutes)


def order_at(minute: int, *crowd: Waiting, next_booked: int | None = None) -> list[int]:
    booked = () if next_booked is None else ((at(next_booked), 99),)
    desk = DeskInLine(1, frozenset({"cpr"}), frozenset({"en"}), booked)
    return [turn.step.visit for turn in line_for(desk, crowd, now=at(minute), rules=RULES) if not turn.held_back]


def test_booked_time_comes_first_then_the_desks_own_then_the_number() -> None:
    assert order_at(30, waiting(4, 10), waiting(3, 10), waiting(2, 10, desk=1), waiting(1, 30, desk=1), waiting(6, 0)) == [6, 2, 3, 4, 1]


def test_a_ticket_that_has_waited_less_than_patience_goes_after_who_is_booked_now() -> None:
    booked = waiting(1, 0, arrived=-10)
    assert order_at(0, booked, waiting(2, None, arrived=-44)) == [1, 2]
    assert order_at(0, booked, waiting(2, None, arrived=-46)) == [2, 1]


def test_who_is_early_is_called_when_nobody_else_waits() -> None:
    early = waiting(1, 40, arrived=-10)
    assert order_at(0, early) == [1]
    assert order_at(0, early, waiting(2, None, arrived=0)) == [2, 1]
    assert order_at(35, early, waiting(2, None, arrived=0)) == [1, 2]


def test_a_ticket_that_would_run_into_the_next_booked_party_is_held_back() -> None:
    long, short = waiting(1, None, arrived=-20, minutes=20), waiting(2, None, arrived=-5, minutes=10)
    assert order_at(0, long, short, next_booked=15) == [2]
    assert order_at(0, long, short, next_booked=20) == [1, 2]
    assert order_at(25, long, short, next_booked=30) == [1], "it has waited for 45 minutes by then"


def test_a_late_party_counts_from_when_it_came() -> None:
    late, ticket = waiting(1, -60, arrived=-5), waiting(2, None, arrived=-10)
    assert order_at(0, late, ticket) == [2, 1]
