"""A day as a bar: nothing overlaps, nothing is missing, walks and waits fill the gaps."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from indgang.foundation.ui.time_bars import MOST_LABELS, bar_of

DAY = dt.datetime(2026, 12, 8, 8, tzinfo=dt.UTC)


def minutes(count: int) -> dt.timedelta:
    return dt.timedelta(minutes=count)


@st.composite
def days(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Appointments one after the other, each with a gap and a walk before it."""
    moment, found = DAY + minutes(draw(st.integers(0, 240))), []
    for _ in range(draw(st.integers(1, 6))):
        starts = moment + minutes(draw(st.integers(0, 90)))
        moment = starts + minutes(draw(st.integers(5, 90)))
        found.append({"starts": starts, "ends": moment, "walk_minutes": draw(st.integers(0, 15))})
    return found


@given(days())
def test_pieces_follow_each_other_without_gap_or_overlap(day: list[dict[str, Any]]) -> None:
    bar = bar_of(day)
    assert bar is not None
    assert (bar.pieces[0].starts, bar.pieces[-1].ends) == (day[0]["starts"], day[-1]["ends"])
    assert all(one.ends == next_one.starts for one, next_one in zip(bar.pieces, bar.pieces[1:], strict=False))
    assert [piece.appointment for piece in bar.pieces if piece.kind == "appointment"] == day


@given(days())
def test_the_bar_stays_within_its_picture(day: list[dict[str, Any]]) -> None:
    bar = bar_of(day)
    assert bar is not None
    assert all(0 <= float(piece.x[:-1]) <= float(piece.end[:-1]) <= 100 for piece in bar.pieces)
    assert 2 <= len(bar.ticks) <= MOST_LABELS + 1


def test_a_walk_comes_before_the_wait_and_never_outlasts_the_gap() -> None:
    day = [
        {"starts": DAY, "ends": DAY + minutes(30)},
        {"starts": DAY + minutes(45), "ends": DAY + minutes(60), "walk_minutes": 5},
        {"starts": DAY + minutes(62), "ends": DAY + minutes(70), "walk_minutes": 5},
    ]
    bar = bar_of(day)
    assert bar is not None
    assert [(piece.kind, piece.minutes) for piece in bar.pieces] == [
        ("appointment", 30),
        ("walk", 5),
        ("wait", 10),
        ("appointment", 15),
        ("walk", 2),
        ("appointment", 8),
    ]
    assert (bar.walking, bar.waiting) == (7, 10)


def test_no_appointments_make_no_bar() -> None:
    assert bar_of([]) is None
