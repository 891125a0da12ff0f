"""From a table's raw rows to what shall happen to each: create, update, unchanged, or refused and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from indgang.foundation.imports.columns import Moment, Unreadable, as_text, at_place
from indgang.foundation.imports.kinds import Key, Kind, Row, Work
from indgang.foundation.imports.reports import Problem, Report, ShownRow
from indgang.foundation.imports.tables import RawRow, Table

CHUNK = 1_000
MOST_FAULTS = 10_000


class Plan:
    """One pass over a table. Iterating gives chunks of rows that may be written; the report grows as it goes."""

    def __init__(self, kind: Kind, work: Work, table: Table) -> None:
        self.kind, self.work, self.table = kind, work, table
        self.report = Report(notices=table.notices)
        self._seen: dict[Key, int] = {}

    def __iter__(self) -> Iterator[list[Row]]:
        while chunk := list(islice(self.table.rows, CHUNK)):
            yield self._judge(chunk)
            if len(self.report.refused) > MOST_FAULTS:
                self._stop(chunk[-1].number)
                return

    def _stop(self, row: int) -> None:
        """A file that is wrong all over is not read to its end: nobody reads so many faults, and the machine need not hold them."""
        del self.report.refused[MOST_FAULTS:]
        words = _("Only the first %(limit)s faults are listed; rows after %(row)s were not looked at. Mend these and hand it in again.")
        self.report.notices.append(words % {"limit": MOST_FAULTS, "row": row})

    def _judge(self, chunk: list[RawRow]) -> list[Row]:
        """The chunk's rows that stand; the others are in the report. Row by row, in the order of the file."""
        read = [(raw, *self._read(raw)) for raw in chunk]
        stored = self.work.existing([row.key for _raw, row, _problems in read])
        self.work.prepare([row for _raw, row, _problems in read])
        good: list[Row] = []
        for raw, row, problems in read:
            row.stored = stored.get(row.key)
            problems += self._merge(row, raw)
            problems += self._check(row, raw)
            if problems:
                self.report.refused.extend(problems)
                self.report.count(ShownRow(row.number, "refused", " ".join(filter(None, row.key))))
            else:
                good.append(row)
                self.report.kept.extend(row.kept)
                self.report.replaced.extend(row.replaced)
                self.report.count(self._shown(row), self.work.team_of(row))
        return good

    def _read(self, raw: RawRow) -> tuple[Row, list[Problem]]:
        """The row's cells as values, and what cannot be read or stands in the file twice."""
        given: dict[str, Any] = {}
        problems: list[Problem] = []
        if raw.extra:
            problems.append(Problem(raw.number, "", raw.extra, _("The row has more cells than the header.")))
        for column in self.kind.columns:
            cell = raw.cells.get(column.name)
            if cell is None:
                if column.key:
                    problems.append(Problem(raw.number, column.name, "", _("This must be filled in.")))
                elif column.clears and column.name in self.table.columns:
                    given[column.name] = None
                continue
            try:
                given[column.name] = column.read(cell)
            except Unreadable as error:
                problems.append(Problem(raw.number, column.name, as_text(cell)[:200], str(error)))
        names = [column.name for column in self.kind.key_columns]
        key = tuple(str(given.get(name, "")) for name in names)
        faulty = frozenset(problem.column for problem in problems)
        first = self._seen.setdefault(key, raw.number) if all(key) else raw.number
        if first != raw.number:
            words = {"columns": " + ".join(names), "first": first, "row": raw.number}
            message = _("Row %(first)s and row %(row)s have the same %(columns)s.") % words
            problems.append(Problem(raw.number, names[0], key[0], message))
        return Row(raw.number, key, given, {}, faulty=faulty), problems

    def _check(self, row: Row, raw: RawRow) -> list[Problem]:
        faults = [fault for fault in self.work.check(row) if fault.column not in row.faulty]
        return [Problem(row.number, fault.column, as_text(raw.cells.get(fault.column)), fault.message) for fault in faults]

    def _merge(self, row: Row, raw: RawRow) -> list[Problem]:
        """Put local times in their place, and let empty cells keep what is stored."""
        problems = []
        zone = self.work.zone_of(row)
        for column in self.kind.columns:
            value = row.given.get(column.name)
            if isinstance(column, Moment) and isinstance(value, dt.datetime):
                try:
                    row.given[column.name] = at_place(value, zone)
                except Unreadable as error:
                    problems.append(Problem(row.number, column.name, as_text(raw.cells[column.name]), str(error)))
                    del row.given[column.name]
        row.faulty |= {problem.column for problem in problems}
        kept = row.stored.values if row.stored else {}
        kept = {name: value for name, value in kept.items() if name not in row.faulty}
        row.values = {column.name: row.given.get(column.name, kept.get(column.name)) for column in self.kind.columns}
        return problems

    def _shown(self, row: Row) -> ShownRow:
        if row.stored is None:
            return ShownRow(row.number, "create", " ".join(row.key))
        columns = {column.name: column for column in self.kind.columns}
        zone, before = row.stored.zone, row.stored.values
        changes = {
            name: (str(columns[name].write(before.get(name), zone)), str(columns[name].write(row.values[name], zone)))
            for name in row.changed
        }
        return ShownRow(row.number, "update" if changes else "unchanged", " ".join(row.key), changes)
