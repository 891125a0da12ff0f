"""What becomes, on the days after, of steps that a day's end has ended: each is counted on one day only, and nothing real is lost."""

from __future__ import annotations

import datetime as dt

import pytest
from django.conf import LazySettings

from indgang.foundation.measures.declared import Scope
from indgang.foundation.places.models import House
from indgang.operations.reception.actions import desk as desk_actions
from indgang.operations.reception.actions.end_of_day import end_days, end_days_of
from indgang.operations.reception.actions.notes import add_note
from indgang.operations.reception.errors import NotNow
from indgang.operations.reception.measures import steps_not_served
from indgang.operations.reception.models import Turn, Visit
from indgang.operations.reception.models.journey import Status
from indgang.operations.reception.models.turn import TurnOutcome
from indgang.operations.reception.queries.past import _learned
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.closing_hours import ticket
from indgang.operations.reception.tests.staff_day import DATE, at, at_instant
from indgang.operations.reception.tests.test_end_of_day import CLOSES, clerk, figures, left_open, next_morning
from indgang.operations.reception.tests.test_from_journal import same

pytestmark = pytest.mark.django_db
WINTER = dt.timezone(dt.timedelta(hours=1))


def each_day(house: House) -> list[tuple[int, int, int]]:
    """Of the 8th, 9th and 10th: steps, not served, and the rows of these; each day counted by itself in all ways."""
    scopes = [Scope(house, day, day) for day in (DATE + dt.timedelta(days=number) for number in range(3))]
    told = [(same(house, scope), steps_not_served(scope).count()) for scope in scopes]
    return [(one.total.steps, one.not_served, rows) for one, rows in told]


def morning(settings: LazySettings, hour: int, minute: int = 0, day: int = 9) -> None:
    at_instant(settings, dt.datetime(2026, 12, day, hour, minute, tzinfo=WINTER))


def test_what_is_opened_again_in_the_morning_stays_at_the_desk_all_day(house: House, settings: LazySettings) -> None:
    visit = left_open(house, settings)
    desk_actions.reopen_visit(actor=clerk(), visit=visit)
    morning(settings, 11)
    assert end_days_of(house) == 0
    morning(settings, 0, 15, day=10)
    assert end_days_of(house) == 1

    visit.refresh_from_db()
    assert (visit.status, visit.ended_at, Turn.objects.get().outcome) == (Status.DONE, CLOSES, TurnOutcome.LEFT_OPEN)
    assert each_day(house) == [(1, 0, 0), (0, 0, 0), (0, 0, 0)]


def finished_at_ten_past_two(house: House, settings: LazySettings) -> Visit:
    at(settings, 14)
    visit = ticket(house).ticket.journey.visits.get()
    desk_actions.call_visit(actor=clerk(), desk=factories.desk("tax-1"), visit=visit)
    at(settings, 14, 2)
    desk_actions.start_visit(actor=clerk(), visit=visit)
    at(settings, 14, 10)
    desk_actions.finish_visit(actor=clerk(), visit=visit, outcome="done")
    return visit


def test_an_ending_of_yesterday_stays_when_it_was(house: House, settings: LazySettings) -> None:
    visit = finished_at_ten_past_two(house, settings)
    before = figures(house)
    next_morning(settings)

    with pytest.raises(NotNow, match="This ended on an earlier day, so its ending stays"):
        desk_actions.reopen_visit(actor=clerk(), visit=visit)
    end_days()

    assert figures(house) == before
    add_note(actor=clerk(), visit=visit, text="A paper was missing after all.")


def test_an_ending_of_today_is_opened_again(house: House, settings: LazySettings) -> None:
    visit = finished_at_ten_past_two(house, settings)
    at(settings, 23, 59)
    assert desk_actions.reopen_visit(actor=clerk(), visit=visit).status == Status.SERVING


@pytest.mark.parametrize("told", ["job", "told", "finished"])
def test_nothing_is_learned_from_an_end_that_nobody_recorded(house: House, settings: LazySettings, told: str) -> None:
    at(settings, 10)
    visit = ticket(house).ticket.journey.visits.get()
    desk_actions.call_visit(actor=clerk(), desk=factories.desk("tax-1"), visit=visit)
    desk_actions.start_visit(actor=clerk(), visit=visit)
    next_morning(settings)
    if told != "finished":
        end_days()
    if told != "job":
        desk_actions.finish_visit(actor=clerk(), visit=visit, outcome="done")

    assert figures(house).total.service.count == 1, "it is a served turn in the figures"
    assert not _learned(house).ratios


def test_a_time_that_was_recorded_is_learned(house: House, settings: LazySettings) -> None:
    finished_at_ten_past_two(house, settings)
    [ratio] = _learned(house).ratios["tax-card"]
    assert ratio > 0
