"""The rows behind a figure of guidance: those somebody may open, and how many others there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from indgang.foundation.access.actors import Actor
from indgang.operations.guidance.queries.courses import courses_visible_to, deliveries_visible_to
from indgang.operations.guidance.queries.figures_told import Guidance
from indgang.operations.guidance.rules.confidential import FEWEST, companies
from indgang.operations.guidance.rules.figures import WHERE, Served

DELIVERIES = ("delivery", "delivery-municipality", "delivery-all")
PARTS = ("", "new", "category", "field", "municipality", "organisation", "month", *DELIVERIES)


@dataclass(frozen=True)
class Behind:
    """What is behind a figure. `others`: rows of other organisations by their ids, told as numbers; `confidential`: rows that only their
    team opens."""

    counted: Sequence[Served]
    visible: QuerySet[Any]
    others: dict[int, int]
    confidential: int


def behind(guidance: Guidance, actor: Actor, part: str, key: str) -> Behind:
    """The rows that a figure (`part` "" = of everything) counts, as far as the actor may open them."""
    if part in DELIVERIES:
        given = _deliveries(guidance, part, key)
        return _sorted_out(given, deliveries_visible_to(actor).filter(pk__in=[row.record for row in given]).order_by("-date", "-pk"))
    rows = _new(guidance) if part == "new" else list(guidance.rows_of(part, key))
    if len(companies(rows)) < FEWEST and part != "new":
        rows = [row for row in rows if not row.confidential]
    return _sorted_out(rows, courses_visible_to(actor).filter(pk__in=[row.record for row in rows]).order_by("-started", "-pk"))


def _new(guidance: Guidance) -> list[Served]:
    """Courses of those that were not guided the year before, judged by what is shown; confidential ones by everything."""
    shown = {guidance.unit(row) for row in guidance.before if not row.confidential}
    everything = {guidance.unit(row) for row in guidance.before}
    rows = [row for row in guidance.courses if guidance.unit(row) not in (everything if row.confidential else shown)]
    enough = len(companies(guidance.courses)) >= FEWEST
    return [row for row in rows if enough or not row.confidential]


def _deliveries(guidance: Guidance, part: str, key: str) -> list[Served]:
    rows = guidance.deliveries
    if part == "delivery":
        return [row for row in rows if row.kind == key]
    if part == "delivery-municipality":
        return [row for row in rows if WHERE[guidance.asked.level](row) == key]
    return list(rows)


def _sorted_out(rows: Sequence[Served], visible: QuerySet[Any]) -> Behind:
    seen = set(visible.values_list("pk", flat=True))
    others = Counter(row.organisation for row in rows if row.record not in seen and not row.confidential)
    hidden = sum(row.confidential for row in rows if row.record not in seen)
    return Behind(rows, visible.select_related("company", "organisation", "municipality"), dict(others.most_common()), hidden)
