"""Interpreters and rooms of a region's folder: what is refused, what staff decide over, and what becomes of one that has bookings."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from indgang.config.tests.test_region_commands import by_staff, edit, folder, load, without
from indgang.foundation.database import clock
from indgang.foundation.database.console import Refused
from indgang.operations.reception.models import Appointment, Desk, Journey, Resource, Visit
from indgang.operations.reception.opening_changes import Change
from indgang.operations.reception.queries.opening_states import resource_state

__all__ = ["folder"]
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        (
            "resources.toml",
            'languages = ["ar"]',
            'languages = ["arabic"]',
            "resources.toml, table [interpreters 1], field languages: “arabic”",
        ),
        (
            "resources.toml",
            'languages = ["dsl"]',
            "languages = []",
            "table [interpreters 4], field languages: is missing; write the languages",
        ),
        ("resources.toml", 'key = "ukrainian-2"', 'key = "ukrainian-1"', "“ukrainian-1” stands in the file twice"),
        (
            "resources.toml",
            'services = ["pd-u2"]',
            'services = ["pd"]',
            "resources.toml, table [rooms 1], field services: “pd” is no service",
        ),
        ("resources.toml", 'services = ["pd-u2"]', "", "field services: is missing; name the services that are only done in this room"),
        (
            "resources.toml",
            'zone = "ground-floor"',
            'zone = "cellar"',
            "field walks: says nothing about the way between cellar and first-floor",
        ),
        (
            "opening.toml",
            'resource = "arabic-1"',
            'resource = "arabic"',
            "field resource: “arabic” is no interpreter or room of this house",
        ),
        (
            "opening.toml",
            'resource = "sign-1"',
            'resource = "sign-1"\ndesk = "siri-1"',
            "field resource: stands beside desk; write one table",
        ),
    ],
)
def test_what_is_wrong_is_named_by_file_table_and_field(folder: Path, file: str, old: str, new: str, message: str) -> None:
    edit(folder, file, old, new)
    with pytest.raises(Refused) as refusal:
        load(folder)
    assert message in str(refusal.value)


def test_an_interpreter_with_bookings_is_there_no_more_and_staff_decide_over_the_file(folder: Path) -> None:
    load(folder)
    before = resource_state(Resource.objects.get(key="arabic-1"))
    by_staff(Change("resource", "aalborg", "", 0, before, {**before, "languages": ["ar", "fa"]}, "arabic-1"))
    by_staff(Change("resource", "aalborg", "", 0, None, {**before, "languages": ["so"]}, "somali-1"))
    sign, desk = Resource.objects.get(key="sign-1"), Desk.objects.get(key="siri-4")
    visit = Visit.objects.create(journey=Journey.objects.create(reference="AAAA", house=desk.house), service=desk.services.get(), people=1)
    starts = clock.now() + dt.timedelta(days=7)
    Appointment.objects.create(desk=desk, party=1, period=(starts, starts + dt.timedelta(minutes=20)), visit=visit, interpreter=sign)
    for key in ("arabic-1", "sign-1", "ukrainian-2"):
        without(folder, "resources.toml", f'key = "{key}"')
        without(folder, "opening.toml", f'resource = "{key}"')
    report = load(folder)
    yesterday = clock.today() - dt.timedelta(days=1)
    assert sorted((line.change, line.name, line.detail) for line in report.lines if line.kind == "resource") == [
        ("ended", "aalborg/ukrainian-2", ""),
        ("kept", "aalborg/arabic-1", "made by staff on their page"),
        ("kept", "aalborg/somali-1", "made by staff on their page"),
        ("updated", "aalborg/sign-1", f"not in the file any more: ended after {yesterday}; bookings to move from there: 1"),
    ]
    assert Resource.objects.get(key="arabic-1").languages == ["ar", "fa"]
    assert not load(folder).changed
