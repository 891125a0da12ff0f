"""Hours in periods, closures of a part of the day, and sessions that recur: on the wall's clock, whatever the season."""

from __future__ import annotations

import calendar
import datetime as dt
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from indgang.operations.reception.rules.daytime import Day, members
from indgang.operations.reception.rules.opening import LAST, Closing, Opening, Recurring, open_cells, replaced

ZONE = ZoneInfo("Europe/Copenhagen")
DATES = st.dates(dt.date(2024, 1, 1), dt.date(2032, 12, 31))
MAYBE = st.none() | DATES
TIMES = st.builds(lambda hour, five: dt.time(hour, five * 5), st.integers(4, 22), st.integers(0, 11))
SESSIONS = st.builds(Recurring, st.integers(0, 6), st.just(dt.time(14)), st.just(dt.time(16)), st.integers(1, 6), DATES, st.none() | DATES)
ROWS = st.lists(st.builds(Opening, st.integers(0, 6), st.just(dt.time(9)), st.just(dt.time(12)), MAYBE, MAYBE), max_size=5)


def walls(day: Day, cells: int) -> list[dt.time]:
    """The beginnings of the cells on the wall."""
    return [day.instant(cell).time() for cell in members(cells)]


@given(SESSIONS, st.integers(0, 400))
def test_a_session_comes_back_after_the_same_number_of_weeks_and_never_between(session: Recurring, days: int) -> None:
    date = session.first_day + dt.timedelta(days=days)
    weeks = (date - dt.timedelta(days=date.weekday()) - (session.first_day - dt.timedelta(days=session.first_day.weekday()))).days / 7
    within = session.last_day is None or date <= session.last_day
    assert session.falls_on(date) == (within and date.weekday() == session.weekday and weeks % session.every_weeks == 0)


@given(SESSIONS, DATES, st.integers(1, 6))
def test_the_next_dates_are_all_dates_from_a_day_on(session: Recurring, first: dt.date, number: int) -> None:
    looked_at = [first + dt.timedelta(days=n) for n in range(-1, 7 * session.every_weeks * (number + 1))]
    if first < session.first_day:
        looked_at = [session.first_day + dt.timedelta(days=n) for n in range(7 * session.every_weeks * (number + 1))]
    expected = [date for date in looked_at if date >= first and session.falls_on(date)][:number]
    assert session.dates(first, number) == expected


@given(st.integers(0, 6), st.integers(1, 5), DATES, MAYBE)
def test_a_weekday_of_the_month_is_the_one_that_counting_the_days_of_the_month_finds(
    weekday: int, turn: int, first: dt.date, last: dt.date | None
) -> None:
    session = Recurring(weekday, dt.time(14), dt.time(16), 1, first, last, turn)
    for year, month in {(first.year, first.month), (first.year + first.month // 12, first.month % 12 + 1)}:
        days = [dt.date(year, month, number) for number in range(1, calendar.monthrange(year, month)[1] + 1)]
        such = [date for date in days if date.weekday() == weekday]
        wanted = such[-1] if turn == LAST else such[turn - 1]
        within = first <= wanted and (last is None or wanted <= last)
        assert [date for date in days if session.falls_on(date)] == ([wanted] if within else [])


@given(st.integers(0, 6), st.integers(1, 5), DATES, DATES, st.integers(1, 6))
def test_the_next_dates_in_months_are_one_in_each(weekday: int, turn: int, begins: dt.date, first: dt.date, number: int) -> None:
    session = Recurring(weekday, dt.time(14), dt.time(16), 1, begins, None, turn)
    looked_at = [max(begins, first) + dt.timedelta(days=n) for n in range(32 * (number + 1))]
    assert session.dates(first, number) == [date for date in looked_at if session.falls_on(date)][:number]
    months = [date.year * 12 + date.month for date in session.dates(first, number)]
    assert months == list(range(months[0], months[0] + number))


@given(st.integers(1, 4), DATES)
def test_a_session_keeps_its_time_on_the_wall_all_year(every_weeks: int, first: dt.date) -> None:
    session = Recurring(first.weekday(), dt.time(14), dt.time(16), every_weeks, first)
    for date in session.dates(first, 60):
        day = Day(date, ZONE)
        times = walls(day, open_cells(day, [], [], holiday=False, sessions=[session]))
        assert (times[0], times[-1], len(times)) == (dt.time(14), dt.time(15, 55), 24)
        assert day.instant(day.cell_at(dt.time(14))).utcoffset() in (dt.timedelta(hours=1), dt.timedelta(hours=2))


@given(DATES, TIMES, TIMES)
def test_a_closure_of_a_part_of_the_day_leaves_the_rest(date: dt.date, one: dt.time, other: dt.time) -> None:
    begins, ends = min(one, other), max(one, other)
    if begins == ends:
        return
    day, hours = Day(date, ZONE), [Opening(date.weekday(), dt.time(4), dt.time(23))]
    usual = walls(day, open_cells(day, hours, [], holiday=False))
    left = walls(day, open_cells(day, hours, [Closing(date, date, begins, ends)], holiday=False))
    assert left == [time for time in usual if not begins <= time < ends]
    assert walls(day, open_cells(day, hours, [Closing(date, date, begins)], holiday=False)) == [t for t in usual if t < begins]
    assert walls(day, open_cells(day, hours, [Closing(date, date, None, ends)], holiday=False)) == [t for t in usual if t >= ends]
    assert open_cells(day, hours, [Closing(date, date)], holiday=False) == 0


def test_a_cell_that_is_closed_in_part_is_closed() -> None:
    day = Day(dt.date(2026, 12, 8), ZONE)
    hours = [Opening(1, dt.time(9), dt.time(9, 30))]
    times = walls(day, open_cells(day, hours, [Closing(day.date, day.date, dt.time(9, 8), dt.time(9, 17))], holiday=False))
    assert times == [dt.time(9), dt.time(9, 20), dt.time(9, 25)]


def test_no_session_is_held_on_a_public_holiday() -> None:
    day = Day(dt.date(2026, 12, 25), ZONE)
    session = Recurring(4, dt.time(14), dt.time(16), 1, dt.date(2026, 12, 1))
    assert session.falls_on(day.date)
    assert open_cells(day, [], [], holiday=True, sessions=[session]) == 0


@given(ROWS, ROWS, DATES, st.none() | st.integers(0, 900), DATES)
def test_new_hours_count_in_their_period_and_the_old_ones_around_it(
    old: list[Opening], new: list[Opening], first: dt.date, length: int | None, date: dt.date
) -> None:
    last = None if length is None else first + dt.timedelta(days=length)
    after = replaced(old, new, first, last)
    for day in (date, first, first - dt.timedelta(days=1), *([last, last + dt.timedelta(days=1)] if last else [])):
        inside = first <= day and (last is None or day <= last)
        weekdays = {row.weekday for row in new} if inside else {row.weekday for row in old if row.valid_on(day)}
        assert {row.weekday for row in after if row.valid_on(day)} == weekdays
