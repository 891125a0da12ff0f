"""Many rows at once through PostgreSQL's COPY: several times as fast as INSERT, and as flat in memory as the iterable it is given."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models, transaction
from psycopg.types.json import Jsonb

AS_THEY_ARE = {
    models.AutoField,
    models.BigAutoField,
    models.BooleanField,
    models.CharField,
    models.EmailField,
    models.ForeignKey,
    models.IntegerField,
    models.PositiveIntegerField,
    models.TextField,
}


def copy_rows(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Write rows of values as the database takes them, in the order of `columns`; returns how many."""
    names = ", ".join(connection.ops.quote_name(name) for name in columns)
    count = 0
    with (
        transaction.atomic(),
        connection.cursor() as cursor,
        cursor.copy(f"COPY {connection.ops.quote_name(model._meta.db_table)} ({names}) FROM STDIN") as copying,
    ):
        for row in rows:
            copying.write_row(row)
            count += 1
    return count


def copy_in(model: type[models.Model], objects: Sequence[models.Model]) -> None:
    """Write model instances. Like bulk_create it sets the keys that are missing; nothing else that the database decides is read back."""
    missing = [made for made in objects if made.pk is None]
    for made, key in zip(missing, _new_keys(model, len(missing)), strict=True):
        made.pk = key
    fields = model._meta.concrete_fields
    written = [_writer(field) for field in fields]
    copy_rows(model, [str(field.column) for field in fields], (tuple(write(made) for write in written) for made in objects))


def _writer(field: models.Field[Any, Any]) -> Callable[[models.Model], Any]:
    """How a field's value becomes what the database takes: as it is, where the database takes it so."""
    if type(field) in AS_THEY_ARE or (type(field) is ArrayField and type(field.base_field) in AS_THEY_ARE):
        return attrgetter(field.attname)
    if type(field) in (models.DateField, models.DateTimeField) and not (field.auto_now or field.auto_now_add):  # type: ignore[attr-defined]
        return attrgetter(field.attname)
    if type(field) is models.JSONField and field.encoder is None:
        return lambda made: None if (value := getattr(made, field.attname)) is None else Jsonb(value)
    return lambda made: field.get_db_prep_save(field.pre_save(made, True), connection)


def _new_keys(model: type[models.Model], count: int) -> list[int]:
    """As many numbers of the model's key sequence, in ascending order; nobody else gets them."""
    if not count:
        return []
    with connection.cursor() as cursor:
        table, key = model._meta.db_table, model._meta.pk.column
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)", [table, key, count])
        return [row[0] for row in cursor.fetchall()]
