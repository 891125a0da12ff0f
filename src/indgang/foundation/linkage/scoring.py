"""One record against some others, with a model that was trained on a table: quick enough to do while somebody types.

A caller keeps the keys of each record in an indexed column of its own, looks up who shares one, and has those few scored here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import pyarrow as pa

from indgang.foundation.linkage.rules.model import Model, pattern_sql

Values = Mapping[str, str | None]


@dataclass(frozen=True)
class Score:
    """How likely it is that a candidate is the same, and the headers of the columns that agree."""

    probability: float
    agreed: tuple[str, ...]


class Scorer:
    """Scores with one model; for one thread at a time."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self._connection = duckdb.connect(config={"threads": 1, "memory_limit": "200MB"})
        made = ", ".join(f"({column.sql}) AS {column.name}" for column in model.cleaned)
        self._cleaned = f"SELECT place, {made} FROM given"
        levels = ", ".join(pattern_sql(one) for one in model.comparisons)
        self._pairs = (
            f"WITH cleaned AS ({self._cleaned}) SELECT r.place, {levels} FROM cleaned l JOIN cleaned r "
            "ON l.place = 0 AND r.place > 0 ORDER BY r.place"
        )
        keys = ", ".join(model.keys.values())
        self._keys = f"WITH cleaned AS ({self._cleaned}) SELECT {keys} FROM cleaned ORDER BY place"

    def keys(self, records: Sequence[Values]) -> list[list[str]]:
        """The keys of each record: who shares none with it is not its double."""
        return [[key for key in row if key is not None] for row in self._asked(self._keys, records)]

    def scores(self, record: Values, candidates: Sequence[Values]) -> list[Score]:
        """One score for each candidate, in their order."""
        if not candidates:
            return []
        found = [tuple(row[1:]) for row in self._asked(self._pairs, [record, *candidates])]
        return [Score(round(self.model.probability(pattern), 4), tuple(self.model.agreed(pattern))) for pattern in found]

    def _asked(self, sql: str, records: Sequence[Values]) -> list[tuple[Any, ...]]:
        columns = {"place": pa.array(range(len(records)), pa.int32())}
        columns |= {
            column.header: pa.array([one.get(column.header) or None for one in records], pa.string()) for column in self.model.columns
        }
        self._connection.register("given", pa.table(columns))
        try:
            return self._connection.execute(sql).fetchall()
        finally:
            self._connection.unregister("given")

    def close(self) -> None:
        """Let its memory go."""
        self._connection.close()
