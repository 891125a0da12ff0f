"""What a column means, by its header and by what stands in it."""

from __future__ import annotations

import pytest

from indgang.foundation.linkage.rules.meanings import Meaning, recognised


def meaning(header: str, *values: str) -> Meaning | None:
    columns = recognised([header], {header: values})
    return columns[0].meaning if columns else None


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("given_name", Meaning.GIVEN_NAME),
        ("Fornavn", Meaning.GIVEN_NAME),
        ("Last name", Meaning.SURNAME),
        ("EFTERNAVN", Meaning.SURNAME),
        ("Fulde navn", Meaning.WHOLE_NAME),
        ("Virksomhed", Meaning.ORGANISATION),
        ("company-name", Meaning.ORGANISATION),
        ("Vejnavn", Meaning.STREET),
        ("Husnr.", Meaning.HOUSE_NUMBER),
        ("Postnr.", Meaning.POSTCODE),
        ("By", Meaning.CITY),
        ("Kommune", Meaning.AREA),
        ("Fødselsdato", Meaning.DATE),
        ("date_of_birth", Meaning.DATE),
        ("Tlf.", Meaning.PHONE),
        ("E-mail", Meaning.EMAIL),
        ("CVR-nr.", Meaning.IDENTIFIER),
        ("P-nummer", Meaning.IDENTIFIER),
        ("CPR", Meaning.IDENTIFIER),
        ("soc_sec_id", Meaning.IDENTIFIER),
        ("kilde", Meaning.SOURCE),
        ("bemærkninger", None),
        ("id", None),
    ],
)
def test_headers_in_danish_and_english(header: str, expected: Meaning | None) -> None:
    assert meaning(header) == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (("a@example.org", "b.c@example.dk"), Meaning.EMAIL),
        (("010190-1234", "311299-4321"), Meaning.IDENTIFIER),
        (("+45 98 12 34 56", "+4670123456"), Meaning.PHONE),
        (("blue", "red"), None),
        (("17", "23"), None),
    ],
)
def test_values_tell_where_the_header_does_not(values: tuple[str, ...], expected: Meaning | None) -> None:
    assert meaning("felt 7", *values) == expected


def test_values_refute_a_header() -> None:
    assert meaning("born", "Aalborg", "Hobro", "Nibe") is None
    assert meaning("mail", "yes", "no") is None


def test_a_name_beside_a_cvr_number_is_a_company() -> None:
    assert [column.meaning for column in recognised(["CVR", "Navn"], {})] == [Meaning.IDENTIFIER, Meaning.ORGANISATION]


def test_names_with_company_forms_are_companies() -> None:
    samples = {"Navn": ["Hansen VVS ApS", "Limfjordens Fisk A/S", "Jensen I/S"]}
    assert recognised(["Navn"], samples)[0].meaning is Meaning.ORGANISATION
    assert recognised(["Navn"], {"Navn": ["Jens Hansen", "Åse Lund"]})[0].meaning is Meaning.WHOLE_NAME


def test_what_is_stated_holds() -> None:
    stated = {"felt": Meaning.SURNAME, "Fornavn": Meaning.IGNORE}
    assert [(column.header, column.meaning) for column in recognised(["felt", "Fornavn"], {}, stated)] == [("felt", Meaning.SURNAME)]
