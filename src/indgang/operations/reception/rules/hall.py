"""A hall full of parties and desks, played forward: who is called where and when, by the rules of the line. Pure and exact.

It is the engine of the waiting times shown to people (played many times with drawn durations) and of the simulated month (played once,
with what happens in it). Times are minutes on one clock.
"""

from __future__ import annotations

import heapq
from bisect import insort
from collections.abc import Sequence
from dataclasses import dataclass, field

from indgang.operations.reception.rules.line import LineRules, counts_from, in_time, may_take, turn_from


@dataclass(frozen=True)
class Errand:
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


@dataclass
class _Hall:
    errands: Sequence[Errand]
    desks: Sequence[OpenDesk]
    rules: LineRules
    served: dict[int, Served] = field(default_factory=dict)
    events: list[tuple[float, int, int]] = field(default_factory=list)  # when, what, whom
    line: list[tuple[bool, float, int]] = field(default_factory=list)  # early, place, key
    idle: dict[int, OpenDesk] = field(default_factory=dict)

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
            self._call(now)
        return self.served

    def _expect(self, errand: Errand) -> None:
        if errand.booked is not None and errand.desks:
            insort(self.booked_at.setdefault(errand.desks[0], []), (errand.booked, errand.key))
        open_before = [key for key in errand.after if key in self.by_key]
        for key in open_before:
            self.followers.setdefault(key, []).append(errand)
        if not open_before:
            self.events.append((errand.arrived, 1, errand.key))

    def _free(self, desk: OpenDesk, at: float) -> None:
        opens = desk.opens_at(at)
        if opens is not None:
            heapq.heappush(self.events, (opens, 0, desk.key))

    def _happen(self, now: float, what: int, whom: int) -> None:
        if what == 0:
            self.idle[whom] = self.desk_by_key[whom]
        elif what == 1:
            self._stand(self.by_key[whom], now)
        elif what == 2 and whom not in self.served:
            self._come_forward(self.by_key[whom])

    def _stand(self, errand: Errand, now: float) -> None:
        early = errand.turn(self.rules) > now
        insort(self.line, (early, now if errand.anew else errand.place(self.rules), errand.key))
        if early:
            heapq.heappush(self.events, (errand.turn(self.rules), 2, errand.key))
        elif not self._has_its_time(errand):
            heapq.heappush(self.events, (self._patient_until(errand), 3, errand.key))  # somebody must look again then

    def _come_forward(self, errand: Errand) -> None:
        place = errand.place(self.rules)
        if (True, place, errand.key) in self.line:
            self.line.remove((True, place, errand.key))
            insort(self.line, (False, place, errand.key))

    def _has_its_time(self, errand: Errand) -> bool:
        return errand.booked is not None and in_time(errand.arrived, errand.booked, self.rules)

    def _patient_until(self, errand: Errand) -> float:
        return (errand.arrived if errand.since is None else errand.since) + self.rules.patience

    def _call(self, now: float) -> None:
        """Everybody who can be called now, in the order of the line."""
        for closed in [desk for desk in self.idle.values() if not _is_open(desk, now)]:
            del self.idle[closed.key]
            self._free(closed, now)
        position = 0
        while self.idle and position < len(self.line):
            early, _, number = self.line[position]
            errand = self.by_key[number]
            desk = next((self.idle[key] for key in errand.desks if key in self.idle and self._fits(errand, early, key, now)), None)
            if desk is None:
                position += 1
                continue
            del self.line[position]
            self._serve(errand, desk, now)

    def _fits(self, errand: Errand, early: bool, desk: int, now: float) -> bool:
        if self._has_its_time(errand) and not early:
            return True
        due = next((at for at, key in self.booked_at.get(desk, ()) if at > now and key not in self.served and key != errand.key), None)
        patient = early or now < self._patient_until(errand)
        return may_take(now=now, patient=patient, minutes=errand.planned, next_booked=due)

    def _serve(self, errand: Errand, desk: OpenDesk, now: float) -> None:
        ended = now + errand.minutes
        self.served[errand.key] = Served(errand.key, desk.key, now, ended)
        del self.idle[desk.key]
        self._free(desk, ended)
        for follower in self.followers.get(errand.key, ()):
            if all(key in self.served for key in follower.after if key in self.by_key):
                done = max(self.served[key].ended for key in follower.after if key in self.by_key)
                heapq.heappush(self.events, (max(done + follower.walk, follower.arrived), 1, follower.key))


def _is_open(desk: OpenDesk, now: float) -> bool:
    return any(opens <= now < closes for opens, closes in desk.spans)
