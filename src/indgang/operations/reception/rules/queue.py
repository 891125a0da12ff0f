"""Whom a desk calls next.

Those who wait come in the order of their booked time, then those booked at this very desk, then by arrival, then by number: one order.
A step can be called when the party is in the house and at no desk, the steps it builds on are done with success, and it is the party's next
such step by booked time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class Waiting:
    """A step that has not ended, of a party with steps today.

    `booked_at` is None for a step without a time; `unmet` are the services of the journey that it builds on and that are not done with
    success.
    """

    visit: int
    journey: UUID
    service: str
    status: str
    booked_at: dt.datetime | None
    desk: int | None
    arrived_at: dt.datetime | None
    unmet: frozenset[str]
    language: str


def line_for(desk: int, services: Iterable[str], languages: Iterable[str], open_steps: Sequence[Waiting]) -> list[Waiting]:
    """The steps that a desk may call, the next one first. `open_steps` are all steps today that have not ended, of every party."""
    offered, spoken = frozenset(services), frozenset(languages)
    by_party: dict[UUID, list[Waiting]] = {}
    for step in open_steps:
        by_party.setdefault(step.journey, []).append(step)
    callable_steps = [
        step
        for steps in by_party.values()
        for step in _next_of(steps)
        if step.service in offered and (step.desk == desk or step.language in spoken or "en" in spoken)
    ]
    return sorted(callable_steps, key=lambda step: order(step, desk))


def order(step: Waiting, desk: int) -> tuple[dt.datetime, bool, dt.datetime, int]:
    """The place in line."""
    late = dt.datetime.max.replace(tzinfo=dt.UTC)
    return (step.booked_at or step.arrived_at or late, step.desk != desk, step.arrived_at or late, step.visit)


def _next_of(steps: Sequence[Waiting]) -> list[Waiting]:
    """A party's next step, if it can be called now."""
    if any(step.status in ("called", "serving") for step in steps):
        return []
    ready = [step for step in steps if step.status == "waiting" and not step.unmet]
    late = dt.datetime.max.replace(tzinfo=dt.UTC)
    return sorted(ready, key=lambda step: (step.booked_at or late, step.visit))[:1]
