"""Who sits at a desk on a day, and when it has nobody: the rule alone."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from indgang.operations.reception.rules.daytime import Day, run
from indgang.operations.reception.rules.opening import Closing
from indgang.operations.reception.rules.roster import Gap, Turn, joined, parts, staffing

ZONE = ZoneInfo("Europe/Copenhagen")
MONDAY = dt.date(2026, 12, 7)
ALL_WEEK = frozenset(range(5))


def day(ahead: int = 0) -> Day:
    return Day(MONDAY + dt.timedelta(days=ahead), ZONE)


def hours(first: int, last: int) -> int:
    return run(first * 12, last * 12)


OPEN = hours(9, 12) | hours(13, 15)


def turn(officer: int = 1, desk: int = 1, begins: int | None = None, ends: int | None = None, days: frozenset[int] = ALL_WEEK) -> Turn:
    times = [dt.time(hour) if hour is not None else None for hour in (begins, ends)]
    return Turn(officer, desk, days, times[0], times[1], MONDAY)


def away(first: dt.date = MONDAY, last: dt.date | None = None, begins: int | None = None, ends: int | None = None) -> Closing:
    times = [dt.time(hour) if hour is not None else None for hour in (begins, ends)]
    return Closing(first, last or first, times[0], times[1])


def test_without_times_somebody_sits_there_while_the_desk_is_open() -> None:
    staffed = staffing(day(), OPEN, [turn()], {})
    assert (staffed.there, staffed.away, staffed.gap) == ({1: OPEN}, {}, 0)


def test_a_desk_has_nobody_while_the_only_one_is_away() -> None:
    staffed = staffing(day(), OPEN, [turn()], {1: [away(begins=10)]})
    assert staffed.there == {1: hours(9, 10)}
    assert staffed.gap == hours(10, 12) | hours(13, 15)


def test_somebody_else_who_sits_there_fills_the_gap_for_as_long_as_they_do() -> None:
    staffed = staffing(day(), OPEN, [turn(), turn(officer=2, begins=9, ends=11)], {1: [away()]})
    assert staffed.gap == hours(11, 12) | hours(13, 15)


def test_a_desk_for_which_nobody_was_set_has_no_gap() -> None:
    assert staffing(day(), OPEN, [], {1: [away()]}).gap == 0
    assert staffing(day(), OPEN, [turn(days=frozenset({1}))], {1: [away()]}).gap == 0


def test_a_gap_is_written_as_a_closure_is() -> None:
    assert parts(OPEN, 0) == []
    assert parts(OPEN, OPEN) == [(None, None)]
    assert parts(OPEN, hours(10, 12) | hours(13, 15)) == [(120, None)]
    assert parts(OPEN, hours(9, 11)) == [(None, 132)]
    assert parts(OPEN, hours(9, 10) | hours(14, 15)) == [(108, 120), (168, 180)]


@given(st.integers(0, 2**60 - 1), st.integers(0, 2**60 - 1))
def test_the_closures_of_a_gap_close_just_the_gap(open_here: int, wished: int) -> None:
    gap = wished & open_here
    closed = 0
    for first, last in parts(open_here, gap):
        closed |= run(first or 0, 60 if last is None else last)
    assert closed & open_here == gap


def test_the_same_part_of_several_days_is_one_gap_across_a_weekend() -> None:
    absences = {1: [away(MONDAY + dt.timedelta(days=3), MONDAY + dt.timedelta(days=8))]}
    days = [day(ahead) for ahead in range(10)]
    staffed = [(one, staffing(one, OPEN if one.date.weekday() < 5 else 0, [turn()], absences)) for one in days]
    assert joined(1, staffed) == [Gap(1, MONDAY + dt.timedelta(days=3), MONDAY + dt.timedelta(days=8), None, None)]


def test_nobody_can_sit_at_two_desks_at_once() -> None:
    assert turn(desk=1).meets(turn(desk=2, begins=9, ends=10))
    assert not turn(desk=1, begins=9, ends=10).meets(turn(desk=2, begins=10, ends=11))
    assert not turn(desk=1).meets(turn(desk=2, days=frozenset({5})))
    assert not turn(desk=1).meets(turn(officer=2, desk=2))
    only_tuesday = Turn(1, 2, frozenset({0, 1}), None, None, MONDAY + dt.timedelta(days=1), MONDAY + dt.timedelta(days=1))
    assert not turn(desk=1, days=frozenset({0})).meets(only_tuesday)
    assert turn(desk=1, days=frozenset({1})).meets(only_tuesday)
