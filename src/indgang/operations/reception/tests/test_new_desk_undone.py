"""What is new in a house can be taken back as long as nothing was done with it; a session that had ended is told to be held after all."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from indgang.foundation.identity.models import Role
from indgang.foundation.places.models import House
from indgang.foundation.ui.tell import undo_of
from indgang.operations.reception.models import Desk, Hours, Kept, Resource, Session
from indgang.operations.reception.opening_changes import Change
from indgang.operations.reception.queries.opening_states import desk_state, resource_state, session_state
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.opening_day import leader, saved, session
from indgang.operations.reception.tests.staff_day import at, logged_in, said

pytestmark = pytest.mark.django_db
PAGE = "/hours/aalborg/"


@pytest.fixture
def house(settings: LazySettings) -> House:
    at(settings, 8, 30)
    return factories.small_house()


@pytest.fixture
def browser(house: House) -> Client:
    return logged_in(factories.member(Role.LEADER, "ihnd"))


def new_place(kind: str) -> Change:
    """One more desk like the first, or one more room."""
    if kind == "desk":
        after: dict[str, Any] = {**desk_state(factories.desk("siri-1")), "title_da": "Skranke 9", "title_en": "Desk 9"}
        return Change("desk", "aalborg", "desk-9", 0, None, after)
    room = Resource(kind="room", title_da="Lokale 9", title_en="Room 9", zone="ground-floor", languages=[])
    room.house = House.objects.get(key="aalborg")
    room.save()
    after = resource_state(room)
    room.delete()
    return Change("resource", "aalborg", "", 0, None, after, "room-9")


@pytest.mark.parametrize(
    ("kind", "title"), [("desk", "New desk taken back: Desk 9."), ("resource", "New interpreter or room taken back: Room 9.")]
)
def test_a_new_place_is_taken_back_from_the_page(browser: Client, kind: str, title: str) -> None:
    before = (Desk.objects.count(), Resource.objects.count(), Kept.objects.count())
    entry = saved(leader(), new_place(kind)).entry
    assert entry
    address = f"{PAGE}undo/{entry.pk}/"
    assert address in browser.get(PAGE).content.decode()

    page = browser.post(address, follow=True)

    assert [text for text in said(page) if text] == [title]
    assert (Desk.objects.count(), Resource.objects.count(), Kept.objects.count()) == before
    assert not any(undo_of(message) for message in page.context["messages"])
    assert address not in page.content.decode()
    again = browser.post(address, follow=True)
    assert said(again) == ["This was changed again after that, so it cannot be undone."]


@pytest.mark.parametrize("kind", ["desk", "resource"])
def test_what_has_hours_of_its_own_is_given_an_end_instead(browser: Client, house: House, kind: str) -> None:
    entry = saved(leader(), new_place(kind)).entry
    assert entry
    place = {kind: Desk.objects.get(key="desk-9") if kind == "desk" else Resource.objects.get(key="room-9")}
    Hours.objects.create(house=house, weekday=1, opens="09:00", closes="12:00", **place)
    page = browser.post(f"{PAGE}undo/{entry.pk}/", follow=True)
    assert said(page) == ["This has been used or given hours by now, so it cannot be taken back. Give it a last day instead."]
    assert Hours.objects.filter(**place).exists()


def test_an_ended_session_is_held_after_all(browser: Client) -> None:
    saved(leader(), session("siri-1"))
    row = Session.objects.get()
    state = session_state(row)
    page = browser.post(f"{PAGE}sessions/{row.pk}/end/", follow=True)
    undo = next(undo_of(message) for message in page.context["messages"] if undo_of(message))
    page = browser.post(undo, follow=True)
    assert said(page)[0].startswith("Session held after all: Open house")
    row.refresh_from_db()
    assert session_state(row) == state
    undo = next(undo_of(message) for message in page.context["messages"] if undo_of(message))
    assert said(browser.post(undo, follow=True))[0].startswith("Session ended: Open house")
