"""The last interpreter, wanted by several at the very same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import DatabaseError, connection, transaction

from indgang.foundation.access.actors import ANONYMOUS, staff
from indgang.foundation.identity.models import Role
from indgang.foundation.places.models import House
from indgang.operations.reception.actions import desk as desk_actions
from indgang.operations.reception.actions.booking import Booking, book_journey
from indgang.operations.reception.actions.holds import hold_offer
from indgang.operations.reception.actions.interpreters import change_interpreter
from indgang.operations.reception.actions.places import lock
from indgang.operations.reception.actions.tickets import Errands, take_ticket
from indgang.operations.reception.contacts import Contact
from indgang.operations.reception.errors import NotNow, PlacesGone
from indgang.operations.reception.models import Appointment, Hold, Journey, Visit
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.resource_day import interpreter, room
from indgang.operations.reception.tests.staff_day import DATE, at
from indgang.operations.reception.tests.test_at_once import together


@pytest.mark.django_db(transaction=True)
def test_two_who_book_the_last_interpreter_at_different_desks_have_one_winner() -> None:
    house = factories.small_house()
    interpreter(house)
    for turn in range(3):
        wishes = [("tax-card",), ("siri-residence",), ("mitid",)]
        offers = [factories.plan(house, services=services, interpreter="ar").itineraries[0].offer for services in wishes]
        answers = together(
            *(
                partial(
                    book_journey,
                    actor=ANONYMOUS,
                    offer=offer,
                    contact=Contact(f"Person {'abc'[turn]}{'xyz'[number]}", f"p{turn}{number}@example.org"),
                    consent=True,
                )
                for number, offer in enumerate(offers)
            )
        )
        refused = [answer for answer in answers if isinstance(answer, PlacesGone)]
        assert len(refused) == 2
        assert all(answer.alternatives for answer in refused)
        assert Appointment.objects.get().interpreter is not None
        Journey.objects.all().delete()


@pytest.mark.django_db(transaction=True)
def test_holds_that_want_the_interpreter_in_another_order_never_stand_in_each_others_way() -> None:
    house = factories.small_house()
    interpreter(house)
    both = [("tax-card", "mitid"), ("siri-residence", "cpr-registration")]
    offers = [factories.plan(house, services=services, interpreter="ar").itineraries[0].offer for services in both]
    answers = together(*(partial(hold_offer, client=f"client {number}", offer=offer) for number, offer in enumerate(offers)))
    assert [type(answer) for answer in answers].count(PlacesGone) == 1
    assert Hold.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_floorwalker_and_a_newcomer_want_the_last_interpreter() -> None:
    house = factories.small_house()
    interpreter(house)
    standing = factories.book(house, services=("tax-card",)).journey
    offer = factories.plan(house, services=("mitid",), interpreter="ar").itineraries[0].offer
    walker = staff(factories.member(Role.FLOORWALKER, "ihnd"))
    noted, booked = together(
        partial(change_interpreter, actor=walker, journey=standing, language="ar"),
        partial(book_journey, actor=ANONYMOUS, offer=offer, contact=Contact("Bo Example", "bo@example.org"), consent=True),
    )
    kept_and_gone = noted is False and isinstance(booked, PlacesGone)
    asked_and_booked = isinstance(noted, PlacesGone) and isinstance(booked, Booking)
    assert kept_and_gone or asked_and_booked
    assert Appointment.objects.filter(interpreter=None, freed_at=None).count() == (1 if asked_and_booked else 0)


CALLING = ("siri-1", "tax-1")


def call(key: str) -> partial[Any]:
    desk = factories.desk(key)
    return partial(desk_actions.call_next, actor=staff(factories.member(Role.CLERK, desk.organisation.key)), desk=desk)


def waiting(house: House, interpreter: str = "") -> None:
    for service in ("siri-residence", "tax-card"):
        take_ticket(actor=ANONYMOUS, house=house, errands=Errands([service], interpreter=interpreter))


def book(offer: str, number: int = 1) -> Callable[[], Any]:
    return partial(book_journey, actor=ANONYMOUS, offer=offer, contact=Contact(f"Bo {number}", f"bo{number}@example.org"), consent=True)


def here() -> list[tuple[str, bool]]:
    """How each step stands, and whether it has a room or an interpreter."""
    return sorted((visit.status, visit.room_id is not None or visit.interpreter_id is not None) for visit in Visit.objects.all())


@pytest.mark.django_db(transaction=True)
def test_of_two_desks_that_call_for_the_last_room_one_gets_it_and_the_other_partys_place_stands(settings: LazySettings) -> None:
    at(settings, 10)
    house = factories.small_house()
    room(house, "siri-residence", "tax-card")
    for _round in range(5):
        waiting(house)
        answers = together(*(call(key) for key in CALLING))
        assert sorted(answer is None for answer in answers) == [False, True]
        assert here() == [("called", True), ("waiting", False)]
        by_hand = Visit.objects.select_related("journey__house").get(status="waiting")
        with pytest.raises(NotNow, match="Talk room: with number"):
            free = next(key for key, answer in zip(CALLING, answers, strict=True) if answer is None)
            desk_actions.call_visit(**call(free).keywords, visit=by_hand)
        Journey.objects.all().delete()


@pytest.mark.django_db(transaction=True)
def test_of_two_desks_that_call_for_the_last_interpreter_one_gets_them_and_both_call(settings: LazySettings) -> None:
    at(settings, 10)
    house = factories.small_house()
    interpreter(house)
    for _round in range(5):
        waiting(house, "ar")
        together(*(call(key) for key in CALLING))
        assert here() == [("called", False), ("called", True)]
        Journey.objects.all().delete()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("needed", ["room", "interpreter"])
def test_a_call_and_a_booking_for_this_moment_never_have_the_same_one(settings: LazySettings, needed: str) -> None:
    at(settings, 10)
    house = factories.small_house()
    spoken = "ar" if needed == "interpreter" else ""
    if spoken:
        interpreter(house)
    else:
        room(house, "siri-residence", "tax-card", "mitid")
    winners = set()
    for number in range(6):
        take_ticket(actor=ANONYMOUS, house=house, errands=Errands(["tax-card"], interpreter=spoken))
        offer = factories.plan(house, on=DATE, days=0, services=("mitid",), interpreter=spoken).itineraries[0].offer
        called, booked = together(call("tax-1"), book(offer, number))
        has = called is not None and (called.room or called.interpreter) is not None
        assert has == isinstance(booked, PlacesGone)
        assert Visit.objects.filter(service__key="tax-card").count() == 1  # in line still, or at the desk
        winners.add(has)
        Journey.objects.all().delete()
    assert winners <= {True, False}


@pytest.mark.django_db(transaction=True)
def test_a_desk_waits_for_a_booking_of_another_time_and_then_has_the_room(settings: LazySettings) -> None:
    at(settings, 10)
    house = factories.small_house()
    one = room(house, "tax-card")
    waiting(house)
    answers: list[Any] = []
    next_at_tax = call("tax-1")
    with transaction.atomic():
        lock(f"resource:{one.pk}")  # somebody is booking the room for next week
        calling = threading.Thread(target=lambda: answers.extend(together(next_at_tax)))
        calling.start()
        calling.join(0.3)
        assert answers == []
    calling.join()
    assert answers[0].room == one


@pytest.mark.django_db(transaction=True)
def test_a_call_that_is_cut_off_leaves_its_party_in_line_and_the_room_free(settings: LazySettings) -> None:
    at(settings, 10)
    house = factories.small_house()
    one = room(house, "siri-residence", "tax-card")
    waiting(house)

    def cut_off() -> None:
        """The connection goes between the call and its end."""
        with pytest.raises(DatabaseError), transaction.atomic():
            assert call("tax-1")().room == one
            lost = connection.connection
            try:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
            finally:
                lost.close()

    together(cut_off)
    assert here() == [("waiting", False)] * 2
    assert call("siri-1")().room == one
