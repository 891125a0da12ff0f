"""Tables out, in the columns of the import, one record at a time."""

from __future__ import annotations

import csv
import io
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from typing import BinaryIO

import xlsxwriter

from indgang.foundation.access.actors import Actor, require
from indgang.foundation.imports import permissions
from indgang.foundation.imports.formulas import harmless
from indgang.foundation.imports.kinds import Kind
from indgang.foundation.imports.queries import operator
from indgang.foundation.journal.actions import record
from indgang.foundation.journal.models import Circle

Cells = list[str | int]


def export_table(*, actor: Actor, kind: Kind, form: str, stream: BinaryIO) -> int:
    """Write everything of a kind that the actor may see; returns the number of records. `form` is csv, xlsx or json. Raises NotAllowed.

    CSV is UTF-8 with commas, where an apostrophe keeps a text from being a formula (`imports/formulas.py`); JSON is a list of objects
    with the same names. Times are ISO 8601 with offset. That somebody took the table out is written in the journal.
    """
    require(permissions.may_import, actor)
    owner = actor.organisation or operator()
    if owner is not None:
        verb = f"{kind.key}.exported"
        record(actor=actor, verb=verb, subject=owner, organisation=owner, circle=Circle.ORGANISATION, after={"format": form})
    return FORMS[form](kind, _rows(kind, actor), stream)


def _rows(kind: Kind, actor: Actor) -> Iterator[Cells]:
    for stored in kind.work(actor).everything():
        yield [column.write(stored.values.get(column.name), stored.zone) for column in kind.columns]


def _names(kind: Kind) -> list[str]:
    return [column.name for column in kind.columns]


def _write_csv(kind: Kind, rows: Iterator[Cells], stream: BinaryIO) -> int:
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True)
    try:
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(_names(kind))
        count = 0
        for row in rows:
            writer.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in row])
            count += 1
        return count
    finally:
        text.detach()


def _write_json(kind: Kind, rows: Iterator[Cells], stream: BinaryIO) -> int:
    names, count = _names(kind), 0
    stream.write(b"[")
    for row in rows:
        stream.write((b",\n" if count else b"\n") + json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False).encode())
        count += 1
    stream.write(b"\n]\n")
    return count


def _write_xlsx(kind: Kind, rows: Iterator[Cells], stream: BinaryIO) -> int:
    """Row by row into a temporary file: neither the sheet nor the packed file is kept in memory."""
    with tempfile.TemporaryFile() as packed:
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        book = xlsxwriter.Workbook(packed, options)
        sheet = book.add_worksheet(kind.key)
        sheet.write_row(0, 0, _names(kind), book.add_format({"bold": True}))
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(kind.columns) - 1, 18)
        count = 0
        for count, row in enumerate(rows, start=1):
            sheet.write_row(count, 0, row)
        book.close()
        packed.seek(0)
        shutil.copyfileobj(packed, stream)
    return count


FORMS: dict[str, Callable[[Kind, Iterator[Cells], BinaryIO], int]] = {"csv": _write_csv, "json": _write_json, "xlsx": _write_xlsx}
