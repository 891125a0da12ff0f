"""The figures of a house, counted by the database. What each means is said, and counted anew, in rules/figures.py."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection

from indgang.foundation.measures.counting import Share, Spread
from indgang.foundation.measures.declared import Scope
from indgang.foundation.places.models import Municipality
from indgang.operations.reception.models import Desk, Service
from indgang.operations.reception.rules.figures import Figures, StepFigures

# The turns that ended in the house, each with the end of its party's turn before.
ENDED = """
    ended AS MATERIALIZED (
        SELECT t.journey_id, t.service_id, t.desk_id, t.people, t.arrived_at, t.called_at, t.started_at, t.ended_at, j.municipality_id,
               j.source NOT IN ('ticket', 'import') AS booked,
               (t.ended_at AT TIME ZONE %(zone)s)::date AS day,
               lag(t.ended_at) OVER (PARTITION BY t.journey_id ORDER BY t.called_at, t.id) AS before
        FROM reception_turn t JOIN reception_journey j ON j.id = t.journey_id
        WHERE t.house_id = %(house)s AND t.outcome <> 'no-show' AND t.ended_at >= %(begins)s AND t.ended_at < %(ends)s
    )
"""
STEPS = f"""
    WITH {ENDED}, measured AS (
        SELECT extract(hour FROM began)::int AS hour, extract(isodow FROM began)::int - 1 AS weekday, service_id, desk_id, waiting, walking,
               service
        FROM (
            SELECT coalesce(called_at, started_at, ended_at) AT TIME ZONE %(zone)s AS began, service_id, desk_id,
                   CASE WHEN arrived_at IS NOT NULL AND called_at IS NOT NULL
                             AND (since AT TIME ZONE %(zone)s)::date = (called_at AT TIME ZONE %(zone)s)::date
                        THEN greatest(called_at - since, interval '0') END AS waiting,
                   CASE WHEN started_at > called_at THEN started_at - called_at END AS walking,
                   ended_at - started_at AS service
            FROM (
                SELECT *, greatest(arrived_at, CASE WHEN before IS NOT NULL THEN least(before, called_at) END) AS since
                FROM ended
            ) AS turns
        ) AS lengths
    )
    SELECT CASE grouping(hour, weekday, service_id, desk_id) WHEN 7 THEN 'hour' WHEN 11 THEN 'weekday' WHEN 13 THEN 'service'
                WHEN 14 THEN 'desk' ELSE 'total' END,
           coalesce(hour, weekday, service_id, desk_id), count(*),
           count(waiting), sum(waiting), percentile_disc(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY waiting),
           count(walking), sum(walking), percentile_disc(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY walking),
           count(service), sum(service), percentile_disc(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY service)
    FROM measured
    GROUP BY GROUPING SETS ((), (hour), (weekday), (service_id), (desk_id))
"""
DAYS = f"""
    WITH {ENDED}, days AS (
        SELECT journey_id, day, municipality_id, max(people) AS people,
               max(ended_at) - min(arrived_at) FILTER (WHERE (arrived_at AT TIME ZONE %(zone)s)::date = day) AS stay
        FROM ended GROUP BY journey_id, day, municipality_id
    ), away AS (
        SELECT DISTINCT journey_id, (booked_for AT TIME ZONE %(zone)s)::date AS day
        FROM reception_turn
        WHERE house_id = %(house)s AND outcome = 'no-show' AND booked_for >= %(begins)s AND booked_for < %(ends)s
    ), came AS (
        SELECT DISTINCT journey_id, day FROM ended WHERE booked
    )
    SELECT grouping(municipality_id) = 1, municipality_id, sum(people),
           count(stay), sum(stay), percentile_disc(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY stay),
           (SELECT count(*) FROM away WHERE NOT EXISTS (SELECT FROM came WHERE (came.journey_id, came.day) = (away.journey_id, away.day))),
           (SELECT count(*) FROM came)
    FROM days GROUP BY GROUPING SETS ((), (municipality_id))
"""


def figures_of_house(scope: Scope) -> Figures:
    """Five queries, however many steps. Whoever shows them asks `permissions.see_statistics`."""
    values = {"house": scope.house.pk, "begins": scope.begins, "ends": scope.ends, "zone": str(scope.house.zone)}
    steps, days = _rows(STEPS, values), _rows(DAYS, values)
    services = dict(Service.objects.filter(region=scope.house.region_id).values_list("pk", "key"))
    desks: dict[int | None, str] = {None: "", **dict(Desk.objects.filter(house=scope.house).values_list("pk", "key"))}
    codes = dict(Municipality.objects.values_list("pk", "code"))
    total = next(row for row in days if row[0])
    return Figures(
        total=next(_step_figures(row) for row in steps if row[0] == "total"),
        by_hour=_split(steps, "hour"),
        by_weekday=_split(steps, "weekday"),
        by_service={services[key]: figures for key, figures in _split(steps, "service").items()},
        by_desk={desks[key]: figures for key, figures in _split(steps, "desk").items()},
        citizens={codes.get(municipality, ""): int(people) for whole, municipality, people, *_rest in days if not whole},
        door_to_door=_spread(*total[3:6]),
        not_come=Share(total[6], total[6] + total[7]),
    )


def _rows(query: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchall()


def _split(rows: Iterable[tuple[Any, ...]], which: str) -> dict[Any, StepFigures]:
    return {row[1]: _step_figures(row) for row in rows if row[0] == which}


def _step_figures(row: tuple[Any, ...]) -> StepFigures:
    return StepFigures(row[2], _spread(*row[3:6]), _spread(*row[6:9]), _spread(*row[9:12]))


def _spread(count: int, total: dt.timedelta | None, quantiles: list[dt.timedelta] | None) -> Spread:
    median, p90 = quantiles or (None, None)
    return Spread(count, total or dt.timedelta(), median, p90)
