"""After the visit: who is asked and when, one answer for a link, nothing that leads to a person, and figures from five on."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import time
from collections import defaultdict
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from indgang.foundation.access.actors import ANONYMOUS, staff
from indgang.foundation.identity.models import Role
from indgang.foundation.journal.models import Entry
from indgang.foundation.mail.models import Letter
from indgang.foundation.measures.counting import Share
from indgang.foundation.measures.declared import Scope
from indgang.foundation.places.models import House
from indgang.operations.reception.actions import desk as desk_actions
from indgang.operations.reception.actions.after_visit import ask_about_yesterday
from indgang.operations.reception.actions.retention import invitations_to_forget, refusals_to_forget, texts_to_forget
from indgang.operations.reception.actions.tickets import Errands, take_ticket
from indgang.operations.reception.demo.after import fill_answers, seat_clerks
from indgang.operations.reception.demo.staff import HouseStaff
from indgang.operations.reception.measures import ANSWERS_GIVEN
from indgang.operations.reception.models import AfterVisit, Desk, Invitation, Journey, NoQuestions, Question, Sitting, Visit, VisitAnswer
from indgang.operations.reception.models.journey import Status
from indgang.operations.reception.rules.after_visit import holds_cpr_number
from indgang.operations.reception.signals import asked_after_visit
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.staff_day import DATE, at, at_instant, logged_in

pytestmark = pytest.mark.django_db
NAME, EMAIL = "Quirina Zabłocka", "quirina@zablocka.example"
LINK = re.compile(r"/after/\?key=([\w-]{43})")
LATER = dt.datetime(2027, 1, 20, 9, tzinfo=dt.UTC)  # nobody can answer any more about a visit in December
ANSWERS = {"answer-done": "yes", "answer-wait": "4", "answer-better": "More chairs, please."}


@pytest.fixture
def house(settings: LazySettings) -> House:
    at(settings, 8, 30)
    house = factories.small_house()
    AfterVisit.objects.create(house=house, mail=True)
    for position, (key, kind) in enumerate((("done", "yes-partly-no"), ("wait", "scale"), ("better", "text"))):
        Question.objects.create(house=house, key=key, kind=kind, position=position, title_da=f"{key} på dansk?", title_en=f"{key}?")
    return house


def served(house: House, **wish: Any) -> Journey:
    """A party that has been served, everything done at noon."""
    journey = factories.book(house, on=DATE, days=0, **{"name": NAME, "confirmed": True, **wish}).journey
    noon = dt.datetime.combine(DATE, dt.time(12), house.zone)
    journey.visits.update(status=Status.DONE, outcome="done", arrived_at=noon, called_at=noon, started_at=noon, ended_at=noon)
    return journey


def next_morning(settings: LazySettings, hour: int = 9, days: int = 1) -> None:
    at_instant(settings, dt.datetime(2026, 12, 8, hour, tzinfo=dt.timezone(dt.timedelta(hours=1))) + dt.timedelta(days=days))


def letters() -> list[Letter]:
    return list(Letter.objects.filter(key__startswith="after-visit:"))


def key_in(letter: Letter) -> str:
    return LINK.search(letter.text)[1]  # type: ignore[index]


def asked(house: House, settings: LazySettings, **wish: Any) -> str:
    """The key in the letter of somebody who was served."""
    served(house, **wish)
    next_morning(settings)
    ask_about_yesterday()
    return key_in(letters()[-1])


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_one_letter_comes_the_next_morning_and_no_second(house: House, settings: LazySettings) -> None:
    journey = served(house, email=EMAIL)
    heard: list[Journey] = []
    asked_after_visit.connect(receiver := lambda journey, **_rest: heard.append(journey), weak=False)
    for hour, days, written in ((17, 0, 0), (7, 1, 0), (8, 1, 1), (9, 1, 0), (9, 2, 0), (13, 1, 0)):
        next_morning(settings, hour, days)
        assert (hour, days, ask_about_yesterday()) == (hour, days, written)
    asked_after_visit.disconnect(receiver)
    [letter] = letters()
    assert (letter.to, letter.subject) == (EMAIL, "How was your visit to us?")
    assert letter.text.startswith(f"Hello {NAME}\n")
    assert "no CPR number" in letter.text
    assert heard == [journey]


def test_the_letter_is_in_their_language(house: House, settings: LazySettings) -> None:
    asked(house, settings, language="da")
    assert letters()[0].subject == "Hvordan var dit besøg hos os?"
    assert "Tak, fordi du kom i går." in letters()[0].text


@pytest.mark.parametrize("why", ["unconfirmed", "not over", "switched off", "cancelled", "not there", "declined before"])
def test_who_is_not_asked(house: House, settings: LazySettings, why: str) -> None:
    journey = served(house, email=EMAIL, confirmed=why != "unconfirmed")
    if why == "not over":
        visit = journey.visits.last()
        Visit.objects.filter(pk=visit.pk).update(status=Status.PLANNED, ended_at=None)
    elif why == "switched off":
        AfterVisit.objects.update(mail=False)
    elif why == "cancelled":
        Journey.objects.update(cancelled_at=journey.created_at)
    elif why == "not there":
        journey.visits.update(status=Status.NO_SHOW, ended_at=None)
    elif why == "declined before":
        next_morning(settings)
        ask_about_yesterday()
        Client().post(f"/after/?key={key_in(letters()[0])}", {"no": "1"})
        Letter.objects.filter(key__startswith="after-visit:").delete()
        Invitation.objects.all().delete()
    next_morning(settings)
    assert ask_about_yesterday() == 0
    assert letters() == []


def test_looking_uses_nothing_up_and_answering_does(house: House, settings: LazySettings) -> None:
    key = asked(house, settings)
    for _look in range(2):
        with CaptureQueriesContext(connection) as found:
            page = Client().get(f"/after/?key={key}")
            Client().head(f"/after/?key={key}")
        assert not [query for query in found if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
        assert "done? Yes Partly No wait? 1, not at all 2 3 4 5, completely better? Write no CPR number" in text(page)
    assert "Your answers help us do better." in text(Client().post(f"/after/?key={key}", ANSWERS))
    again = Client().post(f"/after/?key={key}", {**ANSWERS, "answer-done": "no"})
    assert "You have answered already." in text(again)
    assert VisitAnswer.objects.get().choices == {"done": "yes", "wait": "4"}


def test_nothing_leads_from_an_answer_to_a_person(house: House, settings: LazySettings) -> None:
    key = asked(house, settings, email=EMAIL)
    entries = Entry.objects.count()
    Client().post(f"/after/?key={key}", ANSWERS)
    answer = VisitAnswer.objects.get()
    assert (answer.day, answer.language, answer.text) == (DATE, "en", "More chairs, please.")
    assert answer.services == ["cpr-registration", "mitid", "siri-residence", "tax-card"]
    assert {field.name for field in VisitAnswer._meta.fields} == {"id", "house", "day", "services", "language", "choices", "text"}
    assert {field.name for field in Invitation._meta.fields} == {"id", "journey", "digest", "expires_on", "used"}
    assert Entry.objects.count() == entries
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM reception_visitanswer")
        assert b"chairs" not in bytes(cursor.fetchone()[0])


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({}, "Answer at least one question"),
        ({"answer-done": "perhaps"}, "Answer at least one question"),
        ({"answer-better": "I am 010190-1234"}, "This looks like a CPR number."),
        ({"answer-better": "a" * 2001}, "Write at most 2000 letters."),
    ],
)
def test_what_cannot_be_taken_is_said_and_nothing_is_used_up(
    house: House, settings: LazySettings, answers: dict[str, str], said: str
) -> None:
    key = asked(house, settings)
    assert said in text(Client().post(f"/after/?key={key}", answers))
    assert not VisitAnswer.objects.exists()
    assert not Invitation.objects.get().used


def test_an_unknown_or_old_link_opens_nothing(house: House, settings: LazySettings) -> None:
    key = asked(house, settings)
    assert [Client().get(address).status_code for address in ("/after/", "/after/?key=x", "/after/?ticket=1&key=x")] == [404] * 3
    next_morning(settings, days=16)
    assert Client().post(f"/after/?key={key}", ANSWERS).status_code == 404
    assert invitations_to_forget().count() == 1


def test_no_thanks_is_kept_without_the_address(house: House, settings: LazySettings) -> None:
    key = asked(house, settings, email=EMAIL)
    assert "We will not ask you again." in text(Client().post(f"/after/?key={key}", {"no": "1"}))
    assert EMAIL not in repr(NoQuestions.objects.values_list())
    assert not VisitAnswer.objects.exists()
    settings.CLOCK_STARTS_AT += dt.timedelta(days=731)
    assert refusals_to_forget().count() == 1


def test_a_walk_in_answers_from_the_ticket_once_it_has_ended(house: House, settings: LazySettings) -> None:
    at(settings, 9, 30)
    taken = take_ticket(actor=ANONYMOUS, house=house, errands=Errands(services=("siri-residence",), people=1, language="en"))
    address = f"/after/?ticket={taken.ticket.number}&key={taken.key}"
    page = f"/ticket/{taken.ticket.number}/?key={taken.key}"
    assert Client().get(address).status_code == 404
    clerk, desk = staff(factories.member(Role.CLERK, "siri")), factories.desk("siri-1")
    visit = desk_actions.call_next(actor=clerk, desk=desk)
    assert visit is not None
    assert "three short questions" not in text(Client().get(page))
    desk_actions.finish_visit(actor=clerk, visit=visit, outcome="done")
    assert "Tell us how it was: three short questions" in text(Client().get(page))
    Client().post(address, {"answer-done": "partly"})
    assert (VisitAnswer.objects.get().services, VisitAnswer.objects.get().choices) == (["siri-residence"], {"done": "partly"})
    assert "You have answered already." in text(Client().post(address, {"answer-done": "no"}))
    assert "three short questions" not in text(Client().get(page))


def answered(house: House, number: int, *, better: str = "") -> None:
    for turn in range(number):
        VisitAnswer.objects.create(
            house=house,
            day=DATE,
            services=["mitid"],
            language="en",
            choices={"done": "no" if turn == 0 else "yes"},
            text=f"{better} {turn}" if better else "",
        )


def shown(role: str, of: str = "ihnd") -> str:
    with override_settings(CLOCK_STARTS_AT=LATER, CLOCK_SINCE=time.time()):
        return text(logged_in(factories.member(role, of)).get("/statistics/aalborg/?first=2026-12-01&last=2026-12-31"))


def test_figures_stand_with_their_number_and_not_below_five(house: House) -> None:
    served(house)
    answered(house, 4, better="Chairs")
    few = shown(Role.LEADER)
    assert "No answers can be told for these days." in few
    assert "done?" not in few
    assert "Chairs" not in few
    answered(house, 1, better="Chairs")
    enough = shown(Role.LEADER)
    assert "done? (n = 5)" in enough
    assert "The most frequent answer is “Yes”: 3 of 5 (60 %)." in enough
    assert re.search(r"Yes 3 60 %", enough)
    assert "wait? Too few have answered, so nothing is shown." in enough
    assert "Chairs 3" in enough


def test_the_answers_are_in_both_files_and_declared_and_not_below_five(house: House, settings: LazySettings) -> None:
    served(house)
    answered(house, 4)
    at_instant(settings, LATER)
    scope = Scope(house, DATE, DATE + dt.timedelta(days=6))
    split = ANSWERS_GIVEN.split
    assert split is not None
    assert (ANSWERS_GIVEN.figure(scope), split(scope), list(ANSWERS_GIVEN.evidence(scope))) == (0, {}, [])
    assert _file("csv")["after-done", "Number"] == {}
    answered(house, 1)
    assert split(scope) == {
        "done:yes": Share(3, 5),
        "done:partly": Share(0, 5),
        "done:no": Share(2, 5),
    }
    assert (ANSWERS_GIVEN.figure(scope), ANSWERS_GIVEN.evidence(scope).count()) == (5, 5)
    assert _file("csv")["after-done", "Number"] == {"yes": "3", "partly": "0", "no": "2"}
    assert _file("csv")["after-wait", "Number"] == {}
    book = load_workbook(io.BytesIO(_download("xlsx")))
    rows = list(book["After the visit, question 1"].iter_rows(values_only=True))
    assert rows == [("done?", "Number", "Share"), ("Yes", 3, 0.6), ("Partly", 0, 0), ("No", 2, 0.4)]
    assert len(book["After the visit, question 1"]._charts) == 1
    assert "After the visit, question 2" not in book.sheetnames
    house_rows = {row[0]: row[1] for row in book["House"].iter_rows(min_row=3, values_only=True)}
    assert house_rows["Answers to “done?” (empty: fewer than five)"] == 5
    assert not house_rows["Answers to “wait?” (empty: fewer than five)"]


def _download(form: str) -> bytes:
    client = logged_in(factories.member(Role.LEADER, "ihnd"))
    content: bytes = client.get(f"/statistics/aalborg/file/{form}/?first=2026-12-01&last=2026-12-31").content
    return content


def _file(form: str) -> dict[tuple[str, str], dict[str, str]]:
    known: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for row in csv.DictReader(io.StringIO(_download(form).decode("utf-8-sig"))):
        known[row["table"], row["figure"]][row["key"]] = row["value"]
    return known


@pytest.mark.parametrize(("role", "of"), [(Role.FLOORWALKER, "ihnd"), (Role.ADMINISTRATOR, "ihnd"), (Role.LEADER, "siri")])
def test_what_people_wrote_is_for_the_leaders_of_the_host(house: House, role: str, of: str) -> None:
    served(house)
    answered(house, 6, better="Chairs")
    page = shown(role, of)
    assert "done? (n = 6)" in page
    assert "Chairs" not in page


def test_what_people_wrote_is_forgotten_after_a_year_and_the_figures_stay(house: House, settings: LazySettings) -> None:
    answered(house, 5, better="Chairs")
    answered(house, 1)
    settings.CLOCK_STARTS_AT += dt.timedelta(days=367)
    assert texts_to_forget().count() == 5
    texts_to_forget().update(text="")
    assert texts_to_forget().count() == 0
    assert VisitAnswer.objects.filter(choices__done="yes").count() == 4


def test_a_house_that_asks_nothing_shows_nothing(house: House) -> None:
    served(house)
    AfterVisit.objects.all().delete()
    assert "After the visit" not in shown(Role.LEADER)


@pytest.mark.parametrize(
    ("text_", "found"),
    [("010190-1234", True), ("0101901234", True), ("call 98 12 34 56", False), ("order 12345678901", False), ("010190 1234", True)],
)
def test_a_cpr_number_is_recognised(text_: str, found: bool) -> None:
    assert holds_cpr_number(text_) is found


def test_the_demonstration_has_answers_and_says_who_sits_where(house: House) -> None:
    served(house)
    clerks = {factories.desk(key).pk: factories.member(Role.CLERK, of) for key, of in (("siri-1", "siri"), ("tax-1", "skattestyrelsen"))}
    desks = {desk.pk: desk for desk in Desk.objects.all()}
    team = HouseStaff(host=factories.organisation("ihnd"), desks=desks, clerks=clerks, floorwalkers=[])
    seat_clerks(house, team, DATE)
    assert {row.desk_id: row.officer for row in Sitting.objects.all()} == clerks
    told = []
    for _turn in range(2):
        fill_answers(house, DATE + dt.timedelta(days=1), "3")
        told.append(list(VisitAnswer.objects.values_list("id", "services", "choices", "text")))
        VisitAnswer.objects.all().delete()
    assert told[0] == told[1]
    assert [services for _key, services, _choices, _text in told[0]] == [["cpr-registration", "mitid", "siri-residence", "tax-card"]]
