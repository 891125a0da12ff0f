"""The planner: a party's steps through one day, or through the fewest days.

The party moves together: it is at one desk at a time, walks between zones, and takes each step once the steps it builds on are done. Among
all ways through a day the planner offers those that no other beats: none starts as late or later and ends as early or earlier. They are
sorted by end, and each has the least waiting for its end.

A step at a desk may need resources beside it, an interpreter or a room: one of each group that it needs must be free from its beginning to
its end, the same one all the time. A step that is done in a room takes place where the room is.

How: places in the same zone are alike for walking, so a state is (steps done, zone). The earliest end from a given start, and the latest
start for a given end, are each one pass over the subsets of steps; alternating the two walks the front from the earliest end onwards.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from indgang.operations.reception.rules.daytime import cells_for, first_from, last_until, starts_that_fit

Walks = Mapping[tuple[str, str], int]


@dataclass(frozen=True)
class Step:
    """A service the party needs, for so many cells, after other services (those that are not in the plan count as done)."""

    service: str
    cells: int
    after: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Resource:
    """An interpreter or a room on one day: the cells in which it is free, and where a room is ("": it comes to the desk).

    `rank`: among those that are free alike the lowest is taken.
    """

    id: int
    free: int
    zone: str = ""
    rank: int = 0


Groups = tuple[tuple[Resource, ...], ...]


@dataclass(frozen=True)
class Desk:
    """A desk on one day: where it stands, what it offers, and the cells in which it is free for this party.

    `needs`, by service: groups of resources, of each of which the step takes one. At most one group has zones.
    """

    id: int
    zone: str
    services: frozenset[str]
    free: int
    needs: Mapping[str, Groups] = field(default_factory=dict)


@dataclass(frozen=True)
class Stop:
    """A step at a desk, in cells `[start, end)`, with the resources it needs, in the order of their groups."""

    service: str
    desk: int
    start: int
    end: int
    resources: tuple[int, ...] = ()


@dataclass(frozen=True)
class Itinerary:
    """A way through one day, in the order of time."""

    stops: tuple[Stop, ...]

    @property
    def start(self) -> int:
        """When the first step begins."""
        return self.stops[0].start

    @property
    def end(self) -> int:
        """When the last step ends."""
        return self.stops[-1].end

    @property
    def idle(self) -> int:
        """Cells between the steps, walking included."""
        return self.end - self.start - sum(stop.end - stop.start for stop in self.stops)


class _Choice(NamedTuple):
    """The next step of a plan made backwards: when it must start at the latest, which step, and in which zone."""

    start: int
    step: int
    zone: str


class DayPlan:
    """One day's places for the steps, and the ways through them. `walks`: minutes between two zones, in either order (missing: none)."""

    def __init__(self, steps: Sequence[Step], desks: Sequence[Desk], walks: Walks) -> None:
        self.steps = steps
        self.desks = desks
        self.full = (1 << len(steps)) - 1
        index = {step.service: number for number, step in enumerate(steps)}
        self.before = [sum(1 << index[service] for service in step.after if service in index) for step in steps]
        rooms = {one.zone for desk in desks for groups in desk.needs.values() for group in groups for one in group if one.zone}
        self.zones = sorted({desk.zone for desk in desks} | rooms)
        self.walk = {(a, b): _walking_cells(walks, a, b) for a in self.zones for b in self.zones}
        self.starts = [self._starts_by_zone(step) for step in steps]

    def _starts_by_zone(self, step: Step) -> dict[str, int]:
        """The cells at which the step can begin, per zone."""
        starts: dict[str, int] = {}
        for desk in self.desks:
            if step.service in desk.services:
                for zone, fit in places_at(desk, step):
                    if fit:
                        starts[zone] = starts.get(zone, 0) | fit
        return starts

    def _open_steps(self, done: int) -> list[int]:
        """The steps that may come next."""
        return [number for number, before in enumerate(self.before) if not done >> number & 1 and before & done == before]

    def earliest_ends(self, done: int, not_before: int) -> dict[int, int]:
        """From `done`, starting at `not_before` or later: the earliest end for every set of steps that can be reached, `done` left out."""
        best: dict[int, dict[str, int]] = {done: {"": not_before}}
        for state in range(done, self.full):
            for zone, time in best.get(state, {}).items():
                for number in self._open_steps(state):
                    length = self.steps[number].cells
                    for there, starts in self.starts[number].items():
                        start = first_from(starts, time + (self.walk[zone, there] if zone else 0))
                        if start is None:
                            continue
                        reached = best.setdefault(state | 1 << number, {})
                        if start + length < reached.get(there, start + length + 1):
                            reached[there] = start + length
        return {state: min(times.values()) for state, times in best.items() if state != done}

    def latest_start(self, done: int, goal: int, end: int) -> Itinerary:
        """From `done` to `goal`, ending at `end` or before: the itinerary that starts latest. There must be one."""
        choices: dict[int, dict[str, _Choice]] = {}
        for state in range(goal - 1, done - 1, -1):
            if state & done != done or state | goal != goal:
                continue
            found = self._latest_choices(state, goal, end, choices)
            if found:
                choices[state] = found
        return self._follow(done, goal, choices)

    def _latest_choices(self, state: int, goal: int, end: int, choices: Mapping[int, Mapping[str, _Choice]]) -> dict[str, _Choice]:
        """For each zone the party may stand in after `state`: the next step that lets it leave there latest."""
        leaving: dict[str, int] = {}
        chosen: dict[str, _Choice] = {}
        for number in self._open_steps(state):
            after = state | 1 << number
            if after | goal != goal:
                continue
            for there, starts in self.starts[number].items():
                limit = end if after == goal else self._leave_by(choices.get(after, {}).get(there), there)
                start = last_until(starts, limit - self.steps[number].cells)
                if start is None:
                    continue
                for zone in ("", *self.zones):
                    leave = start - (self.walk[zone, there] if zone else 0)
                    if leave > leaving.get(zone, -1):
                        leaving[zone] = leave
                        chosen[zone] = _Choice(start, number, there)
        return chosen

    def _leave_by(self, choice: _Choice | None, zone: str) -> int:
        """When the party must leave `zone` for its next step; never, when there is none."""
        return choice.start - self.walk[zone, choice.zone] if choice else -1

    def _follow(self, done: int, goal: int, choices: Mapping[int, Mapping[str, _Choice]]) -> Itinerary:
        """The stops along the choices."""
        stops, state, zone = [], done, ""
        while state != goal:
            start, number, zone = choices[state][zone]
            step = self.steps[number]
            desk, resources = self._place_for(step, zone, start)
            stops.append(Stop(step.service, desk, start, start + step.cells, resources))
            state |= 1 << number
        return Itinerary(tuple(stops))

    def _place_for(self, step: Step, zone: str, start: int) -> tuple[int, tuple[int, ...]]:
        """The desk to take: the one that needs the fewest resources, then that does the fewest other things, so that those stay free."""
        fitting = [
            desk
            for desk in self.desks
            if step.service in desk.services and any(there == zone and fit >> start & 1 for there, fit in places_at(desk, step))
        ]
        desk = min(fitting, key=lambda desk: (len(desk.needs.get(step.service, ())), len(desk.services), desk.id))
        return desk.id, tuple(_taken(group, step, zone, start) for group in desk.needs.get(step.service, ()))


def places_at(desk: Desk, step: Step) -> Iterator[tuple[str, int]]:
    """Where the step can be done at that desk, and from which cells on. One of each group: the fits are joined, never the free cells,
    or two who are there one after the other would count as one who stays.
    """
    fit, rooms = starts_that_fit(desk.free, step.cells), None
    for group in desk.needs.get(step.service, ()):
        if any(one.zone for one in group):
            rooms = group
            continue
        somebody = 0
        for one in group:
            somebody |= starts_that_fit(one.free, step.cells)
        fit &= somebody
    if rooms is None:
        yield desk.zone, fit
        return
    for room in rooms:
        yield room.zone, fit & starts_that_fit(room.free, step.cells)


def _taken(group: Sequence[Resource], step: Step, zone: str, start: int) -> int:
    """The resource of the group to take."""
    fitting = [one for one in group if one.zone in ("", zone) and starts_that_fit(one.free, step.cells) >> start & 1]
    return min(fitting, key=lambda one: (one.rank, one.id)).id


def _walking_cells(walks: Walks, a: str, b: str) -> int:
    minutes = 0 if a == b else walks.get((a, b), walks.get((b, a), 0))
    return cells_for(minutes) if minutes else 0


def earliest_itineraries(plan: DayPlan, *, not_before: int = 0, limit: int, apart: int = 1) -> list[Itinerary]:
    """The ways through one day that no other beats, by end: at most `limit`, starting at cell `not_before` or later.

    With `apart`, those of them that start at least so many cells after the one before.
    """
    found: list[Itinerary] = []
    while len(found) < limit:
        end = plan.earliest_ends(0, not_before).get(plan.full)
        if end is None:
            break
        found.append(plan.latest_start(0, plan.full, end))
        not_before = found[-1].start + apart
    return found


@dataclass(frozen=True)
class Part:
    """What is done on one of several days: the day's number in the sequence given, and the way through it."""

    day: int
    itinerary: Itinerary


def fewest_days(days: Sequence[DayPlan], *, not_before: int = 0) -> list[Part]:
    """The steps spread over the fewest days that hold them; among those the earliest end, then the least waiting.

    `days` are in order and plan the same steps; `not_before` concerns the first of them. Every day but the last is planned like a day of
    its own: earliest end, then least waiting. Empty when even all days together do not hold the steps.
    """
    if not days:
        return []
    full = days[0].full
    reached: dict[int, tuple[int, list[Part]]] = {0: (-1, [])}
    soonest: dict[int, int] = {}  # the earliest day by which a set of steps was done, on however many days
    for _ in days[0].steps:
        further: dict[int, tuple[int, list[Part]]] = {}
        for number, plan in enumerate(days):
            begin = not_before if number == 0 else 0
            finals = []
            for done, (last_day, parts) in reached.items():
                if last_day >= number:
                    continue
                for goal, end in plan.earliest_ends(done, begin).items():
                    if goal == full:
                        finals.append([*parts, Part(number, plan.latest_start(done, goal, end))])
                    elif goal not in further and number < soonest.get(goal, len(days)):
                        further[goal] = (number, [*parts, Part(number, plan.latest_start(done, goal, end))])
            if finals:
                return min(finals, key=lambda parts: (parts[-1].itinerary.end, sum(part.itinerary.idle for part in parts)))
        reached = further
        soonest |= {done: last_day for done, (last_day, _parts) in further.items()}
    return []
