"""Days as cells: also on the two days a year that are an hour short or long."""

from __future__ import annotations

import datetime as dt
import itertools
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indgang.operations.reception.rules.daytime import Day, cells_for, first_from, last_until, members, run, starts_that_fit
from indgang.operations.reception.rules.durations import Duration
from indgang.operations.reception.rules.opening import Closing, Opening, hours_in_force, open_cells

ZONE = ZoneInfo("Europe/Copenhagen")
SPRING, AUTUMN = dt.date(2026, 3, 29), dt.date(2026, 10, 25)
dates = st.one_of(st.sampled_from([SPRING, AUTUMN]), st.dates(dt.date(2020, 1, 1), dt.date(2035, 12, 31)))
sets = st.integers(0, (1 << 300) - 1)


@pytest.mark.parametrize(("date", "cells"), [(SPRING, 276), (AUTUMN, 300), (dt.date(2026, 12, 8), 288)])
def test_a_day_is_as_long_as_it_is(date: dt.date, cells: int) -> None:
    assert Day(date, ZONE).cells == cells


@given(dates)
def test_every_cell_is_an_instant_of_its_own_day_and_back(date: dt.date) -> None:
    day = Day(date, ZONE)
    instants = [day.instant(cell) for cell in range(day.cells)]
    assert [day.cell_of(instant) for instant in instants] == list(range(day.cells))
    assert {instant.date() for instant in instants} == {date}
    assert {(later - earlier).total_seconds() for earlier, later in itertools.pairwise(instants)} <= {300.0, -3300.0, 3900.0}
    assert {b.astimezone(dt.UTC) - a.astimezone(dt.UTC) for a, b in itertools.pairwise(instants)} == {dt.timedelta(minutes=5)}


@given(dates, st.times(dt.time(6), dt.time(20)))
def test_opening_hours_keep_the_time_on_the_wall_when_the_clock_changes(date: dt.date, opens: dt.time) -> None:
    day = Day(date, ZONE)
    opens = opens.replace(minute=opens.minute // 5 * 5, second=0, microsecond=0)
    closes = opens.replace(hour=opens.hour + 2)
    cells = list(members(open_cells(day, [Opening(date.weekday(), opens, closes)], [], holiday=False)))
    assert (len(cells), day.instant(cells[0]).timetz().replace(tzinfo=None), day.instant(cells[-1] + 1).time()) == (24, opens, closes)


@given(dates, st.integers(0, 86_399))
def test_a_moment_inside_a_cell_waits_for_the_next(date: dt.date, second: int) -> None:
    day = Day(date, ZONE)
    instant = day.midnight + dt.timedelta(seconds=second)
    assert day.instant(day.cell_of(instant)) <= instant <= day.instant(day.cell_from(instant))
    assert day.cell_from(instant) - day.cell_of(instant) == (second % 300 != 0)


@given(sets, st.integers(1, 40))
def test_starts_that_fit_are_those_with_enough_free_cells_behind_them(free: int, length: int) -> None:
    have = set(members(free))
    assert set(members(starts_that_fit(free, length))) == {c for c in have if all(c + n in have for n in range(length))}


@given(sets, st.integers(-3, 310))
def test_first_and_last_of_a_set(cells: int, at: int) -> None:
    have = list(members(cells))
    assert first_from(cells, at) == min((c for c in have if c >= at), default=None)
    assert last_until(cells, at) == max((c for c in have if c <= at), default=None)


@given(st.integers(0, 50), st.integers(0, 50))
def test_a_run_is_its_cells(start: int, end: int) -> None:
    assert list(members(run(start, end))) == list(range(start, end))


def test_breaks_closures_and_holidays_receive_nobody() -> None:
    day = Day(dt.date(2026, 12, 8), ZONE)
    hours = [Opening(1, dt.time(9), dt.time(12)), Opening(1, dt.time(12, 30), dt.time(15)), Opening(2, dt.time(6), dt.time(20))]
    cells = open_cells(day, hours, [], holiday=False)
    assert cells == run(108, 144) | run(150, 180)
    assert open_cells(day, hours, [], holiday=True) == 0
    assert open_cells(day, hours, [Closing(dt.date(2026, 12, 7), dt.date(2026, 12, 8))], holiday=False) == 0
    assert open_cells(day, hours, [Closing(dt.date(2026, 12, 9), dt.date(2026, 12, 9))], holiday=False) == cells


def test_cells_that_are_only_partly_open_do_not_count() -> None:
    day = Day(dt.date(2026, 12, 8), ZONE)
    assert open_cells(day, [Opening(1, dt.time(9, 2), dt.time(9, 14))], [], holiday=False) == run(109, 110)


def test_a_desk_with_hours_of_its_own_follows_those_alone_while_they_are_valid() -> None:
    house = [Opening(1, dt.time(9), dt.time(15))]
    own = [Opening(3, dt.time(15), dt.time(17), dt.date(2026, 1, 1), dt.date(2026, 6, 30))]
    assert hours_in_force(dt.date(2026, 6, 30), house, own) == own
    assert hours_in_force(dt.date(2026, 7, 1), house, own) == house


@pytest.mark.parametrize(("minutes", "cells"), [(0, 1), (1, 1), (5, 1), (6, 2), (20, 4)])
def test_minutes_are_rounded_up_to_cells(minutes: int, cells: int) -> None:
    assert cells_for(minutes) == cells


@pytest.mark.parametrize(("adults", "children", "minutes"), [(1, 0, 15), (2, 0, 25), (2, 2, 35), (0, 1, 15), (0, 2, 20)])
def test_a_step_takes_longer_with_more_people(adults: int, children: int, minutes: int) -> None:
    assert Duration(15, further_adult=10, child=4).minutes(adults, children) == minutes


def test_a_step_is_for_somebody() -> None:
    with pytest.raises(ValueError, match="at least one person"):
        Duration(15).minutes(0, 0)
