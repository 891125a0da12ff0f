"""The same figures from the journal alone, so that anybody can see that they agree.

What came with an import is told in entries of many steps each: `IMPORTED` says what stands in which place.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import fields

from indgang.foundation.database import clock
from indgang.foundation.journal.models import Entry
from indgang.foundation.measures.declared import Scope
from indgang.foundation.places.models import House
from indgang.operations.reception.models import Desk, Journey
from indgang.operations.reception.queries.occupancy import days, open_minutes, with_days
from indgang.operations.reception.queries.statistics import figures_of_house
from indgang.operations.reception.rules.figures import Figures, figures_of
from indgang.operations.reception.rules.replay import CHANGES, Told, replayed

JOURNEY = Journey._meta.label_lower
IMPORTED = ("journey", "service", "municipality", "people", "status", "arrived", "started", "ended")
DAYS_KEPT = "house.days-kept"
TABLES = ("visits.imported", "visits.import-undone")


def figures_from_journal(scope: Scope) -> Figures:
    """Counted from the house's entries."""
    steps, missed, unserved = replayed(_entries(scope.house), scope.house.zone)
    return figures_of(steps, missed, scope.first, scope.last, scope.house.zone, unserved)


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


def open_minutes_from_journal(scope: Scope) -> dict[str, int]:
    """As `open_minutes` counts, with what the journal tells of days that are over in the place of what is kept of them."""
    last = min(scope.last, clock.today(scope.house.zone))
    desks = set(Desk.objects.filter(house=scope.house).values_list("key", flat=True))
    told: set[dt.date] = set()
    found: dict[str, int] = {}
    for after in Entry.objects.filter(house=scope.house, verb=DAYS_KEPT).order_by("id").values_list("after", flat=True):
        for day, of_desks in after["days"].items():
            date = dt.date.fromisoformat(day)
            told.add(date)
            for key, minutes in zip(after["desks"], of_desks, strict=True):
                if scope.first <= date <= last and key in desks:
                    found[key] = found.get(key, 0) + minutes
    return with_days(found, scope.house, [date for date in days(scope.first, last) if date not in told])


def differences_from_journal(scope: Scope) -> tuple[Figures, dict[str, tuple[object, object]]]:
    """The figures of the house, and those of them, with the desks' open minutes, that the journal tells differently."""
    counted = figures_of_house(scope)
    opened, told = open_minutes(scope), open_minutes_from_journal(scope)
    desks = {f"open minutes of {key}": (opened.get(key, 0), told.get(key, 0)) for key in sorted({*opened, *told})}
    found = differences(counted, figures_from_journal(scope))
    return counted, found | {name: pair for name, pair in desks.items() if pair[0] != pair[1]}


def differences(one: Figures, other: Figures) -> dict[str, tuple[object, object]]:
    """The figures that are not the same in both, by name."""
    pairs = {each.name: (getattr(one, each.name), getattr(other, each.name)) for each in fields(Figures)}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
