"""A table of words as a file: one CSV table, or one sheet of a workbook that prints well. What somebody wrote is never a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

import xlsxwriter
from django.utils import translation

from indgang.foundation.documents.reports import OPTIONS
from indgang.foundation.imports.formulas import harmless

WIDTHS = (12, 46)


@dataclass(frozen=True)
class Words:
    """What stands in the table: its heading, what the file says of itself (`source`), the titles of the columns, and the rows."""

    heading: str
    source: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


def as_csv(words: Words) -> bytes:
    """UTF-8 with its mark, as Excel opens it in the country of the reader's language: in Danish with semicolons, else with commas."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";" if translation.get_language() == "da" else ",", lineterminator="\r\n")
    writer.writerow(words.columns)
    writer.writerows([harmless(cell) for cell in row] for row in words.rows)
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(words: Words) -> bytes:
    """One sheet with its first line fixed; on paper the line stands on every page, with the source below."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, OPTIONS)
    book.set_properties({"title": words.source})
    sheet = book.add_worksheet(words.heading[:31])
    sheet.write_row(0, 0, words.columns, book.add_format({"bold": True, "bottom": 1}))
    wraps = book.add_format({"text_wrap": True, "valign": "top"})
    for number, row in enumerate(words.rows, start=1):
        sheet.write_row(number, 0, row, wraps)
    for column, title in enumerate(words.columns):
        longest = max([len(title), *(len(row[column]) for row in words.rows)])
        sheet.set_column(column, column, min(max(longest + 2, WIDTHS[0]), WIDTHS[1]))
    sheet.freeze_panes(1, 0)
    sheet.set_paper(9)  # A4
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_footer(f"&L{words.source.replace('&', '&&')}&R&P/&N")
    book.close()
    return stream.getvalue()


FILES = {"csv": as_csv, "xlsx": as_xlsx}
