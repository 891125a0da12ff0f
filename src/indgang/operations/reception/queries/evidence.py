"""The rows behind a figure, as far as the reader may see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.db.models.functions import Coalesce, ExtractHour, ExtractIsoWeekDay

from indgang.foundation.access.actors import Actor, require
from indgang.foundation.measures.declared import Scope
from indgang.operations.reception import permissions
from indgang.operations.reception.measures import MEASURES, finished_steps
from indgang.operations.reception.models import Visit
from indgang.operations.reception.queries.journeys import visits_visible_to

PARTS = ("hour", "weekday", "service", "desk", "municipality")


@dataclass(frozen=True)
class Evidence:
    """All the steps behind a figure, and those of them that the reader may open."""

    total: int
    visible: QuerySet[Visit]


def evidence_of(*, actor: Actor, scope: Scope, measure: str, part: str = "", key: str = "") -> Evidence:
    """The steps that a measure counts, or one part of it: of an hour, weekday, service, desk or municipality. Raises NotAllowed."""
    require(permissions.see_statistics(scope.house), actor)
    declared = next((one for one in MEASURES if one.key == measure), None)
    steps = _part(declared.evidence(scope) if declared else finished_steps(scope), scope, part, key)
    related = "journey", "service", "desk", "appointment"
    visible = steps.filter(pk__in=visits_visible_to(actor).values("pk")).select_related(*related)
    return Evidence(steps.count(), visible.order_by("-ended_at", "-id"))


def _part(steps: QuerySet[Visit], scope: Scope, part: str, key: str) -> QuerySet[Visit]:
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
        return steps.filter(journey__municipality__code=key) if key else steps.filter(journey__municipality=None)
    return steps


def steps_beside(scope: Scope, visits: Sequence[Visit]) -> Mapping[str, list[Visit]]:
    """The finished steps of the same parties in the period, by journey: a step's waiting depends on the one before."""
    steps: dict[str, list[Visit]] = {}
    for visit in finished_steps(scope).filter(journey__in={visit.journey_id for visit in visits}).select_related("service", "journey"):
        steps.setdefault(str(visit.journey_id), []).append(visit)
    return steps
