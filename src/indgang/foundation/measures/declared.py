"""What a room declares of a figure: its evidence, and how it is counted from that."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, TypeVar

from django.db.models import QuerySet
from django.utils.functional import Promise

from indgang.foundation.identity.models import Organisation
from indgang.foundation.measures.counting import Share, Spread
from indgang.foundation.places.models import House, Region

Figure = int | Share | Spread


class Counting(StrEnum):
    """The ways to count: rows; different things; a quantity over another; a part of the rows; how a length of time is spread."""

    COUNT = "count"
    UNIQUE = "unique"
    RATIO = "ratio"
    SHARE = "share"
    DISTRIBUTION = "distribution"


@dataclass(frozen=True)
class Scope:
    """What a figure is about: a house, from one local day to another, both included."""

    house: House
    first: dt.date
    last: dt.date

    @property
    def begins(self) -> dt.datetime:
        """The instant the first day begins."""
        return dt.datetime.combine(self.first, dt.time(), self.house.zone)

    @property
    def ends(self) -> dt.datetime:
        """The instant the day after the last begins."""
        return dt.datetime.combine(self.last + dt.timedelta(days=1), dt.time(), self.house.zone)


@dataclass(frozen=True)
class RegionScope:
    """What a figure about companies is about: a region, or one of its organisations, from one local day to another, both included."""

    region: Region
    first: dt.date
    last: dt.date
    organisation: Organisation | None = None


About = TypeVar("About")


@dataclass(frozen=True)
class Measure(Generic[About]):
    """A figure that a room offers, about a house (`Scope`) or about a region (`RegionScope`).

    `evidence` gives the rows behind it and `figure` counts them; `split`, where it has parts, gives it by key.
    """

    key: str
    title: str | Promise
    counting: Counting
    evidence: Callable[[About], QuerySet[Any]]
    figure: Callable[[About], Figure]
    split: Callable[[About], dict[str, Figure]] | None = None
