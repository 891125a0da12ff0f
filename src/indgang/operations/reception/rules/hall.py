"""A hall full of parties and desks, played forward: who is called where and when, by the rules of the line. Pure and exact.

It is the engine of the waiting times shown to people (played many times with drawn durations) and of the simulated month (played once,
with what happens in it). Times are minutes on one clock.
"""

from __future__ import annotations

import heapq
from bisect import bisect_right, insort
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain
from math import inf
from typing import NamedTuple

from indgang.operations.reception.rules.line import LineRules, counts_from, in_time, may_take, turn_from


class Errand(NamedTuple):
    """One step of a party, for one desk.

    `planned` are the minutes it is reckoned with, `minutes` those it will really take, changeover included. `desks` may take it; the first
    is where it was booked, if it was. `after` are errands of the same party that must have ended, `walk` minutes before. `anew`: it counts
    from when it joins this very line, as where people queue at every counter (what the house is compared with).
    """

    key: int
    arrived: float
    minutes: float
    planned: float
    desks: tuple[int, ...]
    booked: float | None = None
    head_start: float = 0
    after: tuple[int, ...] = ()
    walk: float = 0
    since: float | None = None
    anew: bool = False

    def place(self, rules: LineRules) -> float:
        """The moment it counts from."""
        return counts_from(self.arrived if self.since is None else self.since, self.booked, self.head_start, rules)

    def turn(self, rules: LineRules) -> float:
        """From when on it stands in the line proper."""
        return turn_from(self.arrived, self.booked, rules)


@dataclass(frozen=True)
class OpenDesk:
    """A desk: from when it is free, and the spans in which it calls people, in order."""

    key: int
    free_from: float
    spans: tuple[tuple[float, float], ...]

    def opens_at(self, at: float) -> float | None:
        """The first moment from `at` on at which it may call somebody; None when it is closed for good."""
        return next((max(at, opens) for opens, closes in self.spans if at < closes), None)


@dataclass(frozen=True)
class Served:
    """Where and when an errand was called, and when it ended."""

    key: int
    desk: int
    called: float
    ended: float


def play(errands: Sequence[Errand], desks: Sequence[OpenDesk], rules: LineRules) -> dict[int, Served]:
    """Who is called where and when, by key. Who is not in it was not called before the desks closed."""
    return _Hall(errands, desks, rules).play()


Standing = tuple[bool, float, int]  # early, place, key: the order of the line
FREE, COMES, FORWARD, PATIENCE, DUE = range(5)  # what happens, in this order at one moment


@dataclass
class _Hall:
    """Nobody is looked at twice for nothing: at every moment only desks and people for whom something has changed."""

    errands: Sequence[Errand]
    desks: Sequence[OpenDesk]
    rules: LineRules
    served: dict[int, Served] = field(default_factory=dict)
    events: list[tuple[float, int, int]] = field(default_factory=list)  # when, what, whom
    lines: dict[frozenset[int], list[Standing]] = field(default_factory=dict)  # by the desks that may take somebody
    standing: dict[int, Standing] = field(default_factory=dict)
    idle: dict[int, OpenDesk] = field(default_factory=dict)
    new_desks: set[int] = field(default_factory=set)
    new_people: set[int] = field(default_factory=set)

    def play(self) -> dict[int, Served]:
        self.by_key = {errand.key: errand for errand in self.errands}
        self.desk_by_key = {desk.key: desk for desk in self.desks}
        self.followers: dict[int, list[Errand]] = {}
        self.booked_at: dict[int, list[tuple[float, int]]] = {}
        for errand in self.errands:
            self._expect(errand)
        for desk in self.desks:
            self._free(desk, desk.free_from)
        heapq.heapify(self.events)
        while self.events:
            now = self.events[0][0]
            while self.events and self.events[0][0] <= now:
                self._happen(*heapq.heappop(self.events))
            while self.new_desks or self.new_people:
                self._call(now)
        return self.served

    def _expect(self, errand: Errand) -> None:
        if errand.booked is not None and errand.desks:
            insort(self.booked_at.setdefault(errand.desks[0], []), (errand.booked, errand.key))
            self.events.append((errand.booked, DUE, errand.desks[0]))  # who has not come holds the desk no longer
        open_before = [key for key in errand.after if key in self.by_key]
        for key in open_before:
            self.followers.setdefault(key, []).append(errand)
        if not open_before:
            self.events.append((errand.arrived, COMES, errand.key))

    def _free(self, desk: OpenDesk, at: float) -> None:
        opens = desk.opens_at(at)
        if opens is not None:
            heapq.heappush(self.events, (opens, FREE, desk.key))

    def _happen(self, now: float, what: int, whom: int) -> None:
        if what == FREE:
            self.idle[whom] = self.desk_by_key[whom]
            self.new_desks.add(whom)
        elif what == DUE:
            self.new_desks.add(whom)
        elif what == COMES:
            self._stand(self.by_key[whom], now)
        elif whom in self.standing:
            if what == FORWARD:
                self._come_forward(self.by_key[whom])
            self.new_people.add(whom)

    def _stand(self, errand: Errand, now: float) -> None:
        early = errand.turn(self.rules) > now
        self._line_up(errand, (early, now if errand.anew else errand.place(self.rules), errand.key))
        self.new_people.add(errand.key)
        if early:
            heapq.heappush(self.events, (errand.turn(self.rules), FORWARD, errand.key))
        if not self._has_its_time(errand):
            heapq.heappush(self.events, (self._patient_until(errand), PATIENCE, errand.key))

    def _line_up(self, errand: Errand, standing: Standing) -> None:
        self.standing[errand.key] = standing
        insort(self.lines.setdefault(frozenset(errand.desks), []), standing)

    def _leave(self, errand: Errand) -> Standing:
        standing = self.standing.pop(errand.key)
        self.lines[frozenset(errand.desks)].remove(standing)
        return standing

    def _come_forward(self, errand: Errand) -> None:
        _early, place, key = self._leave(errand)
        self._line_up(errand, (False, place, key))

    def _has_its_time(self, errand: Errand) -> bool:
        return errand.booked is not None and in_time(errand.arrived, errand.booked, self.rules)

    def _patient_until(self, errand: Errand) -> float:
        return (errand.arrived if errand.since is None else errand.since) + self.rules.patience

    def _call(self, now: float) -> None:
        """Everybody who can be called now for what has changed, in the order of the line."""
        desks, people = {key for key in self.new_desks if self._is_open(key, now)}, self.new_people
        self.new_desks, self.new_people = set(), set()
        lines = [line for able, line in self.lines.items() if line and not able.isdisjoint(desks)]
        for early, _, number in sorted({*chain(*lines), *(self.standing[key] for key in people if key in self.standing)}):
            if not desks and not people:
                break
            errand = self.by_key[number]
            asked = self.idle if number in people else desks
            people.discard(number)
            for desk in errand.desks:
                if desk in asked and self._is_open(desk, now) and self._fits(errand, early, desk, now):
                    self._serve(errand, self.idle[desk], now)
                    desks.discard(desk)
                    break

    def _is_open(self, desk: int, now: float) -> bool:
        """Whether the desk is idle and calls people now. One that has closed comes back when it opens."""
        if desk not in self.idle:
            return False
        if any(opens <= now < closes for opens, closes in self.idle[desk].spans):
            return True
        self._free(self.idle.pop(desk), now)
        return False

    def _fits(self, errand: Errand, early: bool, desk: int, now: float) -> bool:
        if not early and self._has_its_time(errand):
            return True
        booked = self.booked_at.get(desk, [])
        ahead = booked[bisect_right(booked, (now, inf)) :]
        due = next((at for at, key in ahead if key not in self.served and key != errand.key), None)
        patient = early or now < self._patient_until(errand)
        return may_take(now=now, patient=patient, minutes=errand.planned, next_booked=due)

    def _serve(self, errand: Errand, desk: OpenDesk, now: float) -> None:
        ended = now + errand.minutes
        self.served[errand.key] = Served(errand.key, desk.key, now, ended)
        self._leave(errand)
        del self.idle[desk.key]
        self._free(desk, ended)
        if errand.booked is not None and errand.desks[0] != desk.key:
            self.new_desks.add(errand.desks[0])  # which need not be kept for it any more
        for follower in self.followers.get(errand.key, ()):
            if all(key in self.served for key in follower.after if key in self.by_key):
                done = max(self.served[key].ended for key in follower.after if key in self.by_key)
                heapq.heappush(self.events, (max(done + follower.walk, follower.arrived), COMES, follower.key))
