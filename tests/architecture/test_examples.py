"""The examples for script writers work as they are printed."""

from __future__ import annotations

import datetime as dt
import json
import re
import time
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from indgang.config.region_commands import load_region
from indgang.foundation.places.region import RegionFolder
from tests.architecture.plan import ROOT

GUIDE = (ROOT / "docs" / "guides" / "scripts.md").read_text()
BEFORE_THE_EXAMPLES = dt.datetime(2026, 12, 1, 9, tzinfo=dt.UTC)


@pytest.fixture
def client(db: None, client: Client, settings: LazySettings) -> Client:
    settings.CLOCK_STARTS_AT, settings.CLOCK_SINCE = BEFORE_THE_EXAMPLES, time.time()
    load_region(RegionFolder.find("north-denmark"))
    return client


def test_questions_about_a_house(client: Client) -> None:
    asked = re.findall(r'^    curl -s "?\$API/([^"\s]+)"?$', GUIDE, re.M)
    public = [address for address in asked if "key=" not in address]
    assert [address.partition("?")[0] for address in public] == ["houses", "services", "availability"]
    answers = [client.get(f"/api/v1/{address}") for address in public]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    printed = json.loads(re.findall(r'^{"slots": .+$', GUIDE, re.M)[0])["slots"][0]
    assert answers[2].json()["slots"][0].keys() == printed.keys()


def test_plan_hold_book_and_read(client: Client) -> None:
    wish = json.loads(re.findall(r"journeys/plan .*?-d '({.*?})'", GUIDE, re.S)[0])
    wish["people"] = json.loads(re.findall(r'^"people": (\[.+\])$', GUIDE, re.M)[0])
    plan = post(client, "journeys/plan", wish)
    assert (plan.status_code, len(plan.json()["itineraries"])) == (200, wish["limit"])
    offer = plan.json()["itineraries"][0]["offer"]
    assert post(client, "journeys/hold", {"offer": offer}).status_code == 200
    booking = json.loads(re.findall(r'Idempotency-Key: .*?-d "({.*?})"$', GUIDE, re.S | re.M)[0].replace('\\"', '"'))
    booked = post(client, "journeys", booking | {"offer": offer})
    assert booked.status_code == 201
    told = re.findall(r"\| 201 \| booked: (.+?) \|", GUIDE)[0]
    assert set(re.findall(r"`(\w+)`", told)) <= booked.json().keys()
    read = client.get(f"/api/v1/journeys/{booked.json()['reference']}?key={booked.json()['key']}")
    assert read.json()["status"] == "booked"


def test_the_printed_problem(client: Client) -> None:
    printed = json.loads(re.findall(r'^{"type": .+?\]}$', GUIDE, re.S | re.M)[0])
    assert post(client, "journeys/hold", {"offer": "not one of ours"}).json() == printed


def post(client: Client, call: str, body: dict[str, Any]) -> Any:
    headers = {"Accept-Language": "en", "Idempotency-Key": "an-example"}
    return client.post(f"/api/v1/{call}", json.dumps(body), content_type="application/json", headers=headers)
