"""Whom the end of a day leaves alone: what came with a table, and who waits while a desk is at work or the house is closed for a while."""

from __future__ import annotations

import pytest
from django.conf import LazySettings

from indgang.foundation.access.actors import Actor
from indgang.foundation.places.models import House
from indgang.operations.reception.actions import desk as desk_actions
from indgang.operations.reception.actions.end_of_day import end_days, end_days_of
from indgang.operations.reception.actions.tickets import Errands, take_ticket
from indgang.operations.reception.imports import VisitsWork
from indgang.operations.reception.models import Turn, Visit
from indgang.operations.reception.models.journey import NOT_SERVED, Status
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.closing_hours import ticket
from indgang.operations.reception.tests.every_change import close, leader_at_work, undo_last
from indgang.operations.reception.tests.staff_day import at
from indgang.operations.reception.tests.test_end_of_day import clerk, figures, next_morning
from indgang.operations.reception.tests.test_from_journal import same
from indgang.operations.reception.tests.visits_table import HEADER, apply, done, operator

pytestmark = pytest.mark.django_db
RUNNING = HEADER + (
    "J1,aalborg,siri-residence,851,POL,3,2026-12-07 09:00,2026-12-07 09:10,,\n"
    "J2,aalborg,siri-residence,787,POL,2,2026-12-07 09:00,,,\n"
    "J3,aalborg,tax-card,787,POL,2,,2026-12-08 09:00,,\n"
    "J4,aalborg,tax-card,787,POL,2,2026-12-08 09:00,,,\n"
    "J5,aalborg,tax-card,787,POL,2,2026-12-07 09:00,2026-12-07 09:05,2026-12-07 09:15,done\n"
)
ENDED = HEADER + (
    "J1,aalborg,siri-residence,851,POL,3,2026-12-07 09:00,2026-12-07 09:10,2026-12-07 09:50,documents-missing\n"
    "J2,aalborg,siri-residence,787,POL,2,2026-12-07 09:00,2026-12-07 09:20,2026-12-07 09:40,done\n"
)


def rows() -> list[dict[str, object]]:
    return [dict(stored.values) for stored in VisitsWork(operator()).everything()]


def test_what_came_with_a_table_is_ended_by_a_table_alone(house: House, settings: LazySettings) -> None:
    at(settings, 10)
    done(RUNNING)
    before = same(house), rows()
    assert before[0].citizens == {"787": 2}
    at(settings, 23, 50)
    end_days()
    next_morning(settings)
    end_days()

    assert (same(house), rows()) == before
    assert apply(RUNNING)[1].unchanged == 5

    done(ENDED)
    told = same(house)
    assert (told.citizens, told.not_served, told.total.steps) == ({"787": 4, "851": 3}, 0, 3)
    assert Turn.objects.count() == 3


def test_rows_that_still_run_keep_nobody_in_line(house: House, settings: LazySettings) -> None:
    at(settings, 10)
    done(RUNNING)
    at(settings, 14, 50)
    ticket(house)
    at(settings, 16, 1)
    assert end_days_of(house) == 1


def family_and_the_next(house: House, walker: Actor, settings: LazySettings) -> tuple[Visit, Visit]:
    """A family of six sits down five minutes before the house closes, and somebody waits behind it."""
    at(settings, 14, 40)
    six = take_ticket(actor=walker, house=house, errands=Errands(["tax-card"], people=6)).ticket.journey.visits.get()
    behind = take_ticket(actor=walker, house=house, errands=Errands(["tax-card"])).ticket.journey.visits.get()
    at(settings, 14, 50)
    desk_actions.call_visit(actor=clerk(), desk=factories.desk("tax-1"), visit=six)
    at(settings, 14, 55)
    desk_actions.start_visit(actor=clerk(), visit=six)
    return six, behind


def test_nobody_is_sent_home_while_somebody_is_being_served(house: House, walker: Actor, settings: LazySettings) -> None:
    six, behind = family_and_the_next(house, walker, settings)
    at(settings, 16, 1)
    assert end_days_of(house) == 0
    at(settings, 16, 5)
    desk_actions.finish_visit(actor=clerk(), visit=six, outcome="done")
    at(settings, 16, 30)
    assert end_days_of(house) == 0, "the desk has just been at work"

    assert desk_actions.call_next(actor=clerk(), desk=factories.desk("tax-1")) == behind
    assert figures(house).not_served == 0


def test_a_turn_that_was_left_open_keeps_nobody_in_line_until_the_night(house: House, walker: Actor, settings: LazySettings) -> None:
    six, behind = family_and_the_next(house, walker, settings)
    at(settings, 18, 59)
    assert end_days_of(house) == 0
    at(settings, 19, 0)

    assert end_days_of(house) == 1

    six.refresh_from_db()
    behind.refresh_from_db()
    assert (six.status, behind.outcome) == (Status.SERVING, NOT_SERVED)
    assert figures(house).not_served == 1


def test_a_house_that_closes_for_some_hours_keeps_its_line(house: House, settings: LazySettings) -> None:
    at(settings, 9, 30)
    ticket(house)
    at(settings, 10)
    leader = leader_at_work()
    close("", first_day="2026-12-08", last_day="2026-12-08", from_time="10:00", until_time="15:00")(leader)
    at(settings, 11, 5)
    assert end_days_of(house) == 0
    undo_last(leader)
    assert end_days_of(house) == 0

    called = desk_actions.call_next(actor=clerk(), desk=factories.desk("tax-1"))

    assert called and called.status == Status.CALLED


def test_a_house_that_stays_closed_ends_its_day_at_the_usual_hour(house: House, settings: LazySettings) -> None:
    at(settings, 9, 30)
    ticket(house)
    at(settings, 10)
    close("", first_day="2026-12-08", last_day="2026-12-08", from_time="10:00", until_time="15:00")(leader_at_work())
    at(settings, 15, 59)
    assert end_days_of(house) == 0
    at(settings, 16, 0)
    assert end_days_of(house) == 1
    assert figures(house).not_served == 1
