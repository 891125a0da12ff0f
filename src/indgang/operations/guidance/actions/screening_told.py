"""What the rest of the house is told of a screening visit: the journal, and the tie of its company."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Model

from indgang.foundation.access.actors import Actor
from indgang.foundation.journal import actions as journal
from indgang.foundation.journal.models import Circle
from indgang.operations.guidance.models import Screening, ScreeningState
from indgang.registers.parties.actions.ties import tie, untie
from indgang.registers.parties.models import Field, Tie, TieKind


def tell_tie(screening: Screening) -> None:
    """Say anew that the organisation deals with the company; nothing, where the visit was cancelled or its company is not known yet."""
    if screening.state == ScreeningState.CANCELLED or screening.company_id is None:
        untie([screening])
        return
    tie(screening, tie_of_screening(screening))


def tie_of_screening(screening: Screening) -> Tie:
    """What others may know of it: from the day it was arranged, or, of a visit that was held, on its day."""
    held, arranged = screening.state == ScreeningState.HELD, screening.created_at.astimezone(screening.organisation.region.zone).date()
    day = screening.date or arranged
    return Tie(
        company_id=screening.company_id,
        organisation_id=screening.organisation_id,
        kind=TieKind.SCREENING,
        fields=[Field.GREEN_CIRCULAR],
        consultant=str(screening.consultant or ""),
        started=day if held else min(day, arranged),
        ended=day if held else None,
    )


def write_entry(
    actor: Actor, verb: str, screening: Screening, record: Model | None = None, *, after: Mapping[str, Any] | None = None, **more: Any
) -> None:
    """Note what was done with a visit, or with what stands beside it (`record`). Facts only: words are forgotten in time."""
    beside = [screening] if record else []
    journal.record(
        actor=actor,
        verb=verb,
        subject=record or screening,
        organisation=screening.organisation,
        circle=Circle.ORGANISATION,
        about=[*beside, *([screening.company] if screening.company else [])],
        after=after,
        **more,
    )
