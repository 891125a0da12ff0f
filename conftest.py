"""What every test may rely on."""

from __future__ import annotations

import os
import time

import pytest
from django.conf import LazySettings
from django.db import connection
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as examples
from pytest_django import DjangoDbBlocker

# How long an example takes says something about the machine, not about the program.
# In CI the examples are the same for the same code, so that what lands does not depend on luck; elsewhere they are new each time.
examples.register_profile(
    "house", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True, derandomize=os.environ.get("CI") == "true"
)
examples.load_profile("house")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The played days first: they take longest, and nobody should wait for them alone at the end."""
    items.sort(key=lambda item: "test_a_day" not in item.nodeid)


@pytest.fixture(autouse=True)
def _plain(settings: LazySettings, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Static files without a manifest, passwords that are quick to hash, a clock that, if the test moves it, runs from now on, a home
    of the tests' own (what is forgotten in a test must not go from the folder of the house that runs here), and no language that a page
    of the test before has left behind.
    """
    translation.deactivate()
    settings.HOME = tmp_path_factory.getbasetemp() / "home"
    settings.CLOCK_SINCE = time.time()
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Tests with real transactions empty every table afterwards; the journal refuses that, so here it lets them.

    Only TRUNCATE, only in the test database. The journal's own test switches the trigger on again.
    """
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        for table in ("journal_entry", "journal_seal"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {table}_refuses_truncate")
