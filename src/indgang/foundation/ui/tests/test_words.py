"""Times and numbers as people read them, in both languages."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.conf import LazySettings
from django.utils.translation import override

from indgang.foundation.ui import words

ZONE = ZoneInfo("Europe/Copenhagen")
NOW = dt.datetime(2026, 12, 8, 8, 30, tzinfo=ZONE)


@pytest.fixture(autouse=True)
def _clock(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indgang.foundation.database.clock.now", lambda: NOW)


def at(day: int, hour: int, minute: int = 0, month: int = 12, year: int = 2026) -> dt.datetime:
    return dt.datetime(year, month, day, hour, minute, tzinfo=ZONE).astimezone(dt.UTC)


@pytest.mark.parametrize(
    ("language", "text"), [("en", "Tuesday 8 December, 9.30-11.40"), ("da", "tirsdag den 8.\u00a0december kl.\u00a09.30-11.40")]
)
def test_a_period_is_said_with_its_day(language: str, text: str) -> None:
    with override(language):
        assert words.period_in_words(at(8, 9, 30), at(8, 11, 40), ZONE) == text


@pytest.mark.parametrize(
    ("language", "text"), [("en", "Friday 8 October 2027, 9.30"), ("da", "fredag den 8.\u00a0oktober 2027 kl.\u00a09.30")]
)
def test_a_far_day_has_its_year(language: str, text: str) -> None:
    with override(language):
        assert words.period_in_words(at(8, 9, 30, 10, 2027), None, ZONE) == text


def test_a_day_of_another_year_has_its_year_however_near_it_is() -> None:
    with override("en"):
        assert words.day_in_words(at(5, 9, 30, 1, 2027), ZONE) == "Tuesday 5 January 2027"


@pytest.mark.parametrize(("language", "text"), [("en", "5 Feb 2026"), ("da", "5.2.2026")])
def test_a_day_is_short_in_a_table(language: str, text: str) -> None:
    with override(language):
        assert words.short_day(at(5, 0, 30, 2), ZONE) == text


def test_a_period_over_the_autumn_clock_change_shows_both_local_times() -> None:
    """25 October 2026: at 3 o'clock summer time it becomes 2 o'clock."""
    with override("en"):
        starts = dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC)
        assert words.period_in_words(starts, starts + dt.timedelta(hours=1), ZONE) == "Sunday 25 October, 2.30-2.30"


def test_another_zone_says_its_own_time() -> None:
    with override("en"):
        assert words.time_in_words(at(8, 9, 30), ZoneInfo("Europe/London")) == "8.30"
        assert words.day_in_words(at(8, 0, 30), ZoneInfo("Europe/London")) == "Monday 7 December"


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (at(10, 9), "in 2 days"),
        (at(9, 23), "tomorrow"),
        (at(8, 8, 55), "in 25 minutes"),
        (at(8, 10, 31), "in 2 hours 1 minute"),
        (at(8, 8, 30), "now"),
        (at(8, 8, 29), "now"),
        (at(8, 8, 20), "9 minutes ago"),
        (at(7, 12), "yesterday"),
        (at(6, 12), "2 days ago"),
        (at(9, 0, 10), "tomorrow"),
    ],
)
def test_a_countdown_is_in_words(moment: dt.datetime, text: str) -> None:
    with override("en"):
        assert words.countdown_in_words(moment, ZONE) == text


@pytest.mark.parametrize(
    ("minutes", "text"), [(1, "1 minute"), (25, "25 minutes"), (60, "1 hour"), (90, "1 hour 30 minutes"), (0, "0 minutes")]
)
def test_minutes_are_in_words(minutes: int, text: str) -> None:
    with override("en"):
        assert words.minutes_in_words(minutes) == text


@pytest.mark.parametrize(("language", "texts"), [("en", ["12,345", "1.50", "-", "67 %"]), ("da", ["12.345", "1,50", "-", "67 %"])])
def test_numbers_follow_the_language(language: str, texts: list[str]) -> None:
    with override(language):
        said = [words.number_in_words(12345), words.number_in_words(1.5, 2), words.number_in_words(None), words.share_in_words(0.67)]
    assert said == texts


def test_a_difference_shows_its_sign() -> None:
    with override("en"):
        assert [words.signed_in_words(n) for n in (3, -3, 0, None)] == ["+3", "−3", "0", "-"]


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [(3.7575, 0, "4"), (2.5, 0, "3"), (0.05, 1, "0.1"), (19.96, 1, "20.0"), (-2.25, 1, "-2.3"), (1e-9, 1, "0.0")],
)
def test_numbers_are_rounded_not_cut(value: float, decimals: int, text: str) -> None:
    with override("en"):
        assert words.number_in_words(value, decimals) == text


@pytest.mark.parametrize(
    ("hours", "english", "danish"),
    [
        ("0", "0 h", "0 t."),
        ("0.25", "15 min.", "15 min."),
        ("0.50", "30 min.", "30 min."),
        ("1.00", "1 h", "1 t."),
        ("1.50", "1.5 h", "1,5 t."),
        ("40.00", "40 h", "40 t."),
        ("1200.25", "1,200.25 h", "1.200,25 t."),
    ],
)
def test_hours_are_said_as_short_as_they_are(hours: str, english: str, danish: str) -> None:
    with override("en"):
        assert words.hours_in_words(Decimal(hours)) == english
    with override("da"):
        assert words.hours_in_words(Decimal(hours)) == danish
