"""Every turn at a desk counts once, whatever becomes of its step afterwards; and the journal tells the same."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable

import pytest
from django.conf import LazySettings
from django.db import transaction
from django.test import override_settings
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from indgang.foundation.access.actors import Actor, staff
from indgang.foundation.identity.models import Role
from indgang.foundation.imports.actions import undo_batch
from indgang.foundation.measures.declared import Scope
from indgang.foundation.places.models import House
from indgang.operations.reception.actions import desk as desks
from indgang.operations.reception.actions import floor, line
from indgang.operations.reception.actions.changes import cancel_journey, move_journey
from indgang.operations.reception.actions.tickets import Errands, take_ticket
from indgang.operations.reception.errors import ReceptionError
from indgang.operations.reception.models import Journey, Turn, Visit
from indgang.operations.reception.models.journey import Status
from indgang.operations.reception.queries.missed import times_missed
from indgang.operations.reception.rules.figures import Figures
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.staff_day import DATE, at, party
from indgang.operations.reception.tests.test_from_journal import same, served, step
from indgang.operations.reception.tests.visits_table import PAIR, done, operator

pytestmark = pytest.mark.django_db


def offer(house: House, journey: Journey, service: str, days: int = 0) -> str:
    wanted = factories.plan(house, on=DATE + dt.timedelta(days=days), days=0, beside=journey.id, services=(service,))
    return wanted.itineraries[0].offer


def test_a_party_that_came_after_a_missed_day_was_away_once_and_came_once(house: House, walker: Actor, settings: LazySettings) -> None:
    journey = party(house)
    at(settings, 14, 0)
    floor.mark_no_show(actor=walker, journey=journey)
    floor.book_steps(actor=walker, journey=journey, offer=offer(house, journey, "siri-residence", days=1))
    other = factories.book(house, on=DATE + dt.timedelta(days=1), days=0).journey
    Journey.objects.filter(pk=other.pk).update(contact=journey.contact)
    other.refresh_from_db()
    settings.CLOCK_STARTS_AT += dt.timedelta(days=1)
    floor.check_in_journey(actor=walker, journey=journey)
    clerk = staff(factories.member(Role.CLERK, "siri"))
    visit = desks.call_visit(actor=clerk, desk=factories.desk("siri-1"), visit=step(journey, "siri-residence"))
    desks.finish_visit(actor=clerk, visit=visit, outcome="done")

    figures = same(house)

    assert (figures.not_come.part, figures.not_come.whole, figures.total.steps) == (1, 2, 1)
    assert [moment.astimezone(house.zone).date() for moment in times_missed(walker, other)] == [DATE]


def test_time_at_a_desk_that_sent_the_party_on_counts_and_a_call_alone_does_not(house: House, settings: LazySettings) -> None:
    walker = staff(factories.member(Role.FLOORWALKER, "ihnd"))
    journeys = [take_ticket(actor=walker, house=house, errands=Errands(["mitid"])).ticket.journey for _two in range(2)]
    for minute, journey in enumerate(journeys):
        visit = step(journey, "mitid")
        desk = visit.service.desks.get(house=house) if visit.service.desks.count() == 1 else visit.service.desks.first()
        assert desk is not None
        clerk = staff(factories.member(Role.CLERK, desk.organisation.key))
        at(settings, 9, 10 * minute)
        desks.call_visit(actor=clerk, desk=desk, visit=visit)
        if minute:
            desks.start_visit(actor=clerk, visit=visit)
        at(settings, 9, 10 * minute + 5)
        line.send_on(actor=walker, visit=visit, service=factories.service("tax-card"))

    figures = same(house)

    assert [turn.outcome for turn in Turn.objects.all()] == ["sent-on"]
    assert (figures.by_service["mitid"].steps, round(figures.total.service.total.total_seconds() / 60)) == (1, 5)


def test_who_is_in_the_house_and_is_moved_within_the_day_has_waited_since_they_came(
    house: House, walker: Actor, settings: LazySettings
) -> None:
    journey = party(house)
    floor.check_in_journey(actor=walker, journey=journey)
    move_journey(actor=walker, journey=journey, offer=factories.plan(house, on=DATE, days=0, beside=journey.id).itineraries[-1].offer)
    served(settings, "siri-1", step(journey, "siri-residence"), 30, 40)

    assert same(house).total.waiting.count == 1


def test_imported_steps_are_in_the_journals_figures_also_when_changed_and_taken_back(house: House) -> None:
    day = Scope(house, dt.date(2024, 3, 5), dt.date(2024, 3, 5))
    first = done(PAIR)
    told = _same_on(day)
    assert (told.total.steps, told.citizens, told.not_come.whole) == (2, {"851": 2}, 0)
    again = done(PAIR.replace("851", "787").replace("09:40,done", "09:45,refused"))
    told = _same_on(day)
    assert (told.citizens, told.total.service.total) == ({"787": 2}, dt.timedelta(minutes=35 + 20))
    undo_batch(actor=operator(), batch=again)
    assert _same_on(day).citizens == {"851": 2}
    undo_batch(actor=operator(), batch=first)

    assert _same_on(day).total.steps == Turn.objects.count() == 0


def _same_on(scope: Scope) -> Figures:
    return same(scope.house, scope)


Doing = Callable[[Actor, Visit], object]


def _serve(how: str) -> Doing:
    def doing(_walker: Actor, visit: Visit) -> object:
        desk = visit.desk or visit.service.desks.select_related("organisation").order_by("pk")[0]
        clerk = staff(factories.member(Role.CLERK, desk.organisation.key))
        if how == "call":
            return desks.call_visit(actor=clerk, desk=desk, visit=visit)
        if how in ("done", "documents-missing"):
            return desks.finish_visit(actor=clerk, visit=visit, outcome=how, missing=["Passport"] if how != "done" else [])
        return {"start": desks.start_visit, "back": desks.put_back, "reopen": desks.reopen_visit}[how](actor=clerk, visit=visit)

    return doing


def _book_anew(walker: Actor, visit: Visit) -> object:
    ways = factories.plan(visit.journey.house, on=DATE, days=1, beside=visit.journey.id, services=(visit.service.key,)).itineraries
    return floor.book_steps(actor=walker, journey=visit.journey, offer=ways[-1].offer) if ways else None


DOINGS: list[Doing] = [
    lambda walker, visit: floor.check_in_journey(actor=walker, journey=visit.journey),
    lambda walker, visit: floor.undo_check_in(actor=walker, journey=visit.journey),
    lambda walker, visit: floor.mark_no_show(actor=walker, journey=visit.journey),
    lambda walker, visit: floor.undo_no_show(actor=walker, journey=visit.journey),
    lambda walker, visit: floor.cancel_step(actor=walker, visit=visit),
    lambda walker, visit: floor.undo_cancel_step(actor=walker, visit=visit),
    lambda walker, visit: cancel_journey(actor=walker, journey=visit.journey),
    lambda walker, visit: line.set_aside(actor=walker, visit=visit),
    lambda walker, visit: line.bring_back(actor=walker, visit=visit),
    lambda walker, visit: line.send_on(actor=walker, visit=visit, service=factories.service("tax-card")),
    _book_anew,
    *[_serve(how) for how in ("call", "call", "start", "done", "documents-missing", "documents-missing", "back", "reopen")],
]


@hypothesis_settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(day=st.lists(st.tuples(st.sampled_from(range(len(DOINGS))), st.integers(0, 7)), min_size=15, max_size=40))
def test_any_day_that_staff_can_make_is_told_alike_by_turns_and_journal(house: House, walker: Actor, day: list[tuple[int, int]]) -> None:
    with transaction.atomic():
        party(house)
        party(house, adults=2)
        take_ticket(actor=walker, house=house, errands=Errands(["mitid"]))
        for number, (doing, which) in enumerate(day):
            visits = list(Visit.objects.select_related("journey__house__region", "service", "desk__organisation").order_by("pk"))
            moment = dt.datetime(2026, 12, 8, 12, tzinfo=dt.UTC) + number * dt.timedelta(minutes=2)
            try:
                with override_settings(CLOCK_STARTS_AT=moment, CLOCK_SINCE=time.time()), transaction.atomic():
                    DOINGS[doing](walker, visits[which % len(visits)])
            except ReceptionError:
                continue
        same(house)
        finished = Visit.objects.filter(status=Status.DONE)
        assert {(visit.pk, visit.ended_at) for visit in finished} <= set(Turn.objects.values_list("visit", "ended_at"))
        transaction.set_rollback(True)
