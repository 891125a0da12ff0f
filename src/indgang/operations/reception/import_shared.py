"""What the steps of an imported journey share: where the party lives, its citizenship, and how many they are.

Of the first two each table's word is kept (`Told`), and the newest that stands holds: so a table can be taken back whatever others said
before or since. What people noted here holds before all tables.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import BigIntegerField, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from indgang.foundation.access.actors import Actor
from indgang.foundation.database import clock
from indgang.foundation.database.bulk import copy_in
from indgang.foundation.imports.kinds import Withdrawn
from indgang.foundation.imports.models import ROWS_KEPT, Batch, BatchRow
from indgang.foundation.imports.reports import Problem
from indgang.foundation.places.models import Municipality
from indgang.foundation.ui.words import short_day
from indgang.operations.reception.actions.imported import tell_lives_as_before
from indgang.operations.reception.models import Journey, Told, Visit
from indgang.operations.reception.models.journey import IMPORTED
from indgang.operations.reception.queries.told import NOTHING, told_of

Said = Mapping[str, tuple[str, int]]


def keep_told(batch: Batch, parties: Iterable[tuple[Journey, Said]]) -> None:
    """Keep what a table said of journeys: column -> what, and in which row."""
    told = []
    for journey, said in parties:
        municipality, citizenship = (said.get(name, ("", 0)) for name in ("municipality", "citizenship"))
        rows = [row for text, row in (municipality, citizenship) if text]
        if rows:
            facts = {"municipality": municipality[0], "citizenship": citizenship[0], "overruled": journey.municipality_noted}
            told.append(Told(journey=journey, batch=batch, row=min(rows), **facts))
    copy_in(Told, told)


def withdraw_told(actor: Actor, batch: Batch, sharing: Mapping[int, str], municipalities: Mapping[str, Municipality]) -> Withdrawn:
    """What this table said of journeys holds no more; where a step stays that came with it, only as long as no other says anything. The
    journal is told who lives elsewhere now. `sharing`: the rows that said nothing else, and their steps."""
    said = {told.journey_id: told for told in Told.objects.filter(batch=batch)}
    journeys = list(Journey.objects.select_for_update(of=("self",)).select_related("house").filter(pk__in=said).order_by("pk"))
    staying = _with_a_step_of(batch)
    Told.objects.filter(batch=batch, journey__in=staying).update(withdrawn=True)
    Told.objects.filter(batch=batch).exclude(journey__in=staying).delete()
    holds = told_of(journeys)
    rows = _rows_by_journey(sharing)
    changed, moved, kept = [], [], []
    for journey in journeys:
        told = holds.get(journey.pk, NOTHING)
        lives_in = municipalities.get(told.municipality)
        if journey.municipality_noted:
            kept += _noted_otherwise(journey, said[journey.pk], rows.get(journey.pk, []), municipalities)
        elif journey.municipality_id != (lives_in.pk if lives_in else None):
            journey.municipality = lives_in
            moved.append(journey)
        if journey.citizenship != told.citizenship or journey in moved:
            journey.citizenship = told.citizenship
            changed.append(journey)
    Journey.objects.bulk_update(changed, ["municipality", "citizenship"], batch_size=500)
    tell_lives_as_before(actor, moved)
    restored = sum(len(rows.get(journey.pk, [])) for journey in changed)
    return Withdrawn(_rows_of(batch, changed), restored, bool(changed), kept)


def staying_whole(rows: QuerySet[BatchRow]) -> dict[UUID, str]:
    """The journeys all of whose steps came with these rows, and of which people, or another table, have said since where the party lives
    or its citizenship: they stay as they are, and why."""
    came = {step for step, before in _written(rows) if before is None}
    of_these = Journey.objects.filter(visits__in=came)
    others = Told.objects.filter(journey__in=of_these.values("pk"), withdrawn=False, batch__created_at__gte=clock.now() - ROWS_KEPT)
    others = others.exclude(batch__in=rows.order_by().values("batch")[:1]).order_by("pk")
    text = _("Another import says something of the party, too: %(file)s of %(day)s. Take that one back first.")
    told = {
        journey: text % {"file": file or "?", "day": short_day(at.astimezone(ZoneInfo(settings.TIME_ZONE)).date())}
        for journey, file, at in others.values_list("journey_id", "batch__file__name", "batch__created_at")
    }
    noted = of_these.filter(municipality_noted=True).values_list("pk", flat=True)
    told |= dict.fromkeys(noted, _("People here have noted where the party lives since. The journey stays."))
    steps: dict[UUID, set[int]] = {}
    for journey, step in Visit.objects.filter(journey__in=told).values_list("journey_id", "pk"):
        steps.setdefault(journey, set()).add(step)
    return {journey: why for journey, why in told.items() if steps[journey] <= came}


def count_people(journeys: Iterable[UUID]) -> None:
    """An imported party is as many as its largest step is for. They are locked."""
    largest = Visit.objects.filter(journey=OuterRef("pk")).order_by("-people").values("people")[:1]
    parties = Journey.objects.filter(pk__in=set(journeys), source=IMPORTED, visits__isnull=False).annotate(largest=Subquery(largest))
    Journey.objects.filter(pk__in=parties.exclude(adults=F("largest")).values("pk")).update(adults=Subquery(largest))


def _rows_by_journey(sharing: Mapping[int, str]) -> dict[UUID, list[int]]:
    journeys = dict(Visit.objects.filter(pk__in={int(step) for step in sharing.values()}).values_list("pk", "journey_id"))
    found: dict[UUID, list[int]] = {}
    for row, step in sharing.items():
        if int(step) in journeys:
            found.setdefault(journeys[int(step)], []).append(row)
    return found


def _noted_otherwise(journey: Journey, told: Told, rows: Collection[int], municipalities: Mapping[str, Municipality]) -> list[Problem]:
    code = next((code for code, one in municipalities.items() if one.pk == journey.municipality_id), "")
    if told.overruled or told.municipality in ("", code):
        return []  # that table's word never held
    text = _("People here have noted “%(value)s” since. That stays.") if code else _("People here have taken this out since. That stays.")
    return [Problem(row, "municipality", told.municipality, text % {"value": code}) for row in sorted({told.row, *rows})]


def _written(rows: QuerySet[BatchRow]) -> Iterable[tuple[int, object]]:
    """The steps of these rows, and what each was before; None where it came with the row."""
    return rows.annotate(step=Cast("record_id", BigIntegerField())).values_list("step", "before").iterator(chunk_size=2_000)


def _with_a_step_of(batch: Batch) -> set[UUID]:
    steps = [step for step, before in _written(batch.rows.all()) if before is None]
    return set(Visit.objects.filter(pk__in=steps).values_list("journey_id", flat=True))


def _rows_of(batch: Batch, journeys: Collection[Journey]) -> int:
    if not journeys:
        return 0
    return Visit.objects.filter(pk__in=[step for step, _before in _written(batch.rows.all())], journey__in=journeys).count()
