"""The waiting list at the pages: joined from the plan, answered by POST with the key of a letter, and shut to everybody else."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from indgang.foundation.jobs.work import run_due_jobs
from indgang.foundation.journal.models import Entry
from indgang.foundation.mail.models import Letter
from indgang.foundation.places.models import House
from indgang.operations.reception.actions.serving import look_again
from indgang.operations.reception.models import Closure, Hours, Journey, WaitingEntry, WaitingOffer
from indgang.operations.reception.tests.newcomer_day import CONTACT, everything, hidden, newcomer, plan_of, text_of
from indgang.operations.reception.tests.staff_day import at, clerk, floorwalker, said
from indgang.operations.reception.tests.waiting_day import (
    DAY,
    asked,
    booked,
    house_open,
    later,
    letters_to,
    link_in,
    offered_to,
    open_offers,
    waits,
    wish,
)
from indgang.operations.reception.waiting_links import offer_path

pytestmark = pytest.mark.django_db
ANSWERS = {
    "citizenship": "POL",
    "purpose": "work",
    "stay": "2",
    "municipality": "851",
    "adults": "1",
    "children": "0",
    "date": DAY.isoformat(),
    "language": "en",
}
DAYS = {"earliest": DAY.isoformat(), "latest": DAY.isoformat()}


@pytest.fixture(autouse=True)
def house(settings: LazySettings) -> House:
    at(settings, 8)
    return house_open(15)


def join(client: Client, answers: dict[str, str] = ANSWERS, **fields: str) -> Any:
    """Fill in the form behind the plan's link and send it."""
    address = f"/arrive/wait?{urlencode(answers)}"
    page = client.get(address)
    return client.post(address, {**CONTACT, **DAYS, **fields, "token": hidden(page, "token")})


def confirmed(client: Client) -> WaitingEntry:
    """Joined, and confirmed with the link in the mail from another browser."""
    response = join(newcomer())
    entry = WaitingEntry.objects.get(pk=response["Location"].split("/")[2])
    key = link_in(letters_to(entry, "confirm")[0]).split("key=")[1]
    client.post(f"/waiting/{entry.pk}/change", {"key": key, "confirm": "1"})
    entry.refresh_from_db()
    return entry


def offer_link(entry: WaitingEntry) -> tuple[str, str]:
    """Path and key of the newest offer."""
    path, key = link_in(letters_to(entry, "offer")[-1]).split("?key=")
    return path, key


def test_where_no_time_fits_the_plan_leads_to_the_list(house: House) -> None:
    times = text_of(plan_of(newcomer(), ANSWERS))
    assert "Wait for an earlier time" not in times, "they have a time on the first day they can come"
    house.hours.all().delete()
    page = plan_of(newcomer(), ANSWERS)
    assert "Put me on the waiting list" in text_of(page)
    assert f"/arrive/wait?{urlencode(ANSWERS)}" in page.content.decode().replace("&amp;", "&")


def test_whoever_waits_for_an_earlier_time_is_not_offered_the_one_they_turned_down(house: House) -> None:
    first = DAY + dt.timedelta(days=7)  # the house is open once a week
    Closure.objects.create(house=house, first_day=DAY, last_day=DAY, title_da="Lukket")
    client = newcomer()
    page = plan_of(client, ANSWERS)
    assert page.context["best"].days[0][0]["starts"].date() == first
    [link] = re.findall(r'href="(/arrive/wait[^"]*)"', page.content.decode())
    form = client.get(link.replace("&amp;", "&")).context["form"]
    assert (form["earliest"].value(), form["latest"].value()) == (DAY, first - dt.timedelta(days=1))
    wrong = client.get(f"/arrive/wait?{urlencode(ANSWERS)}&before=soon").context["form"]
    assert wrong["latest"].value() > first


def test_joining_tells_to_look_in_the_mail_and_counts_only_when_confirmed() -> None:
    client = newcomer()
    page = client.get(join(client)["Location"])
    assert "Look in your mail" in text_of(page)
    assert "a•••@example.org" in text_of(page)
    assert "anna@example.org" not in page.content.decode()
    run_due_jobs()
    assert offered_to() == []


def test_a_family_leaves_the_names_of_everybody() -> None:
    answers = {**ANSWERS, "adults": "2", "children": "1"}
    join(newcomer(), answers, person1="Oksana Nowak", person2="Jan Nowak")
    entry = WaitingEntry.objects.get()
    assert (entry.name, entry.companions) == ("Anna Nowak", ["Oksana Nowak", "Jan Nowak"])
    assert [traveller[1] for traveller in entry.wish["t"]] == [False, False, True]


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"consent": ""}, "We cannot put you on the list without."),
        ({"email": "anna"}, "Write an e-mail address like name@example.com."),
        ({"name": " "}, "Write your name."),
        ({"latest": "2026-12-14"}, "The last day must not be before the first."),
        ({"earliest": "2026-12-01"}, "This date has passed."),
        ({"latest": "2027-12-15"}, "Ask for at most 92 days at a time."),
        ({"latest": "soon"}, "Write the date like"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_written_is_kept(fields: dict[str, str], problem: str) -> None:
    page = join(newcomer(), **{"phone": "+45 99 82 00 00", **fields})
    assert page.status_code == 200
    assert problem in text_of(page)
    assert "+45 99 82 00 00" in page.content.decode()
    assert WaitingEntry.objects.count() == 0


def test_the_form_sent_twice_is_one_entry_and_too_many_are_refused() -> None:
    client = newcomer()
    address = f"/arrive/wait?{urlencode(ANSWERS)}"
    form = {**CONTACT, **DAYS, "token": hidden(client.get(address), "token")}
    places = {client.post(address, form)["Location"] for _time in range(2)}
    assert (len(places), WaitingEntry.objects.count()) == (1, 1)
    for number in range(2):
        join(client, name=f"Anna Nowak {'I' * (number + 1)}")
    assert "You are on the waiting list already." in text_of(join(client, name="Anna Maria Nowak"))


def test_looking_changes_nothing(house: House) -> None:
    entry = asked(wish(house))
    link = link_in(letters_to(entry, "confirm")[0])
    taken = waits(wish(house))
    run_due_jobs()
    path, key = offer_link(taken)
    before = everything()
    for address in (link, f"{path}?key={key}", f"{path}?key={key}&accept=1", f"{link}&confirm=1", f"/waiting/{entry.pk}/change?confirm=1"):
        for method in ("get", "head"):
            response = getattr(newcomer(), method)(address)
            assert response.status_code in (200, 405)
    after = everything()
    assert {table: rows for table, rows in after.items() if rows != before[table] and table != "django_session"} == {}


def test_a_letter_s_link_confirms_and_an_offer_is_taken_with_one_click() -> None:
    client = newcomer()
    entry = confirmed(client)
    run_due_jobs()
    assert "You are waiting for a time" in text_of(client.get(f"/waiting/{entry.pk}/"))
    path, key = offer_link(entry)
    somebody = newcomer()
    page = somebody.get(f"{path}?key={key}")
    assert "A time is free for you" in text_of(page)
    assert "9.00" in text_of(page)
    response = somebody.post(path, {"key": key, "accept": "1"})
    journey = Journey.objects.get()
    assert response["Location"] == f"/arrival/{journey.reference}/"
    assert "The time is yours." in somebody.get(response["Location"]).content.decode()
    assert (journey.contact.email, journey.source) == ("anna@example.org", "waiting")
    again = newcomer().post(path, {"key": key, "accept": "1"})
    assert "which works once" in text_of(again)
    assert journey.reference not in again.content.decode()
    assert Journey.objects.count() == 1


@pytest.mark.parametrize(
    ("language", "subject", "sentence"),
    [
        ("en", "2 visits are free for you: take them before", "so it is 2 visits, on 2 days. We hold them for you until"),
        ("da", "Der er ledige tider til dig på 2 dage: Tag dem inden", "så det bliver 2 besøg på 2 dage. Vi holder dem til dig indtil"),
    ],
)
def test_an_offer_on_two_days_says_plainly_that_it_is_two_visits(house: House, language: str, subject: str, sentence: str) -> None:
    Hours.objects.update(closes=dt.time(9, 45))
    entry = waits(wish(house, stay=24, last=DAY + dt.timedelta(days=14)))
    WaitingEntry.objects.update(language=language)
    run_due_jobs()
    letter = letters_to(entry, "offer")[0]
    assert letter.subject.startswith(subject) and sentence in letter.text
    path, key = offer_link(entry)
    page = newcomer().get(f"{path}?key={key}")
    assert "2 visits are free for you, on 2 days" in text_of(page)
    assert "We hold them for you until" in text_of(page) and "Take these visits" in text_of(page) and "Take this time" not in text_of(page)
    days = re.findall(r"<figcaption>(.*?)</figcaption>", page.content.decode())
    assert len(days) == len(set(days)) == 2, "each day's bar says which day it is"


def test_declining_and_being_too_late_say_what_happens_next(settings: LazySettings) -> None:
    client = newcomer()
    first, second = confirmed(client), waits(wish(House.objects.get()))
    run_due_jobs()
    path, key = offer_link(first)
    page = client.post(path, {"key": key, "decline": "1"}, follow=True)
    assert "This time goes to the next in line." in page.content.decode()
    run_due_jobs()
    path, key = offer_link(second)
    later(settings, 10.1)
    page = newcomer().post(path, {"key": key, "accept": "1"})
    assert "This time is no longer held for you" in text_of(page)
    assert Journey.objects.count() == 0


def test_who_left_three_offers_unanswered_reads_so_and_comes_back_with_one_press(house: House, settings: LazySettings) -> None:
    Hours.objects.update(closes=dt.time(12))
    entry = waits(wish(house))
    run_due_jobs()
    for _offer in range(3):
        later(settings, 10.1)
        look_again()
    offers = letters_to(entry, "offer")
    assert ["we offer you no more until you tell us" in letter.text for letter in offers] == [False, False, True]
    path, key = offer_path(entry.offers.latest("made_at")).split("?key=")
    page = text_of(newcomer().get(f"{path}?key={key}"))
    assert "You have not answered our last offers, so we send you no more of them." in page
    assert "we write again" not in page
    board = text_of(floorwalker().get(f"/board/{house.key}/waiting/"))
    assert "1 has not answered the last offers" in board
    assert "You need not do anything" not in board
    newcomer().get(f"{path}?key={key}&still=1")
    entry.refresh_from_db()
    assert entry.unanswered == 3, "looking changes nothing"
    page = newcomer().post(path, {"key": key, "still": "1"}, follow=True)
    assert "You are waiting for a time" in text_of(page)
    run_due_jobs()
    assert offered_to() == [entry]
    assert "You need not do anything" in text_of(floorwalker().get(f"/board/{house.key}/waiting/"))


def test_the_page_behind_the_link_changes_days_and_leaves() -> None:
    client = newcomer()
    entry = confirmed(client)
    page = client.post(f"/waiting/{entry.pk}/change", {"days": "1", "earliest": "2026-12-14", "latest": "2026-12-22"}, follow=True)
    assert "You keep your place in line." in page.content.decode()
    entry.refresh_from_db()
    assert (entry.earliest.isoformat(), entry.latest.isoformat()) == ("2026-12-14", "2026-12-22")
    wrong = client.post(f"/waiting/{entry.pk}/change", {"days": "1", "earliest": "2026-12-14", "latest": "2026-12-10"})
    assert "The last day must not be before the first." in text_of(wrong)
    assert "You have left the list." in text_of(client.post(f"/waiting/{entry.pk}/change", {"leave": "1"}, follow=True))


def test_without_the_key_nothing_opens(house: House) -> None:
    waits(wish(house))
    entry = asked(wish(house), email="anna@example.org")
    run_due_jobs()
    [offer] = open_offers()
    before = [list(model.objects.values_list()) for model in (WaitingEntry, WaitingOffer)]
    stranger = newcomer()
    key = offer_link(offer.entry)[1]
    for address in (f"/waiting/{entry.pk}/", f"/waiting/{offer.entry.pk}/", f"/waiting/{offer.entry.pk}/offer/{offer.pk}/"):
        for key_shown in ("", "x", "é", key[:-1]):
            assert stranger.get(address, {"key": key_shown}).status_code == 404
            assert stranger.post(address, {"key": key_shown, "accept": "1"}).status_code in (404, 405)
    for field in ("confirm", "leave", "still", "days", "again"):
        assert stranger.post(f"/waiting/{entry.pk}/change", {field: "1", "key": key}).status_code == 404
    assert stranger.get(f"/waiting/{entry.pk}/offer/{offer.pk}/", {"key": key}).status_code == 404  # somebody else's entry
    assert [list(model.objects.values_list()) for model in (WaitingEntry, WaitingOffer)] == before


def test_who_has_only_asked_can_neither_confirm_nor_see_what_the_letter_opens() -> None:
    client = newcomer()
    response = join(client)
    client.post(f"{response['Location']}change", {"confirm": "1"})
    assert WaitingEntry.objects.get().confirmed_at is None
    client.post(f"{response['Location']}change", {"again": "1"})
    client.post(f"{response['Location']}change", {"again": "1"})
    page = client.post(f"{response['Location']}change", {"again": "1"}, follow=True)
    assert "several times" in page.content.decode()
    assert Letter.objects.count() == 3


@pytest.mark.parametrize(("language", "words"), [("en", "You are next in line"), ("da", "du er den næste på ventelisten")])
def test_letters_speak_the_language_of_who_waits(language: str, words: str) -> None:
    client = newcomer()
    join(client, {**ANSWERS, "language": language})
    entry = WaitingEntry.objects.get()
    key = link_in(letters_to(entry, "confirm")[0]).split("key=")[1]
    client.post(f"/waiting/{entry.pk}/change", {"key": key, "confirm": "1"})
    run_due_jobs()
    [letter] = letters_to(entry, "offer")
    assert words.lower() in letter.text.lower()
    assert "9.00" in letter.text or "09:00" in letter.text


def test_floorwalkers_see_who_waits_in_order_and_it_is_noted(house: House) -> None:
    booked(house)
    people = [waits(wish(house), name=name) for name in ("Anna Nowak", "Bo Berg", "Cai Dahl")]
    walker = floorwalker()
    assert "3 parties on the waiting list" in text_of(walker.get("/board/aalborg/"))
    page = text_of(walker.get("/board/aalborg/waiting/"))
    assert page.index("Anna Nowak") < page.index("Bo Berg") < page.index("Cai Dahl")
    assert Entry.objects.filter(about__contains=[f"reception.waitingentry:{people[0].pk}"]).exists()
    walker.post(f"/board/aalborg/waiting/{people[1].pk}/remove/")
    assert "Bo Berg" not in text_of(walker.get("/board/aalborg/waiting/")).replace("Bo Berg is off the waiting list.", "")
    for path in ("", f"{people[0].pk}/remove/"):
        assert clerk().post(f"/board/aalborg/waiting/{path}").status_code in (404, 405)
        assert clerk().get(f"/board/aalborg/waiting/{path}").status_code in (404, 405)
    assert WaitingEntry.objects.filter(ended="removed").count() == 1


def test_who_says_on_the_telephone_that_they_still_wait_is_offered_times_again(house: House) -> None:
    resting, waiting = waits(wish(house), name="Ana Silva"), waits(wish(house), name="Bo Chen")
    WaitingEntry.objects.filter(pk=resting.pk).update(unanswered=3)
    run_due_jobs()
    assert offered_to() == [waiting]
    walker, stranger = floorwalker(), clerk()
    still = f"/board/aalborg/waiting/{resting.pk}/still/"
    page = walker.get("/board/aalborg/waiting/")
    assert re.findall("/board/aalborg/waiting/[^/]*/still/", page.content.decode()) == [still]
    assert stranger.post(still).status_code == 404

    page = walker.post(still, follow=True)

    assert said(page) == ["Ana Silva still waits, and is offered times again."]
    resting.refresh_from_db()
    assert resting.unanswered == 0
    entry = Entry.objects.get(verb="waiting.resumed", subject_id=str(resting.pk))
    assert entry.user and entry.user.name == "Mette Holm"


def test_the_list_costs_the_same_for_one_and_for_three(house: House) -> None:
    booked(house)
    walker = floorwalker()
    waits(wish(house))
    walker.get("/board/aalborg/waiting/")
    counts = []
    for _more in range(2):
        with CaptureQueriesContext(connection) as queries:
            walker.get("/board/aalborg/waiting/")
        counts.append(len([query for query in queries if "INSERT" not in query["sql"]]))
        waits(wish(house))
        waits(wish(house))
        walker.get("/board/aalborg/waiting/")
    assert counts[0] == counts[1]
