"""How words are compared: nothing that people write in another way is another word, and little that they miswrite."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indgang.registers.parties.rules.sizes import CLASSES, size_class
from indgang.registers.parties.rules.words import (
    BEGINNING,
    folded,
    grams_of,
    inner_grams,
    likeness,
    near,
    slips,
    slips_allowed,
    traces_of,
    words_of,
)

LETTERS = "abcdefghijklmnoprstuvyæøåéü"
WORD = st.text(LETTERS, min_size=2, max_size=20)
PLAIN = st.text("bcdfghklmnprst", min_size=4, max_size=15)
TEXT = st.text(max_size=60)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ålborg", "AALBORG"),
        ("Brønderslev", "Broenderslev"),
        ("Brønderslev", "bronderslev"),
        ("Læsø", "Laesoe"),
        ("Café Aas", "cafe ås"),
        ("Müller", "MULLER"),
        ("Ærø", "Aero"),
    ],
)
def test_danish_letters_are_found_however_they_are_written(one: str, other: str) -> None:
    assert folded(one) == folded(other)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("A/S Fjord", ["as", "fjord"]),
        ("V.V.S. Holm ApS", ["vvs", "holm", "aps"]),
        ("A.P. Møller", ["ap", "moller"]),
        ("Jensen & Søn", ["jensen", "son"]),
        ("holm HOLM", ["holm"]),
        ("", []),
    ],
)
def test_the_words_of_a_name(text: str, words: list[str]) -> None:
    assert words_of(text) == words


@given(TEXT)
def test_what_is_folded_stays_as_it_is(text: str) -> None:
    assert words_of(" ".join(words_of(text))) == words_of(text)


@given(WORD, WORD)
def test_slips_are_the_same_both_ways_and_none_only_between_the_same(one: str, other: str) -> None:
    assert slips(one, other, 3) == slips(other, one, 3)
    assert (slips(one, other, 3) == 0) == (one == other)


@given(WORD, st.data())
def test_every_part_of_a_word_and_every_beginning_answers(word: str, data: st.DataObject) -> None:
    begin = data.draw(st.integers(0, len(word) - 2))
    part = word[begin : data.draw(st.integers(begin + 2, len(word)))]
    expected = 1.0 if part == word else 0.9 if word.startswith(part) else 0.7
    assert likeness(part, word) == expected
    if len(part) > 2 or begin == 0:
        assert set(inner_grams(part)) <= set(grams_of(word))


@given(PLAIN, st.integers(0, 20), st.sampled_from("bdgt"), st.sampled_from(["left out", "put in", "another", "swapped"]))
def test_a_slip_is_forgiven_and_the_index_finds_what_it_forgives(word: str, at: int, letter: str, kind: str) -> None:
    at %= len(word)
    wrong = {
        "left out": word[:at] + word[at + 1 :],
        "put in": word[:at] + letter + word[at:],
        "another": word[:at] + letter + word[at + 1 :],
        "swapped": word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :],
    }[kind]
    if slips_allowed(wrong):
        assert likeness(wrong, word) is not None
        assert set(near(wrong)) & set(near(word)) or set(inner_grams(wrong)) <= set(grams_of(word))


@given(WORD)
def test_a_short_word_and_a_number_forgive_nothing(word: str) -> None:
    assert slips_allowed(word[:3]) == slips_allowed("12345678") == 0
    assert all(len(key) <= BEGINNING for key in near(word))


@given(st.text(max_size=60))
def test_traces_fit_their_column_and_name_each_once(name: str) -> None:
    traces = traces_of(name)
    assert len(traces) == len(set(traces))
    assert all(0 < len(trace) <= 8 for trace in traces)


@given(st.integers(0, 2_000))
def test_every_number_of_employees_is_in_its_class(employees: int) -> None:
    first, last = size_class(employees).replace("+", "-9999").partition("-")[::2]
    assert int(first) <= employees <= int(last or first)
    assert int(first) in CLASSES
    assert size_class(None) == ""
