"""What a party does next, and since when it waits for it: one answer for the board, the desk and every message."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from indgang.foundation.database import clock
from indgang.operations.reception.models import Visit
from indgang.operations.reception.models.journey import AT_A_DESK, Outcome, Status
from indgang.operations.reception.rules.line import LineRules, waits_since

AHEAD = [Status.PLANNED, Status.WAITING]
LAST = dt.datetime.max.replace(tzinfo=dt.UTC)


def booked_at(visit: Visit) -> dt.datetime | None:
    """When the step is booked for."""
    appointment = getattr(visit, "appointment", None)
    return appointment.starts if appointment else None


def blockers(visit: Visit, visits: Iterable[Visit]) -> list[Visit]:
    """The steps of the party that must be done with success before this one, and are not."""
    standing = [other for other in visits if other.status != Status.CANCELLED and other.outcome != Outcome.DONE]
    return [other for other in standing if other.service.key in visit.after]


def next_of(visits: Sequence[Visit]) -> Visit | None:
    """The step at a desk; else the first one, by time, that can be done; else the first one. `visits`: all of the party that matter."""
    pending = [visit for visit in visits if visit.status in [*AHEAD, *AT_A_DESK]]
    return min(pending, default=None, key=lambda visit: _rank(visit, visits))


def _rank(visit: Visit, visits: Sequence[Visit]) -> tuple[bool, bool, dt.datetime, int, int]:
    waits_for_another = bool(blockers(visit, visits))
    return (visit.status not in AT_A_DESK, waits_for_another, booked_at(visit) or LAST, visit.position, visit.pk)


def held_up_by(visit: Visit, visits: Sequence[Visit]) -> Visit | None:
    """The step without which this one cannot be done in its time: one that ended without success, or is to be done only after it."""
    starts = booked_at(visit) or LAST
    return next((other for other in blockers(visit, visits) if other.status == Status.DONE or _after(other, starts)), None)


def _after(other: Visit, starts: dt.datetime) -> bool:
    return other.status in AHEAD and starts < LAST and (booked_at(other) or dt.datetime.min.replace(tzinfo=dt.UTC)) >= starts


def stands_in_line(visit: Visit) -> bool:
    """Whether its booked time has passed and the party, who is here, simply waits in line for it."""
    starts = booked_at(visit)
    return visit.status == Status.WAITING and starts is not None and starts <= clock.now()


def waiting_since(visit: Visit, visits: Iterable[Visit], rules: LineRules) -> dt.datetime | None:
    """Since when a step waits, as it is told in minutes. `visits`: all of the party, of today."""
    came = visit.counts_from or visit.arrived_at
    if came is None:
        return None
    ended = [other.ended_at for other in visits if other.ended_at and other.pk != visit.pk]
    return waits_since(max([came, *ended]), booked_at(visit), rules)
