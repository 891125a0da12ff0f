"""Booking: all or nothing, once, and never two parties in one place."""

from __future__ import annotations

import datetime as dt
import threading
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from psycopg.types.range import Range

from indgang.foundation.access.actors import ANONYMOUS, citizen
from indgang.foundation.database import clock
from indgang.foundation.journal.models import Entry
from indgang.foundation.mail.models import Letter
from indgang.operations.reception import offers
from indgang.operations.reception.actions.booking import book_journey
from indgang.operations.reception.actions.changes import cancel_journey, move_journey, release_unconfirmed
from indgang.operations.reception.actions.holds import HELD_PER_DESK, hold_offer, release_expired_holds
from indgang.operations.reception.actions.limits import CHANGES_PER_JOURNEY, JOURNEYS_A_DAY_PER_EMAIL, JOURNEYS_AHEAD_PER_EMAIL
from indgang.operations.reception.contacts import Contact, Guest
from indgang.operations.reception.errors import InvalidRequest, NotNow, OfferRefused, PlacesGone, TooManyBookings
from indgang.operations.reception.models import Appointment, Closure, Hold, Journey, Visit
from indgang.operations.reception.queries.plans import plan_journey
from indgang.operations.reception.rules.journeys import Traveller
from indgang.operations.reception.steps import steps_of
from indgang.operations.reception.tests.factories import book, plan, small_house, working_day
from indgang.operations.reception.tests.staff_day import at
from indgang.registers.parties.models import Person

ADA = Contact("Ada Example", "ada@example.org", "", "en")


def written() -> dict[str, int]:
    """How many rows there are of everything a booking writes."""
    return {model.__name__: model.objects.count() for model in (Journey, Visit, Appointment, Person, Letter, Entry)}  # type: ignore[attr-defined]


@pytest.mark.django_db
def test_a_booking_takes_every_place_of_its_offer_and_tells_the_journal() -> None:
    house = small_house()
    way = plan(house).itineraries[0]
    booking = book_journey(actor=ANONYMOUS, offer=way.offer, contact=ADA, consent=True)
    taken = Appointment.objects.order_by("period").values_list("visit__service__key", "desk__key", "period")
    assert [(s, d, p.lower, p.upper) for s, d, p in taken] == [(x.service.key, x.desk.desk.key, x.starts, x.ends) for x in way.stops]
    assert set(booking.journey.visits.values_list("journey__reference", "status")) == {(booking.journey.reference, "planned")}
    entry = Entry.objects.get(verb="journey.booked")
    assert (entry.subject_id, entry.after["people"], b"Ada" in bytes(entry.personal_text or b"")) == (str(booking.journey.id), 1, False)
    assert Letter.objects.get(to="ada@example.org").key.startswith("booked:")


@pytest.mark.django_db
def test_an_offer_is_booked_once_and_the_second_gets_fresh_times() -> None:
    house = small_house()
    way = plan(house).itineraries[0]
    book_journey(actor=ANONYMOUS, offer=way.offer, contact=ADA, consent=True)
    before = written()
    with pytest.raises(PlacesGone) as refusal:
        book_journey(actor=ANONYMOUS, offer=way.offer, contact=Contact("Bo", "bo@example.org"), consent=True)
    assert written() == before
    assert len(refusal.value.alternatives) == 3
    book_journey(actor=ANONYMOUS, offer=refusal.value.alternatives[0].offer, contact=Contact("Bo", "bo@example.org"), consent=True)


@pytest.mark.django_db
def test_the_same_request_again_gets_the_same_answer_and_writes_nothing() -> None:
    house = small_house()
    offer = plan(house).itineraries[0].offer
    first = book_journey(actor=ANONYMOUS, offer=offer, contact=ADA, consent=True, idempotency_key="k1")
    before = written()
    again = book_journey(actor=ANONYMOUS, offer=offer, contact=ADA, consent=True, idempotency_key="k1")
    assert (again.journey, again.manage_url, again.calendar_key) == (first.journey, first.manage_url, first.calendar_key)
    assert written() == before
    with pytest.raises(NotNow):
        book_journey(actor=ANONYMOUS, offer=offer, contact=Contact("Bo", "bo@example.org"), consent=True, idempotency_key="k1")


@pytest.mark.django_db
def test_when_one_place_of_several_is_gone_nothing_is_written() -> None:
    house = small_house()
    way = plan(house).itineraries[0]
    last = way.stops[-1]
    hold = Hold.objects.create(client="x", offer_digest="x", held_until=clock.now() + dt.timedelta(minutes=5))
    Appointment.objects.create(desk=last.desk.desk, party=1, period=(last.starts, last.ends), hold=hold)
    before = written()
    with pytest.raises(PlacesGone):
        book_journey(actor=ANONYMOUS, offer=way.offer, contact=ADA, consent=True)
    assert written() == before


@pytest.mark.django_db
def test_the_database_refuses_two_parties_at_a_desk_and_a_party_at_two_desks() -> None:
    house = small_house()
    book(house)
    taken = Appointment.objects.select_related("desk").order_by("id")[0]
    hold = Hold.objects.create(client="x", offer_digest="x", held_until=clock.now())
    other_desk = house.desks.exclude(pk=taken.desk_id)[0]
    for desk, party in ((taken.desk, taken.party + 1), (other_desk, taken.party)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Appointment.objects.create(desk=desk, party=party, period=taken.period, hold=hold)


@pytest.mark.django_db
def test_a_closure_made_after_the_offer_refuses_the_booking() -> None:
    house = small_house()
    way = plan(house).itineraries[0]
    Closure.objects.create(house=house, title_da="Lukket", first_day=way.dates[0], last_day=way.dates[0])
    with pytest.raises(PlacesGone) as refusal:
        book_journey(actor=ANONYMOUS, offer=way.offer, contact=ADA, consent=True)
    assert way.dates[0] not in {date for found in refusal.value.alternatives for date in found.dates}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("contact", "people", "consent", "fields"),
    [
        (Contact("", "ada@example.org"), [], True, {"name"}),
        (Contact("Ada", "not an address"), [], True, {"email"}),
        (Contact("Ada", ""), [], True, {"email"}),
        (Contact("Ada", "ada@example.org\nBcc: x@example.org"), [], True, {"email"}),
        (Contact("Ada", "ada@example.org", "call me"), [], True, {"phone"}),
        (ADA, [], False, {"consent"}),
        (ADA, [Guest("Ada", "POL"), Guest("Eve", "POL")], True, {"people"}),
        (ADA, [Guest("Ada", "USA")], True, {"people"}),
        (ADA, [Guest("Ada", "XXX")], True, {"people.0.citizenship"}),
        (ADA, [Guest("Ada", "POL", child=True)], True, {"people"}),
    ],
)
def test_bad_input_names_the_field_and_writes_nothing(contact: Contact, people: list[Guest], consent: bool, fields: set[str]) -> None:
    offer = plan(small_house()).itineraries[0].offer
    before = written()
    with pytest.raises(InvalidRequest) as refusal:
        book_journey(actor=ANONYMOUS, offer=offer, contact=contact, people=people, consent=consent)
    assert (set(refusal.value.fields), written()) == (fields, before)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "spoil", [lambda text: text[:-1] + ("A" if text[-1] != "A" else "B"), lambda text: "x" + text, lambda text: "", lambda text: "ø:ø:ø"]
)
def test_a_tampered_offer_is_refused(spoil: Any) -> None:
    offer = plan(small_house()).itineraries[0].offer
    with pytest.raises(OfferRefused):
        book_journey(actor=ANONYMOUS, offer=spoil(offer), contact=ADA, consent=True)


@pytest.mark.django_db
def test_an_offer_expires_by_the_clock_of_the_house(settings: Any) -> None:
    at(settings, 8)
    offer = plan(small_house()).itineraries[0].offer
    at(settings, 8, offers.OFFER_MINUTES - 1)
    assert offers.read_offer(offer).house == "aalborg"
    at(settings, 9, 1)
    with pytest.raises(OfferRefused, match="has expired"):
        offers.read_offer(offer)


@pytest.mark.django_db
def test_bookings_ahead_are_limited_per_address_and_cancelling_makes_room() -> None:
    house = small_house()
    journeys = [book(house, email="Hr@Example.org").journey for _ in range(JOURNEYS_AHEAD_PER_EMAIL)]
    with pytest.raises(TooManyBookings):
        book(house, email="hr@example.org")
    book(house, email="someone.else@example.org")
    cancel_journey(actor=citizen(journeys[0].reference), journey=journeys[0])
    book(house, email="hr@example.org")


@pytest.mark.django_db
def test_booking_and_cancelling_cannot_fill_a_mailbox() -> None:
    house = small_house()
    for _again in range(JOURNEYS_A_DAY_PER_EMAIL):
        journey = book(house, email="victim@example.org").journey
        cancel_journey(actor=citizen(journey.reference), journey=journey)
    with pytest.raises(TooManyBookings):
        book(house, email="victim@example.org")
    journey = book(house).journey
    Journey.objects.filter(pk=journey.pk).update(sequence=CHANGES_PER_JOURNEY)
    way = plan(house, on=working_day(14), moving=journey.id).itineraries[0]
    with pytest.raises(NotNow):
        move_journey(actor=citizen(journey.reference), journey=journey, offer=way.offer)


@pytest.mark.django_db
def test_a_hold_keeps_the_places_for_its_client_and_runs_out_by_itself() -> None:
    house = small_house()
    way = plan(house).itineraries[0]
    held = hold_offer(client="ada", offer=way.offer)
    assert hold_offer(client="ada", offer=way.offer).held_until == held.held_until
    other = plan(house).itineraries[0]
    assert (other.starts, other.desks) != (way.starts, way.desks) or other.stops[0].desk.desk != way.stops[0].desk.desk
    Hold.objects.update(held_until=clock.now())
    assert {(s.starts, s.desk.desk.id) for s in plan(house).itineraries[0].stops} == {(s.starts, s.desk.desk.id) for s in way.stops}
    hold_offer(client="bo", offer=plan(house).itineraries[0].offer)
    assert release_expired_holds() == 1


@pytest.mark.django_db
def test_a_client_holds_one_offer_at_a_time_and_nobody_can_take_it() -> None:
    house = small_house()
    first, second, *_rest = plan(house).itineraries
    hold_offer(client="ada", offer=first.offer)
    with pytest.raises(PlacesGone):
        hold_offer(client="bo", offer=plan_again(house, first))
    hold_offer(client="ada", offer=second.offer)
    assert Hold.objects.count() == 1
    assert set(Appointment.objects.values_list("period", flat=True)) == {_period(stop) for stop in second.stops}


def plan_again(house: Any, way: Any) -> str:
    """Another offer of the very same places."""
    read = offers.read_offer(way.offer)
    return offers.signed(offers.Offer(read.house, offers.new_party(), read.stops, read.wish))


def _period(stop: Any) -> Any:
    return Range(stop.starts, stop.ends)


@pytest.mark.django_db
def test_holds_in_bulk_cannot_close_the_house() -> None:
    house = small_house()
    ways = plan(house, limit=60).itineraries
    held, refused = 0, 0
    for number, way in enumerate(ways):
        try:
            hold_offer(client=f"robot {number}", offer=way.offer)
            held += 1
        except NotNow:
            refused += 1
            break
        except PlacesGone:
            continue
    assert (refused, Appointment.objects.count() <= HELD_PER_DESK * house.desks.count() + 4) == (1, True)
    book(house)


@pytest.mark.django_db
def test_booking_what_one_holds_turns_the_held_places_into_booked_ones() -> None:
    house = small_house()
    way = plan(house).itineraries[0]
    hold_offer(client="ada", offer=way.offer)
    book_journey(actor=ANONYMOUS, offer=way.offer, contact=ADA, consent=True)
    assert (Hold.objects.count(), Appointment.objects.filter(visit=None).count()) == (0, 0)
    assert Appointment.objects.count() == len(way.stops)


@pytest.mark.django_db
def test_cancelling_frees_the_places_raises_the_sequence_and_is_safe_to_repeat() -> None:
    house = small_house()
    way = plan(house).itineraries[0]
    journey = book_journey(actor=ANONYMOUS, offer=way.offer, contact=ADA, consent=True).journey
    for _again in range(2):
        journey = cancel_journey(actor=citizen(journey.reference), journey=journey)
    assert (journey.sequence, set(journey.visits.values_list("status", flat=True))) == (1, {"cancelled"})
    assert Letter.objects.filter(calendar_method="CANCEL").count() == 1
    assert [(s.starts, s.desk.desk.id) for s in plan(house).itineraries[0].stops] == [(s.starts, s.desk.desk.id) for s in way.stops]


@pytest.mark.django_db
def test_moving_takes_all_the_new_places_or_keeps_the_old() -> None:
    house = small_house()
    journey = book(house).journey
    old = set(Appointment.objects.values_list("desk", "period"))
    way = plan(house, on=working_day(14), moving=journey.id).itineraries[0]
    rival = plan(house, on=working_day(14)).itineraries[0]
    book_journey(actor=ANONYMOUS, offer=rival.offer, contact=ADA, consent=True)
    mine = Appointment.objects.filter(visit__journey=journey)
    with pytest.raises(PlacesGone) as refusal:
        move_journey(actor=citizen(journey.reference), journey=journey, offer=way.offer)
    assert set(mine.values_list("desk", "period")) == old
    moved = move_journey(actor=citizen(journey.reference), journey=journey, offer=refusal.value.alternatives[0].offer)
    assert moved.sequence == 1
    assert [a.starts for a in mine.order_by("period")] == [stop.starts for stop in refusal.value.alternatives[0].stops]


@pytest.mark.django_db
def test_a_move_may_overlap_the_places_it_leaves() -> None:
    house = small_house()
    journey = book(house).journey
    way = plan(house, moving=journey.id).itineraries[1]
    move_journey(actor=citizen(journey.reference), journey=journey, offer=way.offer)
    assert [a.starts for a in Appointment.objects.order_by("period")] == [stop.starts for stop in way.stops]


@pytest.mark.django_db
@pytest.mark.parametrize(("ahead", "released"), [(14, 1), (0, 0)])
def test_addresses_that_nobody_confirms_let_go_of_their_places_after_a_day(ahead: int, released: int, settings: Any) -> None:
    settings.CLOCK_STARTS_AT = dt.datetime(2026, 12, 7, 12, tzinfo=dt.UTC)
    house = small_house()
    date = dt.date(2026, 12, 8) + dt.timedelta(days=ahead)
    kept, let_go = book(house, on=date, confirmed=True).journey, book(house, on=date).journey
    Journey.objects.update(created_at=clock.now() - dt.timedelta(hours=25))
    assert release_unconfirmed() == released
    kept.refresh_from_db()
    let_go.refresh_from_db()
    assert (kept.cancelled_at, let_go.cancelled_at is not None) == (None, bool(released))


@pytest.mark.django_db(transaction=True)
def test_many_clients_on_one_place_give_one_winner_and_no_partial_journey() -> None:
    house = small_house()
    way = plan(house).itineraries[0]
    rivals = [plan_again(house, way) for _ in range(24)]
    results: list[str] = []
    start = threading.Barrier(8)

    def client(numbers: range) -> None:
        start.wait()
        for number in numbers:
            try:
                book_journey(actor=ANONYMOUS, offer=rivals[number], contact=Contact(f"C{number}", f"c{number}@example.org"), consent=True)
                results.append("won")
            except PlacesGone:
                results.append("gone")
        connection.close()

    threads = [threading.Thread(target=client, args=(range(n, 24, 8),)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(results) == {"won": 1, "gone": 23}
    assert Appointment.objects.count() == Visit.objects.count() == len(way.stops)


@pytest.mark.django_db
def test_what_each_person_comes_for_is_kept_and_brings_its_papers() -> None:
    house = small_house()
    request = replace(plan(house, adults=2).request, travellers=(Traveller("POL", False, "study"), Traveller("POL", False, "work")))
    found = plan_journey(request)
    journey = book_journey(actor=ANONYMOUS, offer=found.itineraries[0].offer, contact=ADA, consent=True).journey
    assert list(journey.travellers.values_list("purpose", flat=True)) == ["study", "work"]
    assert [step.bring for step in steps_of(journey, "en") if step.title == "Tax card"] == [("Employment contract",)]
