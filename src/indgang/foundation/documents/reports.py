"""Figures as files: an Excel workbook with native charts, and one CSV table of everything."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter
from django.utils import translation

from indgang.foundation.documents.sections import Section, Value, as_minutes
from indgang.foundation.measures.counting import Share

OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
FORMS = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


@dataclass(frozen=True)
class Report:
    """Figures of something: `kind` and `key` say of what ("house", "aalborg"), `heading` in words, `source` what the file says of itself.
    `summary` are its own figures (key, title, value), `sections` those of its parts."""

    kind: str
    key: str
    heading: str
    source: str
    summary: Sequence[tuple[str, str, Value]]
    sections: Sequence[Section]


class Exact(float):
    """A number that the workbook holds with all the digits that the CSV file has; by itself, the writer stops after sixteen."""

    def __format__(self, specification: str) -> str:
        return repr(float(self))


def plain(value: Value) -> float | int | None:
    """A value as a number: minutes, a share between 0 and 1."""
    if isinstance(value, Share):
        return value.value
    return value if isinstance(value, int) or value is None else as_minutes(value)


def as_csv(report: Report) -> bytes:
    """One row per figure: table, key, name, figure, value, and of a share its two counts; minutes with all decimals.

    UTF-8 with its mark, as Excel opens it in the country of the reader's language: in Danish semicolons and the decimal comma, else commas
    and the point.
    """
    text = io.StringIO(newline="")
    danish = translation.get_language() == "da"
    writer = csv.writer(text, delimiter=";" if danish else ",", lineterminator="\r\n")
    writer.writerow(["table", "key", "name", "figure", "value", "part", "whole"])
    for key, title, value in report.summary:
        writer.writerow([report.kind, key, report.key, title, *_cells(value, danish)])
    for section in report.sections:
        for line in section.lines:
            for column, value in zip(section.columns, line.values, strict=True):
                writer.writerow([section.key, line.key, line.name, column, *_cells(value, danish)])
    return text.getvalue().encode("utf-8-sig")


def _cells(value: Value, danish: bool) -> list[float | int | str]:
    number: float | int | str | None = plain(value)
    if danish and isinstance(number, float):
        number = repr(number).replace(".", ",")
    counts = [value.part, value.whole] if isinstance(value, Share) else ["", ""]
    return ["" if number is None else number, *counts]


def as_xlsx(report: Report) -> bytes:
    """A sheet for the whole and one per table, each with its charts as Excel draws them."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, OPTIONS)
    book.set_properties({"title": report.source})
    looks = {"bold": book.add_format({"bold": True, "text_wrap": True}), "count": book.add_format({"num_format": "#,##0"})}
    looks |= {"minutes": book.add_format({"num_format": "#,##0.0"}), "share": book.add_format({"num_format": "0 %"})}
    sheet = book.add_worksheet(report.heading[:31])
    sheet.set_column(0, 0, 50)
    sheet.write(0, 0, report.source, looks["bold"])
    for number, (_key, title, value) in enumerate(report.summary, start=2):
        sheet.write(number, 0, title)
        _write(sheet, number, 1, value, looks)
        if isinstance(value, Share):
            sheet.write_row(number, 2, [value.part, value.whole], looks["count"])
    _for_print(sheet, report)
    for section in report.sections:
        if section.lines:
            _write_section(book, section, report, looks)
    book.close()
    return stream.getvalue()


FILES = {"csv": as_csv, "xlsx": as_xlsx}


def _write_section(book: Any, section: Section, report: Report, looks: dict[str, Any]) -> None:
    name = section.title[:31]
    sheet = book.add_worksheet(name)
    sheet.set_column(0, 0, 36)
    sheet.set_column(1, len(section.columns), 16)
    sheet.write_row(0, 0, [section.heading, *section.columns], looks["bold"])
    sheet.freeze_panes(1, 1)
    for number, line in enumerate(section.lines, start=1):
        sheet.write(number, 0, line.name)
        for column, value in enumerate(line.values, start=1):
            _write(sheet, number, column, value, looks)
    for place, column in enumerate(section.charted):
        chart = book.add_chart({"type": "bar" if section.pictures and section.pictures[0].lying else "column"})
        last = len(section.lines)
        series = {"name": [name, 0, column + 1], "categories": [name, 1, 0, last, 0], "values": [name, 1, column + 1, last, column + 1]}
        chart.add_series({**series, "fill": {"color": "#0F4C5C"}, "data_labels": {"value": True}})
        if place < len(section.pictures):
            chart.set_title({"name": section.pictures[place].caption, "name_font": {"size": 11}})
        chart.set_legend({"none": True})
        if section.pictures and section.pictures[0].lying:
            chart.set_y_axis({"reverse": True})
        sheet.insert_chart(last + 2 + place * 16, 0, chart, {"x_scale": 1.5})
    _for_print(sheet, report)


def _for_print(sheet: Any, report: Report) -> None:
    sheet.set_paper(9)  # A4
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_footer(f"&L{report.source.replace('&', '&&')}&R&P/&N")


def _write(sheet: Any, row: int, column: int, value: Value, looks: dict[str, Any]) -> None:
    number = plain(value)
    look = "share" if isinstance(value, Share) else "count" if isinstance(value, int) else "minutes"
    if number is None:
        sheet.write_string(row, column, "")
    else:
        sheet.write_number(row, column, number if isinstance(number, int) else Exact(number), looks[look])
