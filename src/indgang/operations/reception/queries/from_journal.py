"""The same figures from the journal alone, so that anybody can see that they agree.

What came with an import is told in entries of many steps each: `IMPORTED` says what stands in which place.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from indgang.foundation.journal.models import Entry
from indgang.foundation.measures.declared import Scope
from indgang.foundation.places.models import House
from indgang.operations.reception.models import Journey
from indgang.operations.reception.rules.figures import Figures, figures_of
from indgang.operations.reception.rules.replay import CHANGES, Told, replayed

JOURNEY = Journey._meta.label_lower
IMPORTED = ("journey", "service", "municipality", "people", "status", "arrived", "started", "ended")
TABLES = ("visits.imported", "visits.import-undone")


def figures_from_journal(scope: Scope) -> Figures:
    """Counted from the house's entries."""
    steps, missed = replayed(_entries(scope.house), scope.house.zone)
    return figures_of(steps, missed, scope.first, scope.last, scope.house.zone)


def _entries(house: House) -> Iterator[Told]:
    rows = Entry.objects.filter(house=house, verb__in=CHANGES).order_by("id")
    values = rows.values_list("at", "verb", "subject_type", "subject_id", "about", "before", "after")
    for at, verb, subject_type, subject_id, about, before, after in values.iterator(chunk_size=5_000):
        if verb in TABLES:
            for row in after["table"]:
                told = dict(zip(IMPORTED, row, strict=False))
                yield Told(at, verb, told["journey"], after=told)
            continue
        journey = subject_id if subject_type == JOURNEY else _journey_among(about)
        yield Told(at, verb, journey, before, after)


def _journey_among(about: list[str]) -> str:
    return next(tag.removeprefix(f"{JOURNEY}:") for tag in about if tag.startswith(f"{JOURNEY}:"))


def differences(one: Figures, other: Figures) -> dict[str, tuple[object, object]]:
    """The figures that are not the same in both, by name."""
    pairs = {each.name: (getattr(one, each.name), getattr(other, each.name)) for each in fields(Figures)}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
