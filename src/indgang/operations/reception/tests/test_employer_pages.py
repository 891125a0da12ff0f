"""Booking for employees through the pages, as a browser without scripts does it."""

from __future__ import annotations

import datetime as dt
import io
import re
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from icalendar import Calendar

from indgang.foundation.database import clock
from indgang.foundation.places.models import House
from indgang.operations.reception import links
from indgang.operations.reception.actions.changes import confirm_email
from indgang.operations.reception.actions.employers import add_people
from indgang.operations.reception.employer_links import group_url
from indgang.operations.reception.models import EmployerBooking, Journey, Visit
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.employer_day import DAY, booked, group, letters, person, rows, starts, wanted
from indgang.operations.reception.tests.staff_day import at
from indgang.operations.reception.tests.waiting_day import house_open

pytestmark = pytest.mark.django_db
CONTACT = {"company": "Nordværk A/S", "cvr": "13585628", "name": "Hanne Riis", "email": "hr@nordvaerk.example", "consent": "on"}
FOR_ALL = {"all-purpose": "work", "all-stay": "2", "all-municipality": "851", "all-language": "en"}
WISHES = {
    "first_day": DAY.isoformat(),
    "last_day": DAY.isoformat(),
    "minutes_apart": "0",
    "same_day": "any",
    "book_when": "all",
    "at_least": "1",
}
NAMES = ("Anna Nowak", "Bo Lind")


@pytest.fixture
def house(settings: LazySettings) -> House:
    at(settings, 8)
    return house_open(60)


def opened(booking: EmployerBooking) -> Client:
    """A browser with the link of the letter."""
    client = Client()
    answer = client.get(group_url(booking).partition("/employers/")[2].join(["/employers/", ""]))
    assert answer.status_code == 302
    return client


def at_page(booking: EmployerBooking, name: str = "") -> str:
    return f"/employers/{booking.pk}/{name}"


def words(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def people(*names: str, **more: str) -> dict[str, str]:
    filled = {f"p{number}-name": name for number, name in enumerate(names, start=1)}
    citizens = {f"p{number}-citizenship": "Poland" for number in range(1, len(names) + 1)}
    return {**FOR_ALL, "rows": "3", **filled, **citizens, **more}


def test_the_days_to_look_at_begin_with_the_people_s_own_first_days(house: House) -> None:
    """The example beside the template begins four weeks from now: the first press looks there."""
    booking, late, later = group(house), DAY + dt.timedelta(days=28), DAY + dt.timedelta(days=60)
    client = opened(booking)

    def asked() -> list[dt.date]:
        form = client.get(at_page(booking, "times")).context["form"]
        return [form.initial[name] for name in ("first_day", "last_day")]

    add_people(booking=booking, people=[wanted("Anna Nowak", arrival=late)])
    assert asked() == [late, late + dt.timedelta(days=13)]
    add_people(booking=booking, people=[wanted("Bo Lind", arrival=later)])
    assert asked() == [late, late + dt.timedelta(days=30)], "no more than may be asked for at a time"
    add_people(booking=booking, people=[wanted("Cai Dahl")])
    tomorrow = clock.today(house.zone) + dt.timedelta(days=1)
    assert asked() == [tomorrow, tomorrow + dt.timedelta(days=30)]


def test_from_the_front_page_to_a_booked_group(house: House) -> None:
    client = Client()
    assert "/employers/" in client.get("/").content.decode()
    assert "Look in your mail" in words(client.post("/employers/", CONTACT))
    booking = EmployerBooking.objects.get()
    client = opened(booking)
    answer = client.post(at_page(booking, "people"), people(*NAMES), follow=True)
    assert "2 people added." in words(answer)
    answer = client.post(at_page(booking, "times"), WISHES, follow=True)
    assert "Book 2 visits" in words(answer)
    assert Journey.objects.count() == 0
    answer = client.post(at_page(booking, "preview"), {"shown": answer.context["shown"]}, follow=True)
    assert "2 visits are booked." in words(answer)
    assert [row.state for row in rows(booking)] == ["booked", "booked"]


def test_the_start_page_says_all_that_is_wrong(house: House) -> None:
    told = words(Client().post("/employers/", {"cvr": "1"}))
    for message in ("Write the name of the company.", "Write your name.", "Tick that we may keep"):
        assert message in told


def test_looking_opens_nothing_without_the_key_and_confirms_nothing_with_it(house: House) -> None:
    booking = group(house)
    EmployerBooking.objects.update(confirmed_at=None)
    stranger = Client()
    for name in ("", "people", "times", "preview", "change", "group.csv", "?key=wrong"):
        assert stranger.get(at_page(booking, name)).status_code == 404
        assert stranger.post(at_page(booking, name)).status_code in (404, 405)
    client = opened(booking)
    client.get(at_page(booking))
    booking.refresh_from_db()
    assert booking.confirmed_at is None
    client.post(at_page(booking, "people"), people("Anna Nowak"))
    booking.refresh_from_db()
    assert booking.confirmed_at is not None


def test_more_rows_come_without_scripts_and_what_was_written_stays(house: House) -> None:
    client = opened(booking := group(house))
    answer = client.post(at_page(booking, "people"), people("Anna Nowak", more="1"))
    assert answer.content.decode().count('<fieldset class="i-person"') == 6
    assert 'value="Anna Nowak"' in answer.content.decode()
    assert booking.employees.count() == 0


def test_a_fault_in_one_row_is_said_by_its_field_and_nobody_is_added(house: House) -> None:
    client = opened(booking := group(house))
    wrong = {"p2-email": "bo", "p1-citizenship": "Atlantis", "p1-adults": "0"}
    told = words(client.post(at_page(booking, "people"), people(*NAMES, **wrong)))
    for message in ("We do not know the country “Atlantis”", "Write an e-mail address like", "Write a whole number from 1 to 12."):
        assert message in told
    assert booking.employees.count() == 0


def test_a_file_is_handed_in_twice_and_everybody_is_recognised(house: House) -> None:
    client = opened(booking := group(house))
    content = "Navn;E-mail;Statsborgerskab\r\nAnna Nowak;anna@example.org;Polen\r\nBo Lind;;Tyskland\r\n".encode("latin-1")

    def hand_in() -> str:
        upload = SimpleUploadedFile("people.csv", content)
        return words(client.post(at_page(booking, "people"), {**FOR_ALL, "upload": "1", "file": upload}, follow=True))

    assert "2 people added." in hand_in()
    assert "In the group already, as you wrote them: Anna Nowak and Bo Lind." in hand_in()
    booked(booking)
    assert "nothing of it was changed: Anna Nowak and Bo Lind." in hand_in()
    assert booking.employees.count() == 2


def test_faults_of_a_file_are_listed_and_nothing_of_it_is_used(house: House) -> None:
    client = opened(booking := group(house))
    upload = SimpleUploadedFile("people.csv", b"name;citizenship\r\nAnna;Atlantis\r\n;Poland\r\nBo;Poland\r\n")
    told = words(client.post(at_page(booking, "people"), {**FOR_ALL, "upload": "1", "file": upload}))
    assert ("Row 2, Citizenship “Atlantis”" in told, "Row 3, Name" in told, booking.employees.count()) == (True, True, 0)


def test_all_or_nobody_shows_who_has_no_time_and_no_button(house: House) -> None:
    client = opened(booking := group(house, *NAMES, "Cy Diaz", "Di Vu", "Eva Ro"))
    told = words(client.post(at_page(booking, "times"), WISHES, follow=True))
    assert "1 person has no time" in told
    assert "Book " not in told.replace("Book for", "")
    assert "Ask them to join the waiting list : Eva Ro" in told
    told = words(client.post(at_page(booking, "change"), {"wait": person(booking, "Eva Ro").pk}, follow=True))
    assert "We have written to Eva Ro." in told


def test_a_place_taken_meanwhile_is_told_and_asked_again(house: House) -> None:
    client = opened(booking := group(house, *NAMES))
    page = client.post(at_page(booking, "times"), WISHES, follow=True)
    factories.book(house, on=DAY, days=0, stay_months=2)
    told = words(client.post(at_page(booking, "preview"), {"shown": page.context["shown"]}, follow=True))
    assert "We have looked again for: Anna Nowak." in told
    assert Journey.objects.filter(source="employer").count() == 0


def test_one_visit_is_moved_and_one_cancelled(house: House) -> None:
    client = opened(booking := group(house, *NAMES))
    booked(booking)
    number = person(booking, "Anna Nowak").pk
    answer = client.post(f"{at_page(booking, 'times')}?move={number}", {**WISHES, "earliest_time": "09:30"}, follow=True)
    client.post(at_page(booking, "preview"), {"shown": answer.context["shown"]})
    assert starts(booking) == ["09:30", "09:15"]
    assert "Cancel the visit of Anna Nowak?" in words(client.get(f"{at_page(booking, 'change')}?cancel={number}"))
    assert "Cancelled: Anna Nowak." in words(client.post(at_page(booking, "change"), {"cancel": number}, follow=True))
    assert [row.state for row in rows(booking)] == ["cancelled", "booked"]


def test_no_other_time_is_said_and_nothing_is_moved(house: House) -> None:
    client = opened(booking := group(house, *NAMES))
    booked(booking)
    late = {**WISHES, "earliest_time": "11:00"}
    told = words(client.post(f"{at_page(booking, 'times')}?move={person(booking, 'Bo Lind').pk}", late, follow=True))
    assert "No time is free within your wishes." in told
    client.post(at_page(booking, "preview"), {"drop": "1"})
    assert starts(booking) == ["09:00", "09:15"]


def test_the_employer_sees_the_time_and_nothing_of_what_became_of_it(house: House) -> None:
    client = opened(booking := group(house, *NAMES))
    booked(booking)
    before = words(client.get(at_page(booking)))
    Visit.objects.filter(journey__contact__name="Anna Nowak").update(status="no-show")
    Visit.objects.filter(journey__contact__name="Bo Lind").update(status="done", outcome="documents-missing", missing=["passport"])
    assert words(client.get(at_page(booking))) == before
    journey = person(booking, "Bo Lind").journey
    assert journey is not None
    confirm_email(journey=journey, code=links.new_email_code(journey=journey))
    assert "The employee keeps this visit now" in words(client.get(at_page(booking)))
    assert journey.reference not in client.get(at_page(booking)).content.decode()


def test_the_times_can_be_taken_out(house: House) -> None:
    client = opened(booking := group(house, *NAMES))
    booked(booking)
    calendar = Calendar.from_ical(client.get(at_page(booking, "group.ics")).content)
    assert [str(event["SUMMARY"]) for event in calendar.walk("VEVENT")] == [f"{name}: {house.title}" for name in NAMES]
    assert b"Anna Nowak;anna@example.org" in client.get(at_page(booking, "group.csv")).content
    assert client.get(at_page(booking, "group.xlsx")).content[:2] == b"PK"
    assert client.get(at_page(booking, "group.exe")).status_code == 404
    for form in ("csv", "xlsx"):
        assert client.get(f"/employers/template.{form}").status_code == 200


def test_the_example_stands_beside_the_template_and_not_in_it(house: House) -> None:
    client = opened(booking := group(house))
    template = client.get("/employers/template.csv").content.decode("utf-8-sig")
    for page in (client.get("/employers/"), client.post("/employers/", CONTACT), client.get(at_page(booking, "people"))):
        assert "What a row can look like" in words(page)
        assert "Name Anna Nowak E-mail anna.nowak@example.com Citizenship Poland" in words(page)
    assert template.startswith("Name;E-mail;Citizenship;")
    assert template.count("\r\n") == 1


def test_somebody_without_a_visit_can_be_corrected_and_taken_out(house: House) -> None:
    client = opened(booking := group(house, *NAMES))
    number = person(booking, "Bo Lind").pk
    fields = {"p1-name": "Bo Lindqvist", "p1-citizenship": "Sweden", "p1-purpose": "study", "p1-stay": "24", "p1-municipality": "851"}
    client.post(at_page(booking, f"people/{number}"), {**fields, "p1-language": "da"})
    bo = person(booking, "Bo Lindqvist")
    assert (bo.citizenship, bo.purpose, bo.stay_months, bo.language) == ("SWE", "study", 24, "da")
    client.post(at_page(booking, f"people/{number}"), {"remove": "1"})
    assert [row.employee.name for row in rows(booking)] == ["Anna Nowak"]


@pytest.mark.parametrize("count", [1, 4])
def test_a_larger_group_costs_no_more_queries(house: House, count: int, django_assert_max_num_queries: Any) -> None:
    client = opened(booking := group(house, *("Anna Nowak", "Bo Lind", "Cy Diaz", "Di Vu")[:count]))
    booked(booking)
    with django_assert_max_num_queries(24):
        client.get(at_page(booking))
    assert len(letters("booked")) == count
    assert io.BytesIO(client.get(at_page(booking, "group.xlsx")).content).read(2) == b"PK"


def test_somebody_whose_visit_was_cancelled_is_given_a_new_time(house: House) -> None:
    booking = group(house, *NAMES)
    booked(booking)
    client, anna = opened(booking), person(booking, "Anna Nowak")
    client.post(at_page(booking, "change"), {"cancel": anna.pk})
    assert "Find a new time" in words(client.get(at_page(booking)))
    for _click in range(2):
        told = words(client.post(at_page(booking, "change"), {"again": anna.pk}, follow=True))
        assert "Anna Nowak has no time yet. Press “Find times”." in told
    answer = client.post(at_page(booking, "times"), WISHES, follow=True)
    client.post(at_page(booking, "preview"), {"shown": answer.context["shown"]})
    assert [row.state for row in rows(booking)] == ["booked", "booked"]
    assert Journey.objects.filter(cancelled_at=None).count() == 2
    assert "has a time, or is not in the group" in words(client.post(at_page(booking, "change"), {"again": anna.pk}, follow=True))


def test_the_same_thirty_again_are_said_in_a_line(house: House) -> None:
    client = opened(booking := group(house))
    table = "\r\n".join(["Name;E-mail", *(f"Person {number};p{number}@example.org" for number in range(1, 31))]).encode()
    for said in ("30 people added.", "as you wrote them: Person 1, Person 2, Person 3, Person 4, Person 5 and 25 more."):
        file = SimpleUploadedFile("people.csv", table, content_type="text/csv")
        told = words(client.post(at_page(booking, "people"), {**FOR_ALL, "rows": "3", "upload": "1", "file": file}, follow=True))
        assert said in told
    assert booking.employees.count() == 30
