"""Rooms of people with a ticket: taken with the call, told plainly where none is free, and given back however the step ends."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.conf import LazySettings

from indgang.foundation.access.actors import ANONYMOUS, Actor, staff
from indgang.foundation.identity.models import Role
from indgang.foundation.journal.models import Entry
from indgang.foundation.places.models import House
from indgang.operations.reception.actions import desk as desk_actions
from indgang.operations.reception.actions import line, sent_on
from indgang.operations.reception.actions.floor import check_in_journey
from indgang.operations.reception.actions.holds import hold_offer
from indgang.operations.reception.actions.tickets import Errands, take_ticket
from indgang.operations.reception.api import staff_api as desk_api
from indgang.operations.reception.errors import NotNow, PlacesGone
from indgang.operations.reception.models import Desk, LineSetting, Resource, Service, Visit
from indgang.operations.reception.queries.free_time import available_slots
from indgang.operations.reception.queries.house import house_plan
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.resource_day import interpreter, room
from indgang.operations.reception.tests.staff_day import DATE, at, at_instant, clerk, floorwalker, party, said

pytestmark = pytest.mark.django_db
TAX, SIRI = "tax-1", "siri-1"


@pytest.fixture
def house(settings: LazySettings) -> House:
    at(settings, 10)
    return factories.small_house()


def actor(desk: str = TAX) -> Actor:
    return staff(factories.member(Role.CLERK, factories.desk(desk).organisation.key))


def ticket(house: House, *services: str) -> Visit:
    taken = take_ticket(actor=ANONYMOUS, house=house, errands=Errands(list(services or ("tax-card",))))
    return taken.ticket.journey.visits.select_related("journey__house", "service").order_by("position")[0]


def called(desk: str = TAX) -> Visit | None:
    return desk_actions.call_next(actor=actor(desk), desk=factories.desk(desk))


def taking(desk: str = TAX) -> Visit:
    visit = called(desk)
    assert visit is not None
    return visit


def both(house: House) -> tuple[Resource, Visit, Visit]:
    """One room for two services; a party at the tax desk has it, another waits for the residence desk."""
    one = room(house, "tax-card", "siri-residence")
    ticket(house, "tax-card")
    first = taking()
    return one, first, ticket(house, "siri-residence")


def slots(house: House, service: str = "tax-card") -> list[dt.datetime]:
    now = dt.datetime(DATE.year, DATE.month, DATE.day, 9, tzinfo=dt.UTC)
    return [slot.starts for slot in available_slots(house_plan(house), service, DATE, DATE, now=now)]


def test_the_call_takes_the_room_and_nobody_else_is_offered_it_meanwhile(house: House) -> None:
    one = room(house, "tax-card", "mitid")
    before = slots(house, "mitid")
    ticket(house)
    visit = taking()
    assert (visit.room, Entry.objects.get(verb="visit.called").after["room"]) == (one, "talk-room")
    ends = dt.datetime(2026, 12, 8, 10, tzinfo=before[0].tzinfo) + dt.timedelta(minutes=visit.service.minutes)
    assert slots(house, "mitid") == [starts for starts in before if starts > ends]
    assert "Room: Talk room" in clerk("skattestyrelsen").get(f"/desks/{house.key}/{TAX}/").content.decode()


def test_a_booking_that_was_planned_before_the_call_is_refused_the_room(house: House, settings: LazySettings) -> None:
    room(house, "tax-card", "mitid")
    offer = factories.plan(house, on=DATE, services=("mitid",)).itineraries[0].offer
    ticket(house)
    taking()
    with pytest.raises(PlacesGone):
        hold_offer(client="somebody", offer=offer)


def test_whoever_finds_no_room_keeps_the_place_and_the_next_is_called(house: House, settings: LazySettings) -> None:
    _one, first, waits = both(house)
    Desk.objects.get(key=SIRI).services.add(Service.objects.get(key="mitid"))
    assert called(SIRI) is None
    page = clerk().post(f"/desks/{house.key}/{SIRI}/next/?back=desk", follow=True)
    until = f"10.{first.service.minutes:02}"
    told = f"“EU residence document” is done in a room, and none is free for it now. Talk room: with number 1 (Desk 5) until about {until}."
    assert said(page) == [f"Number 2 waits for a room. {told}"]
    assert f"waits for a room, until about {until}" in page.content.decode()
    assert f"waits for a room, until about {until}" in floorwalker().get("/board/aalborg/").content.decode()
    other = ticket(house, "mitid")
    page = clerk().post(f"/desks/{house.key}/{SIRI}/next/?back=desk", follow=True)
    assert said(page) == ["Called: Number 3, 1 person.", "Keeps its place until a room is free: Number 2, 1 person."]
    desk_actions.put_back(actor=actor(SIRI), visit=other)
    desk_actions.finish_visit(actor=actor(), visit=first, outcome="done")
    assert called(SIRI) == waits


def test_one_who_is_called_by_hand_is_refused_with_the_reason_and_goes_without_where_the_house_says_so(house: House) -> None:
    _one, _first, waits = both(house)
    call = f"/desks/{house.key}/{SIRI}/call/{waits.pk}/?back=desk"
    page = clerk().post(call, follow=True)
    assert said(page)[0].startswith("“EU residence document” is done in a room, and none is free for it now. Talk room: with number 1")
    assert "without a room" not in page.content.decode()
    page = clerk().post(call, {"without_room": "1"}, follow=True)
    assert said(page) == ["In this house nobody is called without the room that the step is done in."]
    LineSetting.objects.create(house=house, without_room=True)
    assert "Call Number 2 without a room" in clerk().get(f"/desks/{house.key}/{SIRI}/").content.decode()
    page = clerk().post(call, {"without_room": "1"}, follow=True)
    assert "They were called without the room that this step is done in." in page.content.decode()
    waits.refresh_from_db()
    assert (waits.status, waits.room) == ("called", None)
    assert Entry.objects.filter(verb="visit.called", after__room=None).count() == 1


@pytest.mark.parametrize("end", ["finish", "put back", "set aside", "send on", "day"])
def test_the_end_of_the_step_gives_the_room_back_whatever_ends_it(house: House, settings: LazySettings, end: str) -> None:
    one, first, waits = both(house)
    before = slots(house)
    assert called(SIRI) is None
    ends: dict[str, Callable[[], object]] = {
        "finish": lambda: desk_actions.finish_visit(actor=actor(), visit=first, outcome="done"),
        "put back": lambda: desk_actions.put_back(actor=actor(), visit=first),
        "set aside": lambda: line.set_aside(actor=actor(), visit=first),
        "send on": lambda: line.send_on(actor=actor(), visit=first, service=Service.objects.get(key="mitid")),
        "day": lambda: at_instant(settings, dt.datetime(2026, 12, 9, 9, 30, tzinfo=dt.UTC)),
    }
    ends[end]()
    if end == "day":  # a step that nobody ended
        waits = ticket(house, "siri-residence")
    else:
        assert len(slots(house)) > len(before)
    visit = taking(SIRI)
    assert (visit, visit.room) == (waits, one)
    assert Visit.objects.filter(room=one, status__in=["called", "serving"]).count() == 1


def test_a_step_that_is_begun_again_has_its_room_unless_somebody_else_has_it_by_now(house: House) -> None:
    one, first, _waits = both(house)
    desk_actions.finish_visit(actor=actor(), visit=first, outcome="done")
    assert desk_actions.reopen_visit(actor=actor(), visit=first).room == one
    desk_actions.finish_visit(actor=actor(), visit=first, outcome="done")
    taking(SIRI)
    assert desk_actions.reopen_visit(actor=actor(), visit=first).room is None
    page = clerk("skattestyrelsen").get(f"/desks/{house.key}/{TAX}/").content.decode()
    assert "They were called without the room that this step is done in." in page


def test_sending_on_that_is_undone_takes_the_room_again(house: House) -> None:
    one, first, _waits = both(house)
    following = line.send_on(actor=actor(), visit=first, service=Service.objects.get(key="mitid"))
    assert sent_on.undo_send_on(actor=actor(), visit=first, following=following).visit.room == one


def test_a_room_that_is_booked_soon_is_kept_and_its_own_party_gets_it_early_and_late(house: House, settings: LazySettings) -> None:
    one = room(house, "tax-card", "siri-residence")
    booked = party(house, services=("tax-card",), name="Ana Silva")
    starts = booked.visits.get().appointment.starts.astimezone(house.zone)
    early, late = starts - dt.timedelta(minutes=10), starts + dt.timedelta(minutes=110)
    at(settings, early.hour, early.minute)
    ticket(house, "siri-residence")
    assert called(SIRI) is None
    page = clerk().post(f"/desks/{house.key}/{SIRI}/next/?back=desk", follow=True)
    assert f"Talk room: booked from {starts.hour}.{starts:%M} on." in said(page)[0]
    check_in_journey(actor=staff(factories.member(Role.FLOORWALKER, "ihnd")), journey=booked)
    visit = taking()
    assert (visit.journey, visit.room) == (booked, one)
    desk_actions.put_back(actor=actor(), visit=visit)
    at(settings, late.hour, late.minute)
    assert called(SIRI) is None  # who booked and waits goes first
    assert taking().room == one


def test_a_room_that_runs_late_is_told_to_whoever_is_booked_next(house: House, settings: LazySettings) -> None:
    _one, first, _waits = both(house)
    at(settings, 10, first.service.minutes + 8)
    page = clerk().post(f"/desks/{house.key}/{SIRI}/next/?back=desk", follow=True)
    assert f"Talk room: still with number 1 (Desk 5), who was to be done at 10.{first.service.minutes:02}." in said(page)[0]
    assert "waits for a room that should be free by now" in page.content.decode()


def test_a_call_that_gets_a_room_and_no_interpreter_says_so_and_keeps_both_apart(house: House) -> None:
    one, amina = room(house, "tax-card"), interpreter(house)
    other = take_ticket(actor=ANONYMOUS, house=house, errands=Errands(["siri-residence"], interpreter="ar"))
    assert taking(SIRI).interpreter == amina
    take_ticket(actor=ANONYMOUS, house=house, errands=Errands(["tax-card"], interpreter="ar"))
    page = clerk("skattestyrelsen").post(f"/desks/{house.key}/{TAX}/next/?back=desk", follow=True)
    number = other.ticket.number
    assert said(page)[1].startswith("An interpreter for Arabic is free from 10.")
    assert f"Amina: with number {number} (Desk 1) until about 10." in said(page)[1]
    visit = Visit.objects.get(service__key="tax-card")
    assert (visit.room, visit.interpreter) == (one, None)


def test_nobody_waits_for_a_room_where_there_is_none(house: House) -> None:
    one = room(house, "tax-card")
    Resource.objects.filter(pk=one.pk).update(active_until=DATE - dt.timedelta(days=1))
    ticket(house)
    assert taking().room is None


def test_a_visit_that_was_booked_before_its_service_needed_a_room_waits_for_none(house: House, settings: LazySettings) -> None:
    booked = party(house, services=("tax-card",))
    at(settings, 12, 40)
    check_in_journey(actor=staff(factories.member(Role.FLOORWALKER, "ihnd")), journey=booked)
    room(house, "tax-card", "siri-residence")
    ticket(house, "siri-residence")
    assert taking(SIRI).room is not None
    assert taking().room is None


def test_a_script_that_calls_is_told_the_room_and_that_nobody_can_be_called(house: House) -> None:
    one, first, waits = both(house)
    told = desk_api.fresh(actor(), first)
    assert (told["room"], told["interpreter"]) == (one.key, None)
    with pytest.raises(NotNow):
        desk_actions.call_visit(actor=actor(SIRI), desk=factories.desk(SIRI), visit=waits)
    waits.refresh_from_db()
    assert (waits.status, desk_api.fresh(actor(SIRI), waits)["room"]) == ("waiting", None)


def test_the_room_s_own_day_says_who_has_it_now_and_the_desk_for_whom_it_is_booked_next(house: House, settings: LazySettings) -> None:
    one, booked = room(house, "siri-residence", "tax-card"), party(house, services=("tax-card",))
    starts = booked.visits.get().appointment.starts.astimezone(house.zone)
    before, until = starts - dt.timedelta(minutes=25), starts - dt.timedelta(minutes=5)
    at(settings, before.hour, before.minute)
    ticket(house, "siri-residence")
    taking(SIRI)
    assert f"Talk room: booked from {starts.hour}.{starts:%M} on." in clerk().get(f"/desks/{house.key}/{SIRI}/").content.decode()
    page = floorwalker().get(f"/hours/{house.key}/resources/{one.key}/day/").content.decode()
    assert f"Talk room: with number 1 (Desk 1) until about {until.hour}.{until:%M}." in page
