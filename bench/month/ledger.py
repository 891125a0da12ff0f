"""What the player has seen with its own eyes: who came, who was where from when until when, and the figures that follow from that.

The figures are counted here from nothing but these notes, after the definitions in the guide to the statistics; no line of the house's own
counting is used.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from bench.month.house import ZONE

MINUTE = dt.timedelta(minutes=1)


@dataclass
class Turn:
    """Somebody at a desk."""

    service: str
    desk: str
    people: int
    called: dt.datetime
    started: dt.datetime | None = None
    ended: dt.datetime | None = None


@dataclass(eq=False)
class Party:
    """Who comes. `open`: services still to be done today, in order. `end`: served, no-show, cancelled, left, later; "" while under way.

    `several`: booked for more than one step; `moved`: a part of it was moved to another day; `leaves`: goes home if not called by then.
    """

    name: str
    people: int
    municipality: str = ""
    booked: bool = True
    reference: str = ""
    key: str = ""
    email: str = ""
    code: str = ""
    open: list[str] = field(default_factory=list)
    first: dt.datetime | None = None
    number: int = 0
    arrived: dt.datetime | None = None
    turns: list[Turn] = field(default_factory=list)
    end: str = ""
    gone: bool = False
    leaves: dt.datetime | None = None
    group: str = ""
    several: bool = False
    moved: bool = False
    earlier: list[tuple[dt.datetime, list[Turn]]] = field(default_factory=list)

    @property
    def who(self) -> object:
        """The same for one name with one address; whoever has a ticket is somebody of their own."""
        return (self.email, self.name) if self.email else id(self)

    @property
    def here(self) -> bool:
        """In the house, with something still to be done."""
        return self.arrived is not None and not self.end

    @property
    def waits(self) -> bool:
        """Stands in line."""
        return self.here and bool(self.open) and (not self.turns or self.turns[-1].ended is not None)


@dataclass(frozen=True)
class Figures:
    """What can be compared with the house's own, to the last digit: lengths as (known, half at most, nine in ten at most) in minutes."""

    citizens: dict[str, int]
    steps: int
    lengths: dict[str, tuple[int, float | None, float | None]]
    not_come: tuple[int, int]


@dataclass
class Ledger:
    """Everybody of the month, and what happened how often."""

    parties: list[Party] = field(default_factory=list)
    missed: set[tuple[int, dt.date]] = field(default_factory=set)
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    told: list[str] = field(default_factory=list)

    def visits(self) -> Iterable[tuple[Party, dt.datetime, list[Turn]]]:
        """Everybody's days in the house: when they came, and their turns that ended."""
        for party in self.parties:
            for arrived, turns in [*party.earlier, *([(party.arrived, party.turns)] if party.arrived else [])]:
                ended = [turn for turn in turns if turn.ended]
                if ended:
                    yield party, arrived, ended

    def figures(self, first: dt.date, last: dt.date) -> Figures:
        """Of some days."""
        lives: dict[tuple[dt.date, object, int], list[tuple[bool, dt.datetime, str]]] = defaultdict(list)
        lengths: dict[str, list[dt.timedelta]] = {"waiting": [], "walking": [], "service-time": [], "door-to-door": []}
        steps, came = 0, set()
        for party, arrived, turns in self.visits():
            day = arrived.astimezone(ZONE).date()
            if not first <= day <= last:
                continue
            for turn in turns:
                for place in range(turn.people):  # in these parties a step for some is for the first of them
                    assert turn.ended, "a turn that ended"
                    lives[day, party.who, place].append((not party.municipality, turn.ended, party.municipality))
            steps += len(turns)
            if party.booked:
                came.add((id(party), day))
            _measure(arrived, turns, lengths)
        missed = {one for one in self.missed if first <= one[1] <= last}
        spreads = {name: _spread(values) for name, values in lengths.items()}
        citizens = Counter(min(said)[2] for said in lives.values())
        return Figures(dict(citizens), steps, spreads, (len(missed - came), len(missed | came)))

    def between(self) -> float:
        """Minutes from the end of a step to the call of the party's next, that nine of ten did not exceed."""
        waits = [
            (after.called - before.ended) / MINUTE
            for _party, _at, turns in self.visits()
            for before, after in pairwise(turns)
            if before.ended
        ]
        return sorted(waits)[math.ceil(len(waits) * 0.9) - 1] if waits else 0.0


def _measure(arrived: dt.datetime, turns: Sequence[Turn], lengths: dict[str, list[dt.timedelta]]) -> None:
    since = arrived
    for turn in turns:
        assert turn.started and turn.ended, "a turn that ended was begun"
        lengths["waiting"].append(turn.called - since)
        lengths["walking"].append(turn.started - turn.called)
        lengths["service-time"].append(turn.ended - turn.started)
        since = turn.ended
    lengths["door-to-door"].append(since - arrived)


def _spread(values: list[dt.timedelta]) -> tuple[int, float | None, float | None]:
    ordered = sorted(values)
    if not ordered:
        return 0, None, None
    half, nine_tenths = (ordered[max(math.ceil(len(ordered) * share) - 1, 0)] / MINUTE for share in (0.5, 0.9))
    return len(ordered), half, nine_tenths
