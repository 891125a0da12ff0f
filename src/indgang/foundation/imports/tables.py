"""Reading a table from a file that somebody handed in: CSV or Excel, whatever its encoding, separator and order of columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from django.utils.translation import gettext as _

from indgang.foundation.imports.columns import Cell, Column, as_text
from indgang.foundation.imports.csv_tables import csv_lines
from indgang.foundation.imports.reports import Problem, Unusable
from indgang.foundation.imports.xlsx_tables import MAX_COLUMNS, xlsx_lines

MAX_ROWS = 500_000
ZIP = b"PK\x03\x04"
OLD_EXCEL = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True)
class RawRow:
    """One row as it stands in the file: its number as a spreadsheet counts (the header is 1), and its filled cells by column.

    `extra` is the first filled cell beyond the header, "" as a rule.
    """

    number: int
    cells: dict[str, Cell]
    extra: str = ""


@dataclass(frozen=True)
class Table:
    """The rows, read as they are asked for, which columns the file has, and what there is to say about it."""

    rows: Iterator[RawRow]
    columns: frozenset[str]
    notices: list[str]


def read_table(stream: BinaryIO, columns: Sequence[Column]) -> Table:
    """The table in a file. Raises Unusable when the file as a whole cannot be used; reading on may raise it too."""
    start = stream.read(4)
    stream.seek(0)
    notices: list[str] = []
    if not start:
        raise Unusable(Problem(0, "", "", _("The file is empty.")))
    if start == OLD_EXCEL:
        raise Unusable(Problem(0, "", "", _("This is an old Excel file. Save it as .xlsx or as CSV.")))
    lines = xlsx_lines(stream, notices) if start == ZIP else csv_lines(stream, notices)
    numbered = enumerate(lines, start=1)
    header_number, header = next(((number, cells) for number, cells in numbered if _filled(cells)), (1, []))
    if not header:
        raise Unusable(Problem(1, "", "", _("The file has no header.")))
    places = _places(header_number, header, columns, notices)
    return Table(_rows(numbered, places, len(header)), frozenset(places.values()), notices)


def fold(header: str) -> str:
    """A header without case and without the difference between space, hyphen and underscore."""
    return re.sub(r"[\s_\-]+", "_", header.strip().strip("\ufeff")).casefold()


def _places(number: int, header: Sequence[Cell], columns: Sequence[Column], notices: list[str]) -> dict[int, str]:
    """Which place holds which column. Says which headers are not known; refuses two headers for one column and a missing key."""
    known = {fold(name): column.name for column in columns for name in (column.name, *column.also)}
    places: dict[int, str] = {}
    unknown: list[str] = []
    for place, cell in enumerate(header[:MAX_COLUMNS]):
        name = known.get(fold(as_text(cell)))
        if name in places.values():
            raise Unusable(Problem(number, str(name), as_text(cell), _("Two columns are headed %(column)s.") % {"column": name}))
        if name:
            places[place] = name
        elif as_text(cell):
            unknown.append(as_text(cell)[:60])
    for column in columns:
        if column.key and column.name not in places.values():
            message = _("The column %(column)s is missing. The file has: %(found)s.")
            found = ", ".join(as_text(cell)[:60] for cell in header[:MAX_COLUMNS] if as_text(cell))
            raise Unusable(Problem(number, column.name, "", message % {"column": column.name, "found": found}))
    if unknown:
        message = _("Not known and left out: %(columns)s. The known columns are: %(known)s.")
        notices.append(message % {"columns": ", ".join(unknown), "known": ", ".join(column.name for column in columns)})
    return places


def _rows(numbered: Iterator[tuple[int, Sequence[Cell]]], places: dict[int, str], width: int) -> Iterator[RawRow]:
    count = 0
    for number, cells in numbered:
        if not _filled(cells):
            continue
        count += 1
        if count > MAX_ROWS:
            raise Unusable(Problem(number, "", "", _("The file has more than %(limit)s rows. Divide it.") % {"limit": MAX_ROWS}))
        extra = next((as_text(cell)[:60] for cell in cells[width:] if as_text(cell)), "")
        yield RawRow(number, {name: cells[place] for place, name in places.items() if place < len(cells) and as_text(cells[place])}, extra)


def _filled(cells: Sequence[Cell]) -> bool:
    return any(as_text(cell) for cell in cells)
