"""At the very same moment: holds, bookings, moves, calls and codes. Somebody is told no; nothing breaks and nothing is half done."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection, transaction

from indgang.foundation.access.actors import ANONYMOUS, citizen, staff
from indgang.foundation.database import clock
from indgang.foundation.identity.models import Role
from indgang.foundation.journal.models import Entry
from indgang.foundation.mail.models import Letter
from indgang.operations.reception.actions import desk as desk_actions
from indgang.operations.reception.actions.booking import book_journey
from indgang.operations.reception.actions.changes import move_journey, send_new_code
from indgang.operations.reception.actions.floor import check_in_journey
from indgang.operations.reception.actions.holds import hold_offer, release_hold
from indgang.operations.reception.actions.places import lock
from indgang.operations.reception.contacts import Contact
from indgang.operations.reception.errors import ReceptionError
from indgang.operations.reception.links import CODES_PER_HOUR
from indgang.operations.reception.models import Appointment, Code, Hold, Journey, Visit
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.staff_day import at, party

ADA = Contact("Ada Example", "ada@example.org", "", "en")
TAX = ("tax-card",)


def together(*jobs: Callable[[], Any]) -> list[Any]:
    """Do all at once; what each answers, or the refusal it got. Any other fault ends the test."""
    answers: list[Any] = [None] * len(jobs)
    faults: list[BaseException] = []
    gate = threading.Barrier(len(jobs))

    def work(number: int, job: Callable[[], Any]) -> None:
        try:
            gate.wait()
            answers[number] = job()
        except ReceptionError as refusal:
            answers[number] = refusal
        except BaseException as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=pair) for pair in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    return answers


def offers(house: Any, **wish: Any) -> list[str]:
    return [way.offer for way in factories.plan(house, limit=10, **wish).itineraries]


@pytest.mark.django_db(transaction=True)
def test_two_who_change_places_with_each_other_both_get_an_answer() -> None:
    house = factories.small_house()
    for _round in range(3):
        mine, yours = offers(house, services=TAX), offers(house, services=TAX)
        hold_offer(client="me", offer=mine[0])
        hold_offer(client="you", offer=yours[5])
        together(partial(hold_offer, client="me", offer=mine[5]), partial(hold_offer, client="you", offer=yours[0]))
        assert Hold.objects.count() == 2  # whoever was refused keeps what they had
        Hold.objects.all().delete()


@pytest.mark.django_db(transaction=True)
def test_two_visits_that_move_to_each_others_times_keep_one_place_each() -> None:
    house = factories.small_house()
    mine, yours = offers(house, services=TAX), offers(house, services=TAX)
    first = book_journey(actor=ANONYMOUS, offer=mine[0], contact=ADA, consent=True).journey
    second = book_journey(actor=ANONYMOUS, offer=yours[5], contact=Contact("Bo", "bo@example.org"), consent=True).journey
    together(
        lambda: move_journey(actor=citizen(first.reference), journey=first, offer=mine[5]),
        lambda: move_journey(actor=citizen(second.reference), journey=second, offer=yours[0]),
    )
    assert [Appointment.objects.filter(visit__journey=journey, freed_at=None).count() for journey in (first, second)] == [1, 1]


@pytest.mark.django_db(transaction=True)
def test_booking_what_one_holds_while_holding_something_else_books_all_or_nothing() -> None:
    house = factories.small_house()
    for number in range(5):
        first, second, *_more = offers(house)
        hold_offer(client="me", offer=first)
        together(
            partial(book_journey, actor=ANONYMOUS, offer=first, contact=Contact("Ada", f"ada{number}@example.org"), consent=True),
            partial(hold_offer, client="me", offer=second),
            lambda: release_hold(client="me"),
        )
    booked = [(journey.visits.count(), Appointment.objects.filter(visit__journey=journey).count()) for journey in Journey.objects.all()]
    assert booked == [(4, 4)] * len(booked)


@pytest.mark.django_db(transaction=True)
def test_a_hold_that_runs_out_while_the_booking_waits_is_not_booked_in_part() -> None:
    house = factories.small_house()
    way = factories.plan(house).itineraries[0]
    last = way.stops[-1]
    hold = hold_offer(client="me", offer=way.offer)
    answers: list[Any] = []
    with transaction.atomic():
        lock(f"email:{ADA.email}")  # a booking of the same address is under way
        waiting = threading.Thread(
            target=lambda: answers.extend(together(lambda: book_journey(actor=ANONYMOUS, offer=way.offer, contact=ADA, consent=True)))
        )
        waiting.start()
        waiting.join(0.5)
        together(lambda: _run_out(hold, last))
    waiting.join()
    (booking,) = answers
    assert Appointment.objects.filter(visit__journey=booking.journey).count() == len(way.stops) == 4


def _run_out(hold: Hold, stop: Any) -> None:
    """The hold runs out, and somebody who looked at one of its places has swept it away."""
    Hold.objects.filter(pk=hold.pk).update(held_until=clock.now())
    Appointment.objects.filter(hold=hold, desk=stop.desk.desk).delete()


@pytest.mark.django_db(transaction=True)
def test_one_key_sent_twenty_times_at_once_is_one_booking() -> None:
    offer = offers(factories.small_house())[0]
    book = partial(book_journey, actor=ANONYMOUS, offer=offer, contact=ADA, consent=True, idempotency_key="k")
    assert len({answer.manage_url for answer in together(*[book] * 20)}) == 1
    written = Journey.objects.count(), Letter.objects.count(), Entry.objects.filter(verb="journey.booked").count()
    assert written == (1, 1, 1)


@pytest.mark.django_db(transaction=True)
def test_codes_asked_for_at_once_are_limited_like_any() -> None:
    journey = factories.book(factories.small_house()).journey
    together(*[lambda: send_new_code(journey=journey)] * 8)
    assert Code.objects.filter(journey=journey).count() == CODES_PER_HOUR


@pytest.mark.django_db(transaction=True)
def test_undoing_a_finish_while_the_next_is_called_leaves_one_party_at_the_desk(settings: LazySettings) -> None:
    at(settings, 8)
    house = factories.small_house()
    first, second = party(house), party(house)
    floorwalker, clerk = staff(factories.member(Role.FLOORWALKER, "ihnd")), staff(factories.member(Role.CLERK, "siri"))
    for journey in (first, second):
        check_in_journey(actor=floorwalker, journey=journey)
    desk = factories.desk("siri-1")
    visit = desk_actions.call_next(actor=clerk, desk=desk)
    assert visit is not None
    for _round in range(10):
        ended = desk_actions.finish_visit(actor=clerk, visit=visit, outcome="refused", note="No permit")
        together(
            partial(desk_actions.reopen_visit, actor=clerk, visit=ended),
            lambda: desk_actions.call_next(actor=clerk, desk=desk),
        )
        (present,) = Visit.objects.filter(status__in=["called", "serving"])
        if present != visit:
            desk_actions.put_back(actor=clerk, visit=present)
            desk_actions.reopen_visit(actor=clerk, visit=visit)
