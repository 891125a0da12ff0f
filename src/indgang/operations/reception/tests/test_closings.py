"""A desk that is closed for a part of the day: board, desk and display say until when."""

from __future__ import annotations

import pytest
from django.conf import LazySettings
from django.test import Client

from indgang.foundation.access.actors import ANONYMOUS
from indgang.foundation.identity.models import Role, User
from indgang.foundation.places.models import House
from indgang.operations.reception.actions.tickets import Errands, take_ticket
from indgang.operations.reception.queries.closed_today import services_closed_today, services_closed_until
from indgang.operations.reception.queries.closings import closed_now
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.opening_day import closure, leader, saved
from indgang.operations.reception.tests.staff_day import at, clerk, floorwalker, party
from indgang.operations.reception.tests.test_opening_pages import text
from indgang.operations.reception.views.newcomer_session import OPENED

pytestmark = pytest.mark.django_db


def test_a_desk_that_is_closed_for_an_hour_is_announced_until_it_opens_again(house: House, settings: LazySettings) -> None:
    saved(leader(), closure("tax-1", begins="10:00", ends="11:00"))
    saved(leader(), closure("siri-2", begins="10:30"))
    seen = {}
    for hour, minute in ((9, 59), (10, 0), (10, 45), (11, 0)):
        at(settings, hour, minute)
        seen[hour, minute] = [(one.desk.key, one.until and one.until.isoformat("minutes")) for one in closed_now(house)]
    closed_for_an_hour, for_the_rest = ("tax-1", "11:00"), ("siri-2", None)
    assert seen == {(9, 59): [], (10, 0): [closed_for_an_hour], (10, 45): [closed_for_an_hour, for_the_rest], (11, 0): [for_the_rest]}


def test_board_desk_and_display_say_until_when(house: House, settings: LazySettings) -> None:
    saved(leader(), closure("tax-1", begins="10:00", ends="11:00"))
    saved(leader(), closure("siri-2", begins="10:00"))
    at(settings, 10, 15)
    board = " ".join(floorwalker().get("/board/aalborg/").content.decode().split())
    tax, siri = factories.desk("tax-1").title_en, factories.desk("siri-2").title_en
    assert f"<b>Closed now:</b> {tax} (until 11.00), {siri} (for the rest of today)" in board
    assert "Closed until 11.00." in clerk("skattestyrelsen").get("/desks/aalborg/tax-1/").content.decode()
    display = Client().get("/hall/aalborg/display/").content.decode()
    assert f"{tax} is closed until 11.00." in display
    assert f"{factories.desk('tax-1').title_da} er lukket til kl.\u00a011.00." in display
    at(settings, 11, 0)
    assert "is closed until" not in Client().get("/hall/aalborg/display/").content.decode()
    assert "Closed until" not in clerk("skattestyrelsen").get("/desks/aalborg/tax-1/").content.decode()


def test_kiosk_ticket_and_own_page_say_until_when_and_no_longer_once_it_is_open(house: House, settings: LazySettings) -> None:
    saved(leader(), closure("tax-1", begins="10:00", ends="11:40"))
    saved(leader(), closure("siri-2", begins="10:00", ends="11:00"))
    at(settings, 9, 50)
    journey = party(house, services=("tax-card",))
    floorwalker().post(f"/journeys/{journey.reference}/check-in/")
    at(settings, 10, 15)
    taken = take_ticket(actor=ANONYMOUS, house=house, errands=Errands(["tax-card"]))
    other = take_ticket(actor=ANONYMOUS, house=house, errands=Errands(["siri-residence"]))

    def pages(language: str) -> list[str]:
        kiosk = text(Client().get(f"/hall/aalborg/?language={language}"))
        phone = Client(headers={"Accept-Language": language})
        mine, theirs = (text(phone.get(f"/ticket/{one.ticket.number}/?key={one.key}")) for one in (taken, other))
        store = phone.session
        store[OPENED] = [journey.reference]
        store.save()
        return [kiosk, mine, theirs, text(phone.get(f"/arrival/{journey.reference}/"))]

    kiosk, mine, theirs, own = pages("en")
    assert "Tax card Closed until 11.40" in kiosk and kiosk.count("Closed until") == 1, "the other desk does the rest"
    assert "The desk for this is closed until 11.40. You keep your place." in mine and "closed until" not in theirs
    assert "“Tax card”: the desk for this is closed until 11.40. You keep your place" in own
    kiosk, mine, _theirs, own = pages("da")
    assert "Skattekort Lukket til kl. 11.40" in kiosk and "er lukket til kl. 11.40" in mine and "er lukket til kl. 11.40" in own
    at(settings, 11, 40)
    assert not any("losed until" in page for page in pages("en"))


def test_a_desk_closed_until_its_day_is_over_is_closed_for_today(house: House, settings: LazySettings) -> None:
    saved(leader(), closure("tax-1", begins="10:00", ends="16:00"))
    at(settings, 9, 50)
    taken = take_ticket(actor=ANONYMOUS, house=house, errands=Errands(["tax-card"]))
    at(settings, 10, 15)
    assert [service.key for service in services_closed_today(house)] == ["tax-card"]
    assert services_closed_until(house) == {}
    assert "The desk for this has closed for today." in text(Client().get(f"/ticket/{taken.ticket.number}/?key={taken.key}"))


def test_an_open_desk_page_is_told_at_its_top_that_it_was_closed_and_opened_again(house: House, settings: LazySettings) -> None:
    at(settings, 10)
    siri, walker, address = clerk(), floorwalker(), "/desks/aalborg/siri-1/"
    stamp = siri.get(address, headers={"HX-Request": "true"})["ETag"]

    def told() -> str:
        page = " ".join(siri.get(address, headers={"HX-Request": "true", "If-None-Match": stamp}).content.decode().split())
        return page.partition('<template hx-swap-oob="innerMorph:#desk-top">')[2]

    walker.post(f"{address}close/")
    closed = told()
    assert f"Closed for the rest of today, by {User.objects.get(memberships__role=Role.FLOORWALKER)} at 10.00." in closed
    assert "Open again" in closed and 'hx-swap-oob="innerMorph:#desk-is">This desk is closed<' in closed
    stamp = ""
    walker.post(f"/hours/aalborg/closures/{closed_now(house)[0].closure.pk}/lift/")
    top, _template, rest = told().strip().partition("</template>")
    assert (top, "Closed for the rest" in rest) == ("", False)
    assert '<template hx-swap-oob="innerMorph:#desk-is">Your desk is free</template>' in rest
