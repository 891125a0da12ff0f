"""What an employer and its employees are written to after a change: the right letter, once."""

from __future__ import annotations

import datetime as dt

import pytest
from django.conf import LazySettings

from indgang.foundation.access.actors import Actor, staff
from indgang.foundation.identity.models import Role
from indgang.foundation.mail.models import Letter, State
from indgang.operations.reception.actions import floor
from indgang.operations.reception.actions.opening import move_outside, save_change
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.employer_day import DAY, booked, group, letters, person, starts
from indgang.operations.reception.tests.opening_day import closure, first_choices, leader
from indgang.operations.reception.tests.staff_day import at
from indgang.operations.reception.tests.waiting_day import house_open

pytestmark = pytest.mark.django_db
NAMES = ("Anna Nowak", "Bo Lind", "Cy Diaz")


@pytest.fixture(autouse=True)
def _morning(settings: LazySettings) -> None:
    at(settings, 8)


def walker() -> Actor:
    return staff(factories.member(Role.FLOORWALKER, "ihnd"))


def sent() -> None:
    """The worker has sent every letter."""
    Letter.objects.filter(state=State.WAITING).update(state=State.SENT)


def test_who_books_for_others_is_told_once_of_a_change_of_hours_and_with_the_times_as_they_are_then() -> None:
    house = house_open(120)
    booking = group(house, *NAMES)
    booked(booking)
    assert starts(booking) == ["09:00", "09:15", "09:30"]
    sent()
    boss, change = leader(), closure(first=DAY, ends="09:30")
    choices = first_choices(boss, change)
    saved = save_change(actor=boss, change=change, choices=choices)
    move_outside(actor=boss, house=house, choices=choices)  # a second click finds nobody outside any more

    assert saved.employer_told == {person(booking, name).journey_id for name in NAMES[:2]}
    [letter] = [one for one in letters("employer-overview") if one.state == State.WAITING]
    new = starts(booking)
    assert (letter.to, new[2]) == (booking.email, "09:30")
    told = [letter.text.split(name)[1].strip().split("\n")[0] for name in NAMES]
    clocks = [dt.time.fromisoformat(moment).strftime("%-H.%M") for moment in new]
    assert [f", {moment}-" in line for moment, line in zip(clocks, told, strict=True)] == [True] * 3, told
    assert "9.00-" not in letter.text
    assert [one.to for one in letters("moved")] == ["anna@example.org", "bo@example.org"]


@pytest.mark.parametrize(("went", "kinds"), [(False, ["booked"]), (True, ["cancelled", "moved"])])
def test_an_employee_whose_first_letter_never_went_gets_it_with_who_booked_when_a_cancelling_is_undone(
    went: bool, kinds: list[str]
) -> None:
    booking = group(house_open(60), "Anna Nowak")
    booked(booking)
    journey = person(booking, "Anna Nowak").journey
    assert journey is not None
    if went:
        sent()
    visit = floor.cancel_step(actor=walker(), visit=journey.visits.select_related("journey__house__region", "service").get())
    if went:
        sent()
    floor.undo_cancel_step(actor=walker(), visit=visit)

    own = Letter.objects.filter(to="anna@example.org").exclude(state=State.WITHDRAWN).order_by("created_at")
    assert [letter.key.split(":")[0] for letter in own][-len(kinds) :] == kinds
    assert own.count() == (3 if went else 1)
    last = own.last()
    assert last is not None
    assert ("Nordværk A/S has booked this visit for you" in last.text, "Your code is" in last.text) == (not went, not went)
    assert f"/arrival/{journey.reference}/?key=" in last.text
    assert "we may give your times to somebody else" not in last.text, "the employer has confirmed it"
    assert [one.to for one in letters("employer-overview")] == [booking.email], "nothing of it is the employer's to be told twice"
