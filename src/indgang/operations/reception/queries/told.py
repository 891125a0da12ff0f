"""What tables say of journeys."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from indgang.operations.reception.models import Journey, Told


@dataclass(frozen=True)
class Holds:
    """What holds of a journey as far as tables say; "" = nothing."""

    municipality: str = ""
    citizenship: str = ""


NOTHING = Holds()


def told_of(journeys: Iterable[Journey]) -> dict[UUID, Holds]:
    """In each column what the newest table says that says something, of those that stand if any does; one query."""
    rows = Told.objects.filter(journey__in=journeys).order_by("-withdrawn", "pk")
    found: dict[UUID, Holds] = {}
    for journey, municipality, citizenship in rows.values_list("journey_id", "municipality", "citizenship"):
        before = found.get(journey, NOTHING)
        found[journey] = Holds(municipality or before.municipality, citizenship or before.citizenship)
    return found
