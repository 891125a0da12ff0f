"""Whom a desk calls next.

A step can be called when the party is in the house, at no desk and not aside (with one step aside means with all of them), the steps it
builds on are done with success, and it is the party's next such step by booked time. Those who can be called stand in one order:
rules/line.py says which.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from indgang.operations.reception.rules.line import LineRules, counts_from, in_time, may_take, turn_from


@dataclass(frozen=True)
class Waiting:
    """A step that has not ended, of a party with steps today.

    `booked_at` is None for a step without a time; `unmet` are the services of the journey that it builds on and that are not done with
    success. `minutes` are those it is reckoned with, `since` is when its wait began where that is not the arrival.
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
    minutes: int = 0
    since: dt.datetime | None = None
    head_start: int = 0
    parked: bool = False


@dataclass(frozen=True)
class DeskInLine:
    """A desk that calls people: its services, its languages, and the steps booked at it later, in order, with when they are due."""

    desk: int
    services: frozenset[str]
    languages: frozenset[str]
    booked: tuple[tuple[dt.datetime, int], ...] = ()


@dataclass(frozen=True)
class Turn:
    """A step in a desk's line. `keeps`: the time of the party booked here that would wait if this one were called now; `whom`: its step."""

    step: Waiting
    keeps: dt.datetime | None = None
    whom: int | None = None

    @property
    def held_back(self) -> bool:
        """Whether the desk does not call it by itself now."""
        return self.keeps is not None


def line_for(desk: DeskInLine, open_steps: Sequence[Waiting], *, now: dt.datetime, rules: LineRules) -> list[Turn]:
    """The steps that a desk may call, the next one first, those held back last. `open_steps`: all of today, of every party."""
    by_party: dict[UUID, list[Waiting]] = {}
    for step in open_steps:
        by_party.setdefault(step.journey, []).append(step)
    aside = parties_aside(open_steps)
    away = {step.visit for step in open_steps if step.journey in aside}  # who waits aside cannot come, so nobody is held back for them
    found = [step for journey, steps in by_party.items() if journey not in aside for step in _next_of(steps) if _serves(desk, step)]
    desk = replace(desk, booked=tuple((at, visit) for at, visit in desk.booked if visit not in away))
    turns = [Turn(step, *_keeps(step, desk, now, rules)) for step in found]
    return sorted(turns, key=lambda turn: (turn.held_back, *order(turn.step, desk.desk, now=now, rules=rules)))


def parties_aside(steps: Iterable[Waiting]) -> set[UUID]:
    """The parties that wait aside: with one of their steps means with all of them, because it is the party that is away."""
    return {step.journey for step in steps if step.parked}


def order(step: Waiting, desk: int, *, now: dt.datetime, rules: LineRules) -> tuple[bool, float, bool, int]:
    """The place in line: behind while it is early; then the moment it counts from; then booked at this desk; then the number."""
    arrived, booked = _arrived(step), _minutes(step.booked_at)
    early = turn_from(arrived, booked, rules) > now.timestamp() / 60
    return (early, counts_from(arrived, booked, step.head_start, rules), step.desk != desk, step.visit)


def _serves(desk: DeskInLine, step: Waiting) -> bool:
    return step.service in desk.services and (step.desk == desk.desk or step.language in desk.languages or "en" in desk.languages)


def _keeps(step: Waiting, desk: DeskInLine, now: dt.datetime, rules: LineRules) -> tuple[dt.datetime | None, int | None]:
    arrived, booked, moment = _arrived(step), _minutes(step.booked_at), now.timestamp() / 60
    early = turn_from(arrived, booked, rules) > moment
    if not early and booked is not None and in_time(arrived, booked, rules):
        return None, None
    patient = early or moment < arrived + rules.patience
    due, whom = next(((at, visit) for at, visit in desk.booked if visit != step.visit and at > now), (None, None))
    held_back = not may_take(now=moment, patient=patient, minutes=step.minutes, next_booked=_minutes(due))
    return (due, whom) if held_back else (None, None)


def _arrived(step: Waiting) -> float:
    return _minutes(step.since or step.arrived_at) or 0.0


def _minutes(at: dt.datetime | None) -> float | None:
    return at.timestamp() / 60 if at else None


def _next_of(steps: Sequence[Waiting]) -> list[Waiting]:
    """A party's next step, if it can be called now."""
    if any(step.status in ("called", "serving") for step in steps):
        return []
    ready = [step for step in steps if step.status == "waiting" and not step.unmet]
    late = dt.datetime.max.replace(tzinfo=dt.UTC)
    return sorted(ready, key=lambda step: (step.booked_at or late, step.visit))[:1]


def serving_desks(step: Waiting, desks: Iterable[DeskInLine]) -> list[int]:
    """The desks that may call a step, the one it was booked at first."""
    able = [desk.desk for desk in desks if _serves(desk, step)]
    return sorted(able, key=lambda desk: (desk != step.desk, desk))
