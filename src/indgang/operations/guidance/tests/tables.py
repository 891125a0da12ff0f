"""Handing in tables of courses and deliveries in a test."""

from __future__ import annotations

import io

from indgang.foundation.access.actors import Actor, system
from indgang.foundation.identity.models import Organisation
from indgang.foundation.imports.actions import apply_import, preview_import
from indgang.foundation.imports.exports import export_table
from indgang.foundation.imports.kinds import Kind
from indgang.foundation.imports.models import Batch
from indgang.foundation.imports.reports import Report
from indgang.operations.guidance.imports import COURSES, DELIVERIES
from indgang.operations.guidance.models import Course, Delivery
from indgang.registers.parties.models import Tie

COLUMNS = "reference,cvr,p_number,organisation,category,fields,started,ended,hours,consultant\n"
ONE = "C-1,10000009,,erhvervshus-nordjylland,growth,finance|innovation,2024-03-05,2024-05-06,12.5,Anna Vester\n"
DELIVERY_COLUMNS = "reference,cvr,p_number,organisation,kind,topic,date\n"


def server(organisation: str | None = None) -> Actor:
    """Somebody on the command line, for the operator or for an organisation."""
    wanted = {"key": organisation} if organisation else {"is_operator": True}
    return system(Organisation.objects.get(**wanted))


def hand_in(text: str, actor: Actor | None = None, kind: Kind = COURSES) -> tuple[Batch | None, Report]:
    """Hand a table in."""
    return apply_import(actor=actor or server(), kind=kind, stream=io.BytesIO(text.encode()), name="table.csv")


def done(text: str, actor: Actor | None = None, kind: Kind = COURSES) -> Batch:
    """Hand in a table that is right and new."""
    batch, report = hand_in(text, actor, kind)
    assert report.refused == []
    assert batch is not None
    return batch


def refused(text: str, actor: Actor | None = None, kind: Kind = COURSES) -> list[tuple[int, str, str, str]]:
    """(row, column, value, message) of every trouble; nothing was written, and a preview says the same."""
    before = everything()
    batch, report = hand_in(text, actor, kind)
    assert batch is None
    assert everything() == before
    told = [(problem.row, problem.column, problem.value, problem.message) for problem in report.refused]
    seen = preview_import(actor=actor or server(), kind=kind, stream=io.BytesIO(text.encode())).refused
    assert [(problem.row, problem.column, problem.value, problem.message) for problem in seen] == told
    return told


def taken_out(actor: Actor | None = None, kind: Kind = COURSES, form: str = "csv") -> str:
    """The table as an export has it."""
    stream = io.BytesIO()
    export_table(actor=actor or server(), kind=kind, form=form, stream=stream)
    return stream.getvalue().decode()


def everything() -> list[list[dict[str, object]]]:
    """Every record, and what others know of them."""
    ties = Tie.objects.order_by("source").values(
        "source", "company", "organisation", "fields", "consultant", "started", "ended", "confidential"
    )
    return [list(Course.objects.order_by("pk").values()), list(Delivery.objects.order_by("pk").values()), list(ties)]


__all__ = ["COLUMNS", "COURSES", "DELIVERIES", "DELIVERY_COLUMNS", "ONE", "done", "everything", "hand_in", "refused", "server", "taken_out"]
