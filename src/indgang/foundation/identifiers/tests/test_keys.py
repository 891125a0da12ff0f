"""Keys, codes and references."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from indgang.foundation.identifiers import keys

numbers = st.integers(0, 2**35 - 1)


def test_keys_are_long_and_never_the_same() -> None:
    drawn = {keys.new_key() for _ in range(100)}
    assert len(drawn) == 100
    assert {len(key) for key in drawn} == {43}


def test_a_code_is_six_digits() -> None:
    assert all(len(code) == 6 and code.isdigit() for code in (keys.new_code() for _ in range(200)))


def test_a_derived_key_depends_on_every_part_and_on_where_parts_end() -> None:
    assert keys.derived_key("calendar", 7) == keys.derived_key("calendar", "7")
    assert len({keys.derived_key("a", "bc"), keys.derived_key("ab", "c"), keys.derived_key("abc"), keys.derived_key("a", "b", "c")}) == 4
    assert len(keys.derived_key("x")) == 43


@given(numbers)
def test_a_reference_reads_back(number: int) -> None:
    reference = keys.reference_from(number)
    assert len(reference) == 9
    assert keys.normal_reference(reference) == reference


@given(numbers)
def test_a_reference_is_understood_however_it_is_written(number: int) -> None:
    reference = keys.reference_from(number)
    typed = reference.replace("0", "o").replace("1", "l")
    for text in (
        typed.lower(),
        f"  {typed[:2]} {typed[2:]} ",
        reference.replace("-", ""),
        reference.replace("1", "I"),
        f"https://indgang.example/c/{reference}",
        f"http://127.0.0.1:8000/check-in/{reference.lower()}/?language=da",
        f"httpÆ--127.0.0.1Æ8000-c-{reference.replace('-', '+')}",  # a scanner set to another keyboard
    ):
        assert keys.normal_reference(text) == reference


@given(numbers, st.integers(0, 7), st.sampled_from(keys.ALPHABET))
def test_one_wrong_character_is_noticed(number: int, place: int, wrong: str) -> None:
    right = keys.reference_from(number).replace("-", "")
    typed = right[:place] + wrong + right[place + 1 :]
    assert (keys.normal_reference(typed) == "") == (typed != right)


@given(numbers, st.integers(0, 7), st.integers(0, 7))
def test_two_characters_that_changed_places_are_noticed(number: int, one: int, other: int) -> None:
    right = keys.reference_from(number).replace("-", "")
    characters = list(right)
    characters[one], characters[other] = characters[other], characters[one]
    typed = "".join(characters)
    assert (keys.normal_reference(typed) == "") == (typed != right)


@given(st.text(max_size=60))
def test_any_text_at_all_gives_a_reference_or_nothing(text: str) -> None:
    found = keys.normal_reference(text)
    assert found == "" or keys.normal_reference(found) == found


def test_new_references_differ() -> None:
    assert len({keys.new_reference() for _ in range(100)}) == 100
