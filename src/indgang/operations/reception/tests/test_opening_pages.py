"""The pages of the hours: what each role finds, the list before anything is saved, one click at the desk, undo, and colleagues at once."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from indgang.foundation.access.actors import system
from indgang.foundation.identity.models import Role
from indgang.foundation.journal.models import Entry
from indgang.foundation.mail.models import Letter
from indgang.foundation.places.models import House
from indgang.operations.reception.actions.tickets import Errands, take_ticket
from indgang.operations.reception.models import Closure, Desk, Hours
from indgang.operations.reception.queries.house import house_plan
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.opening_day import closure, leader, saved, session
from indgang.operations.reception.tests.staff_day import DATE, at, clerk, floorwalker, logged_in, party, said

pytestmark = pytest.mark.django_db
PAGE = "/hours/aalborg/"
TOMORROW = DATE + dt.timedelta(days=1)


@pytest.fixture
def house(settings: LazySettings) -> House:
    at(settings, 8, 30)
    return factories.small_house()


def boss(of: str = "ihnd", role: str = Role.LEADER, language: str = "en") -> Client:
    return logged_in(factories.member(role, of), language)


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def training(desk: str = "tax-1", date: dt.date = DATE, **fields: str) -> dict[str, str]:
    return {"desk": desk, "title_da": "Kursus", "title_en": "Training", "first_day": date.isoformat(), **fields}


def as_shown(page: Any) -> dict[str, str]:
    """What the button sends when nobody touches the list."""
    sent = {"change": page.context["change"], "back": page.context["back"]}
    for row in page.context["rows"]:
        sent[row["field"]] = row["one"].proposals[0].offer if row["one"].proposals else ""
    return sent


def test_the_page_says_who_sits_where_when_and_what_is_closed(house: House) -> None:
    saved(leader(), closure("tax-1", first=TOMORROW, begins="12:00"))
    saved(leader(), session("siri-1", "tax-1", weekday=3, weeks=2, opens="14:00", closes="16:00"))
    words = text(boss().get(PAGE))
    assert "Tuesday 9.00-12.00, 12.30-15.00" in words
    assert "Desk 4 Borgerservice Register your address (CPR), MitID Danish, English, Polish The same hours as the house" in words
    assert "Wednesday 9 December from 12.00 Training, Desk 5" in words
    assert "Friday 25 December Christmas Day, Public holiday" in words
    assert "Every second week, Thursday 14.00-16.00" in words
    assert "Thursday 10 December" in words
    danish = text(boss(language="da").get(PAGE))
    assert "Hver anden uge, torsdag 14.00-16.00" in danish
    assert "Juledag" in danish


def test_the_next_dates_of_a_session_leave_public_holidays_out(house: House) -> None:
    saved(leader(), session("siri-1", weekday=4, first=dt.date(2026, 12, 18)))
    [row] = boss().get(PAGE).context["sessions"]
    assert row.dates == [dt.date(2026, 12, 18), dt.date(2027, 1, 8), dt.date(2027, 1, 15)]


def test_a_date_of_a_session_on_which_the_house_is_closed_says_so(house: House) -> None:
    eve = dt.date(2026, 12, 24)
    saved(leader(), session("siri-1", weekday=3, first=dt.date(2026, 12, 17)))
    saved(leader(), closure(first=eve))
    page = boss().get(PAGE)
    [row] = page.context["sessions"]
    assert row.days == [(dt.date(2026, 12, 17), "held"), (eve, "closed"), (dt.date(2026, 12, 31), "held")]
    words = text(page)
    assert "Thursday 24 December closed then" in words
    assert words.count("Not held then") == 2


@pytest.mark.parametrize(
    ("role", "of", "house_links", "desk_links", "closes"),
    [
        ("leader", "ihnd", True, 5, 5),
        ("administrator", "ihnd", True, 5, 5),
        ("leader", "siri", False, 2, 2),
        ("administrator", "skattestyrelsen", False, 1, 1),
        ("floorwalker", "ihnd", False, 0, 5),
        ("clerk", "borgerservice-aalborg", False, 0, 2),
    ],
)
def test_each_role_finds_what_it_may_change(house: House, role: str, of: str, house_links: bool, desk_links: int, closes: int) -> None:
    page = boss(of, role).get(PAGE).content.decode()
    assert ("/hours/aalborg/times/" in page) == house_links
    assert len(set(re.findall(r"/hours/aalborg/desks/[\w-]+/times/", page))) == desk_links
    assert len(set(re.findall(r"/desks/aalborg/[\w-]+/close/", page))) == closes


def test_others_find_no_form(house: House) -> None:
    siri, walker, reader = boss("siri"), floorwalker(), boss("siri", Role.READER)
    assert reader.get(PAGE).status_code == 404
    for client, addresses in (
        (siri, ("times/", "period/", "desks/tax-1/", "desks/tax-1/times/")),
        (walker, ("times/", "close/", "new-desk/", "sessions/new/", "desks/siri-1/")),
    ):
        assert {client.get(f"{PAGE}{address}").status_code for address in addresses} == {404}


def test_a_closure_that_meets_nobody_is_saved_at_once_and_can_be_undone(house: House) -> None:
    client = boss()
    page = client.post(f"{PAGE}close/", training(), follow=True)
    assert said(page) == ["Closed: Desk 5, Tuesday 8 December (Training)."]
    entry = Entry.objects.get(verb="closure.added")
    assert f"/hours/aalborg/undo/{entry.pk}/" in page.content.decode()
    assert said(client.post(f"{PAGE}undo/{entry.pk}/", follow=True)) == ["Not closed after all: Desk 5, Tuesday 8 December (Training)."]
    assert not house_plan(house).desks[-1].closings


def test_bookings_are_listed_first_and_one_click_saves_moves_and_tells(house: House) -> None:
    ana, bo = party(house, name="Ana Silva", confirmed=True), party(house, name="Bo Chen", confirmed=True)
    Letter.objects.all().delete()
    client = boss()
    page = client.post(f"{PAGE}close/", training())
    words = text(page)
    assert "2 visits are booked then" in words
    assert "Ana Silva" in words and "Bo Chen" in words and "Tax card, Desk 5" in words
    assert Closure.objects.count() == 0
    answer = client.post(f"{PAGE}save/", as_shown(page), follow=True)
    assert said(answer) == ["Closed: Desk 5, Tuesday 8 December (Training).", "2 visits have a new time."]
    assert Letter.objects.filter(key__startswith="moved:").count() == 2
    assert "Visits outside" not in text(answer) and answer.context["outside"] == 0
    assert {row.starts.astimezone(house.zone).date() for row in (ana.visits.first().appointment, bo.visits.first().appointment)} != {DATE}


def test_whoever_is_left_stands_on_the_page_until_moved(house: House) -> None:
    ana = party(house, name="Ana Silva")
    client = boss()
    sent = as_shown(client.post(f"{PAGE}close/", training()))
    answer = client.post(f"{PAGE}save/", {**sent, f"choice-{ana.pk}": ""}, follow=True)
    assert said(answer)[-1] == "1 visit still has a time outside the opening hours. It stands below."
    assert "1 visit is booked at a time when its desk, interpreter or room is not there." in text(answer)
    page = client.get(f"{PAGE}outside/")
    assert "Ana Silva" in text(page)
    moved = client.post(f"{PAGE}outside/", as_shown(page), follow=True)
    assert said(moved) == ["1 visit has a new time."]
    assert "Every visit is booked at a time when its desk, interpreter and room are there." in text(client.get(f"{PAGE}outside/"))


def test_a_party_that_cannot_be_written_to_is_named_to_be_called(house: House) -> None:
    ana = party(house, name="Ana Silva", phone="+4520304050")
    assert ana.contact is not None
    ana.contact.email = ""
    ana.contact.save()
    client = boss()
    page = client.post(f"{PAGE}close/", training())
    assert "No e-mail address. Call +4520304050." in text(page)
    answer = client.post(f"{PAGE}save/", as_shown(page), follow=True)
    assert said(answer)[-1] == f"Call these, because we have no e-mail address: {ana.reference}."


def test_who_comes_meanwhile_is_shown_before_anything_is_saved(house: House) -> None:
    party(house, name="Ana Silva")
    client = boss()
    page = client.post(f"{PAGE}close/", training())
    party(house, name="Bo Chen")
    again = client.post(f"{PAGE}save/", as_shown(page))
    assert said(again) == ["Somebody has booked there meanwhile. Nothing is saved yet: look at the list again."]
    assert len(again.context["rows"]) == 2
    assert Closure.objects.count() == 0


def test_an_administrator_sees_codes_and_no_names(house: House) -> None:
    ana = party(house, name="Ana Silva", phone="+4520304050")
    words = text(boss("skattestyrelsen", Role.ADMINISTRATOR).post(f"{PAGE}close/", training()))
    assert ana.reference in words
    assert "Ana Silva" not in words and "20304050" not in words
    assert not Entry.objects.filter(verb="house.read").exists()
    assert "Ana Silva" in text(boss("skattestyrelsen").post(f"{PAGE}close/", training()))
    assert Entry.objects.filter(verb="house.read").count() == 1


@pytest.mark.parametrize("who", ["clerk", "floorwalker"])
def test_a_clerk_falls_ill_and_the_desk_is_closed_in_one_click(house: House, settings: LazySettings, who: str) -> None:
    party(house, name="Ana Silva")
    at(settings, 8, 58)
    client = clerk("skattestyrelsen") if who == "clerk" else floorwalker()
    page = client.post("/desks/aalborg/tax-1/close/", {"back": "tax-1" if who == "clerk" else ""})
    assert "Ana Silva" in text(page)
    answer = client.post(f"{PAGE}save/", as_shown(page), follow=True)
    assert said(answer)[0] == "Closed: Desk 5, Tuesday 8 December from 8.58 (Closed for the rest of the day)."
    row = Closure.objects.get()
    assert (row.from_time, row.until_time, row.first_day, row.last_day) == (dt.time(8, 58), None, DATE, DATE)
    if who == "clerk":
        assert answer.redirect_chain[-1][0] == "/desks/aalborg/tax-1/"
        assert "Closed for the rest of today, by" in text(answer)
    client.post(f"{PAGE}closures/{row.pk}/lift/", follow=True)
    assert house_plan(house).desks[-1].closings == ()


def test_who_waits_with_a_ticket_for_a_closed_step_is_named(house: House, settings: LazySettings) -> None:
    taken = take_ticket(actor=system(), house=house, errands=Errands(["tax-card"]))
    at(settings, 9, 5)
    answer = floorwalker().post("/desks/aalborg/tax-1/close/", follow=True)
    assert said(answer)[-1] == f"Number {taken.ticket.number} waits in the house for “Tax card”, which no desk does any more today."


def test_pressing_close_twice_closes_once(house: House) -> None:
    client = clerk("siri")
    client.post("/desks/aalborg/siri-1/close/", {"back": "siri-1"})
    again = client.post("/desks/aalborg/siri-1/close/", {"back": "siri-1"}, follow=True)
    assert said(again)[-1] == "Desk 1 is closed for today already."
    assert Closure.objects.count() == 1
    assert clerk("skattestyrelsen").post("/desks/aalborg/siri-1/close/").status_code == 404


def week_form(**fields: str) -> dict[str, str]:
    times = {f"{edge}_{day}_1": time for day in range(5) for edge, time in (("opens", "10:00"), ("closes", "14:00"))}
    return {"valid_from": TOMORROW.isoformat(), **times, **fields}


def test_new_hours_count_from_their_day_and_the_old_ones_until_then(house: House) -> None:
    client = boss()
    assert "09:00" in client.get(f"{PAGE}times/").content.decode()
    page = client.post(f"{PAGE}times/", week_form(), follow=True)
    assert said(page) == ["Opening hours changed: International House, Aalborg."]
    periods = set(Hours.objects.filter(desk=None).values_list("opens", "valid_from", "valid_until"))
    assert periods == {(dt.time(9), None, DATE), (dt.time(12, 30), None, DATE), (dt.time(10), TOMORROW, None)}
    client.post(f"{PAGE}undo/{Entry.objects.get(verb='hours.changed').pk}/")
    assert set(Hours.objects.filter(desk=None).values_list("opens", "valid_from", "valid_until")) == {
        (dt.time(9), None, None),
        (dt.time(12, 30), None, None),
    }


def test_a_desk_gets_hours_of_its_own_and_follows_the_house_again(house: House) -> None:
    client = boss("siri")
    client.post(f"{PAGE}desks/siri-1/times/", week_form())
    assert Hours.objects.filter(desk__key="siri-1").count() == 5
    client.post(f"{PAGE}desks/siri-1/times/", {"valid_from": TOMORROW.isoformat(), "as_house": "on"})
    assert Hours.objects.filter(desk__key="siri-1").count() == 0


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"closes_0_1": "09:00"}, "It must close later than it opens."),
        ({"closes_0_1": ""}, "Write both times, or neither."),
        ({"opens_0_2": "13:00", "closes_0_2": "15:00"}, "The second time must begin after the first has ended."),
        ({"valid_from": "2026-12-01"}, "This day has passed. Choose today or a later day."),
        ({"valid_until": "2026-12-08"}, "The last day must not be before the first."),
        ({"opens_1_1": "soon"}, "Write the time as 9:00."),
    ],
)
def test_hours_that_cannot_be_are_refused_by_the_field(house: House, fields: dict[str, str], problem: str) -> None:
    before = list(Hours.objects.values_list())
    page = boss().post(f"{PAGE}times/", week_form(**fields))
    assert problem in text(page)
    assert list(Hours.objects.values_list()) == before


def desk_form(**fields: Any) -> dict[str, Any]:
    return {
        "title_da": "Pop-op",
        "title_en": "Pop-up",
        "organisation": "siri",
        "services": ["siri-residence"],
        "languages": "da, en, uk",
        "zone": "ground-floor",
        **fields,
    }


def test_a_desk_for_a_time_is_there_between_its_days(house: House) -> None:
    client = boss("siri")
    client.post(f"{PAGE}new-desk/", desk_form(active_from=DATE.isoformat(), active_until=TOMORROW.isoformat()))
    row = Desk.objects.get(key="pop-up")
    assert (row.organisation.key, row.languages, list(row.services.values_list("key", flat=True))) == (
        "siri",
        ["da", "en", "uk"],
        ["siri-residence"],
    )
    plan = house_plan(house)
    desk = next(one for one in plan.desks if one.desk == row)
    days = [DATE - dt.timedelta(days=1), DATE, TOMORROW, TOMORROW + dt.timedelta(days=1)]
    assert [bool(plan.open_cells(desk, plan.day(day))) for day in days] == [False, True, True, False]
    refused = client.post(f"{PAGE}new-desk/", desk_form(organisation="skattestyrelsen"))
    assert refused.status_code == 200 and Desk.objects.filter(title_en="Pop-up").count() == 1
    assert "We know no language called “danis”." in text(client.post(f"{PAGE}new-desk/", desk_form(languages="da, danis")))


def test_an_old_change_cannot_be_undone_over_a_newer_one(house: House) -> None:
    client = boss()
    client.post(f"{PAGE}times/", week_form())
    first = Entry.objects.get(verb="hours.changed")
    client.post(f"{PAGE}times/", week_form(opens_0_1="11:00"))
    stand = list(Hours.objects.values_list("weekday", "opens", "valid_from"))
    assert said(client.post(f"{PAGE}undo/{first.pk}/", follow=True))[-1] == "This was changed again after that, so it cannot be undone."
    assert list(Hours.objects.values_list("weekday", "opens", "valid_from")) == stand


def test_a_change_that_was_tampered_with_is_refused(house: House) -> None:
    client = boss()
    assert said(client.post(f"{PAGE}save/", {"change": "x"}, follow=True)) == ["This page is out of date. Make the change again."]
    party(house, name="Ana Silva")
    sent = as_shown(client.post(f"{PAGE}close/", training()))
    assert boss("siri").post(f"{PAGE}save/", sent).status_code == 404
    assert Closure.objects.count() == 0


def test_the_number_of_queries_does_not_grow_with_desks_and_closures(house: House) -> None:
    client, actor = boss(), leader()
    saved(actor, closure("tax-1", first=TOMORROW))
    saved(actor, session("tax-1"))
    client.get(PAGE)

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            client.get(PAGE)
        return len(caught)

    one = queries()
    for desk in ("siri-1", "siri-2"):
        saved(actor, closure(desk, first=TOMORROW))
        saved(actor, session(desk, "tax-1"))
        client.post(f"{PAGE}new-desk/", desk_form())
    assert queries() == one
