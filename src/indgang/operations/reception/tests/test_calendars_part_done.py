"""What the calendar says once a part of the visit is done, or a day of it has gone."""

from __future__ import annotations

import datetime as dt

import pytest
from django.conf import LazySettings
from icalendar import Calendar, Event

from indgang.foundation.access.actors import citizen, staff, system
from indgang.foundation.identity.models import Role
from indgang.foundation.mail.models import Letter
from indgang.operations.reception import emails
from indgang.operations.reception.actions.changes import cancel_journey
from indgang.operations.reception.actions.desk import call_next, finish_visit
from indgang.operations.reception.actions.floor import check_in_journey
from indgang.operations.reception.calendars import calendar_of
from indgang.operations.reception.models import Journey
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.staff_day import at, party
from indgang.operations.reception.tests.test_calendars import ZONE, house_for_two_days, moved_to

pytestmark = pytest.mark.django_db


def told(calendar: str) -> list[tuple[str, int, str]]:
    """Each event: the number of its day, its sequence and its status."""
    return [(_number(event), event["sequence"], event["status"]) for event in Calendar.from_ical(calendar).walk("VEVENT")]


def _number(event: Event) -> str:
    return str(event["uid"]).partition("@")[0][-2:]


def first_step_served(journey: Journey) -> None:
    clerk = staff(factories.member(Role.CLERK, "siri"))
    check_in_journey(actor=staff(factories.member(Role.FLOORWALKER, "ihnd")), journey=journey)
    visit = call_next(actor=clerk, desk=factories.desk("siri-1"))
    assert visit is not None
    finish_visit(actor=clerk, visit=visit, outcome="done")


def test_a_visit_that_is_cancelled_after_its_first_step_leaves_the_calendar(settings: LazySettings) -> None:
    at(settings, 8)
    journey = party(factories.small_house())
    first_step_served(journey)
    cancelled = cancel_journey(actor=citizen(journey.reference), journey=journey)
    assert told(calendar_of(cancelled, method="CANCEL")) == [("-1", 1, "CANCELLED")]
    letter = Letter.objects.get(key=f"cancelled:{journey.id}:1")
    assert (letter.calendar_method, told(letter.calendar)) == ("CANCEL", [("-1", 1, "CANCELLED")])
    served, *rest = journey.visits.order_by("appointment__period").select_related("appointment")
    clocks = [visit.appointment.starts.astimezone(ZONE).strftime("%H:%M") for visit in (served, rest[0])]
    assert [letter.text.count(clock.lstrip("0").replace(":", ".")) for clock in clocks] == [0, 1]


def test_a_day_that_was_served_before_stays_when_the_days_after_are_cancelled(settings: LazySettings) -> None:
    journey = factories.book(house_for_two_days()).journey
    visits = journey.visits.filter(appointment__period__startswith__date=factories.working_day())
    assert visits.update(status="done", outcome="done") > 0
    cancelled = cancel_journey(actor=system(), journey=journey)
    assert told(calendar_of(cancelled, method="CANCEL")) == [("-2", 1, "CANCELLED")]
    assert told(Letter.objects.get(key=f"cancelled:{journey.id}:1").calendar) == [("-2", 1, "CANCELLED")]


def test_the_file_takes_away_a_day_that_the_visit_was_moved_from() -> None:
    journey = factories.book(house_for_two_days()).journey
    assert told(calendar_of(journey)) == [("-1", 0, "CONFIRMED"), ("-2", 0, "CONFIRMED")]
    moved_to(journey, dt.datetime.combine(factories.working_day(ahead=30), dt.time(9), ZONE))
    journey.sequence = 1
    journey.save()
    emails.send_moved(journey=journey, manage_url="x")
    for _time in range(2):
        assert told(calendar_of(journey)) == [("-1", 1, "CONFIRMED"), ("-2", 1, "CANCELLED")]
    assert "ATTENDEE" not in calendar_of(journey)
    cancelled = cancel_journey(actor=system(), journey=journey)
    assert told(calendar_of(cancelled, method="CANCEL")) == [("-1", 2, "CANCELLED"), ("-2", 2, "CANCELLED")]
