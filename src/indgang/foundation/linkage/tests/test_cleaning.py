"""Values are folded so that what people write differently is the same."""

from __future__ import annotations

import duckdb
import pytest

from indgang.foundation.linkage.rules.cleaning import cleaned
from indgang.foundation.linkage.rules.meanings import Column, Meaning


def clean(meaning: Meaning, *values: str) -> list[str | None]:
    """The first cleaned column of each value."""
    sql = cleaned([Column("v", meaning)])[0].sql
    rows = "".join(f" UNION ALL SELECT {place}, ?" for place in range(1, len(values)))
    with duckdb.connect() as connection:
        found = connection.execute(f'SELECT {sql} FROM (SELECT 0 AS place, ? AS "v"{rows}) ORDER BY place', list(values)).fetchall()
    return [row[0] for row in found]


@pytest.mark.parametrize(
    ("meaning", "values", "expected"),
    [
        (Meaning.SURNAME, ("Åberg", "AABERG", " Aaberg "), "aaberg"),
        (Meaning.SURNAME, ("Sørensen", "SOERENSEN", "Sörensen"), "soerensen"),
        (Meaning.SURNAME, ("Kjær-Møller", "kjaer moeller"), "kjaer moeller"),
        (Meaning.GIVEN_NAME, ("José", "jose"), "jose"),
        (Meaning.GIVEN_NAME, ("Олена", "ОЛЕНА"), "олена"),
        (Meaning.WHOLE_NAME, ("Hansen, Jens", "Jens Hansen"), "hansen jens"),
        (Meaning.ORGANISATION, ("Hansen Byg ApS", "HANSEN BYG A/S", "Byg Hansen I/S", "Hansen Byg"), "byg hansen"),
        (Meaning.ORGANISATION, ("ApS",), "aps"),
        (Meaning.DATE, ("2023-05-07", "7.5.2023", "07/05/2023", "07-05-2023", "20230507", "2023-05-07 00:00:00", "7/5/23"), "20230507"),
        (Meaning.DATE, ("1.2.90", "1990-02-01"), "19900201"),
        (Meaning.PHONE, ("98 12 34 56", "+45 98123456", "0045 9812 3456"), "98123456"),
        (Meaning.EMAIL, (" Post@Example.DK", "post@example.dk"), "post@example.dk"),
        (Meaning.IDENTIFIER, ("010190-1234", "0101901234", "101901234"), "101901234"),
        (Meaning.IDENTIFIER, ("DK 31 41 59 26", "31415926"), "31415926"),
        (Meaning.STREET, ("Vestergade 3, 1. tv", "VESTERGADE 3", "Vestergade 117B"), "vestergade"),
        (Meaning.STREET, ("12 Main Street",), "main street"),
        (Meaning.HOUSE_NUMBER, ("3 B", "3b", "03B"), "3b"),
        (Meaning.AREA, ("0851", "851"), "851"),
        (Meaning.POSTCODE, ("9000", " 9000 "), "9000"),
    ],
)
def test_written_differently_and_the_same(meaning: Meaning, values: tuple[str, ...], expected: str) -> None:
    assert clean(meaning, *values) == [expected] * len(values)


@pytest.mark.parametrize(
    ("meaning", "value"),
    [(Meaning.SURNAME, " - "), (Meaning.DATE, "unknown"), (Meaning.DATE, "1990"), (Meaning.PHONE, "112"), (Meaning.EMAIL, "none")],
)
def test_what_says_nothing_is_missing(meaning: Meaning, value: str) -> None:
    assert clean(meaning, value) == [None]


def test_the_number_of_a_house_is_found_in_its_address() -> None:
    columns = cleaned([Column("Adresse", Meaning.STREET)])
    assert [column.name for column in columns] == ["street_1", "house_number_1"]
    with duckdb.connect() as connection:
        row = connection.execute(f"SELECT {columns[1].sql} FROM (SELECT 'Boulevarden 13 b, 2. tv' AS \"Adresse\")").fetchall()
    assert row == [("13b",)]
