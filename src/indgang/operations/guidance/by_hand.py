"""What people changed of a course or a delivery: tables leave it, however often they are handed in (ADR 36).

A record keeps for each column that people changed what stood there before (`by_hand`). Columns that mean something only together are kept
together: a new first day with the old last day would be neither what people said nor what the table says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from indgang.foundation.imports.columns import Column
from indgang.foundation.imports.kinds import Row
from indgang.foundation.imports.reports import Problem
from indgang.operations.guidance.import_columns import COURSE_COLUMNS, DELIVERY_COLUMNS
from indgang.operations.guidance.models import Course, Delivery

TOGETHER = (frozenset({"started", "ended"}), frozenset({"cvr", "p_number"}))
ON_PAGES = frozenset({"p_number", "category", "fields", "started", "ended", "hours", "consultant", "kind", "topic", "date"})


def as_told(record: Course | Delivery) -> dict[str, str]:
    """What people can change of a record, as a table writes it; "" = not known."""
    columns = COURSE_COLUMNS if isinstance(record, Course) else DELIVERY_COLUMNS
    return {column.name: str(column.write(_value(record, column.name))) for column in columns if column.name in ON_PAGES}


def _value(record: Course | Delivery, name: str) -> Any:
    if name == "p_number":
        return record.establishment.p_number if record.establishment else None
    return getattr(record, name)


def note_by_hand(record: Course | Delivery, before: Mapping[str, str]) -> None:
    """Keep what stood before people changed it. To write what stood is to leave it to the tables again."""
    noted = dict(record.by_hand)
    for name, now in as_told(record).items():
        if before[name] != now and noted.setdefault(name, before[name]) == now:
            del noted[name]
    record.by_hand = noted


def keep_noted(row: Row, columns: Iterable[Column]) -> None:
    """What people changed stays, and what goes with it; the row tells where it says otherwise."""
    if row.stored is None or not row.stored.by_hand:
        return
    staying = staying_with(row.stored.by_hand)
    for column in columns:
        name, stands = column.name, row.stored.values.get(column.name)
        if name not in staying or row.values[name] == stands:
            continue
        said, row.values[name] = str(column.write(row.values[name])), stands
        row.kept.append(Problem(row.number, name, said, _reason(column, row.stored.by_hand, stands)))


def staying_with(by_hand: Mapping[str, Any]) -> set[str]:
    """The columns that tables leave."""
    return set(by_hand).union(*(group for group in TOGETHER if group & by_hand.keys()))


def _reason(column: Column, by_hand: Mapping[str, Any], stands: Any) -> str:
    if column.name not in by_hand:
        return _("This does not go with what people here have noted since. It is left as it was.")
    if stands is None:
        return _("People here have taken this out since. That stays.")
    return _("People here have noted “%(value)s” since. That stays.") % {"value": column.write(stands)}
