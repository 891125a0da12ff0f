"""Interpreters and rooms: a visit is only offered when they are free, nothing books them twice, and whatever frees a place frees them."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.conf import LazySettings
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from psycopg.types.range import Range

from indgang.foundation.access.actors import ANONYMOUS, Actor, NotAllowed, citizen, staff
from indgang.foundation.database import clock
from indgang.foundation.identity.models import Role
from indgang.foundation.mail.models import Letter
from indgang.foundation.places.models import House
from indgang.operations.reception.actions.booking import book_journey
from indgang.operations.reception.actions.changes import cancel_journey, move_journey
from indgang.operations.reception.actions.floor import book_steps, cancel_step, mark_no_show, undo_cancel_step, undo_no_show
from indgang.operations.reception.actions.holds import hold_offer, release_expired_holds
from indgang.operations.reception.actions.interpreters import change_interpreter
from indgang.operations.reception.actions.opening import OthersAffected, preview_change, save_change
from indgang.operations.reception.actions.serving import serve_house
from indgang.operations.reception.calendars import calendar_of
from indgang.operations.reception.contacts import Contact
from indgang.operations.reception.errors import InvalidRequest, NotNow, OfferRefused, PlacesGone
from indgang.operations.reception.models import Appointment, Closure, Hold, Journey, Resource
from indgang.operations.reception.queries.free_time import available_slots
from indgang.operations.reception.queries.house import house_plan
from indgang.operations.reception.queries.plans import plan_journey
from indgang.operations.reception.tests import factories, waiting_day
from indgang.operations.reception.tests.opening_day import leader
from indgang.operations.reception.tests.resource_day import beside, changed, closed, interpreter, room
from indgang.operations.reception.tests.staff_day import DATE, at, move_the_rest
from indgang.operations.reception.views.staff_journey import times_for

pytestmark = pytest.mark.django_db
ADA, BO = Contact("Ada Example", "ada@example.org"), Contact("Bo Example", "bo@example.org")
TAX = ("tax-card",)


@pytest.fixture
def house(settings: LazySettings) -> House:
    """At eight in the morning."""
    at(settings, 8)
    return factories.small_house()


def floorwalker() -> Actor:
    return staff(factories.member(Role.FLOORWALKER, "ihnd"))


def times(house: House, **wish: object) -> list[str]:
    """When the first itineraries of the day begin and end."""
    found = factories.plan(house, on=DATE, days=0, limit=3, **wish).itineraries
    return [f"{way.starts:%H:%M}-{way.ends:%H:%M}" for way in found]


def booked(house: House, **wish: object) -> Journey:
    return factories.book(house, on=DATE, days=0, **wish).journey


# ------------------------------------------------------------------------------------------------------------------------------ planning


def test_a_visit_with_an_interpreter_is_only_offered_when_one_is_there(house: House) -> None:
    interpreter(house, hours=(13, 14))
    assert times(house, services=TAX)[0] == "09:00-09:15"
    assert times(house, services=TAX, interpreter="ar")[0] == "13:00-13:15"
    assert times(house, services=TAX, interpreter="uk") == []  # nobody speaks or interprets it there


def test_a_desk_that_speaks_the_language_takes_no_interpreter(house: House) -> None:
    interpreter(house, "oksana", "uk")
    journey = booked(house, interpreter="uk")
    assert sorted(beside(visit__journey=journey)) == [
        ("cpr-registration", "oksana", ""),
        ("mitid", "oksana", ""),
        ("siri-residence", "", ""),
        ("tax-card", "oksana", ""),
    ]
    assert factories.desk("siri-1") == Appointment.objects.get(visit__service__key="siri-residence").desk


def test_a_service_that_needs_a_room_waits_for_it_and_walks_there(house: House) -> None:
    cellar = room(house, "mitid", zone="first-floor")
    Closure.objects.create(house=house, resource=cellar, first_day=DATE, last_day=DATE, until_time=dt.time(11), title_da="Lukket")
    way = factories.plan(house, on=DATE, days=0, services=("cpr-registration", "mitid")).itineraries[0]
    assert [(stop.service.key, f"{stop.starts:%H:%M}", stop.walk_minutes, stop.room) for stop in way.stops][-1] == (
        "mitid",
        "11:00",
        5,
        cellar,
    )
    plan = house_plan(house)
    slots = available_slots(plan, "mitid", DATE, DATE, now=clock.now())
    assert f"{slots[0].starts:%H:%M}" == "11:00"


def test_a_service_needs_no_room_on_days_before_and_after_the_house_has_one(house: House) -> None:
    one = room(house, "mitid")
    one.active_from = DATE + dt.timedelta(days=7)
    one.save()
    assert [stop.room for stop in factories.plan(house, on=DATE, days=0, services=("mitid",)).itineraries[0].stops] == [None]
    later = factories.plan(house, on=DATE + dt.timedelta(days=7), days=0, services=("mitid",)).itineraries[0]
    assert [stop.room for stop in later.stops] == [one]


def test_a_house_with_resources_plans_with_the_same_queries_when_none_is_needed(house: House) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            factories.plan(house, on=DATE, days=0)
        return len(seen)

    before = queries()
    interpreter(house)
    room(house, "pd-u2")
    assert queries() == before


# ----------------------------------------------------------------------------------------------------------- booking, and giving it back


def test_nothing_books_an_interpreter_or_a_room_twice(house: House) -> None:
    amina, talk = interpreter(house), room(house, "mitid")
    period = Range(clock.now(), clock.now() + dt.timedelta(minutes=20))
    for number, row in enumerate(({"interpreter": amina}, {"room": talk})):
        hold = Hold.objects.create(client=f"{number}", offer_digest="", held_until=clock.now())
        Appointment.objects.create(desk=factories.desk("tax-1"), party=2 * number, period=period, hold=hold, **row)
        with pytest.raises(IntegrityError), transaction.atomic():
            Appointment.objects.create(desk=factories.desk("siri-1"), party=2 * number + 1, period=period, hold=hold, **row)
        Appointment.objects.all().delete()


def test_the_interpreter_of_one_party_is_not_offered_to_another(house: House) -> None:
    interpreter(house, hours=(9, 10))
    first = factories.plan(house, on=DATE, days=0, services=TAX, interpreter="ar").itineraries[0]
    stale = factories.plan(house, on=DATE, days=0, services=("mitid",), interpreter="ar").itineraries[0]
    book_journey(actor=ANONYMOUS, offer=first.offer, contact=ADA, consent=True)
    assert beside() == [("tax-card", "amina", "")]
    with pytest.raises(PlacesGone) as gone:  # another desk, the same time
        book_journey(actor=ANONYMOUS, offer=stale.offer, contact=BO, consent=True)
    assert f"{gone.value.alternatives[0].starts:%H:%M}" == "09:15"


def test_a_held_offer_holds_the_interpreter_until_it_runs_out(house: House, settings: LazySettings) -> None:
    interpreter(house, hours=(9, 10))
    first = factories.plan(house, on=DATE, days=0, services=TAX, interpreter="ar").itineraries[0].offer
    hold_offer(client="me", offer=first)
    assert times(house, services=("mitid",), interpreter="ar")[0] == "09:15-09:25"
    at(settings, 8, 11)
    assert times(house, services=("mitid",), interpreter="ar")[0] == "09:00-09:10"
    other = factories.plan(house, on=DATE, days=0, services=("mitid",), interpreter="ar").itineraries[0].offer
    book_journey(actor=ANONYMOUS, offer=other, contact=BO, consent=True)  # the hold that ran out stands in nobody's way
    assert beside() == [("mitid", "amina", "")]
    assert release_expired_holds() == 1


def test_an_offer_whose_interpreter_or_room_is_gone_is_not_booked(house: House) -> None:
    amina = interpreter(house)
    offer = factories.plan(house, on=DATE, days=0, services=TAX, interpreter="ar").itineraries[0].offer
    Closure.objects.create(house=house, resource=amina, first_day=DATE, last_day=DATE, title_da="Syg")
    with pytest.raises(PlacesGone):
        book_journey(actor=ANONYMOUS, offer=offer, contact=ADA, consent=True)
    without_room = factories.plan(house, on=DATE, days=0, services=("mitid",)).itineraries[0].offer
    room(house, "mitid")
    with pytest.raises(PlacesGone) as gone:
        book_journey(actor=ANONYMOUS, offer=without_room, contact=ADA, consent=True)
    assert [stop.room.key for stop in gone.value.alternatives[0].stops if stop.room] == ["talk-room"]
    assert not Appointment.objects.exists()


def test_cancelling_and_not_coming_free_the_interpreter_and_undoing_takes_it_again(house: House, settings: LazySettings) -> None:
    interpreter(house, hours=(9, 10))
    journey = booked(house, services=TAX, interpreter="ar")
    walker = floorwalker()
    visit = journey.visits.get()
    assert times(house, services=("mitid",), interpreter="ar")[0] == "09:15-09:25"
    cancel_step(actor=walker, visit=visit)
    assert times(house, services=("mitid",), interpreter="ar")[0] == "09:00-09:10"
    undo_cancel_step(actor=walker, visit=visit)
    assert beside() == [("tax-card", "amina", "")]
    at(settings, 9, 11)
    mark_no_show(actor=walker, journey=journey)
    assert beside() == []
    other = Appointment.objects.create(
        desk=factories.desk("siri-2"),
        party=3,
        period=Appointment.objects.get().period,
        interpreter=Resource.objects.get(),
        hold=Hold.objects.create(client="x", offer_digest="", held_until=clock.now() + dt.timedelta(hours=1)),
    )
    with pytest.raises(NotNow):  # the desk is free, the interpreter is not
        undo_no_show(actor=walker, journey=journey)
    other.delete()
    undo_no_show(actor=walker, journey=journey)
    assert beside() == [("tax-card", "amina", "")]


def test_a_cancelled_visit_gives_everything_back(house: House) -> None:
    interpreter(house)
    room(house, "mitid")
    journey = booked(house, interpreter="ar")
    assert ("mitid", "amina", "talk-room") in beside()
    cancel_journey(actor=citizen(journey.reference), journey=journey)
    assert beside() == []


# ------------------------------------------------------------------------------------------------------------------ moving and replanning


def test_a_moved_visit_keeps_its_need_and_takes_the_interpreter_along(house: House, settings: LazySettings) -> None:
    interpreter(house)
    journey = booked(house, services=TAX, interpreter="ar")
    offer = factories.plan(house, on=DATE, days=0, services=TAX, interpreter="ar", limit=9).itineraries[3].offer
    plain = factories.plan(house, on=DATE, days=0, services=TAX).itineraries[0].offer
    with pytest.raises(OfferRefused):
        move_journey(actor=citizen(journey.reference), journey=journey, offer=plain)
    move_journey(actor=citizen(journey.reference), journey=journey, offer=offer)
    assert beside() == [("tax-card", "amina", "")]
    at(settings, 8, 30)
    move_the_rest(actor=floorwalker(), journey=journey)
    assert beside() == [("tax-card", "amina", "")]


def test_a_further_step_is_booked_with_the_interpreter(house: House) -> None:
    interpreter(house)
    journey = booked(house, services=TAX, interpreter="ar")
    way = times_for(journey, house_plan(house), ["mitid"], [0])[0]
    book_steps(actor=floorwalker(), journey=journey, offer=way.offer)
    assert {row[1] for row in beside()} == {"amina"}


# ------------------------------------------------------------------------------------------------------------------------ need by the staff


def test_a_need_keeps_the_times_where_an_interpreter_is_free_then(house: House) -> None:
    interpreter(house)
    journey = booked(house)
    before = list(Appointment.objects.order_by("period").values_list("desk", "period"))
    assert change_interpreter(actor=floorwalker(), journey=journey, language="ar") is False
    assert {row[1] for row in beside()} == {"amina"}
    assert list(Appointment.objects.order_by("period").values_list("desk", "period")) == before
    assert Letter.objects.latest("created_at").subject.startswith("An interpreter for your visit: ")
    journey.refresh_from_db()
    assert "With interpreter: Amina (Arabic)" in calendar_of(journey).replace("\r\n ", "")
    assert change_interpreter(actor=floorwalker(), journey=journey, language="") is False
    assert {row[1] for row in beside()} == {""}


def test_a_need_shows_new_times_first_where_the_interpreter_comes_later(house: House) -> None:
    interpreter(house, hours=(13, 15))
    journey = booked(house, services=TAX)
    before = Appointment.objects.get().period
    with pytest.raises(PlacesGone) as gone:
        change_interpreter(actor=floorwalker(), journey=journey, language="ar")
    journey.refresh_from_db()
    assert (journey.interpreter, Appointment.objects.get().period) == ("", before)
    assert change_interpreter(actor=floorwalker(), journey=journey, language="ar", offer=gone.value.alternatives[0].offer) is True
    assert beside() == [("tax-card", "amina", "")]
    assert f"{Appointment.objects.get().starts.astimezone(house.zone):%H:%M}" == "13:00"


def test_new_times_for_a_need_are_not_before_the_booked_ones(house: House) -> None:
    interpreter(house, hours=(9, 11))
    journey = booked(house, services=TAX, between=(11 * 60, 15 * 60))
    late = Appointment.objects.get()
    with pytest.raises(PlacesGone) as gone:
        change_interpreter(actor=floorwalker(), journey=journey, language="ar")
    assert gone.value.alternatives and all(one.starts > late.starts for one in gone.value.alternatives)


def test_a_need_that_nobody_can_meet_changes_nothing(house: House) -> None:
    amina = interpreter(house)
    journey = booked(house, services=TAX)
    Closure.objects.create(house=house, resource=amina, first_day=DATE, last_day=DATE + dt.timedelta(days=90), title_da="Orlov")
    with pytest.raises(NotNow) as refusal:
        change_interpreter(actor=floorwalker(), journey=journey, language="ar")
    assert refusal.value.message == "No interpreter is free for Arabic in the next six weeks. The visit stays as it was."
    with pytest.raises(InvalidRequest):
        change_interpreter(actor=floorwalker(), journey=journey, language="so")
    with pytest.raises(NotAllowed):
        change_interpreter(actor=staff(factories.member(Role.CLERK, "siri")), journey=journey, language="")
    journey.refresh_from_db()
    assert (journey.interpreter, beside()) == ("", [("tax-card", "", "")])


# --------------------------------------------------------------------------------------------------------------------- hours and closures


def test_closing_an_interpreter_shows_who_it_meets_and_moves_them(house: House) -> None:
    amina, spare = interpreter(house), interpreter(house, "nour", "ar", "fa", hours=(14, 15))
    journey = booked(house, services=TAX, interpreter="ar")
    [one] = preview_change(actor=leader(), change=closed(amina))
    assert [f"{way.starts:%H:%M}" for way in one.proposals] == ["14:00", "14:05", "14:10"]
    with pytest.raises(OthersAffected):
        save_change(actor=leader(), change=closed(amina), choices={})
    saved = save_change(actor=leader(), change=closed(amina), choices={journey.pk: one.proposals[0].offer})
    assert (saved.moved, saved.left) == ([journey], [])
    assert beside() == [("tax-card", spare.key, "")]


def test_an_interpreter_who_stops_interpreting_the_language_leaves_nobody_unseen(house: House) -> None:
    amina = interpreter(house, "amina", "ar", "fa")
    booked(house, services=TAX, interpreter="ar")
    assert len(preview_change(actor=leader(), change=changed(amina, languages=["fa"]))) == 1
    assert preview_change(actor=leader(), change=changed(amina, languages=["ar"])) == []
    assert len(preview_change(actor=leader(), change=changed(amina, active_until=(DATE - dt.timedelta(days=1)).isoformat()))) == 1


def test_a_room_that_a_service_begins_to_need_takes_nobody_their_place(house: House) -> None:
    talk = room(house, "tax-card")
    booked(house, services=("mitid",))
    assert preview_change(actor=leader(), change=changed(talk, services=["mitid", "tax-card"])) == []


def test_only_the_host_decides_about_interpreters_and_its_floorwalkers_close_them_for_today(house: House) -> None:
    amina = interpreter(house)
    for actor in (leader("siri"), floorwalker()):
        with pytest.raises(NotAllowed):
            save_change(actor=actor, change=changed(amina, languages=["fa"]), choices={})
    with pytest.raises(NotAllowed):
        save_change(actor=floorwalker(), change=closed(amina, first=DATE + dt.timedelta(days=1)), choices={})
    save_change(actor=floorwalker(), change=closed(amina), choices={})
    assert times(house, services=TAX, interpreter="ar") == []
    assert times(house, services=TAX) != []  # the house is open


# ----------------------------------------------------------------------------------------------------------------------------- waiting list


def test_a_freed_time_without_an_interpreter_is_not_offered_to_who_needs_one(settings: LazySettings) -> None:
    at(settings, 8)
    house = waiting_day.house_open(15)
    amina = interpreter(house)
    away = Closure.objects.create(house=house, resource=amina, first_day=waiting_day.DAY, last_day=waiting_day.DAY, title_da="Syg")
    entry = waiting_day.waits(replace(waiting_day.wish(house), interpreter="ar"))
    assert serve_house(house) == 0
    away.delete()
    assert serve_house(house) == 1
    held = Appointment.objects.get(hold__isnull=False)
    assert (held.interpreter, entry.offers.count()) == (amina, 1)


def test_the_wish_for_an_interpreter_travels_in_the_offer(house: House) -> None:
    interpreter(house)
    found = factories.plan(house, on=DATE, days=0, services=TAX, interpreter="ar")
    journey = book_journey(actor=ANONYMOUS, offer=found.itineraries[0].offer, contact=ADA, consent=True).journey
    assert journey.interpreter == "ar"
    assert plan_journey(replace(found.request, limit=1)).itineraries[0].interpreter == "ar"
