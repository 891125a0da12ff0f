"""Near closing time nobody is left to hope: the ticket, the kiosk, the display, the floorwalker's page and the API say it."""

from __future__ import annotations

import pytest
from django.conf import LazySettings
from django.test import Client

from indgang.foundation.places.models import House
from indgang.operations.reception.models import Ticket
from indgang.operations.reception.tests.closing_hours import ticket, ticket_answer, ticket_page
from indgang.operations.reception.tests.newcomer_day import text_of
from indgang.operations.reception.tests.staff_day import at, floorwalker

pytestmark = pytest.mark.django_db
CLOSES = "2026-12-08T15:00:00+01:00"
NEW_TICKET = "/board/aalborg/ticket/"


def hall(path: str) -> str:
    return text_of(Client(headers={"Accept-Language": "en"}).get(f"/hall/aalborg/{path}"))


def at_ten_to_three(house: House, settings: LazySettings) -> list[object]:
    """Ten people come for a tax card, which takes one desk a quarter of an hour each."""
    at(settings, 14, 50)
    return [ticket(house) for _number in range(10)]


def test_who_comes_first_is_called_in_time(house: House, settings: LazySettings) -> None:
    at(settings, 14, 20)
    first = ticket(house)
    answer = ticket_answer(first)
    assert (answer["closes"], answer["in_time"], answer["not_served"]) == (CLOSES, True, False)
    assert "Probably not" not in ticket_page(first)
    assert "Probably not" not in hall("?language=en")
    assert "Say it before you give a ticket" not in text_of(floorwalker().get(NEW_TICKET))


def test_who_comes_too_late_is_told_so_everywhere(house: House, settings: LazySettings) -> None:
    at_ten_to_three(house, settings)
    at(settings, 14, 51)
    last = ticket(house)

    answer = ticket_answer(last)

    assert (answer["closes"], answer["in_time"], answer["status"]) == (CLOSES, False, "waiting")
    assert "Probably not before we close at 15.00. Ask the staff for another time, or wait and see." in ticket_page(last)
    kiosk = hall("?language=en")
    assert "it is probably not your turn before we close" in kiosk
    assert "Tax card Probably not before we close at 15.00" in kiosk
    assert "Skattekort Tax card Nok ikke i dag Probably not today" in hall("display/")
    page = text_of(floorwalker().get(NEW_TICKET))
    assert "probably not their turn before the house closes. Tax card: closes at 15.00" in page


def test_the_floorwalker_can_give_a_ticket_all_the_same(house: House, settings: LazySettings) -> None:
    at_ten_to_three(house, settings)
    walker = floorwalker()
    form = walker.get(NEW_TICKET).context["form"]
    walker.post(NEW_TICKET, {"services": ["tax-card"], "people": 1, "language": "en", "once": form["once"].value()})
    assert Ticket.objects.count() == 11


def test_after_closing_a_ticket_says_closed_and_no_wait(house: House, settings: LazySettings) -> None:
    at(settings, 14, 59)
    taken = ticket(house)
    at(settings, 15, 1)

    page, answer = ticket_page(taken), ticket_answer(taken)

    assert "We closed at 15.00. Ask the staff whether they can still see you today." in page
    assert "We cannot say yet" not in page
    assert (answer["status"], answer["wait"], answer["in_time"]) == ("waiting", None, False)
    assert "The desks for these have closed for today." in text_of(floorwalker().get(NEW_TICKET))
