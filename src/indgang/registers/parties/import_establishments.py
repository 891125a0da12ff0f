"""The table of establishments in and out: one row per P-number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indgang.foundation.access.actors import Actor
from indgang.foundation.database.bulk import copy_in
from indgang.foundation.imports.kinds import Fault, Key, Kind, Row, Stored, Work
from indgang.foundation.imports.models import BatchRow
from indgang.foundation.places.models import Municipality
from indgang.registers.parties.actions.moves import tell_moved
from indgang.registers.parties.import_columns import ESTABLISHMENT_COLUMNS
from indgang.registers.parties.import_keeping import hold
from indgang.registers.parties.models import Company, Establishment
from indgang.registers.parties.queries.companies import in_use

ZONE = ZoneInfo(settings.TIME_ZONE)
READ = ("pk", "p_number", "company__cvr", "name", "municipality__code")


class EstablishmentsWork(Work):
    """One pass over the table of establishments."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self._municipalities = dict(Municipality.objects.values_list("code", "pk"))
        self._companies: dict[str, int] = {}

    def existing(self, keys: Sequence[Key]) -> Mapping[Key, Stored]:
        """The establishments with these P-numbers; one query."""
        rows = Establishment.objects.filter(p_number__in=[number for (number,) in keys if number]).values_list(*READ)
        return {(row[1],): _stored(row) for row in rows}

    def prepare(self, rows: Sequence[Row]) -> None:
        """Look up the companies of a chunk; one query."""
        self._look_up({row.given["cvr"] for row in rows if "cvr" in row.given})

    def _look_up(self, numbers: set[str]) -> None:
        found = Company.objects.filter(cvr__in=numbers - self._companies.keys()).values_list("cvr", "pk")
        self._companies |= {cvr: number for cvr, number in found if cvr}

    def zone_of(self, row: Row) -> ZoneInfo:
        """The table has no times."""
        return ZONE

    def check(self, row: Row) -> Iterable[Fault]:
        """Company and municipality must be known."""
        cvr = row.values["cvr"]
        if not cvr and "cvr" not in row.faulty:
            yield Fault("cvr", _("This must be filled in: the establishment is not known yet."))
        elif row.given.get("cvr") and cvr not in self._companies:
            yield Fault("cvr", _("No company with this CVR number is known. Import the companies first."))
        code = row.given.get("municipality")
        if code and code not in self._municipalities:
            yield Fault("municipality", _("No municipality with this code is known."))

    def create(self, rows: Sequence[Row]) -> Sequence[str]:
        """New establishments."""
        made = [Establishment(**self._columns(row)) for row in rows]
        copy_in(Establishment, made)
        return [str(one.pk) for one in made]

    def update(self, rows: Sequence[Row]) -> None:
        """Write the rows over their establishments."""
        self._look_up({row.values["cvr"] for row in rows})
        changed = [Establishment(pk=int(row.stored.id), **self._columns(row)) for row in rows if row.stored]
        Establishment.objects.bulk_update(changed, ["company_id", "name", "municipality_id"], batch_size=500)
        tell_moved(establishments=[int(row.stored.id) for row in rows if row.stored and "municipality" in row.changed])

    def _columns(self, row: Row) -> dict[str, Any]:
        values = row.values
        return {
            "p_number": values["p_number"],
            "company_id": self._companies[values["cvr"]],
            "name": values["name"] or "",
            "municipality_id": self._municipalities.get(values["municipality"] or ""),
        }

    def remove(self, records: Sequence[Stored]) -> Mapping[str, str]:
        """Remove establishments; one that something leans on stays."""
        ids = [int(record.id) for record in records]
        kept = in_use(ids, Establishment)
        Establishment.objects.filter(pk__in=set(ids) - kept).delete()
        return dict.fromkeys(map(str, kept), _("It is in use by now."))

    def hold(self, rows: QuerySet[BatchRow]) -> None:
        """Nobody begins anything at an establishment while it is taken back."""
        hold(Establishment, rows)

    def against_restoring(self, rows: Sequence[Row]) -> Mapping[str, str]:
        """The company that it belonged to may be gone."""
        self._look_up({row.values["cvr"] for row in rows})
        gone = _("The company that it belonged to is no longer in the register.")
        return {row.stored.id: gone for row in rows if row.stored and row.values["cvr"] not in self._companies}

    def everything(self) -> Iterator[Stored]:
        """Every establishment of a company with a CVR number, in the order of their numbers."""
        rows = Establishment.objects.exclude(company__cvr=None).order_by("p_number").values_list(*READ)
        yield from map(_stored, rows.iterator(chunk_size=2_000))


def _stored(row: Sequence[Any]) -> Stored:
    number, p_number, cvr, name, municipality = row
    return Stored(str(number), {"p_number": p_number, "cvr": cvr, "name": name or None, "municipality": municipality}, ZONE)


ESTABLISHMENTS = Kind(key="establishments", title=gettext_lazy("Establishments"), columns=ESTABLISHMENT_COLUMNS, work=EstablishmentsWork)
