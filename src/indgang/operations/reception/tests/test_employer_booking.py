"""An employer books for its people: all or the stated part, in one go, and what everybody is told."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress

import pytest
from django.conf import LazySettings

from indgang.foundation.access.actors import citizen
from indgang.foundation.database import clock
from indgang.operations.reception import links
from indgang.operations.reception.actions.changes import cancel_journey, confirm_email
from indgang.operations.reception.actions.employer_booking import (
    cancel_for_employees,
    confirm_proposals,
    shown_proposals,
    wait_for_employee,
)
from indgang.operations.reception.actions.employers import add_people, propose_times, start_employer_booking
from indgang.operations.reception.contacts import Contact
from indgang.operations.reception.errors import GroupChanged, InvalidRequest, NotNow, TooManyBookings
from indgang.operations.reception.models import Appointment, EmployerBooking, Journey, WaitingEntry
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.employer_day import (
    DAY,
    asked,
    booked,
    group,
    letters,
    person,
    proposed,
    rows,
    starts,
    wanted,
    wishes,
)
from indgang.operations.reception.tests.staff_day import at, at_instant
from indgang.operations.reception.tests.waiting_day import house_open

pytestmark = pytest.mark.django_db
NAMES = ("Anna Nowak", "Bo Lind", "Cy Diaz")


@pytest.fixture(autouse=True)
def _morning(settings: LazySettings) -> None:
    at(settings, 8)


def states(booking: EmployerBooking) -> list[str]:
    return [row.state for row in rows(booking)]


def test_the_link_is_sent_and_nothing_is_known_of_anybody_before_it_is_opened() -> None:
    booking = asked(house_open(60))
    [letter] = letters("employer-link")
    assert (letter.to, booking.confirmed_at, booking.employees.count()) == ("hr@nordvaerk.example", None, 0)
    assert f"/employers/{booking.pk}/?key=" in letter.text


def test_the_same_company_and_address_are_sent_the_link_to_the_group_there_is(settings: LazySettings) -> None:
    house = house_open(60)
    first = asked(house)
    at(settings, 8, 10)
    assert asked(house, company="NORDVÆRK a/s").pk == first.pk
    assert asked(house, company="Another Company").pk != first.pk
    assert len(letters("employer-link")) == 3


def test_a_second_click_is_one_group_and_one_letter(settings: LazySettings) -> None:
    house = house_open(60)
    first, second = asked(house), asked(house)
    assert (first.pk, len(letters("employer-link"))) == (second.pk, 1)
    at(settings, 8, 3)
    asked(house)
    assert len(letters("employer-link")) == 2


def test_nobody_is_written_to_without_end(settings: LazySettings) -> None:
    house = house_open(60)
    for minute in (0, 5, 10):
        at(settings, 8, minute)
        asked(house)
    at(settings, 8, 15)
    with pytest.raises(TooManyBookings):
        asked(house)
    for company in ("Second", "Third"):
        asked(house, company=company)
    with pytest.raises(TooManyBookings):
        asked(house, company="Fourth")
    assert len(letters("employer-link")) == 5


@pytest.mark.parametrize(
    ("company", "cvr", "email", "fields"),
    [
        ("", "", "hr@example.org", {"company"}),
        ("Cheap pills at www.example.com", "", "hr@example.org", {"company"}),
        ("Nordværk", "12345678", "hr@example.org", {"cvr"}),
        ("Nordværk", "", "hr", {"email"}),
        ("", "1", "", {"company", "cvr", "email"}),
    ],
)
def test_everything_that_is_wrong_is_said_at_once(company: str, cvr: str, email: str, fields: set[str]) -> None:
    with pytest.raises(InvalidRequest) as refused:
        start_employer_booking(house=house_open(60), company=company, cvr=cvr, contact=Contact("Hanne", email), consent=True)
    assert set(refused.value.fields) == fields


@pytest.mark.parametrize("cvr", ["13585628", "DK 13 58 56 28", "13 58 56 28"])
def test_a_cvr_number_is_kept_as_eight_digits(cvr: str) -> None:
    assert asked(house_open(60), company="7-Eleven & Sønner A/S", cvr=cvr).cvr == "13585628"


def test_everybody_is_given_a_place_of_their_own() -> None:
    booking = group(house_open(60), *NAMES)
    assert {row.state for row in booked(booking)} == {"booked"}
    assert starts(booking) == ["09:00", "09:15", "09:30"]
    assert Journey.objects.filter(source="employer").count() == Appointment.objects.count() == 3


def test_all_or_nobody_and_one_place_short_is_nobody() -> None:
    booking = group(house_open(30), *NAMES)
    page = proposed(booking)
    assert [row.state for row in page] == ["proposed", "proposed", "no-time"]
    with pytest.raises(NotNow):
        confirm_proposals(booking=booking, shown=shown_proposals(page))
    assert (Journey.objects.count(), Appointment.objects.count()) == (0, 0)


def test_at_least_two_of_three_books_two() -> None:
    booking = group(house_open(30), *NAMES)
    booked(booking, book_when="at-least", at_least=2)
    assert states(booking) == ["booked", "booked", "no-time"]


def test_at_least_three_of_three_with_two_places_books_nobody() -> None:
    booking = group(house_open(30), *NAMES)
    with pytest.raises(NotNow):
        booked(booking, book_when="at-least", at_least=3)
    assert Journey.objects.count() == 0


@pytest.mark.parametrize(("name", "journeys"), [("Anna Nowak", 2), ("Cy Diaz", 0)])
def test_only_when_those_that_were_named_have_a_time(name: str, journeys: int) -> None:
    booking = group(house_open(30), *NAMES)
    page = proposed(booking, book_when="named", needed=frozenset({person(booking, name).pk}))
    with suppress(NotNow):
        confirm_proposals(booking=booking, shown=shown_proposals(page))
    assert Journey.objects.count() == journeys


def test_within_the_hours_and_with_the_distance_that_was_wished_for() -> None:
    booking = group(house_open(180), *NAMES)
    proposed(booking, earliest_time=dt.time(9, 30), latest_time=dt.time(11), minutes_apart=30)
    assert starts(booking) == ["09:30", "10:00", "10:30"]
    proposed(booking, earliest_time=dt.time(9, 30), latest_time=dt.time(10, 30), minutes_apart=30)
    assert starts(booking) == ["09:30", "10:00", "-"]


def test_all_on_one_day_takes_the_first_day_that_holds_everybody() -> None:
    house = house_open(45)
    factories.book(house, on=DAY, days=0, stay_months=2)
    booking = group(house, *NAMES)
    week = DAY + dt.timedelta(days=7)
    page = proposed(booking, last_day=week, same_day=True)
    assert {row.employee.starts.astimezone(house.zone).date() for row in page if row.employee.starts} == {week}
    page = proposed(booking, last_day=week)
    assert [row.employee.starts.astimezone(house.zone).date() for row in page if row.employee.starts] == [DAY, DAY, week]


def test_somebody_who_comes_later_is_not_given_an_earlier_day() -> None:
    booking = group(house_open(60), "Anna Nowak")
    add_people(booking=booking, people=[wanted("Bo Lind", arrival=DAY + dt.timedelta(days=1))])
    page = proposed(booking)
    assert [(row.state, row.employee.problem) for row in page] == [("proposed", ""), ("no-time", "comes-later")]


def test_a_place_that_somebody_else_took_changes_nothing_and_asks_again() -> None:
    house = house_open(60)
    booking = group(house, *NAMES)
    page = proposed(booking)
    factories.book(house, on=DAY, days=0, stay_months=2)
    with pytest.raises(GroupChanged) as changed:
        confirm_proposals(booking=booking, shown=shown_proposals(page))
    assert changed.value.people == ["Anna Nowak"]
    assert Journey.objects.filter(source="employer").count() == 0
    assert starts(booking) == ["09:45", "09:15", "09:30"]
    assert [row.employee.replaced for row in rows(booking)] == [True, False, False]
    confirm_proposals(booking=booking, shown=shown_proposals(rows(booking)))
    assert states(booking) == ["booked"] * 3


def test_proposals_stand_while_somebody_reads_them_for_some_hours(settings: LazySettings) -> None:
    booking = group(house_open(60), *NAMES)
    page = proposed(booking)
    at(settings, 12)
    confirm_proposals(booking=booking, shown=shown_proposals(page))
    assert (states(booking), starts(booking)) == (["booked"] * 3, ["09:00", "09:15", "09:30"])


def test_proposals_of_another_day_are_renewed_and_asked_again(settings: LazySettings) -> None:
    booking = group(house_open(60), *NAMES)
    page = proposed(booking)
    at_instant(settings, clock.now() + dt.timedelta(hours=25))
    with pytest.raises(GroupChanged):
        confirm_proposals(booking=booking, shown=shown_proposals(page))
    confirm_proposals(booking=booking, shown=shown_proposals(rows(booking)))
    assert states(booking) == ["booked"] * 3


def test_what_was_not_seen_is_not_booked() -> None:
    booking = group(house_open(60), *NAMES)
    page = proposed(booking)
    proposed(booking, earliest_time=dt.time(9, 15))
    with pytest.raises(NotNow):
        confirm_proposals(booking=booking, shown=shown_proposals(page))
    assert Journey.objects.count() == 0


def test_a_group_cannot_be_changed_without_end() -> None:
    booking = group(house_open(60), *NAMES)
    shown = shown_proposals(proposed(booking))
    EmployerBooking.objects.update(overviews=40)
    with pytest.raises(NotNow):
        confirm_proposals(booking=booking, shown=shown)
    assert Journey.objects.count() == 0


def test_booked_twice_is_booked_once() -> None:
    booking = group(house_open(60), *NAMES)
    shown = shown_proposals(proposed(booking))
    assert confirm_proposals(booking=booking, shown=shown).booked == 3
    assert confirm_proposals(booking=booking, shown=shown).again
    assert (Journey.objects.count(), len(letters("employer-overview")), len(letters("booked"))) == (3, 1, 3)


def test_the_same_people_again_are_recognised_and_those_booked_stay_as_they_are() -> None:
    booking = group(house_open(60), *NAMES[:2])
    booked(booking)
    again = add_people(booking=booking, people=[wanted(name, stay_months=24) for name in NAMES])
    told = [[one.name for one in some] for some in (again.new, again.changed, again.unchanged, again.booked)]
    assert told == [["Cy Diaz"], [], [], ["Anna Nowak", "Bo Lind"]]
    assert Journey.objects.get(contact__name="Anna Nowak").stay_months == 2


def test_everybody_has_their_own_letter_and_the_employer_one_overview() -> None:
    booking = group(house_open(60), "Anna Nowak", language="da")
    add_people(booking=booking, people=[wanted("Bo Lind", emails=False)])
    booked(booking)
    [own] = letters("booked")
    [overview], [hand_on] = letters("employer-overview"), letters("employer-hand-on")
    journey = Journey.objects.get(contact__name="Anna Nowak")
    assert (own.to, own.language, overview.to, hand_on.to) == ("anna@example.org", "en", booking.email, booking.email)
    assert f"/arrival/{journey.reference}/?key=" in own.text
    assert "Nordværk A/S has booked this visit for you" in own.text
    assert "Anna Nowak" in overview.text
    assert f"/employers/{booking.pk}/?key=" in overview.text
    assert not [text for text in (overview.text, hand_on.text) if "/arrival/" in text]


@pytest.mark.parametrize(
    ("hers", "theirs", "asked", "handed_on"),
    [
        (
            "da",
            "en",
            ("Giv videre til Anna Nowak: besøg hos ", "Hej Hanne Riis\n\nDu har bestilt tid til en medarbejder"),
            ("A visit to ", "Hello Anna Nowak", "Kind regards"),
        ),
        (
            "en",
            "da",
            ("To hand on to Anna Nowak: a visit to ", "Hello Hanne Riis\n\nYou have booked for somebody"),
            ("Besøg hos ", "Hej Anna Nowak", "Venlig hilsen"),
        ),
    ],
)
def test_who_books_is_asked_in_her_language_to_hand_on_what_is_in_the_employees(
    hers: str, theirs: str, asked: tuple[str, str], handed_on: tuple[str, str, str]
) -> None:
    booking = group(house_open(60), language=hers)
    add_people(booking=booking, people=[wanted("Anna Nowak", emails=False, language=theirs)])
    booked(booking)
    [letter] = letters("employer-hand-on")
    above, _line, below = letter.text.partition("\n----------\n")
    title, greeting, *_rest = below.strip().split("\n\n")
    assert letter.language == hers
    assert (letter.subject.startswith(asked[0]), above.strip().startswith(asked[1])) == (True, True)
    assert (title.startswith(handed_on[0]), greeting, handed_on[2] in below) == (True, handed_on[1], True)
    assert not [word for word in ("Kind regards", "Venlig hilsen") if word in above]


def test_what_an_employee_has_opened_is_the_employees_alone() -> None:
    booking = group(house_open(60), *NAMES)
    booked(booking)
    journey = person(booking, "Anna Nowak").journey
    assert journey is not None
    confirm_email(journey=journey, code=links.new_email_code(journey=journey))
    with pytest.raises(NotNow):
        cancel_for_employees(booking=booking, numbers=[person(booking, "Anna Nowak").pk])
    with pytest.raises(NotNow):
        propose_times(booking=booking, wishes=wishes(), move=[person(booking, "Anna Nowak").pk])
    assert cancel_for_employees(booking=booking) == ["Bo Lind", "Cy Diaz"]
    assert states(booking) == ["booked", "cancelled", "cancelled"]


def test_the_whole_group_is_moved_in_one_go() -> None:
    booking = group(house_open(120), *NAMES)
    everybody = [row.employee.pk for row in booked(booking)]
    propose_times(booking=booking, wishes=wishes(earliest_time=dt.time(10)), move=everybody)
    assert starts(booking) == ["09:00", "09:15", "09:30"]
    done = confirm_proposals(booking=booking, shown=shown_proposals(rows(booking)))
    assert (done.booked, done.moved, starts(booking)) == (0, 3, ["10:00", "10:15", "10:30"])
    assert len(letters("moved")) == 3


def test_another_time_is_another_time() -> None:
    booking = group(house_open(120), *NAMES)
    booked(booking)
    propose_times(booking=booking, wishes=wishes(), move=[person(booking, "Anna Nowak").pk])
    confirm_proposals(booking=booking, shown=shown_proposals(rows(booking)))
    assert starts(booking) == ["09:45", "09:15", "09:30"]


def test_one_move_that_fails_moves_nobody() -> None:
    house = house_open(120)
    booking = group(house, *NAMES)
    everybody = [row.employee.pk for row in booked(booking)]
    propose_times(booking=booking, wishes=wishes(earliest_time=dt.time(10)), move=everybody)
    page = rows(booking)
    factories.book(house, on=DAY, days=0, stay_months=2, between=(600, 660))
    with pytest.raises(GroupChanged):
        confirm_proposals(booking=booking, shown=shown_proposals(page))
    assert starts(booking) == ["09:00", "09:15", "09:30"]


def test_an_employee_who_cancels_does_not_stand_in_the_way_of_the_others() -> None:
    booking = group(house_open(60), *NAMES)
    booked(booking)
    journey = person(booking, "Bo Lind").journey
    assert journey is not None
    cancel_journey(actor=citizen(journey.reference), journey=journey)
    add_people(booking=booking, people=[wanted("Di Vu")])
    booked(booking)
    assert states(booking) == ["booked", "cancelled", "booked", "booked"]


def test_who_finds_no_time_may_ask_for_the_waiting_list_themselves() -> None:
    booking = group(house_open(15), "Anna Nowak", "Bo Lind")
    add_people(booking=booking, people=[wanted("Cy Diaz", emails=False)])
    booked(booking, book_when="at-least")
    assert wait_for_employee(booking=booking, number=person(booking, "Bo Lind").pk) == "Bo Lind"
    with pytest.raises(NotNow, match="e-mail"):
        wait_for_employee(booking=booking, number=person(booking, "Cy Diaz").pk)
    entry = WaitingEntry.objects.get()
    assert (entry.email, entry.confirmed_at, states(booking)) == ("bo@example.org", None, ["booked", "waiting", "no-time"])


def test_somebody_with_a_visit_at_that_time_is_named_and_nothing_is_booked() -> None:
    house = factories.small_house()
    own = factories.book(house, on=DAY, days=0, name="Anna Nowak", email="anna@example.org").journey
    booking = group(house, "Anna Nowak", "Bo Lind")
    page = proposed(booking)
    with pytest.raises(GroupChanged) as changed:
        confirm_proposals(booking=booking, shown=shown_proposals(page))
    assert changed.value.people == ["Anna Nowak"]
    assert [(row.state, row.employee.problem) for row in rows(booking)] == [("no-time", "has-visit"), ("proposed", "")]
    assert list(Journey.objects.all()) == [own]


def test_a_group_is_no_larger_than_fifty() -> None:
    booking = group(house_open(60))
    add_people(booking=booking, people=[wanted(f"Person {'x' * number}", emails=False) for number in range(1, 51)])
    with pytest.raises(NotNow):
        add_people(booking=booking, people=[wanted("One More")])
    assert booking.employees.count() == 50


def test_a_family_comes_together_and_each_step_has_its_people() -> None:
    booking = group(factories.small_house(), "Anna Nowak", adults=2, children=1, stay_months=24)
    booked(booking, last_day=DAY + dt.timedelta(days=7))
    journey = Journey.objects.get()
    people = dict(journey.visits.values_list("service__key", "people"))
    assert (journey.adults, journey.children) == (2, 1)
    assert people == {"siri-residence": 3, "cpr-registration": 3, "tax-card": 1, "mitid": 2}
    assert [row.person.name for row in journey.travellers.order_by("position")] == ["Anna Nowak", "", ""]
    assert clock.now() < journey.visits.first().appointment.starts
