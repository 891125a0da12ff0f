"""Cells as people, programs and spreadsheets write them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indgang.foundation.imports.columns import Cell, Choice, Code, Day, Moment, Number, Text, Unreadable, Whole, YesNo, as_text, at_place

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
DAY, MOMENT, NUMBER, WHOLE, YES_NO = Day(name="d"), Moment(name="m"), Number(name="n"), Whole(name="w", minimum=1), YesNo(name="y")
TEXT, CODE = Text(name="t", max_length=5), Code(name="c")
CHOICE = Choice(name="o", words={"done": "done", "færdig": "done", "no show": "no-show"})


@pytest.mark.parametrize("cell", ["2023-05-17", "17.5.2023", "17.05.2023", "17. 5. 2023", dt.date(2023, 5, 17), dt.datetime(2023, 5, 17)])  # noqa: DTZ001
def test_a_date(cell: Cell) -> None:
    assert DAY.read(cell) == dt.date(2023, 5, 17)


@pytest.mark.parametrize(
    "cell", ["17-05-2023", "17/05/2023", "17/5/2023", "17-05-23", "17.5.23", "17.05.23", "17. 5. 23", "17/5-23", "17/5-2023"]
)
def test_a_date_as_danish_excel_and_danish_people_write_it(cell: str) -> None:
    assert DAY.read(cell) == dt.date(2023, 5, 17)
    assert MOMENT.read(f"{cell} 13.45") == MOMENT.read(f"{cell} 13:45:00") == dt.datetime(2023, 5, 17, 13, 45)  # noqa: DTZ001


@pytest.mark.parametrize(("year", "meant"), [("26", 2026), ("45", 2045), ("46", 1946), ("99", 1999), ("00", 2000), ("05", 2005)])
def test_a_year_of_two_digits_is_at_most_nineteen_years_ahead(settings: Any, year: str, meant: int) -> None:
    settings.CLOCK_STARTS_AT = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
    assert DAY.read(f"15-12-{year}") == dt.date(meant, 12, 15)


@pytest.mark.parametrize("cell", ["12/31/2026", "12-31-2026", "5/17/23", "12.31.12"])
def test_the_month_before_the_day_is_refused_because_other_days_would_be_read_wrongly(cell: str) -> None:
    for column, text in ((DAY, cell), (MOMENT, cell), (MOMENT, f"{cell} 13:45")):
        with pytest.raises(Unreadable, match=r"^There is no such month\. Write the day first and then the month, such as 17-05-2023\.$"):
            column.read(text)


@pytest.mark.parametrize(
    "cell",
    ["17.5.202", "17 5 2023", "17/5 2023", "2023/05/17", "2023", 45063, dt.datetime(2023, 5, 17, 9), "２０２３-05-17"],  # noqa: DTZ001
)
def test_no_date(cell: Cell) -> None:
    with pytest.raises(Unreadable, match=r"Write a date such as 2023-05-17, 17-05-2023 or 17\.5\.2023\."):
        DAY.read(cell)


@pytest.mark.parametrize("cell", ["31.4.2023", "31-02-2026", "29/2-23", "0-5-2026", "13-13-2026", "2023-02-29", "2023-31-12", "0000-01-01"])
def test_a_day_that_is_not_there(cell: str) -> None:
    with pytest.raises(Unreadable, match="There is no such day"):
        DAY.read(cell)


@pytest.mark.parametrize(
    "cell",
    [
        "2023-05-17 13:45",
        "2023-05-17T13:45:00",
        "2023-05-17 13.45",
        "17.5.2023 13.45",
        "17.05.2023 kl. 13.45",
        "17.5.2023, 13:45:00",
        dt.datetime(2023, 5, 17, 13, 44, 59, 999_990),  # noqa: DTZ001
        "2023-05-17T13:45:00+02:00",
        "2023-05-17T11:45:00Z",
        "2023-05-17 11:45:00.000000+0000",
        "2023-05-17T06:45-05:00",
    ],
)
def test_a_time_is_local_unless_an_offset_is_given(cell: Cell) -> None:
    assert at_place(MOMENT.read(cell), COPENHAGEN) == dt.datetime(2023, 5, 17, 11, 45, tzinfo=dt.UTC)


@pytest.mark.parametrize("cell", ["2023-05-17", "17.5.2023"])
def test_a_date_alone_is_its_midnight(cell: Cell) -> None:
    assert at_place(MOMENT.read(cell), COPENHAGEN) == dt.datetime(2023, 5, 16, 22, tzinfo=dt.UTC)


@pytest.mark.parametrize("cell", ["13:45", "17.5.2023 kl. ", "yesterday", "2023-05-17 1345", dt.time(13, 45)])
def test_no_time(cell: Cell) -> None:
    with pytest.raises(Unreadable, match="Write a date and a time"):
        MOMENT.read(cell)


@pytest.mark.parametrize("cell", ["2023-05-17 25:00", "2023-02-29 10:00", "2023-05-17 10:61", "0001-01-01T00:00+14:00"])
def test_a_time_that_is_not_there(cell: str) -> None:
    with pytest.raises(Unreadable, match="There is no such day or time"):
        MOMENT.read(cell)


def test_the_hour_that_is_skipped_in_spring_is_refused() -> None:
    with pytest.raises(Unreadable, match="the clocks went forward"):
        at_place(MOMENT.read("2023-03-26 02:30"), COPENHAGEN)


def test_the_hour_that_comes_twice_in_autumn_is_the_first() -> None:
    assert at_place(MOMENT.read("2023-10-29 02:30"), COPENHAGEN) == dt.datetime(2023, 10, 29, 0, 30, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("cell", "value"),
    [("12.5", "12.5"), ("12,5", "12.5"), ("1.234,5", "1234.5"), ("-3", "-3"), ("1.234.567,89", "1234567.89"), (12.5, "12.5"), (12, "12")],
)
def test_a_number_with_point_or_comma(cell: Cell, value: str) -> None:
    assert NUMBER.read(cell) == Decimal(value)


@pytest.mark.parametrize("cell", ["1,234.5", "12,5,0", "kr 12", "1e5", "", "--1", "１２", "NaN"])
def test_no_number(cell: str) -> None:
    with pytest.raises(Unreadable, match="Write a number"):
        NUMBER.read(cell)


@pytest.mark.parametrize(("cell", "value"), [("2", 2), (" 2 ", 2), (2, 2), (2.0, 2)])
def test_a_whole_number(cell: Cell, value: int) -> None:
    assert WHOLE.read(cell) == value


@pytest.mark.parametrize("cell", ["0", "-1", "2.5", 2.5, "two", "9" * 30, "²"])
def test_no_whole_number(cell: Cell) -> None:
    with pytest.raises(Unreadable, match="Write a whole number from 1 to"):
        WHOLE.read(cell)


def test_yes_and_no_in_both_languages() -> None:
    assert [YES_NO.read(cell) for cell in ("yes", "Ja", "JA ", True, "no", "Nej", False)] == [True, True, True, True, False, False, False]
    with pytest.raises(Unreadable, match="Write yes or no"):
        YES_NO.read("maybe")


def test_a_choice_is_known_by_each_of_its_words() -> None:
    assert [CHOICE.read(cell) for cell in ("Done", "FÆRDIG", "no show")] == ["done", "done", "no-show"]
    with pytest.raises(Unreadable, match=r"Write one of: done, no-show\."):
        CHOICE.read("lost")


def test_text_is_one_line_of_readable_characters() -> None:
    assert TEXT.read("  æ b ") == "æ b"
    assert TEXT.read(1234.0) == "1234"
    assert CODE.read("Aalborg") == "aalborg"
    with pytest.raises(Unreadable, match="longer than 5 characters"):
        TEXT.read("abcdef")
    for cell in ("#N/A", "\u200b"):
        with pytest.raises(Unreadable, match="not readable text"):
            TEXT.read(cell)
    for cell, code in (("a\0b", r"U\+0000"), ("a\x07", r"U\+0007"), ("\ue000", r"U\+E000")):
        with pytest.raises(Unreadable, match=rf"The character {code} cannot be read\. Take it out of the cell\."):
            TEXT.read(cell)


@pytest.mark.parametrize("between", ["\xa0", "\t", "\n", "\r\n", "\u2028", "\u3000", " \xa0\t", "\u202f\u200b", "\xa0\xad "])
def test_space_of_any_kind_is_one_space(between: str) -> None:
    assert TEXT.read(f"\xa0a{between}b\n") == "a b"


@pytest.mark.parametrize("unseen", ["\xad", "\u200b", "\u200d", "\u200e", "\u202e", "\u2066", "\ufeff", "\u061c"])
def test_what_cannot_be_seen_is_left_out(unseen: str) -> None:
    assert TEXT.read(f"a{unseen}b{unseen}") == "ab"


@given(st.datetimes(min_value=dt.datetime(1900, 1, 1), max_value=dt.datetime(2200, 1, 1), timezones=st.just(dt.UTC)))  # noqa: DTZ001
def test_any_moment_comes_back_as_it_was_written(moment: dt.datetime) -> None:
    local = str(MOMENT.write(moment, COPENHAGEN))

    assert at_place(MOMENT.read(local), COPENHAGEN) == moment


@given(st.dates(min_value=dt.date(1000, 1, 1)), st.integers(1, 2_147_483_647), st.decimals(-(10**9), 10**9, places=3), st.booleans())
def test_any_value_comes_back_as_it_was_written(day: dt.date, whole: int, number: Decimal, yes: bool) -> None:
    pairs: list[tuple[Any, Any]] = [(DAY, day), (WHOLE, whole), (NUMBER, number), (YES_NO, yes)]

    assert [column.read(column.write(value)) for column, value in pairs] == [value for _column, value in pairs]


@given(st.one_of(st.text(), st.integers(), st.floats(), st.booleans(), st.datetimes(), st.dates(), st.times()))
def test_no_cell_whatever_it_holds_raises_anything_but_unreadable(cell: Cell) -> None:
    for column in (DAY, MOMENT, NUMBER, WHOLE, YES_NO, TEXT, CODE, CHOICE):
        if as_text(cell):
            try:
                value = column.read(cell)
                if isinstance(value, dt.datetime):
                    at_place(value, COPENHAGEN)
            except Unreadable as error:
                assert str(error)


@pytest.mark.parametrize(("cell", "number"), [("2,0", 2), ("2.0", 2), ("2.00", 2), ("+2,0", 2), (2.0, 2), ("2", 2)])
def test_a_whole_number_with_nothing_after_its_comma_is_that_number(cell: Cell, number: int) -> None:
    assert WHOLE.read(cell) == number


@pytest.mark.parametrize("cell", ["2,5", "2.50", "2,", ",0", "2.000", "2,0,0", "0,0", 2.5, "２.0"])
def test_another_number_is_no_whole_one(cell: Cell) -> None:
    with pytest.raises(Unreadable, match="Write a whole number"):
        WHOLE.read(cell)
