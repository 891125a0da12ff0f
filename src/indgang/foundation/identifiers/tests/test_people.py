"""CPR and telephone numbers."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indgang.foundation.identifiers.people import is_cpr, mask_cpr, normal_phone

births = st.dates(dt.date(1937, 1, 1), dt.date(1999, 12, 31))


@given(births, st.integers(0, 3999))
def test_every_serial_number_counts_with_or_without_modulus_11(born: dt.date, serial: int) -> None:
    assert is_cpr(f"{born:%d%m%y}-{serial:04d}")


@given(births, st.integers(0, 3999))
def test_a_replacement_number_has_sixty_added_to_the_day(born: dt.date, serial: int) -> None:
    assert is_cpr(f"{born.day + 60:02d}{born:%m%y}{serial:04d}")


@pytest.mark.parametrize(
    "text", ["", "0101701", "010170-12345", "3213701234", "3002701234", "9213701234", "0070701234", "01017O1234", "٠١٠١٧٠١٢٣٤"]
)
def test_what_is_no_cpr_number(text: str) -> None:
    assert not is_cpr(text)


@given(births, st.integers(0, 3999))
def test_a_masked_number_keeps_the_date_and_nothing_more(born: dt.date, serial: int) -> None:
    assert mask_cpr(f"{born:%d%m%y} {serial:04d}") == f"{born:%d%m%y}-••••"


def test_what_is_no_cpr_number_is_hidden_altogether() -> None:
    assert mask_cpr("secret") == "••••••"
    assert mask_cpr("") == ""


@pytest.mark.parametrize(
    ("text", "country", "normal"),
    [
        ("99 31 50 00", "DK", "+4599315000"),
        ("+48 22 123 45 67", "DK", "+48221234567"),
        ("0048 22 123 45 67", "DK", "+48221234567"),
        ("030 123456", "DE", "+4930123456"),
        ("12", "DK", ""),
        ("call me", "DK", ""),
        ("", "DK", ""),
        ("99315000 ext. 5", "DK", ""),
    ],
)
def test_telephone_numbers_become_international(text: str, country: str, normal: str) -> None:
    assert normal_phone(text, country) == normal
