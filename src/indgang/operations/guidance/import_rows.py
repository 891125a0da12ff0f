"""What the tables of courses and of deliveries have in common: whose a row is, which company and establishment it names, and the ties."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import BigIntegerField, QuerySet
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from indgang.foundation.access.actors import Actor
from indgang.foundation.database import clock
from indgang.foundation.database.bulk import copy_in
from indgang.foundation.database.console import Refused
from indgang.foundation.identity.models import Organisation
from indgang.foundation.imports.columns import Column
from indgang.foundation.imports.kinds import Fault, Key, Row, Stored, Work
from indgang.foundation.imports.models import BatchRow
from indgang.foundation.imports.reports import Problem
from indgang.operations.guidance.by_hand import keep_noted, staying_with
from indgang.operations.guidance.faults import in_words
from indgang.operations.guidance.models import Category, Course, Delivery
from indgang.operations.guidance.rules import courses as rules
from indgang.registers.parties.actions.ties import tie_anew, tie_many, untie_numbered
from indgang.registers.parties.models import Company, Establishment, Tie
from indgang.registers.parties.permissions import teams_of
from indgang.registers.parties.queries.moves import histories, municipality_on

Record = Course | Delivery
ZONE = ZoneInfo(settings.TIME_ZONE)
ABOUT = ("pk", "reference", "organisation_id", "removed_at", "by_hand", "company_id", "company__cvr", "establishment__p_number")


@dataclass(slots=True, frozen=True)
class _Known:
    """What is known of a stored record beside its columns."""

    company: int
    removed: bool
    team: int | None


class RecordsWork(Work):
    """One pass over a table of courses or of deliveries."""

    model: ClassVar[type[Course] | type[Delivery]]
    columns: ClassVar[tuple[Column, ...]]
    own: ClassVar[tuple[str, ...]]  # the columns that are attributes of the record, under the same name
    first_day: ClassVar[str]

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self._organisations = dict(Organisation.objects.values_list("key", "pk"))
        self._keys = {number: key for key, number in self._organisations.items()}
        acting = actor.organisation
        self._alone = None if acting is None or acting.is_operator else acting
        self._undoing = False
        self._today = clock.today()
        self._known: dict[Key, _Known] = {}
        self._taken: set[Key] = set()
        self._stored_values: list[Mapping[str, Any]] = []
        self._companies: dict[str, tuple[int, int | None]] = {}
        self._units: dict[str, tuple[int, int, int | None]] = {}

    def existing(self, keys: Sequence[Key]) -> Mapping[Key, Stored]:
        """The records with these references, as far as the actor may write them; one query. Of the others it is only remembered that they
        are taken."""
        self._known, self._taken = {}, set()
        found: dict[Key, Stored] = {}
        rows = self.model._default_manager.filter(reference__in=[reference for (reference,) in keys if reference])
        for row in rows.values_list(*ABOUT, *self.own):
            key, organisation, stored = (row[1],), row[2], self._stored(row)
            team = organisation if stored.values.get("category") == Category.EARLY_WARNING else None
            if self._undoing or (self._writes_for(organisation) and self._knows(team)):
                found[key], self._known[key] = stored, _Known(row[5], row[3] is not None, team)
            else:
                self._taken.add(key)
        self._stored_values = [stored.values for stored in found.values()]
        return found

    def _stored(self, row: Sequence[Any]) -> Stored:
        number, reference, organisation, _removed, by_hand, _company, cvr, p_number, *own = row
        values = {"reference": reference, "cvr": cvr, "p_number": p_number, "organisation": self._keys[organisation]}
        values |= {name: None if value in ("", []) else value for name, value in zip(self.own, own, strict=True)}
        return Stored(str(number), values, ZONE, by_hand)

    def _writes_for(self, organisation: int) -> bool:
        """The operator writes for all, another organisation its own alone."""
        return self._alone is None or self._alone.pk == organisation

    def _knows(self, team: int | None) -> bool:
        """What a confidential team keeps is the team's, and the program's on the server."""
        return team is None or self.actor.kind == "system" or team in teams_of(self.actor)

    def prepare(self, rows: Sequence[Row]) -> None:
        """Look up the companies and establishments of a chunk; two queries."""
        self._companies, self._units = {}, {}
        self._look_up([*(row.given for row in rows), *self._stored_values])

    def _look_up(self, said: Iterable[Mapping[str, Any]]) -> None:
        """Beside what is known of the chunk: the same rows are changed, and others of them are new."""
        said = list(said)
        companies = Company.objects.filter(cvr__in={one["cvr"] for one in said if one.get("cvr")})
        for cvr, number, municipality in companies.values_list("cvr", "pk", "municipality_id"):
            self._companies[str(cvr)] = number, municipality
        units = Establishment.objects.filter(p_number__in={one["p_number"] for one in said if one.get("p_number")})
        for p_number, number, company, municipality in units.values_list("p_number", "pk", "company_id", "municipality_id"):
            self._units[p_number] = number, company, municipality

    def zone_of(self, row: Row) -> ZoneInfo:
        """The tables have no times."""
        return ZONE

    def check(self, row: Row) -> Iterable[Fault]:
        """Everything that speaks against a row. What people here changed or removed stays as they left it."""
        if row.key in self._taken:
            yield Fault("reference", _("This reference is used already."))
            return
        if row.stored and self._known[row.key].removed:
            _leave_removed(row, self.columns)
            return
        keep_noted(row, self.columns)
        yield from self._check_organisation(row)
        yield from self._check_unit(row)
        yield from self.check_own(row)

    def _check_organisation(self, row: Row) -> Iterable[Fault]:
        """It is named, and the actor may write for it."""
        if not row.values["organisation"] and self._alone:
            row.values["organisation"] = self._alone.key
        key = row.values["organisation"]
        number = self._organisations.get(key or "")
        if not key:
            yield Fault("organisation", _("Say whose it is: this must be filled in."))
        elif number is None:
            yield Fault("organisation", _("There is no organisation with this key."))
        elif not self._writes_for(number):
            yield Fault("organisation", _("This belongs to another organisation. Only its own, or the region's operator, can bring it in."))

    def _check_unit(self, row: Row) -> Iterable[Fault]:
        """The company is known, and the establishment is its own. What is stored stays as it is, whomever the establishment belongs to by
        now."""
        if row.stored and {"cvr", "p_number"}.isdisjoint(row.changed):
            return
        cvr, p_number = row.values["cvr"], row.values["p_number"]
        company, unit = self._companies.get(cvr or ""), self._units.get(p_number or "")
        if not cvr and row.stored is None:
            yield Fault("cvr", _("This must be filled in."))
        elif cvr and company is None:
            yield Fault("cvr", _("No company with this CVR number is known. Import the companies first."))
        if p_number and unit is None:
            yield Fault("p_number", _("No establishment with this P-number is known. Import the establishments first."))
        owner = company[0] if company else self._known[row.key].company if row.stored and not cvr else None
        if unit and owner and (fault := rules.unit_of(owner, unit[1])):
            yield Fault("p_number", in_words(fault))

    @abstractmethod
    def check_own(self, row: Row) -> Iterable[Fault]:
        """What speaks against the columns that only this table has."""

    def check_days(self, row: Row, *names: str) -> Iterable[Fault]:
        """A table may name the same days as people may, by hand; what is stored stays as it is."""
        for name in names:
            day = row.values[name]
            new = row.stored is None or (name in row.changed and not self._undoing)
            if day and new and (fault := rules.fault_of_day(day, self._today)):
                yield Fault(name, in_words(fault))

    @abstractmethod
    def tie_of(self, record: Any) -> Tie:
        """What others may know of a record."""

    @abstractmethod
    def wrote(self, record: Any, changed: Iterable[str]) -> None:
        """A table has written these columns into a record that is about to be stored."""

    def may_be_confidential(self, row: Row) -> bool:
        """Whether the actor may write the row as confidential as it becomes."""
        return self._knows(self._organisations.get(row.values["organisation"] or ""))

    def team_of(self, row: Row) -> int | None:
        """The organisation whose Early Warning team alone may know of it: as it is, or as it becomes."""
        if row.key in self._known and self._known[row.key].team:
            return self._known[row.key].team
        secret = row.values.get("category") == Category.EARLY_WARNING
        return self._organisations.get(row.values["organisation"] or "") if secret else None

    def create(self, rows: Sequence[Row]) -> Sequence[str]:
        """New records, and their ties."""
        made = [self._written(self.model(reference=row.values["reference"]), row, self.own) for row in rows]
        self._place(made)
        copy_in(self.model, made)
        tie_many(self._ties(made))
        return [str(record.pk) for record in made]

    def update(self, rows: Sequence[Row]) -> None:
        """Write the rows over their records, and say anew what others may know of them."""
        stored = {int(row.stored.id): row for row in rows if row.stored}
        self._refuse_changed(stored)
        self._look_up([row.values for row in rows])
        records: dict[int, Any] = dict(self.model._default_manager.in_bulk(list(stored)))
        for number, record in records.items():
            self._written(record, stored[number], stored[number].changed)
        moved = [one for number, one in records.items() if {self.first_day, "cvr", "p_number"} & set(stored[number].changed)]
        self._place(moved)
        names = ("company", "establishment", "organisation", "municipality", "place", *self.also_written, *self.own)
        self.model._default_manager.bulk_update(records.values(), names, batch_size=500)
        tie_anew(self._ties([record for record in records.values() if record.removed_at is None]))

    also_written: ClassVar[tuple[str, ...]] = ()

    def _written(self, record: Any, row: Row, changed: Iterable[str]) -> Any:
        values, names = row.values, list(changed)
        record.organisation_id = self._organisations[values["organisation"]]
        if values["cvr"]:
            record.company_id = self._companies[values["cvr"]][0]
        record.establishment_id = self._units[values["p_number"]][0] if values["p_number"] else None
        for name in self.own:
            setattr(record, name, self.empty.get(name) if values[name] is None else values[name])
        self.wrote(record, names)
        return record

    empty: ClassVar[Mapping[str, Any]] = {}

    def _place(self, records: Sequence[Any]) -> None:
        """Where they are: the company on the first day, and the establishment."""
        companies = dict(self._companies.values())
        units = {number: municipality for number, _company, municipality in self._units.values()}
        missing = {one.company_id for one in records} - companies.keys()  # of a company that has no CVR number
        companies |= dict(Company.objects.filter(pk__in=missing).values_list("pk", "municipality_id")) if missing else {}
        moves = histories({one.company_id for one in records})
        for one in records:
            today = companies[one.company_id]
            one.municipality_id = municipality_on(getattr(one, self.first_day), today, moves.get(one.company_id, []))
            one.place_id = units[one.establishment_id] if one.establishment_id else one.municipality_id

    def _ties(self, records: Iterable[Any]) -> list[Tie]:
        ties = []
        for record in records:
            told = self.tie_of(record)
            told.source = f"{self.model._meta.label_lower}:{record.pk}"
            ties.append(told)
        return ties

    def _refuse_changed(self, rows: Mapping[int, Row]) -> None:
        """Lock what is about to be written, and raise Refused where somebody was quicker."""
        standing = self.model._default_manager.filter(pk__in=list(rows))
        list(standing.select_for_update().order_by("pk").values_list("pk"))
        now = {stored.id: stored for stored in map(self._stored, standing.values_list(*ABOUT, *self.own))}
        before = [row.stored for row in rows.values() if row.stored]
        if any(one.id not in now or (now[one.id].values, now[one.id].by_hand) != (one.values, one.by_hand) for one in before):
            raise Refused(_("Somebody changed the same records at this moment. Try again."))

    def remove(self, records: Sequence[Stored]) -> Mapping[str, str]:
        """Remove records and their ties; one that people have worked on stays."""
        ids = {int(record.id) for record in records}
        used = self.in_use(ids)
        noted = {int(record.id) for record in records if record.by_hand} - used
        gone = ids - used - noted
        untie_numbered(self.model, gone)
        self.model._default_manager.filter(pk__in=gone).delete()
        reasons = dict.fromkeys(map(str, used), _("It is in use by now."))
        return reasons | dict.fromkeys(map(str, noted), _("People here have changed it since the import."))

    def in_use(self, ids: set[int]) -> set[int]:
        """Those that something else refers to, whatever room keeps it."""
        found: set[int] = set()
        for relation in self.model._meta.related_objects:
            name = relation.field.name
            rows = relation.related_model._base_manager.filter(**{f"{name}__in": ids})
            found.update(rows.values_list(name, flat=True))
        return found

    def hold(self, rows: QuerySet[BatchRow]) -> None:
        """Nobody changes a record while it is taken back; and whoever takes back, takes back all."""
        self._undoing = True
        ids = rows.order_by().annotate(record=Cast("record_id", BigIntegerField())).values("record")
        for _number in self.model._default_manager.select_for_update().filter(pk__in=ids).order_by("pk").values_list("pk").iterator():
            pass

    def against_restoring(self, rows: Sequence[Row]) -> Mapping[str, str]:
        """What people noted since stays, and what goes with it; and what a record was may be gone."""
        self._look_up([row.values for row in rows])
        noted = _("This does not go with what people here have noted since. It is left as it was.")
        gone = _("The company or the establishment that it named before is not there any more.")
        reasons: dict[str, str] = {}
        for row in rows:
            if row.stored is None:
                continue
            if not set(row.changed).isdisjoint(staying_with(row.stored.by_hand)) or any(self.check_own(row)):
                reasons[row.stored.id] = noted
            elif any(self._check_unit(row)):
                reasons[row.stored.id] = gone
        return reasons

    def everything(self) -> Iterator[Stored]:
        """Every record that a table may tell of, in the order of their references."""
        standing = self.model._default_manager.filter(removed_at=None).exclude(company__cvr=None).order_by("reference")
        yield from map(self._stored, self.exported(standing).values_list(*ABOUT, *self.own).iterator(chunk_size=2_000))

    def exported(self, standing: QuerySet[Any]) -> QuerySet[Any]:
        """Those of the standing records that are for an export."""
        return standing


def _leave_removed(row: Row, columns: Iterable[Column]) -> None:
    """What people removed stays removed."""
    assert row.stored is not None
    if row.changed:
        reference = row.key[0]
        row.kept.append(Problem(row.number, "reference", reference, _("People here have removed it since, as a mistake. That stays.")))
    row.values = {column.name: row.stored.values.get(column.name) for column in columns}
