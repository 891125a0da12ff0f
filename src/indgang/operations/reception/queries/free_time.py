"""Free time: what is open, less what is taken."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db import connection

from indgang.operations.reception.queries.house import DeskPlan, HousePlan, ResourcePlan
from indgang.operations.reception.queries.uses import uses_at_desks
from indgang.operations.reception.rules import planner
from indgang.operations.reception.rules.daytime import CELL_MINUTES, Day, cells_between, members, run

Promise = tuple[int, dt.datetime, dt.datetime, tuple[int, ...]]  # a desk, from when to when, and the interpreter and room it takes
CELL_SECONDS = CELL_MINUTES * 60

# Taken means booked, or held by somebody whose hold has not run out. No appointment crosses midnight, so its start finds its day.
# A step that is done takes its desk's time still, but its party's no longer: they have left, early perhaps, and may go to the next.
TAKEN = """
    SELECT a.desk_id, extract(epoch FROM lower(a.period))::bigint, extract(epoch FROM upper(a.period))::bigint,
      CASE WHEN v.status <> 'done' THEN v.journey_id END, v.status IN ('planned', 'waiting'),
      array_remove(ARRAY[a.interpreter_id, a.room_id], NULL)
    FROM reception_appointment a
    LEFT JOIN reception_hold h ON h.id = a.hold_id
    LEFT JOIN reception_visit v ON v.id = a.visit_id
    WHERE lower(a.period) >= %(first)s AND lower(a.period) < %(last)s AND a.freed_at IS NULL
      AND (a.hold_id IS NULL OR h.held_until > %(now)s)
"""
# The same without regard to whose they are: a row per desk, so that a month of a large house is read in milliseconds.
TAKEN_AT_DESKS = """
    SELECT a.desk_id, array_agg(date_part('epoch', lower(a.period))::bigint), array_agg(date_part('epoch', upper(a.period))::bigint)
    FROM reception_appointment a
    LEFT JOIN reception_hold h ON h.id = a.hold_id
    WHERE lower(a.period) >= %(first)s AND lower(a.period) < %(last)s AND a.freed_at IS NULL
      AND (a.hold_id IS NULL OR h.held_until > %(now)s) AND a.desk_id = ANY(%(desks)s)
    GROUP BY a.desk_id
"""
# The same for interpreters and rooms, read only where somebody needs one.
TAKEN_BESIDE = """
    SELECT used, extract(epoch FROM lower(a.period))::bigint, extract(epoch FROM upper(a.period))::bigint
    FROM reception_appointment a
    CROSS JOIN LATERAL unnest(ARRAY[a.interpreter_id, a.room_id]) AS used
    LEFT JOIN reception_hold h ON h.id = a.hold_id
    WHERE lower(a.period) >= %(first)s AND lower(a.period) < %(last)s AND a.freed_at IS NULL
      AND (a.hold_id IS NULL OR h.held_until > %(now)s) AND used = ANY(%(resources)s)
"""


@dataclass(frozen=True)
class Taken:
    """An appointment that stands: which desk, on which of the days asked for (by index), in which cells, for which journey.

    `movable`: its step has not begun. `resources`: the interpreter and the room that it takes.
    """

    desk: int
    day: int
    cells: int
    journey: UUID | None
    movable: bool
    resources: tuple[int, ...] = ()


def taken_times(days: Sequence[Day], *, now: dt.datetime, desks: Iterable[int] | None = None) -> list[Taken]:
    """Every appointment that stands on the days (consecutive, ascending), at all desks or at those named."""
    if not days:
        return []
    end = Day(days[-1].date + dt.timedelta(days=1), days[-1].zone).midnight
    sql = TAKEN
    parameters: dict[str, Any] = {"first": days[0].midnight, "last": end, "now": now}
    if desks is not None:
        sql += " AND a.desk_id = ANY(%(desks)s)"
        parameters["desks"] = list(desks)
    midnights = [int(day.midnight.timestamp()) for day in days]
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows = cursor.fetchall()
    return [_taken(midnights, *row) for row in rows]


def _taken(
    midnights: Sequence[int], desk: int, starts: int, ends: int, journey: UUID | None, movable: bool | None, resources: Sequence[int]
) -> Taken:
    day = bisect_right(midnights, starts) - 1
    first = (starts - midnights[day]) // CELL_SECONDS
    return Taken(desk, day, run(first, -((midnights[day] - ends) // CELL_SECONDS)), journey, bool(movable), tuple(resources))


def taken_at_desks(days: Sequence[Day], *, now: dt.datetime, desks: Iterable[int]) -> dict[tuple[int, int], int]:
    """The taken cells of the desks on the days (consecutive, ascending): by index of the day, and desk."""
    taken: dict[tuple[int, int], int] = {}
    if not days:
        return taken
    end = Day(days[-1].date + dt.timedelta(days=1), days[-1].zone).midnight
    midnights = [int(day.midnight.timestamp()) for day in days]
    with connection.cursor() as cursor:
        cursor.execute(TAKEN_AT_DESKS, {"first": days[0].midnight, "last": end, "now": now, "desks": list(desks)})
        rows = cursor.fetchall()
    for desk, starts, ends in rows:
        for start, end_ in zip(starts, ends, strict=True):
            day = bisect_right(midnights, start) - 1
            midnight = midnights[day]
            taken[day, desk] = taken.get((day, desk), 0) | run((start - midnight) // CELL_SECONDS, -((midnight - end_) // CELL_SECONDS))
    return taken


def taken_beside(days: Sequence[Day], *, now: dt.datetime, resources: Iterable[int]) -> dict[tuple[int, int], int]:
    """The taken cells of interpreters and rooms on the days (consecutive, ascending): by index of the day, and resource."""
    taken: dict[tuple[int, int], int] = {}
    wanted = list(resources)
    if not days or not wanted:
        return taken
    end = Day(days[-1].date + dt.timedelta(days=1), days[-1].zone).midnight
    midnights = [int(day.midnight.timestamp()) for day in days]
    with connection.cursor() as cursor:
        cursor.execute(TAKEN_BESIDE, {"first": days[0].midnight, "last": end, "now": now, "resources": wanted})
        rows = cursor.fetchall()
    for resource, start, end_ in rows:
        one = _taken(midnights, 0, start, end_, None, False, ())
        taken[one.day, resource] = taken.get((one.day, resource), 0) | one.cells
    return taken


def called_beside(plan: HousePlan, day: Day, *, now: dt.datetime) -> dict[int, int]:
    """The cells of today in which interpreters and rooms are with somebody who was called: as long as the step takes and lasts."""
    taken: dict[int, int] = {}
    for use in uses_at_desks([one.resource.id for one in plan.resources], day, now):
        taken[use.resource] = taken.get(use.resource, 0) | use.cells(day)
    return taken


class FreeTime:
    """The free cells of some desks, and of the interpreters and rooms beside them, on some days.

    Days before today have none, today has those from the present (or from `begin`) on. Appointments of the journey `ignoring` do not count
    as taken (they are about to be moved), but where it is at a desk already, and those of the journey `beside`, are taken everywhere: a
    party cannot be in two places.
    """

    def __init__(
        self,
        plan: HousePlan,
        desks: Sequence[DeskPlan],
        days: Sequence[Day],
        *,
        now: dt.datetime,
        begin: dt.datetime | None = None,
        ignoring: UUID | None = None,
        beside: UUID | None = None,
        resources: Sequence[ResourcePlan] = (),
        between: Sequence[int] = (),
    ) -> None:
        self.plan, self.desks, self.days, self.begin = plan, desks, days, begin or now
        self.resources, self.between = resources, between
        self._busy: dict[tuple[int, int], int] = {}
        self._used: dict[tuple[int, int], int] = {}
        self._beside: dict[tuple[int, int], int] = {}
        self._party: dict[int, int] = {}
        self._now = now
        if ignoring is None and beside is None:
            self._busy = taken_at_desks(days, now=now, desks=[desk.desk.id for desk in desks])
            self._used = taken_beside(days, now=now, resources=[one.resource.id for one in resources])
            return
        for taken in taken_times(days, now=now):
            if taken.journey is not None and taken.journey == ignoring and taken.movable:
                continue
            if taken.journey is not None and taken.journey in (ignoring, beside):
                self._party[taken.day] = self._party.get(taken.day, 0) | taken.cells
            self._busy[taken.day, taken.desk] = self._busy.get((taken.day, taken.desk), 0) | taken.cells
            for resource in taken.resources:
                self._used[taken.day, resource] = self._used.get((taken.day, resource), 0) | taken.cells

    @cached_property
    def _called(self) -> dict[tuple[int, int], int]:
        """Interpreters and rooms that parties have who were called, read where one is asked for today."""
        today = self._now.astimezone(self.plan.house.zone).date()
        number = next((number for number, day in enumerate(self.days) if day.date == today), None)
        if number is None:
            return {}
        return {(number, one): cells for one, cells in called_beside(self.plan, self.days[number], now=self._now).items()}

    def leave_out(self, promises: Iterable[Promise]) -> None:
        """Count these times as taken too."""
        numbers = {day.date: number for number, day in enumerate(self.days)}
        for desk, starts, ends, resources in promises:
            number = numbers.get(starts.astimezone(self.plan.house.zone).date())
            if number is not None:
                day = self.days[number]
                cells = run(day.cell_of(starts), day.cell_from(ends))
                self._busy[number, desk] = self._busy.get((number, desk), 0) | cells
                for resource in resources:
                    self._used[number, resource] = self._used.get((number, resource), 0) | cells

    def free_beside(self, number: int, resource: ResourcePlan) -> int:
        """The cells in which the interpreter or the room is free on the day of that number."""
        key = number, resource.resource.id
        if key not in self._beside:
            taken = self._used.get(key, 0) | self._called.get(key, 0)
            self._beside[key] = self.plan.resource_cells(resource, self.days[number]) & ~taken
        return self._beside[key]

    def free(self, number: int, desk: DeskPlan) -> int:
        """The desk's free cells on the day of that number."""
        day = self.days[number]
        cells = self.plan.open_cells(desk, day) & ~self._busy.get((number, desk.desk.id), 0) & ~self._party.get(number, 0)
        if self.between:
            cells &= cells_between(day, self.between)
        begin = day.cell_from(self.begin)
        return cells if begin <= 0 else cells & ~run(0, min(begin, day.cells))


def days_between(plan: HousePlan, first: dt.date, last: dt.date) -> list[Day]:
    """The days from `first` to `last`, both included."""
    return [plan.day(first + dt.timedelta(days=n)) for n in range((last - first).days + 1)]


def resources_for(plan: HousePlan, services: Iterable[str], interpreter: str = "") -> list[ResourcePlan]:
    """Every interpreter and room that one of the services may need; none in most houses, so that nothing is read for them."""
    wanted = set(services)
    return [one for one in plan.resources if (interpreter and interpreter in one.resource.languages) or one.services & wanted]


def planner_desk(free_time: FreeTime, number: int, desk: DeskPlan, services: frozenset[str], interpreter: str = "") -> planner.Desk:
    """The desk on the day of that number as the planner reads it, with what its services take beside it."""
    row, plan, date = desk.desk, free_time.plan, free_time.days[number].date
    free = free_time.free(number, desk)
    if not free_time.resources and not interpreter:
        return planner.Desk(row.id, row.zone, services, free)
    needs = {}
    for service in services:
        groups = plan.needs(desk, service, date, interpreter)
        if groups:
            needs[service] = tuple(tuple(_as_planned(free_time, number, one) for one in group) for group in groups)
    return planner.Desk(row.id, row.zone, services, free, needs)


def _as_planned(free_time: FreeTime, number: int, one: ResourcePlan) -> planner.Resource:
    """Who interprets few languages, and a room for few services, is taken first: the versatile ones stay free."""
    rank = len(one.resource.languages) + len(one.services)
    return planner.Resource(one.resource.id, free_time.free_beside(number, one), one.resource.zone, rank)


@dataclass(frozen=True)
class Slot:
    """A time at which a service can begin, and when it would end."""

    starts: dt.datetime
    ends: dt.datetime


def available_slots(
    plan: HousePlan,
    service: str,
    first: dt.date,
    last: dt.date,
    *,
    now: dt.datetime,
    adults: int = 1,
    children: int = 0,
    language: str = "",
    interpreter: str = "",
) -> list[Slot]:
    """When the service can begin at some desk of the house, with the interpreter and the room that it takes, from `first` to `last`."""
    desks = plan.desks_for(service, language, interpreter)
    days = days_between(plan, first, last)
    resources = resources_for(plan, [service], interpreter)
    free_time = FreeTime(plan, desks, days, now=now, resources=resources)
    minutes = plan.minutes(service, adults, children)
    step = planner.Step(service, minutes // CELL_MINUTES)
    slots: list[Slot] = []
    for number, day in enumerate(days):
        starts = 0
        for desk in desks:
            place = planner_desk(free_time, number, desk, frozenset([service]), interpreter)
            for _zone, fit in planner.places_at(place, step):
                starts |= fit
        slots.extend(Slot(day.instant(cell), day.instant(cell + minutes // CELL_MINUTES)) for cell in members(starts))
    return slots
