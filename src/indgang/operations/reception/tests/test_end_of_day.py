"""Who is still in the house when it closes is not lost, and nothing stays open at a desk overnight."""

from __future__ import annotations

import datetime as dt

import pytest
from django.conf import LazySettings
from django.db.models import Min

from indgang.foundation.access.actors import Actor, staff
from indgang.foundation.identity.models import Role
from indgang.foundation.measures.declared import Scope
from indgang.foundation.places.models import House
from indgang.operations.reception.actions import desk as desk_actions
from indgang.operations.reception.actions import floor
from indgang.operations.reception.actions.end_of_day import end_days, end_days_of
from indgang.operations.reception.errors import NotNow
from indgang.operations.reception.measures import MEASURES, occupancy
from indgang.operations.reception.models import Turn, Visit
from indgang.operations.reception.models.journey import NOT_SERVED, Status
from indgang.operations.reception.models.turn import TurnOutcome
from indgang.operations.reception.queries.evidence import evidence_of
from indgang.operations.reception.queries.from_journal import differences, figures_from_journal
from indgang.operations.reception.queries.statistics import figures_of_house
from indgang.operations.reception.rules.figures import Figures
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.closing_hours import ticket, ticket_answer, ticket_page
from indgang.operations.reception.tests.figures_by_hand import figures_from_rows
from indgang.operations.reception.tests.newcomer_day import text_of
from indgang.operations.reception.tests.staff_day import DATE, at, at_instant, floorwalker, party, said
from indgang.operations.reception.tests.staff_day import clerk as browser_of

pytestmark = pytest.mark.django_db
DESK = "/desks/aalborg/tax-1/"
CLOSES = dt.datetime(2026, 12, 8, 14, tzinfo=dt.UTC)


def next_morning(settings: LazySettings) -> None:
    at_instant(settings, dt.datetime(2026, 12, 9, 9, 5, tzinfo=dt.timezone(dt.timedelta(hours=1))))


def clerk() -> Actor:
    return staff(factories.member(Role.CLERK, "skattestyrelsen"))


def called(house: House, settings: LazySettings) -> Visit:
    """Number 1, called to the tax desk at ten to three."""
    at(settings, 14, 50)
    ticket(house)
    visit = desk_actions.call_next(actor=clerk(), desk=factories.desk("tax-1"))
    assert visit
    return visit


def served(house: House, settings: LazySettings) -> Visit:
    """The same, who sat down at once, and nobody pressed Finish."""
    return desk_actions.start_visit(actor=clerk(), visit=called(house, settings))


def left_open(house: House, settings: LazySettings) -> Visit:
    """The same on the next morning, when the day has been ended."""
    visit = served(house, settings)
    next_morning(settings)
    end_days()
    return visit


def desk_page(of: str = "skattestyrelsen") -> str:
    return text_of(browser_of(of).get(DESK))


def figures(house: House) -> Figures:
    """Those of the two days, counted alike in all three ways."""
    scope = Scope(house, DATE, DATE + dt.timedelta(days=1))
    told = figures_from_journal(scope)
    assert differences(figures_of_house(scope), told) == {}
    assert differences(figures_from_rows(scope), told) == {}
    return told


def test_who_waited_until_the_house_closed_was_not_served(house: House, settings: LazySettings) -> None:
    at(settings, 14, 50)
    for number in range(10):
        ticket(house, "tax-card" if number < 7 else "mitid")
    at(settings, 15, 45)
    assert end_days_of(house) == 0, "desks may still work on"
    at(settings, 16, 1)

    assert end_days_of(house) == 10
    assert end_days_of(house) == 0

    assert set(Visit.objects.values_list("status", "outcome")) == {(Status.CANCELLED, NOT_SERVED)}
    assert set(Turn.objects.values_list("outcome", "ended_at")) == {(TurnOutcome.NOT_SERVED, CLOSES)}
    told = figures(house)
    assert (told.not_served, told.not_served_by_hour, told.not_served_by_day) == (10, {14: 10}, {DATE: 10})
    assert (told.not_served_by_service, told.total.steps, told.citizens) == ({"tax-card": 7, "mitid": 3}, 0, {})
    leader = staff(factories.member(Role.LEADER, "ihnd"))
    scope = Scope(house, DATE, DATE)
    assert [evidence_of(actor=leader, scope=scope, measure="not-served").total] == [10]
    assert evidence_of(actor=leader, scope=scope, part="unserved-hour", key="14").total == 10
    assert evidence_of(actor=leader, scope=scope, part="unserved-day", key="2026-12-09").total == 0
    assert [evidence_of(actor=leader, scope=scope, part="unserved-service", key=key).total for key in ("tax-card", "mitid")] == [7, 3]
    measure = next(one for one in MEASURES if one.key == "not-served")
    assert (measure.figure(scope), measure.evidence(scope).count()) == (10, 10)
    told_by = {"hour:14": 10, "service:mitid": 3, "service:tax-card": 7, "day:2026-12-08": 10}
    assert measure.split and measure.split(scope) == told_by
    text = text_of(floorwalker().get(f"/statistics/aalborg/?first={DATE}&last={DATE}"))
    assert "Service Not served Tax card 7 MitID 3" in text
    rows = floorwalker().get(f"/statistics/aalborg/file/csv/?first={DATE}&last={DATE}").content.decode()
    assert "unserved-service,tax-card,Tax card,Not served,7,,\r\nunserved-service,mitid,MitID,Not served,3,,\r\n" in rows


def test_a_day_on_which_the_worker_was_down_is_ended_with_its_own_times(house: House, settings: LazySettings) -> None:
    at(settings, 14, 50)
    ticket(house)
    next_morning(settings)
    ticket(house)

    end_days()

    assert list(Visit.objects.order_by("pk").values_list("status", flat=True)) == [Status.CANCELLED, Status.WAITING]
    assert Turn.objects.get().ended_at == CLOSES


def test_who_had_booked_and_came_is_no_no_show(house: House, walker: Actor, settings: LazySettings) -> None:
    journey = party(house)
    starts = journey.visits.aggregate(first=Min("appointment__period__startswith"))["first"]
    at_instant(settings, starts)
    floor.check_in_journey(actor=walker, journey=journey)
    at(settings, 16, 1)
    end_days()

    told = figures(house)

    assert (told.not_served, told.not_come.part, told.not_come.whole) == (journey.visits.count(), 0, 1)
    leader = staff(factories.member(Role.LEADER, "ihnd"))
    rows = evidence_of(actor=leader, scope=Scope(house, DATE, DATE), measure="no-shows")
    assert list(rows.counted.values()) == [(True,)]
    with pytest.raises(NotNow, match="The house closed before it was their turn"):
        floor.undo_cancel_step(actor=walker, visit=journey.visits.first())


def test_a_call_that_was_forgotten_does_not_keep_the_desk_in_the_morning(house: House, settings: LazySettings) -> None:
    called(house, settings)
    next_morning(settings)
    end_days()
    today = ticket(house)

    following = desk_actions.call_next(actor=clerk(), desk=factories.desk("tax-1"))

    assert following and following.journey == today.ticket.journey
    turn = Turn.objects.get()
    assert (turn.outcome, turn.desk, turn.ended_at) == (TurnOutcome.NOT_SERVED, factories.desk("tax-1"), CLOSES)
    assert figures(house).not_served == 1


def test_a_turn_that_was_left_open_ends_when_its_desk_closed(house: House, settings: LazySettings) -> None:
    visit = served(house, settings)
    at(settings, 23, 30)
    assert end_days_of(house) == 0, "only the night says that nobody sits there any more"
    next_morning(settings)

    end_days()

    visit.refresh_from_db()
    assert (visit.status, visit.outcome, visit.ended_at) == (Status.DONE, "done", CLOSES)
    assert Turn.objects.get().outcome == TurnOutcome.LEFT_OPEN
    told = figures(house)
    assert dt.timedelta(minutes=9, seconds=55) < told.total.service.total < dt.timedelta(minutes=10)
    share = occupancy(Scope(house, DATE, DATE))["tax-1"]
    assert (share.part, share.whole) == (9, 330)
    assert told.citizens == {"": 1}


def test_the_desk_says_in_the_morning_what_was_left_open_and_takes_its_outcome(house: House, settings: LazySettings) -> None:
    visit = left_open(house, settings)
    assert (
        "Number 1: Tax card was left open at this desk on Tuesday 8 December, and ended by itself at 15.00. "
        "Say how it ended. The time stays as it is." in desk_page()
    )

    browser_of("skattestyrelsen").post(f"{DESK}finish/{visit.pk}/?back=desk", {"outcome": "done"})

    assert "left open" not in desk_page()
    visit.refresh_from_db()
    assert (visit.ended_at, Turn.objects.get().outcome) == (CLOSES, TurnOutcome.DONE)
    assert figures(house).total.steps == 1


def test_what_was_left_open_can_have_ended_in_another_way(house: House, settings: LazySettings) -> None:
    visit = left_open(house, settings)
    browser = browser_of("skattestyrelsen")

    page = browser.post(f"{DESK}undo-finish/{visit.pk}/?back=desk", follow=True)
    assert said(page) == ["Say how “Tax card” ended."]
    assert "It ended at 15.00 that day, and that time stays." in text_of(page)
    assert "data-since" not in page.content.decode() and page.context["over"] == 0, "no minutes are counted for an earlier day"
    assert "left open" not in desk_page()
    missing = {"outcome": "documents-missing", "other": "Passport"}
    browser.post(f"{DESK}finish/{visit.pk}/?back=desk", missing)

    visit.refresh_from_db()
    assert (visit.outcome, visit.missing_other, visit.ended_at) == ("documents-missing", ["Passport"], CLOSES)
    assert figures(house).total.service.total < dt.timedelta(minutes=10)
    desk_actions.reopen_visit(actor=clerk(), visit=visit)
    visit.refresh_from_db()
    assert (visit.status, visit.missing_other) == (Status.SERVING, []), "the ending by itself had no documents"


def test_who_finishes_in_the_morning_before_the_day_was_ended_ends_it_at_closing_time(house: House, settings: LazySettings) -> None:
    visit = called(house, settings)
    next_morning(settings)

    desk_actions.finish_visit(actor=clerk(), visit=visit, outcome="done")

    visit.refresh_from_db()
    assert visit.ended_at == CLOSES
    assert figures(house).total.steps == 1


def test_nobody_is_told_of_last_week(house: House, settings: LazySettings) -> None:
    left_open(house, settings)
    at_instant(settings, dt.datetime(2026, 12, 10, 9, 5, tzinfo=dt.timezone(dt.timedelta(hours=1))))
    assert "left open" not in desk_page()


def test_the_desk_says_in_the_morning_whose_call_was_forgotten(house: House, settings: LazySettings) -> None:
    called(house, settings)
    next_morning(settings)
    end_days()
    assert (
        "Number 1 was called to this desk for Tax card on Tuesday 8 December, and nobody pressed Start. It ended as not served at 15.00."
        in desk_page()
    )


def test_a_desk_that_serves_longer_than_it_is_open_is_busy_all_the_time(house: House, settings: LazySettings) -> None:
    at(settings, 10)
    ticket(house)
    tax = clerk()
    visit = desk_actions.call_next(actor=tax, desk=factories.desk("tax-1"))
    assert visit
    at(settings, 23, 30)
    desk_actions.finish_visit(actor=tax, visit=visit, outcome="done")
    share = occupancy(Scope(house, DATE, DATE))["tax-1"]
    assert (share.part > 330, share.value) == (True, 1)


@pytest.mark.parametrize("ended", [True, False])
def test_a_ticket_that_was_not_served_says_so(house: House, settings: LazySettings, ended: bool) -> None:
    at(settings, 14, 50)
    taken = ticket(house)
    if ended:
        at(settings, 16, 1)
        end_days_of(house)
    else:
        next_morning(settings)

    page, answer = ticket_page(taken), ticket_answer(taken)

    assert "We closed before it was your turn. We are sorry. This number is not used again." in page
    assert (answer["status"], answer["not_served"], answer["wait"]) == ("ended", True, None)


def test_the_board_says_who_was_not_served(house: House, settings: LazySettings) -> None:
    at(settings, 14, 50)
    ticket(house)
    at(settings, 16, 1)
    end_days_of(house)
    page = text_of(floorwalker().get("/board/aalborg/"))
    assert "Not coming, or not served 14.50 Number 1 1 person English Not served" in page
