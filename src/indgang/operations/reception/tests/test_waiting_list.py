"""The waiting list: who is offered a place that became free, for how long, and what becomes of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.conf import LazySettings
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from indgang.foundation.access.actors import ANONYMOUS, citizen, staff
from indgang.foundation.database import clock
from indgang.foundation.identity.models import Role
from indgang.foundation.jobs.work import run_due_jobs
from indgang.foundation.mail.models import Letter
from indgang.foundation.places.models import House
from indgang.operations.reception.actions import floor
from indgang.operations.reception.actions import waiting as actions
from indgang.operations.reception.actions.changes import cancel_journey, move_journey
from indgang.operations.reception.actions.freed import note_freed
from indgang.operations.reception.actions.holds import hold_offer, release_expired_holds, release_hold
from indgang.operations.reception.actions.serving import Look, look_again, look_at_everything, serve_house
from indgang.operations.reception.errors import InvalidRequest, NotNow
from indgang.operations.reception.models import Closure, FreedPlaces, Hold, Hours, Journey, WaitingOffer
from indgang.operations.reception.queries.plans import plan_journey
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.staff_day import at, at_instant
from indgang.operations.reception.tests.waiting_day import (
    DAY,
    asked,
    booked,
    house_open,
    later,
    letters_to,
    offered_to,
    open_offers,
    taken_places,
    waits,
    wish,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _morning(settings: LazySettings) -> None:
    at(settings, 8)


def freed_by_cancelling(journey: Journey) -> None:
    cancel_journey(actor=citizen(journey.reference), journey=journey)
    run_due_jobs()


def test_a_cancelled_place_is_offered_to_who_confirmed_first() -> None:
    house = house_open(15)
    journey = booked(house)
    asked(wish(house))  # never confirmed: does not count
    second_to_ask, first_to_ask = asked(wish(house)), asked(wish(house))
    actions.confirm_entry(entry=first_to_ask)
    actions.confirm_entry(entry=second_to_ask)
    run_due_jobs()
    assert offered_to() == []
    freed_by_cancelling(journey)
    assert offered_to() == [first_to_ask]
    [offer] = open_offers()
    assert offer.until == offer.made_at + dt.timedelta(minutes=10)
    [letter] = letters_to(first_to_ask, "offer")
    assert (letter.not_after, letters_to(second_to_ask, "offer")) == (offer.until, [])
    assert FreedPlaces.objects.count() == 0


def test_nobody_else_can_take_what_is_held() -> None:
    house = house_open(15)
    entry = waits(wish(house))
    run_due_jobs()
    assert offered_to() == [entry]
    assert plan_journey(wish(house)).itineraries == ()


def test_accepting_books_the_whole_journey_once_and_ends_the_wait() -> None:
    house = house_open(90)
    entry = waits(wish(house, stay=24), name="Anna Nowak", email="anna@example.org")
    run_due_jobs()
    [offer] = open_offers()
    booking = actions.accept_offer(offer=offer)
    entry.refresh_from_db()
    assert (entry.ended, entry.journey) == ("booked", booking.journey)
    services = {visit.service.key for visit in booking.journey.visits.all()}
    assert services == {"siri-residence", "cpr-registration", "tax-card", "mitid"}
    booking.journey.refresh_from_db()
    assert booking.journey.email_confirmed_at is not None
    assert Hold.objects.count() == 0
    with pytest.raises(NotNow):
        actions.accept_offer(offer=offer)
    assert Journey.objects.count() == 1
    confirmation = Letter.objects.get(key__startswith="booked:")
    assert "nobody enters it within 24 hours" not in confirmation.text


def test_ten_minutes_unanswered_and_it_goes_to_the_next(settings: LazySettings) -> None:
    house = house_open(15)
    first, second = waits(wish(house)), waits(wish(house))
    run_due_jobs()
    [offer] = open_offers()
    later(settings, 9.9)
    look_again()
    assert offered_to() == [first]
    later(settings, 0.2)
    look_again()
    assert offered_to() == [second]
    with pytest.raises(NotNow):
        actions.accept_offer(offer=offer)
    first.refresh_from_db()
    assert (first.unanswered, first.ended_at) == (1, None)


def test_the_passing_on_is_a_job_for_that_very_moment() -> None:
    waits(wish(house_open(15)))
    run_due_jobs()
    [offer] = open_offers()
    job = ProcrastinateJob.objects.get(status="todo", task_name__endswith="serve_later")
    assert job.scheduled_at is not None
    assert abs((job.scheduled_at - timezone.now()) - (offer.until - clock.now())) < dt.timedelta(seconds=1)


def test_declining_passes_it_on_at_once_and_the_same_time_is_not_offered_again() -> None:
    house = house_open(15)
    first, second = waits(wish(house, last=DAY + dt.timedelta(days=7))), waits(wish(house))
    run_due_jobs()
    actions.decline_offer(offer=open_offers()[0])
    run_due_jobs()
    offers = {offer.entry: offer.starts.date() for offer in open_offers()}
    assert offers == {first: DAY + dt.timedelta(days=7), second: DAY}


def test_who_declines_the_only_time_is_not_asked_for_ever(settings: LazySettings) -> None:
    entry = waits(wish(house_open(15)))
    run_due_jobs()
    actions.decline_offer(offer=open_offers()[0])
    for _minute in range(3):
        later(settings, 1)
        look_at_everything()
    assert (open_offers(), len(letters_to(entry, "offer"))) == ([], 1)


def test_after_three_unanswered_offers_nothing_more_until_they_say_that_they_still_wait(settings: LazySettings) -> None:
    house = house_open(15)
    Hours.objects.update(closes=dt.time(12))
    entry = waits(wish(house))
    run_due_jobs()
    for _offer in range(3):
        later(settings, 10.1)
        look_again()
    entry.refresh_from_db()
    assert (entry.unanswered, open_offers(), len(letters_to(entry, "resting"))) == (3, [], 1)
    actions.still_wait(entry=entry)
    run_due_jobs()
    assert offered_to() == [entry]
    starts = [offer.starts for offer in WaitingOffer.objects.order_by("made_at")]
    assert len(set(starts)) == 4


def test_a_family_is_offered_only_what_holds_them_all_and_is_not_passed_over_for_being_many() -> None:
    house = house_open(25)
    journey = booked(house, adults=2)
    family, alone = waits(wish(house, adults=2)), waits(wish(house))
    freed_by_cancelling(journey)
    assert offered_to() == [family]  # first in line; the rest of the time is too short for the other
    actions.decline_offer(offer=open_offers()[0])
    run_due_jobs()
    assert offered_to() == [alone]
    journey = actions.accept_offer(offer=open_offers()[0]).journey
    assert journey.people == 1


def test_a_family_books_everybody_by_name() -> None:
    house = house_open(25)
    waits(wish(house, adults=2), name="Anna Nowak")
    run_due_jobs()
    journey = actions.accept_offer(offer=open_offers()[0]).journey
    assert [row.person.name for row in journey.travellers.all()] == ["Anna Nowak", "Anna Nowak Companion B"]


def test_a_place_too_short_for_the_first_goes_to_the_next_whom_it_fits() -> None:
    house = house_open(15)
    journey = booked(house)
    waits(wish(house, adults=2))
    alone = waits(wish(house))
    freed_by_cancelling(journey)
    assert offered_to() == [alone]


def test_half_a_journey_is_never_offered() -> None:
    house = house_open(90)
    journey = factories.book(house, on=DAY, days=0, stay_months=24).journey
    Closure.objects.create(house=house, desk=factories.desk("siri-1"), first_day=DAY, last_day=DAY)
    Closure.objects.create(house=house, desk=factories.desk("siri-2"), first_day=DAY, last_day=DAY)
    waits(wish(house, stay=24))
    freed_by_cancelling(journey)
    assert (open_offers(), taken_places()) == ([], 0)


def moved(house: House) -> None:
    journey = booked(house)
    later_day = factories.plan(house, on=DAY + dt.timedelta(days=7), days=0, stay_months=2, moving=journey.id).itineraries[0]
    waits(wish(house))
    move_journey(actor=citizen(journey.reference), journey=journey, offer=later_day.offer)


def step_cancelled(house: House) -> None:
    journey = booked(house)
    waits(wish(house))
    floor.cancel_step(actor=staff(factories.member(Role.FLOORWALKER, "ihnd")), visit=journey.visits.get())


def hold_released(house: House) -> None:
    hold_offer(client="somebody", offer=plan_journey(wish(house)).itineraries[0].offer)
    waits(wish(house))
    run_due_jobs()
    assert open_offers() == []
    release_hold(client="somebody")


def hours_extended(house: House) -> None:
    booked(house)
    waits(wish(house))
    run_due_jobs()
    Hours.objects.update(closes=dt.time(9, 30))
    note_freed(house)


@pytest.mark.parametrize("freeing", [moved, step_cancelled, hold_released, hours_extended])
def test_every_way_to_free_a_place_offers_it(freeing: Callable[[House], None]) -> None:
    freeing(house_open(15))
    run_due_jobs()
    assert len(open_offers()) == 1


def test_the_place_of_somebody_who_did_not_come_is_offered_to_who_can_still_come(settings: LazySettings) -> None:
    house = house_open(15)
    journey = booked(house)
    waits(wish(house))
    at_instant(settings, dt.datetime(2026, 12, 15, 8, 11, tzinfo=dt.UTC))
    floor.mark_no_show(actor=staff(factories.member(Role.FLOORWALKER, "ihnd")), journey=journey)
    run_due_jobs()
    assert open_offers() == []  # its time has begun: nobody could be there
    assert FreedPlaces.objects.count() == 0
    Hours.objects.update(closes=dt.time(11))
    note_freed(house)
    run_due_jobs()
    [offer] = open_offers()
    assert offer.starts >= clock.now() + dt.timedelta(minutes=59)


def test_a_hold_that_ran_out_is_offered(settings: LazySettings) -> None:
    house = house_open(15)
    hold_offer(client="somebody", offer=plan_journey(wish(house)).itineraries[0].offer)
    waits(wish(house))
    run_due_jobs()
    assert open_offers() == []
    later(settings, 10.1)
    release_expired_holds()
    run_due_jobs()
    assert len(open_offers()) == 1


def test_a_lost_job_is_made_up_for_by_the_look_every_minute() -> None:
    house = house_open(15)
    journey = booked(house)
    entry = waits(wish(house))
    run_due_jobs()
    cancel_journey(actor=citizen(journey.reference), journey=journey)
    ProcrastinateJob.objects.filter(status="todo").delete()  # as when the worker was killed in the middle of it
    assert run_due_jobs() == 0
    look_again()
    assert offered_to() == [entry]


def test_serving_twice_offers_once() -> None:
    house = house_open(15)
    entry = waits(wish(house))
    assert [serve_house(house), serve_house(house)] == [1, 0]
    assert len(letters_to(entry, "offer")) == 1


def test_leaving_gives_the_held_place_to_the_next() -> None:
    house = house_open(15)
    first, second = waits(wish(house)), waits(wish(house))
    run_due_jobs()
    [offer] = open_offers()
    actions.leave_waiting_list(actor=ANONYMOUS, entry=first)
    run_due_jobs()
    assert offered_to() == [second]
    with pytest.raises(NotNow):
        actions.accept_offer(offer=offer)


def test_other_days_keep_the_place_in_line_and_are_looked_at_at_once() -> None:
    house = house_open(15)
    booked(house)
    entry = waits(wish(house))
    confirmed = entry.confirmed_at
    actions.change_days(entry=entry, earliest=DAY, latest=DAY + dt.timedelta(days=7))
    run_due_jobs()
    entry.refresh_from_db()
    assert (offered_to(), entry.confirmed_at) == ([entry], confirmed)
    with pytest.raises(InvalidRequest):
        actions.change_days(entry=entry, earliest=DAY, latest=DAY - dt.timedelta(days=1))


def test_a_place_the_house_closed_meanwhile_is_not_booked_and_the_wait_goes_on() -> None:
    house = house_open(15)
    entry = waits(wish(house))
    run_due_jobs()
    Closure.objects.create(house=house, first_day=DAY, last_day=DAY)
    with pytest.raises(NotNow):
        actions.accept_offer(offer=open_offers()[0])
    entry.refresh_from_db()
    assert (entry.ended_at, open_offers(), taken_places(), Journey.objects.count()) == (None, [], 0, 0)


def test_a_place_freed_during_a_look_is_not_given_to_somebody_further_down() -> None:
    """Somebody was passed over when nothing fitted; whoever would be offered the place next waits for the look that begins at the top."""
    house = house_open(15)
    journey = booked(house)
    first, second = waits(wish(house)), waits(wish(house, stay=1))
    look = Look(house)
    assert look.offer_something(first) is False
    cancel_journey(actor=citizen(journey.reference), journey=journey)
    assert look.offer_something(second) is None
    assert open_offers() == []
    run_due_jobs()
    assert offered_to() == [first]
