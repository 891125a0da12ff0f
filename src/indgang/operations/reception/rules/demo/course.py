"""How a made-up day in the house goes: who comes early or late or not at all, how long each step takes, how it ends. Pure.

A day is played from opening to closing in the order of the booked times, so a desk serves one party at a time and a party is at one desk
at a time, as in the house. `until` cuts a day that is still going on: what lies after it has not happened. Every party and every step has
dice of its own, so the same day played again, until later, begins the same.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

NO_SHOW = 0.05
EARLY = dt.timedelta(minutes=8)  # a desk that is free calls whoever is here so long before their time
DOCUMENTS_MISSING = 0.06
REFUSED = 0.006
NOTE = 0.03
PACKAGE = 0.7
MARKED_AFTER = dt.timedelta(minutes=25)  # a floorwalker gives up on somebody


@dataclass(frozen=True)
class BookedStep:
    """A step as booked, for a party (by its reference).

    `after` are the party's services that must have succeeded first; `papers` the keys of what it must bring. A walk-in has no appointment:
    it takes a ticket some time before the desk is free for it.
    """

    party: str
    service: str
    desk: int
    starts: dt.datetime
    ends: dt.datetime
    after: frozenset[str]
    papers: Sequence[str] = ()
    walk_in: bool = False

    @property
    def key(self) -> tuple[str, str]:
        """A party has each service once."""
        return self.party, self.service


@dataclass(frozen=True)
class StepCourse:
    """What became of a step: its times as far as they have come, and its outcome once it ended."""

    status: str
    arrived_at: dt.datetime | None = None
    called_at: dt.datetime | None = None
    started_at: dt.datetime | None = None
    ended_at: dt.datetime | None = None
    cancelled_at: dt.datetime | None = None
    outcome: str = ""
    missing: tuple[str, ...] = ()
    noted: bool = False


@dataclass(frozen=True)
class PartyCourse:
    """What became of a party's day: its arrival, or when it was given up; and when it got the information package."""

    arrived_at: dt.datetime | None = None
    no_show_at: dt.datetime | None = None
    package_at: dt.datetime | None = None


@dataclass
class DayCourse:
    """The day, step by step and party by party."""

    steps: dict[tuple[str, str], StepCourse] = field(default_factory=dict)
    parties: dict[str, PartyCourse] = field(default_factory=dict)


def played_day(booked: Sequence[BookedStep], seed: str, until: dt.datetime) -> DayCourse:
    """The day of these steps, as far as it has gone at `until`."""
    day = DayCourse()
    steps = sorted(booked, key=lambda step: (step.starts, step.desk))
    first: dict[str, BookedStep] = {}
    for step in steps:
        first.setdefault(step.party, step)
    meant: dict[str, dt.datetime | None] = {}
    for party, begins in first.items():
        source, starts = Random(f"{seed}:{party}"), begins.starts
        meant[party] = _ticket(source, starts) if begins.walk_in else _arrival(source, starts)
        day.parties[party] = _party(source, meant[party], starts, until)
    free = _Free(meant, opens=min((step.starts for step in steps), default=until))
    for step in steps:
        luck = _Luck(Random(f"{seed}:{step.party}:{step.service}"))
        if day.parties[step.party].arrived_at is None:
            gone = day.parties[step.party].no_show_at is not None
            day.steps[step.key] = StepCourse("no-show" if gone else "planned")
        elif step.after & free.failed.get(step.party, frozenset()):
            day.steps[step.key] = free.give_up(step, until, meant)
        else:
            day.steps[step.key] = free.serve(step, luck, until, meant)
    return day


class _Luck:
    """The dice of a step."""

    def __init__(self, source: Random) -> None:
        self.pace = min(max(source.lognormvariate(-0.12, 0.28), 0.45), 1.9)
        self.walk = source.uniform(0.7, 2.8)
        self.call = source.uniform(0.3, 2.5)
        self.outcome = source.random()
        self.papers = source.random()
        self.note = source.random()


def _arrival(source: Random, starts: dt.datetime) -> dt.datetime | None:
    """When a party comes: some minutes early as a rule, now and then late; None = not at all."""
    early = source.gauss(9, 6) if source.random() > 0.07 else -source.uniform(4, 22)
    stays_away = source.random() < NO_SHOW
    return None if stays_away else starts - dt.timedelta(minutes=max(min(early, 40), -25))


def _ticket(source: Random, starts: dt.datetime) -> dt.datetime:
    """When a walk-in takes its ticket: most wait for some minutes, a few for more than half an hour."""
    return starts - dt.timedelta(minutes=min(1 + source.expovariate(1 / 13), 50))


def _party(source: Random, meant: dt.datetime | None, starts: dt.datetime, until: dt.datetime) -> PartyCourse:
    package = source.random() < PACKAGE
    minutes = source.uniform(0.5, 4)
    if meant is None:
        given_up = starts + MARKED_AFTER + dt.timedelta(minutes=minutes)
        return PartyCourse(no_show_at=given_up if given_up <= until else None)
    handed = meant + dt.timedelta(minutes=minutes)
    return PartyCourse(meant if meant <= until else None, package_at=handed if package and handed <= until else None)


class _Free:
    """From when on desks and parties are free again, and which steps of a party failed."""

    def __init__(self, meant: Mapping[str, dt.datetime | None], opens: dt.datetime) -> None:
        self.opens = opens  # nobody is booked, so nobody is called, before the house opens
        self.desk: dict[int, dt.datetime] = {}
        self.party = {party: at for party, at in meant.items() if at is not None}
        self.failed: dict[str, frozenset[str]] = {}

    def serve(self, step: BookedStep, luck: _Luck, until: dt.datetime, meant: Mapping[str, dt.datetime | None]) -> StepCourse:
        """The step takes place, as soon as party and desk are free and not long before its time."""
        earliest = max(self.party[step.party], self.desk.get(step.desk, self.party[step.party]), step.starts - EARLY, self.opens)
        called = earliest + dt.timedelta(minutes=luck.call)
        started = called + dt.timedelta(minutes=luck.walk)
        ended = started + (step.ends - step.starts) * luck.pace
        self.party[step.party] = self.desk[step.desk] = ended
        outcome, missing = _outcome(step, luck)
        if outcome != "done":
            self.failed[step.party] = self.failed.get(step.party, frozenset()) | {step.service}
        arrived = meant[step.party]
        if called > until:
            return StepCourse("waiting", arrived)
        if started > until:
            return StepCourse("called", arrived, called)
        if ended > until:
            return StepCourse("serving", arrived, called, started)
        noted = luck.note < NOTE or outcome == "refused"
        return StepCourse("done", arrived, called, started, ended, outcome=outcome, missing=missing, noted=noted)

    def give_up(self, step: BookedStep, until: dt.datetime, meant: Mapping[str, dt.datetime | None]) -> StepCourse:
        """A step that builds on one that failed is cancelled on the floor, soon after; steps that build on it fall too."""
        at = self.party[step.party] + dt.timedelta(minutes=3)
        self.failed[step.party] |= {step.service}
        if at > until:
            return StepCourse("waiting", meant[step.party])
        return StepCourse("cancelled", meant[step.party], cancelled_at=at)


def _outcome(step: BookedStep, luck: _Luck) -> tuple[str, tuple[str, ...]]:
    if luck.outcome < REFUSED:
        return "refused", ()
    if luck.outcome < REFUSED + DOCUMENTS_MISSING and step.papers:
        number = min(int(luck.papers * len(step.papers)), len(step.papers) - 1)
        return "documents-missing", (step.papers[number],)
    return "done", ()
