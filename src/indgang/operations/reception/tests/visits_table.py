"""Handing in a visits table in a test: two steps of one journey, and what became of a table."""

from __future__ import annotations

import io

from indgang.foundation.access.actors import Actor, system
from indgang.foundation.identity.models import Organisation
from indgang.foundation.imports.actions import apply_import
from indgang.foundation.imports.models import Batch
from indgang.foundation.imports.reports import Report
from indgang.operations.reception.imports import VISITS
from indgang.operations.reception.models import Journey, Visit

HEADER = "reference,house,service,municipality,citizenship,people,arrived,started,ended,outcome\n"
PAIR = (
    HEADER
    + "J-1,aalborg,siri-residence,851,DEU,2,2024-03-05 09:00,2024-03-05 09:10,2024-03-05 09:40,done\n"
    + "J-1,aalborg,cpr-registration,851,DEU,2,2024-03-05 09:40,2024-03-05 09:50,2024-03-05 10:10,documents-missing\n"
)


def operator() -> Actor:
    """The region's operator."""
    return system(Organisation.objects.get(is_operator=True))


def apply(text: str, actor: Actor | None = None) -> tuple[Batch | None, Report]:
    """Hand the table in."""
    return apply_import(actor=actor or operator(), kind=VISITS, stream=io.BytesIO(text.encode()), name="visits.csv")


def done(text: str) -> Batch:
    """Hand in a table that is right."""
    batch, report = apply(text)
    assert report.refused == []
    assert batch is not None
    return batch


def refused(text: str, actor: Actor | None = None) -> list[tuple[int, str, str]]:
    """(row, column, message) of every trouble; nothing was written."""
    before = (Journey.objects.count(), Visit.objects.count())
    batch, report = apply(text, actor)
    assert batch is None
    assert (Journey.objects.count(), Visit.objects.count()) == before
    return [(problem.row, problem.column, problem.message) for problem in report.refused]
