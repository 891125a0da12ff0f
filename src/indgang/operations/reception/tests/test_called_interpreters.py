"""People with a ticket who need an interpreter: told the truth when they come, and given whoever is free when they are called."""

from __future__ import annotations

import datetime as dt

import pytest
from django.conf import LazySettings
from django.test import Client

from indgang.foundation.access.actors import ANONYMOUS, staff
from indgang.foundation.identity.models import Role
from indgang.foundation.places.models import House
from indgang.operations.reception.actions.desk import call_next, finish_visit, put_back, reopen_visit
from indgang.operations.reception.actions.tickets import Errands, take_ticket
from indgang.operations.reception.errors import InvalidRequest
from indgang.operations.reception.interpreter_words import interpreter_in_words
from indgang.operations.reception.models import Journey, Resource, Visit
from indgang.operations.reception.queries.free_time import FreeTime
from indgang.operations.reception.queries.house import house_plan
from indgang.operations.reception.rules.waits import Wait
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.resource_day import interpreter
from indgang.operations.reception.tests.staff_day import DATE, at, logged_in
from indgang.operations.reception.tests.test_api import post

pytestmark = pytest.mark.django_db
SOON, LATER = Wait(1, 0, 5), Wait(44, 30, 60)
AT_THE_CALL = "As it looks now, an interpreter for Arabic is free when your number is called, and comes to the desk."


@pytest.fixture
def house(settings: LazySettings) -> House:
    at(settings, 10)
    return factories.small_house()


def ticket(house: House, language: str = "ar") -> Journey:
    return take_ticket(actor=ANONYMOUS, house=house, errands=Errands(["tax-card"], 1, "en", interpreter=language)).ticket.journey


def called() -> Visit | None:
    return call_next(actor=staff(factories.member(Role.CLERK, "skattestyrelsen")), desk=factories.desk("tax-1"))


def free_cells(house: House, one: Resource) -> int:
    plan = house_plan(house)
    [beside] = [row for row in plan.resources if row.resource == one]
    now = dt.datetime(DATE.year, DATE.month, DATE.day, 9, tzinfo=dt.UTC)
    return FreeTime(plan, [], [plan.day(DATE)], now=now, resources=[beside]).free_beside(0, beside).bit_count()


def test_whoever_comes_is_told_now_later_or_not_today(house: House, settings: LazySettings) -> None:
    one = interpreter(house, hours=(11, 13))
    journey = ticket(house)
    assert interpreter_in_words(journey, SOON) == "An interpreter for Arabic is free from 11.00 on."
    at(settings, 11, 5)
    assert interpreter_in_words(journey, SOON) == AT_THE_CALL
    at(settings, 14)
    assert interpreter_in_words(journey, SOON).startswith("No interpreter for Arabic is free any more today.")
    assert interpreter_in_words(ticket(house, ""), SOON) == ""
    Resource.objects.filter(pk=one.pk).update(languages=["uk"])
    with pytest.raises(InvalidRequest):
        ticket(house)


def test_an_interpreter_is_promised_for_the_call_and_not_for_now(house: House, settings: LazySettings) -> None:
    interpreter(house, hours=(10, 11))
    journey = ticket(house)
    at(settings, 10, 25)
    assert interpreter_in_words(journey, SOON) == AT_THE_CALL
    assert interpreter_in_words(journey, LATER).startswith("No interpreter for Arabic is free any more today.")
    asked = "You need an interpreter for Arabic. We ask for one when your number is called."
    assert interpreter_in_words(journey, None) == asked
    interpreter(house, "nour", hours=(11, 13))
    assert interpreter_in_words(journey, LATER) == AT_THE_CALL
    assert interpreter_in_words(journey, Wait(10, 5, 44)) == AT_THE_CALL
    Resource.objects.filter(key="amina").delete()
    assert interpreter_in_words(journey, SOON) == "An interpreter for Arabic is free from 11.00 on."


def test_the_call_takes_who_is_free_and_the_end_of_the_turn_gives_them_back(house: House, settings: LazySettings) -> None:
    one = interpreter(house)
    ticket(house)
    before = free_cells(house, one)
    visit = called()
    assert visit and visit.interpreter == one
    assert free_cells(house, one) < before
    assert "is free from 10." in interpreter_in_words(ticket(house), SOON)  # for others she is taken as long as the step takes
    clerk = logged_in(factories.member(Role.CLERK, "skattestyrelsen"))
    page = clerk.get(f"/desks/{house.key}/tax-1/").content.decode()
    assert "With interpreter: Amina (Arabic)" in page
    put_back(actor=staff(factories.member(Role.CLERK, "skattestyrelsen")), visit=visit)
    assert free_cells(house, one) == before
    again = called()
    assert again and again.interpreter == one
    finish_visit(actor=staff(factories.member(Role.CLERK, "skattestyrelsen")), visit=again, outcome="done")
    assert free_cells(house, one) == before


def test_where_nobody_is_free_the_call_goes_ahead_and_the_desk_is_told_when(house: House) -> None:
    interpreter(house, hours=(11, 13))
    ticket(house)
    visit = called()
    assert visit and visit.interpreter is None
    page = logged_in(factories.member(Role.CLERK, "skattestyrelsen")).get(f"/desks/{house.key}/tax-1/").content.decode()
    assert "Needs an interpreter: Arabic. An interpreter for Arabic is free from 11.00 on." in page


def test_a_desk_that_speaks_the_language_takes_nobody(house: House) -> None:
    interpreter(house)
    desk = factories.desk("tax-1")
    desk.languages = [*desk.languages, "ar"]
    desk.save()
    ticket(house)
    visit = called()
    assert visit and visit.interpreter is None


def test_the_floorwalker_asks_and_is_told(house: House) -> None:
    interpreter(house)
    client = logged_in(factories.member(Role.FLOORWALKER, "ihnd"))
    page = client.get(f"/board/{house.key}/ticket/")
    form = {"services": ["tax-card"], "people": "1", "language": "en", "priority": "", "interpreter": "ar", "once": "a"}
    assert "interpreter" in page.context["form"].fields
    answer = client.post(f"/board/{house.key}/ticket/", form, follow=True)
    assert Journey.objects.get().interpreter == "ar"
    assert AT_THE_CALL in answer.content.decode()


def test_a_script_asks_and_is_told(house: House) -> None:
    interpreter(house, hours=(11, 13))
    taken = post("houses/aalborg/tickets", {"service": "tax-card", "interpreter": "ar"}).json()
    assert (taken["interpreter"], taken["interpreter_from"]) == ("ar", "2026-12-08T11:00:00+01:00")
    now = Client().get(f"/api/v1/tickets/{taken['number']}?key={taken['key']}").json()
    assert now["interpreter_from"] == "2026-12-08T11:00:00+01:00"
    refused = post("houses/aalborg/tickets", {"service": "tax-card", "interpreter": "uk"})
    assert [error["field"] for error in refused.json()["errors"]] == ["interpreter"]
    none = post("houses/aalborg/tickets", {"service": "tax-card"}).json()
    assert (none["interpreter"], none["interpreter_from"]) == (None, None)


def test_a_turn_that_is_begun_again_does_not_take_an_interpreter_from_another_desk(house: House) -> None:
    one = interpreter(house)
    ticket(house)
    visit = called()
    assert visit
    clerk = staff(factories.member(Role.CLERK, "skattestyrelsen"))
    finish_visit(actor=clerk, visit=visit, outcome="done")
    other = ticket(house).visits.get()
    Visit.objects.filter(pk=other.pk).update(status="called", desk=factories.desk("siri-1"), interpreter=one)
    assert reopen_visit(actor=clerk, visit=visit).interpreter is None
