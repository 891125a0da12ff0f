"""Lines of a CSV file: UTF-8 or Windows-1252, separated by semicolon, comma or tab, or by what its first line says (`sep=;`)."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import BinaryIO

from django.utils.translation import gettext as _

from indgang.foundation.imports.reports import Problem, Unusable

SEPARATORS = ";,\t"
SAID = re.compile(r"""\ufeff?"?sep=([^"\r\n])"?[;,\t]*\s*""", re.IGNORECASE)  # a line for Excel, which does not show or count it
CHUNK = 1_000_000


def csv_lines(stream: BinaryIO, notices: list[str]) -> Iterator[list[str]]:
    """The cells of each line. Raises Unusable, also while reading on."""
    text = io.TextIOWrapper(stream, encoding=_encoding(stream, notices), newline="")
    number = 0
    try:
        first = next((line for line in iter(lambda: text.readline(CHUNK), "") if line.strip()), "")
        said = SAID.fullmatch(first)
        if not said:
            text.seek(0)
        for cells in csv.reader(text, delimiter=said[1] if said else _separator(first), strict=True):
            number += 1
            yield cells
    except csv.Error as error:
        message = _("The row cannot be read: %(reason)s. A quotation mark may be missing.") % {"reason": str(error)}
        raise Unusable(Problem(number + 1, "", "", message)) from error
    finally:
        with suppress(ValueError):  # the stream is the caller's to close, and may be closed already
            text.detach()


def _encoding(stream: BinaryIO, notices: list[str]) -> str:
    """The file's encoding, after a look at every byte."""
    start = stream.read(4)
    stream.seek(0)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and _decodes(stream, "utf-16"):
        notices.append(_("The file is in UTF-16."))
        return "utf-16"
    if _decodes(stream, "utf-8-sig"):
        return "utf-8-sig"
    if _decodes(stream, "cp1252"):
        notices.append(_("The file is not in UTF-8; it was read as Windows-1252."))
        return "cp1252"
    raise Unusable(Problem(0, "", "", _("The file is neither CSV in UTF-8 or Windows-1252 nor Excel (.xlsx).")))


def _decodes(stream: BinaryIO, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while chunk := stream.read(CHUNK):
            if "\0" in decoder.decode(chunk):
                return False
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    finally:
        stream.seek(0)
    return True


def _separator(header: str) -> str:
    """The separator that makes most cells of the header, those in quotation marks aside."""
    outside = "".join(header.split('"')[::2])
    return max(SEPARATORS, key=outside.count)
