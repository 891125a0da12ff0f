"""The demonstration's groups of employers: one comes, and one is to be decided on."""

from __future__ import annotations

import datetime as dt
import time

import pytest
from django.conf import LazySettings
from django.test import Client

from indgang.config import program
from indgang.config.demo_commands import bring_groups
from indgang.config.tests.test_demo import SMALL, UNTIL
from indgang.foundation.mail.models import Letter
from indgang.operations.reception.employer_links import group_url
from indgang.operations.reception.models import EmployerBooking
from indgang.operations.reception.queries.employers import rows_of

pytestmark = pytest.mark.django_db


def test_one_group_is_booked_and_one_has_proposals_and_the_letters_open_them(settings: LazySettings) -> None:
    settings.EMBEDDED = True
    settings.CLOCK_STARTS_AT, settings.CLOCK_SINCE = dt.datetime.combine(UNTIL, dt.time(5), dt.UTC), time.time()
    program.run_or_refuse(SMALL)
    bring_groups()
    booked, asked = EmployerBooking.objects.filter(house__key="aalborg").order_by("created_at", "company")
    assert {row.state for row in rows_of(booked)} == {"booked"}
    assert "proposed" in {row.state for row in rows_of(asked)}
    assert "booked" not in {row.state for row in rows_of(asked)}
    assert [row.employee.interpreter != "" for row in rows_of(booked)] == [False, False, True, False, False]
    for booking in (booked, asked):
        assert Letter.objects.filter(to=booking.email, text__contains=group_url(booking)).exists()
        client = Client()
        assert client.get(group_url(booking).partition("/employers/")[2].join(["/employers/", ""]), follow=True).status_code == 200
