"""Figures counted by the rule from the stored rows, one after another: what the database's and the journal's are compared with."""

from __future__ import annotations

from collections.abc import Iterator

from indgang.foundation.measures.declared import Scope
from indgang.operations.reception.measures import finished_steps, steps_not_come_to, steps_not_noted, steps_not_served
from indgang.operations.reception.models import Turn
from indgang.operations.reception.models.turn import TurnOutcome
from indgang.operations.reception.rules.figures import EndedStep, Figures, Missed, Unserved, figures_of


def figures_from_rows(scope: Scope) -> Figures:
    """The turns of the period, read one by one."""
    return figures_of(_ended(scope), _missed(scope), scope.first, scope.last, scope.house.zone, _unserved(scope))


def _ended(scope: Scope) -> Iterator[EndedStep]:
    turns = finished_steps(scope).select_related("journey__municipality", "service", "desk")
    for turn in turns.order_by("id").iterator(chunk_size=5_000):
        journey = turn.journey
        yield EndedStep(
            journey=str(journey.pk),
            service=turn.service.key,
            municipality=journey.municipality.code if journey.municipality else "",
            persons=turn.persons,
            ended=turn.ended_at,
            arrived=turn.arrived_at,
            called=turn.called_at,
            started=turn.started_at,
            desk=turn.desk.key if turn.desk else "",
            booked=journey.source not in ("ticket", "import"),
        )


def _unserved(scope: Scope) -> Iterator[Unserved]:
    for turn in steps_not_served(scope).select_related("journey", "service"):
        came = turn.arrived_at.astimezone(scope.house.zone)
        yield Unserved(str(turn.journey_id), turn.service.key, came, turn.journey.source not in ("ticket", "import"))


def _missed(scope: Scope) -> Iterator[Missed]:
    came = Turn.objects.filter(house=scope.house, outcome=TurnOutcome.CAME, booked_for__gte=scope.begins, booked_for__lt=scope.ends)
    for turns, noted in ((steps_not_come_to(scope), False), (steps_not_noted(scope), None), (came, True)):
        for turn in turns:
            yield Missed(str(turn.journey_id), turn.booked_for.astimezone(scope.house.zone).date(), noted)
