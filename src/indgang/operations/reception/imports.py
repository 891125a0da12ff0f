"""The visits table in and out: one row per step of a journey, key = reference + service.

A row of a reference that is not known makes a journey with source `import`. Journeys that were booked in the system are exported in the
same columns, and a file that says the same of them changes nothing; to change them is reception's own business, not a table's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indgang.foundation.access.actors import Actor
from indgang.foundation.database import clock
from indgang.foundation.database.bulk import copy_in
from indgang.foundation.identity.models import Organisation, Participation
from indgang.foundation.imports.kinds import Fault, Key, Kind, Row, Stored, Withdrawn, Work
from indgang.foundation.imports.models import Batch, BatchRow
from indgang.foundation.places.models import House, Municipality
from indgang.operations.reception.actions.imported import as_stored, before_change, keep_imported, tell_removed
from indgang.operations.reception.import_columns import COLUMNS
from indgang.operations.reception.import_keeping import (
    against_restoring,
    changed_in_journey,
    changed_in_step,
    hold_parties,
    keep_journey,
    keep_step,
    let_guesses_go,
    refuse_changed,
    refuse_noted,
    set_busy,
    told_now,
)
from indgang.operations.reception.import_shared import count_people, keep_told, staying_whole, withdraw_told
from indgang.operations.reception.import_steps import columns_of, steps_of, visit_values
from indgang.operations.reception.models import Journey, Service, Visit
from indgang.operations.reception.models.journey import AT_A_DESK, IMPORTED, NOT_SERVED, Status
from indgang.operations.reception.rules.imported import (
    YEARS_BACK,
    Times,
    against_outcome,
    not_yet,
    out_of_order,
    status_of,
    too_far_ahead,
    too_long_ago,
)

SHARED = ("house", "municipality", "citizenship")
RUNNING = {"service", "started", "ended", "outcome"}


@dataclass(slots=True)
class _Party:
    """A journey as this pass knows it: what was stored when the pass began, and what the rows so far say of it."""

    journey: Journey | None = None
    before: dict[str, str | None] = field(default_factory=lambda: dict.fromkeys(SHARED))
    said: dict[str, tuple[str, int]] = field(default_factory=dict)
    by_hand: dict[str, Any] = field(default_factory=dict)
    steps: int = 0
    at_a_desk: set[str] = field(default_factory=set)
    written: bool = False

    def told(self, name: str, row: Row) -> str:
        """What is to stand of the journey in a shared column: what any of its rows so far says, not just this one; "" = not known."""
        said = None if name in self.by_hand else self.said.get(name)
        value: str | None = said[0] if said else row.values[name]
        return value or ""


class VisitsWork(Work):
    """One pass over the visits table."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self._houses = {house.key: house for house in House.objects.select_related("region")}
        self._services = {(s.region_id, s.key): s for s in Service.objects.all()}
        self._municipalities = {m.code: m for m in Municipality.objects.all()}
        self._allowed = {house.pk for house in self._houses.values()} if actor.organisation is None else _houses_of(actor.organisation)
        self._parties: dict[str, _Party] = {}
        self._staying: dict[UUID, str] = {}  # journeys that stay as they are when a batch is taken back, and why
        self._not_served: set[Key] = set()  # steps that nobody ended: the house closed before their turn

    def existing(self, keys: Sequence[Key]) -> Mapping[Key, Stored]:
        """The steps with these keys; two queries, and one where some are at a desk or have ended here."""
        references = {reference for reference, _service in keys if reference}
        new = references - self._parties.keys()
        self._parties.update({reference: _Party() for reference in new})
        for journey in Journey.objects.filter(reference__in=new).select_related("house__region", "municipality"):
            party = self._parties[journey.reference]
            party.journey, party.before, party.by_hand = journey, _shared_values(journey), changed_in_journey(journey)
        found: dict[Key, Stored] = {}
        at_desks: list[int] = []
        for reference, service, status, number, told, called, *values in steps_of(references):
            party = self._parties[reference]
            if party.journey is None:
                continue
            if reference in new:
                party.steps += 1
                if status in AT_A_DESK:
                    party.at_a_desk.add(service)
            own = visit_values(reference, service, status, *values)
            imported = party.journey.source == IMPORTED
            by_hand = party.by_hand | (changed_in_step(own, told) if imported else {})
            beside = {"called": called, "guessed": (told or {}).get("guessed")}
            found[reference, service] = Stored(str(number), party.before | own | beside, party.journey.house.zone, by_hand)
            if imported and values[-1] == NOT_SERVED:
                self._not_served.add((reference, service))
            at_desks += [number] if status in AT_A_DESK else []
        let_guesses_go(found.values())
        if at_desks:
            set_busy(found.values(), at_desks)
        return found

    def zone_of(self, row: Row) -> ZoneInfo:
        """The house's own time; the region's where the house is not known (the row is refused then)."""
        key = self._house_key(row)
        house = self._houses.get(key) if key else next(iter(self._houses.values()), None)
        return house.zone if house else ZoneInfo(settings.TIME_ZONE)

    def check(self, row: Row) -> Iterable[Fault]:
        """House, service and municipality must be known, rows of a journey must agree, times must follow one another."""
        party = self._party(row)
        row.values["people"] = row.values["people"] or 1  # somebody came
        faults = [*self._house_faults(row, party)]
        house = self._houses.get(self._house_key(row) or "")
        if house and not faults and "house" not in row.faulty:
            faults += self._service_faults(house, row.key[1])
        code = row.given.get("municipality")
        if code and code not in self._municipalities:
            faults.append(Fault("municipality", _("No municipality with this code is known.")))
        faults += _disagreements(row, party)
        keep_journey(row, party.by_hand, party.before)
        if row.stored and row.stored.busy and row.changed:
            return [*faults, Fault("reference", row.stored.busy)]
        keep_step(row, not_served=row.key in self._not_served)
        if row.stored is None or row.changed:
            faults += self._changes(row, party)
        return faults

    def _party(self, row: Row) -> _Party:
        """The row's journey; one that nobody knows where the reference could not be read."""
        return self._parties[row.key[0]] if row.key[0] else _Party()

    def _house_key(self, row: Row) -> str | None:
        party = self._party(row)
        said = party.said.get("house")
        key: str | None = row.given.get("house") or (said[0] if said else None) or party.before["house"]
        return key

    def _house_faults(self, row: Row, party: _Party) -> Iterator[Fault]:
        key = self._house_key(row)
        if key is None and "reference" in row.faulty:
            return  # whether the journey is known cannot be told
        if key is None:
            yield Fault("house", _("This must be filled in: the journey is not known yet."))
        elif key not in self._houses:
            yield Fault("house", _("No house has this key. There are: %(houses)s.") % {"houses": ", ".join(sorted(self._houses))})
        elif self._houses[key].pk not in self._allowed:
            yield Fault("house", _("%(organisation)s does not work in this house.") % {"organisation": self.actor.organisation})
        elif party.before["house"] not in {None, key}:
            yield Fault("house", _("The journey is registered in the house %(house)s.") % {"house": party.before["house"]})

    def _service_faults(self, house: House, key: str) -> Iterator[Fault]:
        """An authority writes its own steps; the operator those of everyone."""
        service, organisation = self._services.get((house.region_id, key)), self.actor.organisation
        if service is None:
            yield Fault("service", _("The region has no service with this key."))
        elif organisation and not organisation.is_operator and service.authority_id != organisation.pk:
            yield Fault("service", _("%(organisation)s does not do this service.") % {"organisation": organisation})

    def _changes(self, row: Row, party: _Party) -> Iterator[Fault]:
        """What speaks against writing the row."""
        if party.journey is not None and party.journey.source != IMPORTED:
            yield Fault("reference", _("The journey was registered here and is changed here, not by a table."))
            return
        times = Times(row.values["arrived"], row.values["started"], row.values["ended"])
        for later, earlier in out_of_order(times).items():
            yield Fault(later, _("This lies before %(column)s.") % {"column": earlier})
        yield from _out_of_time(row)
        if row.faulty & RUNNING:
            return  # whether it is running cannot be told
        yield from _outcome_faults(row.values["outcome"] or "", times)
        if status_of(row.values["outcome"] or "", times)[0] in AT_A_DESK:
            party.at_a_desk.add(row.key[1])
        else:
            party.at_a_desk.discard(row.key[1])
        if len(party.at_a_desk) > 1 and row.key[1] in party.at_a_desk:
            other = sorted(party.at_a_desk - {row.key[1]})[0]
            yield Fault(
                "ended", _("The journey's step %(service)s is still running; a party is at one desk at a time.") % {"service": other}
            )

    def create(self, rows: Sequence[Row]) -> Sequence[str]:
        """New steps, and the journeys that are new with them."""
        new = self._create_journeys(rows)
        self._update_journeys(rows)
        visits = []
        for row in rows:
            party = self._parties[row.key[0]]
            party.written, journey = True, party.journey
            assert journey is not None  # made just now
            service = self._services[journey.house.region_id, row.key[1]]
            visits.append(Visit(journey=journey, service=service, position=party.steps, from_table=told_now(row), **columns_of(row.values)))
            party.steps += 1
        copy_in(Visit, visits)
        count_people(visit.journey_id for visit in visits if visit.journey.reference not in new)
        keep_imported(self.actor, visits)
        return [str(visit.pk) for visit in visits]

    def _create_journeys(self, rows: Sequence[Row]) -> Mapping[str, Journey]:
        new: dict[str, Journey] = {}
        for row in rows:
            party, values = self._parties[row.key[0]], row.values
            if party.journey is None:
                moments = [values[name] for name in ("arrived", "started", "ended") if values[name]]
                party.journey = new[row.key[0]] = Journey(
                    reference=row.key[0],
                    house=self._houses[values["house"]],
                    municipality=self._municipalities.get(party.told("municipality", row)),
                    citizenship=party.told("citizenship", row),
                    source=IMPORTED,
                    created_at=min(moments, default=clock.now()),
                )
            if row.key[0] in new:
                party.journey.adults = max(party.journey.adults, values["people"])
        copy_in(Journey, list(new.values()))
        return new

    def update(self, rows: Sequence[Row]) -> None:
        """Write the rows over their steps and journeys."""
        refuse_changed(rows)
        self._update_journeys(rows)
        visits = [Visit(pk=int(row.stored.id), from_table=told_now(row), **self._columns(row)) for row in rows if row.stored]
        numbers = [visit.pk for visit in visits]
        served = [int(row.stored.id) for row in rows if row.stored and row.key in self._not_served and not _is_cancelled(row)]
        guessed = before_change(numbers, served)
        for at_a_desk in (False, True):  # who is at a desk no more makes room first
            these = [visit for visit in visits if (visit.status in AT_A_DESK) == at_a_desk]
            Visit.objects.bulk_update(these, ["people", "status", "arrived_at", "started_at", "ended_at", "outcome", "from_table"])
        written = as_stored(numbers)
        count_people(visit.journey_id for visit in written)
        keep_imported(self.actor, written, guessed)

    def _columns(self, row: Row) -> dict[str, Any]:
        """The step's own columns; one that was not served stays so, where the table says no more."""
        columns = columns_of(row.values)
        return {**columns, "outcome": NOT_SERVED} if row.key in self._not_served and _is_cancelled(row) else columns

    def keep(self, batch: Batch) -> None:
        """What the table said of the journeys that it wrote steps of."""
        parties = [party for party in self._parties.values() if party.written and party.journey]
        keep_told(batch, ((party.journey, party.said) for party in parties if party.journey))

    def withdraw(self, batch: Batch, sharing: Mapping[int, str]) -> Withdrawn:
        """Where the party lives and its citizenship are what other tables say, or what people have noted."""
        return withdraw_told(self.actor, batch, sharing, self._municipalities)

    def hold(self, rows: QuerySet[BatchRow]) -> None:
        """Whatever people do with a party locks its journey first, so they do it before all this, or afterwards."""
        hold_parties(rows)
        self._staying = staying_whole(rows)

    def against_restoring(self, rows: Sequence[Row]) -> Mapping[str, str]:
        """A party is at one desk at a time, times follow one another, and what people ended stays ended."""
        return against_restoring(rows)

    def _update_journeys(self, rows: Sequence[Row]) -> None:
        """Municipality and citizenship, where the rows say something new of a journey. What they do not change is locked too: the journal
        is told of it."""
        self._lock_journeys(rows)
        changed: dict[str, Journey] = {}
        for row in rows:
            party = self._parties[row.key[0]]
            journey = party.journey
            assert journey is not None  # these rows have one
            code, citizenship = party.told("municipality", row), party.told("citizenship", row)
            wanted = (self._municipalities.get(code), citizenship)
            party.written = True
            if (journey.municipality, journey.citizenship) != wanted:
                journey.municipality, journey.citizenship = wanted
                changed[journey.reference] = journey
        if changed:
            Journey.objects.bulk_update(changed.values(), ["municipality", "citizenship"])

    def _lock_journeys(self, rows: Sequence[Row]) -> None:
        """Lock those that this pass did not make itself. Raises Refused where people have noted another municipality since it read them."""
        parties = [self._parties[row.key[0]] for row in rows]
        journeys = [party.journey for party in parties if party.journey and party.before["house"]]
        refuse_noted({journey.pk: (journey.municipality_id, journey.municipality_noted) for journey in journeys})

    def remove(self, records: Sequence[Stored]) -> Mapping[str, str]:
        """Remove steps, and imported journeys that have none left. A step somebody has worked on stays, and so do those of a journey that
        stays whole."""
        ids = {int(record.id) for record in records}
        touched = Q(clerk__isnull=False) | Q(notes__isnull=False) | Q(appointment__isnull=False) | ~Q(journey__source=IMPORTED)
        kept = set(Visit.objects.filter(touched, pk__in=ids).values_list("pk", flat=True))
        staying = dict(Visit.objects.filter(pk__in=ids - kept, journey__in=self._staying).values_list("pk", "journey_id"))
        going = Visit.objects.filter(pk__in=ids - kept - staying.keys())
        journeys = set(going.values_list("journey_id", flat=True))
        tell_removed(self.actor, as_stored(going.values_list("pk", flat=True)))
        going.delete()
        Journey.objects.filter(pk__in=journeys, source=IMPORTED, visits__isnull=True, contact__isnull=True).delete()
        count_people(journeys)
        worked_on = dict.fromkeys(map(str, kept), _("Somebody has worked on this step since the import."))
        return worked_on | {str(step): self._staying[journey] for step, journey in staying.items()}

    def everything(self) -> Iterator[Stored]:
        """Every step of the houses the actor may see, imported or not, journey by journey."""
        visits = Visit.objects.filter(journey__house__in=self._allowed).select_related("service", "journey__house", "journey__municipality")
        zones = {house.pk: house.zone for house in self._houses.values()}
        for visit in visits.order_by("journey__created_at", "journey__reference", "position", "pk").iterator(chunk_size=2_000):
            journey = visit.journey
            times = (visit.arrived_at, visit.started_at, visit.ended_at)
            own = visit_values(journey.reference, visit.service.key, visit.status, visit.people, *times, visit.outcome)
            yield Stored(str(visit.pk), _shared_values(journey) | own, zones[journey.house_id])


def _out_of_time(row: Row) -> Iterator[Fault]:
    """The times that the row says anew and that cannot be: those that stand already are none of its faults."""
    stands = row.stored.values if row.stored else {}
    said = Times(*(row.values[name] if row.values[name] != stands.get(name) else None for name in ("arrived", "started", "ended")))
    now, ended = clock.now(), row.values["ended"] or row.values["outcome"]
    for column in () if ended else not_yet(said, now):
        yield Fault(column, _("This lies in the future. Leave it empty until it has taken place."))
    for column in too_far_ahead(said, now) if ended else ():
        yield Fault(column, _("This lies more than a year ahead. Look at the year."))
    for column in too_long_ago(said, now):
        yield Fault(column, _("This lies more than %(years)s years back. Look at the year.") % {"years": YEARS_BACK})


def _outcome_faults(outcome: str, times: Times) -> Iterator[Fault]:
    for column in against_outcome(outcome, times):
        if outcome == "no-show":
            yield Fault(column, _("This must be empty when the outcome is “%(outcome)s”.") % {"outcome": outcome})
        else:
            message = _("This must be filled in when the outcome is “%(outcome)s”. A step without it is still running.")
            yield Fault(column, message % {"outcome": outcome})


def _houses_of(organisation: Organisation) -> set[int]:
    """The operator writes for every house of its region, another organisation for those it works in."""
    if organisation.is_operator:
        return set(House.objects.filter(region=organisation.region_id).values_list("pk", flat=True))
    return set(Participation.objects.filter(organisation=organisation).values_list("house_id", flat=True))


def _disagreements(row: Row, party: _Party) -> Iterator[Fault]:
    """Where the row says something else of its journey than an earlier row did. What it leaves open is what the earlier row says, or what
    is stored."""
    for name in SHARED:
        value = row.given.get(name)
        said = party.said.get(name)
        if value is None:
            row.values[name] = said[0] if said else party.before[name]
        elif said is None:
            party.said[name] = (value, row.number)
        elif said[0] != value:
            words = {"first": said[1], "row": row.number, "column": name, "value": said[0]}
            message = _(
                "Row %(first)s and row %(row)s are of the same journey and must have the same %(column)s; row %(first)s has “%(value)s”."
            )
            yield Fault(name, message % words)


def _shared_values(journey: Journey) -> dict[str, str | None]:
    code = journey.municipality.code if journey.municipality else None
    return {"house": journey.house.key, "municipality": code, "citizenship": journey.citizenship or None}


def _is_cancelled(row: Row) -> bool:
    return bool(row.values["outcome"] == Status.CANCELLED)


VISITS = Kind(key="visits", title=gettext_lazy("Visits"), columns=COLUMNS, work=VisitsWork)
