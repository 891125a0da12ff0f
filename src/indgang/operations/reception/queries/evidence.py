"""The rows behind a figure, as far as the reader may see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce, ExtractHour, ExtractIsoWeekDay

from indgang.foundation.access.actors import Actor, require
from indgang.foundation.measures.declared import Scope
from indgang.operations.reception import permissions
from indgang.operations.reception.measures import MEASURES_OF_STEPS, finished_steps
from indgang.operations.reception.models import Turn
from indgang.operations.reception.queries.journeys import visits_visible_to
from indgang.operations.reception.queries.statistics import turns_of_citizens, turns_of_stays

PARTS = ("hour", "weekday", "service", "stay-hour", "stay-weekday", "desk", "municipality")


@dataclass(frozen=True)
class Evidence:
    """All the steps behind a figure, and those of them that the reader may open."""

    total: int
    visible: QuerySet[Turn]


def evidence_of(*, actor: Actor, scope: Scope, measure: str, part: str = "", key: str = "") -> Evidence:
    """The steps that a measure counts, or one part of it (`PARTS`). Raises NotAllowed."""
    require(permissions.see_statistics(scope.house), actor)
    declared = next((one for one in MEASURES_OF_STEPS if one.key == measure), None)
    steps = _part(declared.evidence(scope) if declared else finished_steps(scope), scope, part, key)
    visible = steps.filter(visit__in=visits_visible_to(actor).values("pk")).select_related("journey", "service", "desk")
    return Evidence(steps.count(), visible.order_by("-ended_at", "-booked_for", "-id"))


def _part(steps: QuerySet[Turn], scope: Scope, part: str, key: str) -> QuerySet[Turn]:
    began, zone = Coalesce("called_at", "started_at", "ended_at"), scope.house.zone
    if part == "hour" and key.isdecimal():
        return steps.annotate(part=ExtractHour(began, tzinfo=zone)).filter(part=int(key))
    if part == "weekday" and key.isdecimal():
        return steps.annotate(part=ExtractIsoWeekDay(began, tzinfo=zone)).filter(part=int(key) + 1)
    if part == "service":
        return steps.filter(service__key=key)
    if part == "desk":
        return steps.filter(desk__key=key) if key else steps.filter(desk=None)
    if part == "municipality":
        return _only(steps, turns_of_citizens(scope, key))
    if part == "stay-hour" and key.isdecimal():
        return _only(steps, turns_of_stays(scope, hour=int(key)))
    if part == "stay-weekday" and key.isdecimal():
        return _only(steps, turns_of_stays(scope, weekday=int(key)))
    return steps


def _only(steps: QuerySet[Turn], keys: list[int]) -> QuerySet[Turn]:
    """As one value, however many there are."""
    return steps.filter(pk__in=RawSQL("SELECT unnest(%s::bigint[])", [keys]))


def steps_beside(scope: Scope, turns: Sequence[Turn]) -> Mapping[str, list[Turn]]:
    """The finished steps of the same parties in the period, by journey: a step's waiting depends on the one before."""
    steps: dict[str, list[Turn]] = {}
    for turn in finished_steps(scope).filter(journey__in={turn.journey_id for turn in turns}).select_related("service").order_by("pk"):
        steps.setdefault(str(turn.journey_id), []).append(turn)
    return steps
