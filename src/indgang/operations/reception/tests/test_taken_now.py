"""An interpreter or a room that becomes free while a party is at a desk without one is taken in one click, and given back in one."""

from __future__ import annotations

import pytest
from django.conf import LazySettings

from indgang.foundation.access.actors import ANONYMOUS, Actor, NotAllowed, staff
from indgang.foundation.identity.models import Role
from indgang.foundation.journal.models import Entry
from indgang.foundation.places.models import House
from indgang.foundation.ui.tell import undo_of
from indgang.operations.reception.actions.desk import call_visit, finish_visit, put_back
from indgang.operations.reception.actions.taken_now import give_back, take_now
from indgang.operations.reception.actions.tickets import Errands, take_ticket
from indgang.operations.reception.errors import NotNow
from indgang.operations.reception.models import LineSetting, Resource, Visit
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.resource_day import interpreter, room
from indgang.operations.reception.tests.staff_day import at, floorwalker, logged_in, said
from indgang.operations.reception.tests.test_from_journal import same

pytestmark = pytest.mark.django_db
DESK = "/desks/aalborg/tax-1/"
BUTTON = "Take the interpreter now"


@pytest.fixture
def house(settings: LazySettings) -> House:
    at(settings, 10)
    return factories.small_house()


def clerk(of: str = "skattestyrelsen") -> Actor:
    return staff(factories.member(Role.CLERK, of))


def called(house: House, desk: str = "tax-1", service: str = "tax-card", language: str = "ar", **how: bool) -> Visit:
    """A party with a ticket at that desk."""
    visit = take_ticket(actor=ANONYMOUS, house=house, errands=Errands([service], interpreter=language)).ticket.journey.visits.get()
    here = factories.desk(desk)
    return call_visit(actor=clerk(here.organisation.key), desk=here, visit=visit, **how)


def both(house: House) -> tuple[Resource, Visit, Visit]:
    """The interpreter, a step that has her, and one at another desk that goes without."""
    one = interpreter(house)
    return one, called(house, "siri-1", "siri-residence"), called(house)


def test_the_desk_that_goes_without_takes_the_interpreter_as_soon_as_another_is_done(house: House) -> None:
    one, first, without = both(house)
    browser = logged_in(factories.member(Role.CLERK, "skattestyrelsen"))
    page = browser.get(DESK)
    held, text = page.context["state"], page.content.decode()
    assert (BUTTON in text, "Amina: with number 1 (Desk 1) until about" in text) == (False, True)

    finish_visit(actor=clerk("siri"), visit=first, outcome="done")

    line = browser.get(f"{DESK}?at={held}", headers={"HX-Request": "true"}).content.decode()
    assert ("What this step goes without is free now." in line, "was changed in another window" in line) == (True, False)
    assert BUTTON in browser.get(DESK).content.decode()
    page = browser.post(f"/line/{without.pk}/take/interpreter/?back=desk&house=aalborg&desk=tax-1", follow=True)
    assert said(page) == ["Comes to the desk now: Amina, for Number 2, 1 person."]
    assert ("With interpreter: Amina (Arabic)" in page.content.decode(), BUTTON in page.content.decode()) == (True, False)
    without.refresh_from_db()
    assert without.interpreter == one
    undo = next(undo_of(message) for message in page.context["messages"])
    assert said(browser.post(undo, follow=True)) == ["Undone: the interpreter is free for others again."]
    without.refresh_from_db()
    assert without.interpreter is None
    verbs = Entry.objects.filter(verb__startswith="visit.interpreter").order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["visit.interpreter-taken", "visit.interpreter-given-back"]
    same(house)


def test_whoever_is_slower_is_told_who_has_the_interpreter_and_until_when(house: House) -> None:
    one, _first, without = both(house)
    with pytest.raises(NotNow) as refused:
        take_now(actor=clerk(), visit=without, what="interpreter")
    assert refused.value.message.startswith("Somebody else was quicker. An interpreter for Arabic is free from 10.")
    assert "Amina: with number 1 (Desk 1) until about" in refused.value.message
    assert Visit.objects.filter(interpreter=one).count() == 1


def test_the_floorwalker_takes_it_on_the_page_of_the_visit_and_nobody_elses_clerk_does(house: House) -> None:
    _one, first, without = both(house)
    finish_visit(actor=clerk("siri"), visit=first, outcome="done")
    with pytest.raises(NotAllowed):
        take_now(actor=clerk("siri"), visit=without, what="interpreter")
    page = floorwalker().get(f"/journeys/{without.journey.reference}/").content.decode()
    assert f'action="/line/{without.pk}/take/interpreter/?back=journey' in page
    for _twice in range(2):
        assert take_now(actor=staff(factories.member(Role.FLOORWALKER, "ihnd")), visit=without, what="interpreter").key == "amina"


def test_nothing_is_taken_for_a_step_in_line_or_one_that_needs_nobody(house: House) -> None:
    interpreter(house)
    needs_none = called(house, language="")
    with pytest.raises(NotNow) as refused:
        take_now(actor=clerk(), visit=needs_none, what="interpreter")
    assert refused.value.message == "This step needs no interpreter at this desk any more."
    put_back(actor=clerk(), visit=needs_none)
    with pytest.raises(NotNow):
        take_now(actor=clerk(), visit=needs_none, what="interpreter")
    assert floorwalker().post(f"/line/{needs_none.pk}/take/car/").status_code == 404


def test_what_came_with_the_call_is_not_given_back(house: House) -> None:
    one = interpreter(house)
    visit = called(house)
    assert take_now(actor=clerk(), visit=visit, what="interpreter") == one
    with pytest.raises(NotNow):
        give_back(actor=clerk(), visit=visit, what="interpreter")


def test_a_room_that_the_step_was_called_without_is_taken_once_it_is_free(house: House) -> None:
    LineSetting.objects.create(house=house, without_room=True)
    one = room(house, "tax-card", "siri-residence")
    first = called(house, "siri-1", "siri-residence", "")
    without = called(house, language="", without_room=True)
    with pytest.raises(NotNow) as refused:
        take_now(actor=clerk(), visit=without, what="room")
    assert "is done in a room, and none is free for it now. Talk room: with number 1" in refused.value.message
    finish_visit(actor=clerk("siri"), visit=first, outcome="done")
    page = logged_in(factories.member(Role.CLERK, "skattestyrelsen"))
    assert "Take the room now" in page.get(DESK).content.decode()
    page.post(f"/line/{without.pk}/take/room/?back=desk&house=aalborg&desk=tax-1")
    without.refresh_from_db()
    assert without.room == one
