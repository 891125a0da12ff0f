"""In which municipality something is counted does not depend on the order of the tables, and a table that is taken back leaves no trace."""

from __future__ import annotations

import datetime as dt
import time
from itertools import permutations

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indgang.foundation.identity.models import Organisation
from indgang.foundation.imports.actions import undo_batch
from indgang.foundation.imports.kinds import Kind
from indgang.operations.guidance.actions.places import place_anew
from indgang.operations.guidance.models import Course, Delivery, Screening
from indgang.operations.guidance.tests import factories
from indgang.operations.guidance.tests.factories import HUB, OFFICE
from indgang.operations.guidance.tests.tables import COLUMNS, COURSES, DELIVERIES, DELIVERY_COLUMNS, done, server
from indgang.registers.parties.actions.companies import change_company
from indgang.registers.parties.import_companies import COMPANIES
from indgang.registers.parties.import_establishments import ESTABLISHMENTS
from indgang.registers.parties.models import Company, Move

pytestmark = pytest.mark.django_db
UNKNOWN = "cvr,name,municipality\n10000009,Vestas Vandpumper ApS,\n"
KNOWN = "cvr,name,municipality\n10000009,Vestas Vandpumper ApS,860\n"
UNIT = "p_number,cvr,municipality\n1000000001,10000009,825\n"
Where = list[tuple[str, str | None, str | None]]


def course(reference: str, started: str, p_number: str = "") -> str:
    """A table of one course."""
    return COLUMNS + f"{reference},10000009,{p_number},{HUB},growth,,{started},,,\n"


def counted() -> Where:
    """What is counted where: at the company, and at the establishment."""
    found: Where = []
    for model in Course, Delivery:
        found += model._default_manager.order_by("reference").values_list("reference", "municipality__code", "place__code")
    return found


def on(settings: LazySettings, day: int) -> None:
    """It is this day of October."""
    settings.CLOCK_STARTS_AT, settings.CLOCK_SINCE = dt.datetime(2026, 10, day, 9, 15, tzinfo=dt.UTC), time.time()


LATER: list[tuple[str, Kind]] = [
    (KNOWN, COMPANIES),
    (UNIT, ESTABLISHMENTS),
    (course("C-1", "2024-03-05") + course("C-2", "2025-03-05", "1000000001").partition("\n")[2], COURSES),
    (DELIVERY_COLUMNS + f"D-1,10000009,,{HUB},service,,2024-03-05\n", DELIVERIES),
]


@pytest.mark.parametrize("order", list(permutations(LATER)), ids=lambda order: " ".join(kind.key for _text, kind in order))
def test_what_the_register_learns_later_holds_for_what_is_there(region: object, order: list[tuple[str, Kind]]) -> None:
    done(UNKNOWN, kind=COMPANIES)
    done("p_number,cvr\n1000000001,10000009\n", kind=ESTABLISHMENTS)
    for text, kind in order:
        done(text, kind=kind)
    assert counted() == [("C-1", "860", "860"), ("C-2", "860", "825"), ("D-1", "860", "860")]


def test_what_was_learnt_is_taken_back(region: object) -> None:
    done(UNKNOWN, kind=COMPANIES)
    done("p_number,cvr\n1000000001,10000009\n", kind=ESTABLISHMENTS)
    for text, kind in LATER[2:]:
        done(text, kind=kind)
    before = counted()
    assert before == [("C-1", None, None), ("C-2", None, None), ("D-1", None, None)]
    batches = [done(text, kind=kind) for text, kind in LATER[:2]]
    assert counted() != before
    for batch in batches:
        undo_batch(actor=server(), batch=batch)
    assert counted() == before


def test_a_move_that_a_table_noted_wrongly_is_taken_back_and_no_other(company: Company, settings: LazySettings) -> None:
    on(settings, 1)
    done(course("C-1", "2026-09-01"))
    stood = list(Move.objects.values())
    on(settings, 10)
    batch = done(KNOWN, kind=COMPANIES)
    done(course("C-2", "2026-10-10"))
    assert counted() == [("C-1", "851", "851"), ("C-2", "860", "860")]
    on(settings, 20)
    undo_batch(actor=server(), batch=batch)
    assert list(Move.objects.values()) == stood
    done(course("C-3", "2026-10-15"))
    assert [where for _reference, where, _place in counted()] == ["851", "851", "851"]


def test_an_earlier_move_stays_when_a_later_one_is_taken_back(company: Company, settings: LazySettings) -> None:
    on(settings, 1)
    done(KNOWN.replace("860", "825"), kind=COMPANIES)
    stood = list(Move.objects.values())
    on(settings, 10)
    wrong = done(KNOWN, kind=COMPANIES)
    done(course("C-1", "2026-09-01") + course("C-2", "2026-10-05").partition("\n")[2] + course("C-3", "2026-10-15").partition("\n")[2])
    assert [where for _reference, where, _place in counted()] == ["851", "825", "860"]
    undo_batch(actor=server(), batch=wrong)
    assert list(Move.objects.values()) == stood
    assert [where for _reference, where, _place in counted()] == ["851", "825", "825"]


def test_what_people_learn_holds_for_what_is_there_too(region: object) -> None:
    done(UNKNOWN, kind=COMPANIES)
    done(course("C-1", "2024-03-05"))
    change_company(actor=factories.actor(), company=Company.objects.get(), municipality="851")
    assert counted() == [("C-1", "851", "851")]


def test_a_visit_to_a_company_of_which_nothing_was_known_is_counted_where_the_register_says(company: Company) -> None:
    office = Organisation.objects.get(key=OFFICE)
    office.municipality = company.municipality
    office.save()
    Company.objects.update(municipality=None)
    visit = Screening.objects.create(
        reference="S-1", organisation=office, company=company, municipality=office.municipality, date=dt.date(2026, 3, 2), state="planned"
    )
    batch = done(KNOWN, kind=COMPANIES)
    visit.refresh_from_db()
    assert visit.municipality and visit.municipality.code == "860"
    undo_batch(actor=server(), batch=batch)
    visit.refresh_from_db()
    assert visit.municipality == office.municipality


def test_counting_anew_asks_as_often_for_many_as_for_one(company: Company) -> None:
    done(course("C-1", "2024-03-05"))
    with CaptureQueriesContext(
        connection,
    ) as one:
        place_anew([company.pk], [])
    done(COLUMNS + "".join(course(f"C-{number}", "2024-03-05").partition("\n")[2] for number in range(2, 9)))
    with CaptureQueriesContext(connection) as many:
        place_anew([company.pk], [])
    assert len(many) == len(one)
