"""What a row of the visits table means, as pure rules."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indgang.operations.reception.rules.imported import OUTCOMES, Times, out_of_order, status_of, word_of

NINE = dt.datetime(2024, 3, 5, 9, tzinfo=dt.UTC)
FIVE_PAST, TEN = NINE + dt.timedelta(minutes=5), NINE + dt.timedelta(hours=1)


@pytest.mark.parametrize(
    ("word", "times", "expected"),
    [
        ("", Times(None, None, None), ("planned", "")),
        ("", Times(NINE, None, None), ("waiting", "")),
        ("", Times(NINE, FIVE_PAST, None), ("serving", "")),
        ("", Times(None, NINE, None), ("serving", "")),
        ("", Times(NINE, FIVE_PAST, TEN), ("done", "")),
        ("done", Times(NINE, FIVE_PAST, TEN), ("done", "done")),
        ("done", Times(None, None, None), ("done", "done")),
        ("refused", Times(NINE, None, TEN), ("done", "refused")),
        ("documents-missing", Times(NINE, None, TEN), ("done", "documents-missing")),
        ("no-show", Times(None, None, None), ("no-show", "")),
        ("cancelled", Times(None, None, None), ("cancelled", "")),
    ],
)
def test_a_step_stands_where_its_times_and_outcome_say(word: str, times: Times, expected: tuple[str, str]) -> None:
    assert status_of(word, times) == expected


@given(st.sampled_from(["", *OUTCOMES]), st.tuples(*[st.sampled_from([None, NINE])] * 3))
def test_the_outcome_is_said_as_it_was_read(word: str, moments: tuple[dt.datetime | None, ...]) -> None:
    assert word_of(*status_of(word, Times(*moments))) == word


@pytest.mark.parametrize("order", list(itertools.permutations([NINE, FIVE_PAST, TEN])))
def test_times_follow_one_another(order: tuple[dt.datetime, ...]) -> None:
    assert (out_of_order(Times(*order)) == {}) == (list(order) == sorted(order))


def test_each_time_out_of_order_is_named_with_the_nearest_it_should_follow() -> None:
    assert out_of_order(Times(TEN, None, NINE)) == {"ended": "arrived"}
    assert out_of_order(Times(NINE, TEN, FIVE_PAST)) == {"ended": "started"}
    assert out_of_order(Times(TEN, NINE, FIVE_PAST)) == {"started": "arrived", "ended": "arrived"}
    assert out_of_order(Times(TEN, FIVE_PAST, NINE)) == {"started": "arrived", "ended": "started"}
    assert out_of_order(Times(NINE, NINE, NINE)) == {}
    assert out_of_order(Times(None, None, None)) == {}
