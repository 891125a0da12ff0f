"""The division of labour in force, and the offices and the hub that it speaks of."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import get_language

from indgang.foundation.database.bilingual import in_language, texts
from indgang.foundation.identifiers.names import alphabetical
from indgang.foundation.identity.models import Organisation
from indgang.foundation.places.models import Region
from indgang.operations.guidance.models import DivisionOfLabour
from indgang.operations.guidance.rules.approach import Division, read_division

REMIND_BEFORE_DAYS = 7  # where a version was loaded before the file said so


@dataclass(frozen=True)
class InForce:
    """A region's division of labour on a day, with the organisations behind its words. `offices` by municipality."""

    region: Region
    rules: Division
    since: dt.date
    source: str
    hub: Organisation | None
    offices: dict[int, Organisation]
    confirm_after_days: int
    announced_for_days: int
    remind_before_days: int


def division_in_force(region: Region | None, day: dt.date) -> InForce | None:
    """The latest version that has begun by that day; None where the region has none. Two queries."""
    if region is None:
        return None
    row = DivisionOfLabour.objects.filter(region=region, valid_from__lte=day).order_by("-valid_from").first()
    if row is None:
        return None
    content = row.content
    named = Organisation.objects.filter(region=region).select_related("municipality")
    hub, offices = None, []
    for one in named:
        if one.key == content["hub"]:
            hub = one
        elif one.kind == content["offices"] and one.municipality_id:
            offices.append(one)
    language = get_language() or "da"
    offices.sort(key=lambda one: alphabetical(str(one.municipality), language))
    by_place: dict[int, Organisation] = {}
    for one in offices:
        by_place.setdefault(one.municipality_id or 0, one)
    return InForce(
        region=region,
        rules=read_division(content),
        since=row.valid_from,
        source=in_language(texts(content, "source")),
        hub=hub,
        offices=by_place,
        confirm_after_days=content["confirm_after_days"],
        announced_for_days=content["announced_for_days"],
        remind_before_days=content.get("remind_before_days", REMIND_BEFORE_DAYS),
    )
