"""The small house other tests stand on."""

from __future__ import annotations

import pytest

from indgang.operations.reception.models import Appointment
from indgang.operations.reception.tests import factories

pytestmark = pytest.mark.django_db


def test_a_party_can_be_booked_in_the_small_house() -> None:
    house = factories.small_house()
    journey = factories.book(house, adults=2, children=1, confirmed=True).journey
    keys = list(journey.visits.values_list("service__key", "people"))
    assert sorted(keys) == [("cpr-registration", 3), ("mitid", 2), ("siri-residence", 3), ("tax-card", 1)]
    assert Appointment.objects.filter(visit__journey=journey, freed_at=None).count() == 4
    assert journey.email_confirmed_at is not None
