"""Sessions and houses for a time in a region's folder: loaded again and again, refused with file, table and field, and staff decide."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from indgang.config.tests.test_region_commands import by_staff, edit, folder, load
from indgang.foundation.database.console import Refused
from indgang.foundation.places.models import House
from indgang.operations.reception.models import Session
from indgang.operations.reception.opening_changes import Change
from indgang.operations.reception.queries.house import house_plan
from indgang.operations.reception.queries.opening_states import session_state

__all__ = ["folder"]
pytestmark = pytest.mark.django_db
SESSION = """
[[sessions]]
house = "aalborg"
key = "together"
title_da = "Fælles torsdag"
title_en = "Thursday together"
desks = ["siri-1", "tax-1"]
weekday = "thursday"
opens = "20:00"
closes = "21:00"
first_day = 2026-12-01
"""
POP_UP = 'postcode = "9000"\nactive_from = 2026-12-01\nactive_until = 2026-12-18'


@pytest.fixture
def with_session(folder: Path) -> Path:
    """North Denmark with a session of two authorities."""
    keys = house_desks(folder)
    file = folder / "opening.toml"
    file.write_text(file.read_text(encoding="utf-8") + SESSION.replace('"tax-1"', f'"{keys[-1]}"').replace('"siri-1"', f'"{keys[0]}"'))
    return folder


def house_desks(folder: Path) -> list[str]:
    """The keys of the desks in the file."""
    lines = (folder / "desks.toml").read_text(encoding="utf-8").splitlines()
    return [line.split('"')[1] for line in lines if line.startswith("key = ")]


def changes(folder: Path) -> list[tuple[str, str, str]]:
    return [(line.change, line.kind, line.name) for line in load(folder).lines]


def held_on(*days: int) -> list[bool]:
    """Whether the session's desks are open at eight in the evening on those days of December."""
    plan = house_plan(House.objects.get())
    taking_part = set(Session.objects.get().desks.values_list("key", flat=True))
    found = []
    for number in days:
        day = plan.day(dt.date(2026, 12, number))
        eight = 1 << day.cell_of(dt.datetime(2026, 12, number, 20, tzinfo=plan.house.zone))
        found.append({desk.desk.key for desk in plan.desks if plan.open_cells(desk, day) & eight} == taking_part)
    return found


def test_a_session_is_loaded_changed_and_ended_and_a_second_load_writes_nothing(with_session: Path) -> None:
    load(with_session)
    assert held_on(3, 4, 10, 17) == [True, False, True, True]
    assert changes(with_session) == []
    edit(with_session, "opening.toml", "first_day = 2026-12-01", 'first_day = 2026-12-01\nof_month = "second"', 1)
    assert changes(with_session) == [("updated", "session", "aalborg/together")]
    assert held_on(3, 10, 17) == [False, True, False]
    edit(with_session, "opening.toml", 'of_month = "second"', "every_weeks = 2", 1)
    load(with_session)
    assert held_on(3, 10, 17) == [True, False, True]
    file = with_session / "opening.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text[: text.index("[[sessions]]")], encoding="utf-8")
    assert changes(with_session) == [("updated", "session", "aalborg/together")]
    assert Session.objects.get().ended_at is not None
    assert changes(with_session) == []
    file.write_text(text, encoding="utf-8")
    load(with_session)
    assert Session.objects.get().ended_at is None


def test_what_staff_made_of_a_session_stays(with_session: Path) -> None:
    load(with_session)
    row = Session.objects.get()
    before = session_state(row)
    by_staff(Change("session", "aalborg", "", row.pk, before, {**before, "closes": "22:00"}))
    assert changes(with_session) == [("kept", "session", "aalborg/together")]
    assert Session.objects.get().closes == dt.time(22)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('weekday = "thursday"', 'weekday = "torsdag"', "table [sessions 1], field weekday: “torsdag” is no weekday; there are friday"),
        ('closes = "21:00"', 'closes = "15:00"', "opening.toml, table [sessions 1], field closes: must be later than opens"),
        ("first_day = 2026-12-01", "", "field first_day: is missing; write the day from which on the session is held"),
        ("first_day = 2026-12-01", "first_day = 2026-12-01\nlast_day = 2026-11-01", "field last_day: must not be before first_day"),
        ("first_day = 2026-12-01", "first_day = 2026-12-01\nevery_weeks = 9", "field every_weeks: must be at most 8; write of_month"),
        (
            "first_day = 2026-12-01",
            'first_day = 2026-12-01\nof_month = "fifth"',
            "field of_month: “fifth” is no turn in a month; there are",
        ),
        ("first_day = 2026-12-01", 'first_day = 2026-12-01\nof_month = "last"\nevery_weeks = 1', "stands beside every_weeks; write one of"),
        ("first_day = 2026-12-01", "first_day = 2026-12-01\nevery_week = 1", "field every_week: is not known; valid fields are closes"),
        ('key = "together"', 'key = "Together"', "field key: “Together” may have only lower-case letters"),
        ('title_en = "Thursday together"\ndesks = ["', 'title_en = "Thursday together"\ndesks = ["nowhere", "', "is no desk of this house"),
    ],
)
def test_what_is_wrong_with_a_session_is_named_and_nothing_is_written(with_session: Path, old: str, new: str, message: str) -> None:
    edit(with_session, "opening.toml", old, new, 1)
    with pytest.raises(Refused) as refusal:
        load(with_session)
    assert message in str(refusal.value)
    assert not Session.objects.exists()


def test_a_house_for_a_time_is_open_between_its_days_and_staff_decide_over_the_file(folder: Path) -> None:
    load(folder)
    edit(folder, "houses.toml", 'postcode = "9000"', POP_UP, 1)
    assert changes(folder) == [("updated", "house", "aalborg")]
    assert changes(folder) == []
    plan = house_plan(House.objects.get())
    open_days = [any(plan.open_cells(desk, plan.day(dt.date(2026, 12, day))) for desk in plan.desks) for day in (10, 21)]
    assert open_days == [True, False]
    until = {"active_from": "2026-12-01", "active_until": "2026-12-23"}
    by_staff(Change("house", "aalborg", "", 0, {"active_from": "2026-12-01", "active_until": "2026-12-18"}, until))
    assert changes(folder) == [("kept", "house", "aalborg")]
    assert House.objects.get().active_until == dt.date(2026, 12, 23)
    edit(folder, "houses.toml", "active_until = 2026-12-18", "active_until = 2026-11-18", 1)
    with pytest.raises(Refused) as refusal:
        load(folder)
    assert "houses.toml, table [houses 1], field active_until: must not be before active_from" in str(refusal.value)


def test_a_misspelt_language_of_a_document_is_refused(folder: Path) -> None:
    edit(folder, "journeys.toml", "\n[documents.passport]\n", '\n[documents.passport]\ndansk = "Pas"\n', 1)
    with pytest.raises(Refused) as refusal:
        load(folder)
    assert "field dansk: is not known; valid fields are da, en" in str(refusal.value)
