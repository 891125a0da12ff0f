"""Telling the waiting list that places are free. Whatever frees a place calls this, in its own transaction."""

from __future__ import annotations

import datetime as dt

from indgang.foundation.places.models import House
from indgang.operations.reception.actions.serving import serve_later
from indgang.operations.reception.models import FreedPlaces, WaitingEntry


def note_freed(house: House, *, at: dt.datetime | None = None) -> None:
    """Places of the house are free, or will be `at` a moment when nobody writes anything (a hold runs out).

    Where nobody waits this is one query.
    """
    if not WaitingEntry.objects.filter(house=house, ended_at=None).exists():
        return
    if at is None:
        FreedPlaces.objects.create(house=house)
    serve_later.defer(at=at, house_id=house.pk)
