"""The figures from the journal alone are those of the rows, to the last digit, whatever was undone."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.conf import LazySettings

from indgang.foundation.access.actors import Actor, staff, system
from indgang.foundation.identity.models import Role
from indgang.foundation.journal.models import Entry
from indgang.foundation.measures.declared import Scope
from indgang.foundation.places.models import House
from indgang.operations.reception.actions import desk as desk_actions
from indgang.operations.reception.actions import floor, line
from indgang.operations.reception.actions.changes import cancel_journey, move_journey
from indgang.operations.reception.actions.tickets import Errands, take_ticket
from indgang.operations.reception.journal_sentences import SENTENCES
from indgang.operations.reception.models import Closure, Desk, Journey, LineSetting, Resource, Visit
from indgang.operations.reception.queries.from_journal import differences, figures_from_journal
from indgang.operations.reception.queries.statistics import figures_of_house
from indgang.operations.reception.rules.figures import Figures
from indgang.operations.reception.rules.replay import CHANGE_NOTHING, CHANGES
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.figures_by_hand import figures_from_rows
from indgang.operations.reception.tests.resource_day import room
from indgang.operations.reception.tests.staff_day import DATE, at, party

pytestmark = pytest.mark.django_db


def served(settings: LazySettings, desk: str, visit: Visit, called: int, ended: int, **outcome: Any) -> Visit:
    """Call a party at that minute after nine, start a minute later and finish; as the clerk of the desk."""
    here = factories.desk(desk)
    actor = staff(factories.member(Role.CLERK, here.organisation.key))
    minute(settings, called)
    desk_actions.call_visit(actor=actor, desk=here, visit=visit)
    minute(settings, called + 1)
    desk_actions.start_visit(actor=actor, visit=visit)
    minute(settings, ended)
    return desk_actions.finish_visit(actor=actor, visit=visit, **{"outcome": "done", **outcome})


def minute(settings: LazySettings, after_nine: int) -> None:
    at(settings, 9 + after_nine // 60, after_nine % 60)


def step(journey: Journey, service: str) -> Visit:
    return journey.visits.get(service__key=service)


def clerk(of: str) -> Actor:
    return staff(factories.member(Role.CLERK, of))


def same(house: House, scope: Scope | None = None) -> Figures:
    """The figures of the period, or of the days around, once they are the same in all three ways."""
    scope = scope or Scope(house, DATE - dt.timedelta(days=30), DATE + dt.timedelta(days=30))
    counted, told = figures_of_house(scope), figures_from_journal(scope)
    assert differences(counted, told) == {}
    assert differences(figures_from_rows(scope), told) == {}
    return told


def test_a_whole_visit_of_a_family(house: House, walker: Actor, settings: LazySettings) -> None:
    journey = party(house, adults=2, children=1)
    at(settings, 8, 50)
    floor.check_in_journey(actor=walker, journey=journey)
    served(settings, "siri-1", step(journey, "siri-residence"), 0, 25)
    served(settings, "citizen-1", step(journey, "cpr-registration"), 30, 60, outcome="documents-missing", missing=["Birth certificate"])

    figures = same(house)

    assert (figures.citizens, figures.total.steps) == ({"851": 3}, 2)
    assert figures.door_to_door.count == 1
    assert figures.total.waiting.count == 2


def test_putting_back_setting_aside_opening_again_and_calling_again(house: House, walker: Actor, settings: LazySettings) -> None:
    journey = party(house)
    floor.check_in_journey(actor=walker, journey=journey)
    siri, desk = clerk("siri"), factories.desk("siri-1")
    visit = step(journey, "siri-residence")
    for undone in (desk_actions.put_back, line.set_aside):
        desk_actions.call_visit(actor=siri, desk=desk, visit=visit)
        undone(actor=siri, visit=visit)
    line.bring_back(actor=siri, visit=visit)
    desk_actions.call_visit(actor=siri, desk=desk, visit=visit)
    line.call_again(actor=siri, visit=visit)
    at(settings, 9, 30)
    desk_actions.finish_visit(actor=siri, visit=visit, outcome="done")  # without Start
    first = same(house)
    desk_actions.reopen_visit(actor=siri, visit=visit)
    assert same(house).total.steps == 0
    at(settings, 9, 40)
    desk_actions.finish_visit(actor=siri, visit=visit, outcome="refused", note="Not here.")

    again = same(house)

    assert (first.total.steps, again.total.steps) == (1, 1)
    assert again.total.service.total > first.total.service.total
    assert again.total.walking.count == 0


def test_check_ins_and_no_shows_that_were_undone(house: House, walker: Actor, settings: LazySettings) -> None:
    late, away, early = party(house), party(house), party(house)
    floor.check_in_journey(actor=walker, journey=early)
    floor.undo_check_in(actor=walker, journey=early)
    at(settings, 14, 0)
    for journey in (late, away):
        floor.mark_no_show(actor=walker, journey=journey)
    assert (same(house).not_come.part, same(house).not_come.whole) == (2, 2)
    floor.undo_no_show(actor=walker, journey=late)
    floor.check_in_journey(actor=walker, journey=late)
    served(settings, "siri-1", step(late, "siri-residence"), 305, 320)

    assert (same(house).not_come.part, same(house).not_come.whole) == (1, 2)


def test_a_room_that_is_taken_with_the_call_and_given_back(house: House, walker: Actor, settings: LazySettings) -> None:
    minute(settings, 0)
    room(house, "tax-card", "mitid")
    first, second = (take_ticket(actor=walker, house=house, errands=Errands([key])).ticket.journey for key in ("tax-card", "mitid"))
    visit, tax = step(first, "tax-card"), clerk("skattestyrelsen")
    desk_actions.call_visit(actor=tax, desk=factories.desk("tax-1"), visit=visit)
    desk_actions.put_back(actor=tax, visit=visit)
    served(settings, "tax-1", visit, 10, 20)
    assert Entry.objects.filter(verb="visit.called", after__room="talk-room").count() == 2
    assert same(house).total.steps == 1
    LineSetting.objects.create(house=house, without_room=True)
    Desk.objects.get(key="tax-1").services.add(factories.service("mitid"))
    waiting = step(second, "mitid")
    Closure.objects.create(house=house, resource=Resource.objects.get(), title_da="x", title_en="x", first_day=DATE, last_day=DATE)
    desk_actions.call_visit(actor=tax, desk=factories.desk("tax-1"), visit=waiting, without_room=True)
    desk_actions.finish_visit(actor=tax, visit=waiting, outcome="done")

    assert same(house).total.steps == 2


def test_tickets_sending_on_and_steps_cancelled_and_wanted_again(house: House, walker: Actor, settings: LazySettings) -> None:
    journey = take_ticket(actor=walker, house=house, errands=Errands(["mitid"], people=2)).ticket.journey
    booked = party(house)
    floor.check_in_journey(actor=walker, journey=booked)
    tax = step(booked, "tax-card")
    floor.cancel_step(actor=walker, visit=tax)
    floor.undo_cancel_step(actor=walker, visit=tax)
    at(settings, 9, 5)
    other = line.send_on(actor=walker, visit=step(journey, "mitid"), service=factories.service("tax-card"))
    served(settings, "tax-1", other, 10, 20)
    served(settings, "siri-1", step(booked, "siri-residence"), 25, 30)
    served(settings, "tax-1", step(booked, "tax-card"), 40, 50)

    figures = same(house)

    assert figures.citizens == {"": 2, "851": 1}
    assert (figures.total.waiting.count, figures.not_come.whole) == (3, 1)


def test_moved_cancelled_and_booked_anew(house: House, walker: Actor, settings: LazySettings) -> None:
    moved, gone, again = party(house), party(house), party(house)
    cancel_journey(actor=walker, journey=gone)
    offer = factories.plan(house, on=DATE, days=0, beside=moved.id).itineraries[-1].offer
    move_journey(actor=walker, journey=moved, offer=offer)
    for journey in (moved, again):
        floor.check_in_journey(actor=walker, journey=journey)
    served(settings, "siri-1", step(again, "siri-residence"), 0, 10, outcome="documents-missing", missing=["Passport"])
    served(settings, "siri-1", step(moved, "siri-residence"), 15, 40)
    assert same(house).total.steps == 2
    new = factories.plan(house, on=DATE, days=0, beside=again.id, services=("siri-residence",)).itineraries[0].offer
    floor.book_steps(actor=walker, journey=again, offer=new)
    assert same(house).total.steps == 2
    served(settings, "siri-1", step(again, "siri-residence"), 60, 70)

    figures = same(house)

    assert (figures.total.steps, figures.by_service["siri-residence"].steps, figures.citizens_served) == (3, 3, 2)
    assert round(figures.total.service.total / dt.timedelta(minutes=1)) == 9 + 24 + 9


def test_what_the_journal_does_not_tell_is_found(house: House, walker: Actor, settings: LazySettings) -> None:
    journey = party(house)
    floor.check_in_journey(actor=walker, journey=journey)
    done = served(settings, "siri-1", step(journey, "siri-residence"), 0, 25)
    done.turns.update(ended_at=done.ended_at + dt.timedelta(microseconds=1))  # type: ignore[operator]
    scope = Scope(house, DATE, DATE)

    found = differences(figures_of_house(scope), figures_from_journal(scope))

    assert {"total", "by_service", "door_to_door"} <= set(found)


def test_every_verb_is_either_replayed_or_known_to_change_nothing() -> None:
    of_steps = {verb for verb in SENTENCES if not verb.startswith(("waiting.", "employer."))}  # a wish on the waiting list is no step yet

    assert CHANGES.keys() | CHANGE_NOTHING == of_steps
    assert not CHANGES.keys() & CHANGE_NOTHING


def test_the_program_reads_no_more_than_the_houses_own_entries(house: House, settings: LazySettings) -> None:
    other = House.objects.create(region=house.region, key="hobro", title_da="Hobro", address="", postcode="", city="")
    take_ticket(actor=system(), house=house, errands=Errands(["mitid"]))

    assert Entry.objects.filter(house=other).count() == 0
    assert same(other) == Figures()
