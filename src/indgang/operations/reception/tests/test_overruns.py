"""The day goes otherwise than planned: the rest of a journey is moved as one, or it stays as it was."""

from __future__ import annotations

import datetime as dt

import pytest
from django.conf import LazySettings
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from indgang.foundation.access.actors import staff
from indgang.foundation.identity.models import Role
from indgang.foundation.mail.models import Letter
from indgang.operations.reception.actions import floor
from indgang.operations.reception.actions.changes import appointments_ahead
from indgang.operations.reception.actions.desk import call_next, finish_visit, start_visit
from indgang.operations.reception.models import Appointment, Closure, Desk, Journey
from indgang.operations.reception.models.journey import Status
from indgang.operations.reception.offers import read_offer
from indgang.operations.reception.queries.delays import delays_in
from indgang.operations.reception.queries.journeys import with_steps
from indgang.operations.reception.queries.overruns import cannot_be_reached
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.newcomer_day import text_of as text
from indgang.operations.reception.tests.staff_day import DATE, at, floorwalker, logged_in, move_the_rest, party, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def journey(settings: LazySettings) -> Journey:
    """A party at SIRI since 9.00, its other steps booked after that."""
    at(settings, 8, 50)
    found = party(factories.small_house(), email="ada@example.org")
    walker = staff(factories.member(Role.FLOORWALKER, "ihnd"))
    floor.check_in_journey(actor=walker, journey=found)
    at(settings, 9, 0)
    desk = found.visits.get(service__key="siri-residence").appointment.desk
    call_next(actor=staff(factories.member(Role.CLERK, "siri")), desk=desk)
    return found


def ahead(journey: Journey) -> list[tuple[str, str]]:
    zone = journey.house.zone
    return [(a.visit.service.key, f"{a.starts.astimezone(zone):%d %H.%M}") for a in appointments_ahead(journey) if a.visit]


def read(journey: Journey) -> Journey:
    return with_steps(Journey.objects.filter(pk=journey.pk)).get()


def test_a_step_that_overruns_says_which_one_is_missed_and_the_rest_moves_as_one(journey: Journey, settings: LazySettings) -> None:
    before = ahead(journey)
    assert cannot_be_reached(read(journey)) is None
    at(settings, 9, 50)
    assert cannot_be_reached(read(journey)).service.key == before[0][0]
    page = floorwalker()
    shown = page.get(f"/journeys/{journey.reference}/move-the-rest/")
    assert ahead(journey) == before, "looking at new times changes nothing"
    first = shown.context["proposals"][0]
    assert [old.visit.service.key for old, _new in first.steps] == [new.service.key for _old, new in first.steps]
    assert "Register your address (CPR) Booked now: 9.20-9.40, Desk 3 New: " in text(shown)
    assert "Booked now: Tuesday 8 December, 9.20-10.10" in text(shown)
    answer = page.post(f"/journeys/{journey.reference}/move-the-rest/", {"offer": first.itinerary.offer}, follow=True)
    after = ahead(journey)
    assert [service for service, _ in after] == [service for service, _ in before]
    assert all(new > "08 09.50" for _, new in after), "never in the past"
    assert said(answer)[0].startswith("Moved the rest of the visit: ")
    assert {visit.status for visit in journey.visits.all()} == {Status.CALLED, Status.WAITING}, "they are still here"
    assert Letter.objects.filter(to="ada@example.org").count() == 2
    assert cannot_be_reached(read(journey)) is None


def test_when_today_is_full_the_rest_goes_to_another_day_together(journey: Journey, settings: LazySettings) -> None:
    at(settings, 9, 50)
    Closure.objects.create(house=journey.house, desk=Desk.objects.get(key="tax-1"), first_day=DATE, last_day=DATE, title_da="Lukket")
    walker = staff(factories.member(Role.FLOORWALKER, "ihnd"))
    move_the_rest(actor=walker, journey=journey)
    days = {when[:2] for _, when in ahead(journey)}
    assert len(days) == 1
    assert days != {"08"}
    assert {v.status for v in journey.visits.exclude(service__key="siri-residence")} == {Status.PLANNED}


def test_when_nothing_is_free_all_stays_as_it_was(journey: Journey, settings: LazySettings) -> None:
    at(settings, 9, 50)
    before = ahead(journey)
    Closure.objects.create(house=journey.house, first_day=DATE, last_day=DATE + dt.timedelta(days=90), title_da="Lukket")
    assert "No other time is free in the next six weeks" in text(floorwalker().get(f"/journeys/{journey.reference}/move-the-rest/"))
    assert ahead(journey) == before
    assert Appointment.objects.filter(freed_at=None).count() == len(before) + 1


def test_nothing_is_left_to_move(journey: Journey) -> None:
    clerk = staff(factories.member(Role.CLERK, "siri"))
    finish_visit(actor=clerk, visit=journey.visits.get(status=Status.CALLED), outcome="done")
    for visit in journey.visits.exclude(status=Status.DONE):
        floor.cancel_step(actor=staff(factories.member(Role.FLOORWALKER, "ihnd")), visit=visit)
    page = floorwalker().get(f"/journeys/{journey.reference}/move-the-rest/", follow=True)
    assert said(page) == ["This visit is over, so there is nothing to change."]


def test_times_that_were_taken_meanwhile_are_looked_for_again_and_what_is_booked_already_is_not_offered(
    journey: Journey, settings: LazySettings
) -> None:
    page, address = floorwalker(), f"/journeys/{journey.reference}/move-the-rest/"
    booked = {(place.desk_id, place.starts) for place in appointments_ahead(journey)}
    shown = page.get(address).context["proposals"]
    assert booked not in [{(new.desk.desk.pk, new.starts) for _old, new in one.steps} for one in shown]
    at(settings, 9, 50)
    offer = page.get(address).context["proposals"][0].itinerary.offer
    times = ahead(journey)
    taken, bo = read_offer(offer).stops[0], party(journey.house, name="Bo Chen", services=("tax-card",))
    period = DateTimeTZRange(taken.starts, taken.ends)
    Appointment.objects.filter(visit__journey=bo).update(desk=taken.desk, period=period)
    answer = page.post(address, {"offer": offer}, follow=True)
    assert said(answer) == ["Somebody else has just taken one of these times. Your visit stays as it was."]
    assert ahead(journey) == times
    assert answer.context["proposals"][0].itinerary.offer != offer


def test_a_house_without_a_line_of_its_own_has_ten_minutes_of_grace(journey: Journey, settings: LazySettings) -> None:
    starts = appointments_ahead(journey)[0].starts.astimezone(journey.house.zone)
    at(settings, starts.hour, starts.minute + 9)
    assert cannot_be_reached(read(journey)) is None
    at(settings, starts.hour, starts.minute + 11)
    assert cannot_be_reached(read(journey)) is not None


def test_who_sits_longer_than_planned_is_marked_and_so_is_whoever_that_makes_late(journey: Journey, settings: LazySettings) -> None:
    at(settings, 8, 55)
    other = party(journey.house, name="Bo Chen")
    walker, walkers_page = staff(factories.member(Role.FLOORWALKER, "ihnd")), floorwalker()
    floor.check_in_journey(actor=walker, journey=other)
    at(settings, 9, 2)
    assert not any(line.runs_over for line in walkers_page.get("/board/aalborg/").context["board"].desk)
    at(settings, 12, 0)
    visit = journey.visits.get(status=Status.CALLED)
    assert visit.desk is not None
    late = other.visits.get(service__key="siri-residence")
    assert not any(line.runs_over for line in walkers_page.get("/board/aalborg/").context["board"].desk), "nobody sits at the desk yet"
    assert delays_in(journey.house)[late.pk] >= 60
    at(settings, 9, 3)
    start_visit(actor=staff(factories.member(Role.CLERK, "siri")), visit=visit)
    at(settings, 12, 0)
    page = walkers_page.get("/board/aalborg/")
    board = page.context["board"]
    assert all(line.runs_over > 60 for line in board.desk) and board.desk
    assert "runs over by" in page.content.decode()
    clerk = logged_in(factories.member(Role.CLERK, "siri"))
    assert clerk.get(f"/desks/aalborg/{visit.desk.key}/").context["over"] == board.desk[0].runs_over
    assert delays_in(journey.house)[late.pk] >= 60
