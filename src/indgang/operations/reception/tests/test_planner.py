"""The planner against a brute-force oracle that tries every order, every desk, every start, and every interpreter and room."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from indgang.operations.reception.rules.daytime import cells_for, run
from indgang.operations.reception.rules.planner import (
    DayPlan,
    Desk,
    Itinerary,
    Resource,
    Step,
    Stop,
    earliest_itineraries,
    fewest_days,
)

CELLS = 14
SERVICES = ["permit", "cpr", "tax", "mitid"]
ZONES = ["hall", "upstairs"]


def ways(steps: Sequence[Step], desks: Sequence[Desk], walks: dict[tuple[str, str], int], not_before: int) -> Iterator[Itinerary]:
    """Every way through the day there is."""
    names = {step.service for step in steps}
    for order in itertools.permutations(steps):
        if any(later.service in earlier.after & names for n, earlier in enumerate(order) for later in order[n + 1 :]):
            continue
        yield from _extend((), order, desks, walks, not_before)


def _extend(
    stops: tuple[Stop, ...], rest: Sequence[Step], desks: Sequence[Desk], walks: dict[tuple[str, str], int], at: int
) -> Iterator[Itinerary]:
    if not rest:
        yield Itinerary(stops)
        return
    step = rest[0]
    here = _zone_of(stops[-1], desks) if stops else ""
    for desk in desks:
        if step.service not in desk.services:
            continue
        for beside in itertools.product(*desk.needs.get(step.service, ())):
            zone = next((one.zone for one in beside if one.zone), desk.zone)
            minutes = walks.get((here, zone), walks.get((zone, here), 0)) if here not in ("", zone) else 0
            for start in range(at + (cells_for(minutes) if minutes else 0), CELLS):
                wanted = run(start, start + step.cells)
                if not any(wanted & ~free for free in (desk.free, *(one.free for one in beside))):
                    stop = Stop(step.service, desk.id, start, start + step.cells, tuple(one.id for one in beside))
                    yield from _extend((*stops, stop), rest[1:], desks, walks, stop.end)


def _zone_of(stop: Stop, desks: Sequence[Desk]) -> str:
    """Where the step is done: in its room, else at the desk."""
    desk = next(desk for desk in desks if desk.id == stop.desk)
    beside = [one for group in desk.needs.get(stop.service, ()) for one in group if one.id in stop.resources]
    return next((one.zone for one in beside if one.zone), desk.zone)


def front(itineraries: Sequence[Itinerary]) -> list[tuple[int, int]]:
    """The pairs (end, idle) of the ways that no other beats, by end."""
    best: dict[int, int] = {}
    for way in itineraries:
        best[way.end] = max(best.get(way.end, -1), way.start)
    kept, latest = [], -1
    service = sum(stop.end - stop.start for stop in itineraries[0].stops) if itineraries else 0
    for end in sorted(best):
        if best[end] > latest:
            latest = best[end]
            kept.append((end, end - latest - service))
    return kept


@st.composite
def days(draw: st.DrawFn) -> tuple[list[Step], list[Desk], dict[tuple[str, str], int]]:
    count = draw(st.integers(1, 3))
    steps = [
        Step(
            SERVICES[n],
            draw(st.integers(1, 3)),
            frozenset(draw(st.sets(st.sampled_from([*SERVICES[:n], "elsewhere"]), max_size=2))),
        )
        for n in range(count)
    ]
    beside = _beside(draw)
    desks = [
        Desk(
            n,
            draw(st.sampled_from(ZONES)),
            frozenset(draw(st.sets(st.sampled_from(SERVICES[:count]), min_size=1))),
            draw(st.integers(0, (1 << CELLS) - 1)),
            {service: _some(draw, beside) for service in draw(st.sets(st.sampled_from(SERVICES[:count])))},
        )
        for n in range(draw(st.integers(1, 4)))
    ]
    return steps, desks, {("hall", "upstairs"): draw(st.integers(0, 11))}


EVERYTHING = run(0, CELLS)


def _beside(draw: st.DrawFn) -> tuple[list[Resource], list[Resource]]:
    """Interpreters, who come to the desk, and rooms."""
    free = st.integers(0, (1 << CELLS) - 1)
    interpreters = [Resource(100 + n, draw(free), "", draw(st.integers(0, 1))) for n in range(draw(st.integers(0, 3)))]
    rooms = [Resource(200 + n, draw(free), draw(st.sampled_from([*ZONES, "cellar"]))) for n in range(draw(st.integers(0, 2)))]
    return interpreters, rooms


def _some(draw: st.DrawFn, beside: tuple[list[Resource], list[Resource]]) -> tuple[tuple[Resource, ...], ...]:
    """What a service needs at a desk: an interpreter, a room, both; none may be there for it."""
    groups = []
    for kind in beside:
        if draw(st.booleans()):
            groups.append(tuple(draw(st.lists(st.sampled_from(kind), unique=True))) if kind else ())
    return tuple(groups)


@settings(max_examples=300, deadline=None)
@given(days(), st.integers(0, 6))
@example(([Step("cpr", 2, frozenset({"permit"})), Step("permit", 1)], [Desk(1, "hall", frozenset({"cpr", "permit"}), EVERYTHING)], {}), 3)
def test_the_planner_offers_exactly_the_ways_that_no_other_beats(
    day: tuple[list[Step], list[Desk], dict[tuple[str, str], int]], not_before: int
) -> None:
    steps, desks, walks = day
    offered = earliest_itineraries(DayPlan(steps, desks, walks), not_before=not_before, limit=CELLS)
    every_way = list(ways(steps, desks, walks, not_before))
    assert [(way.end, way.idle) for way in offered] == front(every_way)
    assert set(offered) <= set(every_way)


@settings(max_examples=120, deadline=None)
@given(days(), st.data())
def test_a_split_takes_the_fewest_days_and_then_the_earliest_end(
    day: tuple[list[Step], list[Desk], dict[tuple[str, str], int]], data: st.DataObject
) -> None:
    steps, desks, walks = day
    frees = [data.draw(st.lists(st.integers(0, (1 << CELLS) - 1), min_size=len(desks), max_size=len(desks))) for _ in range(3)]
    sequence = [[replace(desk, free=free) for desk, free in zip(desks, row, strict=True)] for row in frees]
    parts = fewest_days([DayPlan(steps, row, walks) for row in sequence])
    assert _key(parts) == min((_key_of(split) for split in _splits(steps, sequence, walks)), default=None)


def _key(parts: Sequence[object]) -> tuple[int, int, int] | None:
    return (len(parts), parts[-1].day, parts[-1].itinerary.end) if parts else None  # type: ignore[attr-defined]


def _key_of(split: list[tuple[int, int]]) -> tuple[int, int, int]:
    return (len(split), split[-1][0], split[-1][1])


def _splits(
    steps: Sequence[Step], sequence: Sequence[Sequence[Desk]], walks: dict[tuple[str, str], int]
) -> Iterator[list[tuple[int, int]]]:
    """Every assignment of steps to days that holds: as (day, earliest end) for each day used."""
    position = {step.service: n for n, step in enumerate(steps)}
    for chosen in itertools.product(range(len(sequence)), repeat=len(steps)):
        if any(chosen[position[before]] > chosen[n] for n, step in enumerate(steps) for before in step.after if before in position):
            continue
        split = []
        for day in sorted(set(chosen)):
            part = [step for n, step in enumerate(steps) if chosen[n] == day]
            ends = [way.end for way in ways(part, sequence[day], walks, 0)]
            if not ends:
                break
            split.append((day, min(ends)))
        else:
            yield split


def test_a_circle_of_steps_has_no_way_through() -> None:
    steps = [Step("cpr", 1, frozenset({"tax"})), Step("tax", 1, frozenset({"cpr"}))]
    assert earliest_itineraries(DayPlan(steps, [Desk(1, "hall", frozenset({"cpr", "tax"}), EVERYTHING)], {}), limit=3) == []


def test_the_desk_that_does_the_fewest_other_things_is_taken() -> None:
    desks = [Desk(1, "hall", frozenset({"cpr", "mitid"}), EVERYTHING), Desk(2, "hall", frozenset({"cpr"}), EVERYTHING)]
    assert earliest_itineraries(DayPlan([Step("cpr", 2)], desks, {}), limit=1)[0].stops == (Stop("cpr", 2, 0, 2),)


def test_two_interpreters_one_after_the_other_are_not_one_who_stays() -> None:
    half, other = Resource(1, run(0, 2)), Resource(2, run(2, 6))
    desk = Desk(1, "hall", frozenset({"cpr"}), EVERYTHING, {"cpr": ((half, other),)})
    assert earliest_itineraries(DayPlan([Step("cpr", 3)], [desk], {}), limit=1)[0].stops == (Stop("cpr", 1, 2, 5, (2,)),)


def test_a_desk_that_needs_no_interpreter_is_taken_before_one_that_does() -> None:
    needs = {"cpr": ((Resource(7, EVERYTHING),),)}
    desks = [Desk(1, "hall", frozenset({"cpr"}), EVERYTHING, needs), Desk(2, "hall", frozenset({"cpr", "mitid"}), EVERYTHING)]
    assert earliest_itineraries(DayPlan([Step("cpr", 2)], desks, {}), limit=1)[0].stops == (Stop("cpr", 2, 0, 2),)


def test_a_step_in_a_room_takes_place_where_the_room_is() -> None:
    steps = [Step("cpr", 2), Step("tax", 1, frozenset({"cpr"}))]
    needs = {"tax": ((Resource(9, EVERYTHING, "cellar"),),)}
    desks = [Desk(1, "hall", frozenset({"cpr"}), EVERYTHING), Desk(2, "hall", frozenset({"tax"}), EVERYTHING, needs)]
    way = earliest_itineraries(DayPlan(steps, desks, {("hall", "cellar"): 10}), limit=1)[0]
    assert way.stops[1] == Stop("tax", 2, 4, 5, (9,))


@pytest.mark.parametrize(("minutes", "start"), [(0, 2), (1, 3), (5, 3), (6, 4)])
def test_walking_takes_whole_cells(minutes: int, start: int) -> None:
    steps = [Step("cpr", 2), Step("tax", 1, frozenset({"cpr"}))]
    desks = [Desk(1, "hall", frozenset({"cpr"}), run(0, 2)), Desk(2, "upstairs", frozenset({"tax"}), EVERYTHING)]
    way = earliest_itineraries(DayPlan(steps, desks, {("upstairs", "hall"): minutes}), limit=1)[0]
    assert way.stops[1].start == start


def test_a_set_of_steps_done_sooner_on_more_days_is_not_forgotten() -> None:
    steps = [Step("permit", 1), Step("cpr", 1, frozenset({"permit"})), Step("tax", 1, frozenset({"cpr"}))]
    offered = ({"permit"}, {"cpr"}, {"tax"}, {"permit", "cpr"})  # the last day alone would do two steps, but too late for the third
    days = [DayPlan(steps, [Desk(1, "hall", frozenset(services), EVERYTHING)], {}) for services in offered]
    assert [part.day for part in fewest_days(days)] == [0, 1, 2]
