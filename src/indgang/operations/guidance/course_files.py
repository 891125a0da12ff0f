"""A list of courses as a file, in the columns of the import."""

from __future__ import annotations

import csv
import io

import xlsxwriter

from indgang.foundation.access.actors import Actor
from indgang.foundation.imports.formulas import harmless
from indgang.foundation.journal.actions import record
from indgang.foundation.journal.models import Circle
from indgang.operations.guidance.import_columns import COURSE_COLUMNS
from indgang.operations.guidance.models import Course
from indgang.operations.guidance.queries.my_courses import Wanted, courses_listed
from indgang.registers.parties.permissions import teams_of

CONTENT_TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
BESIDE = ("company", "purpose", "result")  # for people; an import leaves them out
Cells = list[str | int]


def course_file(*, actor: Actor, wanted: Wanted, form: str) -> bytes:
    """The courses that the actor may see and asked for. That somebody took them out is written in the journal; where Early Warning may
    be among them, for the team alone."""
    courses = courses_listed(actor, wanted).select_related("company", "organisation", "establishment")
    rows = [_cells(course) for course in courses.iterator(chunk_size=1_000)]
    if actor.organisation:
        circle = Circle.TEAM if actor.organisation.pk in teams_of(actor) else Circle.ORGANISATION
        record(actor=actor, verb="course-list.exported", subject=actor.organisation, circle=circle, after={"format": form})
    names = [*(column.name for column in COURSE_COLUMNS), *BESIDE]
    return _csv(names, rows) if form == "csv" else _xlsx(names, rows)


def _cells(course: Course) -> Cells:
    own = {
        "cvr": course.company.cvr,
        "p_number": course.establishment.p_number if course.establishment else None,
        "organisation": course.organisation.key,
    }
    cells = [column.write(own[column.name] if column.name in own else getattr(course, column.name)) for column in COURSE_COLUMNS]
    return [*cells, course.company.name, course.purpose, course.result]


def _csv(names: list[str], rows: list[Cells]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([[harmless(cell) if isinstance(cell, str) else cell for cell in row] for row in rows])
    return text.getvalue().encode("utf-8-sig")  # with the mark by which Excel knows Danish letters


def _xlsx(names: list[str], rows: list[Cells]) -> bytes:
    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(stream, options)
    sheet = book.add_worksheet("courses")
    sheet.write_row(0, 0, names, book.add_format({"bold": True}))
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(names) - 1, 18)
    for number, row in enumerate(rows, start=1):
        sheet.write_row(number, 0, row)
    book.close()
    return stream.getvalue()
