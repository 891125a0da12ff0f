"""Whose a company is: the agreement's own words as examples, and for everything else exactly one answer or a stated reason to agree."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indgang.operations.guidance.rules.approach import (
    PARTIES,
    SHARES,
    Division,
    DivisionError,
    Facts,
    in_industries,
    industry_codes,
    is_old,
    read_division,
    whose_it_is,
    years_after,
)

FIELDS = frozenset({"finance", "innovation"})
AGREED = Division({"entrepreneur": "office", "general": "office", "specialised": "hub", "large": "agreed"}, FIELDS, 250, 3)
DAY = dt.date(2026, 11, 24)
days = st.dates(dt.date(1950, 1, 1), dt.date(2040, 1, 1))
facts = st.builds(
    Facts,
    has_cvr=st.booleans(),
    employees=st.none() | st.integers(0, 1000),
    founded=st.none() | days,
    has_office=st.booleans(),
)
divisions = st.builds(
    Division,
    shares=st.fixed_dictionaries({share: st.sampled_from(PARTIES) for share in SHARES}),
    specialised=st.just(FIELDS),
    employees_up_to=st.integers(1, 500),
    entrepreneur_years=st.integers(0, 20),
)


@pytest.mark.parametrize(
    ("company", "field", "whose", "first_reason"),
    [
        (Facts(False, None, None, True), "", "office", "no-cvr"),
        (Facts(False, None, None, True), "finance", "office", "no-cvr"),
        (Facts(True, 4, dt.date(2024, 1, 1), True), "finance", "office", "founded-lately"),
        (Facts(True, 4, dt.date(2023, 11, 24), True), "finance", "hub", "small"),
        (Facts(True, 250, dt.date(1990, 1, 1), True), "", "office", "small"),
        (Facts(True, 250, dt.date(1990, 1, 1), True), "finance", "hub", "small"),
        (Facts(True, 251, dt.date(1990, 1, 1), True), "finance", "agreed", "large"),
        (Facts(True, 300, dt.date(2026, 1, 1), True), "", "agreed", "large"),
        (Facts(True, None, None, True), "", "office", "size-unknown"),
        (Facts(True, None, None, False), "finance", "hub", "size-unknown"),
        (Facts(True, 10, None, False), "", "agreed", "no-office"),
        (Facts(True, 10, None, True), "ccus", "agreed", "field-not-divided"),
    ],
)
def test_the_agreement_divides_companies(company: Facts, field: str, whose: str, first_reason: str) -> None:
    answer = whose_it_is(AGREED, company, DAY, field)
    assert (answer.whose, answer.reasons[0]) == (whose, first_reason)


@given(division=st.none() | divisions, company=facts, day=days, field=st.sampled_from(["", "finance", "innovation", "ccus", "else"]))
def test_there_is_always_one_answer_or_a_reason_to_agree(division: Division | None, company: Facts, day: dt.date, field: str) -> None:
    answer = whose_it_is(division, company, day, field)
    assert answer.whose in PARTIES
    assert answer.reasons
    if answer.whose == "office":
        assert company.has_office
    if answer.whose == "agreed":
        stated = division is not None and answer.share is not None and division.shares[answer.share] == "agreed"
        assert stated or answer.reasons[0] in ("no-division", "no-office", "field-not-divided")


@given(division=divisions, company=facts, day=days, field=st.sampled_from(["", "finance"]))
def test_what_is_large_is_large_whatever_else(division: Division, company: Facts, day: dt.date, field: str) -> None:
    large = company.employees is not None and company.employees > division.employees_up_to
    assert (whose_it_is(division, company, day, field).share == "large") == large


@given(day=days, years=st.integers(0, 20))
def test_years_later_is_never_earlier_and_at_most_a_day_off(day: dt.date, years: int) -> None:
    later = years_after(day, years)
    assert (later.year, later >= day) == (day.year + years, True)
    assert later.replace(year=2024) - day.replace(year=2024) <= dt.timedelta(days=1)


def test_industries_are_found_by_their_codes() -> None:
    assert industry_codes("Building (41, 42, 43.21) and IT: 62.01.00, not 250 or 1234567") == ("41", "42", "4321", "620100")
    assert industry_codes("Food and fish") == ()
    assert [in_industries("432100", ["41", "4321"]), in_industries("43.22.10", ["41", "4321"]), in_industries("", ["41"])] == [
        True,
        False,
        False,
    ]


def test_an_entry_is_old_after_so_many_days() -> None:
    assert [is_old(DAY - dt.timedelta(days=days), DAY, 180) for days in (180, 181)] == [False, True]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"shares": {"general": "office"}}, "shares: must say"),
        ({"shares": {**AGREED.shares, "large": "nobody"}}, "shares.large: “nobody”"),
        ({"specialised": []}, "specialised"),
        ({"employees_up_to": 0}, "employees_up_to"),
        ({"entrepreneur_years": 30}, "entrepreneur_years"),
    ],
)
def test_a_division_that_says_too_little_is_refused(wrong: dict[str, object], told: str) -> None:
    right = {"shares": dict(AGREED.shares), "specialised": ["finance"], "employees_up_to": 250, "entrepreneur_years": 3}
    assert read_division(right).employees_up_to == 250
    with pytest.raises(DivisionError, match=told):
        read_division({**right, **wrong})
