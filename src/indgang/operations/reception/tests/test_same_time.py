"""Who keeps the time and only changes desk or room is not told of a new time, and the page counts them apart."""

from __future__ import annotations

import pytest
from django.conf import LazySettings

from indgang.foundation.mail.models import Letter, State
from indgang.foundation.places.models import House
from indgang.operations.reception.actions.moved_back import move_back
from indgang.operations.reception.models import Appointment, Closure, Journey
from indgang.operations.reception.opening_changes import Change
from indgang.operations.reception.queries.opening_states import closure_state
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.opening_day import closure, leader, saved
from indgang.operations.reception.tests.resource_day import closed, room
from indgang.operations.reception.tests.staff_day import DATE, at, said
from indgang.operations.reception.tests.test_opening_pages import PAGE, as_shown, boss, training

pytestmark = pytest.mark.django_db
EU = ("siri-residence",)


@pytest.fixture
def house(settings: LazySettings) -> House:
    at(settings, 8, 30)
    return factories.small_house()


def sent() -> None:
    """The worker has sent every letter."""
    Letter.objects.filter(state=State.WAITING).update(state=State.SENT)


def booked(house: House, **wish: object) -> Journey:
    wish = {"name": "Ana Silva", "email": "ana@example.org", "services": EU} | wish
    journey = factories.book(house, on=DATE, days=0, **wish).journey
    sent()
    return journey


def place(journey: Journey) -> Appointment:
    return Appointment.objects.select_related("desk").get(visit__journey=journey, freed_at=None)


def waiting_letters() -> list[Letter]:
    return list(Letter.objects.filter(state=State.WAITING).order_by("created_at"))


def taken_back(journey: Journey) -> None:
    """The closure is lifted and the journey moved back to its desk."""
    row = Closure.objects.get(lifted_at=None)
    lifted = saved(leader(), Change("closure", "aalborg", "", row.pk, closure_state(row), None))
    assert lifted.entry
    move_back(actor=leader(), house=journey.house, undoing=lifted.entry, chosen={journey.pk})


def test_another_desk_at_the_same_time_is_called_that_and_counted_apart(house: House) -> None:
    journey, client = booked(house), boss()
    old = place(journey)
    page = client.post(f"{PAGE}save/", as_shown(client.post(f"{PAGE}close/", training(old.desk.key))), follow=True)
    now = place(journey)
    assert (now.starts, now.ends) == (old.starts, old.ends)
    assert now.desk != old.desk
    assert said(page)[1:] == ["1 visit keeps its time, at another desk."]
    [letter] = waiting_letters()
    assert letter.subject.startswith("Same time, another desk: Tuesday 8 December")
    assert f": {now.desk.title_en}\n" in letter.text
    assert not [words for words in ("new time", "no longer count") if words in letter.text]
    assert letter.calendar_method == "REQUEST", "the calendar names the desk"


def test_back_at_the_old_desk_is_the_same_time_too_and_nothing_where_the_first_letter_was_not_sent(house: House) -> None:
    journey = booked(house)
    old = place(journey)
    change = closure(old.desk.key)
    saved(leader(), change)
    taken_back(journey)
    assert place(journey).desk == old.desk
    assert waiting_letters() == [], "they never heard of the other desk"
    saved(leader(), change)
    sent()
    taken_back(journey)
    [letter] = waiting_letters()
    assert letter.subject.startswith("Same time, another desk: ")
    assert f": {old.desk.title_en}\n" in letter.text


def test_whom_no_letter_has_told_of_a_desk_is_written_nothing(house: House) -> None:
    """As those who came with a table from an earlier program."""
    journey = booked(house)
    Letter.objects.all().delete()
    old = place(journey)
    saved(leader(), closure(old.desk.key))
    assert place(journey).desk != old.desk
    assert waiting_letters() == []


def test_a_new_time_that_was_not_sent_yet_is_still_told_when_then_the_desk_changes(house: House) -> None:
    journey = booked(house)
    old = place(journey)
    saved(leader(), closure(ends="10:00"))
    new = place(journey)
    assert new.starts != old.starts
    saved(leader(), closure(new.desk.key))
    assert place(journey).desk != new.desk
    [letter] = waiting_letters()
    assert letter.subject.startswith("New time for your visit: ")


def test_in_danish(house: House) -> None:
    journey = booked(house, language="da")
    saved(leader(), closure(place(journey).desk.key))
    [letter] = waiting_letters()
    assert letter.subject.startswith("Samme tid, en anden skranke: tirsdag den 8. december")
    assert "Du behøver ikke gøre noget." in letter.text


def test_another_room_at_the_same_time_is_named(house: House) -> None:
    first, second = room(house, *EU), room(house, *EU, key="quiet-room")
    journey = booked(house)
    had = place(journey).room
    assert had
    saved(leader(), closed(had))
    assert {place(journey).room, had} == {first, second}
    [letter] = waiting_letters()
    assert letter.subject.startswith("Same time, another room: ")
