"""One line of booked parties and tickets: the stated rules, on any crowd."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from indgang.operations.reception.rules.line import LineRules, counts_from, may_take, turn_from, waits_since

RULES = LineRules(patience=45, early=5, grace=10)
minutes = st.integers(-600, 600).map(float)
head_starts = st.sampled_from([0.0, 20.0, 60.0])


def test_a_ticket_counts_from_when_it_was_taken_and_a_reason_moves_it_back() -> None:
    assert counts_from(100, None, 0, RULES) == 100
    assert counts_from(100, None, 20, RULES) == 80


def test_a_booked_party_in_time_goes_before_tickets_that_have_waited_less_than_patience() -> None:
    assert counts_from(95, 100, 0, RULES) == 55
    assert counts_from(110, 100, 0, RULES) == 55, "ten minutes late is still in time"
    assert counts_from(110.1, 100, 0, RULES) == 110.1, "who comes later counts from the arrival"


def test_who_is_early_stands_behind_until_shortly_before_the_time() -> None:
    assert turn_from(70, 100, RULES) == 95
    assert turn_from(98, 100, RULES) == 98
    assert turn_from(70, None, RULES) == 70


def test_a_wait_is_told_from_the_arrival_but_with_a_booked_time_not_before_it_is_nearly_due() -> None:
    came = dt.datetime(2026, 12, 8, 9, 0, tzinfo=dt.UTC)
    told = [waits_since(came, came + dt.timedelta(minutes=booked), RULES) for booked in (-20, 3, 90)]
    assert told == [came, came, came + dt.timedelta(minutes=85)]
    assert waits_since(came, None, RULES) == came


@given(arrived=minutes, later=minutes, booked=st.none() | minutes, head_start=head_starts)
def test_coming_earlier_never_costs_a_place(arrived: float, later: float, booked: float | None, head_start: float) -> None:
    earlier, later = sorted((arrived, later))
    assert counts_from(earlier, booked, head_start, RULES) <= counts_from(later, booked, head_start, RULES)


@given(first=minutes, wait=st.integers(0, 600), head_start=head_starts)
def test_nobody_is_passed_over_for_ever(first: float, wait: float, head_start: float) -> None:
    """However many come later with whatever reason, one that comes more than the head start later goes after."""
    if wait > head_start:
        assert counts_from(first, None, 0, RULES) < counts_from(first + wait, None, head_start, RULES)


def test_a_ticket_keeps_no_booked_party_waiting_until_its_patience_ends() -> None:
    def may(patient: bool, next_booked: float | None) -> bool:
        return may_take(now=100, patient=patient, minutes=15, next_booked=next_booked)

    assert may(True, None)
    assert may(True, 115), "it just fits"
    assert not may(True, 114)
    assert may(False, 114), "it has waited long enough"
    assert may(True, 100), "the booked party is due and not here"
