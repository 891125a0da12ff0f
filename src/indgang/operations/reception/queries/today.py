"""The parties of today, kept in memory: the database says in one query in which version each of them is, and only those are read again that
have changed. Boards, desks, tickets and waits are made of it, and so is the line that a desk calls from.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import md5
from uuid import UUID

from django.db import connection

from indgang.foundation.database import clock
from indgang.foundation.places.models import House
from indgang.operations.reception.models import Journey, Visit
from indgang.operations.reception.models.journey import IN_THE_HOUSE
from indgang.operations.reception.queries.house import HousePlan, house_plan
from indgang.operations.reception.queries.in_line import as_waiting, unmet_in
from indgang.operations.reception.queries.journeys import day_of, with_steps
from indgang.operations.reception.rules.queue import Waiting

_known: dict[int, tuple[str, dict[UUID, tuple[str, Journey]]]] = {}
_last: dict[int, Today] = {}


VERSIONS = """
    SELECT journey, version FROM reception_versions_of_day(%s, %s, %s)
    UNION ALL SELECT NULL, reception_version_of_house(%s, %s)
"""


@dataclass
class Today:
    """A house's day: the parties booked for it or seen, and who sits at a desk since another, `with_steps`. Nobody may change them."""

    house: House
    date: dt.date
    begins: dt.datetime
    ends: dt.datetime
    house_version: str
    versions: Mapping[UUID, str]
    journeys: Mapping[UUID, Journey]

    @cached_property
    def plan(self) -> HousePlan:
        """What the house offers, and when."""
        return house_plan(self.house, self.house_version)

    @cached_property
    def visits(self) -> list[Visit]:
        """All their steps, also those of other days."""
        return [visit for journey in self.journeys.values() for visit in journey.visits.all()]

    @cached_property
    def in_the_house(self) -> list[Visit]:
        """The steps that wait or are at a desk, of those who came today."""
        return [visit for visit in self.visits if visit.status in IN_THE_HOUSE and self._came(visit)]

    @cached_property
    def in_line(self) -> list[Waiting]:
        """The same steps as the rule of the line reads them."""
        return [as_waiting(visit, unmet_in(visit.journey)) for visit in self.in_the_house]

    def version_of(self, visit: Visit) -> str:
        """Changes with every row about the party."""
        return self.versions[visit.journey_id]

    @cached_property
    def state(self) -> str:
        """As `state_of_day` tells it (queries/stamps.py)."""
        parties = " ".join(f"{journey}{self.versions[journey]}" for journey in sorted(self.versions))
        return f"{self.begins:%Y%m%d}.{md5((self.house_version + parties).encode(), usedforsecurity=False).hexdigest()}"

    def _came(self, visit: Visit) -> bool:
        return visit.arrived_at is not None and self.begins <= visit.arrived_at < self.ends


def today_in(house: House, state: str = "") -> Today:
    """The day as it stands now: one query, and a handful more for those who have changed.

    Whoever has just asked for its `state` (state_of_day) is given the day that was read last, if it was in that state.
    """
    last = _last.get(house.pk)
    if last and state and last.state == state:
        return last
    date = clock.today(house.zone)
    begins, ends = day_of(house.zone, date)
    with connection.cursor() as cursor:
        cursor.execute(VERSIONS, [house.pk, begins, ends, house.pk, house.region_id])
        versions: dict[UUID | None, str] = dict(cursor.fetchall())
    house_version = versions.pop(None)
    parties = {key: version for key, version in versions.items() if key}
    today = _last[house.pk] = Today(house, date, begins, ends, house_version, parties, _read(house, house_version, parties))
    return today


def _read(house: House, house_version: str, versions: Mapping[UUID, str]) -> dict[UUID, Journey]:
    kept_in, known = _known.get(house.pk, ("", {}))
    if kept_in != house_version:  # the parties' desks and services may have other names
        known = {}
    standing = {key: known[key] for key, version in versions.items() if key in known and known[key][0] == version}
    changed = [key for key in versions if key not in standing]
    if changed:
        read = with_steps(Journey.objects.filter(pk__in=changed))
        standing |= {journey.pk: (versions[journey.pk], journey) for journey in read}
    _known[house.pk] = house_version, standing
    return {key: journey for key, (_version, journey) in standing.items()}


def forget_today() -> None:
    """Begin anew, as a process that has just started."""
    _known.clear()
    _last.clear()
