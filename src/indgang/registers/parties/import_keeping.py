"""What people changed of a company's facts: a table leaves it, however often it is handed in. What they wrote of a company that no table
knew yet gives way to the first that does, and is named.

A company keeps for each column that people changed what stood there before (`by_hand`). Columns that mean something only together are kept
together: a new code with the old version, or a new street in the old town, would be neither what people said nor what the table says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import BigIntegerField, Model, QuerySet
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from indgang.foundation.imports.kinds import Row
from indgang.foundation.imports.models import BatchRow
from indgang.foundation.imports.reports import Problem
from indgang.registers.parties.facts import FACTS, with_what_goes_along


def keep_noted(row: Row) -> None:
    """What people changed stays, and what goes with it; the row tells where it says otherwise."""
    if row.stored is None or not row.stored.by_hand:
        return
    for name in _staying(row.stored.by_hand):
        stands = row.stored.values[name]
        if row.values[name] == stands:
            continue
        said, row.values[name] = str(FACTS[name].write(row.values[name])), stands
        row.kept.append(Problem(row.number, name, said, _reason(name, row.stored.by_hand, stands)))


def name_replaced(row: Row) -> None:
    """Where people wrote a company down before any table knew it, the register knows better: its word is taken, and the row tells of what
    they had written. Once it has been taken, what stands is the register's."""
    if row.stored is None or not row.stored.typed:
        return
    for name in filter(row.stored.typed.__contains__, FACTS):
        typed = row.stored.typed[name]
        said, stands = row.values[name], str(FACTS[name].write(row.stored.values[name]))
        if stands == typed and said != row.stored.values[name]:
            reason = _("People here had written “%(value)s”. The table’s word is taken.") % {"value": typed}
            row.replaced.append(Problem(row.number, name, str(FACTS[name].write(said)), reason))


def _staying(by_hand: Mapping[str, Any]) -> list[str]:
    """The columns that tables leave, in the order of the columns."""
    return with_what_goes_along(by_hand)


def _reason(name: str, by_hand: Mapping[str, Any], stands: Any) -> str:
    if name not in by_hand:
        return _("This does not go with what people here have noted since. It is left as it was.")
    if stands is None:
        return _("People here have taken this out since. That stays.")
    return _("People here have noted “%(value)s” since. That stays.") % {"value": FACTS[name].write(stands)}


def against_restoring(rows: Iterable[Row]) -> dict[str, str]:
    """Why a company cannot become again what the rows say, by id: people have since noted what goes with it."""
    text = _("This does not go with what people here have noted since. It is left as it was.")
    return {row.stored.id: text for row in rows if row.stored and not set(row.changed).isdisjoint(_staying(row.stored.by_hand))}


def hold(model: type[Model], rows: QuerySet[BatchRow]) -> None:
    """Lock the records of these rows, all at once and in one order: whoever writes something about one has done so, or waits."""
    ids = rows.order_by().annotate(record=Cast("record_id", BigIntegerField())).values("record")
    for _number in model._base_manager.select_for_update().filter(pk__in=ids).order_by("pk").values_list("pk").iterator():
        pass
