"""A house with a long past: a million appointments before today, and the same questions asked of it and of a house without.

python -m bench.past FOLDER APPOINTMENTS fills a home of its own (INDGANG_HOME) and writes the sessions of a floorwalker and a leader
beside it.
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

from bench.past_rows import VISITS_A_PERSON, rows_of

SETTINGS = ("session_replication_role = replica", "synchronous_commit = off", "maintenance_work_mem = '512MB'", "work_mem = '64MB'")
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
    alike = ", ".join(f'"{column}"' for column in taken if column not in columns) or "true"
    return f"INSERT INTO {table} ({names}) SELECT {values} FROM ({source}) source LEFT JOIN (SELECT {alike} FROM {table} LIMIT 1) t ON true"


def add_past(now: dt.datetime, appointments: int) -> None:
    """So many appointments, nearly all kept, with all that is kept of them. Nothing is checked on the way in but the places."""
    journeys, people = appointments // 2, appointments // VISITS_A_PERSON
    values: dict[str, int | str] = {"journeys": journeys, "people": people, "now": now.isoformat()}
    with transaction.atomic(), connection.cursor() as cursor:
        for setting in SETTINGS:
            cursor.execute(f"SET LOCAL {setting}")
        cursor.execute("SELECT coalesce(max(id), 0) FROM reception_visit")
        filled = rows_of(cursor.fetchone()[0], people)
        names = {"tables": sorted({apps.get_model(model)._meta.db_table for model, _source, _columns in filled})}
        rebuilt = [pair for look in (CONSTRAINTS, INDEXES) for pair in _found(cursor, look, names)]
        for drop, _make in rebuilt:
            cursor.execute(drop)
        for model, source, columns in filled:
            cursor.execute(copied(model, source, columns), values)
        for _drop, make in rebuilt:
            cursor.execute(make)
        cursor.execute("SELECT setval(pg_get_serial_sequence('reception_visit', 'id'), (SELECT max(id) FROM reception_visit))")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _found(cursor: CursorWrapper, look: str, names: dict[str, list[str]]) -> list[tuple[str, str]]:
    cursor.execute(look, names)
    return list(cursor.fetchall())


def main(folder: str, appointments: str) -> None:
    """Fill the home, and write the sessions."""
    django.setup()
    import_string("bench.filling.fill")(Path(folder))
    began = time.monotonic()
    add_past(import_string("indgang.foundation.database.clock.now")(), int(appointments))
    import_string("indgang.foundation.database.console.notice")(
        f"{int(appointments):,} past appointments in {time.monotonic() - began:.0f} s"
    )
    sessions = import_string("bench.load.session_of_a_floorwalker")(), import_string("bench.load.session_of_a_leader")()
    (Path(folder) / "sessions").write_text("\n".join(sessions))


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "indgang.config.settings"
    main(*sys.argv[1:])
