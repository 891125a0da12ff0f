"""The kiosk, the ticket on paper and on the phone: no scripts needed, one ticket per request, closed doors said in words."""

from __future__ import annotations

import re

import pytest
from django.conf import LazySettings
from django.test import Client

from indgang.foundation.places.models import House
from indgang.operations.reception.models import Closure, Journey, Ticket
from indgang.operations.reception.queries.doors import doors
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.asking_again import sent_by
from indgang.operations.reception.tests.staff_day import DATE, at

pytestmark = pytest.mark.django_db
KIOSK = "/hall/aalborg/"


@pytest.fixture
def house(settings: LazySettings) -> House:
    at(settings, 9, 30)
    return factories.small_house()


def once_on(page: object) -> str:
    return re.search(r'name="once" value="([^"]+)"', page.content.decode())[1]  # type: ignore[attr-defined, index]


def test_language_first_then_what_for_and_how_many_then_the_ticket(house: House) -> None:
    kiosk = Client()
    start = kiosk.get(KIOSK)
    assert [row["address"] for row in start.context["languages"]] == [f"{KIOSK}?language=da", f"{KIOSK}?language=en"]
    page = kiosk.get(f"{KIOSK}?language=da")
    assert [(name, [row.key for row in rows]) for name, rows in page.context["form"].groups] == [
        ("Borgerservice", ["mitid", "cpr-registration"]),
        ("SIRI", ["siri-residence"]),
        ("Skattestyrelsen", ["tax-card"]),
    ]
    answers = {"services": ["tax-card", "mitid"], "people": "3", "once": once_on(page)}
    taken = kiosk.post(f"{KIOSK}?language=da", answers, follow=True)
    assert [code for _address, code in taken.redirect_chain] == [302]
    ticket = Ticket.objects.select_related("journey").get()
    assert (ticket.number, ticket.journey.people, ticket.journey.language, ticket.journey.source) == (1, 3, "da", "ticket")
    assert set(ticket.journey.visits.values_list("service__key", flat=True)) == {"tax-card", "mitid"}
    text = taken.content.decode()
    assert 'lang="da"' in text
    assert "Dit nummer" in text
    assert Client().get("/" + taken.context["follow"].split("/", 3)[3]).status_code == 200


def test_a_double_click_takes_one_ticket(house: House) -> None:
    kiosk = Client()
    answers = {"services": ["tax-card"], "people": "1", "once": once_on(kiosk.get(f"{KIOSK}?language=en"))}
    first, second = (kiosk.post(f"{KIOSK}?language=en", answers) for _ in range(2))
    assert first.url == second.url
    assert (Ticket.objects.count(), Journey.objects.count()) == (1, 1)
    answers["once"] = once_on(kiosk.get(f"{KIOSK}?language=en"))
    kiosk.post(f"{KIOSK}?language=en", answers)
    assert Ticket.objects.count() == 2


def test_nothing_chosen_is_said_and_what_was_chosen_is_kept(house: House) -> None:
    kiosk = Client()
    once = once_on(kiosk.get(f"{KIOSK}?language=en"))
    page = kiosk.post(f"{KIOSK}?language=en", {"people": "4", "once": once})
    assert page.context["form"].errors == {"services": ["Choose what you come for."]}
    assert (page.context["form"].how_many, once_on(page)) == (4, once)
    page = kiosk.post(f"{KIOSK}?language=en", {"services": ["mitid"], "people": "99", "once": once})
    assert page.context["form"].errors == {"people": ["Choose how many you are."]}
    assert page.context["form"].chosen == ["mitid"]
    assert Ticket.objects.count() == 0


def test_every_page_goes_back_to_the_start_by_itself_and_says_whether_this_kiosk_prints(house: House) -> None:
    kiosk = Client()
    page = kiosk.get(f"{KIOSK}?language=en&printer=1")
    assert page["Refresh"] == f"120; url={KIOSK}?printer=1"
    taken = kiosk.post(f"{KIOSK}?language=en&printer=1", {"services": ["mitid"], "people": "1", "once": once_on(page)}, follow=True)
    assert taken["Refresh"] == f"30; url={KIOSK}?printer=1"
    assert "Take the ticket" in taken.content.decode()
    assert "data-print-now" in taken.content.decode()
    longer = kiosk.get(taken.context["longer"])
    assert (longer["Refresh"], longer.context["longer"]) == (f"180; url={KIOSK}?printer=1", None)
    without = kiosk.post(f"{KIOSK}?language=en", {"services": ["mitid"], "people": "1", "once": "another"}, follow=True)
    assert "data-print-now" not in without.content.decode()


def test_closed_doors_say_when_they_open_and_take_nobody(house: House, settings: LazySettings) -> None:
    kiosk = Client()
    once = once_on(kiosk.get(f"{KIOSK}?language=en"))
    for hour, minute, opens in ((8, 40, "9.00"), (12, 10, "12.30")):
        at(settings, hour, minute)
        said = kiosk.get(KIOSK).context["said"]
        assert [row["opens"] for row in said] == [
            f"Vi åbner tirsdag den 8.\u00a0december kl.\u00a0{opens}.",
            f"We open on Tuesday 8 December at {opens}.",
        ]
    at(settings, 15, 1)
    page = kiosk.post(f"{KIOSK}?language=en", {"services": ["mitid"], "people": "1", "once": once})
    assert page.context["said"][1]["opens"] == "We open on Wednesday 9 December at 9.00."
    assert Ticket.objects.count() == 0


def test_a_closed_house_or_desk_is_not_offered(house: House) -> None:
    Closure.objects.create(house=house, desk=factories.desk("tax-1"), first_day=DATE, last_day=DATE)
    assert {row.key for row in doors(house).services} == {"siri-residence", "cpr-registration", "mitid"}
    Closure.objects.create(house=house, first_day=DATE, last_day=DATE)
    assert (doors(house).open, doors(house).opens.isoformat()) == (False, "2026-12-09T09:00:00+01:00")  # type: ignore[union-attr]


def test_a_ticket_opens_with_its_key_and_in_its_house_only(house: House) -> None:
    kiosk = Client()
    answers = {"services": ["tax-card"], "people": "1", "once": "k"}
    paper = kiosk.post(f"{KIOSK}?language=en", answers).url
    assert kiosk.get(paper).status_code == 200
    assert kiosk.get(paper.partition("?")[0]).status_code == 404
    assert kiosk.get(paper.replace("/1/", "/2/")).status_code == 404
    assert kiosk.get("/hall/nowhere/").status_code == 404
    assert kiosk.get("/hall/nowhere/display/").status_code == 404


def test_the_ticket_page_follows_the_line_and_says_the_turn_in_its_title(house: House) -> None:
    from_kiosk = Client().post(f"{KIOSK}?language=en", {"services": ["tax-card"], "people": "1", "once": "k"}, follow=True)
    follow = "/" + from_kiosk.context["follow"].split("/", 3)[3]
    phone = Client(headers={"Accept-Language": "en"})
    page = phone.get(follow)
    assert 'data-title="You are next (1)"' in page.content.decode()
    again = phone.get(follow, headers=sent_by(page))
    assert (again.status_code, again.content) == (304, b"")
