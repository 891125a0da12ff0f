"""Two regions in one installation: each newcomer and each colleague stays in their own."""

from __future__ import annotations

import re

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.test import Client

from indgang.config.region_commands import load_region
from indgang.foundation.identity.models import Membership, Organisation, Role, User
from indgang.foundation.mail.models import Letter
from indgang.foundation.places.models import House
from indgang.foundation.places.region import RegionFolder
from indgang.operations.reception.tests.newcomer_day import ALONE, booked, chosen, plan_of, text_of
from indgang.operations.reception.tests.staff_day import at, logged_in

pytestmark = pytest.mark.django_db
THURSDAY = {**ALONE, "region": "midtjylland", "municipality": "751", "date": "2026-12-10"}


@pytest.fixture(autouse=True)
def regions(settings: LazySettings) -> None:
    cache.clear()
    at(settings, 8)
    for name in ("north-denmark", "midtjylland"):
        load_region(RegionFolder.find(name))


def links(client: Client, address: str) -> list[str]:
    """Where the page's own pages about planning lead."""
    html = client.get(address).content.decode()
    return re.findall(r'href="(/(?:arrive/|privacy/|accessibility/)?(?:\?[^"]*)?)"', html)


def test_a_newcomer_plans_and_books_in_the_region_they_chose() -> None:
    client = Client(headers={"Accept-Language": "en"})
    assert set(links(client, "/")) == {"/", "/arrive/", "/privacy/", "/accessibility/"}
    assert "Moving to another part of Denmark? Central Denmark" in text_of(client.get("/"))
    within = {f"{path}?region=midtjylland" for path in ("/", "/arrive/", "/privacy/", "/accessibility/")}
    assert set(links(client, "/?region=midtjylland")) == within

    asked = client.get("/arrive/", {"region": "midtjylland"})
    assert 'name="region" value="midtjylland"' in asked.content.decode()
    shown = plan_of(client, THURSDAY)
    assert (shown.context["operator"]["name"], shown.context["house"].key) == ("One Stop Shop Central Denmark (Workindenmark)", "aarhus")
    page = chosen(client, THURSDAY)
    assert page.context["operator"]["name"] == "One Stop Shop Central Denmark (Workindenmark)"

    journey = booked(client, THURSDAY)
    assert journey.house.key == "aarhus"
    assert set(links(client, f"/arrival/{journey.reference}/")) == within
    client.post(f"/arrival/{journey.reference}/cancel")
    assert set(links(client, f"/arrival/{journey.reference}/")) == within
    assert "/?region=midtjylland" in Letter.objects.get(key__startswith="cancelled:").text


def test_two_houses_of_one_region_are_planned_each_by_its_own_link() -> None:
    first = House.objects.get(key="aalborg")
    House.objects.create(region=first.region, key="hobro", title_da="Hobro Hus", title_en="Hobro House")
    client = Client(headers={"Accept-Language": "en"})
    assert "Plan a visit to Hobro House" in text_of(client.get("/"))
    assert "/arrive/?region=north-denmark&amp;house=hobro" in links(client, "/")
    assert client.get("/arrive/?house=hobro").context["house"].key == "hobro"
    assert 'name="house" value="hobro"' in client.get("/arrive/?house=hobro").content.decode()
    assert [client.get(f"/arrive/?house={key}").context["house"].key for key in ("aalborg", "aarhus", "nowhere")] == ["aalborg"] * 3


@pytest.mark.parametrize(
    ("organisation", "houses", "desks"),
    [
        ("siri", ["aalborg", "aarhus"], {"aalborg", "aarhus"}),
        ("borgerservice-aarhus", ["aarhus"], {"aarhus"}),
        ("ihnd", ["aalborg"], {"aalborg"}),
    ],
)
def test_staff_choose_among_the_houses_they_work_in(organisation: str, houses: list[str], desks: set[str]) -> None:
    """SIRI is one authority that sits in both houses."""
    user = User.objects.create_user("mette@example.org", name="Mette Holm")
    Membership.objects.create(user=user, organisation=Organisation.objects.get(key=organisation), role=Role.CLERK)
    board = logged_in(user).get("/board/", follow=True).context
    assert ([house.key for house in board["houses"]] if "houses" in board else [board["house"].key]) == houses
    choices = logged_in(user).get("/desks/?choose=1").context["choices"]
    assert {choice.desk.house.key for choice in choices} == desks
