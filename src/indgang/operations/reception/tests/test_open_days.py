"""Occupancy counts by the hours as they were on the day, whatever is changed later."""

from __future__ import annotations

import datetime as dt

import pytest
from django.conf import LazySettings

from indgang.config import program
from indgang.foundation.journal.models import Circle, Entry
from indgang.foundation.measures.declared import Scope
from indgang.foundation.places.models import House
from indgang.operations.reception.actions import open_days
from indgang.operations.reception.actions.open_days import keep_open_days
from indgang.operations.reception.actions.opening import save_change
from indgang.operations.reception.measures import occupancy
from indgang.operations.reception.models import Journey, OpenDay
from indgang.operations.reception.queries.from_journal import DAYS_KEPT, differences_from_journal, open_minutes_from_journal
from indgang.operations.reception.queries.occupancy import open_minutes
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.opening_day import hours, leader
from indgang.operations.reception.tests.staff_day import DATE, at, party

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def house(settings: LazySettings) -> House:
    """It has a booking since Tuesday; now it is Thursday at two."""
    at(settings, 8, 0)
    house = factories.small_house()
    party(house)
    settings.CLOCK_STARTS_AT += dt.timedelta(days=2, hours=6)
    return house


def shorten(house: House) -> None:
    """From now on, Tuesdays to Thursdays from ten to eleven only."""
    rows = [[weekday, "10:00", "11:00", None, None] for weekday in (1, 2, 3)]
    save_change(actor=leader(), change=hours(house, *rows), choices={})


def test_hours_that_are_changed_leave_past_days_as_they_were(house: House) -> None:
    past, today = Scope(house, DATE, DATE + DAY), Scope(house, DATE + 2 * DAY, DATE + 2 * DAY)
    before = open_minutes(past), occupancy(past)
    assert min(before[0].values()) > 0

    shorten(house)

    assert (open_minutes(past), occupancy(past)) == before
    assert set(open_minutes(today).values()) == {60}


def test_what_is_kept_is_what_the_hours_say_and_nothing_is_kept_twice(house: House) -> None:
    scope = Scope(house, DATE - 30 * DAY, DATE + 2 * DAY)
    by_the_hours = open_minutes(scope)

    assert (keep_open_days(house), keep_open_days(house)) == (2, 0)
    assert OpenDay.objects.count() == 2 * house.desks.count()
    assert open_minutes(scope) == by_the_hours


def test_a_house_that_nobody_has_used_keeps_nothing(settings: LazySettings) -> None:
    at(settings, 8, 0)

    assert keep_open_days(factories.small_house()) == 0


def test_the_journal_tells_how_long_desks_were_open_whatever_is_changed_later(house: House) -> None:
    scope = Scope(house, DATE - 30 * DAY, DATE + 2 * DAY)
    shorten(house)

    told = open_minutes_from_journal(scope)

    assert told == open_minutes(scope)
    assert told != dict.fromkeys(told, 60 * 3)
    [entry] = Entry.objects.filter(verb=DAYS_KEPT)
    assert (list(entry.after["days"]), entry.circle) == ([DATE.isoformat(), (DATE + DAY).isoformat()], Circle.SYSTEM)
    assert differences_from_journal(scope)[1] == {}


def test_a_kept_day_that_is_not_what_the_journal_tells_is_found(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    keep_open_days(house)
    OpenDay.objects.filter(desk__key="siri-1", date=DATE).update(minutes=1)
    tampered = differences_from_journal(Scope(house, DATE, DATE + DAY))[1]

    assert list(tampered) == ["open minutes of siri-1"]
    assert differences_from_journal(Scope(house, DATE + DAY, DATE + DAY))[1] == {}
    assert program.run(["statistics", "aalborg", "--from", DATE.isoformat()]) == 1
    assert "open minutes of siri-1: rows" in capsys.readouterr().err


def test_many_days_are_told_a_year_to_an_entry(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    Journey.objects.update(created_at=dt.datetime(2026, 11, 1, tzinfo=dt.UTC))
    monkeypatch.setattr(open_days, "DAYS_AT_MOST", 10)
    scope = Scope(house, dt.date(2026, 11, 1), DATE + DAY)

    assert keep_open_days(house) == 39
    assert [len(entry.after["days"]) for entry in Entry.objects.filter(verb=DAYS_KEPT).order_by("id")] == [10, 10, 10, 9]
    assert open_minutes_from_journal(scope) == open_minutes(scope)
