"""Handing in tables of companies and establishments in a test."""

from __future__ import annotations

import io
from collections.abc import Sequence

from indgang.foundation.imports.actions import apply_import
from indgang.foundation.imports.exports import export_table
from indgang.foundation.imports.kinds import Kind
from indgang.foundation.imports.models import Batch
from indgang.foundation.imports.reports import Report
from indgang.registers.parties.import_companies import COMPANIES
from indgang.registers.parties.models import Company, Establishment, Move
from indgang.registers.parties.tests.factories import operator

HEADER = "cvr,name,municipality,industry_code,industry_version,employees,founded,advertising_protected,email,phone,address,postcode,city\n"
FJORD = "30000005,Fjordens Bageri ApS,851,107120,DB07,12,2001-05-17,no,post@fjord.example,+4598112233,Havnegade 1,9000,Aalborg\n"
VVS = "30000013,A.P. VVS,825,432200,DB25,,,yes,,,,9940,Læsø\n"
PAIR = HEADER + FJORD + VVS


def apply(table: str | bytes, kind: Kind = COMPANIES) -> tuple[Batch | None, Report]:
    """Hand a table in."""
    content = table.encode() if isinstance(table, str) else table
    return apply_import(actor=operator(), kind=kind, stream=io.BytesIO(content), name="table.csv")


def done(table: str | bytes, kind: Kind = COMPANIES) -> Batch:
    """Hand in a table that is right."""
    batch, report = apply(table, kind)
    assert report.refused == []
    assert batch is not None
    return batch


def counts(table: str | bytes, kind: Kind = COMPANIES) -> tuple[int, int, int]:
    """How many records a table that is right creates, updates, and leaves as they are."""
    _batch, report = apply(table, kind)
    assert report.refused == []
    return report.created, report.updated, report.unchanged


def refused(table: str | bytes, kind: Kind = COMPANIES) -> list[tuple[int, str, str, str]]:
    """(row, column, value, message) of every trouble; nothing was written."""
    before = register()
    batch, report = apply(table, kind)
    assert batch is None
    assert register() == before
    return [(problem.row, problem.column, problem.value, problem.message) for problem in report.refused]


def register() -> list[list[tuple[object, ...]]]:
    """Everything that tables write, without the words that it is found by."""
    return [
        list(Company.objects.order_by("pk").values_list("pk", *(name for name in HEADER.strip().split(",")), "by_hand")),
        list(Establishment.objects.order_by("pk").values_list("pk", "p_number", "company", "name", "municipality")),
        list(Move.objects.order_by("pk").values_list("company", "municipality")),
    ]


def exported(kind: Kind = COMPANIES) -> str:
    """The whole table as it is handed out, lines as they are here."""
    stream = io.BytesIO()
    export_table(actor=operator(), kind=kind, form="csv", stream=stream)
    return stream.getvalue().decode("utf-8-sig").replace("\r\n", "\n")


def facts(cvr: str, *names: str) -> Sequence[object]:
    """How some facts of a company stand."""
    return Company.objects.values_list(*names).get(cvr=cvr)
