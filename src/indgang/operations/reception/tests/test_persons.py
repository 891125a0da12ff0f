"""A citizen served is a person, once per house and day, however many steps and parties they came with."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from indgang.config import program
from indgang.foundation.access.actors import ANONYMOUS, staff, system
from indgang.foundation.identity.models import Role
from indgang.foundation.measures.declared import Scope
from indgang.foundation.places.models import House
from indgang.foundation.privacy.retention import carry_out
from indgang.operations.reception.actions import desk as desk_actions
from indgang.operations.reception.actions.booking import book_journey
from indgang.operations.reception.actions.floor import check_in_journey
from indgang.operations.reception.actions.tickets import Errands, take_ticket
from indgang.operations.reception.contacts import Contact, Guest
from indgang.operations.reception.models import Journey, KnownAgain, Turn
from indgang.operations.reception.queries.evidence import evidence_of
from indgang.operations.reception.queries.statistics import figures_of_house
from indgang.operations.reception.rules.figures import EndedStep, figures_of
from indgang.operations.reception.rules.persons import Member, known_by, number_of, own_numbers, places_of
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.figures_by_hand import figures_from_rows
from indgang.operations.reception.tests.staff_day import DATE
from indgang.operations.reception.tests.test_figures import MONDAY, ZONE, store
from indgang.operations.reception.tests.test_figures import at as clock_on
from indgang.operations.reception.tests.test_from_journal import minute, same, served, step
from indgang.registers.parties.models import Person

ANNA, MAIL = "Anna Nowak", "anna@example.org"


def comes(house: House, settings: LazySettings, after_nine: int, **who: Any) -> Journey:
    """Somebody books the next time at so many minutes after nine, is checked in and served. `who`: as below."""
    journey = books(house, settings, after_nine, **who)
    served(settings, "siri-1", step(journey, "siri-residence"), after_nine + 1, after_nine + 5)
    return journey


def books(
    house: House,
    settings: LazySettings,
    after_nine: int,
    *,
    name: str = ANNA,
    email: str = MAIL,
    phone: str = "",
    along: Any = (),
    **wish: Any,
) -> Journey:
    """The same, who waits still. `along`: the names of children."""
    minute(settings, after_nine)
    walker = staff(factories.member(Role.FLOORWALKER, "ihnd"))
    found = factories.plan(house, on=DATE, days=0, children=len(along), services=("siri-residence",), **wish)
    guests = [Guest(name, "POL"), *(Guest(one, "POL", child=True) for one in along)]
    contact, offer = Contact(name, email, phone), found.itineraries[0].offer
    journey = book_journey(actor=ANONYMOUS if email else walker, offer=offer, contact=contact, people=guests, consent=True).journey
    check_in_journey(actor=walker, journey=journey)
    return journey


def numbers(journey: Journey) -> list[list[int]]:
    return list(Turn.objects.filter(journey=journey).order_by("id").values_list("persons", flat=True))


@pytest.mark.django_db
def test_parents_at_one_desk_and_the_child_at_another_are_three(house: House, settings: LazySettings) -> None:
    journey = factories.book(house, on=DATE, days=0, adults=2, children=1).journey
    check_in_journey(actor=staff(factories.member(Role.FLOORWALKER, "ihnd")), journey=journey)
    journey.visits.filter(service__key="siri-residence").update(travellers=[0, 1], people=2)
    journey.visits.filter(service__key="cpr-registration").update(travellers=[2], people=1)
    served(settings, "siri-1", step(journey, "siri-residence"), 0, 10)
    assert same(house).citizens == {"851": 2}
    served(settings, "citizen-1", step(journey, "cpr-registration"), 15, 20)

    assert same(house).citizens == {"851": 3}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("again", "people"),
    [
        ({}, 1),
        ({"name": "NOWAK, Änna", "email": "ANNA@example.org"}, 1),
        ({"phone": "+4520212223", "email": ""}, 1),
        ({"name": "Piotr Nowak"}, 2),
        ({"email": "other@example.org"}, 2),
        ({"phone": "+4520212224", "email": ""}, 2),
    ],
)
def test_the_same_name_with_the_same_address_is_one_person(
    house: House, settings: LazySettings, again: dict[str, str], people: int
) -> None:
    comes(house, settings, 0, phone="+45 20 21 22 23")
    comes(house, settings, 90, **again)

    assert same(house).citizens == {"851": people}


@pytest.mark.django_db
def test_who_comes_along_is_known_by_the_contact_and_named_people_by_their_names(house: House, settings: LazySettings) -> None:
    comes(house, settings, 0, along=("", "Maja"))
    assert same(house).citizens == {"851": 3}
    comes(house, settings, 90, along=("Maja", "Jan"))
    assert same(house).citizens == {"851": 4}
    comes(house, settings, 180, along=("",))

    assert same(house).citizens == {"851": 4}


@pytest.mark.django_db
def test_a_ticket_is_somebody_else_unless_it_has_a_contact_and_another_day_counts_anew(house: House, settings: LazySettings) -> None:
    journey = comes(house, settings, 0)
    clerk = staff(factories.member(Role.CLERK, "siri"))
    for contact, after_nine in ((None, 10), (journey.contact, 20)):
        minute(settings, after_nine)
        ticket = take_ticket(actor=clerk, house=house, errands=Errands(["siri-residence"])).ticket.journey
        Journey.objects.filter(pk=ticket.pk).update(contact=contact)
        served(settings, "siri-1", step(ticket, "siri-residence"), after_nine + 1, after_nine + 5)
        assert same(house).citizens == {"851": 1, "": 1}
    settings.CLOCK_STARTS_AT += dt.timedelta(days=1)
    again = comes_tomorrow(house)
    visit = desk_actions.call_visit(actor=clerk, desk=factories.desk("siri-1"), visit=step(again, "siri-residence"))
    desk_actions.finish_visit(actor=clerk, visit=visit, outcome="done")

    assert same(house).citizens == {"851": 2, "": 1}
    assert numbers(again) != numbers(journey)


def comes_tomorrow(house: House) -> Journey:
    """The same person with a visit on the next day."""
    booked = factories.book(house, name=ANNA, email=MAIL, on=DATE + dt.timedelta(days=1), days=0, services=("siri-residence",)).journey
    check_in_journey(actor=staff(factories.member(Role.FLOORWALKER, "ihnd")), journey=booked)
    return booked


@pytest.mark.django_db
def test_they_count_where_the_first_step_says_and_the_figure_opens_to_that_step(house: House, settings: LazySettings) -> None:
    journeys = [comes(house, settings, 90 * number, municipality=code) for number, code in enumerate(["", "787", "851"])]
    walker, day = staff(factories.member(Role.FLOORWALKER, "ihnd")), Scope(house, DATE, DATE)

    assert same(house).citizens == {"787": 1}
    behind = evidence_of(actor=walker, scope=day, part="municipality", key="787")
    assert [(turn.journey_id, behind.counted[turn.pk]) for turn in behind.visible] == [(journeys[1].pk, (1,))]
    assert evidence_of(actor=walker, scope=day, part="municipality", key="851").total == 0


@pytest.mark.django_db
def test_an_address_that_is_forgotten_at_noon_makes_nobody_two_people(house: House, settings: LazySettings) -> None:
    first, second = comes(house, settings, 0), comes(house, settings, 90)
    Person.objects.filter(pk=second.contact_id).update(email="", phone="", name="")
    reopened = desk_actions.reopen_visit(actor=staff(factories.member(Role.CLERK, "siri")), visit=step(second, "siri-residence"))
    desk_actions.finish_visit(actor=staff(factories.member(Role.CLERK, "siri")), visit=reopened, outcome="done")

    assert numbers(first) == numbers(second) == [[number_of(first.pk, 0)]]
    assert same(house).citizens == {"851": 1}


@pytest.mark.django_db
@pytest.mark.parametrize("way", ["erased", "retained"])
def test_forgetting_people_changes_no_figure_and_the_marks_go_the_night_after(house: House, settings: LazySettings, way: str) -> None:
    for number, along in enumerate([("Maja",), ("", "Maja"), ()]):
        comes(house, settings, 90 * number, along=along)
    scope = Scope(house, DATE, DATE)
    before, kept = same(house, scope), list(Turn.objects.order_by("id").values())
    assert (before.citizens, KnownAgain.objects.count()) == ({"851": 3}, 6 + 3)  # a mark for each place, and for each name with the address
    settings.CLOCK_STARTS_AT += dt.timedelta(days=1)
    assert carry_out()["reception.knownagain"] == 9
    if way == "erased":
        assert program.run(["privacy", "erase", MAIL, "--yes"]) == 0
    else:
        settings.CLOCK_STARTS_AT += dt.timedelta(days=3 * 365)
        carry_out()

    assert not Person.objects.filter(anonymised_at=None).exists()
    assert (same(house, scope), list(Turn.objects.order_by("id").values()), KnownAgain.objects.count()) == (before, kept, 0)


@pytest.mark.django_db
def test_what_is_kept_for_the_day_says_nothing_of_anybody(house: House, settings: LazySettings) -> None:
    comes(house, settings, 0)
    marks = list(KnownAgain.objects.values_list("mark", flat=True))
    settings.LINK_KEY = "00" * 32
    comes(house, settings, 90)

    assert len(marks) == 2
    assert KnownAgain.objects.filter(mark__in=marks).count() == 2
    assert same(house).citizens == {"851": 2}  # whoever has the database alone cannot work the marks out again


PEOPLE = st.lists(st.integers(1, 6), min_size=1, max_size=3, unique=True)
STEPS = st.tuples(
    st.sampled_from("ABCD"), st.sampled_from(["siri-residence", "tax-card", "mitid"]), PEOPLE, st.integers(0, 1), st.integers(0, 4)
)
HOMES = {"A": "851", "B": "787", "C": "", "D": "851"}


@pytest.mark.django_db
@hypothesis_settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(drawn=st.lists(STEPS, max_size=14))
def test_the_database_counts_people_as_the_rule_does(house: House, drawn: list[tuple[str, str, list[int], int, int]]) -> None:
    """Whoever is in whichever party with whichever step, several ending at once."""
    steps = [
        EndedStep(
            journey,
            service,
            HOMES[journey],
            tuple(people),
            clock_on(10 + hour, 0, MONDAY + dt.timedelta(days=day)),
            clock_on(9 + hour, hour, MONDAY),
        )
        for journey, service, people, day, hour in drawn
    ]
    scope = Scope(house, MONDAY, MONDAY + dt.timedelta(days=1))
    with transaction.atomic():
        store(house, steps)
        counted = figures_of_house(scope)
        assert counted == figures_of(steps, [], scope.first, scope.last, ZONE) == figures_from_rows(scope)
        assert counted.citizens_served == len({(step.ended.date(), person) for step in steps for person in step.persons})
        for code in ("851", "787", ""):
            rows = evidence_of(actor=system(), scope=scope, part="municipality", key=code).counted
            assert sum(people for (people,) in rows.values()) == counted.citizens.get(code, 0)
        transaction.set_rollback(True)


NAMES = st.sampled_from(["Anna Nowak", "nowak anna", "Ånna  NOWAK", "Ali Khan", "Łukasz Żak", "lukasz zak", ""])


@given(st.lists(st.builds(Member, NAMES, st.booleans()), min_size=1, max_size=6))
def test_nobody_of_a_party_is_taken_for_another_of_it(party: list[Member]) -> None:
    marks = known_by(["anna@example.org", "+4520212223"], party)

    assert [len(of_one) for of_one in marks] == [2] * len(party)
    assert len({mark for of_one in marks for mark in of_one}) == 2 * len(party)
    assert known_by(["", ""], party) == [[]] * len(party)


def test_a_name_is_known_whatever_its_order_case_and_accents() -> None:
    one, other = (known_by(["Anna@Example.org"], [Member(name)]) for name in ("Łukasz  Żak", "zak, LUKASZ"))

    assert one == other == [["anna@example.org|lukasz zak|1"]]


def test_a_step_that_does_not_say_for_whom_is_for_the_first_of_the_party() -> None:
    assert places_of([], 3) == places_of([0, 1, 2], 3) == (0, 1, 2)
    assert own_numbers("J", [2], 1) == [number_of("J", 2)]
    assert own_numbers("J", (), 2) == [number_of("J", 0), number_of("J", 1)]
    assert 0 <= number_of("J", 0) < 2**52
