"""The rules of courses hold for whatever anybody writes."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from indgang.operations.guidance.rules.courses import (
    AHEAD,
    FIRST_DAY,
    MOST_HOURS,
    Fault,
    fault_of_contact,
    fault_of_day,
    fault_of_days,
    fault_of_hours,
    in_order,
    unit_of,
    unknown,
)

DAYS = st.dates(dt.date(1900, 1, 1), dt.date(2100, 1, 1))
KNOWN = ("finance", "innovation", "green-circular", "ccus")


@given(started=DAYS, ended=st.none() | DAYS)
def test_a_course_never_ends_before_it_starts(started: dt.date, ended: dt.date | None) -> None:
    allowed = ended is None or (ended - started).days >= 0
    assert (fault_of_days(started, ended) is None) is allowed


@given(hours=st.decimals(allow_nan=True, allow_infinity=True))
def test_hours_are_a_number_between_none_and_three_years_of_work(hours: Decimal) -> None:
    plausible = hours.is_finite() and 0 <= hours <= MOST_HOURS
    assert (fault_of_hours(hours) is None) is plausible


def test_hours_that_are_not_known_are_no_fault() -> None:
    assert fault_of_hours(None) is None


@given(day=DAYS, today=st.dates(dt.date(2020, 1, 1), dt.date(2040, 1, 1)))
def test_a_day_by_hand_lies_between_1990_and_a_year_ahead(day: dt.date, today: dt.date) -> None:
    assert (fault_of_day(day, today) is None) is (FIRST_DAY <= day <= today + AHEAD)


@given(fields=st.lists(st.sampled_from([*KNOWN, "magic", "", "Finance"])))
def test_fields_are_known_ones_each_once_and_always_in_the_same_order(fields: list[str]) -> None:
    strange = {field for field in fields if field not in KNOWN}
    assert set(unknown(fields, KNOWN)) == strange
    assert in_order(fields, KNOWN) == in_order(list(reversed(fields)), KNOWN) == sorted(set(fields) - strange, key=KNOWN.index)


@given(on=DAYS, today=DAYS, started=DAYS, length=st.none() | st.integers(0, 2000))
def test_a_contact_has_been_and_lies_within_its_course(on: dt.date, today: dt.date, started: dt.date, length: int | None) -> None:
    ended = None if length is None else started + dt.timedelta(days=length)
    fault = fault_of_contact(on, today, started, ended)
    assert (fault is None) is (on <= today and started <= on and (ended is None or on <= ended))
    assert (fault == Fault.NOT_YET) is (on > today)


@given(company=st.integers(1, 5), owner=st.none() | st.integers(1, 5))
def test_an_establishment_is_the_companys_own_or_none_is_named(company: int, owner: int | None) -> None:
    assert (unit_of(company, owner) is None) is (owner is None or owner == company)
