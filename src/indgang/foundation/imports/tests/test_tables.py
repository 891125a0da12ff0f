"""Files as they are handed in: whatever their encoding, separator and order of columns, and broken in many ways."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indgang.foundation.imports import tables, xlsx_tables
from indgang.foundation.imports.columns import Cell
from indgang.foundation.imports.reports import Unusable
from indgang.foundation.imports.tables import read_table
from indgang.foundation.imports.tests.factories import COLUMNS, csv, xlsx

EXPECTED: list[tuple[int, dict[str, Cell]]] = [(2, {"code": "851", "name": "Aalborg"}), (3, {"code": "825", "name": "Læsø"})]


def read(stream: io.BytesIO) -> tuple[list[tuple[int, dict[str, Cell]]], list[str]]:
    table = read_table(stream, COLUMNS)
    return [(row.number, row.cells) for row in table.rows], table.notices


def refusal(stream: io.BytesIO) -> tuple[int, str, str]:
    with pytest.raises(Unusable) as caught:
        read(stream)
    return caught.value.problem.row, caught.value.problem.column, caught.value.problem.message


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_csv_of_every_usual_make(separator: str, encoding: str, newline: str) -> None:
    text = newline.join(["code;name", "851;Aalborg", "825;Læsø", ""]).replace(";", separator)

    assert read(csv(text, encoding)) == (EXPECTED, [])


@pytest.mark.parametrize("said", ["sep=;", "SEP=;", '"sep=;"', "\ufeffsep=;", "sep=;;"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_first_line_that_names_the_separator_is_followed_and_not_counted(said: str, newline: str) -> None:
    assert read(csv(newline.join([said, "code;name", "851;Aalborg", "825;Læsø", ""]))) == (EXPECTED, [])


def test_the_separator_that_is_named_counts_for_more_than_what_the_header_looks_like() -> None:
    assert read(csv("sep=|\ncode|name|a,b,c,d\n851|Aalborg|\n825|Læsø|\n"))[0] == EXPECTED
    assert refusal(csv("sep=;\n")) == (1, "", "The file has no header.")


@pytest.mark.parametrize(
    ("encoding", "notice"),
    [("cp1252", "The file is not in UTF-8; it was read as Windows-1252."), ("utf-16", "The file is in UTF-16.")],
)
def test_another_encoding_is_recognised_and_said(encoding: str, notice: str) -> None:
    assert read(csv("code;name\n851;Aalborg\n825;Læsø\n", encoding)) == (EXPECTED, [notice])


def test_headers_in_any_order_in_english_or_danish_in_any_case() -> None:
    rows, notices = read(csv("Engelsk navn,NAVN,Kode \nThe island,Læsø,825\n"))

    assert rows == [(2, {"english": "The island", "name": "Læsø", "code": "825"})]
    assert notices == []


def test_quotation_marks_separators_and_line_breaks_inside_cells() -> None:
    rows, _notices = read(csv('code;name;english\n825;"Læ;sø ""øen""";"two\nlines"\n851;Aalborg;\n'))

    assert rows == [(2, {"code": "825", "name": 'Læ;sø "øen"', "english": "two\nlines"}), (3, {"code": "851", "name": "Aalborg"})]


def test_rows_are_numbered_as_a_spreadsheet_does_and_empty_ones_left_out() -> None:
    rows, _notices = read(csv("\ncode;name\n\n851;Aalborg\n;\n825;Læsø\n"))

    assert [(number, cells["code"]) for number, cells in rows] == [(4, "851"), (6, "825")]


def test_unknown_columns_are_left_out_and_named() -> None:
    rows, notices = read(csv("code;mayor;name;\n851;N.N.;Aalborg;\n"))

    assert rows == [(2, {"code": "851", "name": "Aalborg"})]
    assert notices == ["Not known and left out: mayor. The known columns are: code, name, english, key."]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", (0, "", "The file is empty.")),
        ("\n ; \n", (1, "", "The file has no header.")),
        ("name;mayor\nAalborg;N.N.\n", (1, "code", "The column code is missing. The file has: name, mayor.")),
        ("code;name;navn\n", (1, "name", "Two columns are headed name.")),
        ("code;code\n", (1, "code", "Two columns are headed code.")),
        ("code\0;name\n", (0, "", "The file is neither CSV in UTF-8 or Windows-1252 nor Excel (.xlsx).")),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_the_reason(text: str, expected: tuple[int, str, str]) -> None:
    assert refusal(csv(text)) == expected


def test_a_missing_quotation_mark_names_the_row() -> None:
    row, _column, message = refusal(csv('code;name\n851;Aalborg\n825;"Læsø\n'))

    assert row == 3
    assert message.endswith("A quotation mark may be missing.")


def test_bytes_that_are_no_text_are_refused() -> None:
    assert refusal(io.BytesIO(b"\x81\x8d\xff\xfe\x00"))[2].startswith("The file is neither CSV")


def test_an_old_excel_file_is_recognised() -> None:
    assert refusal(io.BytesIO(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600))[2].startswith("This is an old Excel file.")


def test_too_many_rows_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MAX_ROWS", 2)

    assert refusal(csv("code\n851\n825\n860\n")) == (4, "", "The file has more than 2 rows. Divide it.")


class TestExcel:
    def test_cells_keep_their_kind(self) -> None:
        arrived, day = dt.datetime(2023, 5, 17, 13, 45), dt.date(2023, 5, 17)  # noqa: DTZ001
        rows, notices = read(xlsx(["Kode", "Navn", "english", "key"], [851, "Aalborg", arrived, 2.5], [], [825, "Læsø", day, True]))

        midnight = dt.datetime(2023, 5, 17)  # noqa: DTZ001
        assert rows == [
            (2, {"code": 851, "name": "Aalborg", "english": arrived, "key": 2.5}),
            (4, {"code": 825, "name": "Læsø", "english": midnight, "key": True}),
        ]
        assert notices == []

    def test_the_first_of_several_sheets_is_read_and_said(self) -> None:
        rows, notices = read(xlsx(["code"], [851], sheets=("Besøg", "Ark2")))

        assert rows == [(2, {"code": 851})]
        assert notices == ["The file has several sheets; the first, Besøg, was read."]

    def test_a_stated_size_that_is_wrong_cuts_nothing_off(self) -> None:
        stream = repacked(xlsx(["code", "name"], [851, "Aalborg"]), "xl/worksheets/sheet1.xml", b'ref="A1:B2"', b'ref="A1"')

        assert read(stream)[0] == [(2, {"code": 851, "name": "Aalborg"})]

    @pytest.mark.parametrize("rows", [[], [[]], [[None, " "]]])
    def test_an_empty_sheet_has_no_header(self, rows: list[list[Cell]]) -> None:
        assert refusal(xlsx(*rows))[2] == "The file has no header."

    def test_broken_files_are_refused(self) -> None:
        whole = xlsx(["code", "name"], *([number, "Aalborg"] for number in range(500))).getvalue()
        message = "The Excel file is broken or protected by a password and cannot be read."

        for broken in (whole[:1000], whole[: len(whole) // 2], b"PK\x03\x04", whole.replace(b"sheet1", b"sheet9")):
            assert refusal(io.BytesIO(broken)) == (0, "", message)
        assert refusal(repacked(io.BytesIO(whole), "xl/worksheets/sheet1.xml", b"</row>", b"</wor>", limit=1)) == (0, "", message)

    @given(st.binary(max_size=200))
    def test_whatever_follows_the_first_bytes_the_answer_is_a_refusal(self, rest: bytes) -> None:
        assert refusal(io.BytesIO(b"PK\x03\x04" + rest))[2]

    def test_a_small_file_that_unpacks_to_a_giant_is_refused_before_it_is_unpacked(self, tmp_path: Path) -> None:
        path = tmp_path / "bomb.xlsx"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as parts, parts.open("xl/worksheets/sheet1.xml", "w") as part:
            for _ in range(xlsx_tables.MAX_UNPACKED // 1_000_000 + 1):
                part.write(b" " * 1_000_000)

        assert path.stat().st_size < 1_000_000
        assert refusal(io.BytesIO(path.read_bytes()))[2] == "The Excel file unpacks to more than 200 MB. Divide it, or save it as CSV."

    def test_names_that_stand_for_names_without_end_are_refused(self) -> None:
        entities = (
            b'<!DOCTYPE x [<!ENTITY a "'
            + b"a" * 1000
            + b'">'
            + b"".join(b'<!ENTITY %c "%b">' % (letter, b"&%c;" % (letter - 1) * 20) for letter in range(98, 105))
        )
        stream = repacked(xlsx(["code"], [851]), "xl/worksheets/sheet1.xml", b"<worksheet", entities + b"]><worksheet", limit=1)
        stream = repacked(stream, "xl/worksheets/sheet1.xml", b"<v>851</v>", b"<v>&h;</v>", limit=1)

        assert refusal(stream)[2] == "The Excel file is broken or protected by a password and cannot be read."


def repacked(stream: io.BytesIO, name: str, old: bytes, new: bytes, limit: int = -1) -> io.BytesIO:
    """The same Excel file with a change in one of its parts."""
    changed = io.BytesIO()
    with zipfile.ZipFile(stream) as before, zipfile.ZipFile(changed, "w") as after:
        for part in before.namelist():
            content = before.read(part)
            assert part != name or old in content
            after.writestr(part, content.replace(old, new, limit) if part == name else content)
    changed.seek(0)
    return changed
