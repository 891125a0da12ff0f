"""How PostgreSQL goes about a query, where it cannot know better."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def through_indexes() -> Iterator[None]:
    """The queries in here go through indexes. Of rare elements of arrays the planner expects so many rows that it would rather read the
    whole table, which takes a hundred times as long (PostgreSQL keeps statistics of common elements only)."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        yield
        cursor.execute("SET LOCAL enable_seqscan = on")  # a rollback takes it back by itself
