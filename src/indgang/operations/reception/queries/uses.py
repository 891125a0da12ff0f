"""Who has the interpreters and rooms of a house today, and who is to have them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import Q

from indgang.foundation.places.models import House
from indgang.operations.reception.models import Visit
from indgang.operations.reception.models.journey import AT_A_DESK, Status
from indgang.operations.reception.queries.in_line import planned_minutes
from indgang.operations.reception.rules.daytime import Day, run

# Booked for a step that has not begun, or held. A step at a desk counts by what it took with the call, whatever it is booked with.
AHEAD = """
    SELECT used, lower(a.period), upper(a.period), v.journey_id, v.status = 'waiting' AND v.parked_at IS NULL
    FROM reception_appointment a
    CROSS JOIN LATERAL unnest(ARRAY[a.interpreter_id, a.room_id]) AS used
    LEFT JOIN reception_hold h ON h.id = a.hold_id
    LEFT JOIN reception_visit v ON v.id = a.visit_id
    WHERE lower(a.period) >= %(first)s AND lower(a.period) < %(last)s AND a.freed_at IS NULL AND used = ANY(%(resources)s)
      AND (h.held_until > %(now)s OR v.status IN ('planned', 'waiting'))
    ORDER BY a.period
"""


@dataclass(frozen=True)
class Use:
    """An interpreter or a room for a while. `visit`: the step at a desk that has it, and `due`, when it was to end.

    Without a visit it is booked or held for `journey`.
    """

    resource: int
    starts: dt.datetime
    ends: dt.datetime
    journey: UUID | None
    visit: Visit | None = None
    due: dt.datetime | None = None

    def cells(self, day: Day) -> int:
        """The cells of the day that it takes."""
        return run(max(day.cell_of(self.starts), 0), day.cell_from(self.ends))


def uses_at_desks(resources: Collection[int], day: Day, now: dt.datetime) -> list[Use]:
    """What was taken with the calls of the day: for as long as the step takes, and as long as it lasts.

    A step that somebody forgot to end on another day has nothing any more.
    """
    taken = Q(interpreter__in=resources) | Q(room__in=resources)
    rows = Visit.objects.filter(taken, status__in=AT_A_DESK).exclude(called_at__lt=day.midnight)
    found = []
    for visit in rows.select_related("service", "desk", "appointment", "journey__house__region").order_by("pk"):
        begins = visit.started_at or visit.last_called_at or visit.called_at or now
        due = begins + dt.timedelta(minutes=planned_minutes(visit))
        ends = max(due, day.instant(day.cell_of(now) + 1))
        has = [one for one in (visit.interpreter_id, visit.room_id) if one in resources]
        found += [Use(one, min(begins, now), ends, visit.journey_id, visit, due) for one in has if one]
    return found


def with_parties(resources: Collection[int], now: dt.datetime) -> list[Use]:
    """The same for those of any houses."""
    houses = House.objects.filter(resources__in=resources).select_related("region").distinct() if resources else []
    return [use for house in houses for use in uses_at_desks(resources, Day(now.astimezone(house.zone).date(), house.zone), now)]


def uses_ahead(resources: Collection[int], day: Day, now: dt.datetime) -> list[Use]:
    """What is booked or held on the day. Who is here and waits to be called keeps it after the booked time too."""
    last = day.instant(day.cells)
    with connection.cursor() as cursor:
        cursor.execute(AHEAD, {"first": day.midnight, "last": last, "now": now, "resources": list(resources)})
        rows = cursor.fetchall()
    return [Use(one, starts, max(ends, now + (ends - starts)) if waits else ends, journey) for one, starts, ends, journey, waits in rows]


def forgotten(resource: int, field: str, day: Day) -> int:
    """Give back what a step has that was called on another day and never ended; how many there were. Within a transaction."""
    steps = Visit.objects.filter(**{field: resource}, status__in=[Status.CALLED, Status.SERVING], called_at__lt=day.midnight)
    return steps.update(**{field: None})
