"""The waits that people are told, tried on days they were not learned from."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indgang.operations.reception.rules.hall import Errand
from indgang.operations.reception.rules.line import LineRules
from indgang.operations.reception.rules.scenarios import SCENARIOS, tried
from indgang.operations.reception.rules.waits import Desk, Line, Past, Sitting, Wait, not_before, waits

RULES = LineRules()
OPEN = ((-60.0, 240.0),)
SURE = Past({"cpr": (1.0,)}, lateness=(0.0,), shows=1.0)


def ticket(key: int, arrived: float, planned: float = 15) -> Line:
    return Line(Errand(key, arrived, planned, planned, (1,)), "cpr", here=True)


def test_when_everything_takes_what_is_planned_the_wait_is_the_sum_of_what_is_ahead() -> None:
    told = waits([Desk(1, OPEN, Sitting("cpr", 15, 5))], [ticket(1, -3), ticket(2, -2), ticket(3, 0)], SURE, RULES, seed=1)
    assert told == {1: Wait(10, 10, 10), 2: Wait(25, 25, 25), 3: Wait(40, 40, 40)}


def test_a_booked_party_that_is_expected_is_let_in_first() -> None:
    expected = Line(Errand(9, 0, 15, 15, (1,), booked=20.0), "cpr", here=False)
    told = waits([Desk(1, OPEN)], [ticket(1, 0, planned=30), expected], SURE, RULES, seed=1)
    assert told == {1: Wait(35, 35, 35), 9: Wait(20, 20, 20)}, "half an hour does not fit before the booked quarter at 20"


def test_nobody_is_told_a_time_that_lies_after_closing() -> None:
    assert waits([Desk(1, ((-60.0, 10.0),), Sitting("cpr", 30, 5))], [ticket(1, 0)], SURE, RULES, seed=1) == {}


def test_the_same_hall_is_told_the_same() -> None:
    past = Past({"cpr": (0.5, 0.8, 1.0, 1.4, 2.0)})
    hall = [Desk(1, OPEN, Sitting("cpr", 15, 5))], [ticket(1, -3), ticket(2, -2), ticket(3, 0)]
    assert waits(*hall, past, RULES, seed=7) == waits(*hall, past, RULES, seed=7)


def test_a_slow_day_is_noticed() -> None:
    past = Past({"cpr": (0.9, 1.0, 1.1)})
    assert past.with_today([]).pace == 1
    assert 1.3 < past.with_today([("cpr", 1.6)] * 20).pace < 1.6
    assert past.with_today([("cpr", 1.0)] * 20).pace == pytest.approx(1, abs=0.01)


def test_eight_of_ten_waits_lie_in_the_range_and_the_middle_beats_the_plain_formula() -> None:
    """A few tickets of each stated scenario; `make bench` tries many more."""
    results = {one.key: tried(one, seeds=range(900, 908), learned=range(8), rules=RULES, one_in=10) for one in SCENARIOS}
    told = sum(result.waits for result in results.values())
    assert told > 150
    assert sum(result.inside for result in results.values()) / told == pytest.approx(0.8, abs=0.08)
    assert {key: result.error < result.plain_error for key, result in results.items()} == dict.fromkeys(results, True)


def test_a_newcomer_is_told_exactly_what_the_ticket_tells_that_they_take() -> None:
    past = Past({"cpr": (0.5, 0.8, 1.0, 1.4, 2.0), "newcomer": (0.0,)}, shows=0.8)
    hall = [Desk(1, OPEN, Sitting("cpr", 15, 5)), Desk(2, OPEN)]
    line = [ticket(1, -3), ticket(2, -2), Line(Errand(9, 0, 15, 15, (1,), booked=20.0), "cpr", here=False)]
    newcomer = Line(Errand(-4, 0.0, 0.0, 15, (1,)), "newcomer", here=True)
    before = waits(hall, [*line, newcomer], past, RULES, seed=7)
    after = waits(hall, [*line, ticket(10, 0.0)], past, RULES, seed=7)
    assert before[-4] == after[10]
    assert before[-4].low < before[-4].high
    assert {key: before[key] for key in (1, 2)} == {key: after[key] for key in (1, 2)}, "nor does it change what the others are told"


MINUTES = st.integers(0, 480)


@given(st.lists(MINUTES, min_size=3, max_size=3).map(sorted), MINUTES)
def test_a_wait_that_something_holds_up_is_no_surer_for_it(ends: list[int], floor: int) -> None:
    low, middle, high = ends
    told = not_before(Wait(middle, low, high), floor)
    assert told.low == max(low, floor)
    assert told.middle - told.low == middle - low
    if floor > low:
        assert told.high - told.low > high - low
    else:
        assert told.high == high
