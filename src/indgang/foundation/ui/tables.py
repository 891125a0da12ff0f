"""Tables that the server sorts: columns, rows, and the address that sorts by a column."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise

from indgang.foundation.ui.words import number_in_words

Text = str | Promise


@dataclass(frozen=True)
class Column:
    """A column: its `key` in `?sort=`, its title (with the unit), the cell of a row, and what to sort by.

    `cell` takes the row and gives text (or safe HTML); by default the row's attribute or item `key`. `order` is a field to sort by,
    or a function of a row for a list; None: the column does not sort. `number` aligns right with tabular figures.
    """

    key: str
    title: Text
    cell: Callable[[Any], Any] | None = None
    order: str | Callable[[Any], Any] | None = None
    number: bool = False

    def value(self, row: Any) -> Any:
        """What stands in the cell; a number in the way of the language."""
        if self.cell:
            value = self.cell(row)
        else:
            value = row[self.key] if isinstance(row, dict) else getattr(row, self.key)
        return number_in_words(value) if self.number and isinstance(value, int | float) else value


@dataclass(frozen=True)
class Heading:
    """A column's heading: where its link leads and how the table is sorted by it now ("ascending", "descending" or "")."""

    column: Column
    address: str
    sorted: str


@dataclass
class Table:
    """What `{% table %}` shows. `link` gives a row's address: then Enter opens it and its first cell is a link. `stacks`: on a phone each
    row is a block of lines, for tables with too many columns to stand beside each other there."""

    columns: Sequence[Column]
    rows: Iterable[Any]
    caption: Text
    link: Callable[[Any], str] | None = None
    empty: Text = ""
    export: str = ""
    name: str = "table"
    stacks: bool = False
    headings: list[Heading] = field(default_factory=list)

    @property
    def has_links(self) -> bool:
        """Whether rows open. (A template would call `link` itself.)"""
        return self.link is not None

    def body(self) -> list[tuple[str, list[tuple[Column, Any]]]]:
        """Every row's address and cells."""
        return [(self.link(row) if self.link else "", [(column, column.value(row)) for column in self.columns]) for row in self.rows]

    def sort_by(self, request: HttpRequest, parameter: str = "sort") -> Table:
        """Sort as `?sort=key` or `?sort=-key` says; anything else leaves the order as it is. Other parameters stay in the links."""
        wanted = request.GET.get(parameter, "")
        key, backwards = wanted.removeprefix("-"), wanted.startswith("-")
        chosen = next((column for column in self.columns if column.key == key and column.order), None)
        if chosen:
            self.rows = _sorted(self.rows, chosen, backwards)
        self.headings = []
        for column in self.columns:
            state = ("descending" if backwards else "ascending") if column is chosen else ""
            query = request.GET.copy()
            query[parameter] = f"-{column.key}" if state == "ascending" else column.key
            query.pop("page", None)
            self.headings.append(Heading(column, f"?{query.urlencode()}" if column.order else "", state))
        return self

    def head(self) -> list[Heading]:
        """The headings; without `sort_by` none of them sorts."""
        return self.headings or [Heading(column, "", "") for column in self.columns]


def _sorted(rows: Iterable[Any], column: Column, backwards: bool) -> Iterable[Any]:
    """Rows in the column's order."""
    if isinstance(rows, QuerySet):
        return rows.order_by(f"-{column.order}" if backwards else str(column.order), "pk")
    order = column.order
    if callable(order):
        return sorted(rows, key=order, reverse=backwards)
    return sorted(rows, key=lambda row: row[order] if isinstance(row, dict) else getattr(row, str(order)), reverse=backwards)
