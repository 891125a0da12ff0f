"""The demonstration's waiting list."""

from __future__ import annotations

import datetime as dt

import pytest
from django.conf import LazySettings

from indgang.config import program
from indgang.config.tests.test_demo import SMALL, UNTIL
from indgang.operations.reception.models import WaitingEntry

pytestmark = pytest.mark.django_db


def test_some_wait_for_a_time(settings: LazySettings) -> None:
    settings.EMBEDDED = True
    program.run_or_refuse(SMALL)
    waiting = WaitingEntry.objects.filter(ended_at=None, confirmed_at__isnull=False, house__key="aalborg")
    assert waiting.count() == 6
    assert waiting.filter(earliest=UNTIL + dt.timedelta(days=1)).count() == 6
