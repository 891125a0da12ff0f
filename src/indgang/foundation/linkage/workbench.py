"""A table on DuckDB: loaded, cleaned, its pairs found. Memory and threads have limits; what does not fit goes to a temporary folder."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice

import duckdb
import pyarrow as pa

from indgang.foundation.linkage.rules.cleaning import Cleaned, quoted
from indgang.foundation.linkage.rules.model import Model, Pattern, pattern_sql

MEMORY = "1000MB"
THREADS = 2
BATCH = 50_000
ALL_PAIRS = 500_000  # a table with no more pairs than that is compared whole
PAIRS_PER_RECORD = 1  # that one key may cost; its largest blocks are left out until it does not cost more
PAIRS_AT_LEAST = 500_000
RANDOM_RECORDS = 1_000  # every pair among them is taken for random


class NotTwoSources(Exception):
    """Records can be linked one-to-one only between two sources."""


@contextmanager
def workbench(memory: str = MEMORY, threads: int = THREADS) -> Iterator[duckdb.DuckDBPyConnection]:
    """An empty DuckDB in memory, and nothing left behind."""
    folder = tempfile.mkdtemp(prefix="indgang-linkage-")
    connection = duckdb.connect(config={"memory_limit": memory, "threads": threads, "temp_directory": folder})
    connection.execute("SET preserve_insertion_order = false")
    try:
        yield connection
    finally:
        connection.close()
        shutil.rmtree(folder, ignore_errors=True)


def load(connection: duckdb.DuckDBPyConnection, headers: Sequence[str], rows: Iterable[Sequence[str | None]]) -> None:
    """The table `raw`: the number of each row as it comes, and its values as text; empty is missing."""
    columns = ", ".join(f"{quoted(header)} VARCHAR" for header in headers)
    connection.execute(f"CREATE TABLE raw (place INTEGER, {columns})")
    names = ["place", *headers]
    numbered = iter(enumerate(rows))
    while batch := list(islice(numbered, BATCH)):
        arrays = [pa.array([place for place, _row in batch], pa.int32())]
        arrays += [pa.array([row[number] or None for _place, row in batch], pa.string()) for number in range(len(headers))]
        connection.register("batch", pa.Table.from_arrays(arrays, names=names))
        connection.execute("INSERT INTO raw SELECT * FROM batch")
        connection.unregister("batch")


def clean(connection: duckdb.DuckDBPyConnection, cleaned: Sequence[Cleaned], headers: Sequence[str], source: str | None = None) -> int:
    """The table `records`: numbered in an order that only what stands in them decides, with their cleaned columns; how many there are."""
    content = " || chr(31) || ".join(f"coalesce({quoted(header)}, '')" for header in sorted(headers))
    made = ", ".join(f"({column.sql}) AS {column.name}" for column in cleaned)
    side = quoted(source) if source else "NULL"
    connection.execute(
        f"CREATE TABLE records AS SELECT (row_number() OVER (ORDER BY md5_number({content}), place))::INTEGER AS id, place, "
        f"{side}::VARCHAR AS side, unhex(md5({content})) AS content, {made} FROM raw ORDER BY id"
    )
    connection.execute("DROP TABLE raw")
    return count(connection, "records")


def count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    """The number of rows of a table."""
    return int(connection.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0])


def sizes_of_sources(connection: duckdb.DuckDBPyConnection) -> tuple[int, int] | None:
    """How many records two sources have; None in one table. Raises NotTwoSources."""
    rows = connection.execute("SELECT count(*) FROM records WHERE side IS NOT NULL GROUP BY side ORDER BY side").fetchall()
    if not rows:
        return None
    if len(rows) != 2:
        raise NotTwoSources(len(rows))
    return int(rows[0][0]), int(rows[1][0])


def places(connection: duckdb.DuckDBPyConnection) -> dict[int, int]:
    """The place of each record in the table that came in."""
    return dict(connection.execute("SELECT id, place FROM records ORDER BY id").fetchall())


def sides(connection: duckdb.DuckDBPyConnection) -> dict[int, str]:
    """The source of each record."""
    return dict(connection.execute("SELECT id, side FROM records WHERE side IS NOT NULL").fetchall())


def contents(connection: duckdb.DuckDBPyConnection) -> dict[int, bytes]:
    """What stands in each record, as a digest."""
    return dict(connection.execute("SELECT id, content FROM records").fetchall())


def find_pairs(connection: duckdb.DuckDBPyConnection, keys: dict[str, str]) -> int:
    """The table `pairs` (join_key_l < join_key_r), as Splink reads it: records that share a key; how many there are."""
    records = count(connection, "records")
    between = between_sources(connection)
    if records * (records - 1) // 2 <= ALL_PAIRS:
        found = f"SELECT l.id, r.id FROM records l JOIN records r ON l.id < r.id WHERE {between}"
        connection.execute(f"CREATE TABLE found (l, r) AS {found}")
    else:
        connection.execute("CREATE TABLE found (l INTEGER, r INTEGER)")
        for key in keys.values():
            _find_by_key(connection, key, max(records * PAIRS_PER_RECORD, PAIRS_AT_LEAST), between)
        _find_copies(connection)
    connection.execute("CREATE TABLE pairs AS SELECT DISTINCT l AS join_key_l, r AS join_key_r, '0' AS match_key FROM found")
    connection.execute("DROP TABLE found")
    return count(connection, "pairs")


def between_sources(connection: duckdb.DuckDBPyConnection) -> str:
    """The condition under which l and r may be a pair: always in one table, from different sources in two."""
    has_sides = connection.execute("SELECT count(side) > 0 FROM records").fetchall()[0][0]
    return "l.side <> r.side" if has_sides else "true"


def _find_by_key(connection: duckdb.DuckDBPyConnection, key: str, budget: int, between: str) -> None:
    connection.execute(f"CREATE TEMP TABLE keyed AS SELECT id, side, hash({key}) AS key FROM records WHERE ({key}) IS NOT NULL")
    connection.execute("CREATE TEMP TABLE blocks AS SELECT key, count(*) AS size FROM keyed GROUP BY key HAVING count(*) > 1")
    sizes = connection.execute("SELECT size, count(*) FROM blocks GROUP BY size ORDER BY size").fetchall()
    largest, cost = 0, 0
    for size, number in sizes:
        cost += number * size * (size - 1) // 2
        if cost > budget:
            break
        largest = size
    connection.execute(
        "INSERT INTO found WITH few AS (SELECT id, side, key FROM keyed SEMI JOIN "
        f"(SELECT key FROM blocks WHERE size <= {largest}) USING (key)) "
        f"SELECT l.id, r.id FROM few l JOIN few r ON l.key = r.key AND l.id < r.id WHERE {between}"
    )
    connection.execute("DROP TABLE keyed")
    connection.execute("DROP TABLE blocks")


def _find_copies(connection: duckdb.DuckDBPyConnection) -> None:
    """Records that say the same, however many they are, in a chain: their blocks may have been left out for their size."""
    columns = [row[0] for row in connection.execute("SELECT column_name FROM (DESCRIBE records)").fetchall()]
    said = f"hash({', '.join(column for column in columns if column not in ('id', 'place', 'content'))})"
    connection.execute(
        f"INSERT INTO found SELECT * FROM (SELECT lag(id) OVER (PARTITION BY {said} ORDER BY id) AS copied, id FROM records) "
        "WHERE copied IS NOT NULL AND (SELECT count(side) = 0 FROM records)"
    )


def random_patterns(connection: duckdb.DuckDBPyConnection, model: Model) -> dict[Pattern, int]:
    """How often each pattern stands among pairs taken at random: the order of the records is as good as one that was thrown."""
    between = between_sources(connection)
    some = f"(SELECT * FROM records WHERE id <= {RANDOM_RECORDS})"
    return patterns(connection, model, f"{some} l JOIN {some} r ON l.id < r.id AND {between}")


def patterns(connection: duckdb.DuckDBPyConnection, model: Model, pairs: str) -> dict[Pattern, int]:
    """How often each pattern stands among the pairs l, r of a FROM clause."""
    levels = ", ".join(pattern_sql(one) for one in model.comparisons)
    rows = connection.execute(f"SELECT {levels}, count(*) FROM {pairs} GROUP BY ALL").fetchall()
    return {tuple(row[:-1]): int(row[-1]) for row in rows}
