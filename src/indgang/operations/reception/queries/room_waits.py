"""The waits of those whose service is done in a room: nobody is told a wait that ends before a room is free for them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from indgang.operations.reception.models.journey import Status
from indgang.operations.reception.queries.beside import Beside, standing_of
from indgang.operations.reception.queries.today import Today
from indgang.operations.reception.rules.daytime import cells_for
from indgang.operations.reception.rules.line import LineRules
from indgang.operations.reception.rules.queue import Waiting, order, parties_aside
from indgang.operations.reception.rules.rooms import Wanted, given_out
from indgang.operations.reception.rules.waits import Wait, not_before


@dataclass(frozen=True)
class Rooms:
    """The rooms of the services of a house that are done in one, and which cells of today are free in each."""

    by_service: dict[str, tuple[int, ...]]
    free: dict[int, int]
    beside: Beside


def with_rooms(
    today: Today, steps: Mapping[int, Wait | None], newcomers: Mapping[str, Wait]
) -> tuple[dict[int, Wait | None], dict[str, Wait]]:
    """The same waits, none shorter than until a room is free. No query in a house whose services need no room."""
    rooms = _rooms_of(today)
    if rooms is None:
        return dict(steps), dict(newcomers)
    wanted = [_wanted(rooms, one.visit, one.service, one.minutes, wait) for one in _in_line(today, rooms) if (wait := steps.get(one.visit))]
    floors, left = given_out(wanted, rooms.free)
    told = {key: _at_least(rooms, wait, floors.get(key)) if wait else None for key, wait in steps.items()}
    return told, {key: _newcomer(today, rooms, left, key, wait) for key, wait in newcomers.items()}


def _rooms_of(today: Today) -> Rooms | None:
    groups = {key: today.plan.rooms_for(key, today.date) for key in today.plan.services}
    all_rooms = [one for group in groups.values() for one in group]
    if not all_rooms:
        return None
    beside = Beside.of(today.plan, all_rooms)
    free = {}
    for one in beside.resources:
        free[one.resource.id] = today.plan.resource_cells(one, beside.day)
        for use in beside.uses.get(one.resource.id, []):
            free[one.resource.id] &= ~use.cells(beside.day)
    return Rooms({key: tuple(one.resource.id for one in group) for key, group in groups.items() if group}, free, beside)


def _in_line(today: Today, rooms: Rooms) -> list[Waiting]:
    """Those who wait for a room that is not kept for them, in the order of the line."""
    now, rules = rooms.beside.now, today.plan.line
    booked = {visit.pk for visit in today.in_the_house if standing_of(visit)}
    every_step = today.in_line
    aside = parties_aside(every_step)
    here = [step for step in every_step if step.status == Status.WAITING and step.journey not in aside and not step.unmet]
    found = [step for step in here if step.service in rooms.by_service and step.visit not in booked]
    return sorted(found, key=lambda step: _place(step, now, rules))


def _place(step: Waiting, now: dt.datetime, rules: LineRules) -> tuple[object, ...]:
    return (order(step, 0, now=now, rules=rules), step.visit)


def _wanted(rooms: Rooms, key: int, service: str, minutes: int, wait: Wait) -> Wanted:
    first = rooms.beside.day.cell_of(rooms.beside.now + dt.timedelta(minutes=wait.low))
    return Wanted(key, cells_for(minutes), rooms.by_service[service], first)


def _newcomer(today: Today, rooms: Rooms, left: Mapping[int, int], service: str, wait: Wait) -> Wait:
    if service not in rooms.by_service:
        return wait
    floors, _left = given_out([_wanted(rooms, 0, service, today.plan.services[service].minutes, wait)], left)
    return _at_least(rooms, wait, floors.get(0))


def _at_least(rooms: Rooms, wait: Wait, cell: int | None) -> Wait:
    if cell is None:
        return wait
    floor = (rooms.beside.day.instant(cell) - rooms.beside.now).total_seconds() / 60
    return not_before(wait, floor)
