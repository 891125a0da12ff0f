"""Itineraries on offer: ways through the steps of a party, at real desks and times."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from indgang.operations.reception.models import Resource, Service
from indgang.operations.reception.models.resources import Kind
from indgang.operations.reception.queries.house import DeskPlan


@dataclass(frozen=True)
class PlannedStop:
    """A step on offer: at which desk, from when to when, for the travellers at those positions. `walk_minutes` lead to it on foot.

    `resources`: the interpreter and the room that it takes.
    """

    service: Service
    desk: DeskPlan
    starts: dt.datetime
    ends: dt.datetime
    travellers: tuple[int, ...]
    walk_minutes: int = 0
    resources: tuple[Resource, ...] = ()

    @property
    def interpreter(self) -> Resource | None:
        """Who interprets."""
        return next((one for one in self.resources if one.kind == Kind.INTERPRETER), None)

    @property
    def room(self) -> Resource | None:
        """Where it is done instead of at the desk."""
        return next((one for one in self.resources if one.kind == Kind.ROOM), None)

    @property
    def zone(self) -> str:
        """In which part of the house."""
        return self.room.zone if self.room else self.desk.desk.zone


@dataclass(frozen=True)
class PlannedItinerary:
    """A way through the steps that can be booked with `offer`, on one day or on the fewest. `interpreter`: the language asked for."""

    stops: tuple[PlannedStop, ...]
    idle_minutes: int
    offer: str
    interpreter: str = ""

    @property
    def starts(self) -> dt.datetime:
        """When the first step begins."""
        return self.stops[0].starts

    @property
    def ends(self) -> dt.datetime:
        """When the last step ends."""
        return self.stops[-1].ends

    @property
    def dates(self) -> list[dt.date]:
        """The days it takes."""
        return sorted({stop.starts.date() for stop in self.stops})

    @property
    def desks(self) -> int:
        """How many different desks."""
        return len({stop.desk.desk.id for stop in self.stops})
