"""What the rows behind a figure show: what each of them counts, and how the figure is made of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _

from indgang.foundation.documents.sections import in_minutes
from indgang.foundation.measures.declared import Scope
from indgang.foundation.ui.tables import Column, Table
from indgang.foundation.ui.words import short_day
from indgang.operations.reception.models import Turn
from indgang.operations.reception.queries.evidence import Evidence

LENGTHS = ("waiting", "walking", "service-time")


def how_made(kind: str, measure: str, part: str) -> str:
    """How the figure comes from its rows, in a sentence."""
    if kind == "citizens":
        return _("Each row is the step with which people count for their day. The column “Citizens” adds up to the number of citizens.")
    if kind == "stays":
        return _("Each row is a party on a day. The times say what half of the rows, and nine in ten, do not exceed.")
    if kind == "parties":
        return _("Each row is a party that had booked, on a day. The figure is the share of those that did not come.")
    if kind == "unknown":
        return _("Each row is a party that had booked, on a day, and nobody noted whether it came.")
    if kind == "unserved":
        return _("Each row is a step of a party that was in the house when it closed.")
    if measure in LENGTHS:
        return _("Each row is a step of which this time is known. The times say what half of the rows, and nine in ten, do not exceed.")
    if part == "desk":
        return _("Each row is a step that ended at the desk. Their minutes at the desk are added up, and told in whole minutes.")
    if part:
        return _("Each row is a step that ended. The times say what half of the rows with that time, and nine in ten, do not exceed.")
    return _("Each row is a step that ended.")


def rows_table(scope: Scope, evidence: Evidence, turns: Sequence[Turn]) -> Table:
    """Some of the rows, each with what it counts."""
    cells = _Cells(scope.house.zone, evidence.counted)
    return Table(
        columns=[
            Column("reference", _("Reference"), lambda turn: turn.journey.reference),
            Column("day", _("Day"), cells.day),
            *_columns(evidence.kind, cells),
        ],
        rows=turns,
        caption=_("Rows"),
        link=lambda turn: reverse("reception:journey", args=[turn.journey.reference]),
        empty=_("There is no row here that you may open."),
        name="steps",
    )


@dataclass(frozen=True)
class _Cells:
    """What stands in a row: times of the house, and what the row counts."""

    zone: ZoneInfo
    counted: Mapping[int, tuple[Any, ...]]

    def clock(self, at: dt.datetime | None) -> str:
        return at.astimezone(self.zone).strftime("%H.%M") if at else "-"

    def day(self, turn: Turn) -> str:
        at = turn.ended_at or turn.booked_for
        return short_day(at, self.zone) if at else "-"

    def minutes(self, place: int) -> Callable[[Turn], str]:
        return lambda turn: in_minutes(self.counted[turn.pk][place])

    def came(self, turn: Turn) -> str:
        return _("Yes") if self.counted[turn.pk][0] else _("No")

    def arrived(self, turn: Turn) -> str:
        return self.clock(turn.ended_at - self.counted[turn.pk][0] if turn.ended_at else None)


def _columns(kind: str, cells: _Cells) -> list[Column]:
    """What is told of rows of that kind, behind their reference and day."""
    ended = Column("ended", _("Ended"), lambda turn: cells.clock(turn.ended_at), number=True)
    steps = [
        Column("service", _("Service"), lambda turn: turn.service.title),
        Column("desk", _("Desk"), lambda turn: turn.desk.title if turn.desk else "-"),
        Column("people", _("People"), number=True),
    ]
    times = [
        Column("arrived", _("Arrived"), lambda turn: cells.clock(turn.arrived_at), number=True),
        Column("called", _("Called"), lambda turn: cells.clock(turn.called_at), number=True),
        Column("started", _("Started"), lambda turn: cells.clock(turn.started_at), number=True),
        ended,
        Column("waited", _("Waited (minutes)"), cells.minutes(0), number=True),
        Column("walked", _("On the way (minutes)"), cells.minutes(1), number=True),
        Column("served", _("At the desk (minutes)"), cells.minutes(2), number=True),
    ]
    return {
        "steps": [*steps, *times],
        "citizens": [*steps, ended, Column("citizens", _("Citizens"), lambda turn: cells.counted[turn.pk][0], number=True)],
        "stays": [
            Column("arrived", _("Arrived"), cells.arrived, number=True),
            ended,
            Column("stay", _("From door to door (minutes)"), cells.minutes(0), number=True),
        ],
        "unserved": [*steps, times[0]],
        "unknown": [*steps, Column("booked", _("Booked for"), lambda turn: cells.clock(turn.booked_for), number=True)],
        "parties": [Column("came", _("Came"), cells.came)],
    }[kind]
