"""How long those in the hall will wait, from how it stands now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from django.core.cache import caches

from indgang.foundation.database import clock
from indgang.foundation.places.models import House
from indgang.operations.reception.models import Desk, Service, Visit
from indgang.operations.reception.models.journey import AT_A_DESK, Status
from indgang.operations.reception.queries.house import house_plan
from indgang.operations.reception.queries.journeys import day_of
from indgang.operations.reception.queries.line import as_waiting, desks_in_line, line_rules, planned_minutes
from indgang.operations.reception.queries.past import past_of
from indgang.operations.reception.rules.daytime import CELL_MINUTES
from indgang.operations.reception.rules.hall import Errand
from indgang.operations.reception.rules.queue import DeskInLine, Waiting, serving_desks
from indgang.operations.reception.rules.waits import Desk as HallDesk
from indgang.operations.reception.rules.waits import Line, Sitting, Wait, waits

FRESH_SECONDS = 5
KEPT_SECONDS = 60  # of a newcomer's wait, which is asked for by the five seconds of the clock: it changes when the display renews itself
NEWCOMER = "newcomer"  # no service has this key with a past of its own
LOOKED_AHEAD = dt.timedelta(hours=2)  # who is booked later hardly changes the wait of anybody here


def wait_of(visit: int, house: House) -> Wait | None:
    """The wait of one step; None where it cannot be told."""
    found = waits_in(house)
    return found.get(visit) or (None if visit in found else waits_in(house, anew=True).get(visit))


def waits_in(house: House, *, anew: bool = False) -> dict[int, Wait | None]:
    """The waits of all who wait in the house now or are booked soon, by the number of their step.

    Worked out every five seconds at most, unless `anew`.
    """
    near, key = caches["near"], f"waits:{house.pk}"
    found: dict[int, Wait | None] | None = None if anew else near.get(key)
    if found is None:
        found = worked_out_waits(house)
        near.set(key, found, FRESH_SECONDS)
    return found


def worked_out_waits(house: House) -> dict[int, Wait | None]:
    """The same, worked out now."""
    now = clock.now()
    steps = _steps_of_today(house, now)
    if not any(visit.status == Status.WAITING for visit in _not_aside(steps)):
        return {}
    hall, open_desks = _hall(house, steps, now)
    line = _line(steps, open_desks, now)
    told = waits(hall, line, past_of(house), line_rules(house), seed=house.pk)
    return {step.errand.key: told.get(step.errand.key) for step in line}


def waits_of_newcomers(house: House) -> dict[str, Wait]:
    """How long somebody would wait who took a ticket now, by service; without the services that no desk will reach today."""
    near, key = caches["near"], f"waits-of-newcomers:{house.pk}:{int(clock.now().timestamp() // FRESH_SECONDS)}"
    found: dict[str, Wait] | None = near.get(key)
    if found is None:
        found = _waits_of_newcomers(house)
        near.set(key, found, KEPT_SECONDS)
    return found


def _waits_of_newcomers(house: House) -> dict[str, Wait]:
    """One newcomer per service joins the end of the line. They take no time at the desk, so none is in another's way."""
    now = clock.now()
    steps = _steps_of_today(house, now)
    hall, open_desks = _hall(house, steps, now)
    offered = {service for desk in open_desks for service in desk.services}
    able = {service: tuple(desk.desk for desk in open_desks if service in desk.services) for service in offered}
    services = list(Service.objects.filter(region=house.region_id, key__in=able).order_by("key"))
    joining = [Line(Errand(-row.pk, 0.0, 0.0, row.minutes, able[row.key]), NEWCOMER, here=True) for row in services]
    past = past_of(house)
    past = replace(past, ratios={**past.ratios, NEWCOMER: (0.0,)})
    told = waits(hall, [*_line(steps, open_desks, now), *joining], past, line_rules(house), seed=house.pk)
    return {row.key: told[-row.pk] for row in services if -row.pk in told}


def open_today(house: House) -> set[int]:
    """The desks that are open at this moment, or will be later today."""
    return {desk.pk for desk, _spans in _open_spans(house, list(Desk.objects.filter(house=house)), clock.now())}


def open_now(house: House) -> set[int]:
    """The desks that are open at this moment."""
    desks = list(Desk.objects.filter(house=house))
    return {desk.pk for desk, spans in _open_spans(house, desks, clock.now()) if spans[0][0] <= 0}


def _hall(house: House, steps: Sequence[Visit], now: dt.datetime) -> tuple[list[HallDesk], list[DeskInLine]]:
    """The desks that are open now or later today, as the rule of waits and as the line reads them."""
    desks = list(Desk.objects.filter(house=house))
    reading = desks_in_line(desks)
    sitting = {visit.desk_id: visit for visit in steps if visit.status in AT_A_DESK and visit.desk_id}
    hall = [HallDesk(desk.pk, spans, _sitting(sitting.get(desk.pk), now)) for desk, spans in _open_spans(house, desks, now)]
    return hall, [reading[number] for number in sorted({desk.key for desk in hall})]


def _steps_of_today(house: House, now: dt.datetime) -> list[Visit]:
    """Those who are here, and those who are booked soon."""
    begins, ends = day_of(house.zone, clock.today(house.zone))
    of_house = Visit.objects.filter(journey__house=house).select_related("service", "appointment", "journey__priority")
    here = of_house.filter(status__in=[Status.WAITING, *AT_A_DESK], arrived_at__gte=begins, arrived_at__lt=ends)
    soon = of_house.filter(
        status=Status.PLANNED,
        appointment__freed_at=None,
        appointment__period__startswith__gte=now - dt.timedelta(minutes=10),
        appointment__period__startswith__lt=now + LOOKED_AHEAD,
    )
    return [*here.order_by("id"), *soon.order_by("id")]


def _open_spans(house: House, desks: Sequence[Desk], now: dt.datetime) -> list[tuple[Desk, tuple[tuple[float, float], ...]]]:
    """The desks that are open now or later today, with the spans in minutes from now."""
    plan = house_plan(house)
    day = plan.day(clock.today(house.zone))
    by_id = {desk.desk.pk: desk for desk in plan.desks}
    found = [(desk, _spans(plan.open_cells(by_id[desk.pk], day), (now - day.midnight).total_seconds() / 60)) for desk in desks]
    return [(desk, spans) for desk, spans in found if spans]


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
