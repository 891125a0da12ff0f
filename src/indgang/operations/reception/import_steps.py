"""A step as a row of the visits table, and as the database keeps it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from indgang.foundation.imports.kinds import Values
from indgang.operations.reception.models import Visit
from indgang.operations.reception.rules.imported import Times, status_of, word_of


def steps_of(references: Iterable[str]) -> QuerySet[Visit, tuple[Any, ...]]:
    """The steps of these journeys, as plain rows: there may be many."""
    fields = (
        "journey__reference",
        "service__key",
        "status",
        "pk",
        "from_table",
        "called_at",  # not a column: when a desk here called the party
        "people",
        "arrived_at",
        "started_at",
        "ended_at",
        "outcome",
    )
    return Visit.objects.filter(journey__reference__in=references).values_list(*fields)


def visit_values(reference: str, service: str, status: str, people: int, *rest: Any) -> Values:
    """A step as a row of the table; `rest` is its three times and its outcome."""
    arrived, started, ended, outcome = rest
    own = {"people": people, "arrived": arrived, "started": started, "ended": ended, "outcome": word_of(status, outcome) or None}
    return {"reference": reference, "service": service, **own}


def columns_of(values: Values) -> dict[str, Any]:
    """The step's own columns in the database."""
    status, outcome = status_of(values["outcome"] or "", Times(values["arrived"], values["started"], values["ended"]))
    return {
        "people": values["people"],
        "status": status,
        "arrived_at": values["arrived"],
        "started_at": values["started"],
        "ended_at": values["ended"],
        "outcome": outcome,
    }
