"""The figures of a house, counted from plain steps. Pure: this is the definition; the database's way of counting is tested against it.

- A *citizen served* counts once a local day, however many steps and journeys: each different person of that day's finished steps. They
  count for the municipality of the first step that ended that day and of which it is known (the lowest code where two ended at once).
- *Waiting* runs from the arrival, or from the end of the party's step before where that is later, to the call. It is known where the party
  was checked in and called on the same day.
- *Walking* runs from the call to the moment the clerk pressed Start; where Start was not pressed it is unknown.
- *Service* runs from the start to the end at the desk.
- *Door to door* runs, for each party and day, from its first arrival to the end of its last step; its hour and weekday are the arrival's.
- *Not served* are steps of parties that were in the house when it closed. They count by the day, by the hour at which they came, and by
  the service that they waited for.
- *Did not come* are parties with a booked step on the day of which nothing took place, of all booked parties of which it is known whether
  they came. Who came and was not served came.
- *Not known whether they came* are the booked parties of a day of which nothing took place, and which nobody noted before the day was over
  or since. They neither came nor did they not.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TypeVar
from zoneinfo import ZoneInfo

from indgang.foundation.measures.counting import Share, Spread, spread_of

Key = TypeVar("Key", bound=Hashable)
Stay = tuple[dt.datetime, dt.timedelta]  # when a party came, on the clock of the house, and how long it was there
NOTHING, NOBODY = Spread(), Share(0, 0)


@dataclass(frozen=True)
class EndedStep:
    """A step that ended at a desk. `persons`: whom it served, as rules/persons.py numbers them. `booked`: neither ticket nor import."""

    journey: str
    service: str
    municipality: str
    persons: Sequence[int]
    ended: dt.datetime
    arrived: dt.datetime | None = None
    called: dt.datetime | None = None
    started: dt.datetime | None = None
    desk: str = ""
    booked: bool = True


@dataclass(frozen=True)
class Missed:
    """A booked step of a local day of which nothing took place. `came`: what was noted of its party; None where nobody noted anything."""

    journey: str
    day: dt.date
    came: bool | None = False


@dataclass(frozen=True)
class Unserved:
    """A step of a party that was in the house when it closed, on the day on which it came: when it came, on the clock of the house."""

    journey: str
    service: str
    came: dt.datetime
    booked: bool = True


@dataclass(frozen=True)
class StepFigures:
    """Some of the steps."""

    steps: int = 0
    waiting: Spread = NOTHING
    walking: Spread = NOTHING
    service: Spread = NOTHING


NO_STEPS = StepFigures()


@dataclass(frozen=True)
class Figures:
    """A house in a period. Hours and weekdays (Monday = 0) are local, of the call; municipality "" = unknown; desk "" = not known.

    Those of the way from door to door are of the arrival.
    """

    total: StepFigures = NO_STEPS
    by_hour: Mapping[int, StepFigures] = field(default_factory=dict)
    by_weekday: Mapping[int, StepFigures] = field(default_factory=dict)
    by_service: Mapping[str, StepFigures] = field(default_factory=dict)
    by_desk: Mapping[str, StepFigures] = field(default_factory=dict)
    citizens: Mapping[str, int] = field(default_factory=dict)
    door_to_door: Spread = NOTHING
    stays_by_hour: Mapping[int, Spread] = field(default_factory=dict)
    stays_by_weekday: Mapping[int, Spread] = field(default_factory=dict)
    not_come: Share = NOBODY
    not_known_by_day: Mapping[dt.date, int] = field(default_factory=dict)
    not_served_by_hour: Mapping[int, int] = field(default_factory=dict)
    not_served_by_service: Mapping[str, int] = field(default_factory=dict)
    not_served_by_day: Mapping[dt.date, int] = field(default_factory=dict)

    @property
    def not_known(self) -> int:
        """Of how many booked parties it is not known whether they came, on all days together."""
        return sum(self.not_known_by_day.values())

    @property
    def not_served(self) -> int:
        """Of all days together."""
        return sum(self.not_served_by_day.values())

    @property
    def citizens_served(self) -> int:
        """Of all municipalities together."""
        return sum(self.citizens.values())


@dataclass(frozen=True)
class MeasuredStep:
    """A step, how long its party waited for it, and when its turn came."""

    step: EndedStep
    waiting: dt.timedelta | None
    began: dt.datetime

    @property
    def walking(self) -> dt.timedelta | None:
        """From the call to the start; None where Start was not pressed."""
        called, started = self.step.called, self.step.started
        return started - called if called and started and started > called else None

    @property
    def service(self) -> dt.timedelta | None:
        """From the start to the end."""
        return self.step.ended - self.step.started if self.step.started else None


def figures_of(
    steps: Iterable[EndedStep], missed: Iterable[Missed], first: dt.date, last: dt.date, zone: ZoneInfo, unserved: Iterable[Unserved] = ()
) -> Figures:
    """The figures of the steps that ended on those local days, both included, and of what parties missed or waited for in vain."""
    inside = [step for step in steps if first <= _day(step.ended, zone) <= last]
    booked = [one for one in missed if first <= one.day <= last]
    measured = [one for journey in _grouped(inside, lambda step: step.journey).values() for one in measured_steps(journey, zone)]
    stays = _stays(inside, zone)
    waited = [one for one in unserved if first <= one.came.date() <= last]
    came = {(step.journey, _day(step.ended, zone)) for step in inside if step.booked}
    came |= {(one.journey, one.came.date()) for one in waited if one.booked} | {(one.journey, one.day) for one in booked if one.came}
    away = {(one.journey, one.day) for one in booked if one.came is False} - came
    unknown = {(one.journey, one.day) for one in booked} - came - away
    return Figures(
        total=_step_figures(measured),
        by_hour=_split(measured, lambda one: one.began.astimezone(zone).hour),
        by_weekday=_split(measured, lambda one: one.began.astimezone(zone).weekday()),
        by_service=_split(measured, lambda one: one.step.service),
        by_desk=_split(measured, lambda one: one.step.desk),
        citizens=_citizens(inside, zone),
        door_to_door=spread_of([length for _arrived, length in stays]),
        stays_by_hour=_stays_split(stays, lambda arrived: arrived.hour),
        stays_by_weekday=_stays_split(stays, lambda arrived: arrived.weekday()),
        not_come=Share(len(away), len(away | came)),
        not_known_by_day=dict(Counter(day for _journey, day in unknown)),
        not_served_by_hour=dict(Counter(one.came.hour for one in waited)),
        not_served_by_service=dict(Counter(one.service for one in waited)),
        not_served_by_day=dict(Counter(one.came.date() for one in waited)),
    )


def _day(at: dt.datetime, zone: ZoneInfo) -> dt.date:
    return at.astimezone(zone).date()


def measured_steps(journey: Sequence[EndedStep], zone: ZoneInfo) -> list[MeasuredStep]:
    """A party's steps in the order of their calls, those without a call last."""
    late = dt.datetime.max.replace(tzinfo=dt.UTC)
    ordered = sorted(journey, key=lambda step: step.called or late)
    before = [None, *(earlier.ended for earlier, _ in pairwise(ordered))]
    return [
        MeasuredStep(step, _waiting(step, ended, zone), step.called or step.started or step.ended)
        for step, ended in zip(ordered, before, strict=True)
    ]


def _waiting(step: EndedStep, ended: dt.datetime | None, zone: ZoneInfo) -> dt.timedelta | None:
    if step.arrived is None or step.called is None:
        return None
    since = max(step.arrived, min(ended, step.called)) if ended else step.arrived
    return max(step.called - since, dt.timedelta()) if _day(since, zone) == _day(step.called, zone) else None


def _grouped(steps: Iterable[EndedStep], key: Callable[[EndedStep], Key]) -> dict[Key, list[EndedStep]]:
    groups: dict[Key, list[EndedStep]] = defaultdict(list)
    for step in steps:
        groups[key(step)].append(step)
    return groups


def _split(measured: Sequence[MeasuredStep], key: Callable[[MeasuredStep], Key]) -> dict[Key, StepFigures]:
    groups: dict[Key, list[MeasuredStep]] = defaultdict(list)
    for one in measured:
        groups[key(one)].append(one)
    return {name: _step_figures(group) for name, group in groups.items()}


def _step_figures(measured: Sequence[MeasuredStep]) -> StepFigures:
    return StepFigures(
        len(measured),
        spread_of([one.waiting for one in measured if one.waiting is not None]),
        spread_of([one.walking for one in measured if one.walking is not None]),
        spread_of([one.service for one in measured if one.service is not None]),
    )


def _citizens(steps: Sequence[EndedStep], zone: ZoneInfo) -> dict[str, int]:
    first: dict[tuple[dt.date, int], tuple[bool, dt.datetime, str]] = {}
    for step in steps:
        said = (not step.municipality, step.ended, step.municipality)
        for person in step.persons:
            one = (_day(step.ended, zone), person)
            first[one] = min(first.get(one, said), said)
    return dict(Counter(municipality for _unknown, _ended, municipality in first.values()))


def _stays(steps: Sequence[EndedStep], zone: ZoneInfo) -> list[Stay]:
    stays = []
    for (_journey, date, _municipality), day in _days(steps, zone).items():
        arrived = [step.arrived for step in day if step.arrived and _day(step.arrived, zone) == date]
        if arrived:
            stays.append((min(arrived).astimezone(zone), max(step.ended for step in day) - min(arrived)))
    return stays


def _stays_split(stays: Sequence[Stay], key: Callable[[dt.datetime], int]) -> dict[int, Spread]:
    groups: dict[int, list[dt.timedelta]] = defaultdict(list)
    for arrived, length in stays:
        groups[key(arrived)].append(length)
    return {name: spread_of(lengths) for name, lengths in groups.items()}


def _days(steps: Sequence[EndedStep], zone: ZoneInfo) -> dict[tuple[str, dt.date, str], list[EndedStep]]:
    """Each party's steps of a day."""
    return _grouped(steps, lambda step: (step.journey, _day(step.ended, zone), step.municipality))
