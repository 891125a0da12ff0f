"""The day goes otherwise than planned: the rest of a journey is moved as one, or it stays as it was."""

from __future__ import annotations

import datetime as dt

import pytest
from django.conf import LazySettings

from indgang.foundation.access.actors import staff
from indgang.foundation.identity.models import Role
from indgang.foundation.mail.models import Letter
from indgang.operations.reception.actions import floor
from indgang.operations.reception.actions.changes import appointments_ahead
from indgang.operations.reception.actions.desk import call_next, finish_visit
from indgang.operations.reception.actions.overruns import move_the_rest
from indgang.operations.reception.errors import NotNow
from indgang.operations.reception.models import Appointment, Closure, Desk, Journey
from indgang.operations.reception.models.journey import Status
from indgang.operations.reception.queries.delays import delays_in
from indgang.operations.reception.queries.journeys import with_steps
from indgang.operations.reception.queries.overruns import cannot_be_reached
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.staff_day import DATE, at, floorwalker, logged_in, party, said

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
    answer = page.post(f"/journeys/{journey.reference}/move-the-rest/?back=journey", follow=True)
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
    with pytest.raises(NotNow):
        move_the_rest(actor=staff(factories.member(Role.FLOORWALKER, "ihnd")), journey=journey)
    assert ahead(journey) == before
    assert Appointment.objects.filter(freed_at=None).count() == len(before) + 1


def test_nothing_is_left_to_move(journey: Journey) -> None:
    clerk = staff(factories.member(Role.CLERK, "siri"))
    finish_visit(actor=clerk, visit=journey.visits.get(status=Status.CALLED), outcome="done")
    for visit in journey.visits.exclude(status=Status.DONE):
        floor.cancel_step(actor=staff(factories.member(Role.FLOORWALKER, "ihnd")), visit=visit)
    with pytest.raises(NotNow):
        move_the_rest(actor=staff(factories.member(Role.FLOORWALKER, "ihnd")), journey=Journey.objects.get(pk=journey.pk))


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
    page = walkers_page.get("/board/aalborg/")
    board = page.context["board"]
    assert all(line.runs_over > 60 for line in board.desk) and board.desk
    assert "runs over by" in page.content.decode()
    visit = journey.visits.get(status=Status.CALLED)
    assert visit.desk is not None
    clerk = logged_in(factories.member(Role.CLERK, "siri"))
    assert clerk.get(f"/desks/aalborg/{visit.desk.key}/").context["over"] == board.desk[0].runs_over
    late = other.visits.get(service__key="siri-residence")
    assert delays_in(journey.house)[late.pk] >= 60
