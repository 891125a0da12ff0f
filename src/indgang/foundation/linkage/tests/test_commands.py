"""`indgang linkage`, as a person with a table uses it. No database is there."""

from __future__ import annotations

import argparse
import csv
import json
from pathlib import Path

import openpyxl
import pytest

from indgang.foundation.database.console import Refused, notice
from indgang.foundation.linkage import commands

TABLE = """Nr.;Fornavn;Efternavn;Adresse;Postnr.;By;Fødselsdato;Bemærkning
1;Anna;Østergaard;Vestergade 3;9000;Aalborg;1.2.1990;ringer
2;Piotr;Kowalski;Havnegade 9;9800;Hjørring;7.7.1977;
3;Anna;Østergård;Vestergade 3, 1. tv;9000;Aalborg;1990-02-01;
"""


def indgang(*words: str | Path) -> int:
    parser = argparse.ArgumentParser(prog="indgang")
    commands.add_commands(parser.add_subparsers())
    try:
        options = parser.parse_args(["linkage", *map(str, words)])
        options.run(options)
    except Refused as refusal:
        notice(str(refusal))
        return 1
    except SystemExit as ending:
        return int(str(ending.code or 0))
    return 0


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    path.write_text(TABLE)
    return path


def rows(path: Path) -> list[list[str]]:
    with path.open(newline="") as stream:
        return list(csv.reader(stream))


def test_the_same_table_with_what_was_found_beside_each_row(table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert indgang(table, "--out", tmp_path / "out.csv") == 0
    header, *found = rows(tmp_path / "out.csv")
    assert header == [*TABLE.splitlines()[0].split(";"), "cluster", "probability", "agreed"]
    assert [row[:8] for row in found] == [line.split(";") for line in TABLE.splitlines()[1:]]
    assert found[0][8] == found[2][8] != found[1][8]
    assert found[0][9] == found[2][9] > "0.9"
    assert found[0][10] == "Fornavn, Efternavn, Adresse, Postnr., By, Fødselsdato"
    assert found[1][9:] == ["", ""]
    assert capsys.readouterr().out == "3 records, 2 clusters; 2 records have a double\n"


def test_json_is_one_object(table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert indgang(table, "--out", tmp_path / "out.csv", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told.pop("seconds") > 0
    assert told == {
        "records": 3,
        "clusters": 2,
        "with_double": 2,
        "one_to_one": False,
        "columns": {
            "Fornavn": "given-name",
            "Efternavn": "surname",
            "Adresse": "street",
            "Postnr.": "postcode",
            "By": "city",
            "Fødselsdato": "date",
        },
    }


def test_excel_in_and_out(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for line in TABLE.splitlines():
        book.active.append(line.split(";"))
    book.save(tmp_path / "people.xlsx")
    assert indgang(tmp_path / "people.xlsx", "--out", tmp_path / "out.xlsx") == 0
    found = list(openpyxl.load_workbook(tmp_path / "out.xlsx").active.iter_rows(values_only=True))
    assert found[0][8:] == ("cluster", "probability", "agreed")
    assert found[1][8] == found[3][8] != found[2][8]


def test_windows_letters_are_read_and_said(table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table.write_bytes(TABLE.encode("cp1252"))
    assert indgang(table, "--out", tmp_path / "out.csv") == 0
    assert rows(tmp_path / "out.csv")[1][2] == "Østergaard"
    assert "Windows-1252" in capsys.readouterr().err


def test_a_second_run_on_its_own_table_keeps_the_ids(table: Path, tmp_path: Path) -> None:
    assert indgang(table, "--out", tmp_path / "first.csv") == 0
    header, *found = rows(tmp_path / "first.csv")
    with (tmp_path / "first.csv").open("a") as stream:
        stream.write("4,Anna,Østergaard,Vestergade 3,9000,Aalborg,01.02.1990,,,,\n")
    assert indgang(tmp_path / "first.csv", "--out", tmp_path / "second.csv") == 0
    again_header, *again = rows(tmp_path / "second.csv")
    assert again_header == header
    assert [row[8] for row in again] == [*(row[8] for row in found), found[0][8]]


def test_a_column_is_what_one_says_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "t.csv").write_text("x,y,z\nAnna,Lund,19900201\nAnna,Lund,19900201\n")
    words = ["--column", "x=given-name", "--column", "y=surname", "--column", "Z=date"]
    assert indgang(tmp_path / "t.csv", "--out", tmp_path / "out.csv", "--json", *words) == 0
    assert json.loads(capsys.readouterr().out)["with_double"] == 2


def test_two_sources_are_one_to_one(table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = TABLE.splitlines()
    table.write_text("\n".join([lines[0] + ";hus", lines[1] + ";A", lines[2] + ";B", lines[3] + ";B"]))
    assert indgang(table, "--out", tmp_path / "out.csv", "--source", "hus", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["one_to_one"], told["clusters"]) == (True, 2)


def test_a_source_column_with_another_number_of_sources_is_said(table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = TABLE.splitlines()
    table.write_text("\n".join([lines[0] + ";kilde", *(f"{line};{number}" for number, line in enumerate(lines[1:]))]))
    assert indgang(table, "--out", tmp_path / "out.csv") == 0
    assert "kilde has 3 different values, not two sources: the table was searched as one." in capsys.readouterr().err
    assert indgang(table, "--out", tmp_path / "again.csv", "--source", "kilde") == 1
    assert "one-to-one needs two sources, and kilde has 3 different values." in capsys.readouterr().err


BROKEN = b"PK\x03\x04 and then nothing of the kind"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty."),
        (b"\n\n", "has no header."),
        (b"Fornavn;Efternavn\n", "has a header and no rows."),
        (b"Navn;navn\nA;B\n", "row 1: two columns are headed Navn and navn. Rename one of them."),
        (b"colour,size\nblue,3\n", "no column is known to compare. It has: colour, size."),
        (b"Fornavn,Efternavn\nA,B,C\n", "row 2: there are more cells than headers."),
        (b"Fornavn,cluster\nA,B\n", "the column cluster would be written, and is there already. Rename it."),
        (BROKEN, "The Excel file is broken or protected by a password and cannot be read."),
        (b"\xd0\xcf\x11\xe0 old", "is an old Excel file. Save it as .xlsx or as CSV."),
        (b'Fornavn,Efternavn\n"A,B\n', "A quotation mark may be missing."),
    ],
    ids=["empty", "blank", "no rows", "twice", "nothing known", "wide", "taken", "broken", "old", "quotation"],
)
def test_what_cannot_be_used_is_refused_and_nothing_written(
    content: bytes, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "t.csv").write_bytes(content)
    assert indgang(tmp_path / "t.csv", "--out", tmp_path / "out.csv") == 1
    told = capsys.readouterr()
    assert (message in told.err, told.out) == (True, "")
    assert [path.name for path in tmp_path.iterdir()] == ["t.csv"]


def test_what_is_asked_for_wrongly_is_told(table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out.csv"
    assert indgang(table, "--out", out, "--column", "Alder=date") == 1
    assert "has no column Alder. It has: Nr., Fornavn," in capsys.readouterr().err
    assert indgang(table, "--out", out, "--column", "Fornavn=colour") == 2
    assert "“Fornavn=colour” is no HEADER=MEANING" in capsys.readouterr().err
    assert indgang(table) == 2
    assert indgang(tmp_path / "nowhere.csv", "--out", out) == 1
    assert "nowhere.csv cannot be read: No such file or directory." in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["people.csv"]


def test_where_it_cannot_be_written_is_told_before_the_work(table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert indgang(table, "--out", tmp_path / "no" / "out.csv") == 1
    assert "out.csv was not written: No such file or directory." in capsys.readouterr().err
    assert indgang(table, "--out", tmp_path) == 1
    assert "it is a folder" in capsys.readouterr().err
    assert indgang(table, "--out", table) == 1
    assert "is the file itself" in capsys.readouterr().err
    assert table.read_text() == TABLE
    assert [path.name for path in tmp_path.iterdir()] == ["people.csv"]
