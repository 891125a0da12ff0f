"""Texts that a spreadsheet would take for a formula."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indgang.foundation.imports.formulas import as_written, harmless

texts = st.text(st.sampled_from("=+-@\t\r'a1 "), max_size=8) | st.text(max_size=20)


@given(texts)
def test_what_was_written_comes_back(text: str) -> None:
    assert as_written(harmless(text)) == text


@given(texts)
def test_no_cell_begins_a_formula_unless_it_is_a_number(text: str) -> None:
    cell = harmless(text)
    assert not cell.startswith(("=", "@", "\t", "\r"))
    assert not cell.startswith(("+", "-")) or re.fullmatch(r"[+-][0-9 .,]*[0-9]", cell)


@pytest.mark.parametrize("text", ["+45 11 73 35 55", "-2", "-2,5", "Aalborg", "", "O'Hara"])
def test_numbers_and_plain_words_stay(text: str) -> None:
    assert harmless(text) == text


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "-2+3|cmd", "+A1", "'=1"])
def test_formulas_are_told_as_text(text: str) -> None:
    assert harmless(text) == f"'{text}"
