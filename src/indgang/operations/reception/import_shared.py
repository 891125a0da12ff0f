"""What the steps of an imported journey share: where the party lives, its citizenship, and how many they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db.models import F, OuterRef, Subquery

from indgang.foundation.access.actors import Actor
from indgang.foundation.imports.kinds import Values
from indgang.foundation.places.models import Municipality
from indgang.operations.reception.actions.imported import tell_lives_as_before
from indgang.operations.reception.models import Journey, Visit
from indgang.operations.reception.models.journey import IMPORTED


def as_before(actor: Actor, wanted: Iterable[tuple[Journey, Values]], municipalities: Mapping[str, Municipality]) -> None:
    """Municipality and citizenship of these journeys are again what they were; the journal is told of the former. They are locked."""
    changed, moved = {}, {}
    for journey, values in wanted:
        municipality = municipalities.get(values["municipality"] or "")
        if journey.municipality != municipality:
            journey.municipality, journey.municipality_from_table = municipality, values["municipality"] or ""
            moved[journey.pk] = journey
        journey.citizenship = values["citizenship"] or ""
        changed[journey.pk] = journey
    Journey.objects.bulk_update(changed.values(), ["municipality", "municipality_from_table", "citizenship"])
    tell_lives_as_before(actor, moved.values())


def count_people(journeys: Iterable[UUID]) -> None:
    """An imported party is as many as its largest step is for. They are locked."""
    largest = Visit.objects.filter(journey=OuterRef("pk")).order_by("-people").values("people")[:1]
    parties = Journey.objects.filter(pk__in=set(journeys), source=IMPORTED, visits__isnull=False).annotate(largest=Subquery(largest))
    Journey.objects.filter(pk__in=parties.exclude(adults=F("largest")).values("pk")).update(adults=Subquery(largest))
