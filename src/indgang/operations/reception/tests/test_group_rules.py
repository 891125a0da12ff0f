"""The rules of a group: the employer's condition, distance in time, and who is who."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indgang.operations.reception.rules.groups import ALL, AT_LEAST, NAMED, Identity, Member, enough, known_as, next_start

YES, NO = Member(True), Member(False)
NINE = dt.datetime(2026, 12, 15, 9, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("when", "at_least", "members", "answer"),
    [
        (ALL, 1, [YES, YES], True),
        (ALL, 1, [YES, NO], False),
        (AT_LEAST, 2, [YES, YES, NO], True),
        (AT_LEAST, 3, [YES, YES, NO], False),
        (NAMED, 1, [Member(True, needed=True), NO], True),
        (NAMED, 1, [Member(False, needed=True), YES], False),
        (ALL, 1, [], False),
        (NAMED, 1, [NO], False),
    ],
)
def test_the_condition_says_what_must_have_a_time(when: str, at_least: int, members: list[Member], answer: bool) -> None:
    assert enough(when, at_least, members) is answer


@given(st.lists(st.integers(0, 200), max_size=30), st.integers(0, 200), st.integers(0, 60))
def test_the_next_start_keeps_its_distance_and_no_earlier_one_would(taken: list[int], begin: int, apart: int) -> None:
    others = [NINE + dt.timedelta(minutes=minute) for minute in taken]
    first = NINE + dt.timedelta(minutes=begin)
    found = next_start(first, others, apart)
    distance = dt.timedelta(minutes=apart)
    earlier = [first + dt.timedelta(minutes=minute) for minute in range((found - first) // dt.timedelta(minutes=1))]
    assert found >= first
    assert all(abs(other - found) >= distance for other in others)
    assert all(any(abs(other - moment) < distance for other in others) for moment in earlier)


ANNA, NAMESAKE = Identity("", "Anna Nowak", "anna@example.org"), Identity("", "Anna Nowak", "a.nowak@example.org")


@pytest.mark.parametrize(
    ("wanted", "known", "place"),
    [
        (Identity("", "  anna   NOWAK", "ANNA@example.org"), [ANNA], 0),
        (NAMESAKE, [ANNA], None),
        (Identity("", "Anna Nowak", ""), [ANNA], 0),
        (Identity("7", "Anna Nowak-Holm", ""), [Identity("7", "Anna Nowak", "")], 0),
        (Identity("8", "Anna Nowak", "anna@example.org"), [Identity("7", "Anna Nowak", "anna@example.org")], None),
        (Identity("", "Bo", ""), [ANNA], None),
    ],
)
def test_who_is_in_the_group_already(wanted: Identity, known: list[Identity], place: int | None) -> None:
    assert known_as(wanted, known) == place
