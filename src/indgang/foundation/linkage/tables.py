"""`indgang linkage`: a file is read, its doubles found, and the same table written with what was found beside each row."""

from __future__ import annotations

import csv
import io
import os
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO

import xlsxwriter

from indgang.foundation.database.console import Refused
from indgang.foundation.imports.columns import Cell, as_text
from indgang.foundation.imports.csv_tables import csv_lines
from indgang.foundation.imports.reports import Unusable
from indgang.foundation.imports.tables import OLD_EXCEL, ZIP, fold
from indgang.foundation.imports.xlsx_tables import MAX_COLUMNS, xlsx_lines
from indgang.foundation.linkage.linking import Known, Linked, NothingToCompare, link
from indgang.foundation.linkage.rules.meanings import LOOKED_AT, Column, Meaning, recognised

CLUSTER, PROBABILITY, AGREED = RESULTS = ("cluster", "probability", "agreed")
SHEET_ROWS = 1_048_575
MEANINGS = ", ".join(sorted(Meaning))


@dataclass(frozen=True)
class Outcome:
    """What is told of a run."""

    linked: Linked
    columns: list[Column]
    one_to_one: bool
    notices: list[str]
    seconds: float


def link_file(path: Path, out: Path, stated: Mapping[str, Meaning]) -> Outcome:
    """Link the rows of one file into another, which is complete or not there. Raises Refused."""
    began = time.perf_counter()
    if out.exists() and path.exists() and out.samefile(path):
        raise Refused(f"--out: {out} is the file itself. Name another.")
    with _reading(path) as stream, _writing(out) as draft:
        table = Sheet(stream, path)
        columns = table.columns(stated)
        one_to_one = _is_between_two(table, columns, stated)
        if not one_to_one:
            columns = [column for column in columns if column.meaning is not Meaning.SOURCE]
        try:
            linked = link(table.headers, table.values(), columns, Known(clusters=table.clusters()))
        except NothingToCompare as error:
            raise Refused(_nothing(table)) from error
        write = _write_xlsx if out.suffix.lower() == ".xlsx" else _write_csv
        write(draft, [*table.shown, *RESULTS], _results(table, linked))
    return Outcome(linked, columns, one_to_one, table.notices, time.perf_counter() - began)


class Sheet:
    """The table in a file, read anew each time it is asked for its rows. Raises Refused for what cannot be used."""

    def __init__(self, stream: BinaryIO, path: Path) -> None:
        self.path, self.notices, self._stream = path, list[str](), stream
        self.start = stream.read(4)
        if not self.start:
            raise Refused(f"{path} is empty.")
        if self.start == OLD_EXCEL:
            raise Refused(f"{path} is an old Excel file. Save it as .xlsx or as CSV.")
        header = [as_text(cell).strip("\ufeff") for _number, cells in islice(self._lines(self.notices), 1) for cell in cells[:MAX_COLUMNS]]
        while header and not header[-1]:
            header.pop()
        if not header:
            raise Refused(f"{path} has no header.")
        twice = [name for name, count in Counter(fold(name) for name in header if name).items() if count > 1]
        if twice:
            both = [name for name in header if fold(name) == twice[0]]
            raise Refused(f"{path}, row 1: two columns are headed {' and '.join(both)}. Rename one of them.")
        self._cells = header
        self.last_run = set(RESULTS) <= set(header)
        if not self.last_run and (taken := set(RESULTS) & set(header)):
            raise Refused(f"{path}: the column {min(taken)} would be written, and is there already. Rename it.")
        self._kept = [place for place, name in enumerate(header) if not (self.last_run and name in RESULTS)]
        self.shown = [header[place] for place in self._kept]
        self.headers = [name or f"#{place + 1}" for place, name in zip(self._kept, self.shown, strict=True)]

    def _lines(self, notices: list[str]) -> Iterator[tuple[int, Sequence[Cell]]]:
        """The filled rows with their numbers, the header first."""
        self._stream.seek(0)
        lines = xlsx_lines(self._stream, notices) if self.start == ZIP else csv_lines(self._stream, notices)
        try:
            for number, cells in enumerate(lines, start=1):
                if any(as_text(cell) for cell in cells):
                    yield number, cells
        except Unusable as error:
            raise Refused(f"{self.path}: {error}") from error

    def _rows(self) -> Iterator[list[str]]:
        width = len(self._cells)
        row = None
        for row in islice(self._lines([]), 1, None):
            number, cells = row
            texts = [as_text(cell) for cell in cells]
            if any(texts[width:]):
                raise Refused(f"{self.path}, row {number}: there are more cells than headers.")
            yield texts[:width] + [""] * (width - len(texts))
        if row is None:
            raise Refused(f"{self.path} has a header and no rows.")

    def values(self) -> Iterator[list[str]]:
        """What stands in each row, without what an earlier run wrote."""
        return ([row[place] for place in self._kept] for row in self._rows())

    def columns(self, stated: Mapping[str, Meaning]) -> list[Column]:
        """What the columns mean."""
        known = {fold(header): header for header in self.headers}
        for header in stated:
            if fold(header) not in known:
                raise Refused(f"{self.path} has no column {header}. It has: {', '.join(self.headers)}.")
        some = list(islice(self.values(), LOOKED_AT))
        samples = {header: [row[place] for row in some] for place, header in enumerate(self.headers)}
        return recognised(self.headers, samples, {known[fold(header)]: meaning for header, meaning in stated.items()})

    def clusters(self) -> dict[str, list[int]]:
        """The clusters that an earlier run wrote, so that they keep their ids."""
        before: dict[str, list[int]] = {}
        if self.last_run:
            at = self._cells.index(CLUSTER)
            for place, row in enumerate(self._rows()):
                if row[at]:
                    before.setdefault(row[at], []).append(place)
        return before


def _is_between_two(table: Sheet, columns: Sequence[Column], stated: Mapping[str, Meaning]) -> bool:
    """Whether the records are of two sources, each of which has nobody twice. A source that was stated must be so."""
    sources = [column.header for column in columns if column.meaning is Meaning.SOURCE]
    if not sources:
        return False
    if len(sources) > 1:
        raise Refused(f"{table.path} has two columns of sources: {', '.join(sources)}. State one with --source.")
    place = table.headers.index(sources[0])
    found = sorted({row[place] for row in table.values()})
    if len(found) == 2 and all(found):
        return True
    seen = f"{len(found)} different values" + (", one of them empty" if "" in found else "")
    if Meaning.SOURCE in stated.values():
        raise Refused(f"{table.path}: one-to-one needs two sources, and {sources[0]} has {seen}.")
    table.notices.append(f"{sources[0]} has {seen}, not two sources: the table was searched as one.")
    return False


def _nothing(table: Sheet) -> str:
    columns = ", ".join(table.shown)
    return f"{table.path}: no column is known to compare. It has: {columns}. State one: --column HEADER=MEANING, with {MEANINGS}."


def _results(table: Sheet, linked: Linked) -> Iterator[list[str | float]]:
    for place, (row, cluster) in enumerate(zip(table.values(), linked.clusters, strict=True)):
        best = linked.strongest.get(place)
        yield [*row, cluster, best.probability if best else "", ", ".join(best.agreed) if best else ""]


@contextmanager
def _reading(path: Path) -> Iterator[BinaryIO]:
    try:
        stream = path.open("rb")
    except OSError as error:
        raise Refused(f"{path} cannot be read: {error.strerror}.") from error
    with stream:
        yield stream


@contextmanager
def _writing(out: Path) -> Iterator[BinaryIO]:
    """A draft beside the file, which takes its place when all is well. Whether it can be written is known before the work begins."""
    draft = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        if out.is_dir():
            raise IsADirectoryError(0, "it is a folder")
        with draft.open("wb") as stream:
            yield stream
        draft.replace(out)
    except OSError as error:
        raise Refused(f"{out} was not written: {error.strerror}.") from error
    finally:
        draft.unlink(missing_ok=True)


def _write_csv(stream: BinaryIO, header: Sequence[str], rows: Iterator[list[str | float]]) -> None:
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True)
    writer = csv.writer(text, lineterminator="\n")
    for row in chain([header], rows):
        writer.writerow(row)
    text.detach()


def _write_xlsx(stream: BinaryIO, header: Sequence[str], rows: Iterator[list[str | float]]) -> None:
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(stream, options)
    sheet = book.add_worksheet("linkage")
    sheet.write_row(0, 0, header, book.add_format({"bold": True}))
    sheet.freeze_panes(1, 0)
    for number, row in enumerate(rows, start=1):
        if number > SHEET_ROWS:
            raise Refused("A sheet of Excel has no room for so many rows. Name a .csv file in --out.")
        sheet.write_row(number, 0, row)
    book.close()
