"""Codes of Danish Industrial Classification by their sections, and in words."""

from __future__ import annotations

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from indgang.registers.parties.industry_words import SECTIONS, industry_in_line, industry_in_words
from indgang.registers.parties.models import Company
from indgang.registers.parties.rules.industries import ENDS, NO_DIVISIONS, section_of


@pytest.mark.parametrize(
    ("code", "section"),
    [("011100", "A"), ("256200", "C"), ("351100", "D"), ("412000", "F"), ("620100", "J"), ("702200", "M"), ("84", "O"), ("990000", "U")],
)
def test_a_code_is_in_the_section_of_its_division(code: str, section: str) -> None:
    assert section_of(code) == section


@pytest.mark.parametrize("code", ["", "6", "000000", "040000", "x2", "６２", "-1", " 6"])
def test_what_begins_with_no_division_has_no_section(code: str) -> None:
    assert section_of(code) == ""


@given(st.integers(1, 99))
def test_every_division_there_is_has_a_section_with_a_name_and_they_follow_each_other(division: int) -> None:
    section = section_of(f"{division:02d}")
    assert (section == "") == (division in NO_DIVISIONS)
    assert not section or section in SECTIONS
    assert section <= section_of("99")
    assert [letter for _last, letter in ENDS] == sorted(SECTIONS)


def test_an_industry_is_said_with_its_code_its_name_and_the_version() -> None:
    company = Company(industry_code="620100", industry_version="DB07")
    assert industry_in_words(company) == "62.01.00 · Information and communication (DB07)"
    with override("da"):
        assert industry_in_line(company) == "62.01.00 Information og kommunikation"
    assert industry_in_words(Company(industry_code="000001", industry_version="DB25")) == "00.00.01 (DB25)"
    assert industry_in_words(Company()) == industry_in_line(Company()) == ""
