"""What the public front page shows: the region's houses, whether they are open, and what can be settled there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from indgang.foundation.database import clock
from indgang.foundation.identity.models import Organisation
from indgang.foundation.places.models import House, Region
from indgang.operations.reception.models import Service
from indgang.operations.reception.queries.house import opening_today

Times = list[tuple[dt.time, dt.time]]
LOOK_AHEAD = 14


@dataclass(frozen=True)
class Opening:
    """The times of a house today while it is open or will be; once it has closed for the day (or is closed), when it opens again."""

    times: Times
    is_open: bool
    opens_again: dt.datetime | None = None


@dataclass(frozen=True)
class Authority:
    """An authority in the house and what it does for people there."""

    organisation: Organisation
    services: tuple[Service, ...]


@dataclass(frozen=True)
class HouseCard:
    """A house as the front page shows it."""

    house: House
    opening: Opening
    authorities: tuple[Authority, ...]


def house_cards(region: Region) -> list[HouseCard]:
    """The region's houses by name."""
    houses = sorted(region.houses.select_related("region"), key=str)
    return [HouseCard(house, opening_of(house), tuple(_authorities(house))) for house in houses]


def opening_of(house: House) -> Opening:
    """Whether the house is open now, and until when, or when it opens next."""
    now = clock.now().astimezone(house.zone)
    times = opening_today(house, now.date())
    if any(now.time() < closes for _opens, closes in times):
        return Opening(times, is_open=any(opens <= now.time() < closes for opens, closes in times))
    for ahead in range(1, LOOK_AHEAD + 1):
        day = now.date() + dt.timedelta(days=ahead)
        if later := opening_today(house, day):
            return Opening([], is_open=False, opens_again=dt.datetime.combine(day, later[0][0], house.zone))
    return Opening([], is_open=False)


def _authorities(house: House) -> Iterable[Authority]:
    services = Service.objects.filter(desks__house=house).distinct().select_related("authority").order_by("authority_id", "pk")
    found: dict[Organisation, list[Service]] = {}
    for service in services:
        found.setdefault(service.authority, []).append(service)
    return sorted(
        (Authority(organisation, tuple(offered)) for organisation, offered in found.items()),
        key=lambda authority: authority.organisation.is_operator,  # the host's guidance comes after the papers
    )
