"""The public front page: what it says of the house at each hour, and what it asks of the database."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from indgang.foundation.places.models import Region
from indgang.operations.reception.models import Desk, Hours, Service
from indgang.operations.reception.tests.factories import small_house

pytestmark = pytest.mark.django_db


def text_of(address: str = "/", language: str = "en") -> str:
    html = Client().get(address, headers={"accept-language": language}).content.decode()
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


@pytest.mark.parametrize(
    ("day", "hour", "words"),
    [
        (8, 8, "Open: 9.00-12.00, 12.30-15.00 Address"),
        (8, 10, "Open now: 9.00-12.00, 12.30-15.00 Address"),
        (8, 12, "Open: 9.00-12.00, 12.30-15.00 Address"),
        (8, 15, "Closed now Opens again Wednesday 9 December, 9.00 Address"),
        (11, 16, "Closed now Opens again Monday 14 December, 9.00 Address"),
        (12, 10, "Closed now Opens again Monday 14 December, 9.00 Address"),
    ],
)
def test_it_says_when_the_house_is_open(monkeypatch: pytest.MonkeyPatch, day: int, hour: int, words: str) -> None:
    house = small_house()
    now = dt.datetime(2026, 12, day, hour, 10 if hour != 15 else 0, tzinfo=house.zone)
    monkeypatch.setattr("indgang.foundation.database.clock.now", lambda: now)
    assert f"Today {words}" in text_of()


def test_a_house_without_hours_is_closed_and_promises_nothing() -> None:
    small_house()
    Hours.objects.all().delete()
    assert "Today Closed now Address" in text_of()


def test_it_asks_about_the_region_and_offers_one_main_action() -> None:
    small_house()
    html = Client().get("/", headers={"accept-language": "en"}).content.decode()
    assert re.findall(r"<h1>(.*)</h1>", html) == ["New in North Denmark?"]
    assert re.findall(r'class="button button-primary" href="([^"]+)"', html) == ["/arrive/"]
    assert "Register your address (CPR)" in html


def test_doors_are_what_the_region_says_it_offers() -> None:
    region = small_house().region
    assert "For companies" not in text_of()
    region.facts = {"doors": {"companies": {"text": {"en": "We answer your questions.", "da": "Vi svarer."}}}}
    region.save()
    assert "For companies We answer your questions." in text_of()
    assert "For people looking for work" not in text_of()


def test_another_region_is_one_click_away() -> None:
    small_house()
    Region.objects.create(key="midtjylland", title_da="Midtjylland", title_en="Central Denmark")
    assert "Moving to another part of Denmark? Central Denmark" in text_of()
    assert "New in Central Denmark?" in text_of("/?region=midtjylland")
    assert "New in North Denmark?" in text_of("/?region=nowhere")


def test_the_region_of_the_settings_comes_first(settings: object) -> None:
    small_house()
    Region.objects.create(key="midtjylland", title_da="Midtjylland", title_en="Central Denmark")
    settings.REGION = "midtjylland"  # type: ignore[attr-defined]
    assert "New in Central Denmark?" in text_of()


def test_without_a_region_it_says_how_to_load_one() -> None:
    assert "indgang region load north-denmark" in text_of()


def test_its_queries_do_not_grow_with_services() -> None:
    small_house()
    services = list(Service.objects.all())
    counts = []
    for shown in (services[:1], services):
        for desk in Desk.objects.all():
            desk.services.set(shown)
        with CaptureQueriesContext(connection) as queries:
            Client().get("/")
        counts.append(len(queries))
    assert len(services) == 4
    assert counts[0] == counts[1]
