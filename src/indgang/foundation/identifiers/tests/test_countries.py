"""Countries and the order of names."""

from __future__ import annotations

import pytest

from indgang.foundation.identifiers.countries import Country, UnknownCountry, countries, country, country_name
from indgang.foundation.identifiers.names import alphabetical


def test_danish_names_end_with_ae_oe_aa() -> None:
    names = ["Aalborg", "Ærø", "Zealand", "Ølstykke", "Brønderslev", "Århus", "Albertslund", "Østrig", "Ækvator"]
    ordered = ["Albertslund", "Brønderslev", "Zealand", "Ækvator", "Ærø", "Ølstykke", "Østrig", "Aalborg", "Århus"]
    assert sorted(names, key=alphabetical) == ordered


def test_case_and_marks_do_not_separate_names_in_english() -> None:
    names = ["Zambia", "Åland Islands", "austria", "Côte d'Ivoire", "Costa Rica", "Croatia"]
    assert sorted(names, key=lambda name: alphabetical(name, "en")) == [
        "Åland Islands",
        "austria",
        "Costa Rica",
        "Côte d'Ivoire",
        "Croatia",
        "Zambia",
    ]


def test_codes_are_found_in_any_case_and_unknown_ones_are_refused() -> None:
    assert country("pol") == Country("POL", "PL")
    assert country("XKX") == Country("XKX", "XK")
    for unknown in ("ZZZ", "PL", "", "ATA"):
        with pytest.raises(UnknownCountry):
            country(unknown)


@pytest.mark.parametrize(
    ("code", "danish", "english"),
    [
        ("DNK", "Danmark", "Denmark"),
        ("POL", "Polen", "Poland"),
        ("GBR", "Storbritannien", "United Kingdom"),
        ("USA", "USA", "United States"),
        ("CZE", "Tjekkiet", "Czechia"),
        ("HKG", "Hongkong", "Hong Kong"),
        ("XKX", "Kosovo", "Kosovo"),
    ],
)
def test_names_as_people_know_them(code: str, danish: str, english: str) -> None:
    assert (country_name(code, "da"), country_name(code, "en"), country_name(code, "uk")) == (danish, english, english)


def test_lists_are_complete_ordered_and_without_doubles() -> None:
    danish, english = dict(countries("da")), dict(countries("en"))
    assert danish.keys() == english.keys()
    assert len(danish) == len(set(danish.values())) == len(set(english.values())) == 243
    assert list(danish.values())[-3:] == ["Ækvatorialguinea", "Østrig", "Åland"]
    assert list(english.values())[:2] == ["Afghanistan", "Åland Islands"]
