"""Pages that ask again every other second: told "not modified" exactly while nothing they show has changed, and for next to nothing."""

from __future__ import annotations

import datetime as dt
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from indgang.foundation.access.actors import ANONYMOUS, citizen, staff
from indgang.foundation.identity.models import Membership, Role
from indgang.foundation.places.models import House
from indgang.operations.reception.actions import changes, desk, floor, line, tickets
from indgang.operations.reception.actions.overruns import move_the_rest
from indgang.operations.reception.models import Desk, Journey, LineSetting, Service, Visit
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.staff_day import DATE, at, clerk, floorwalker, party
from indgang.registers.parties.models import Person

pytestmark = pytest.mark.django_db
BOARD, SIRI, DISPLAY = "/board/aalborg/", "/desks/aalborg/siri-1/", "/hall/aalborg/display/"
EACH_TIME = re.compile(r'(name="csrfmiddlewaretoken" value="|data-seconds="|<time[^>]*>)[^"<]*')
STAMP = re.compile(r"[0-9a-f]{32}")
WAITS = re.compile(r'<table class="d-waits">.*?</table>|<p class="h-(wait|sure)">.*?</p>', re.DOTALL)  # renewed every few seconds
STRICT = {"board", "line"}


@dataclass
class Asker:
    """A page somewhere that asks again and again."""

    client: Client
    address: str
    stamp: str = ""
    text: str = ""

    def look(self) -> tuple[bool, bool]:
        """Whether it is told that something has changed, and whether something has, which is found by drawing everything anew."""
        headers = {"HX-Request": "true", "If-None-Match": self.stamp}
        told = self.client.get(self.address, headers=headers)
        anew = self.client.get(self.address, headers={"HX-Request": "true"})
        text = WAITS.sub("", STAMP.sub("", EACH_TIME.sub(r"\1", anew.content.decode()))).partition("<div hx-swap-oob")[0]
        changed, self.text, self.stamp = text != self.text, text, anew["ETag"]
        return told.status_code == 200, changed


@pytest.fixture
def house(settings: LazySettings) -> House:
    at(settings, 9)
    return factories.small_house()


def step(journey: Journey, service: str = "siri-residence") -> Visit:
    return journey.visits.select_related("journey__house", "service").get(service__key=service)


class Day:
    """Everything that can happen to parties of a day, one after the other."""

    def __init__(self, house: House, settings: LazySettings) -> None:
        self.house, self.settings = house, settings
        self.walker, self.siri = (staff(factories.member(role, of)) for role, of in ((Role.FLOORWALKER, "ihnd"), (Role.CLERK, "siri")))
        self.ana, self.bo, self.cy = (party(house, name=name, stay_months=12) for name in ("Ana Silva", "Bo Chen", "Cy Diaz"))
        self.advice = Service.objects.create(region=house.region, key="advice", authority=factories.organisation("siri"), minutes=10)
        self.desks = [Desk.objects.select_related("house").get(key=key) for key in ("siri-1", "siri-2")]
        self.desks[1].services.add(self.advice)
        self.ticket = tickets.take_ticket(actor=ANONYMOUS, house=house, errands=tickets.Errands(["siri-residence"]))

    def deeds(self) -> Iterator[tuple[str, Callable[[], object]]]:
        """What is done, and how. What is done to one party leaves it where the next deed needs it."""
        walker, ana, bo, cy, house = self.walker, self.ana, self.bo, self.cy, self.house
        yield "book", lambda: party(house, name="Di Eng")
        yield "confirm", lambda: changes.note_email_confirmed(journey=ana)
        yield "check in", lambda: floor.check_in_journey(actor=walker, journey=ana)
        yield "undo check-in", lambda: floor.undo_check_in(actor=walker, journey=ana)
        yield "check in again", lambda: floor.check_in_journey(actor=walker, journey=ana)
        yield "package", lambda: floor.hand_out_package(actor=walker, journey=ana)
        yield "package back", lambda: floor.take_back_package(actor=walker, journey=ana)
        yield "ticket", lambda: tickets.take_ticket(actor=walker, house=house, errands=tickets.Errands(["siri-residence"], 2))
        yield "set aside", lambda: line.set_aside(actor=walker, visit=step(ana))
        yield "bring back", lambda: line.bring_back(actor=walker, visit=step(ana))
        yield from self.at_the_desk()
        yield "cancel a step", lambda: floor.cancel_step(actor=walker, visit=step(ana, "mitid"))
        yield "undo that", lambda: floor.undo_cancel_step(actor=walker, visit=step(ana, "mitid"))
        yield "time goes by", lambda: at(self.settings, 10, 40)
        yield "move the rest", lambda: move_the_rest(actor=walker, journey=ana)
        yield "no-show", lambda: floor.mark_no_show(actor=walker, journey=bo)
        yield "undo no-show", lambda: floor.undo_no_show(actor=walker, journey=bo)
        yield "check in Bo", lambda: floor.check_in_journey(actor=walker, journey=bo)
        yield "send on", lambda: line.send_on(actor=walker, visit=step(bo), service=self.advice)
        offer = factories.plan(house, on=DATE + dt.timedelta(days=7), stay_months=12).itineraries[0].offer
        yield "move to another day", lambda: changes.move_journey(actor=walker, journey=cy, offer=offer)
        yield "cancel that", lambda: changes.cancel_journey(actor=citizen(cy.reference), journey=cy)
        yield "a minute goes by", lambda: at(self.settings, 10, 41)
        yield "a desk does nothing any more", lambda: self.desks[0].services.clear()
        yield "and speaks otherwise", lambda: Desk.objects.filter(key="siri-1").update(languages=["fr"], title_en="Front desk")
        yield "other rules of the line", lambda: LineSetting.objects.create(house=house, patience=1, grace=1)
        yield "somebody has another name", lambda: Person.objects.filter(travels__journey=ana).update(name="Ana Souza")

    def at_the_desk(self) -> Iterator[tuple[str, Callable[[], object]]]:
        """Ana's first step."""
        siri, ana, here = self.siri, self.ana, self.desks[0]
        yield "call", lambda: desk.call_visit(actor=siri, desk=here, visit=step(ana))
        yield "call again", lambda: line.call_again(actor=siri, visit=step(ana))
        yield "put back", lambda: desk.put_back(actor=siri, visit=step(ana))
        yield "next", lambda: desk.call_next(actor=siri, desk=here)
        yield "that one back", lambda: desk.put_back(actor=siri, visit=Visit.objects.get(status="called"))
        yield "call Ana", lambda: desk.call_visit(actor=siri, desk=here, visit=step(ana))
        yield "start", lambda: desk.start_visit(actor=siri, visit=step(ana))
        yield "note", lambda: desk.add_note(actor=siri, visit=step(ana), text="Married in Lisbon")
        yield "missing", lambda: desk.finish_visit(actor=siri, visit=step(ana), outcome="documents-missing", missing=["passport"])
        yield "reopen", lambda: desk.reopen_visit(actor=siri, visit=step(ana))
        yield "finish", lambda: desk.finish_visit(actor=siri, visit=step(ana), outcome="done")


def askers(day: Day) -> dict[str, Asker]:
    """Pages that are open all day."""
    number, key = day.ticket.ticket.number, day.ticket.key
    return {
        "board": Asker(floorwalker(), BOARD),
        "line": Asker(clerk(), SIRI),
        "display": Asker(Client(), DISPLAY),
        "phone": Asker(Client(), f"/ticket/{number}/?key={key}"),
    }


def test_a_page_is_told_of_a_change_when_it_shows_it_and_of_nothing_else(house: House, settings: LazySettings) -> None:
    day = Day(house, settings)
    pages = askers(day)
    for page in pages.values():
        page.look()
    wrong, seen = [], dict.fromkeys(pages, 0)
    for deed, do in day.deeds():
        do()
        for name, page in pages.items():
            settings.CLOCK_SINCE = time.time()  # the clock stands still, however long the test takes
            told, changed = page.look()
            seen[name] += changed
            right = told == changed if name in STRICT else told or not changed
            wrong += [] if right else [f"{name}: {deed}: told {told}, changed {changed}"]
    assert wrong == [], "\n".join(wrong)
    assert min(seen.values()) > 0, seen


@pytest.mark.parametrize("elsewhere", ["another day", "another house"])
def test_what_happens_elsewhere_disturbs_nobody(house: House, elsewhere: str) -> None:
    walker = floorwalker()
    stamp = walker.get(BOARD)["ETag"]
    headers = {"HX-Request": "true", "If-None-Match": stamp}
    walker.get(BOARD, headers=headers)
    if elsewhere == "another day":
        factories.book(house, on=DATE + dt.timedelta(days=7))
    else:
        other = House.objects.create(region=house.region, key="hjoerring", title_da="H", address="A", postcode="9800", city="H")
        Journey.objects.create(reference="ELSE-WHERE", house=other)
    with CaptureQueriesContext(connection) as caught:
        assert walker.get(BOARD, headers=headers).status_code == 304
    assert len(caught) == 1


def test_not_modified_costs_next_to_nothing(house: House, settings: LazySettings) -> None:
    pages = askers(Day(house, settings))
    counts = {}
    for name, page in pages.items():
        page.look()
        with CaptureQueriesContext(connection) as caught:
            assert page.client.get(page.address, headers={"HX-Request": "true", "If-None-Match": page.stamp}).status_code == 304
        counts[name] = len(caught)
    assert counts == {"board": 1, "line": 1, "display": 1, "phone": 2}


def test_whoever_may_no_longer_see_it_is_told_so_with_the_first_change(house: House) -> None:
    walker = floorwalker()
    headers = {"HX-Request": "true", "If-None-Match": walker.get(BOARD)["ETag"]}
    assert walker.get(BOARD, headers=headers).status_code == 304
    Membership.objects.filter(user__memberships__role=Role.FLOORWALKER).update(ended_at=dt.datetime.now(dt.UTC))
    party(house)
    assert walker.get(BOARD, headers=headers).status_code == 404
    assert Client().get(BOARD, headers=headers).status_code == 401, "another browser is not let in by what one holds"


def test_each_reader_has_a_token_of_their_own_in_the_same_board(house: House) -> None:
    journey = party(house)
    first, second = floorwalker(), floorwalker()
    texts = []
    for client in (first, second):
        client.get(BOARD)
        text = client.get(BOARD, headers={"HX-Request": "true", "If-None-Match": "x"}).content.decode()
        texts.append(re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', text))
    assert texts[0] and set(texts[0]).isdisjoint(texts[1])
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = second.cookies
    check_in = reverse("reception:check-in", args=[journey.reference])
    assert strict.post(check_in, {"csrfmiddlewaretoken": texts[0][0]}).status_code == 403
    assert strict.post(check_in, {"csrfmiddlewaretoken": texts[1][0]}).status_code == 302
