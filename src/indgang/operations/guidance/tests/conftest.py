"""A Tuesday in November, a region, a company and the hub's consultant."""

from __future__ import annotations

import datetime as dt
import time

import pytest
from django.conf import LazySettings

from indgang.foundation.access.actors import Actor
from indgang.foundation.identity.models import Role
from indgang.foundation.places.models import Region
from indgang.operations.guidance.tests import factories
from indgang.registers.parties.models import Company


@pytest.fixture
def region(settings: LazySettings) -> Region:
    """The region, at a quarter past ten on 24 November 2026."""
    settings.CLOCK_STARTS_AT, settings.CLOCK_SINCE = dt.datetime(2026, 11, 24, 9, 15, tzinfo=dt.UTC), time.time()
    return factories.region()


@pytest.fixture
def company(region: Region) -> Company:
    """A company in Aalborg."""
    return factories.company()


@pytest.fixture
def hub(region: Region) -> Actor:
    """The business hub's consultant."""
    return factories.actor(Role.CONSULTANT)


@pytest.fixture
def team(region: Region) -> Actor:
    """A member of the business hub's Early Warning team."""
    return factories.actor(Role.EARLY_WARNING)
