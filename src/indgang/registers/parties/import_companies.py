"""The table of companies in and out: one row per CVR number."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indgang.foundation.access.actors import Actor
from indgang.foundation.database.bulk import copy_in
from indgang.foundation.database.console import Refused
from indgang.foundation.imports.kinds import Fault, Key, Kind, Row, Stored, Work
from indgang.foundation.imports.models import Batch, BatchRow
from indgang.foundation.places.models import Municipality
from indgang.registers.parties.actions.locks import JUDGEMENTS, lock
from indgang.registers.parties.actions.moves import note_moves, take_back_moves
from indgang.registers.parties.actions.words import Vocabulary
from indgang.registers.parties.facts import TEXTS
from indgang.registers.parties.import_columns import COMPANY_COLUMNS
from indgang.registers.parties.import_keeping import against_restoring, hold, keep_noted, name_replaced
from indgang.registers.parties.jobs import look_for_doubles_soon
from indgang.registers.parties.models import Company
from indgang.registers.parties.queries.companies import in_use

OTHERS = ("name", "employees", "founded", "advertising_protected")
COLUMNS = ("municipality_id", *OTHERS, *TEXTS)
READ = ("pk", "by_hand", "typed", "cvr", "municipality__code", *OTHERS, *TEXTS)
ZONE = ZoneInfo(settings.TIME_ZONE)


class CompaniesWork(Work):
    """One pass over the table of companies."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self._municipalities = dict(Municipality.objects.values_list("code", "pk"))
        self._vocabulary = Vocabulary()
        self._taking_back: dt.datetime | None = None

    def existing(self, keys: Sequence[Key]) -> Mapping[Key, Stored]:
        """The companies with these CVR numbers; one query."""
        rows = Company.objects.filter(cvr__in=[cvr for (cvr,) in keys if cvr]).values_list(*READ)
        return {(row[3],): _stored(row) for row in rows}

    def zone_of(self, row: Row) -> ZoneInfo:
        """The table has no times."""
        return ZONE

    def check(self, row: Row) -> Iterable[Fault]:
        """A company has a name, the municipality must be known, and a code without its version says nothing. What people noted stays; what
        they wrote before any table knew the company gives way, and is named."""
        keep_noted(row)
        name_replaced(row)
        if not row.values["name"]:
            yield Fault("name", _("This must be filled in: the company is not known yet."))
        code = row.given.get("municipality")
        if code and code not in self._municipalities:
            yield Fault("municipality", _("No municipality with this code is known."))
        if row.values["industry_code"] and not row.values["industry_version"] and "industry_version" not in row.faulty:
            yield Fault("industry_code", _("Say of which version the code is (industry_version: DB07 or DB25)."))

    def create(self, rows: Sequence[Row]) -> Sequence[str]:
        """New companies."""
        companies = [Company(**self._columns(row)) for row in rows]
        self._vocabulary.learn(companies)
        copy_in(Company, companies)
        return [str(company.pk) for company in companies]

    def update(self, rows: Sequence[Row]) -> None:
        """Write the rows over their companies."""
        _refuse_changed([row.stored for row in rows if row.stored])
        companies = [Company(pk=int(row.stored.id), **self._columns(row)) for row in rows if row.stored]
        self._vocabulary.learn(companies)
        Company.objects.bulk_update(companies, ["words", "places", *COLUMNS], batch_size=500)
        codes = [row.stored.values["municipality"] or "" for row in rows if row.stored]
        before = map(self._municipalities.get, codes)
        changes = ((company.pk, was, company.municipality_id) for company, was in zip(companies, before, strict=True))
        if self._taking_back:
            take_back_moves(changes, self._taking_back)
        else:
            note_moves(changes)

    def _columns(self, row: Row) -> dict[str, Any]:
        values = row.values
        texts = {name: values[name] or "" for name in TEXTS}
        rest = {name: values[name] for name in OTHERS}
        return {"cvr": values["cvr"], "municipality_id": self._municipalities.get(values["municipality"] or ""), **texts, **rest}

    def remove(self, records: Sequence[Stored]) -> Mapping[str, str]:
        """Remove companies; one that is in use stays, and so does one that people have noted something of."""
        ids = {int(record.id) for record in records}
        used = in_use(ids)
        noted = {int(record.id) for record in records if record.by_hand} - used
        Company.objects.filter(pk__in=ids - used - noted).delete()
        reasons = dict.fromkeys(map(str, used), _("It is in use by now."))
        return reasons | dict.fromkeys(map(str, noted), _("People here have changed it since the import."))

    def keep(self, batch: Batch) -> None:
        """What is new may be there already, under another name."""
        look_for_doubles_soon.defer()

    def hold(self, rows: QuerySet[BatchRow]) -> None:
        """Nobody changes a company, or begins anything with it, while it is taken back."""
        lock(JUDGEMENTS)  # before the companies, as whoever judges does
        hold(Company, rows)
        self._taking_back = rows.values_list("batch__created_at", flat=True).first()

    def against_restoring(self, rows: Sequence[Row]) -> Mapping[str, str]:
        """What people noted since stays, and what goes with it."""
        return against_restoring(rows)

    def everything(self) -> Iterator[Stored]:
        """Every company that has a CVR number, in their order."""
        rows = Company.objects.exclude(cvr=None).order_by("cvr").values_list(*READ)
        yield from map(_stored, rows.iterator(chunk_size=2_000))


def _stored(row: Sequence[Any]) -> Stored:
    number, by_hand, typed, *values = row
    named = dict(zip(("cvr", "municipality", *OTHERS, *TEXTS), values, strict=True))
    return Stored(str(number), {name: None if value == "" else value for name, value in named.items()}, ZONE, by_hand, typed=typed)


def _refuse_changed(records: Sequence[Stored]) -> None:
    """Lock what is about to be written, and raise Refused where somebody was quicker."""
    companies = Company.objects.filter(pk__in=[int(record.id) for record in records])
    list(companies.select_for_update().order_by("pk").values_list("pk"))
    now = {stored.id: stored for stored in map(_stored, companies.values_list(*READ))}
    if any(record.id not in now or now[record.id].values != record.values for record in records):
        raise Refused(_("Somebody changed the same records at this moment. Try again."))


COMPANIES = Kind(key="companies", title=gettext_lazy("Companies"), columns=COMPANY_COLUMNS, work=CompaniesWork)
