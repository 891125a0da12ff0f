"""Booked parties of days that are over of which nobody noted whether they came: told on a page, until somebody does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from django.db.models import Exists, OuterRef, Q, QuerySet

from indgang.foundation.access.actors import Actor
from indgang.foundation.database import clock
from indgang.foundation.journal.models import Entry
from indgang.foundation.places.models import House
from indgang.operations.reception.models import Journey, Turn, Visit
from indgang.operations.reception.models.journey import IMPORTED, Status
from indgang.operations.reception.models.turn import TurnOutcome
from indgang.operations.reception.queries.journeys import day_of, journeys_visible_to

LOOKED_BACK_DAYS = 31
NOT_BOOKED = ("ticket", IMPORTED)


@dataclass(frozen=True)
class Party:
    """A party on a day that is over, the turns of its booked steps, and what was told of it since: None while nothing was."""

    journey: Journey
    day: dt.date
    turns: Sequence[Turn]
    came: bool | None = None

    @property
    def starts(self) -> dt.datetime:
        """Its first time."""
        return min(cast(dt.datetime, turn.booked_for) for turn in self.turns)


def left_expected(house: House, day: dt.date | None = None) -> QuerySet[Visit]:
    """Booked steps of that day, or of the last weeks, that are over, whose party is expected still and of which nothing was written."""
    today, _tomorrow = day_of(house.zone, clock.today(house.zone))
    begins, ends = day_of(house.zone, day) if day else (today - dt.timedelta(days=LOOKED_BACK_DAYS), today)
    written = Turn.objects.filter(visit=OuterRef("pk"), booked_for=OuterRef("appointment__period__startswith"))
    times = {"appointment__period__startswith__gte": begins, "appointment__period__startswith__lt": min(ends, today)}
    rows = Visit.objects.filter(~Exists(written), journey__house=house, status=Status.PLANNED, appointment__freed_at=None, **times)
    related = rows.exclude(journey__source__in=NOT_BOOKED).select_related(
        "service", "journey__house__region", "appointment__desk__organisation"
    )
    return related.order_by("appointment__period", "pk")


def seen_on(journey: Journey, day: dt.date) -> bool:
    """Whether the party was in the house on that day."""
    begins, ends = day_of(journey.house.zone, day)
    came = Q(arrived_at__gte=begins, arrived_at__lt=ends) | Q(ended_at__gte=begins, ended_at__lt=ends)
    return journey.visits.filter(came).exists() or journey.turns.filter(came).exists()


def turns_on(journey: Journey, day: dt.date, *outcomes: str) -> QuerySet[Turn]:
    """Its booked turns of that day with one of these outcomes."""
    begins, ends = day_of(journey.house.zone, day)
    rows = Turn.objects.filter(journey=journey, outcome__in=outcomes, booked_for__gte=begins, booked_for__lt=ends)
    return rows.select_related("visit__service", "visit__appointment").order_by("booked_for", "pk")


def parties_not_noted(actor: Actor, house: House) -> list[Party]:
    """Of the last weeks, as far as the actor may see, the latest day first."""
    since, _ends = day_of(house.zone, clock.today(house.zone) - dt.timedelta(days=LOOKED_BACK_DAYS))
    rows = Turn.objects.filter(house=house, outcome=TurnOutcome.NOT_NOTED, booked_for__gte=since)
    rows = rows.filter(journey__in=journeys_visible_to(actor)).select_related("journey__contact", "journey__house__region", "service")
    found = _by_day(rows.prefetch_related("journey__tickets").order_by("booked_for", "pk"))
    return sorted(found, key=lambda party: (-party.day.toordinal(), party.starts))


def told_of(journey: Journey) -> list[Party]:
    """The days of one party of which nobody had noted whether it came, the latest first, also where somebody has told it since."""
    entries = Entry.objects.filter(subject_type=Journey._meta.label_lower, subject_id=str(journey.pk), verb="journey.not-come-told")
    missed = [number for after in entries.values_list("after", flat=True) for number in after["turns"]]
    kinds = Q(outcome__in=[TurnOutcome.NOT_NOTED, TurnOutcome.CAME]) | Q(outcome=TurnOutcome.NO_SHOW, pk__in=missed)
    rows = Turn.objects.filter(kinds, journey=journey).select_related("journey__house", "service").order_by("booked_for", "pk")
    return sorted(_by_day(rows), key=lambda party: -party.day.toordinal())


def _by_day(turns: QuerySet[Turn]) -> list[Party]:
    found: dict[tuple[Journey, dt.date], list[Turn]] = {}
    for turn in turns:
        assert turn.booked_for is not None, "who was not noted had a time"
        found.setdefault((turn.journey, turn.booked_for.astimezone(turn.journey.house.zone).date()), []).append(turn)
    return [Party(journey, day, theirs, _came(theirs)) for (journey, day), theirs in found.items()]


def _came(turns: Sequence[Turn]) -> bool | None:
    outcomes = {turn.outcome for turn in turns}
    return None if TurnOutcome.NOT_NOTED in outcomes else TurnOutcome.NO_SHOW not in outcomes
