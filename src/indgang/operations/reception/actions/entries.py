"""What the journal is told of journeys and their steps: everything about them is the host's to see, the house's, and about the contact."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from indgang.foundation.access.actors import Actor
from indgang.foundation.identity.models import Organisation
from indgang.foundation.journal import actions as journal
from indgang.foundation.journal.models import Circle, Entry
from indgang.foundation.places.models import House
from indgang.operations.reception.models import Appointment, Journey, Visit
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


def write_entry(
    actor: Actor,
    verb: str,
    visit: Visit,
    *,
    at: dt.datetime | None = None,
    organisation: Organisation | None = None,
    circle: str = Circle.HOUSE,
    before: Mapping[str, Any] | None = None,
    personal: Mapping[str, Any] | None = None,
    **facts: Any,
) -> None:
    """Note a step's change in the journal, for the authority whose step it is or that `organisation`. `before`: what undoing it restores.

    `personal` is kept under the contact's key. Where the change stores a time, `at` is that very time: the statistics are recomputed from
    the journal.
    """
    journey = visit.journey
    contact = journey.contact
    journal.record(
        actor=actor,
        verb=verb,
        subject=visit,
        at=at,
        organisation=organisation or visit.service.authority,
        house=journey.house,
        circle=circle,
        about=[journey, *([contact] if contact else [])],
        before=before,
        after={"service": visit.service.key, **facts},
        personal=personal if contact else None,
        person=contact.subject if contact and personal else None,
    )
