"""Changing the hours: what it does to availability, whom it meets, that they are moved or named, and that nobody slips through."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.conf import LazySettings
from django.db import connections

from indgang.foundation.access.actors import ANONYMOUS, NotAllowed, staff
from indgang.foundation.database import clock
from indgang.foundation.identity.models import Role
from indgang.foundation.journal.models import Entry
from indgang.foundation.mail.models import Letter
from indgang.foundation.places.models import House
from indgang.operations.reception.actions import floor
from indgang.operations.reception.actions.booking import book_journey
from indgang.operations.reception.actions.opening import OthersAffected, move_outside, preview_change, save_change
from indgang.operations.reception.actions.tickets import Errands, take_ticket
from indgang.operations.reception.contacts import Contact
from indgang.operations.reception.errors import NotNow, PlacesGone
from indgang.operations.reception.models import Appointment, Closure, Hold, Hours, Journey, Session, Visit
from indgang.operations.reception.models.journey import Status
from indgang.operations.reception.opening_changes import Change
from indgang.operations.reception.queries.affected import affected_by, places_outside, with_proposals
from indgang.operations.reception.queries.free_time import available_slots
from indgang.operations.reception.queries.house import house_plan, opening_today
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.opening_day import closure, desk_without, first_choices, hours, leader, saved, session
from indgang.operations.reception.tests.staff_day import DATE, at, party

pytestmark = pytest.mark.django_db
WEEK = dt.timedelta(days=7)


@pytest.fixture
def house(settings: LazySettings) -> House:
    at(settings, 8, 30)
    return factories.small_house()


def starts(house: House, service: str, date: dt.date = DATE) -> list[str]:
    """When the service can begin on the day."""
    return [slot.starts.strftime("%H:%M") for slot in available_slots(house_plan(house), service, date, date, now=clock.now())]


def places(journey: Journey) -> list[tuple[str, str]]:
    rows = Appointment.objects.filter(visit__journey=journey, freed_at=None).select_related("desk").order_by("period")
    return [(row.desk.key, row.starts.astimezone(journey.house.zone).strftime("%d.%m. %H:%M")) for row in rows]


def outside(house: House) -> int:
    return len(places_outside(house_plan(house), now=clock.now()))


def test_a_closure_of_the_afternoon_counts_at_once_and_lifting_it_too(house: House) -> None:
    whole = starts(house, "tax-card")
    boss = leader()
    entry = saved(boss, closure("tax-1", begins="12:00")).entry
    assert starts(house, "tax-card") == [time for time in whole if time < "12:00"]
    assert opening_today(house, DATE) == [(dt.time(9), dt.time(12)), (dt.time(12, 30), dt.time(15))]
    saved(boss, closure(begins="10:00", ends="13:00"))
    assert opening_today(house, DATE) == [(dt.time(9), dt.time(10)), (dt.time(13), dt.time(15))]
    row = Closure.objects.get(desk__key="tax-1")
    assert (row.by_staff, row.from_time, entry is not None and entry.verb) == (True, dt.time(12), "closure.added")


def test_a_session_opens_its_desks_beside_their_hours_every_second_week(house: House) -> None:
    saved(leader(), session("tax-1", "siri-1", weeks=2))
    evening = [time for time in starts(house, "tax-card") if time >= "16:00"]
    assert (evening[0], evening[-1]) == ("16:00", "17:45")
    assert [time for time in starts(house, "cpr-registration") if time >= "16:00"] == []
    assert [time for time in starts(house, "tax-card", DATE + WEEK) if time >= "16:00"] == []
    assert [time for time in starts(house, "tax-card", DATE + WEEK * 2) if time >= "16:00"] == evening
    assert opening_today(house, DATE)[-1] == (dt.time(16), dt.time(18))


def test_a_desk_only_in_sessions_follows_no_hours(house: House) -> None:
    saved(leader(), desk_without("tax-1", only_in_sessions=True))
    assert starts(house, "tax-card") == []
    saved(leader(), session("tax-1"))
    assert starts(house, "tax-card")[0] == "16:00"


def test_a_house_for_a_time_receives_nobody_outside_it(house: House) -> None:
    days = {"active_from": None, "active_until": None}
    saved(leader(), Change("house", house.key, "", 0, days, {**days, "active_until": DATE.isoformat()}))
    house.refresh_from_db()
    assert starts(house, "tax-card")
    assert starts(house, "tax-card", DATE + dt.timedelta(days=1)) == []
    assert opening_today(house, DATE + dt.timedelta(days=1)) == []


def test_who_is_booked_is_shown_before_anything_is_saved(house: House) -> None:
    ana, bo = party(house, name="Ana Silva"), party(house, name="Bo Chen")
    before = places(ana), places(bo)
    affected = preview_change(actor=leader(), change=closure("tax-1"))
    assert [one.journey for one in affected] == [ana, bo]
    assert [(place.desk.key, place.visit.service.key) for one in affected for place in one.places if place.visit] == [
        ("tax-1", "tax-card")
    ] * 2
    assert all(len(one.proposals) == 3 for one in affected)
    firsts = [(stop.desk.desk.pk, stop.starts) for one in affected for stop in one.proposals[0].stops]
    assert len(set(firsts)) == len(firsts)
    assert (places(ana), places(bo), Closure.objects.count()) == (*before, 0)
    assert not Entry.objects.filter(verb="closure.added").exists()
    assert starts(house, "tax-card") != []


def test_everybody_is_moved_as_one_and_told(house: House) -> None:
    parties = [party(house, name=f"Party {number}", confirmed=True) for number in range(4)]
    result = saved(leader(), closure("siri-1"))
    touched = [journey for journey in parties if journey in result.moved]
    assert touched and result.left == []
    assert outside(house) == 0
    assert sorted(Letter.objects.filter(key__startswith="moved:").values_list("to", flat=True)) == sorted(
        journey.contact.email for journey in touched if journey.contact
    )
    letter = Letter.objects.filter(key__startswith="moved:", subject__startswith="New time").first()
    assert letter is not None and "the opening hours of a desk have changed, so we had to find a new time for you" in letter.text
    for journey in touched:
        assert len(places(journey)) == 4
        assert all(desk != "siri-1" for desk, _time in places(journey))
        entry = Entry.objects.get(verb="journey.moved", subject_id=str(journey.pk))
        assert entry.before["appointments"] != entry.after["appointments"]
    assert Closure.objects.get().desk == factories.desk("siri-1")


def test_the_nearest_time_of_the_same_day_comes_first(house: House) -> None:
    ana = party(house, name="Ana Silva")
    [one] = preview_change(actor=leader(), change=closure("siri-1"))
    assert one.journey == ana
    first = one.proposals[0]
    assert (first.dates, first.starts.strftime("%H:%M"), first.stops[0].desk.desk.key) == ([DATE], "09:00", "siri-2")


def test_whoever_is_left_stays_booked_and_is_named(house: House) -> None:
    ana = party(house, name="Ana Silva")
    before = places(ana)
    result = save_change(actor=leader(), change=closure("tax-1"), choices={ana.pk: ""})
    assert (result.moved, result.left, places(ana)) == ([], [(ana, "")], before)
    assert outside(house) == 1
    [again] = with_proposals(house, affected_by(places_outside(house_plan(house), now=clock.now())))
    later = move_outside(actor=leader(), house=house, choices={ana.pk: again.proposals[0].offer})
    assert (later.moved, outside(house)) == ([ana], 0)


def test_a_change_does_not_name_those_whom_another_change_left(house: House) -> None:
    ana = party(house, name="Ana Silva")
    save_change(actor=leader(), change=closure("tax-1"), choices={ana.pk: ""})
    assert preview_change(actor=leader(), change=closure("siri-2")) == []


def test_a_booking_made_meanwhile_stops_the_change(house: House) -> None:
    ana = party(house, name="Ana Silva")
    choices = first_choices(leader(), closure("tax-1"))
    bo = party(house, name="Bo Chen")
    with pytest.raises(OthersAffected):
        save_change(actor=leader(), change=closure("tax-1"), choices=choices)
    assert (Closure.objects.count(), outside(house)) == (0, 0)
    assert len(saved(leader(), closure("tax-1")).moved) == 2
    assert ana.pk != bo.pk


def test_a_proposal_that_somebody_took_leaves_that_journey_as_it_was_and_moves_the_others(house: House) -> None:
    ana, bo = party(house, name="Ana Silva"), party(house, name="Bo Chen")
    affected = preview_change(actor=leader(), change=closure("tax-1"))
    choices = {one.journey.pk: one.proposals[0].offer for one in affected}
    stop = affected[0].proposals[0].stops[-1]
    hold = Hold.objects.create(client="somebody", offer_digest="x", held_until=clock.now() + dt.timedelta(minutes=10))
    Appointment.objects.create(desk=stop.desk.desk, party=1, period=(stop.starts, stop.ends), hold=hold)
    before = places(ana)
    result = save_change(actor=leader(), change=closure("tax-1"), choices=choices)
    assert ([journey for journey, _why in result.left], result.moved, places(ana)) == ([ana], [bo], before)
    assert result.left[0][1] == "Somebody else has just taken the proposed time."


def test_a_party_that_waits_goes_on_waiting_at_its_place_in_line(house: House, settings: LazySettings) -> None:
    ana = party(house, name="Ana Silva")
    walker = staff(factories.member(Role.FLOORWALKER, "ihnd"))
    floor.check_in_journey(actor=walker, journey=ana)
    arrived = Visit.objects.filter(journey=ana).values_list("arrived_at", flat=True).first()
    at(settings, 9, 2)
    result = saved(walker, closure("siri-1", begins="09:00"))
    assert result.moved == [ana]
    visits = Visit.objects.filter(journey=ana)
    assert {(visit.status, visit.arrived_at) for visit in visits} == {(Status.WAITING, arrived)}
    assert places(ana)[0] == ("siri-2", "08.12. 09:05")


def test_whoever_waits_for_what_nobody_does_any_more_today_is_named(house: House, settings: LazySettings) -> None:
    walker = staff(factories.member(Role.FLOORWALKER, "ihnd"))
    ticket = take_ticket(actor=walker, house=house, errands=Errands(["tax-card"])).ticket.journey
    other = take_ticket(actor=walker, house=house, errands=Errands(["siri-residence"])).ticket.journey
    at(settings, 9, 5)
    assert [visit.journey for visit in saved(walker, closure("tax-1", begins="09:05")).stranded] == [ticket]
    assert saved(walker, closure("siri-1", begins="09:05")).stranded == []
    assert [visit.journey for visit in saved(walker, closure("siri-2", begins="09:05")).stranded] == [other]


def test_taking_a_service_from_a_desk_meets_those_booked_for_it(house: House) -> None:
    ana = party(house, name="Ana Silva")
    at_desk = {desk for desk, _time in places(ana)} & {"citizen-1", "citizen-2"}
    change = desk_without(at_desk.pop(), services=["mitid"])
    assert [one.journey for one in preview_change(actor=leader(), change=change)] == [ana]
    saved(leader(), change)
    assert outside(house) == 0


def test_shorter_hours_from_a_day_meet_only_those_after_it(house: House) -> None:
    party(house, name="Ana Silva")
    later = factories.book(house, name="Bo Chen", on=DATE + WEEK, days=0).journey
    rows = [[r.weekday, r.opens.isoformat("minutes"), r.closes.isoformat("minutes"), None, None] for r in Hours.objects.all()]
    kept = [[*row[:4], DATE.isoformat()] for row in rows]
    change = hours(house, *kept, [1, "12:30", "15:00", (DATE + dt.timedelta(days=1)).isoformat(), None])
    assert [one.journey for one in preview_change(actor=leader(), change=change)] == [later]


def test_two_people_who_change_the_same_hours_do_not_overwrite_each_other(house: House) -> None:
    one, other = hours(house, [1, "09:00", "12:00", None, None]), hours(house, [1, "10:00", "12:00", None, None])
    saved(leader(), one)
    with pytest.raises(NotNow, match="A colleague has changed this meanwhile"):
        save_change(actor=leader(), change=other, choices={})
    assert list(Hours.objects.values_list("weekday", "opens")) == [(1, dt.time(9))]


def test_the_journal_keeps_before_and_after_and_can_take_it_back(house: House) -> None:
    change = hours(house, [1, "09:00", "12:00", None, None])
    entry = saved(leader(), change).entry
    assert entry is not None
    assert (entry.verb, entry.before, entry.after) == ("hours.changed", change.before, change.after)
    saved(leader(), change.undone)
    assert hours(house).before == change.before


@pytest.mark.parametrize(
    ("role", "of", "allowed"),
    [
        ("leader", "ihnd", {"house", "desk", "other", "today"}),
        ("administrator", "ihnd", {"house", "desk", "other", "today"}),
        ("leader", "siri", {"desk", "today"}),
        ("administrator", "siri", {"desk", "today"}),
        ("clerk", "siri", {"today"}),
        ("floorwalker", "ihnd", {"today"}),
        ("leader", "skattestyrelsen", {"other"}),
        ("reader", "siri", set()),
    ],
)
def test_who_may_change_what(house: House, role: str, of: str, allowed: set[str]) -> None:
    actor = staff(factories.member(role, of))
    tomorrow = DATE + dt.timedelta(days=1)
    asked = {
        "house": closure(first=tomorrow),
        "desk": closure("siri-1", first=tomorrow),
        "other": closure("tax-1", first=tomorrow),
        "today": closure("siri-2", begins="09:00"),
    }
    may = set()
    for name, change in asked.items():
        try:
            save_change(actor=actor, change=change, choices={})
            may.add(name)
        except NotAllowed:
            continue
    assert may == allowed
    assert Closure.objects.count() == len(allowed)


def test_nobody_gives_a_desk_or_a_session_to_an_authority_of_others(house: House) -> None:
    boss = leader("siri")
    for change in (desk_without("siri-1", organisation="skattestyrelsen"), session("siri-1", "tax-1"), hours(house, desk="tax-1")):
        with pytest.raises(NotAllowed):
            preview_change(actor=boss, change=change)
    saved(boss, session("siri-1", "siri-2"))
    assert Session.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_bookings_and_a_closure_at_the_same_moment_leave_nobody_outside(house: House) -> None:
    boss = leader()
    offers = [way.offer for way in factories.plan(house, on=DATE, days=0, limit=6).itineraries]
    gate = Barrier(len(offers) + 1)
    closed: list[bool] = []

    def book(number: int) -> bool:
        gate.wait()
        try:
            contact = Contact(f"Ada {number}", f"ada{number}@example.org", "", "en")
            book_journey(actor=ANONYMOUS, offer=offers[number], contact=contact, consent=True)
            return True
        except PlacesGone:
            return False
        finally:
            connections.close_all()

    def close() -> None:
        gate.wait()
        try:
            save_change(actor=boss, change=closure(), choices={})
            closed.append(True)
        except OthersAffected:
            closed.append(False)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(offers) + 1) as pool:
        closing = pool.submit(close)
        booked = list(pool.map(book, range(len(offers))))
        closing.result()
    assert closed == [not any(booked)]
    assert outside(house) == 0
