"""Plans over HTTP against a plain enumeration of everything the rows allow: hours, closures, holidays, places taken, walks,
languages, interpreters and rooms."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, pairwise, product
from typing import Any
from zoneinfo import ZoneInfo

import holidays
import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from psycopg.types.range import Range

from indgang.foundation.places.models import House
from indgang.operations.reception.models import Appointment, Closure, Desk, Hold, Hours, Resource, Service, Walk
from indgang.operations.reception.tests.factories import desk, small_house

ZONE = ZoneInfo("Europe/Copenhagen")
NOW = dt.datetime(2026, 12, 20, 7, tzinfo=dt.UTC)
DAYS = [dt.date(2026, 12, 21) + dt.timedelta(days=number) for number in range(9)]  # Christmas in the middle
CELL = dt.timedelta(minutes=5)


@dataclass(frozen=True)
class Stop:
    """A step at a desk."""

    service: str
    desk: Desk
    starts: dt.datetime
    ends: dt.datetime
    beside: tuple[Resource, ...] = ()

    @property
    def zone(self) -> str:
        """Where it is done: in its room, else at the desk."""
        return next((one.zone for one in self.beside if one.zone), self.desk.zone)

    @property
    def day(self) -> dt.date:
        """The local day."""
        return self.starts.astimezone(ZONE).date()


Way = tuple[Stop, ...]


# ------------------------------------------------------------------------------------------------------------- a house that is hard to plan


def odd_house(chance: random.Random) -> House:
    """The small house with short days, odd minutes, a desk that keeps its own hours, closures, and most places taken."""
    house = small_house()
    Walk.objects.update(minutes=chance.randint(0, 12))
    for service in Service.objects.all():
        service.minutes = chance.randint(6, 17)
        service.save()
    Hours.objects.all().delete()
    for weekday in range(5):
        Hours.objects.create(house=house, weekday=weekday, opens=dt.time(9, chance.randint(0, 9)), closes=dt.time(9, 55))
        Hours.objects.create(house=house, weekday=weekday, opens=dt.time(10, 10), closes=dt.time(11))
    Hours.objects.create(house=house, desk=desk("citizen-1"), weekday=chance.randrange(5), opens=dt.time(8, 32), closes=dt.time(10, 1))
    closed = chance.choice(DAYS)
    Closure.objects.create(house=house, desk=desk("siri-1"), first_day=closed, last_day=DAYS[-1], title_da="Kursus", title_en="Training")
    Closure.objects.create(house=house, first_day=closed, last_day=closed, title_da="Lukket", title_en="Closed")
    _beside(chance, house)
    for number in range(chance.choice([20, 60, 120])):
        _take(chance, number)
    return house


def _beside(chance: random.Random, house: House) -> None:
    """Two interpreters, the second for more languages and at odd hours, and in some houses a room on the other floor."""
    names = {"title_da": "Tolk", "title_en": "Interpreter"}
    Resource.objects.create(house=house, key="one", kind="interpreter", languages=["uk"], **names)
    second = Resource.objects.create(house=house, key="two", kind="interpreter", languages=["uk", "ar"], **names)
    for weekday in range(5):
        Hours.objects.create(house=house, resource=second, weekday=weekday, opens=dt.time(9, chance.randint(0, 30)), closes=dt.time(10, 47))
    if chance.random() < 0.6:
        room = Resource.objects.create(house=house, key="room", kind="room", zone="first-floor", title_da="Rum", title_en="Room")
        room.services.set(Service.objects.filter(key=chance.choice(["mitid", "cpr-registration"])))
        day = chance.choice(DAYS)
        Closure.objects.create(house=house, resource=room, first_day=day, last_day=day, title_da="Lukket", title_en="Closed")


def _take(chance: random.Random, number: int) -> None:
    """A place taken somewhere, at any minute: three holds of four still count, one has run out."""
    starts = dt.datetime.combine(chance.choice(DAYS), dt.time(9), ZONE) + dt.timedelta(minutes=chance.randint(0, 115))
    until = NOW + dt.timedelta(minutes=chance.choice([9, 9, 9, -1]))
    hold = Hold.objects.create(client=f"client {number}", offer_digest="", held_until=until)
    period = Range(starts, starts + dt.timedelta(minutes=chance.choice([5, 10, 20])))
    try:
        with transaction.atomic():
            beside = chance.choice(
                [{}, {}, *({("room" if one.kind == "room" else "interpreter"): one} for one in Resource.objects.order_by("id"))]
            )
            Appointment.objects.create(desk=chance.choice(Desk.objects.order_by("key")), party=number, period=period, hold=hold, **beside)
    except IntegrityError:
        hold.delete()  # that desk, or who is beside it, was taken already


def question(chance: random.Random) -> dict[str, Any]:
    earliest = chance.choice(DAYS[:4])
    return {
        "house": "aalborg",
        "citizenship": chance.choice(["POL", "POL", "NOR"]),
        "purpose": "work",
        "municipality": chance.choice(["851", "851", "787"]),
        "stay_months": 12,
        "adults": chance.randint(1, 2),
        "children": chance.randint(0, 2),
        "earliest": earliest.isoformat(),
        "latest": (earliest + dt.timedelta(days=chance.randint(0, 4))).isoformat(),
        "language": chance.choice(["en", "uk", "pl", "ar"]),
        "interpreter": chance.choice(["", "", "uk", "ar"]),
        "limit": 5,
    }


# -------------------------------------------------------------------------------------------------------------------- the plain enumeration


class Rows:
    """What the rows allow for one question, worked out the slow way."""

    def __init__(self, house: House, asked: dict[str, Any]) -> None:
        self.hours = list(Hours.objects.filter(house=house))
        self.closures = list(Closure.objects.filter(house=house))
        self.walks = {(walk.from_zone, walk.to_zone): dt.timedelta(minutes=walk.minutes) for walk in Walk.objects.filter(house=house)}
        standing = [
            place
            for place in Appointment.objects.filter(freed_at=None).select_related("hold", "desk", "interpreter", "room")
            if place.hold is None or place.hold.held_until > NOW
        ]
        self.taken = [(who, place.period) for place in standing for who in (place.desk, place.interpreter, place.room) if who]
        self.interpreter = asked["interpreter"]
        self.beside = list(Resource.objects.filter(house=house).prefetch_related("services"))
        self.minutes = _minutes(asked)
        self.desks = {key: _desks(key, asked["language"], asked["interpreter"]) for key in self.minutes}
        self.days = [day for day in DAYS if asked["earliest"] <= day.isoformat() <= asked["latest"]]
        self.places = {service: self._places(service) for service in self.minutes}

    def open_periods(self, at: Desk | Resource, day: dt.date) -> list[tuple[dt.datetime, dt.datetime]]:
        """A desk, interpreter or room with hours of its own follows those alone; holidays and closures shut it."""
        if day in holidays.country_holidays("DK", years=day.year):
            return []
        if any(closure.first_day <= day <= closure.last_day for closure in self.closures if _is_of(closure, at) or _is_of(closure, None)):
            return []
        own = any(_is_of(row, at) for row in self.hours)
        rows = [row for row in self.hours if _is_of(row, at if own else None) and row.weekday == day.weekday()]
        return [(dt.datetime.combine(day, row.opens, ZONE), dt.datetime.combine(day, row.closes, ZONE)) for row in rows]

    def allows(self, stop: Stop) -> bool:
        """The desk, and who or what is beside it, is open and free all the time."""
        return all(
            any(opens <= stop.starts and stop.ends <= closes for opens, closes in self.open_periods(needed, stop.day))
            and not any(who == needed and stop.starts < period.upper and period.lower < stop.ends for who, period in self.taken)
            for needed in (stop.desk, *stop.beside)
        )

    def needs(self, service: str, at: Desk) -> list[tuple[Resource, ...]]:
        """Every choice of who and what the service takes beside the desk."""
        groups = []
        if self.interpreter and self.interpreter not in at.languages:
            groups.append([one for one in self.beside if self.interpreter in one.languages])
        rooms = [one for one in self.beside if service in {row.key for row in one.services.all()}]
        return list(product(*groups, *([rooms] if rooms else [])))

    def _places(self, service: str) -> list[Stop]:
        """Every place for a service on the days asked for, each five minutes."""
        length = dt.timedelta(minutes=self.minutes[service])
        starts = [dt.datetime.combine(day, dt.time(8, 30), ZONE) + CELL * cell for day in self.days for cell in range(31)]
        return [
            stop
            for at in self.desks[service]
            for beside in self.needs(service, at)
            for start in starts
            if self.allows(stop := Stop(service, at, start, start + length, beside))
        ]

    def follows(self, before: Stop, after: Stop) -> bool:
        """There is time to walk from one to the other."""
        return before.ends + self.walks.get((before.zone, after.zone), dt.timedelta()) <= after.starts

    def ways(self, places: dict[str, list[Stop]], way: Way = ()) -> Iterator[Way]:
        """Every way to do all the steps in an order that the rules allow."""
        done = {stop.service for stop in way}
        if len(done) == len(places):
            yield way
        for service in places.keys() - done:
            if not (FIRST[service] & places.keys()) <= done:
                continue
            for stop in places[service]:
                if not way or self.follows(way[-1], stop):
                    yield from self.ways(places, (*way, stop))

    def best(self) -> tuple[int, dt.datetime, int] | None:
        """The fewest days, then the earliest end, then the least waiting."""
        for number in range(1, len(self.places) + 1):
            found = [
                rank(way)
                for days in combinations(self.days, number)
                for way in self.ways({service: [stop for stop in stops if stop.day in days] for service, stops in self.places.items()})
            ]
            if found:
                return min(found)
        return None


FIRST = {
    "siri-residence": set(),
    "cpr-registration": {"siri-residence"},
    "tax-card": {"siri-residence", "cpr-registration"},
    "mitid": {"siri-residence", "cpr-registration"},
}


def _minutes(asked: dict[str, Any]) -> dict[str, int]:
    """The steps of the small house's rules, and how long each takes: everybody, the contact alone, or the adults."""
    adults, children = asked["adults"], asked["children"]
    people = {"tax-card": (1, 0)}
    if asked["citizenship"] == "POL":
        people["siri-residence"] = (adults, children)
    if asked["municipality"] == "851":
        people |= {"cpr-registration": (adults, children), "mitid": (adults, 0)}
    minutes = {}
    for service in Service.objects.filter(key__in=people):
        grown, small = people[service.key]
        exact = service.minutes + (grown - 1) * service.minutes_per_further_adult + small * service.minutes_per_child
        minutes[service.key] = -(-exact // 5) * 5
    return minutes


def _is_of(row: Hours | Closure, at: Desk | Resource | None) -> bool:
    """Whether the row is about that desk, interpreter or room; None: about the house."""
    desk, resource = (at.pk, None) if isinstance(at, Desk) else (None, at.pk) if at else (None, None)
    return (row.desk_id, row.resource_id) == (desk, resource)


def _desks(service: str, language: str, interpreter: str) -> list[Desk]:
    """Those who speak the language; where nobody does or somebody interprets, all."""
    everybody = list(Desk.objects.filter(services__key=service))
    if interpreter:
        return everybody
    return [one for one in everybody if language in one.languages] or everybody


def rank(way: Way) -> tuple[int, dt.datetime, int]:
    """What makes a way better: fewer days, an earlier end, less waiting on the days themselves."""
    waiting = sum(((after.starts - before.ends) for before, after in pairwise(way) if before.day == after.day), dt.timedelta())
    return len({stop.day for stop in way}), way[-1].ends, waiting // dt.timedelta(minutes=1)


def told(itinerary: dict[str, Any]) -> Way:
    """An itinerary of the API as a way."""
    beside = {one.key: one for one in Resource.objects.all()}
    return tuple(
        Stop(
            stop["service"],
            desk(stop["desk"]),
            dt.datetime.fromisoformat(stop["starts"]),
            dt.datetime.fromisoformat(stop["ends"]),
            tuple(beside[stop[kind]] for kind in ("interpreter", "room") if stop[kind]),
        )
        for stop in itinerary["appointments"]
    )


# --------------------------------------------------------------------------------------------------------------------------- the comparison


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(6))
def test_plans_are_the_best_that_the_rows_allow(seed: int, settings: Any) -> None:
    settings.CLOCK_STARTS_AT = NOW
    chance = random.Random(seed)
    house = odd_house(chance)
    for _number in range(8):
        asked = question(chance)
        answer = Client().post("/api/v1/journeys/plan", asked, content_type="application/json").json()
        rows = Rows(house, asked)
        assert {step["service"] for step in answer["steps"]} == rows.minutes.keys()
        found = [told(itinerary) for itinerary in answer["itineraries"]]
        assert (rank(found[0]) if found else None) == rows.best(), asked
        assert [rank(way) for way in found] == sorted(rank(way) for way in found)
        for way, itinerary in zip(found, answer["itineraries"], strict=True):
            assert (rank(way)[0] > 1, rank(way)[2]) == (answer["split"], itinerary["idle_minutes"]), asked
            assert all(stop in rows.places[stop.service] for stop in way), asked
            assert all(rows.follows(before, after) for before, after in pairwise(way)), asked
            for position, stop in enumerate(way):
                assert FIRST[stop.service] & rows.minutes.keys() <= {earlier.service for earlier in way[:position]}, asked
