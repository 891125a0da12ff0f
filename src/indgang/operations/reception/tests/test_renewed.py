"""Pages that ask again every other second: told "not modified" exactly while nothing they show has changed, and for next to nothing."""

from __future__ import annotations

import datetime as dt
import re
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from django.conf import LazySettings
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

import indgang
from indgang.foundation.access.actors import staff
from indgang.foundation.identity.models import Membership, Participation, Role, User
from indgang.foundation.places.models import House
from indgang.operations.reception.actions import floor
from indgang.operations.reception.models import Journey
from indgang.operations.reception.queries import stamps
from indgang.operations.reception.queries.today import today_in
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.asking_again import sent_by
from indgang.operations.reception.tests.full_day import Day
from indgang.operations.reception.tests.staff_day import DATE, at, clerk, floorwalker, party

pytestmark = pytest.mark.django_db
BOARD, SIRI, DISPLAY = "/board/aalborg/", "/desks/aalborg/siri-1/", "/hall/aalborg/display/"
EACH_TIME = re.compile(r'(name="csrfmiddlewaretoken" value="|data-seconds="|<time[^>]*>)[^"<]*')
STAMP = re.compile(r"[0-9a-f]{32}")
WAITS = re.compile(r'<table class="d-waits">.*?</table>|<p class="h-(wait|sure)">.*?</p>', re.DOTALL)  # renewed every few seconds
TEMPLATES = Path(indgang.__file__).parent
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
    headers = sent_by(walker.get(BOARD))
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


def test_a_whole_page_is_never_taken_for_its_part_whatever_a_browser_has_kept(house: House, settings: LazySettings) -> None:
    for name, page in askers(Day(house, settings)).items():
        whole = page.client.get(page.address)
        asked = sent_by(whole)
        part = page.client.get(page.address, headers={"HX-Request": "true"})
        for stamp in (part["ETag"], asked["If-None-Match"]):
            again = page.client.get(page.address, headers={"If-None-Match": stamp})
            assert (again.status_code, again.content[:15]) == (200, b"\n<!DOCTYPE html"), name
        for answer in (whole, part, page.client.get(page.address, headers=asked)):
            assert "no-store" in answer["Cache-Control"].split(", "), name
            assert "HX-Request" in answer["Vary"].split(", "), name
        assert "ETag" not in whole, name


def test_every_page_that_renews_itself_is_among_the_pages_here(house: House, settings: LazySettings) -> None:
    parts = {path.name for path in TEMPLATES.rglob("*.html") if "poll_headers" in path.read_text()}
    shown = set()
    for page in askers(Day(house, settings)).values():
        shown |= {str(template.name).rpartition("/")[2] for template in page.client.get(page.address).templates}
    assert parts == parts & shown


def test_whoever_may_no_longer_see_it_is_told_so_with_the_first_change(house: House) -> None:
    walker = floorwalker()
    headers = sent_by(walker.get(BOARD))
    assert walker.get(BOARD, headers=headers).status_code == 304
    Membership.objects.filter(user__memberships__role=Role.FLOORWALKER).update(ended_at=dt.datetime.now(dt.UTC))
    party(house)
    assert walker.get(BOARD, headers=headers).status_code == 404
    assert Client().get(BOARD, headers=headers).status_code == 401, "another browser is not let in by what one holds"


def test_a_board_that_a_colleague_has_had_drawn_costs_two_queries(house: House) -> None:
    first, second = floorwalker(), floorwalker()
    stamps = [client.get(BOARD, headers={"HX-Request": "true", "If-None-Match": "x"})["ETag"] for client in (first, second)]
    party(house)
    anew = first.get(BOARD, headers={"HX-Request": "true", "If-None-Match": stamps[0]})
    with CaptureQueriesContext(connection) as caught:
        told = second.get(BOARD, headers={"HX-Request": "true", "If-None-Match": stamps[1]})
    assert len(caught) == 2, "in which state the day is, and whether this is still the same person"
    assert told.status_code == 200
    assert EACH_TIME.sub("", told.content.decode()) == EACH_TIME.sub("", anew.content.decode())
    assert told["Cache-Control"] == anew["Cache-Control"]


def test_a_line_that_has_changed_costs_the_same_however_long_it_is(house: House) -> None:
    desk, walker = clerk("siri"), staff(factories.member(Role.FLOORWALKER, "ihnd"))
    stamp, counts = desk.get(SIRI, headers={"HX-Request": "true", "If-None-Match": "x"})["ETag"], []
    for _ in range(3):
        floor.check_in_journey(actor=walker, journey=party(house))
        today_in(house)  # as read by a colleague's page
        with CaptureQueriesContext(connection) as caught:
            answer = desk.get(SIRI, headers={"HX-Request": "true", "If-None-Match": stamp})
        assert (answer.status_code, answer["ETag"] != stamp) == (200, True)
        stamp = answer["ETag"]
        counts.append(len(caught))
    assert counts == [3] * 3, "the state of the day, whether this is still the same person, and the desk"


@pytest.mark.parametrize(
    ("what", "answered"),
    [("nothing", 200), ("the role", 404), ("the account", 401), ("the session", 401), ("the second factor", 401), ("the house", 404)],
)
def test_nobody_is_told_what_a_colleague_has_had_drawn_who_would_not_be_let_in(house: House, what: str, answered: int) -> None:
    colleague, users = floorwalker(), set(User.objects.all())
    walker = floorwalker()
    own = User.objects.exclude(pk__in=[user.pk for user in users])
    headers = {"HX-Request": "true", "If-None-Match": walker.get(BOARD, headers={"HX-Request": "true", "If-None-Match": "x"})["ETag"]}
    party(house)
    assert colleague.get(BOARD, headers={"HX-Request": "true", "If-None-Match": "x"}).status_code == 200
    match what:
        case "the role":
            Membership.objects.filter(user__in=own).update(ended_at=dt.datetime.now(dt.UTC))
        case "the account":
            own.update(is_active=False)
        case "the session":
            Session.objects.filter(pk=walker.cookies["sessionid"].value).delete()
        case "the second factor":
            Authenticator.objects.filter(user__in=own).delete()
        case "the house":
            Participation.objects.filter(house=house).delete()
    assert walker.get(BOARD, headers=headers).status_code == answered


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


def test_a_process_that_keeps_states_asks_once_in_a_while_for_pages_that_ask_again_and_at_once_for_whole_pages(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = [100.0]
    monkeypatch.setattr(stamps, "monotonic", lambda: seconds[0])
    monkeypatch.setattr(stamps, "_kept_seconds", 0.25)
    board = floorwalker()
    stamp = board.get(BOARD, headers={"HX-Request": "true", "If-None-Match": "none"})["ETag"]

    def told() -> int:
        return board.get(BOARD, headers={"HX-Request": "true", "If-None-Match": stamp}).status_code

    assert told() == 304
    reference = party(house).reference
    assert told() == 304
    assert reference in board.get(BOARD).content.decode()
    seconds[0] += 0.25
    assert told() == 200
