"""Of a party that came on an earlier day only its end can be told: nothing that is pressed this morning gets yesterday's times."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.conf import LazySettings

from indgang.foundation.measures.declared import Scope
from indgang.foundation.places.models import House
from indgang.operations.reception.actions import back_at_desk, line, sent_on, taken_now
from indgang.operations.reception.actions import desk as desk_actions
from indgang.operations.reception.actions.end_of_day import end_days, end_days_of
from indgang.operations.reception.actions.notes import add_note
from indgang.operations.reception.errors import NotNow
from indgang.operations.reception.measures import occupancy
from indgang.operations.reception.models import Turn, Visit
from indgang.operations.reception.models.journey import NOT_SERVED, Status
from indgang.operations.reception.models.turn import TurnOutcome
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.newcomer_day import text_of
from indgang.operations.reception.tests.staff_day import DATE, at, said
from indgang.operations.reception.tests.staff_day import clerk as browser_of
from indgang.operations.reception.tests.test_api import post, token
from indgang.operations.reception.tests.test_end_of_day import CLOSES, DESK, called, clerk, figures, left_open, next_morning
from indgang.operations.reception.tests.test_from_journal import clerk as clerk_of
from indgang.operations.reception.tests.visits_table import HEADER, apply

pytestmark = pytest.mark.django_db
HERE = "They were here on Tuesday 8 December"
SAY = f"{HERE}. Say how it ended; if they are here again, give them a new ticket."
OVER = f"{HERE}, and that day is over. If they are here again, give them a new ticket."
Deed = Callable[[Visit], object]


def sent_on_to_mitid(visit: Visit) -> object:
    return line.send_on(actor=clerk(), visit=visit, service=factories.service("mitid"))


AT_THE_DESK: dict[str, Deed] = {
    "start": lambda visit: desk_actions.start_visit(actor=clerk(), visit=visit),
    "undo start": lambda visit: desk_actions.undo_start(actor=clerk(), visit=visit),
    "call again": lambda visit: line.call_again(actor=clerk(), visit=visit),
    "call": lambda visit: desk_actions.call_visit(actor=clerk(), desk=factories.desk("tax-1"), visit=visit),
    "call next": lambda _visit: desk_actions.call_next(actor=clerk(), desk=factories.desk("tax-1")),
    "put back": lambda visit: desk_actions.put_back(actor=clerk(), visit=visit),
    "undo the call": lambda visit: desk_actions.put_back(actor=clerk(), visit=visit, undoing=True),
    "set aside": lambda visit: line.set_aside(actor=clerk(), visit=visit),
    "send on": sent_on_to_mitid,
    "take a room": lambda visit: taken_now.take_now(actor=clerk(), visit=visit, what=taken_now.ROOM),
}
IN_LINE: dict[str, Deed] = {
    "call": AT_THE_DESK["call"],
    "undo put back": lambda visit: back_at_desk.undo_put_back(actor=clerk(), visit=visit),
    "set aside": AT_THE_DESK["set aside"],
    "bring back": lambda visit: line.bring_back(actor=clerk(), visit=visit),
    "undo set aside": lambda visit: line.undo_set_aside(actor=clerk(), visit=visit),
    "undo bring back": lambda visit: line.undo_bring_back(actor=clerk(), visit=visit),
    "send on": sent_on_to_mitid,
}


def states() -> list[tuple[object, ...]]:
    return list(
        Visit.objects.order_by("pk").values_list("pk", "service__key", "status", "arrived_at", "called_at", "started_at", "ended_at")
    )


def refused(deed: Callable[[], object], said: str) -> None:
    """It is refused in those words, and nothing has changed."""
    before = states()
    with pytest.raises(NotNow) as told:
        deed()
    assert (str(told.value), states()) == (said, before)


@pytest.mark.parametrize("started", [False, True])
@pytest.mark.parametrize("deed", AT_THE_DESK.values(), ids=AT_THE_DESK.keys())
def test_whom_a_desk_has_since_yesterday_can_only_be_finished_with(house: House, settings: LazySettings, deed: Deed, started: bool) -> None:
    visit = called(house, settings)
    if started:
        desk_actions.start_visit(actor=clerk(), visit=visit)
    next_morning(settings)

    refused(lambda: deed(visit), SAY)

    desk_actions.finish_visit(actor=clerk(), visit=visit, outcome="done")
    assert (Turn.objects.get().ended_at, Turn.objects.get().end_known) == (CLOSES, False)
    assert figures(house).total.walking.total < dt.timedelta(minutes=1)


@pytest.mark.parametrize("deed", IN_LINE.values(), ids=IN_LINE.keys())
def test_who_waits_since_yesterday_needs_a_new_ticket(house: House, settings: LazySettings, deed: Deed) -> None:
    visit = called(house, settings)
    desk_actions.put_back(actor=clerk(), visit=visit)
    next_morning(settings)

    refused(lambda: deed(visit), OVER)

    assert desk_actions.call_next(actor=clerk(), desk=factories.desk("tax-1")) is None
    assert end_days_of(house) == 1


def test_sending_on_is_not_undone_on_a_later_day(house: House, settings: LazySettings) -> None:
    visit = called(house, settings)
    following = line.send_on(actor=clerk(), visit=visit, service=factories.service("mitid"))
    next_morning(settings)

    refused(lambda: sent_on.undo_send_on(actor=clerk(), visit=visit, following=following), OVER)


def test_what_is_opened_again_gets_no_hours_of_the_night(house: House, settings: LazySettings) -> None:
    visit = left_open(house, settings)
    desk_actions.reopen_visit(actor=clerk(), visit=visit)
    with pytest.raises(NotNow, match=HERE):
        sent_on_to_mitid(visit)
    desk_actions.finish_visit(actor=clerk(), visit=visit, outcome="refused", note="No contract.")

    today = DATE + dt.timedelta(days=1)
    assert occupancy(Scope(house, today, today))["tax-1"].part == 0
    assert [(turn.outcome, turn.ended_at) for turn in Turn.objects.all()] == [(TurnOutcome.REFUSED, CLOSES)]


@pytest.mark.parametrize("started", [False, True])
def test_the_desk_page_asks_for_the_end_and_offers_nothing_else(house: House, settings: LazySettings, started: bool) -> None:
    visit = called(house, settings)
    if started:
        desk_actions.start_visit(actor=clerk(), visit=visit)
    next_morning(settings)
    browser = browser_of("skattestyrelsen")

    page = browser.get(DESK)
    written = page.content.decode()
    assert SAY in text_of(page)
    offered = [word for word in ("start", "call-again", "set-aside", "put-back", "send-on", "finish") if f"/{word}/{visit.pk}/" in written]
    assert offered == ["finish"]

    assert SAY in said(browser.post(f"{DESK}put-back/{visit.pk}/?back=desk", follow=True))
    browser.post(f"{DESK}finish/{visit.pk}/?back=desk", {"outcome": "done"})
    visit.refresh_from_db()
    assert (visit.status, visit.ended_at) == (Status.DONE, CLOSES)


def test_a_program_is_answered_alike(house: House, settings: LazySettings) -> None:
    visit = called(house, settings)
    next_morning(settings)
    key = token("clerk", "skattestyrelsen")
    answers = [post(path, {}, **key) for path in (f"visits/{visit.pk}/start", "desks/tax-1/next")]
    assert [(answer.status_code, answer.json()["detail"]) for answer in answers] == [(409, SAY)] * 2
    assert post(f"visits/{visit.pk}/finish", {"outcome": "done"}, **key).status_code == 200


def test_a_note_of_this_morning_keeps_no_turn_open(house: House, settings: LazySettings) -> None:
    visit = called(house, settings)
    next_morning(settings)
    add_note(actor=clerk(), visit=visit, text="They were here yesterday.")
    assert end_days_of(house) == 1
    visit.refresh_from_db()
    assert visit.outcome == NOT_SERVED


def imported(settings: LazySettings) -> Visit:
    at(settings, 14)
    apply(HEADER + "J1,aalborg,siri-residence,851,POL,2,2026-12-08 13:50,,,\n")
    return Visit.objects.get()


def test_what_only_a_table_told_is_left_to_the_table(house: House, settings: LazySettings) -> None:
    imported(settings)
    next_morning(settings)
    assert end_days_of(house) == 0


@pytest.mark.parametrize("started", [False, True])
def test_a_step_of_a_table_that_a_desk_has_called_ends_like_others(house: House, settings: LazySettings, started: bool) -> None:
    visit = imported(settings)
    siri = clerk_of("siri")
    desk_actions.call_visit(actor=siri, desk=factories.desk("siri-1"), visit=visit)
    if started:
        desk_actions.start_visit(actor=siri, visit=visit)
    next_morning(settings)

    end_days()

    assert Turn.objects.get().outcome == (TurnOutcome.LEFT_OPEN if started else TurnOutcome.NOT_SERVED)
    assert figures(house).not_served == (0 if started else 1)


def test_a_step_made_here_in_the_journey_of_a_table_ends_like_others(house: House, settings: LazySettings) -> None:
    following = line.send_on(actor=clerk_of("siri"), visit=imported(settings), service=factories.service("tax-card"))
    next_morning(settings)

    assert end_days_of(house) == 1
    assert end_days_of(house) == 0

    following.refresh_from_db()
    assert (following.outcome, figures(house).not_served) == (NOT_SERVED, 1)
