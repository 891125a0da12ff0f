"""What the journal is told of a journey: everything about it is the host's to see, the house's, and about its contact."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from indgang.foundation.access.actors import Actor
from indgang.foundation.identity.models import Organisation
from indgang.foundation.journal import actions as journal
from indgang.foundation.places.models import House
from indgang.operations.reception.models import Journey


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
) -> None:
    """Note what was done with a whole journey."""
    journal.record(
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
