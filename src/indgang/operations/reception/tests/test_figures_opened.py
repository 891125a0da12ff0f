"""Every figure of the statistics opens to a page that repeats it, and to exactly the rows that it counts."""

from __future__ import annotations

import datetime as dt
import math
import random
from copy import copy
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from indgang.foundation.identity.models import Role
from indgang.foundation.places.models import House
from indgang.operations.reception.models import Journey, Turn, Visit
from indgang.operations.reception.rules.figures import EndedStep
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.staff_day import at, logged_in
from indgang.operations.reception.tests.test_figures import MONDAY, store
from indgang.operations.reception.tests.test_figures import at as clock_on

pytestmark = pytest.mark.django_db
PAGE = "/statistics/aalborg/?first=2026-03-02&last=2026-03-13"
SERVICES = {"siri-residence": "siri-1", "tax-card": "tax-1", "mitid": ""}


@pytest.fixture
def house(settings: LazySettings) -> House:
    """Two weeks: parties of several people, some in two bookings on a day, some without a call, a start or an arrival; some stay away."""
    at(settings, 9, 0)
    house, chance = factories.small_house(), random.Random(7)
    for number in range(60):
        store(house, steps_of(f"P{number}", chance))
    for visit in Visit.objects.filter(journey__source="web").select_related("journey", "service").order_by("pk")[:12]:
        stayed_away(visit)
    stranger = Journey.objects.create(reference="AWAY", house=house, source="web", created_at=clock_on(8))
    for key in ("tax-card", "mitid"):
        stayed_away(Visit.objects.create(journey=stranger, service=factories.service(key), people=2))
    return house


def steps_of(reference: str, chance: random.Random) -> list[EndedStep]:
    """A party's steps, one after the other."""
    midnight = clock_on(0, 0, MONDAY + dt.timedelta(days=chance.choice([0, 1, 2, 3, 4, 7, 8])))

    def moment(minute: int) -> dt.datetime:
        return midnight + dt.timedelta(minutes=minute, seconds=chance.randrange(60))

    begins = chance.randrange(8 * 60, 14 * 60)
    arrived = moment(begins) if chance.random() < 0.9 else None
    facts: dict[str, Any] = {"booked": chance.random() < 0.7, "municipality": chance.choice(["851", "787", ""])}
    facts["persons"] = [chance.randrange(90) for _person in range(chance.randrange(1, 4))]
    steps = []
    for service in chance.sample(sorted(SERVICES), chance.randrange(1, 4)):
        called, started = moment(begins + 1), moment(begins + 2 + chance.randrange(3))
        ended = moment(begins + 10 + chance.randrange(25))
        times: dict[str, Any] = {"called": called if chance.random() < 0.9 else None, "started": started if chance.random() < 0.8 else None}
        steps.append(EndedStep(reference, service, ended=ended, arrived=arrived, desk=SERVICES[service], **times, **facts))
        begins += 36 + chance.randrange(30)
    return steps


def stayed_away(visit: Visit) -> None:
    """The party did not come to a step on that Monday."""
    facts = {"visit": visit, "journey": visit.journey, "house": visit.journey.house, "service": visit.service}
    Turn.objects.create(**facts, authority_id=visit.service.authority_id, people=1, persons=[1], outcome="no-show", booked_for=clock_on(9))


def walker() -> Client:
    return logged_in(factories.member(Role.FLOORWALKER, "ihnd"))


def figures(response: Any) -> dict[str, tuple[str, str, str]]:
    return {card.label: (card.value, card.unit, card.note) for card in response.context["figures"]}


def rows(client: Client, link: str) -> list[dict[str, str]]:
    """The rows of all its pages."""
    found: list[dict[str, str]] = []
    response = client.get(link)
    last = response.context["pages"].paginator.num_pages if "pages" in response.context else 1
    for number in range(1, last + 1):
        table = client.get(f"{link}&page={number}").context["table"]
        found += [{column.key: cell for column, cell in cells} for _link, cells in table.body()]
    return found


def spread(found: list[dict[str, str]], column: str) -> tuple[int, str, str]:
    """Of how many it is known, what half do not exceed and what nine in ten do not."""
    known = sorted(float(row[column]) for row in found if row[column] != "-")
    half, most = (str(known[math.ceil(share * len(known)) - 1]) if known else "-" for share in (0.5, 0.9))
    return len(known), half, most


def plain(text: str) -> str:
    return text.replace(",", "")


def test_each_figure_of_the_house_is_what_its_rows_make(house: House) -> None:
    client = walker()
    cards = {card.key: card for card in client.get(PAGE).context["cards"]}
    opened = {key: rows(client, card.link) for key, card in cards.items()}

    for card in cards.values():
        assert figures(client.get(card.link)) == {card.label: (card.value, card.unit, card.note)}
    assert cards["citizens-served"].value == str(sum(int(row["citizens"]) for row in opened["citizens-served"]))
    assert cards["visits-per-service"].value == str(len(opened["visits-per-service"]))
    columns = {"waiting": "waited", "walking": "walked", "service-time": "served", "door-to-door": "stay"}
    for key, column in columns.items():
        known, half, most = spread(opened[key], column)
        assert known == len(opened[key]), "no row of which it is not known"
        assert (cards[key].value, cards[key].note) == (half, f"half at most; nine in ten at most {most}. Known of {known}.")
    away = [row for row in opened["no-shows"] if row["came"] == "No"]
    assert cards["no-shows"].note == f"{len(away)} of {len(opened['no-shows'])}; of the booked parties of whom it is known"
    assert "AWAY" in [row["reference"] for row in away]
    served, opens = (sum(int(plain(row[column])) for row in opened["occupancy"]) for column in ("column1", "column2"))
    assert plain(cards["occupancy"].note) == f"{served} of {opens}; of the minutes that desks were open"


def test_each_line_of_the_tables_is_what_its_rows_make(house: House) -> None:
    client = walker()
    shown = {one.section.key: one for one in client.get(PAGE).context["shown"]}

    assert set(shown) == {"hour", "weekday", "service", "stay-hour", "stay-weekday", "desk", "municipality"}
    for key, one in shown.items():
        for link, cells in one.table.body():
            line = [str(cell) for _column, cell in cells[1:]]
            assert figures(client.get(link)) == {column: (cell, "", "") for column, cell in zip(one.section.columns, line, strict=True)}
            assert made(key, rows(client, link), line) == line


def made(key: str, found: list[dict[str, str]], line: list[str]) -> list[str]:
    """The line as its rows give it. What a share is a part of stands in the line alone."""
    if key == "municipality":
        people = sum(int(row["citizens"]) for row in found)
        return [str(people), line[1].replace(f"({line[0]} of", f"({people} of")]
    if key in ("stay-hour", "stay-weekday"):
        known, half, most = spread(found, "stay")
        return [str(known), half, most]
    if key == "desk":
        lengths = sum(float(row["served"]) for row in found if row["served"] != "-")
        assert abs(lengths - float(plain(line[1]))) < 1 + 0.05 * len(found), "whole minutes of what is shown with one decimal"
        return [str(len(found)), *line[1:]]
    waiting, served, walked = (spread(found, column) for column in ("waited", "served", "walked"))
    return [str(len(found)), waiting[1], waiting[2], served[1], walked[1]]


def test_whoever_may_open_fewer_rows_is_told_the_same_figure_and_how_many_are_hidden(house: House) -> None:
    clients = [walker(), logged_in(factories.member(Role.LEADER, "skattestyrelsen"))]
    for card in clients[0].get(PAGE).context["cards"]:
        every, own = (client.get(card.link) for client in clients)
        assert figures(every) == figures(own)
        if card.key != "occupancy":
            assert every.context["hidden"] == 0
            assert own.context["total"] == every.context["total"] == own.context["hidden"] + len(rows(clients[1], card.link))


@pytest.mark.parametrize(
    ("language", "told", "day"),
    [
        ("en", ["1,100 rows.", "1,099 of them belong to other authorities; you see them as a number only."], "2 Mar 2026"),
        ("da", ["1.100 rækker.", "1.099 af dem hører til andre myndigheder; du ser dem kun som et tal."], "2.3.2026"),
    ],
)
def test_many_rows_are_told_as_the_language_writes_numbers_and_days(house: House, language: str, told: list[str], day: str) -> None:
    for key, number in (("siri-residence", 1_099), ("tax-card", 1)):
        journey = Journey.objects.create(reference=key, house=house, source="web", created_at=clock_on(8))
        visit = Visit.objects.create(journey=journey, service=factories.service(key), people=1)
        facts = {"visit": visit, "journey": journey, "house": house, "service": visit.service, "authority_id": visit.service.authority_id}
        row = Turn(**facts, outcome="not-served", people=1, arrived_at=clock_on(9), ended_at=clock_on(15))
        Turn.objects.bulk_create(copy(row) for _number in range(number))
    link = f"{PAGE.replace('?', 'steps/?')}&measure=not-served"

    leaders, walkers = (
        logged_in(factories.member(*of), language).get(link) for of in ((Role.LEADER, "skattestyrelsen"), (Role.FLOORWALKER, "ihnd"))
    )

    assert [text for text in told if text not in leaders.content.decode()] == []
    assert {cell for _link, cells in walkers.context["table"].body() for column, cell in cells if column.key == "day"} == {day}
