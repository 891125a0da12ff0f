"""What the journal is told of a journey: everything about it is the host's to see, the house's, and about its contact."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from indgang.foundation.access.actors import Actor
from indgang.foundation.identity.models import Organisation
from indgang.foundation.journal import actions as journal
from indgang.foundation.journal.models import Entry
from indgang.foundation.places.models import House
from indgang.operations.reception.models import Appointment, Journey
from indgang.operations.reception.models.journey import Status


def host_of(house: House) -> Organisation | None:
    """The organisation that receives people in the house."""
    return Organisation.objects.filter(participations__house=house, participations__is_host=True).first()


def write_journey_entry(
    actor: Actor,
    verb: str,
    journey: Journey,
    *,
    at: dt.datetime | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> Entry:
    """Note what was done with a whole journey."""
    return journal.record(
        actor=actor,
        verb=verb,
        subject=journey,
        at=at,
        organisation=host_of(journey.house),
        house=journey.house,
        about=[journey.contact] if journey.contact else [],
        before=before,
        after=after,
    )


def times_of(places: Iterable[Appointment]) -> list[dict[str, str]]:
    """The times of steps as entries tell them, with the room and the interpreter where there is one.

    Of a party that waits in the house, also since when it is here.
    """
    return [_time_of(place) for place in places if place.visit]


def _time_of(place: Appointment) -> dict[str, str]:
    visit = place.visit
    assert visit is not None, "a held place is no step's"
    times = {"service": visit.service.key, "desk": place.desk.key, "starts": place.starts.isoformat(), "ends": place.ends.isoformat()}
    times |= {name: one.key for name, one in (("room", place.room), ("interpreter", place.interpreter)) if one}
    waits = visit.status == Status.WAITING and visit.arrived_at
    return {**times, "arrived": visit.arrived_at.isoformat()} if waits and visit.arrived_at else times
