"""Figures counted by the rule from the stored rows, one after another: what the database's and the journal's are compared with."""

from __future__ import annotations

from collections.abc import Iterator

from indgang.foundation.measures.declared import Scope
from indgang.operations.reception.measures import finished_steps, steps_not_come_to
from indgang.operations.reception.rules.figures import EndedStep, Figures, Missed, figures_of


def figures_from_rows(scope: Scope) -> Figures:
    """Without what came with an import."""
    return figures_of(_ended(scope), _missed(scope), scope.first, scope.last, scope.house.zone)


def _ended(scope: Scope) -> Iterator[EndedStep]:
    own = finished_steps(scope).exclude(journey__source="import").select_related("journey__municipality", "service", "desk")
    for visit in own.order_by("id").iterator(chunk_size=5_000):
        journey = visit.journey
        yield EndedStep(
            journey=str(journey.pk),
            service=visit.service.key,
            municipality=journey.municipality.code if journey.municipality else "",
            people=visit.people,
            ended=visit.ended_at,
            arrived=visit.arrived_at,
            called=visit.called_at,
            started=visit.started_at,
            desk=visit.desk.key if visit.desk else "",
            booked=journey.source != "ticket",
        )


def _missed(scope: Scope) -> Iterator[Missed]:
    for visit in steps_not_come_to(scope).select_related("appointment"):
        yield Missed(str(visit.journey_id), visit.appointment.starts.astimezone(scope.house.zone).date())
