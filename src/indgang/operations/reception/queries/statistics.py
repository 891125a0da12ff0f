"""The figures of a house, counted by the database. What each means is said, and counted anew, in rules/figures.py."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from typing import Any, TypeVar

from django.db import connection, transaction

from indgang.foundation.measures.counting import Share, Spread
from indgang.foundation.measures.declared import Scope
from indgang.operations.reception.models import Desk, Service
from indgang.operations.reception.rules.figures import Figures, StepFigures

Key = TypeVar("Key", dt.date, int, str)


def microseconds(length: str) -> str:
    """A length of time in whole microseconds, which are sorted twice as fast as intervals."""
    return f"round(date_part('epoch', {length}) * 1000000)::bigint"


# The turns that ended in the house. Days, hours and weekdays are those of the session's time zone, which is the house's while this runs:
# PostgreSQL then reads the clock on the wall ten times faster than where each row names the zone.
ENDED = """
    ended AS MATERIALIZED (
        SELECT id, journey_id, service_id, desk_id, persons, arrived_at, called_at, started_at, ended_at, ended_at::date AS day
        FROM reception_turn
        WHERE house_id = %(house)s AND outcome NOT IN ('no-show', 'not-served') AND ended_at >= %(begins)s AND ended_at < %(ends)s
    )
"""
MEASURED = f"""
    {ENDED}, measured AS (
        SELECT id, date_part('hour', began)::int AS hour, date_part('isodow', began)::int - 1 AS weekday, service_id, desk_id,
               {microseconds("waiting")} AS waiting, {microseconds("walking")} AS walking, {microseconds("service")} AS service
        FROM (
            SELECT id, coalesce(called_at, started_at, ended_at) AS began, service_id, desk_id,
                   CASE WHEN arrived_at IS NOT NULL AND called_at IS NOT NULL AND since::date = called_at::date
                        THEN greatest(called_at - since, interval '0') END AS waiting,
                   CASE WHEN started_at > called_at THEN started_at - called_at END AS walking,
                   ended_at - started_at AS service
            FROM (
                SELECT *, greatest(arrived_at, CASE WHEN before IS NOT NULL THEN least(before, called_at) END) AS since
                FROM (SELECT *, lag(ended_at) OVER (PARTITION BY journey_id ORDER BY called_at, id) AS before FROM ended) AS ordered
            ) AS turns
        ) AS lengths
    )
"""
STEPS = f"""
    WITH {MEASURED}
    SELECT CASE grouping(hour, weekday, service_id, desk_id) WHEN 7 THEN 'hour' WHEN 11 THEN 'weekday' WHEN 13 THEN 'service'
                WHEN 14 THEN 'desk' ELSE 'total' END,
           coalesce(hour, weekday, service_id, desk_id), count(*),
           count(waiting), sum(waiting), percentile_disc(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY waiting),
           count(walking), sum(walking), percentile_disc(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY walking),
           count(service), sum(service), percentile_disc(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY service)
    FROM measured
    GROUP BY GROUPING SETS ((), (hour), (weekday), (service_id), (desk_id))
"""
# OFFSET 0: each journey is looked up by its key; read along, every journey there ever was would be read.
OF_DAYS = f"""
    {ENDED}, days AS MATERIALIZED (
        SELECT journey_id, day, {microseconds("last - arrived")} AS stay, date_part('hour', arrived)::int AS hour,
               CASE WHEN arrived IS NOT NULL THEN date_part('isodow', day)::int - 1 END AS weekday, journey.municipality_id, journey.booked
        FROM (
            SELECT journey_id, day, max(ended_at) AS last, min(arrived_at) FILTER (WHERE arrived_at::date = day) AS arrived
            FROM ended GROUP BY journey_id, day
        ) AS of_day
        CROSS JOIN LATERAL (
            SELECT municipality_id, source NOT IN ('ticket', 'import') AS booked
            FROM reception_journey WHERE id = of_day.journey_id OFFSET 0
        ) AS journey
    ), citizens AS (
        SELECT DISTINCT ON (day, person) day, person, ended.id, coalesce(code, '') AS code
        FROM ended JOIN days USING (journey_id, day) CROSS JOIN unnest(persons) AS person
        LEFT JOIN places_municipality AS home ON home.id = days.municipality_id
        ORDER BY day, person, code IS NULL, ended_at, code, ended.id
    )
"""
# The steps of parties that were there when the house closed: of the days on which they came, by that day and the hour.
UNSERVED = """
    unserved AS (
        SELECT turn.id, journey_id, service_id, day, date_part('hour', came)::int AS hour, source NOT IN ('ticket', 'import') AS booked
        FROM (
            SELECT id, journey_id, service_id, arrived_at AS came, arrived_at::date AS day
            FROM reception_turn
            WHERE house_id = %(house)s AND outcome = 'not-served' AND arrived_at >= %(begins)s AND arrived_at < %(ends)s
        ) AS turn
        CROSS JOIN LATERAL (SELECT source FROM reception_journey WHERE id = turn.journey_id OFFSET 0) AS journey
    )
"""
NOT_SERVED = f"WITH {UNSERVED} SELECT day, hour, service_id, count(*) FROM unserved GROUP BY day, hour, service_id"
# The booked parties of each day: those that came, and those of which nothing took place, with what was noted of them.
PARTIES = f"""
    {OF_DAYS}, {UNSERVED}, noted AS (
        SELECT journey_id, booked_for::date AS day, min(id) AS id,
               CASE WHEN bool_or(outcome = 'came') THEN 'came' WHEN bool_or(outcome = 'no-show') THEN 'no-show'
                    ELSE 'not-noted' END AS outcome
        FROM reception_turn
        WHERE house_id = %(house)s AND outcome IN ('no-show', 'not-noted', 'came') AND booked_for >= %(begins)s AND booked_for < %(ends)s
        GROUP BY journey_id, booked_for::date
    ), came AS (
        SELECT journey_id, day FROM days WHERE booked UNION SELECT journey_id, day FROM unserved WHERE booked
        UNION SELECT journey_id, day FROM noted WHERE outcome = 'came'
    ), away AS (
        SELECT * FROM noted WHERE NOT EXISTS (SELECT FROM came WHERE (came.journey_id, came.day) = (noted.journey_id, noted.day))
    )
"""
DAYS = f"""
    WITH {PARTIES}, unknown AS (SELECT day, count(*) AS parties FROM away WHERE outcome = 'not-noted' GROUP BY day)
    SELECT CASE grouping(hour, weekday) WHEN 1 THEN 'hour' WHEN 2 THEN 'weekday' ELSE 'total' END, coalesce(hour, weekday),
           (SELECT json_object_agg(code, people) FROM (SELECT code, count(*) AS people FROM citizens GROUP BY code) AS of_code),
           count(stay), sum(stay), percentile_disc(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY stay),
           (SELECT count(*) FROM away WHERE outcome = 'no-show'), (SELECT count(*) FROM came),
           (SELECT json_object_agg(day, parties) FROM unknown)
    FROM days GROUP BY GROUPING SETS ((), (hour), (weekday))
"""


def figures_of_house(scope: Scope) -> Figures:
    """A handful of queries, however many steps. Whoever shows them asks `permissions.see_statistics`."""
    steps, days, unserved = read(scope, STEPS, DAYS, NOT_SERVED)
    [(citizens, *stays, missed, came, not_known)] = [rest for kind, _key, *rest in days if kind == "total"]
    services = dict(Service.objects.filter(region=scope.house.region_id).values_list("pk", "key"))
    desks: dict[int | None, str] = {None: "", **dict(Desk.objects.filter(house=scope.house).values_list("pk", "key"))}
    return Figures(
        total=next(_step_figures(row) for row in steps if row[0] == "total"),
        by_hour=_split(steps, "hour"),
        by_weekday=_split(steps, "weekday"),
        by_service={services[key]: figures for key, figures in _split(steps, "service").items()},
        by_desk={desks[key]: figures for key, figures in _split(steps, "desk").items()},
        citizens=citizens or {},
        door_to_door=_spread(*stays),
        stays_by_hour=_stays(days, "hour"),
        stays_by_weekday=_stays(days, "weekday"),
        not_come=Share(missed, missed + came),
        not_known_by_day={dt.date.fromisoformat(day): parties for day, parties in (not_known or {}).items()},
        not_served_by_hour=_counted((hour, count) for _day, hour, _service, count in unserved),
        not_served_by_service=_counted((services[service], count) for _day, _hour, service, count in unserved),
        not_served_by_day=_counted((day, count) for day, _hour, _service, count in unserved),
    )


def _counted(parts: Iterable[tuple[Key, int]]) -> dict[Key, int]:
    counts: Counter[Key] = Counter()
    for key, count in parts:
        counts[key] += count
    return dict(counts)


def read(scope: Scope, *queries: str, **more: Any) -> list[list[tuple[Any, ...]]]:
    """The rows of each query, with the clocks of the house."""
    values = {"house": scope.house.pk, "begins": scope.begins, "ends": scope.ends, **more}
    with _clocks_in(str(scope.house.zone)):
        return [_rows(query, values) for query in queries]


@contextmanager
def _clocks_in(zone: str) -> Iterator[None]:
    """The session reads clocks in that time zone; afterwards as before."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('TimeZone'), set_config('TimeZone', %s, true)", [zone])
        before = cursor.fetchone()[0]
        yield
        cursor.execute("SELECT set_config('TimeZone', %s, true)", [before])


def _rows(query: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchall()


def _split(rows: Iterable[tuple[Any, ...]], which: str) -> dict[Any, StepFigures]:
    return {row[1]: _step_figures(row) for row in rows if row[0] == which}


def _stays(days: Iterable[tuple[Any, ...]], which: str) -> dict[int, Spread]:
    """Of the parties whose arrival is known."""
    return {key: _spread(*spread[:3]) for kind, key, _citizens, *spread in days if kind == which and key is not None}


def _step_figures(row: tuple[Any, ...]) -> StepFigures:
    return StepFigures(row[2], _spread(*row[3:6]), _spread(*row[6:9]), _spread(*row[9:12]))


def _spread(count: int, total: Decimal | None, quantiles: list[int] | None) -> Spread:
    median, p90 = (_length(one) for one in quantiles) if quantiles else (None, None)
    return Spread(count, _length(total) or dt.timedelta(), median, p90)


def _length(of_microseconds: Decimal | int | None) -> dt.timedelta | None:
    return None if of_microseconds is None else dt.timedelta(microseconds=int(of_microseconds))
