"""What figures tell of confidential courses, whatever they are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indgang.operations.guidance.rules.confidential import FEWEST, Told, companies, first_time, split, told, vague_parts
from indgang.operations.guidance.rules.figures import UNITS, Level, Served, each

DAY = dt.date(2026, 5, 4)
CODES = ("773", "787", "810", "813", "820", "825", "")


def course(record: int, company: int, municipality: str = "851", confidential: bool = False, establishment: int | None = None) -> Served:
    kind = "early-warning" if confidential else "growth"
    return Served(record, company, establishment, 1, kind, (), DAY, None, municipality, municipality, confidential)


def courses(confidential: st.SearchStrategy[bool] | None = None) -> st.SearchStrategy[list[Served]]:
    hidden = st.booleans() if confidential is None else confidential
    one = st.tuples(st.integers(1, 14), st.sampled_from(CODES), hidden, st.none() | st.integers(1, 3))
    return st.lists(one, max_size=30).map(numbered)


def numbered(rows: list[tuple[int, str, bool, int | None]]) -> list[Served]:
    return [
        course(at, company, code, secret, company * 10 + place if place else None) for at, (company, code, secret, place) in enumerate(rows)
    ]


def parts_of(rows: Sequence[Served]) -> dict[str, list[Served]]:
    return {code: [row for row in rows if row.municipality == code] for code in CODES}


units = st.sampled_from([each, *UNITS.values()])


@given(courses(), units)
def test_five_companies_or_more_are_counted_whole_and_fewer_without_what_is_confidential(rows: list[Served], unit: object) -> None:
    shown = [row for row in rows if not row.confidential]
    counted = rows if len(companies(rows)) >= FEWEST else shown
    assert told(rows, unit).value == len({unit(row) for row in counted})  # type: ignore[operator, arg-type]


@given(courses(), units)
def test_the_rows_that_are_shown_and_the_confidential_ones_make_the_figure(rows: list[Served], unit: object) -> None:
    figure = told(rows, unit)  # type: ignore[arg-type]
    assert figure.value == len({unit(row) for row in rows if not row.confidential}) + figure.confidential  # type: ignore[operator]


@given(courses(st.just(True)), units)
def test_early_warning_alone_is_told_of_five_companies_or_not_at_all(rows: list[Served], unit: object) -> None:
    figure = told(rows, unit, only_confidential=True)  # type: ignore[arg-type]
    assert (figure.value is None) == (len(companies(rows)) < FEWEST)


@given(courses(), units)
def test_the_whole_is_never_more_than_the_sum_of_its_municipalities(rows: list[Served], unit: object) -> None:
    parts = split(parts_of(rows), unit)  # type: ignore[arg-type]
    whole, sum_of_parts = told(rows, unit).value or 0, sum(part.value or 0 for part in parts.parts.values())  # type: ignore[arg-type]
    assert whole <= sum_of_parts + (parts.rest.value or 0)


@given(courses())
def test_rows_counted_one_by_one_add_up_exactly(rows: list[Served]) -> None:
    parts = split(parts_of(rows), each)
    assert told(rows, each).value == sum(part.value or 0 for part in parts.parts.values()) + (parts.rest.value or 0)


@given(courses())
def test_a_small_part_tells_the_same_whether_it_hides_something_or_not(rows: list[Served]) -> None:
    """Nobody can tell from a municipality of fewer than five companies, seen alone, that somebody there is in confidence."""
    parts = parts_of(rows)
    open_parts = parts_of([row for row in rows if not row.confidential])
    for code, one in split(parts, each).parts.items():
        if len(companies(parts[code])) < FEWEST:
            assert one == Told(len(open_parts[code]))


@given(courses())
def test_what_is_left_out_may_come_from_two_municipalities_with_five_companies(rows: list[Served]) -> None:
    parts = parts_of(rows)
    vague = vague_parts(parts)
    if vague:
        assert len(vague) >= 2
        together = {company for code in vague for company in companies(parts[code])}
        assert len(together) >= FEWEST or vague == frozenset(CODES)


@given(courses(st.just(False)), courses(st.just(False)))
def test_without_anything_confidential_new_is_simply_new(rows: list[Served], before: list[Served]) -> None:
    new = companies(rows) - companies(before)
    assert first_time(rows, before, UNITS[Level.COMPANY]) == Told(len(new))


@given(courses(), courses())
def test_who_was_in_confidence_the_year_before_is_shown_among_the_new_and_not_counted(rows: list[Served], before: list[Served]) -> None:
    unit = UNITS[Level.COMPANY]
    figure = first_time(rows, before, unit)
    shown = {row.company for row in rows if not row.confidential} - {row.company for row in before if not row.confidential}
    if len(companies(rows)) < FEWEST:
        assert figure == Told(len(shown))
    else:
        true = companies(rows) - companies(before)
        hidden = true - {row.company for row in rows if not row.confidential}
        expected = true if len(true & shown) >= FEWEST else shown | hidden
        assert figure == Told(len(expected), len(expected ^ shown))


@pytest.mark.parametrize("new", range(1, 8))
def test_who_was_in_confidence_before_makes_no_difference_among_few_new_ones(new: int) -> None:
    """One of the shown was in confidence the year before. Five or more others have to be new before that makes a difference."""
    unit, known = UNITS[Level.COMPANY], [course(at, at) for at in range(20, 25)]
    rows = [*known, *(course(at, at) for at in range(new + 1))]
    assert first_time(rows, known, unit) == Told(new + 1)
    assert first_time(rows, [*known, course(0, 0, confidential=True)], unit) == (Told(new, 1) if new >= FEWEST else Told(new + 1))


def test_four_companies_with_two_in_confidence_are_two() -> None:
    rows = [course(1, 1), course(2, 2), course(3, 3, confidential=True), course(4, 4, confidential=True)]
    assert told(rows, UNITS[Level.COMPANY]) == Told(2)
    assert told([*rows, course(5, 5)], UNITS[Level.COMPANY]) == Told(5, 2)


def test_a_company_that_is_guided_openly_too_is_not_confidential() -> None:
    rows = [course(1, 1), course(2, 1, confidential=True), *(course(at, at) for at in range(3, 7))]
    assert told(rows, UNITS[Level.COMPANY]) == Told(5)
    assert told(rows, each) == Told(6, 1)


def test_one_small_municipality_draws_the_next_smallest_with_it() -> None:
    rows = [course(1, 1, "825", True)]
    rows += [course(at, at, "773") for at in range(10, 16)] + [course(20, 20, "773", True)]
    rows += [course(at, at, "851") for at in range(30, 50)]
    parts = {code: [row for row in rows if row.municipality == code] for code in ("773", "825", "851")}
    told_parts = split(parts, UNITS[Level.COMPANY])
    assert told_parts.vague == {"825", "773"}
    assert {code: one.value for code, one in told_parts.parts.items()} == {"825": 0, "773": 6, "851": 20}
    assert told_parts.rest == Told(2, 2)
