"""On which days a course counts, and in which months."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indgang.operations.guidance.rules.figures import Served, by_month, months, whole_months, year_before

days = st.dates(dt.date(2019, 1, 1), dt.date(2030, 12, 31))
periods = st.tuples(days, days).map(sorted)


def course(started: dt.date, ended: dt.date | None) -> Served:
    return Served(1, 1, None, 1, "growth", (), started, ended, "", "")


@given(periods, periods)
def test_a_course_counts_in_every_period_in_which_it_ran_on_a_day(course_days: list[dt.date], period: list[dt.date]) -> None:
    (started, ended), (first, last) = course_days, period
    ran = {started + dt.timedelta(days=at) for at in range((ended - started).days + 1)}
    in_period = any(first <= day <= last for day in ran)
    assert course(started, ended).active(first, last) == in_period


@given(days, periods)
def test_a_course_without_an_end_still_runs(started: dt.date, period: list[dt.date]) -> None:
    assert course(started, None).active(*period) == (started <= period[1])


@given(periods)
def test_the_months_of_a_period_are_its_days_once_each(period: list[dt.date]) -> None:
    first, last = period
    told = [(begins, ends) for begins, ends in months(first, last)]
    assert told[0][0] == first
    assert told[-1][1] == last
    assert all(ends + dt.timedelta(days=1) == begins for (_a, ends), (begins, _b) in itertools.pairwise(told))
    assert all((begins.year, begins.month) == (ends.year, ends.month) for begins, ends in told)


def test_a_course_of_two_months_stands_under_both() -> None:
    rows = [course(dt.date(2026, 1, 31), dt.date(2026, 2, 1))]
    assert by_month(rows, dt.date(2026, 1, 1), dt.date(2026, 3, 31)) == {"2026-01": rows, "2026-02": rows, "2026-03": []}


@pytest.mark.parametrize(
    ("first", "before"),
    [
        (dt.date(2023, 1, 1), (dt.date(2022, 1, 1), dt.date(2022, 12, 31))),
        (dt.date(2024, 7, 1), (dt.date(2023, 7, 1), dt.date(2024, 6, 30))),
        (dt.date(2024, 2, 29), (dt.date(2023, 3, 1), dt.date(2024, 2, 28))),
    ],
)
def test_the_year_before_ends_on_the_day_before(first: dt.date, before: tuple[dt.date, dt.date]) -> None:
    assert year_before(first) == before


@given(periods, days)
def test_days_are_whole_months_when_no_month_is_cut(period: list[dt.date], today: dt.date) -> None:
    first, last = period
    cut = [day for day in (first - dt.timedelta(days=1), last) if (day + dt.timedelta(days=1)).month == day.month]
    until_today = last >= today and first.day == 1
    assert whole_months(first, last, today) == (not cut or until_today)
