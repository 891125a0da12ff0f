"""Reminders: the day before from ten o'clock, once, and never about times that no longer count."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from indgang.foundation.access.actors import system
from indgang.foundation.database import clock
from indgang.foundation.mail.models import Letter
from indgang.foundation.mail.sending import Outcome, send_letter
from indgang.operations.reception.actions.changes import cancel_journey
from indgang.operations.reception.models import Journey, LinkKey, Visit
from indgang.operations.reception.models.journey import Status
from indgang.operations.reception.reminders import write_reminders
from indgang.operations.reception.rules.reminders import day_to_remind_of, is_news
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.test_calendars import house_for_two_days

ZONE = ZoneInfo("Europe/Copenhagen")


def at(settings, moment: dt.datetime) -> None:
    settings.CLOCK_STARTS_AT = moment + dt.timedelta(microseconds=1)
    settings.CLOCK_STARTS_AT -= clock.now() - settings.CLOCK_STARTS_AT


def day_before(journey: Journey, time: dt.time) -> dt.datetime:
    day = factories.working_day(ahead=5)
    return dt.datetime.combine(day - dt.timedelta(days=1), time, ZONE)


def reminders() -> list[Letter]:
    return list(Letter.objects.filter(key__startswith="reminder:").order_by("created_at"))


@pytest.fixture
def journey(settings) -> Journey:
    """Booked well before for a Tuesday at least five days off; the clock stands at ten on the Monday."""
    monday = day_before(None, dt.time(10))
    booked = factories.book(factories.small_house(), on=factories.working_day(ahead=5)).journey
    at(settings, monday)
    return booked


@pytest.mark.django_db
def test_a_reminder_is_written_once_with_a_link_of_its_own(journey) -> None:
    keys = LinkKey.objects.count()
    assert [write_reminders(), write_reminders()] == [1, 0]
    (letter,) = reminders()
    assert letter.subject.startswith("Tomorrow, 9.00: your visit to")
    assert "We expect you tomorrow, Tuesday" in letter.text
    assert f"/arrival/{journey.reference}/?key=" in letter.text
    assert LinkKey.objects.count() == keys + 1


@pytest.mark.django_db
def test_nobody_is_woken_before_ten(journey, settings) -> None:
    at(settings, clock.now() - dt.timedelta(minutes=2))
    assert write_reminders() == 0


@pytest.mark.django_db
def test_a_cancelled_visit_is_not_reminded_of(journey) -> None:
    cancel_journey(actor=system(), journey=journey)
    assert write_reminders() == 0


@pytest.mark.django_db
def test_a_reminder_that_waits_is_taken_back_when_the_visit_is_cancelled(journey) -> None:
    write_reminders()
    cancel_journey(actor=system(), journey=journey)
    assert [letter.state for letter in reminders()] == ["withdrawn"]


@pytest.mark.django_db
def test_a_reminder_is_not_sent_when_tomorrow_has_come(journey, settings) -> None:
    write_reminders()
    at(settings, clock.now() + dt.timedelta(hours=14))
    (letter,) = reminders()
    assert send_letter(letter.id) is Outcome.WITHDRAWN


@pytest.mark.django_db
def test_steps_that_are_done_need_no_reminder(journey) -> None:
    Visit.objects.filter(journey=journey).update(status=Status.DONE)
    assert write_reminders() == 0


@pytest.mark.django_db
def test_somebody_without_an_address_is_passed_over(journey) -> None:
    journey.contact.email = ""
    journey.contact.save()
    assert write_reminders() == 0


@pytest.mark.django_db
def test_somebody_who_has_just_booked_is_reminded_later(settings) -> None:
    factories.book(factories.small_house(), on=factories.working_day(ahead=5))
    written = Letter.objects.get()
    at(settings, day_before(None, dt.time(11)))
    Letter.objects.update(created_at=clock.now() - dt.timedelta(hours=2))
    assert write_reminders() == 0
    Letter.objects.filter(pk=written.pk).update(created_at=clock.now() - dt.timedelta(hours=3))
    assert write_reminders() == 1


@pytest.mark.django_db
def test_each_day_of_a_visit_is_reminded_of_with_its_own_steps(settings) -> None:
    house = house_for_two_days()
    booked = factories.book(house).journey
    days = sorted({step.appointment.starts.astimezone(ZONE).date() for step in booked.visits.all()})
    assert len(days) == 2
    for number, day in enumerate(days, start=1):
        at(settings, dt.datetime.combine(day - dt.timedelta(days=1), dt.time(13), ZONE))
        Letter.objects.filter(key__startswith="booked").update(created_at=clock.now() - dt.timedelta(days=1))
        assert write_reminders() == 1
        assert len(reminders()) == number
    first, second = reminders()
    assert ("Tax card" in first.text, "Tax card" in second.text) == (False, True)


@pytest.mark.django_db
def test_finding_whom_to_remind_costs_the_same_for_one_and_for_three(settings) -> None:
    house = factories.small_house()
    counts = []
    for booked in (1, 3):
        for _ in range(booked - Journey.objects.count()):
            factories.book(house, on=factories.working_day(ahead=5))
        at(settings, day_before(None, dt.time(12)))
        Letter.objects.update(created_at=clock.now() - dt.timedelta(days=1))
        write_reminders()
        with CaptureQueriesContext(connection) as queries:
            assert write_reminders() == 0
        counts.append(len(queries))
        settings.CLOCK_STARTS_AT = None
    assert counts[0] == counts[1]


@given(st.datetimes(dt.datetime(2020, 1, 1), dt.datetime(2040, 1, 1), timezones=st.just(ZONE)))  # noqa: DTZ001
def test_the_day_is_tomorrow_and_only_from_ten(now) -> None:
    assert day_to_remind_of(now) == (now.date() + dt.timedelta(days=1) if now.hour >= 10 else None)


@given(st.integers(0, 1000))
def test_three_hours_of_peace(minutes) -> None:
    now = dt.datetime(2026, 12, 7, 12, tzinfo=ZONE)
    assert is_news(now, now - dt.timedelta(minutes=minutes)) == (minutes >= 180)
    assert is_news(now, None)
