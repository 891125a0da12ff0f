"""The rows behind a figure: exactly those that it counts, and of them those that the reader may see."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from indgang.foundation.access.actors import Actor, require
from indgang.foundation.measures.declared import Scope
from indgang.operations.reception import permissions
from indgang.operations.reception.models import Turn
from indgang.operations.reception.queries.journeys import visits_visible_to
from indgang.operations.reception.queries.statistics import MEASURED, OF_DAYS, PARTIES, UNSERVED, read

PARTS_OF_STEPS = ("hour", "weekday", "service", "stay-hour", "stay-weekday", "desk", "municipality")
PARTS = (*PARTS_OF_STEPS, "unserved-hour", "unserved-service", "unserved-day", "unknown-day")
LENGTHS = {"waiting": "waiting", "walking": "walking", "service-time": "service"}

# A row for each step that ended.
STEPS = f"""
    WITH {MEASURED}
    SELECT measured.id, waiting, walking, service
    FROM measured JOIN reception_service AS service_of ON service_of.id = service_id LEFT JOIN reception_desk AS desk ON desk.id = desk_id
    WHERE CASE %(part)s WHEN 'hour' THEN hour::text WHEN 'weekday' THEN weekday::text WHEN 'service' THEN service_of.key
          WHEN 'desk' THEN coalesce(desk.key, '') ELSE %(key)s END = %(key)s
      AND CASE %(length)s WHEN 'waiting' THEN waiting IS NOT NULL WHEN 'walking' THEN walking IS NOT NULL
          WHEN 'service' THEN service IS NOT NULL ELSE true END
"""
# A row for each step with which people count for their day, and how many do.
CITIZENS = f"""
    WITH {OF_DAYS}
    SELECT id, count(*) FROM citizens WHERE %(part)s <> 'municipality' OR code = %(key)s GROUP BY id
"""
# A row for each party and day of which the way from door to door is known: its last step.
STAYS = f"""
    WITH {OF_DAYS}
    SELECT DISTINCT ON (journey_id, day) ended.id, stay
    FROM ended JOIN days USING (journey_id, day)
    WHERE stay IS NOT NULL
      AND CASE %(part)s WHEN 'stay-hour' THEN hour::text WHEN 'stay-weekday' THEN weekday::text ELSE %(key)s END = %(key)s
    ORDER BY journey_id, day, ended_at DESC, ended.id DESC
"""
# A row for each party and day with a booking of which it is known whether it came, and whether it did.
CAME = f"""
    WITH {PARTIES}
    SELECT id, false FROM away WHERE outcome = 'no-show'
    UNION ALL (
        SELECT DISTINCT ON (journey_id, day) id, true FROM (
            SELECT ended.id, ended.ended_at, journey_id, day, 1 AS of_kind FROM ended JOIN days USING (journey_id, day) WHERE booked
            UNION ALL SELECT id, NULL, journey_id, day, 2 FROM unserved WHERE booked
            UNION ALL SELECT id, NULL, journey_id, day, 3 FROM noted WHERE outcome = 'came'
        ) AS turn
        ORDER BY journey_id, day, of_kind, ended_at DESC, CASE of_kind WHEN 1 THEN -id ELSE id END
    )
"""
# A row for each party and day of which nobody noted whether it came: its first booked step.
NOT_KNOWN = f"""
    WITH {PARTIES}
    SELECT id FROM away WHERE outcome = 'not-noted' AND CASE %(part)s WHEN 'unknown-day' THEN day::text ELSE %(key)s END = %(key)s
"""
# A row for each step of a party that was there when the house closed.
NOT_SERVED = f"""
    WITH {UNSERVED}
    SELECT unserved.id FROM unserved JOIN reception_service AS service_of ON service_of.id = service_id
    WHERE CASE %(part)s WHEN 'unserved-hour' THEN hour::text WHEN 'unserved-day' THEN day::text
          WHEN 'unserved-service' THEN service_of.key ELSE %(key)s END = %(key)s
"""


@dataclass(frozen=True)
class Evidence:
    """All the rows behind a figure, as what each counts by the number of its turn, and the turns that the reader may open.

    `kind`: "steps" (waiting, on the way, at the desk), "citizens" (how many), "stays" (how long), "parties" (whether they came),
    "unknown" or "unserved" (nothing more).
    """

    kind: str
    counted: Mapping[int, tuple[Any, ...]]
    visible: QuerySet[Turn]

    @property
    def total(self) -> int:
        """How many rows there are."""
        return len(self.counted)


def evidence_of(*, actor: Actor, scope: Scope, measure: str = "", part: str = "", key: str = "") -> Evidence:
    """What a measure counts, or one part of it (`PARTS`). Raises NotAllowed."""
    require(permissions.see_statistics(scope.house), actor)
    kind, query = _query(measure, part)
    [rows] = read(scope, query, part=part, key=key, length=LENGTHS.get(measure, ""))
    counted = {row[0]: tuple(_value(kind, one) for one in row[1:]) for row in rows}
    turns = Turn.objects.filter(pk__in=RawSQL("SELECT unnest(%s::bigint[])", [list(counted)]))  # one value, however many there are
    visible = turns.filter(visit__in=visits_visible_to(actor).values("pk")).select_related("journey", "service", "desk")
    return Evidence(kind, counted, visible.order_by("-ended_at", "-booked_for", "-id"))


def _query(measure: str, part: str) -> tuple[str, str]:
    if measure == "citizens-served" or part == "municipality":
        return "citizens", CITIZENS
    if measure == "not-served" or part.startswith("unserved"):
        return "unserved", NOT_SERVED
    if measure == "not-known" or part == "unknown-day":
        return "unknown", NOT_KNOWN
    if measure == "door-to-door" or part in ("stay-hour", "stay-weekday"):
        return "stays", STAYS
    return ("parties", CAME) if measure == "no-shows" else ("steps", STEPS)


def _value(kind: str, value: Any) -> Any:
    """Lengths of time come in microseconds."""
    return value if kind in ("citizens", "parties") or value is None else dt.timedelta(microseconds=int(value))
