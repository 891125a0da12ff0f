"""Information and service in and out."""

from __future__ import annotations

import datetime as dt

import pytest

from indgang.foundation.access.actors import Actor
from indgang.foundation.imports.actions import undo_batch
from indgang.operations.guidance.actions import deliveries
from indgang.operations.guidance.facts import DeliveryFacts
from indgang.operations.guidance.models import Delivery
from indgang.operations.guidance.tests.factories import HUB, OFFICE
from indgang.operations.guidance.tests.tables import DELIVERIES, DELIVERY_COLUMNS, done, everything, hand_in, refused, server, taken_out
from indgang.registers.parties.models import Company, Tie

pytestmark = pytest.mark.django_db
ROW = f"D-1,10000009,,{HUB},information,Tax card,2024-03-05\n"
TABLE = DELIVERY_COLUMNS + ROW


def test_a_row_is_a_delivery_once_and_the_table_comes_out_as_it_went_in(company: Company) -> None:
    nothing = everything()
    batch = done(TABLE, kind=DELIVERIES)
    delivery, tie = Delivery.objects.get(), Tie.objects.get()
    assert (delivery.kind, delivery.topic, delivery.date, delivery.municipality) == (
        "information",
        "Tax card",
        dt.date(2024, 3, 5),
        company.municipality,
    )
    assert (tie.source, tie.started, tie.ended, tie.confidential) == (
        f"guidance.delivery:{delivery.pk}",
        delivery.date,
        delivery.date,
        False,
    )
    assert hand_in(TABLE, kind=DELIVERIES)[0] is None
    assert taken_out(kind=DELIVERIES) == TABLE
    undo_batch(actor=server(), batch=batch)
    assert everything() == nothing


@pytest.mark.parametrize(
    ("old", "new", "column", "value", "message"),
    [
        ("information", "dinner", "kind", "dinner", "Write one of: information, service."),
        ("information", "", "kind", "", "This must be filled in."),
        ("2024-03-05", "", "date", "", "This must be filled in."),
        (
            "2024-03-05",
            "05/13/2024",
            "date",
            "05/13/2024",
            "There is no such month. Write the day first and then the month, such as 17-05-2023.",
        ),
    ],
)
def test_a_row_that_cannot_be_is_refused(company: Company, old: str, new: str, column: str, value: str, message: str) -> None:
    assert refused(DELIVERY_COLUMNS + ROW.replace(old, new), kind=DELIVERIES) == [(2, column, value, message)]


def test_an_organisation_writes_its_own_alone(company: Company) -> None:
    done(TABLE, kind=DELIVERIES)
    used = [(2, "reference", "D-1", "This reference is used already.")]
    assert refused(TABLE.replace(HUB, OFFICE), server(OFFICE), DELIVERIES) == used


def test_what_people_changed_stays(company: Company, hub: Actor) -> None:
    batch = done(TABLE, kind=DELIVERIES)
    said = DeliveryFacts(kind="information", date=dt.date(2024, 3, 5), topic="Work permit")
    deliveries.change_delivery(actor=hub, delivery=Delivery.objects.get(), facts=said)
    again, report = hand_in(TABLE, kind=DELIVERIES)
    assert (again, [(one.column, one.value) for one in report.kept]) == (None, [("topic", "Tax card")])
    assert [one.column for one in undo_batch(actor=server(), batch=batch).kept] == ["topic"]
    assert Delivery.objects.get().topic == "Work permit"
