"""A group over the API: from the company's name to booked times, sent once or twice, and everything that can be asked wrongly."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from indgang.foundation.places.models import House
from indgang.operations.reception.employer_links import group_key
from indgang.operations.reception.models import EmployerBooking, Journey, Visit
from indgang.operations.reception.tests.employer_day import DAY, letters, starts
from indgang.operations.reception.tests.resource_day import beside, interpreter
from indgang.operations.reception.tests.staff_day import at, at_instant
from indgang.operations.reception.tests.test_api import PROBLEM, post
from indgang.operations.reception.tests.waiting_day import booked as newcomer_booked
from indgang.operations.reception.tests.waiting_day import house_open

pytestmark = pytest.mark.django_db
CONTACT = {"name": "Hanne Riis", "email": "hr@nordvaerk.example", "language": "en"}
START = {"house": "aalborg", "company": "Nordværk A/S", "cvr": "13585628", "contact": CONTACT, "consent": True}
WISHES = {"first_day": DAY.isoformat(), "last_day": DAY.isoformat()}


@pytest.fixture
def house(settings: LazySettings) -> House:
    at(settings, 8)
    return house_open(60)


class Group:
    """A script with the key of the letter."""

    def __init__(self, **more: Any) -> None:
        self.asked = post("groups", START | more)
        booking = EmployerBooking.objects.get(pk=self.asked.json()["id"])
        self.booking, self.path, self.key = booking, f"groups/{booking.pk}", group_key(booking)

    def post(self, name: str, body: Any, **headers: str) -> Any:
        return post(f"{self.path}/{name}?key={self.key}", body, **headers)

    def add(self, *names: str, **more: Any) -> Any:
        return self.post("people", {"people": [one(name, **more) for name in names]})

    def now(self) -> dict[str, Any]:
        return Client().get(f"/api/v1/{self.path}?key={self.key}").json()  # type: ignore[no-any-return]

    def states(self) -> list[tuple[str, str]]:
        return [(person["name"], person["state"]) for person in self.now()["people"]]

    def number(self, name: str) -> int:
        return next(int(person["number"]) for person in self.now()["people"] if person["name"] == name)


def one(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "citizenship": "POL", "stay_months": 2, "municipality": "851", **more}


def faults(answer: Any) -> dict[str, str]:
    assert (answer.status_code, answer["Content-Type"]) == (422, PROBLEM)
    return {error["field"]: error["message"] for error in answer.json()["errors"]}


def test_from_the_companys_name_to_booked_times(house: House) -> None:
    group = Group()
    assert (group.asked.status_code, set(group.asked.json())) == (201, {"id", "house"})
    assert [letter.to for letter in letters("employer-link")] == ["hr@nordvaerk.example"]
    assert (group.now()["confirmed"], group.now()["people"], group.now()["shown"]) == (False, [], None)
    group.add("Anna Nowak", "Bo Lind")
    assert (group.now()["confirmed"], group.states()) == (True, [("Anna Nowak", "new"), ("Bo Lind", "new")])

    planned = group.post("plan", WISHES).json()
    proposed = [person["proposed"] for person in planned["people"]]
    assert [one["starts"] for one in proposed] == ["2026-12-15T09:00:00+01:00", "2026-12-15T09:15:00+01:00"]
    assert (proposed[0]["services"], planned["may_book"], Journey.objects.count()) == (["tax-card"], True, 0)
    done = group.post("book", {"shown": planned["shown"]}).json()

    assert (done["booked"], done["moved"], done["again"]) == (2, 0, False)
    assert [person["times"] for person in done["people"]] == [[{name: one[name] for name in ("starts", "ends")}] for one in proposed]
    assert group.now() == {name: value for name, value in done.items() if name not in ("booked", "moved", "again")}


def test_every_call_may_be_sent_again_and_nothing_is_done_twice(house: House) -> None:
    group = Group()
    assert post("groups", START).json()["id"] == str(group.booking.pk)
    assert len(letters("employer-link")) == 1
    for _time in range(2):
        group.add("Anna Nowak", "Bo Lind")
        shown = group.post("plan", WISHES).json()["shown"]
    first, second = (group.post("book", {"shown": shown}).json() for _time in range(2))
    assert [(done["booked"], done["again"]) for done in (first, second)] == [(2, False), (0, True)]
    assert (Journey.objects.count(), len(letters("employer-overview"))) == (2, 1)
    group.add("Anna Nowak", stay_months=24)
    assert group.states() == [("Anna Nowak", "booked"), ("Bo Lind", "booked")]


def test_every_fault_of_every_row_is_told_and_nobody_is_added(house: House) -> None:
    group = Group()
    wrong = [
        one("Anna Nowak", email="anna@example.org"),
        one("", citizenship="XXX", purpose="fun"),
        one("Bo Lind", email="bo", municipality="9999", stay_months=-1),
        one("Cy Dahl", email="anna@example.org", adults=0, interpreter="ar"),
    ]
    told = faults(group.post("people", {"people": wrong}))
    assert set(told) == {
        "people.1.name",
        "people.1.citizenship",
        "people.1.purpose",
        "people.2.email",
        "people.2.municipality",
        "people.2.stay_months",
        "people.3.adults",
        "people.3.interpreter",
        "people.3.email",
    }
    assert told["people.1.citizenship"] == "“XXX” is not a country code. Use three letters, like DEU for Germany."
    assert told["people.3.email"] == "Employee 1 has the same. Leave an e-mail address empty where you want the e-mail yourself."
    assert group.booking.employees.count() == 0
    danish = faults(group.post("people", {"people": [one("")]}, **{"Accept-Language": "da"}))
    assert danish == {"people.0.name": "Skriv medarbejderens navn."}
    assert set(faults(group.post("people", {"people": []}))) == {"people"}
    assert set(faults(group.post("people", {"people": [one(f"N{number}") for number in range(51)]}))) == {"people"}


def test_once_a_first_day_has_passed_the_same_people_and_a_new_one_may_be_sent(house: House, settings: LazySettings) -> None:
    group = Group()
    anna = one("Anna Nowak", arrival="2026-12-09")
    assert group.post("people", {"people": [anna]}).status_code == 200
    at_instant(settings, dt.datetime(2026, 12, 10, 9, tzinfo=dt.UTC))
    assert [person["name"] for person in group.post("people", {"people": [anna, one("Bo Lind")]}).json()["people"]] == [
        "Anna Nowak",
        "Bo Lind",
    ]
    assert set(faults(group.post("people", {"people": [anna, one("Cy Dahl", arrival="2026-12-09")]}))) == {"people.1.arrival"}


def test_what_is_wrong_with_company_contact_and_wishes_is_named_by_its_path(house: House) -> None:
    bad = {"house": "aalborg", "cvr": "1", "contact": {"email": "x"}}
    assert set(faults(post("groups", bad))) == {"company", "cvr", "contact.name", "contact.email", "consent"}
    assert set(faults(post("groups", START | {"house": "nowhere"}))) == {"house"}
    group = Group()
    group.add("Anna Nowak")
    for asked, named in (
        ({"first_day": "2026-12-01"}, {"first_day"}),
        ({"last_day": "2026-12-01"}, {"last_day"}),
        ({"earliest_time": "9"}, {"earliest_time"}),
        ({"earliest_time": "12:00", "latest_time": "11:00"}, {"latest_time"}),
        ({"book_when": "some"}, {"book_when"}),
        ({"book_when": "named"}, {"needed"}),
        ({"book_when": "at-least", "at_least": 0}, {"at_least"}),
    ):
        assert set(faults(group.post("plan", WISHES | asked))) == named
    assert set(faults(group.post("plan", {}))) == {"first_day", "last_day"}


def test_a_stated_part_is_booked_or_nothing(house: House) -> None:
    group = Group()
    group.add("Anna Nowak", "Bo Lind")
    group.add("Cy Dahl", arrival="2026-12-20", needed=True)
    for condition, may in (({}, False), ({"book_when": "named"}, False), ({"book_when": "at-least", "at_least": 2}, True)):
        planned = group.post("plan", WISHES | condition).json()
        assert planned["may_book"] == may
        assert group.post("book", {"shown": planned["shown"]}).status_code == (200 if may else 409)
    assert group.states() == [("Anna Nowak", "booked"), ("Bo Lind", "booked"), ("Cy Dahl", "no-time")]
    assert group.now()["people"][2]["problem"] == "Comes later than the last of your days."


def test_where_a_place_was_taken_nothing_is_booked_and_the_answer_says_whose(house: House) -> None:
    group = Group()
    group.add("Anna Nowak", "Bo Lind")
    shown = group.post("plan", WISHES).json()["shown"]
    newcomer_booked(house)
    refused = group.post("book", {"shown": shown})
    assert (refused.status_code, refused["Content-Type"], refused.json()["people"]) == (409, PROBLEM, ["Anna Nowak"])
    assert Journey.objects.count() == 1
    assert group.post("book", {"shown": shown}).status_code == 409  # these are not the proposals any more
    assert group.post("book", {"shown": group.now()["shown"]}).json()["booked"] == 2


def test_one_is_moved_one_is_cancelled_and_the_others_stay(house: House) -> None:
    group = Group()
    group.add("Anna Nowak", "Bo Lind", "Cy Dahl")
    group.post("book", {"shown": group.post("plan", WISHES).json()["shown"]})
    before = starts(group.booking)
    planned = group.post("plan", WISHES | {"move": [group.number("Bo Lind")], "earliest_time": "09:45"}).json()
    assert group.post("book", {"shown": planned["shown"]}).json()["moved"] == 1
    assert (before, starts(group.booking)) == (["09:00", "09:15", "09:30"], ["09:00", "09:45", "09:30"])
    group.post("cancel", {"people": [group.number("Anna Nowak")]})
    assert group.states() == [("Anna Nowak", "cancelled"), ("Bo Lind", "booked"), ("Cy Dahl", "booked")]
    for _time in range(2):
        assert group.post(f"people/{group.number('Anna Nowak')}/again", {}).json()["people"][0]["state"] == "new"
    assert group.post("book", {"shown": group.post("plan", WISHES).json()["shown"]}).json()["booked"] == 1
    assert group.post(f"people/{group.number('Anna Nowak')}/again", {}).status_code == 409
    group.post("cancel", {})
    assert [state for _name, state in group.states()] == ["cancelled"] * 3
    assert group.post("cancel", {}).status_code == 409


def test_an_interpreter_is_asked_for_and_booked(house: House) -> None:
    interpreter(house)
    group = Group()
    group.add("Anna Nowak", interpreter="ar")
    group.post("book", {"shown": group.post("plan", WISHES).json()["shown"]})
    assert (beside(), group.now()["people"][0]["interpreter"]) == ([("tax-card", "amina", "")], "ar")


def test_somebody_is_taken_out_or_asks_for_the_waiting_list(house: House) -> None:
    group = Group()
    group.add("Anna Nowak", email="anna@example.org", arrival="2026-12-15")
    group.add("Bo Lind")
    group.post(f"people/{group.number('Bo Lind')}/remove", {})
    assert group.states() == [("Anna Nowak", "new")]
    anna = group.number("Anna Nowak")
    assert group.post(f"people/{anna}/wait", {}).status_code == 409  # nobody has looked for a time yet
    group.post("plan", WISHES | {"earliest_time": "04:00", "latest_time": "04:30"})
    assert group.states() == [("Anna Nowak", "no-time")]
    assert group.post(f"people/{anna}/wait", {}).json()["people"][0]["state"] == "waiting"
    assert len(letters("waiting-confirm")) == 1
    assert group.post(f"people/{anna}/remove", {}).status_code == 409


def test_without_the_key_there_is_nothing_and_what_becomes_of_a_visit_is_not_told(house: House) -> None:
    group = Group()
    group.add("Anna Nowak")
    group.post("book", {"shown": group.post("plan", WISHES).json()["shown"]})
    Visit.objects.update(status="done", outcome="refused")
    group.key, known = "wrong", group.key
    calls = [("people", {"people": [one("Bo")]}), ("plan", WISHES), ("book", {"shown": "x"}), ("cancel", {})]
    calls += [(f"people/1/{deed}", {}) for deed in ("remove", "again", "wait")]
    assert {group.post(name, body).status_code for name, body in calls} == {404}
    assert Client().get(f"/api/v1/{group.path}").status_code == 404
    group.key = known
    reference = Journey.objects.get().reference
    assert not any(word in str(group.now()) for word in ("refused", reference, "done"))
