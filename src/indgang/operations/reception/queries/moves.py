"""Moves of journeys as the journal tells them: the last one of a journey, and those that a change of the hours was the reason for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from indgang.foundation.database import clock
from indgang.foundation.journal.models import Entry
from indgang.foundation.places.models import House
from indgang.operations.reception.models import Appointment, Desk, Journey
from indgang.operations.reception.models.journey import Status
from indgang.operations.reception.opening_changes import VERBS
from indgang.operations.reception.queries.journeys import with_steps

MOVES = ("journey.moved", "journey.steps-booked")


@dataclass(frozen=True)
class OldTime:
    """Where a step was booked before it was moved; `arrived`: since when its party waited in the house."""

    service: str
    desk: str
    starts: dt.datetime
    ends: dt.datetime
    arrived: dt.datetime | None = None

    @classmethod
    def told(cls, row: dict[str, Any]) -> OldTime:
        """From a row of an entry."""
        starts, ends = (dt.datetime.fromisoformat(row[name]) for name in ("starts", "ends"))
        return cls(row["service"], row["desk"], starts, ends, dt.datetime.fromisoformat(row["arrived"]) if row.get("arrived") else None)

    @property
    def where(self) -> tuple[str, dt.datetime, dt.datetime]:
        """The desk and the time."""
        return self.desk, self.starts, self.ends


@dataclass(frozen=True)
class Move:
    """A journey that was moved: its times before and after, by service."""

    entry: Entry
    before: dict[str, OldTime]
    after: dict[str, OldTime]

    @classmethod
    def told(cls, entry: Entry) -> Move:
        """From its entry."""
        before, after = ([OldTime.told(row) for row in facts.get("appointments", [])] for facts in (entry.before, entry.after))
        return cls(entry, {one.service: one for one in before}, {one.service: one for one in after})

    @property
    def can_go_back(self) -> bool:
        """Whether every step of it had a time before."""
        return bool(self.before) and self.before.keys() == self.after.keys()


def last_move(journey: Journey) -> Move | None:
    """The last time that steps of the journey were moved, where all of them had times before."""
    rows = Entry.objects.filter(subject_type="reception.journey", subject_id=str(journey.pk), verb__in=MOVES)
    entry = rows.order_by("-at", "-id").first()
    move = Move.told(entry) if entry else None
    return move if move and move.can_go_back else None


def places_now(journey: Journey, services: set[str]) -> dict[str, Appointment]:
    """The booked places of the journey's steps that have not begun, by service."""
    places = Appointment.objects.filter(visit__journey=journey, visit__service__key__in=services, freed_at=None)
    rows = places.filter(visit__status__in=[Status.PLANNED, Status.WAITING]).select_related("visit__service", "desk").order_by("period")
    return {place.visit.service.key: place for place in rows if place.visit}


def stands_as_moved(move: Move, places: dict[str, Appointment]) -> bool:
    """Whether nothing of it was changed since."""
    now = {service: (place.desk.key, place.starts, place.ends) for service, place in places.items()}
    return now == {service: one.where for service, one in move.after.items()}


def moved_because(house: House, undoing: Entry) -> list[tuple[Journey, Move]]:
    """The journeys that were moved for a change of hours which `undoing` took back, that stand as they were moved then.

    Those whose new time has passed are left out. Who cannot have the old time again, because it has passed or is taken, is among them.
    """
    same = Entry.objects.filter(house=house, subject_type=undoing.subject_type, subject_id=undoing.subject_id, pk__lt=undoing.pk)
    causes = [one for one in same.filter(verb__in=set(VERBS.values())) if (one.before or {}) == (undoing.after or {})]
    if not causes:
        return []
    told = Entry.objects.filter(house=house, verb="journey.moved", at__gte=min(one.at for one in causes))
    found: dict[UUID, Move] = {}
    for entry in told.filter(after__because__in=[one.pk for one in causes]).order_by("at", "id"):
        found[UUID(entry.subject_id)] = Move.told(entry)
    journeys = with_steps(Journey.objects.filter(pk__in=found, cancelled_at=None)).select_related("house__region")
    rows = [(journey, found[journey.pk]) for journey in journeys]
    standing = [(one, move) for one, move in rows if _is_ahead(move) and stands_as_moved(move, places_now(one, set(move.after)))]
    return sorted(standing, key=lambda row: min(old.starts for old in row[1].before.values()))


def _is_ahead(move: Move) -> bool:
    return any(new.ends > clock.now() for new in move.after.values())


def desks_of_old(house: House, move: Move) -> dict[str, Desk]:
    """The desks of the old times, by key."""
    return desks_of(house, move.before.values())


def desks_of(house: House, times: Iterable[OldTime]) -> dict[str, Desk]:
    """The desks of some times, by key."""
    rows = Desk.objects.filter(house=house, key__in={one.desk for one in times}).select_related("house", "organisation")
    return {desk.key: desk for desk in rows}
