"""A house with a long past: a million appointments before today, and the same questions asked of it and of a house without.

python -m bench.past FOLDER APPOINTMENTS fills a home of its own (INDGANG_HOME) and writes the session of a floorwalker beside it.
"""

from __future__ import annotations

import datetime as dt
import os
import sys
import time
from pathlib import Path

import django
from django.apps import apps
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils.module_loading import import_string

VISITS_A_PERSON = 10
DESKS, SLOTS, MINUTES, OPENS = 20, 36, 10, 8  # six hours a day
A_DAY = DESKS * SLOTS // 2  # journeys; each has two steps
# n: the number of a journey, k: its first or second step. Every desk is taken in every slot of the past, once.
TIME = f"(date_trunc('day', now_) - (n / {A_DAY} + 1) * interval '1 day' + interval '{OPENS} hours' + "
TIME += f"(n %% {A_DAY} / {DESKS} * 2 + k) * interval '{MINUTES} minutes')"
STEPS = f"""
    (SELECT n, k, {TIME} AS at, d.id AS desk, d.services[k %% array_length(d.services, 1) + 1] AS service, d.organisation_id AS authority
     FROM generate_series(0, %(journeys)s - 1) n CROSS JOIN generate_series(0, 1) k CROSS JOIN (SELECT %(now)s::timestamptz AS now_) clock
     JOIN (SELECT d.id, d.organisation_id, row_number() OVER (ORDER BY d.id) - 1 AS place,
                  (SELECT array_agg(s.service_id ORDER BY s.service_id) FROM reception_desk_services s WHERE s.desk_id = d.id) AS services
           FROM reception_desk d) d ON d.place = (n + 7 * k) %% {DESKS}) source
"""
NUMBERS = "(SELECT n FROM generate_series(0, %(count)s - 1) n) source"
ID = "('10000000-0000-4000-8000-' || lpad(to_hex({0}), 12, '0'))::uuid"
INDEXES = """
    SELECT 'DROP INDEX ' || indexrelid::regclass, pg_get_indexdef(indexrelid) FROM pg_index
    WHERE indrelid = ANY(%(tables)s::regclass[]) AND NOT indisprimary AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
"""
CONSTRAINTS = """
    SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),
           format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname, pg_get_constraintdef(oid))
    FROM pg_constraint WHERE conrelid = ANY(%(tables)s::regclass[]) AND contype IN ('x', 'u')
"""


def copied(model: str, source: str, columns: dict[str, str]) -> str:
    """Rows like one that is there, but for these columns: so that a column that comes one day need not be known here."""
    fields = apps.get_model(model)._meta.concrete_fields
    table = apps.get_model(model)._meta.db_table
    taken = [field.column for field in fields if field.column != "id" or "id" in columns]
    values = ", ".join(columns.get(column, f't."{column}"') for column in taken)
    names = ", ".join(f'"{column}"' for column in taken)
    return f"INSERT INTO {table} ({names}) SELECT {values} FROM {source} CROSS JOIN (SELECT * FROM {table} LIMIT 1) t"


def add_past(now: dt.datetime, appointments: int) -> None:
    """So many appointments that were kept, with their journeys, people and turns. Nothing is checked on the way in but the places."""
    journeys, people = appointments // 2, appointments // VISITS_A_PERSON
    with transaction.atomic(), connection.cursor() as cursor:
        for setting in ("session_replication_role = replica", "synchronous_commit = off", "maintenance_work_mem = '256MB'"):
            cursor.execute(f"SET LOCAL {setting}")
        cursor.execute("SELECT coalesce(max(id), 0) FROM reception_visit")
        tables = _tables(cursor.fetchone()[0], people)
        names = {"tables": [apps.get_model(model)._meta.db_table for model, _source, _columns in tables]}
        rebuilt = [pair for look in (CONSTRAINTS, INDEXES) for pair in _found(cursor, look, names)]
        for drop, _make in rebuilt:
            cursor.execute(drop)
        for model, source, columns in tables:
            count = people if model in ("vault.Subject", "parties.Person") else journeys
            cursor.execute(copied(model, source, columns), {"count": count, "journeys": journeys, "now": now})
        for _drop, make in rebuilt:
            cursor.execute(make)
        cursor.execute("SELECT setval(pg_get_serial_sequence('reception_visit', 'id'), (SELECT max(id) FROM reception_visit))")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _found(cursor: CursorWrapper, look: str, names: dict[str, list[str]]) -> list[tuple[str, str]]:
    cursor.execute(look, names)
    return list(cursor.fetchall())


def _tables(before: int, people: int) -> list[tuple[str, str, dict[str, str]]]:
    visit, ends = f"{before} + 2 * n + k + 1", f"at + interval '{MINUTES} minutes'"
    person, journey = ID.format(f"(n %% {people})"), ID.format("n")
    served = {
        "desk_id": "desk",
        "arrived_at": "at",
        "called_at": "at",
        "started_at": "at",
        "ended_at": ends,
        "outcome": "'done'",
        "people": "1",
    }
    return [
        ("vault.Subject", NUMBERS, {"id": ID.format("n")}),
        (
            "parties.Person",
            NUMBERS,
            {"id": ID.format("n"), "subject_id": ID.format("n"), "name": "'Past Person ' || n", "email": "'past' || n || '@example.org'"},
        ),
        (
            "reception.Journey",
            NUMBERS,
            {
                "id": journey,
                "reference": "'PAST-' || n",
                "contact_id": person,
                "party_digest": "md5('past' || n)",
                "cancelled_at": "NULL",
                "source": "'web'",
            },
        ),
        ("reception.Traveller", NUMBERS, {"journey_id": journey, "person_id": person, "position": "0"}),
        (
            "reception.Visit",
            STEPS,
            {"id": visit, "journey_id": journey, "service_id": "service", "position": "k", "status": "'done'", **served},
        ),
        (
            "reception.Appointment",
            STEPS,
            {
                "visit_id": visit,
                "desk_id": "desk",
                "party": "1000000000000 + n",
                "period": f"tstzrange(at, {ends})",
                "freed_at": "NULL",
                "hold_id": "NULL",
            },
        ),
        (
            "reception.Turn",
            STEPS,
            {
                "visit_id": visit,
                "journey_id": journey,
                "service_id": "service",
                "authority_id": "authority",
                "booked_for": "NULL",
                **served,
            },
        ),
    ]


def main(folder: str, appointments: str) -> None:
    """Fill the home, and write the session."""
    django.setup()
    import_string("bench.filling.fill")(Path(folder))
    began = time.monotonic()
    add_past(import_string("indgang.foundation.database.clock.now")(), int(appointments))
    import_string("indgang.foundation.database.console.notice")(
        f"{int(appointments):,} past appointments in {time.monotonic() - began:.0f} s"
    )
    (Path(folder) / "session").write_text(import_string("bench.load.session_of_a_floorwalker")())


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "indgang.config.settings"
    main(*sys.argv[1:])
