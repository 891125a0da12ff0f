"""The kiosk asks who needs an interpreter, where the house has any; the phone, the board and the desk show it, and the call uses it."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from indgang.foundation.access.actors import staff
from indgang.foundation.identity.models import Role
from indgang.foundation.places.models import House
from indgang.operations.reception.actions.desk import call_next, finish_visit
from indgang.operations.reception.models import Journey
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.asking_again import sent_by
from indgang.operations.reception.tests.resource_day import interpreter, room
from indgang.operations.reception.tests.staff_day import at, clerk, floorwalker

pytestmark = pytest.mark.django_db
KIOSK = "/hall/aalborg/"
ASKED = {"da": "Har du brug for en tolk?", "en": "Do you need an interpreter?"}


@pytest.fixture
def house(settings: LazySettings) -> House:
    at(settings, 10)
    return factories.small_house()


def kiosk(language: str = "en", **answers: str) -> Any:
    """The page, or what it answers to somebody who comes for a tax card."""
    address, once = f"{KIOSK}?language={language}", "".join(answers.values()) or "once"
    if not answers:
        return Client().get(address)
    return Client().post(address, {"services": ["tax-card"], "people": "1", "once": once, **answers}, follow=True)


def phone(paper: Any, language: str = "en") -> Any:
    return Client(headers={"Accept-Language": language}).get("/" + paper.context["follow"].split("/", 3)[3])


def tiles(page: Any) -> list[tuple[str, bool]]:
    """The answers to the question by value, and which is chosen."""
    found = re.findall(r'name="interpreter" value="([a-z]*)"([^>]*)', page.content.decode())
    return [(value, "checked" in rest) for value, rest in found]


def test_a_house_without_interpreters_asks_nobody(house: House) -> None:
    room(house, "mitid")
    assert tiles(kiosk()) == []
    assert ASKED["en"] not in kiosk().content.decode()
    assert kiosk(interpreter="ar").status_code == 200
    assert Journey.objects.get().interpreter == ""


@pytest.mark.parametrize("language", ["da", "en"])
def test_who_needs_nobody_answers_nothing_and_each_language_stands_in_its_own_words(house: House, language: str) -> None:
    interpreter(house, "amina", "ar", "dsl")
    interpreter(house, "olena", "uk")
    page = kiosk(language)
    assert ASKED[language] in page.content.decode()
    assert tiles(page) == [("", True), ("uk", False), ("ar", False), ("dsl", False)]
    for own, code in (("Українська", "uk"), ("العربية", "ar")):
        assert f'<b lang="{code}" dir="auto">{own}</b>' in page.content.decode()
    kiosk(language, interpreter="")
    assert Journey.objects.get().interpreter == ""


def test_what_was_chosen_is_kept_where_something_else_is_wrong_and_another_language_is_refused(house: House) -> None:
    interpreter(house)
    page = kiosk(interpreter="ar", services="")
    assert tiles(page) == [("", False), ("ar", True)]
    refused = kiosk(interpreter="zz")
    assert refused.context["form"].errors == {"interpreter": ["Choose a language, or “No, thank you”."]}
    assert Journey.objects.count() == 0


def test_the_need_is_on_paper_phone_board_and_desk_and_the_call_takes_the_interpreter(house: House) -> None:
    interpreter(house)
    room(house, "tax-card")
    paper = kiosk(interpreter="ar")
    assert "<p>Interpreter: Arabic</p>" in paper.content.decode()
    free = "As it looks now, an interpreter for Arabic is free when your number is called, and comes to the desk."
    assert free in paper.content.decode()
    assert free in phone(paper).content.decode()
    assert "Som det ser ud nu, er en tolk til arabisk ledig" in phone(paper, "da").content.decode()
    desk = f"/desks/{house.key}/tax-1/"
    for page in (floorwalker().get("/board/aalborg/"), clerk("skattestyrelsen").get(desk)):
        assert "Needs an interpreter: Arabic" in page.content.decode()
    actor = staff(factories.member(Role.CLERK, "skattestyrelsen"))
    visit = call_next(actor=actor, desk=factories.desk("tax-1"))
    assert visit
    page = phone(paper).content.decode()
    assert "Go to Talk room" in page
    assert "Desk 5 meets you there." in page
    assert "With interpreter: Amina (Arabic)" in page
    assert 'data-title="Your turn: Talk room (1)"' in page
    for page in (floorwalker().get("/board/aalborg/"), clerk("skattestyrelsen").get(desk)):
        assert "With interpreter: Amina (Arabic)" in page.content.decode()
        assert "Needs an interpreter" not in page.content.decode()
    said = json.loads(Client().get(f"{KIOSK}display/").context["now"]["said"])
    assert [row["text"] for row in said] == ["Nummer 1, gå til Samtalerum.", "Number 1, please go to Talk room."]
    finish_visit(actor=actor, visit=visit, outcome="done")
    assert "interpreter" not in phone(paper).content.decode().lower()


def test_a_phone_says_that_it_is_the_room_that_is_waited_for_and_is_told_when_that_changes(house: House) -> None:
    room(house, "tax-card", "siri-residence")
    actor = staff(factories.member(Role.CLERK, "siri"))
    Client().post(f"{KIOSK}?language=en", {"services": ["siri-residence"], "people": "1", "once": "a"})
    visit = call_next(actor=actor, desk=factories.desk("siri-1"))
    assert visit
    paper = kiosk(interpreter="")
    page = phone(paper)
    assert "This is done in a room. You are called as soon as one is free." in page.content.decode()
    finish_visit(actor=actor, visit=visit, outcome="done")
    follow = "/" + paper.context["follow"].split("/", 3)[3]
    renewed = Client(headers={"Accept-Language": "en"}).get(follow, headers=sent_by(page))
    assert renewed.status_code == 200
    assert "This is done in a room." not in renewed.content.decode()


def test_at_a_desk_that_speaks_the_language_nobody_is_announced(house: House) -> None:
    interpreter(house)
    desk = factories.desk("tax-1")
    desk.languages = [*desk.languages, "ar"]
    desk.save()
    paper = kiosk(interpreter="ar")
    assert call_next(actor=staff(factories.member(Role.CLERK, "skattestyrelsen")), desk=desk)
    page = phone(paper).content.decode()
    assert "Go to Desk 5" in page
    assert "interpreter" not in page.lower()
