"""Sending on by the floorwalker, who stands in the hall: the action of the desk, with the same way back; board and desk name it."""

from __future__ import annotations

import pytest
from django.conf import LazySettings
from django.test import Client

from indgang.foundation.access.actors import staff
from indgang.foundation.identity.models import Role
from indgang.foundation.journal.models import Entry
from indgang.foundation.places.models import House
from indgang.operations.reception.actions import floor
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.staff_day import at, clerk, floorwalker, logged_in, party, said
from indgang.operations.reception.tests.test_staff_line import BOARD, TAX, states, step, take

pytestmark = pytest.mark.django_db
SIRI = "/desks/aalborg/siri-1/"


@pytest.fixture
def house(settings: LazySettings) -> House:
    at(settings, 9, 0)
    return factories.small_house()


def test_the_floorwalker_sends_on_from_the_board_and_can_undo_it(house: House, settings: LazySettings) -> None:
    taken, walker = take(house), floorwalker()
    first = step(taken)
    at(settings, 9, 20)
    choose = f"/line/{first.pk}/send-on/choose/?back=board"
    assert choose in walker.get(BOARD).content.decode()
    page = walker.get(choose)
    assert [row.key for row in page.context["sendable"]] == ["siri-residence", "cpr-registration", "mitid"]
    page = walker.post(f"/line/{first.pk}/send-on/?back=board", {"service": "siri-residence"}, follow=True)
    assert page.request["PATH_INFO"] == BOARD
    assert said(page) == ["Sent on: Number 1, 1 person waits for EU residence document, SIRI, without losing the place in line."]
    assert "sent on from “Tax card”" in page.content.decode()
    other = step(taken)
    undo = f"/line/{first.pk}/send-on/undo/{other.pk}/?back=board"
    assert undo in page.content.decode().replace("&amp;", "&")
    siri = clerk("siri").get(SIRI)
    assert [(place.name, place.minutes) for place in siri.context["line"]] == [("Number 1", 20)]
    assert "sent on from another step, keeps its place" in siri.content.decode()
    assert said(walker.post(undo, follow=True)) == ["Undone: Number 1, 1 person waits in line for Tax card again."]
    assert states(taken.ticket.journey) == ["waiting"], "the step that was new is gone"


def test_a_desk_whose_party_the_floorwalker_sends_on_is_told_what_happened(house: House) -> None:
    taken, walker, tax = take(house), floorwalker(), clerk("skattestyrelsen")
    tax.post(f"{TAX}next/")
    first = step(taken)
    tax.post(f"{TAX}start/{first.pk}/")
    walker.post(f"/line/{first.pk}/send-on/?back=board", {"service": "siri-residence"})
    still_shown = tax.get(f"{TAX}?at={first.pk}.serving", headers={"HX-Request": "true"}).content.decode()
    assert "Number 1 was sent on to “EU residence document”." in still_shown
    siri = clerk("siri")
    page = siri.post(f"{SIRI}next/", follow=True).content.decode()
    assert "Sent on from “Tax card”." in page
    other = step(taken)
    answer = walker.post(f"/line/{first.pk}/send-on/undo/{other.pk}/?back=board", follow=True)
    assert said(answer)[-1:] == ["This can no longer be undone: they have been called for the other step, or one of the steps has changed."]


@pytest.mark.parametrize(
    "deed, told",
    [
        ("put-back", "Number 1 was put back in line."),
        ("aside", "Number 1 waits aside."),
        ("cancel", "“Tax card” was cancelled for Number 1."),
    ],
)
def test_a_desk_page_names_what_became_of_its_party(house: House, deed: str, told: str) -> None:
    taken, walker, tax = take(house), floorwalker(), clerk("skattestyrelsen")
    tax.post(f"{TAX}next/")
    first = step(taken)
    if deed == "aside":
        walker.post(f"/line/{first.pk}/aside/?back=board")
    else:
        tax.post(f"{TAX}put-back/{first.pk}/?back=desk")
    if deed == "cancel":
        walker.post(f"/journeys/{taken.ticket.journey.reference}/steps/{first.pk}/cancel/")
    assert told in tax.get(f"{TAX}?at={first.pk}.called", headers={"HX-Request": "true"}).content.decode()


def test_a_desk_page_names_who_changed_it_and_a_second_call_says_who_had_called(house: House) -> None:
    take(house)
    mette = factories.member(Role.CLERK, "skattestyrelsen", name="Mette Bo")
    mine, hers = clerk("skattestyrelsen"), logged_in(mette)
    hers.post(f"{TAX}next/")

    def told(reader: Client) -> bool:
        shown = reader.get(f"{TAX}?at=", headers={"HX-Request": "true"}).content.decode()
        return "This desk was changed by Mette Bo at 9.00. Number 1 is at this desk now." in shown

    assert (told(mine), told(hers)) == (True, False)
    mine.get(TAX)
    page = mine.post(f"{TAX}next/", follow=True)
    assert said(page) == ["Number 1, 1 person had been called to this desk already, by Mette Bo at 9.00."]
    assert "put-back/1/?undo=1" not in page.content.decode()
    assert said(hers.post(f"{TAX}next/", follow=True))[-1:] == ["Called: Number 1, 1 person."], "a double click keeps its Undo"
    assert Entry.objects.filter(verb="visit.called").count() == 1


def test_nobody_is_sent_on_from_what_has_ended_nor_by_another_authority(house: House, settings: LazySettings) -> None:
    at(settings, 8, 0)
    journey = party(house, name="Ana Silva")
    floor.check_in_journey(actor=staff(factories.member(Role.FLOORWALKER, "ihnd")), journey=journey)
    visit = journey.visits.get(service__key="siri-residence")
    assert clerk("skattestyrelsen").get(f"/line/{visit.pk}/send-on/choose/").status_code == 404
    assert clerk("skattestyrelsen").post(f"/line/{visit.pk}/send-on/", {"service": "mitid"}).status_code == 404
    siri = clerk("siri")
    siri.post(f"{SIRI}call/{visit.pk}/")
    siri.post(f"{SIRI}start/{visit.pk}/")
    siri.post(f"{SIRI}finish/{visit.pk}/", {"outcome": "done"})
    page = floorwalker().get(f"/line/{visit.pk}/send-on/choose/?back=board")
    assert (page.context["ended"], page.context["sendable"]) == (True, [])
    assert "This step has ended, so nobody can be sent on from it." in page.content.decode()
