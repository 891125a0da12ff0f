"""What a desk has to do: its line, what it has finished today, and where a party goes from here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from indgang.foundation.database import clock
from indgang.operations.reception.models import Desk, Journey, Visit
from indgang.operations.reception.models.journey import AT_A_DESK, Outcome, Status
from indgang.operations.reception.queries.journeys import day_of
from indgang.operations.reception.queries.line import lines_of

RELATED = "journey__contact", "journey__house__region", "service__authority", "appointment__desk", "desk"


def parties_in_line(desks: Sequence[Desk]) -> dict[int, list[Visit]]:
    """The steps each of the desks may call now, the next one first: a handful of queries for any number of desks."""
    lines = {number: [turn.step.visit for turn in turns] for number, turns in lines_of(desks).items()}
    visits = Visit.objects.select_related(*RELATED).in_bulk({number for line in lines.values() for number in line})
    return {desk_id: [visits[number] for number in line if number in visits] for desk_id, line in lines.items()}


@dataclass(frozen=True)
class DeskLine:
    """A desk, who is there, and who waits for it."""

    desk: Desk
    present: Visit | None
    waiting: list[Visit]


def desk_lines(desks: Sequence[Desk]) -> list[DeskLine]:
    """The desks with who is there and their lines."""
    at = Visit.objects.filter(desk__in=desks, status__in=AT_A_DESK).select_related(*RELATED)
    present = {visit.desk_id: visit for visit in at}
    lines = parties_in_line(desks)
    return [DeskLine(desk, present.get(desk.pk), lines[desk.pk]) for desk in desks]


def ended_at_desk(desk: Desk) -> list[Visit]:
    """What was finished at the desk today, the newest first."""
    begins, ends = day_of(desk.house.zone, clock.today(desk.house.zone))
    rows = Visit.objects.filter(desk=desk, status=Status.DONE, ended_at__gte=begins, ended_at__lt=ends)
    return list(rows.select_related(*RELATED).order_by("-ended_at", "-id"))


def next_step_after(journey: Journey) -> tuple[Visit | None, Visit | None]:
    """The party's next open step today, and the ended one that holds it up. Read the journey `with_steps`."""
    begins, ends = day_of(journey.house.zone, clock.today(journey.house.zone))
    last = dt.datetime.max.replace(tzinfo=dt.UTC)

    def booked(visit: Visit) -> dt.datetime | None:
        appointment = getattr(visit, "appointment", None)
        return appointment.starts if appointment else None

    visits = list(journey.visits.all())
    pending = [visit for visit in visits if visit.status in [Status.PLANNED, Status.WAITING, *AT_A_DESK]]
    today = [visit for visit in pending if begins <= (booked(visit) or visit.arrived_at or last) < ends]
    if not today:
        return None, None
    following = min(today, key=lambda visit: (booked(visit) or last, visit.position))
    failed = {visit.service.key: visit for visit in visits if visit.status == Status.DONE and visit.outcome != Outcome.DONE}
    return following, next((failed[key] for key in following.after if key in failed), None)
