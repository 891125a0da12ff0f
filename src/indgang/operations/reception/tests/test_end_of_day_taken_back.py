"""What is taken back around the end of a day: nobody counts twice for it, nobody served is lost, and no page says what did not happen."""

from __future__ import annotations

import datetime as dt

import pytest
from django.conf import LazySettings
from django.db.models import Max

from indgang.foundation.access.actors import Actor, NotAllowed
from indgang.foundation.database import clock
from indgang.foundation.measures.declared import Scope
from indgang.foundation.places.models import House
from indgang.foundation.privacy.retention import carry_out
from indgang.operations.reception.actions import desk as desk_actions
from indgang.operations.reception.actions import floor
from indgang.operations.reception.actions.came import tell_whether_they_came
from indgang.operations.reception.actions.end_of_day import end_days, end_days_of
from indgang.operations.reception.errors import NotNow
from indgang.operations.reception.models import Journey, KnownAgain, Turn, Visit
from indgang.operations.reception.models.journey import Status
from indgang.operations.reception.queries.undoing import waited_in_vain
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.closing_hours import ticket
from indgang.operations.reception.tests.newcomer_day import text_of
from indgang.operations.reception.tests.staff_day import DATE, at, at_instant, floorwalker, party, said
from indgang.operations.reception.tests.staff_day import clerk as browser_of
from indgang.operations.reception.tests.test_end_of_day import CLOSES, DESK, clerk, figures, next_morning
from indgang.operations.reception.tests.test_from_journal import clerk as clerk_of
from indgang.operations.reception.tests.test_from_journal import minute, same, step
from indgang.operations.reception.tests.test_persons import books, comes
from indgang.operations.reception.views.staff_rows import party_name

pytestmark = pytest.mark.django_db
OVER = "The house closed before it was their turn. Book a new time for this step."
WINTER = dt.timezone(dt.timedelta(hours=1))


@pytest.mark.parametrize("along", [(), ("Ola Nowak",)])
def test_how_it_ended_can_be_told_anew_and_they_are_one_party_still(
    house: House, settings: LazySettings, tmp_path: object, along: tuple[str, ...]
) -> None:
    settings.HOME = tmp_path
    comes(house, settings, 0, along=along)
    visit = step(books(house, settings, 90, along=along), "siri-residence")
    minute(settings, 91)
    desk_actions.call_visit(actor=clerk_of("siri"), desk=factories.desk("siri-1"), visit=visit)
    desk_actions.start_visit(actor=clerk_of("siri"), visit=visit)
    at_instant(settings, dt.datetime(2026, 12, 9, 0, 1, tzinfo=WINTER))
    end_days()
    assert same(house).citizens == {"851": 1 + len(along)}
    at_instant(settings, dt.datetime(2026, 12, 9, 3, 30, tzinfo=WINTER))
    carry_out()
    assert not KnownAgain.objects.exists()

    next_morning(settings)
    browser = browser_of("siri")
    browser.post(f"/desks/aalborg/siri-1/undo-finish/{visit.pk}/?back=desk")
    assert same(house).citizens == {"851": 1 + len(along)}
    browser.post(f"/desks/aalborg/siri-1/finish/{visit.pk}/?back=desk", {"outcome": "documents-missing", "missing": ["passport"]})

    visit.refresh_from_db()
    assert visit.outcome == "documents-missing"
    assert same(house).citizens == {"851": 1 + len(along)}


def called_at_the_tax_desk(house: House, settings: LazySettings, hour: int, minutes: int) -> Visit:
    """Number 1, called there at that moment, and nobody presses Start."""
    at(settings, hour, minutes)
    visit = ticket(house).ticket.journey.visits.get()
    return desk_actions.call_visit(actor=clerk(), desk=factories.desk("tax-1"), visit=visit)


def finish(visit: Visit, outcome: str = "done") -> str:
    """What the desk's page says to whoever presses Finish."""
    words = {"outcome": outcome} if outcome == "done" else {"outcome": outcome, "other": "Passport"}
    return " ".join(said(browser_of("skattestyrelsen").post(f"{DESK}finish/{visit.pk}/?back=desk", words, follow=True)))


def test_nothing_is_ended_under_the_hands_of_a_clerk_who_does_not_press_start(house: House, settings: LazySettings) -> None:
    visit = called_at_the_tax_desk(house, settings, 14, 55)
    ticket(house)
    at(settings, 16)
    assert end_days_of(house) == 0
    at(settings, 16, 2)

    assert finish(visit) == "Number 1, 1 person: Tax card has ended. Outcome: Done."

    told = figures(house)
    assert (told.citizens, told.not_served) == ({"": 1}, 0)
    at(settings, 17, 1)
    assert end_days_of(house) == 0
    at(settings, 17, 3)
    assert end_days_of(house) == 1, "the second waited in vain"


def test_an_ending_that_is_undone_after_closing_is_not_taken_for_not_served(house: House, settings: LazySettings) -> None:
    visit = called_at_the_tax_desk(house, settings, 14, 0)
    finish(visit)
    at(settings, 16, 14)
    browser_of("skattestyrelsen").post(f"{DESK}undo-finish/{visit.pk}/?back=desk")
    at(settings, 16, 15)
    assert end_days_of(house) == 0
    at(settings, 16, 16)

    assert finish(visit, "documents-missing") == "Number 1, 1 person: Tax card has ended. Outcome: Documents missing."

    assert (figures(house).citizens, figures(house).not_served) == ({"": 1}, 0)


def test_late_in_the_evening_an_undoing_is_work_too(house: House, settings: LazySettings) -> None:
    visit = called_at_the_tax_desk(house, settings, 14, 0)
    finish(visit)
    at(settings, 19, 30)
    desk_actions.reopen_visit(actor=clerk(), visit=visit)
    at(settings, 20, 29)
    assert end_days_of(house) == 0
    at(settings, 20, 31)
    assert end_days_of(house) == 1
    assert figures(house).not_served == 1


@pytest.mark.parametrize("in_the_morning", [False, True])
@pytest.mark.parametrize("outcome", ["done", "documents-missing"])
def test_whom_a_desk_had_called_can_have_been_served(house: House, settings: LazySettings, in_the_morning: bool, outcome: str) -> None:
    visit = called_at_the_tax_desk(house, settings, 14, 55)
    whose = visit.clerk
    at(settings, 19, 1)
    assert end_days_of(house) == 1
    assert (figures(house).citizens, figures(house).not_served) == ({}, 1)
    if in_the_morning:
        next_morning(settings)
    browser = browser_of("skattestyrelsen")
    page = browser.get(DESK)
    assert "nobody pressed Start. It ended as not served at 15.00. If they were served, say how it ended." in text_of(page)
    assert f"{DESK}finish/{visit.pk}/" in page.content.decode()

    if outcome != "done":
        browser.post(f"{DESK}undo-finish/{visit.pk}/?back=desk")
        assert figures(house).not_served == 0
    finish(visit, outcome)

    visit.refresh_from_db()
    turn = Turn.objects.get()
    assert (visit.status, visit.outcome, visit.desk, visit.clerk) == ("done", outcome, factories.desk("tax-1"), whose)
    assert (turn.outcome, turn.end_known, turn.called_at) == (outcome, not in_the_morning, visit.called_at)
    assert turn.ended_at == CLOSES if in_the_morning else turn.ended_at and turn.ended_at > CLOSES + dt.timedelta(hours=4)
    told = figures(house)
    assert (told.citizens, told.not_served, told.total.steps) == ({"": 1}, 0, 1)
    assert "It ended as not served" not in text_of(browser.get(DESK))


def test_what_was_said_of_them_can_be_undone_and_forgotten_and_said_again(house: House, settings: LazySettings) -> None:
    visit = called_at_the_tax_desk(house, settings, 14, 55)
    next_morning(settings)
    end_days_of(house)
    finish(visit)
    desk_actions.reopen_visit(actor=clerk(), visit=visit)
    assert (figures(house).citizens, figures(house).not_served) == ({}, 0)
    assert end_days_of(house) == 0, "it stays at the desk for this day"
    at_instant(settings, dt.datetime(2026, 12, 10, 0, 15, tzinfo=WINTER))
    assert end_days_of(house) == 1
    assert (figures(house).citizens, figures(house).not_served) == ({}, 1)

    finish(visit)

    assert (figures(house).citizens, figures(house).not_served) == ({"": 1}, 0)


def test_whom_no_desk_had_called_was_not_served(house: House, settings: LazySettings) -> None:
    at(settings, 14, 50)
    visit = ticket(house).ticket.journey.visits.get()
    at(settings, 16, 1)
    end_days_of(house)

    assert OVER in finish(visit)

    assert figures(house).not_served == 1


def test_a_desk_that_has_somebody_else_by_now_says_it_all_the_same(house: House, settings: LazySettings) -> None:
    visit = called_at_the_tax_desk(house, settings, 14, 55)
    next_morning(settings)
    end_days_of(house)
    ticket(house)
    following = desk_actions.call_next(actor=clerk(), desk=factories.desk("tax-1"))
    assert following

    with pytest.raises(NotNow, match="the desk or the party is busy"):
        desk_actions.reopen_visit(actor=clerk(), visit=visit)
    assert figures(house).not_served == 1
    desk_actions.finish_visit(actor=clerk(), visit=visit, outcome="done")

    following.refresh_from_db()
    assert (following.status, figures(house).citizens, figures(house).not_served) == (Status.CALLED, {"": 1}, 0)
    with pytest.raises(NotAllowed):
        desk_actions.finish_visit(actor=clerk_of("siri"), visit=visit, outcome="refused", note="No.")


@pytest.mark.parametrize("aside", [False, True])
def test_a_page_from_before_the_end_says_what_has_happened(house: House, settings: LazySettings, aside: bool) -> None:
    at(settings, 14)
    visit = ticket(house).ticket.journey.visits.get()
    walks = floorwalker()
    if aside:
        walks.post(f"/line/{visit.pk}/aside/?back=board", follow=True)
    at(settings, 16, 5)
    end_days_of(house)
    visit.refresh_from_db()
    before = Visit.objects.filter(pk=visit.pk).values().get()

    pressed = [f"/line/{visit.pk}/{word}/?back=board" for word in ("back", "aside", "undo-aside")]
    for address in [*pressed, f"/journeys/{visit.journey.reference}/steps/{visit.pk}/cancel/"]:
        assert said(walks.post(address, follow=True)) == [OVER]

    assert Visit.objects.filter(pk=visit.pk).values().get() == before


def checked_in_by_mistake(house: House, walker: Actor, settings: LazySettings) -> Journey:
    """A booked family that is checked in at nine in the place of another, and has ended as not served when somebody notices."""
    journey = party(house)
    at(settings, 9)
    floor.check_in_journey(actor=walker, journey=journey)
    at(settings, 16, 5)
    assert end_days_of(house) == journey.visits.count()
    assert figures(house).not_served == journey.visits.count()
    return journey


def undone(journey: Journey) -> list[str]:
    """What the visit's own page says to whoever presses its button."""
    browser, address = floorwalker(), f"/journeys/{journey.reference}/"
    assert f"{address}undo-check-in/" in browser.get(address).content.decode()
    said_there = said(browser.post(f"{address}undo-check-in/?back=journey", follow=True))
    return [text.replace(party_name(journey), "Ana") for text in said_there]


def test_a_check_in_by_mistake_is_taken_back_in_the_evening(house: House, walker: Actor, settings: LazySettings) -> None:
    journey = checked_in_by_mistake(house, walker, settings)

    assert undone(journey) == ["Undone: Ana, 1 person is expected again."]

    assert set(journey.visits.values_list("status", "outcome", "arrived_at")) == {(Status.PLANNED, "", None)}
    assert figures(house).not_served == 0
    floor.undo_check_in(actor=walker, journey=journey)
    floor.mark_no_show(actor=walker, journey=journey)
    told = figures(house)
    assert (told.not_come.part, told.not_come.whole, told.not_served) == (1, 1, 0)


def test_a_check_in_by_mistake_is_taken_back_the_next_morning(house: House, walker: Actor, settings: LazySettings) -> None:
    journey = checked_in_by_mistake(house, walker, settings)
    next_morning(settings)

    assert undone(journey) == ["Undone: Ana, 1 person was not checked in. Say on the visit whether they came that day."]

    told = figures(house)
    assert (told.not_served, told.not_known, told.not_come.whole) == (0, 1, 0)
    assert "Nobody noted whether they came on Tuesday 8 December" in text_of(floorwalker().get(f"/journeys/{journey.reference}/"))
    tell_whether_they_came(actor=walker, journey=journey, day=DATE, came=False)
    told = figures(house)
    assert (told.not_served, told.not_known, told.not_come.part) == (0, 0, 1)


def test_who_had_been_noted_as_missing_is_missed_again_on_that_day(house: House, walker: Actor, settings: LazySettings) -> None:
    journey = party(house)
    starts = journey.visits.aggregate(last=Max("appointment__period__startswith"))["last"]
    at_instant(settings, starts + dt.timedelta(minutes=30))
    floor.mark_no_show(actor=walker, journey=journey)
    missed = figures(house).not_come
    floor.check_in_journey(actor=walker, journey=journey)
    next_morning(settings)
    end_days_of(house)

    assert undone(journey) == ["Undone: Ana, 1 person did not come, as it was noted before."]

    assert (figures(house).not_come, figures(house).not_served) == (missed, 0)
    assert same(house, Scope(house, DATE, DATE)).not_come == missed


def test_a_check_in_stands_where_a_desk_had_them_or_it_was_long_ago(house: House, walker: Actor, settings: LazySettings) -> None:
    journey = party(house)
    at(settings, 9)
    floor.check_in_journey(actor=walker, journey=journey)
    first = journey.visits.order_by("position").first()
    assert first
    siri = clerk_of("siri")
    desk_actions.call_visit(actor=siri, desk=factories.desk("siri-1"), visit=first)
    desk_actions.finish_visit(actor=siri, visit=first, outcome="done")
    at(settings, 16, 5)
    end_days_of(house)
    with pytest.raises(NotNow, match="This party has been at a desk"):
        floor.undo_check_in(actor=walker, journey=journey)
    browser, address = floorwalker(), f"/journeys/{journey.reference}/"
    assert "undo-check-in" not in browser.get(address).content.decode()

    at(settings, 14)
    other = ticket(house).ticket.journey
    at(settings, 16, 5)
    end_days_of(house)
    with pytest.raises(NotNow, match="All steps of this visit have ended"):
        floor.undo_check_in(actor=walker, journey=other)


def test_of_a_week_ago_nothing_is_taken_back(house: House, walker: Actor, settings: LazySettings) -> None:
    journey = checked_in_by_mistake(house, walker, settings)
    at_instant(settings, dt.datetime(2026, 12, 15, 9, 5, tzinfo=WINTER))
    with pytest.raises(NotNow, match="All steps of this visit have ended"):
        floor.undo_check_in(actor=walker, journey=journey)
    assert figures(house).not_served == journey.visits.count()


def test_who_is_checked_in_today_for_another_step_waited_in_vain_yesterday_all_the_same(
    house: House, walker: Actor, settings: LazySettings
) -> None:
    journey = party(house, services=("siri-residence", "tax-card"))
    later = journey.visits.get(service__key="tax-card")
    floor.cancel_step(actor=walker, visit=later)
    at(settings, 9)
    floor.check_in_journey(actor=walker, journey=journey)
    at(settings, 16, 5)
    assert end_days_of(house) == 1
    next_morning(settings)
    later.refresh_from_db()
    later.status, later.arrived_at = Status.WAITING, clock.now()
    later.save()

    assert waited_in_vain(journey) == []
