"""Citizens served, counted as the funding agreement counts them, and proved by the steps."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from typing import Any

import pytest

from indgang.foundation.access.actors import system
from indgang.foundation.imports.actions import apply_import
from indgang.foundation.measures.counting import spread_of
from indgang.foundation.measures.declared import Scope
from indgang.foundation.places.models import House, Region
from indgang.operations.reception.imports import VISITS
from indgang.operations.reception.measures import MEASURES, served_citizens
from indgang.operations.reception.tests import factories

pytestmark = pytest.mark.django_db
ROWS = """reference,house,service,municipality,people,ended,outcome
J-1,aalborg,siri-residence,851,2,2024-03-05 09:40,done
J-1,aalborg,cpr-registration,851,4,2024-03-05 10:10,documents-missing
J-1,aalborg,tax-card,851,3,2024-03-06 10:10,refused
J-2,aalborg,mitid,787,1,2024-03-05 12:00,
J-3,aalborg,mitid,,5,2024-03-05 12:00,done
J-4,aalborg,mitid,851,7,,no-show
J-5,aalborg,mitid,851,7,2024-03-05 12:00,cancelled
J-6,aalborg,mitid,851,7,,
J-7,hobro,mitid,851,7,2024-03-05 12:00,done
J-8,aalborg,mitid,851,1,2024-03-31 23:59,done
J-9,aalborg,mitid,851,1,2024-04-01 00:00,done
"""


@pytest.fixture
def house(settings: Any, tmp_path: Path) -> House:
    settings.HOME = tmp_path
    house = factories.small_house()
    House.objects.create(region=Region.objects.get(), key="hobro", title_da="Hobro", address="", postcode="", city="")
    _batch, report = apply_import(actor=system(), kind=VISITS, stream=io.BytesIO(ROWS.encode()), name="visits.csv")
    assert report.refused == []
    return house


def test_everybody_of_an_imported_party_counts_once_a_day(house: House) -> None:
    served = served_citizens(dt.date(2024, 3, 1), dt.date(2024, 3, 31), house)

    assert served.by_municipality == {"": 5, "787": 1, "851": 4 + 3 + 1}
    assert served.total == 14


def test_the_evidence_is_the_finished_steps_and_opens_by_municipality(house: House) -> None:
    served = served_citizens(dt.date(2024, 3, 1), dt.date(2024, 3, 31), house)
    at_home = served.evidence.filter(journey__municipality__code="851").order_by("ended_at")

    assert served.evidence.count() == 6
    steps = [(visit.journey.reference, visit.people) for visit in at_home.select_related("journey")]
    assert steps == [("J-1", 2), ("J-1", 4), ("J-1", 3), ("J-8", 1)]


def test_days_are_the_houses_own_and_both_ends_count(house: House) -> None:
    last, first = dt.date(2024, 3, 31), dt.date(2024, 4, 1)

    assert served_citizens(last, last, house).total == 1
    assert served_citizens(first, first, house).total == 1
    assert served_citizens(dt.date(2024, 5, 1), dt.date(2024, 5, 31), house).by_municipality == {}


def test_from_door_to_door_is_offered_by_hour_and_weekday_of_the_arrival(house: House) -> None:
    rows = (
        "reference,house,service,people,arrived,started,ended\n"
        "K-1,aalborg,mitid,1,2024-03-05 09:40,2024-03-05 09:45,2024-03-05 10:10\n"
        "K-2,aalborg,mitid,1,2024-03-05 10:00,2024-03-05 10:05,2024-03-05 10:10\n"
    )
    apply_import(actor=system(), kind=VISITS, stream=io.BytesIO(rows.encode()), name="more.csv")
    measure = next(one for one in MEASURES if one.key == "door-to-door")
    assert measure.split is not None

    parts = measure.split(Scope(house, dt.date(2024, 3, 1), dt.date(2024, 3, 31)))

    ten, thirty = dt.timedelta(minutes=10), dt.timedelta(minutes=30)
    assert parts == {"hour:9": spread_of([thirty]), "hour:10": spread_of([ten]), "weekday:1": spread_of([ten, thirty])}
