"""What is told of answers after visits: whatever days are compared, nothing differs by fewer than five answers."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest
from django.conf import LazySettings
from django.db import transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from indgang.foundation.identity.models import Role
from indgang.foundation.measures.declared import Scope
from indgang.foundation.places.models import House
from indgang.operations.reception.measures import ANSWERS_GIVEN
from indgang.operations.reception.models import AfterVisit, Question, VisitAnswer
from indgang.operations.reception.queries.after_visit import figures_of_answers, texts_of_answers
from indgang.operations.reception.rules.after_visit import FEWEST, OPTIONS, TEXTS_KEPT, counted, told_between, told_spans
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.staff_day import at_instant, logged_in

MONDAY = dt.date(2026, 3, 2)
TODAY = MONDAY + dt.timedelta(days=300)
WEEK = dt.timedelta(days=7)


def week(number: int) -> dt.date:
    return MONDAY + number * WEEK


def day(number: int) -> dt.date:
    return MONDAY + dt.timedelta(days=number)


WEEKS = st.dictionaries(st.integers(-20, 50).map(week), st.integers(0, 12), max_size=40)
DAYS = st.integers(-200, 400).map(day)


@given(counts=WEEKS, spans=st.tuples(DAYS, DAYS, DAYS, DAYS), today=DAYS)
def test_what_is_told_for_any_two_choices_of_days_differs_by_nothing_or_by_five_answers_at_least(
    counts: dict[dt.date, int], spans: tuple[dt.date, dt.date, dt.date, dt.date], today: dt.date
) -> None:
    one, other = (set(told_between(counts, *pair, today)) for pair in (spans[:2], spans[2:]))
    for told, left in ((one, other), (other, one)):
        alone = sum(number for monday, number in counts.items() if any(first <= monday <= last for first, last in told - left))
        assert alone == 0 if told <= left else alone >= FEWEST


@given(counts=WEEKS, today=DAYS, later=st.integers(0, 200), more=WEEKS)
def test_what_was_told_once_never_changes(counts: dict[dt.date, int], today: dt.date, later: int, more: dict[dt.date, int]) -> None:
    told = told_spans(counts, today)
    still_open = {monday: number for monday, number in more.items() if monday + dt.timedelta(days=6 + 15) >= today}
    grown = Counter(counts) + Counter(still_open)

    assert told_spans({**counts, **grown}, today + dt.timedelta(days=later))[: len(told)] == told
    assert all(first.weekday() == 0 and last.weekday() == 6 for first, last in told)


def test_weeks_are_told_together_until_five_have_answered_and_sixteen_days_after() -> None:
    counts = {week(0): 3, week(1): 1, week(3): 4, week(4): 5, week(5): 2}
    told = [(week(0), day(27)), (week(4), day(34))]

    assert told_spans(counts, TODAY) == told
    assert told_spans(counts, day(27 + 16)) == told[:1]
    assert told_spans(counts, day(27 + 15)) == []
    assert told_between(counts, day(27), day(33), TODAY) == told[:1]
    assert told_between(counts, day(0), day(26), TODAY) == []


def test_a_year_of_weeks_begins_anew() -> None:
    new_year = dt.date(2026, 12, 28)  # week 53; the next is week 1

    assert told_spans({new_year: 4, new_year + WEEK: 4, new_year + 2 * WEEK: 1}, TODAY + 20 * WEEK) == [
        (new_year + WEEK, new_year + 3 * WEEK - dt.timedelta(days=1))
    ]


def test_counting_leaves_out_what_is_no_answer() -> None:
    def of(answers: list[str]) -> object:
        return counted("scale", {week(0): Counter(answers)}, day(0), day(6), TODAY).of

    assert of(["1"] * 4 + ["nonsense"]) is None
    assert of(["1"] * 5 + ["nonsense"]) == dict.fromkeys(OPTIONS["scale"], 0) | {"1": 5}


@pytest.fixture
def house(db: None, settings: LazySettings) -> House:
    at_instant(settings, dt.datetime.combine(TODAY, dt.time(9), dt.UTC))
    house = factories.small_house()
    AfterVisit.objects.create(house=house, mail=True)
    for position, (key, kind) in enumerate((("done", "yes-partly-no"), ("wait", "scale"), ("better", "text"))):
        Question.objects.create(house=house, key=key, kind=kind, position=position, title_da=f"{key}?", title_en=f"{key}?")
    return house


def give(house: House, answers: list[tuple[int, str, str]]) -> None:
    """Answers by day, to the first and the second question; "" = none."""
    VisitAnswer.objects.bulk_create(
        VisitAnswer(
            house=house,
            day=day(number),
            services=["mitid"],
            language="en",
            choices={key: said for key, said in (("done", done), ("wait", wait)) if said},
        )
        for number, done, wait in answers
    )


SAID = st.tuples(st.integers(0, 60), st.sampled_from(["yes", "no", "partly", ""]), st.sampled_from(["1", "5", ""]))


@hypothesis_settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(answers=st.lists(SAID, min_size=5, max_size=40), ends=st.lists(st.integers(0, 80), min_size=4, max_size=4))
def test_figures_rows_and_measure_say_the_same_and_no_question_differs_by_fewer_than_five(
    house: House, answers: list[tuple[int, str, str]], ends: list[int]
) -> None:
    with transaction.atomic():
        give(house, answers)
        one, other = (figures_of_answers(house, day(min(pair)), day(max(pair))) for pair in (ends[:2], [min(ends), max(ends)]))
        pairs = [(one[0], other[0]), *((a.counted.n, b.counted.n) for a, b in zip(one[1], other[1], strict=True))]
        assert all(inner == outer or outer - inner >= FEWEST for inner, outer in pairs)  # the one lies in the other
        assert all(number == 0 or number >= FEWEST for pair in pairs for number in pair)
        scope = Scope(house, day(min(ends)), day(max(ends)))
        rows = ANSWERS_GIVEN.evidence(scope)
        assert ANSWERS_GIVEN.figure(scope) == rows.count() == other[0]
        assert all(row == {"house": house.pk} for row in rows)
        transaction.set_rollback(True)


def test_what_was_written_is_told_by_whole_months_of_which_nothing_is_forgotten(house: House, settings: LazySettings) -> None:
    for number in [*range(4), 30]:
        VisitAnswer.objects.create(house=house, day=day(number), services=[], language="en", choices={}, text=f"Chairs {number}")
    march, year = (dt.date(2026, 3, 1), dt.date(2026, 3, 31)), (dt.date(2026, 1, 1), dt.date(2026, 12, 31))
    assert texts_of_answers(house, *march) == []  # the fifth is of April
    VisitAnswer.objects.create(house=house, day=day(5), services=[], language="en", choices={}, text="Chairs 5")

    assert len(texts_of_answers(house, *march)) == len(texts_of_answers(house, *year)) == 5
    assert texts_of_answers(house, march[0], dt.date(2026, 3, 30)) == []
    settings.CLOCK_STARTS_AT = dt.datetime.combine(march[0] + TEXTS_KEPT + dt.timedelta(days=1), dt.time(9), dt.UTC)
    assert texts_of_answers(house, *year) == []


def test_the_page_says_how_they_are_told_and_shows_no_number_below_five(house: House) -> None:
    give(house, [(number, "yes", "5" if number < 4 else "") for number in range(6)])
    leader = logged_in(factories.member(Role.LEADER, "ihnd"))
    few, enough = (
        leader.get(f"/statistics/aalborg/?first=2026-03-02&last={last}").content.decode() for last in ("2026-03-07", "2026-03-08")
    )

    assert "No answers can be told for these days." in few
    assert "6 answers, without names." in enough
    assert "Too few have answered, so nothing is shown." in enough
    assert all("A week is told from sixteen days after it" in page for page in (few, enough))
