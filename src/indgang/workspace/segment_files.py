"""A list of companies as a file: everybody in it, or those one may send newsletters and invitations to."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

import xlsxwriter
from django.db import transaction
from django.db.models import QuerySet

from indgang.foundation.access.actors import Actor, require
from indgang.foundation.documents.reports import OPTIONS
from indgang.foundation.imports.formulas import harmless
from indgang.foundation.journal.actions import record
from indgang.foundation.journal.models import Circle
from indgang.registers.parties.import_columns import COMPANY_COLUMNS
from indgang.registers.parties.models import Company
from indgang.registers.parties.permissions import serve_companies
from indgang.registers.parties.rules.segments import Criteria

COLUMNS = tuple(column.name for column in COMPANY_COLUMNS)
READ = tuple("municipality__code" if name == "municipality" else name for name in COLUMNS)
Row = Sequence[str | int]


@transaction.atomic
def file_of(*, actor: Actor, companies: QuerySet[Company], criteria: Criteria, form: str, marketing: bool) -> bytes:
    """The companies in the columns of the import, `form` csv or xlsx. That somebody took them out is written in the journal."""
    require(serve_companies, actor)
    assert actor.organisation is not None
    after = {"criteria": criteria.kept(), "marketing": marketing, "format": form}
    record(
        actor=actor,
        verb="companies.exported",
        subject=actor.organisation,
        organisation=actor.organisation,
        circle=Circle.ORGANISATION,
        after=after,
    )
    return FORMS[form](_rows(companies))


def _rows(companies: QuerySet[Company]) -> Iterator[Row]:
    for values in companies.order_by("name", "pk").values_list(*READ).iterator(chunk_size=2_000):
        yield [_cell(value) for value in values]


def _cell(value: object) -> str | int:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, int) else harmless(str(value))


def _csv(rows: Iterable[Row]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def _xlsx(rows: Iterable[Row]) -> bytes:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {**OPTIONS, "constant_memory": True})
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, COLUMNS, book.add_format({"bold": True}))
    for number, row in enumerate(rows, start=1):
        sheet.write_row(number, 0, row)
    book.close()
    return stream.getvalue()


FORMS = {"csv": _csv, "xlsx": _xlsx}
