"""How long those in the hall will wait, from how it stands now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from indgang.foundation.database import clock
from indgang.foundation.places.models import House
from indgang.operations.reception.models import Visit
from indgang.operations.reception.models.journey import AT_A_DESK, Status
from indgang.operations.reception.queries.house import HousePlan, house_plan
from indgang.operations.reception.queries.in_line import as_waiting, planned_minutes
from indgang.operations.reception.queries.line import desks_in_line
from indgang.operations.reception.queries.next_steps import booked_at
from indgang.operations.reception.queries.past import past_of
from indgang.operations.reception.queries.room_waits import with_rooms
from indgang.operations.reception.queries.today import Today, today_in
from indgang.operations.reception.rules.daytime import CELL_MINUTES
from indgang.operations.reception.rules.hall import Errand
from indgang.operations.reception.rules.queue import DeskInLine, Waiting, serving_desks
from indgang.operations.reception.rules.waits import Desk as HallDesk
from indgang.operations.reception.rules.waits import Line, Sitting, Wait, waits

NEWCOMER = "newcomer"  # no service has this key with a past of its own
LATE_AT_MOST = dt.timedelta(minutes=10)
LOOKED_AHEAD = dt.timedelta(hours=2)  # who is booked later hardly changes the wait of anybody here


@dataclass(frozen=True)
class Told:
    """What a house tells at one moment: by number the waits of the steps in line or booked soon, None where it cannot be told; and
    by service how long somebody would wait who took a ticket now, without those that no desk will reach today. `at`: the moment.
    """

    steps: dict[int, Wait | None]
    newcomers: dict[str, Wait]
    at: dt.datetime


def worked_out(house: House) -> Told:
    """The waits at this moment. A newcomer to each service joins the end of the line, takes no time, and so is in nobody's way."""
    now, today = clock.now(), today_in(house)
    steps = _steps_of(today, now)
    hall, open_desks = _hall(today, steps, now)
    line, newcomers = _line(steps, open_desks, now), _newcomers(today, open_desks)
    past = past_of(house)
    past = replace(past, ratios={**past.ratios, NEWCOMER: (0.0,)})
    told = waits(hall, [*line, *newcomers.values()], past, today.plan.line, seed=house.pk)
    waited: dict[int, Wait | None] = {step.errand.key: told.get(step.errand.key) for step in line}
    new = {service: told[one.errand.key] for service, one in newcomers.items() if one.errand.key in told}
    return Told(*with_rooms(today, waited, new), now)


def _newcomers(today: Today, open_desks: Sequence[DeskInLine]) -> dict[str, Line]:
    """One for each service that a desk offers which is open, by service."""
    able = {key: tuple(desk.desk for desk in open_desks if key in desk.services) for key in sorted(today.plan.services)}
    services = [today.plan.services[key] for key, desks in able.items() if desks]
    return {row.key: Line(Errand(-row.pk, 0.0, 0.0, row.minutes, able[row.key]), NEWCOMER, here=True) for row in services}


def open_today(house: House) -> set[int]:
    """The desks that are open at this moment, or will be later today."""
    return set(_open_spans(house_plan(house), clock.now()))


def open_now(plan: HousePlan) -> set[int]:
    """The desks that are open at this moment."""
    return {desk for desk, spans in _open_spans(plan, clock.now()).items() if spans[0][0] <= 0}


def _hall(today: Today, steps: Sequence[Visit], now: dt.datetime) -> tuple[list[HallDesk], list[DeskInLine]]:
    """The desks that are open now or later today, as the rule of waits and as the line reads them."""
    reading = desks_in_line(today)
    sitting = {visit.desk_id: visit for visit in steps if visit.status in AT_A_DESK and visit.desk_id}
    hall = [HallDesk(desk, spans, _sitting(sitting.get(desk), now)) for desk, spans in _open_spans(today.plan, now).items()]
    return hall, [reading[number] for number in sorted({desk.key for desk in hall})]


def _steps_of(today: Today, now: dt.datetime) -> list[Visit]:
    """Those who are here, and those who are booked soon."""
    soon = [visit for visit in today.visits if visit.status == Status.PLANNED and _is_soon(booked_at(visit), now)]
    standing = [visit for visit in soon if visit.appointment.freed_at is None]
    return [*sorted(today.in_the_house, key=_number), *sorted(standing, key=_number)]


def _is_soon(starts: dt.datetime | None, now: dt.datetime) -> bool:
    return starts is not None and now - LATE_AT_MOST <= starts < now + LOOKED_AHEAD


def _number(visit: Visit) -> int:
    return visit.pk


def _open_spans(plan: HousePlan, now: dt.datetime) -> dict[int, tuple[tuple[float, float], ...]]:
    """The desks that are open now or later today, by number, with the spans in minutes from now."""
    day = plan.day(clock.today(plan.house.zone))
    minutes = (now - day.midnight).total_seconds() / 60
    found = {desk.desk.pk: _spans(plan.open_cells(desk, day), minutes) for desk in plan.desks}
    return {number: spans for number, spans in found.items() if spans}


def _spans(cells: int, now: float) -> tuple[tuple[float, float], ...]:
    """Runs of open cells as minutes from now, without those that are over."""
    spans, start = [], None
    for cell in range(cells.bit_length() + 1):
        is_open = bool(cells >> cell & 1)
        if is_open and start is None:
            start = cell
        elif not is_open and start is not None:
            spans.append((start * CELL_MINUTES - now, cell * CELL_MINUTES - now))
            start = None
    return tuple(span for span in spans if span[1] > 0)


def _sitting(visit: Visit | None, now: dt.datetime) -> Sitting | None:
    if visit is None or visit.called_at is None:
        return None
    return Sitting(visit.service.key, planned_minutes(visit), (now - visit.called_at).total_seconds() / 60)


def _line(steps: Sequence[Visit], desks: Sequence[DeskInLine], now: dt.datetime) -> list[Line]:
    """Every step as an errand of the hall. A party's further steps follow one another by booked time."""
    line: list[Line] = []
    last: dict[object, int] = {}
    late = dt.datetime.max.replace(tzinfo=dt.UTC)
    waiting = [(visit, as_waiting(visit, set())) for visit in _not_aside(steps) if visit.status not in AT_A_DESK]
    for visit, step in sorted(waiting, key=lambda pair: (pair[1].booked_at or late, pair[0].pk)):
        line.append(Line(_errand(step, desks, now, last.get(step.journey)), step.service, here=visit.status == Status.WAITING))
        last[step.journey] = step.visit
    return line


def _not_aside(steps: Sequence[Visit]) -> list[Visit]:
    """Without the parties that wait aside: nobody knows when they are back."""
    aside = {visit.journey_id for visit in steps if visit.parked_at}
    return [visit for visit in steps if visit.journey_id not in aside]


def _errand(step: Waiting, desks: Sequence[DeskInLine], now: dt.datetime, before: int | None) -> Errand:
    def from_now(at: dt.datetime | None) -> float | None:
        return (at - now).total_seconds() / 60 if at else None

    return Errand(
        key=step.visit,
        arrived=min(from_now(step.arrived_at) or 0.0, 0.0),
        minutes=step.minutes,
        planned=step.minutes,
        desks=tuple(serving_desks(step, desks)),
        booked=from_now(step.booked_at),
        head_start=step.head_start,
        after=(before,) if before is not None else (),
        since=from_now(step.since),
    )
