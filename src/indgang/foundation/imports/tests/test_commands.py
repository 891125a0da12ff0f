"""`indgang import` and `indgang export`, as scripts use them."""

from __future__ import annotations

import argparse
import csv as python_csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from indgang.foundation.access.actors import ANONYMOUS, NotAllowed
from indgang.foundation.database.console import Refused, notice
from indgang.foundation.imports import commands
from indgang.foundation.imports.exports import FORMS, export_table
from indgang.foundation.imports.formulas import harmless
from indgang.foundation.imports.kinds import KINDS, register
from indgang.foundation.imports.models import Batch
from indgang.foundation.imports.tests.factories import MUNICIPALITIES
from indgang.foundation.journal.models import Entry
from indgang.foundation.journal.tests import factories
from indgang.foundation.places.models import Municipality

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def table(settings: Any, tmp_path: Path) -> Iterator[Path]:
    settings.HOME = tmp_path
    factories.organisation(is_operator=True)
    known = dict(KINDS)
    KINDS.clear()
    register(MUNICIPALITIES)
    path = tmp_path / "table.csv"
    path.write_text("code;name;mayor\n851;Aalborg;\n825;Læsø;N.N.\n")
    yield path
    KINDS.clear()
    KINDS.update(known)


def indgang(*words: str | Path) -> int:
    parser = argparse.ArgumentParser(prog="indgang")
    commands.add_commands(parser.add_subparsers())
    try:
        options = parser.parse_args([str(word) for word in words])
        options.run(options)
    except Refused as refusal:
        notice(str(refusal))
        return 1
    except SystemExit as ending:
        return int(ending.code or 0)
    return 0


def test_an_import_says_what_it_did(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert indgang("import", "municipalities", table) == 0

    output = capsys.readouterr()
    assert output.out == "2 created, 0 updated, 0 unchanged\n"
    assert output.err == "Not known and left out: mayor. The known columns are: code, name, english, key.\n"
    batch = Batch.objects.get()
    assert batch.organisation is not None
    assert batch.organisation.is_operator


def test_json_is_one_object_and_notices_go_elsewhere(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert indgang("import", "municipalities", table, "--json") == 0

    output = capsys.readouterr()
    assert json.loads(output.out) == {"created": 2, "updated": 0, "unchanged": 0, "refused": []}
    assert "mayor" in output.err


def test_a_dry_run_writes_nothing(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert indgang("import", "municipalities", table, "--dry-run") == 0

    assert capsys.readouterr().out == "2 would be created, 0 would be updated, 0 unchanged\n"
    assert not Municipality.objects.exists()


@pytest.mark.parametrize("dry", [(), ("--dry-run",)])
def test_a_refused_row_exits_with_1_and_says_where_and_why(table: Path, dry: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    table.write_text("code;name\n851;Aalborg\n85;Læsø\n")

    assert indgang("import", "municipalities", table, *dry) == 1
    output = capsys.readouterr()
    assert output.out == ""
    message = "Row 3, code “85”: Write a whole number from 100 to 999.\ntable.csv was refused: 1 row. Nothing was written.\n"
    assert output.err == message
    assert not Municipality.objects.exists()


def test_a_refused_file_is_one_object_too(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table.write_text("name\nAalborg\n")

    assert indgang("import", "municipalities", table, "--json") == 1
    message = "The column code is missing. The file has: name."
    refused = [{"row": 1, "column": "code", "value": "", "message": message}]
    assert json.loads(capsys.readouterr().out) == {"created": 0, "updated": 0, "unchanged": 0, "refused": refused}


def test_many_refused_rows_are_counted_rather_than_listed(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table.write_text("code;name\n" + "x;Nowhere\n" * 25)

    assert indgang("import", "municipalities", table) == 1
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 22
    assert lines[-2:] == ["... and 5 more.", "table.csv was refused: 25 rows. Nothing was written."]


def test_a_file_that_is_not_there_or_too_large_is_refused(
    table: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert indgang("import", "municipalities", table.with_name("other.csv")) == 1
    assert "cannot be read: No such file or directory." in capsys.readouterr().err
    assert indgang("import", "municipalities", table.parent) == 1
    monkeypatch.setattr(commands, "MAX_BYTES", 10)
    capsys.readouterr()
    assert indgang("import", "municipalities", table, "--json") == 1
    assert "table.csv is too large" in json.loads(capsys.readouterr().out)["refused"][0]["message"]


def test_an_unknown_kind_is_wrong_usage_and_an_unknown_organisation_is_refused_and_the_known_ones_are_listed(
    table: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = factories.organisation()

    assert indgang("import", "visitors", table) == 2
    assert "municipalities" in capsys.readouterr().err
    assert indgang("export", "visitors") == 2
    assert indgang("import", "municipalities", table, "--as", "nobody") == 1
    told = capsys.readouterr()
    assert told.err.splitlines()[-1].startswith("--as: there is no organisation “nobody”. There are ")
    assert other.key in told.err
    assert (told.out, Batch.objects.count()) == ("", 0)


def test_as_names_who_acts(table: Path) -> None:
    other = factories.organisation()

    assert indgang("import", "municipalities", table, "--as", other.key) == 0
    assert Batch.objects.get().organisation == other
    assert Entry.objects.get(verb="batch.imported").organisation == other


EXPORTED = [{"code": 825, "name": "Læsø", "english": "", "key": ""}, {"code": 851, "name": "=Aalborg", "english": "", "key": ""}]


class TestExport:
    @pytest.fixture(autouse=True)
    def stored(self, table: Path) -> None:
        indgang("import", "municipalities", table)
        Municipality.objects.filter(code="851").update(title_da="=Aalborg")

    def test_json_and_csv_have_the_imports_columns(self, tmp_path: Path) -> None:
        assert indgang("export", "municipalities", "--format", "json", "--out", tmp_path / "out.json") == 0
        assert indgang("export", "municipalities", "--out", tmp_path / "out.csv") == 0

        assert json.loads((tmp_path / "out.json").read_text()) == EXPORTED
        with (tmp_path / "out.csv").open(newline="") as stream:
            expected = [{name: harmless(str(value)) for name, value in row.items()} for row in EXPORTED]
            assert list(python_csv.DictReader(stream)) == expected
            assert expected[1]["name"] == "'=Aalborg"

    def test_excel_takes_no_text_for_a_formula(self, tmp_path: Path) -> None:
        assert indgang("export", "municipalities", "--format", "xlsx", "--out", tmp_path / "out.xlsx") == 0

        sheet = openpyxl.load_workbook(tmp_path / "out.xlsx").active
        rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
        assert rows == [["code", "name", "english", "key"], [825, "Læsø", None, None], [851, "=Aalborg", None, None]]
        assert sheet["B3"].data_type == "s"

    def test_standard_output_is_the_table_and_nothing_else(self, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
        assert indgang("export", "municipalities") == 0

        output = capfdbinary.readouterr()
        assert output.out.decode() == "code,name,english,key\n825,Læsø,,\n851,'=Aalborg,,\n"
        assert output.err == b""

    @pytest.mark.parametrize("form", ["csv", "xlsx"])
    def test_what_was_exported_is_imported_unchanged(self, form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        out = tmp_path / f"out.{form}"
        indgang("export", "municipalities", "--format", form, "--out", out)
        capsys.readouterr()

        assert indgang("import", "municipalities", out) == 0
        assert capsys.readouterr().out == "0 created, 0 updated, 2 unchanged\n"

    def test_a_place_that_cannot_be_written_is_refused_and_nothing_half_is_left(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert indgang("export", "municipalities", "--out", tmp_path / "no" / "out.csv") == 1
        assert "was not written: No such file or directory." in capsys.readouterr().err
        assert indgang("export", "municipalities", "--out", tmp_path) == 1
        assert not list(tmp_path.parent.glob(f".{tmp_path.name}*"))

    def test_taking_a_table_out_is_written_in_the_journal(self, tmp_path: Path) -> None:
        indgang("export", "municipalities", "--out", tmp_path / "out.csv")

        entry = Entry.objects.get(verb="municipalities.exported")
        assert (entry.actor_kind, entry.after) == ("system", {"format": "csv"})

    @pytest.mark.parametrize("form", sorted(FORMS))
    def test_an_empty_table_is_still_a_table(self, form: str) -> None:
        Municipality.objects.all().delete()
        member = factories.member(factories.organisation(is_operator=True), "leader")
        stream = io.BytesIO()

        assert export_table(actor=member, kind=MUNICIPALITIES, form=form, stream=stream) == 0
        assert stream.getvalue()

    def test_outsiders_take_nothing_out(self) -> None:
        stream = io.BytesIO()

        with pytest.raises(NotAllowed):
            export_table(actor=ANONYMOUS, kind=MUNICIPALITIES, form="csv", stream=stream)
        assert stream.getvalue() == b""
