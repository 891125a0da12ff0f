"""What can be imported and exported: a room describes a kind, config registers it, and this room does the rest."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.functional import Promise

from indgang.foundation.access.actors import Actor
from indgang.foundation.imports.columns import Column
from indgang.foundation.imports.models import Batch, BatchRow
from indgang.foundation.imports.reports import Problem

Key = tuple[str, ...]
Values = dict[str, Any]


@dataclass(slots=True)
class Stored:
    """A record as it is kept: its id, its values by column (None = empty), and the local time of its place.

    `by_hand` are the columns that people changed since a table wrote them, with what the table said; `typed` what people wrote when they
    wrote the record down themselves, before any table; `busy` says why the record cannot be written now, "" = it can.
    """

    id: str
    values: Values
    zone: ZoneInfo
    by_hand: Mapping[str, Any] = field(default_factory=dict)
    busy: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Row:
    """A row. `given` are its filled cells; `values` are all columns as they shall be (empty keeps what is stored).

    `faulty` are the columns that could not be read: they are None in both, and a missing part of the key is "". `kept` says where the row
    says something else than people have noted since the last table; that is not in `values`. `replaced` says where what people wrote gives
    way to the row; that is.
    """

    number: int
    key: Key
    given: Values
    values: Values
    stored: Stored | None = None
    faulty: frozenset[str] = frozenset()
    kept: list[Problem] = field(default_factory=list)
    replaced: list[Problem] = field(default_factory=list)

    @property
    def changed(self) -> list[str]:
        """The columns in which the record becomes another."""
        return [] if self.stored is None else [name for name, value in self.values.items() if value != self.stored.values.get(name)]


@dataclass(frozen=True)
class Fault:
    """Why a row cannot be, in which column."""

    column: str
    message: str


@dataclass(frozen=True)
class Withdrawn:
    """What became of the columns that rows of a batch share with others: of how many of the rows that stay they are as before, of how many
    that had changed nothing else, whether anything changed at all, and where people have noted something else, which stays."""

    rows: int = 0
    restored: int = 0
    anything: bool = False
    kept: Sequence[Problem] = ()


class Work(ABC):
    """One pass over one table for one actor; may remember what earlier rows said. Rows come in chunks, in the order of the file.

    Rows with cells that cannot be read are checked too, so that all faults of a table can be mended in one go; what a check says of a
    faulty column is not told. `check` is asked before anything of its chunk is written, and only it may be asked at all: a preview writes
    nothing. So nothing here may depend on what `create` and `update` did to earlier chunks.
    """

    @abstractmethod
    def existing(self, keys: Sequence[Key]) -> Mapping[Key, Stored]:
        """The records with these keys, as they were before this pass began, in a fixed number of queries."""

    def prepare(self, rows: Sequence[Row]) -> None:
        """Look up what checking the rows of a chunk needs, in a fixed number of queries; asked before any of them is checked. Nothing,
        unless a kind says otherwise."""
        return

    @abstractmethod
    def zone_of(self, row: Row) -> ZoneInfo:
        """The local time in which the row's times are meant."""

    @abstractmethod
    def check(self, row: Row) -> Iterable[Fault]:
        """Everything that speaks against the row, each cause once. May fill in `row.values` that follow from other rows, or that
        people have changed (`row.kept`)."""

    def team_of(self, row: Row) -> int | None:
        """The id of the organisation whose confidential team alone may know of the row, as it was or as it becomes. None, unless a kind has
        such records; asked after `check`."""
        return None

    @abstractmethod
    def create(self, rows: Sequence[Row]) -> Sequence[str]:
        """Write new records; gives their ids in the same order."""

    @abstractmethod
    def update(self, rows: Sequence[Row]) -> None:
        """Write `row.values` over the stored records."""

    @abstractmethod
    def remove(self, records: Sequence[Stored]) -> Mapping[str, str]:
        """Remove records that an import created; gives {id: reason} for those that must stay."""

    def keep(self, batch: Batch) -> None:
        """Asked once when a table has been written: keep what it said of what several rows are part of. Nothing, unless a kind has such
        columns."""
        return

    def withdraw(self, batch: Batch, sharing: Mapping[int, str]) -> Withdrawn:
        """Asked once when a batch has been taken back, as far as that goes: what it said of what several rows are part of holds no more.
        `sharing`: the rows that had changed nothing else, and the ids of their records. Nothing, unless a kind has such columns."""
        return Withdrawn()

    def hold(self, rows: QuerySet[BatchRow]) -> None:
        """Keep others from changing the records of these rows until the transaction ends; asked once, before any of them is taken back.
        Nothing is held, unless a kind says otherwise."""
        return

    def against_restoring(self, rows: Sequence[Row]) -> Mapping[str, str]:
        """{id: reason} for the records that cannot become again what `row.values` say, because of what was done since. All of them can,
        unless a kind says otherwise. Asked at once before `update` is, when what the batch created is gone already."""
        return {}

    @abstractmethod
    def everything(self) -> Iterator[Stored]:
        """All records for an export, one at a time, in a steady order."""


@dataclass(frozen=True)
class Kind:
    """A kind of table: its columns in the order of an export, how to begin work on one, and what an export never has, in a sentence."""

    key: str
    title: str | Promise
    columns: tuple[Column, ...]
    work: Callable[[Actor], Work]
    left_out: str | Promise = ""

    @property
    def key_columns(self) -> tuple[Column, ...]:
        """The columns that together name a record."""
        return tuple(column for column in self.columns if column.key)


KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Make a kind known to the command line and to the page."""
    KINDS[kind.key] = kind
