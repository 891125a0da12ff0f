"""Scores of a screening visit, and whose answer stands when two fill it in."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from indgang.operations.guidance.rules.answers import merge
from indgang.operations.guidance.rules.screening import TopicScore, compared, strongest, topic_score, weakest

scores = st.dictionaries(st.sampled_from("abcdef"), st.none() | st.integers(0, 4))


@given(st.lists(st.sampled_from("abcdef"), unique=True), scores)
def test_a_score_is_the_mean_of_what_was_answered(questions: list[str], given_scores: dict[str, int | None]) -> None:
    score = topic_score(questions, given_scores)
    known = [value for key in questions if (value := given_scores.get(key)) is not None]
    assert (score.answered, score.asked) == (len(known), len(questions))
    assert score.value == (Fraction(sum(known), len(known)) if known else None)
    assert score.value is None or 0 <= score.value <= 4


@given(st.lists(st.sampled_from("abcdef"), unique=True, min_size=1), scores)
def test_what_was_not_asked_changes_nothing(questions: list[str], given_scores: dict[str, int | None]) -> None:
    asked_less = [key for key in questions if given_scores.get(key) is not None]
    assert topic_score(questions, given_scores).value == topic_score(asked_less, given_scores).value


@given(st.lists(st.sampled_from("abcdef"), unique=True, min_size=1), scores, st.data())
def test_a_better_answer_never_lowers_a_score(questions: list[str], given_scores: dict[str, int | None], data: st.DataObject) -> None:
    key = data.draw(st.sampled_from(questions))
    if (value := given_scores.get(key)) is None or value == 4:
        return
    before, after = topic_score(questions, given_scores), topic_score(questions, {**given_scores, key: value + 1})
    assert before.value is not None and after.value is not None and after.value > before.value


def test_unanswered_is_unknown_and_not_zero() -> None:
    assert topic_score(["a", "b"], {}) == TopicScore(None, 0, 2)
    assert topic_score(["a", "b"], {"a": 0}) == TopicScore(Fraction(0), 1, 2)


def test_a_comparison_needs_both_visits() -> None:
    now = {"a": TopicScore(Fraction(3), 1, 1), "b": TopicScore(None, 0, 1), "c": TopicScore(Fraction(2), 1, 1)}
    before = {"a": TopicScore(Fraction(3, 2), 2, 2), "b": TopicScore(Fraction(1), 1, 1), "gone": TopicScore(Fraction(1), 1, 1)}
    assert [(one.topic, one.by) for one in compared(now, before)] == [("a", Fraction(3, 2)), ("b", None), ("c", None)]


@given(st.dictionaries(st.text(min_size=1), st.none() | st.integers(0, 4), max_size=9), st.integers(1, 3))
def test_the_strongest_and_the_weakest_are_known_different_and_in_order(values: dict[str, int | None], most: int) -> None:
    topics = {key: TopicScore(None if value is None else Fraction(value), value is not None, 1) for key, value in values.items()}
    high, low = strongest(topics, most), weakest(topics, most)
    assert len(high) <= most and len(low) <= most
    assert not set(high) & set(low)
    assert all(values[key] is not None for key in [*high, *low])
    if high and low:
        assert max(values[key] or 0 for key in low) <= min(values[key] or 0 for key in high)


answers = st.dictionaries(st.sampled_from("abcd"), st.integers(0, 4))


@given(answers, answers, answers)
def test_nothing_anybody_wrote_is_lost(shown: dict[str, int], mine: dict[str, int], standing: dict[str, int]) -> None:
    merged = merge(shown, mine, standing, -1)
    after = {**standing, **merged.write}
    for key, value in mine.items():
        touched = value != shown.get(key, -1)
        assert not touched or after.get(key, -1) == value or merged.conflicts[key] == (value, standing.get(key, -1))
    for key, value in standing.items():
        changed_by_them = value != shown.get(key, -1)
        assert not changed_by_them or after[key] == value


@given(answers, answers)
def test_one_alone_never_has_a_conflict_and_the_second_click_writes_nothing(shown: dict[str, int], mine: dict[str, int]) -> None:
    first = merge(shown, mine, shown, -1)
    assert not first.conflicts
    assert not merge(shown, mine, {**shown, **first.write}, -1).write


def test_both_changed_the_same_answer() -> None:
    assert merge({"a": 1}, {"a": 3}, {"a": 2}, -1).conflicts == {"a": (3, 2)}
    assert not merge({"a": 1}, {"a": 2}, {"a": 2}, -1).conflicts
