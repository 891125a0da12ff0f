"""Rows of an Excel file, read without keeping the sheet in memory."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO
from xml.etree.ElementTree import ParseError

import openpyxl
from django.utils.translation import gettext as _
from openpyxl.utils.exceptions import InvalidFileException

from indgang.foundation.imports.columns import Cell
from indgang.foundation.imports.reports import Problem, Unusable

MAX_UNPACKED = 200_000_000
MAX_PARTS = 2_000
MAX_COLUMNS = 200

# What openpyxl and the libraries under it raise for files that are broken in one way or another.
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    InvalidFileException,
    ParseError,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    EOFError,
    OSError,
    OverflowError,
    NotImplementedError,
    RuntimeError,
)


def xlsx_lines(stream: BinaryIO, notices: list[str]) -> Iterator[Sequence[Cell]]:
    """The cells of each row of the first sheet. Raises Unusable, also while reading on."""
    sheet: Any
    try:
        _refuse_bombs(stream)
        book = openpyxl.load_workbook(stream, read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        if len(book.worksheets) > 1:
            notices.append(_("The file has several sheets; the first, %(sheet)s, was read.") % {"sheet": sheet.title})
        sheet.reset_dimensions()  # some programs write a wrong size, which would cut the sheet short
        yield from sheet.iter_rows(values_only=True, max_col=MAX_COLUMNS)
    except BROKEN as error:
        raise Unusable(Problem(0, "", "", _("The Excel file is broken or protected by a password and cannot be read."))) from error


def _refuse_bombs(stream: BinaryIO) -> None:
    """A small file may unpack to a giant one; the unpacker never gives more than the sizes stated here."""
    with zipfile.ZipFile(stream) as parts:
        sizes = [part.file_size for part in parts.infolist()]
    stream.seek(0)
    if len(sizes) > MAX_PARTS or sum(sizes) > MAX_UNPACKED:
        message = _("The Excel file unpacks to more than %(limit)s MB. Divide it, or save it as CSV.")
        raise Unusable(Problem(0, "", "", message % {"limit": MAX_UNPACKED // 1_000_000}))
