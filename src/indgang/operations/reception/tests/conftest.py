"""The small house at eight in the morning, and its floorwalker. Who needs another hour sets the clock, or makes a house of their own."""

from __future__ import annotations

import pytest
from django.conf import LazySettings

from indgang.foundation.access.actors import Actor, staff
from indgang.foundation.identity.models import Role
from indgang.foundation.places.models import House
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.staff_day import at


@pytest.fixture
def house(settings: LazySettings) -> House:
    """The small house, an hour before it opens."""
    at(settings, 8, 0)
    return factories.small_house()


@pytest.fixture
def walker(house: House) -> Actor:
    """The host's floorwalker."""
    return staff(factories.member(Role.FLOORWALKER, "ihnd"))
