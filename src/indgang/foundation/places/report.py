"""What loading a region's data changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Literal, TypeVar

from django.core.exceptions import ValidationError
from django.db import models, transaction

from indgang.foundation.places.region_files import Table

Stored = TypeVar("Stored", bound=models.Model)
Change = Literal["created", "updated", "ended", "kept"]


@dataclass(frozen=True)
class Line:
    """One thing that changed; `detail` names the fields, or says why something that vanished from the file is kept."""

    kind: str
    name: str
    change: Change
    detail: str = ""


class Report:
    """Writes what differs, leaves the rest alone, and remembers both."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.unchanged: Counter[str] = Counter()

    def store(self, model: type[Stored], table: Table, *, key: Mapping[str, Any], values: Mapping[str, Any], name: str) -> Stored:
        """Create the row with that key or bring it up to date; a row that is right already is not written."""
        row = model._default_manager.filter(**key).first()
        if row is None:
            row = model(**key, **values)
            self._check(row, table, [*key, *values])
            self.create(row, name)
            return row
        different = [field for field, value in values.items() if _stored(row, field) != _plain(value)]
        if different:
            for field in different:
                setattr(row, field, values[field])
            self._check(row, table, different)
            row.save(update_fields=different)
            self.lines.append(Line(_kind(model), name, "updated", ", ".join(different)))
        else:
            self.same(row)
        return row

    def create(self, row: models.Model, name: str) -> None:
        """Store a new row."""
        row.save(force_insert=True)
        self.lines.append(Line(_kind(type(row)), name, "created"))

    def same(self, row: models.Model) -> None:
        """Count a row that stands already."""
        self.unchanged[_kind(type(row))] += 1

    def updated(self, row: models.Model, name: str, detail: str) -> None:
        """Say that something about a row changed which is not one of its columns."""
        self.lines.append(Line(_kind(type(row)), name, "updated", detail))

    def end(self, row: models.Model, name: str) -> bool:
        """Delete what vanished from the file, unless something refers to it: then it is kept, and False comes back."""
        try:
            with transaction.atomic():
                row.delete()
        except (models.ProtectedError, models.RestrictedError):
            return False
        self.lines.append(Line(_kind(type(row)), name, "ended"))
        return True

    def end_or_keep(self, rows: Iterable[Stored], name: Callable[[Stored], str] = attrgetter("key")) -> None:
        """End every row; those that others refer to are kept, and the report says so."""
        for row in rows:
            if not self.end(row, name(row)):
                self.kept(row, name(row), "not in the file any more, but records refer to it")

    def kept(self, row: models.Model, name: str, why: str) -> None:
        """Say that something which vanished from the file is still there."""
        self.lines.append(Line(_kind(type(row)), name, "kept", why))

    @property
    def changed(self) -> bool:
        """Whether anything was written."""
        return any(line.change != "kept" for line in self.lines)

    def as_json(self) -> dict[str, Any]:
        """Counts by what happened, and every change."""
        counts = Counter(line.change for line in self.lines)
        return {
            **{change: counts[change] for change in ("created", "updated", "ended", "kept")},
            "unchanged": self.unchanged.total(),
            "changes": [{"kind": line.kind, "name": line.name, "change": line.change, "detail": line.detail} for line in self.lines],
        }

    def as_text(self) -> list[str]:
        """A line per kind with its counts; then what was updated, ended or kept, by name."""
        kinds = dict.fromkeys([*(line.kind for line in self.lines), *self.unchanged])
        counts = Counter((line.kind, line.change) for line in self.lines)
        text = []
        for kind in kinds:
            parts = [f"{counts[kind, change]} {change}" for change in ("created", "updated", "ended", "kept") if counts[kind, change]]
            if self.unchanged[kind]:
                parts.append(f"{self.unchanged[kind]} unchanged")
            text.append(f"  {kind}: {', '.join(parts)}")
        named = [line for line in self.lines if line.change != "created"]
        text.extend(f"  {line.change}: {line.kind} {line.name}" + (f" ({line.detail})" if line.detail else "") for line in named)
        return text

    def _check(self, row: models.Model, table: Table, fields: Iterable[str]) -> None:
        """Let the columns check what they are given (lengths, addresses) before the database does, and name the field."""
        checked = {field for field in fields if not row._meta.get_field(field).is_relation and getattr(row, field)}
        try:
            row.clean_fields(exclude={field.name for field in row._meta.fields if field.name not in checked})
        except ValidationError as error:
            field, messages = next(iter(error.message_dict.items()))
            raise table.refusal(field, " ".join(messages)) from None


def _kind(model: type[models.Model]) -> str:
    return str(model._meta.verbose_name)


def _plain(value: Any) -> Any:
    return value.pk if isinstance(value, models.Model) else value


def _stored(row: models.Model, field: str) -> Any:
    """The value as stored; of a relation its key, without a query."""
    column = row._meta.get_field(field)
    return getattr(row, getattr(column, "attname", field))
