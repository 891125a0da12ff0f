"""The pages of courses: what they show to whom, what is written from them, and the way back."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indgang.foundation.access.actors import Actor
from indgang.foundation.identity.models import Role
from indgang.foundation.journal.models import Entry
from indgang.operations.guidance.actions import courses as actions
from indgang.operations.guidance.actions import log, steps
from indgang.operations.guidance.facts import ContactFacts
from indgang.operations.guidance.models import Category, Course, Delivery, LogEntry, NextStep
from indgang.operations.guidance.tests import factories
from indgang.operations.guidance.tests.browsing import browser, page
from indgang.operations.guidance.tests.factories import OFFICE
from indgang.registers.parties.models import Company

pytestmark = pytest.mark.django_db
FORM = {"category": "growth", "fields_chosen": ["finance", "innovation"], "purpose": "Grow", "started": "2026-11-20", "form_key": "k"}
SECRET = "Quietly ill"


def test_a_course_is_begun_once_and_can_be_taken_back(company: Company, hub: Actor) -> None:
    client = browser(hub)
    address = f"/guidance/companies/{company.pk}/begin/"
    assert "Early Warning</label>" not in page(client.get(address))
    for _twice in range(2):
        response = client.post(address, {**FORM, "consultant": hub.user.pk})  # type: ignore[union-attr]
    course = Course.objects.get()
    assert response.headers["Location"] == f"/guidance/courses/{course.pk}/"
    shown = page(client.get(response.headers["Location"]))
    assert "The course of Vestas Vandpumper ApS has begun." in shown
    assert "Growth: Innovation, Finance, since" in shown
    client.post(f"/guidance/courses/{course.pk}/remove")
    assert client.get(f"/guidance/courses/{course.pk}/").status_code == 404
    client.post(f"/guidance/courses/{course.pk}/bring-back")
    assert client.get(f"/guidance/courses/{course.pk}/").status_code == 200


def test_from_the_page_of_a_company_one_comes_back_to_it(company: Company, hub: Actor) -> None:
    response = browser(hub).post(f"/guidance/companies/{company.pk}/begin/", {**FORM, "back": "company"})
    assert response.headers["Location"] == f"/companies/{company.pk}/"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"category": ""}, "Choose a category."),
        ({"category": "early-warning"}, "Select a valid choice."),
        ({"started": ""}, "Choose a day."),
        ({"started": "0026-11-20"}, "Look at the year"),
        ({"fields_chosen": ["magic"]}, "Select a valid choice."),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_what_was_written_stays(
    company: Company, hub: Actor, wrong: dict[str, Any], said: str
) -> None:
    response = browser(hub).post(f"/guidance/companies/{company.pk}/begin/", {**FORM, **wrong})
    assert response.status_code == 422
    assert said in page(response)
    assert ">Grow</textarea>" in page(response).replace("> Grow", ">Grow")
    assert not Course.objects.exists()


def test_a_course_is_corrected_but_not_over_a_colleagues_correction(company: Company, hub: Actor) -> None:
    course = factories.course(hub, company)
    client = browser(hub)
    address = f"/guidance/courses/{course.pk}/change/"
    seen = actions.stamp_of(Course.objects.get())
    said = {"category": "short", "started": "2026-03-02", "ended": "", "hours": "2.5", "purpose": "", "seen": seen}
    assert client.post(address, said).status_code == 302
    late = client.post(address, {**said, "category": "operations"}, follow=True)
    assert "A colleague has changed this course meanwhile." in page(late)
    course.refresh_from_db()
    assert (course.category, course.hours) == ("short", 2.5)
    wrong = client.post(address, {**said, "ended": "2026-03-01", "seen": actions.stamp_of(course)})
    assert (wrong.status_code, "The course ends before it starts." in page(wrong)) == (422, True)


def test_a_contact_is_noted_corrected_removed_and_brought_back(company: Company, hub: Actor) -> None:
    course = factories.course(hub, company)
    client, address = browser(hub), f"/guidance/courses/{course.pk}/"
    said = {"on": "2026-11-20", "how": "phone", "text": "Talked about Hamburg", "hours": "0.5", "form_key": "k"}
    for _twice in range(2):
        client.post(f"{address}contacts", said)
    entry = LogEntry.objects.get()
    assert "Talked about Hamburg" in page(client.get(address))
    client.post(f"{address}contacts/{entry.pk}/", {**said, "text": "Talked about Bremen"})
    assert "Talked about Bremen" in page(client.get(address))
    client.post(f"{address}contacts/{entry.pk}/remove")
    assert "Talked about Bremen" not in page(client.get(address))
    client.post(f"{address}contacts/{entry.pk}/bring-back")
    assert "Talked about Bremen" in page(client.get(address))
    wrong = client.post(f"{address}contacts", {**said, "on": "2026-11-25"})
    assert (wrong.status_code, "This is after today." in page(wrong), "Talked about Hamburg" in page(wrong)) == (422, True, True)


def test_a_step_is_agreed_ticked_and_not_ticked_after_all(company: Company, hub: Actor) -> None:
    course = factories.course(hub, company)
    client, address = browser(hub), f"/guidance/courses/{course.pk}/"
    for _twice in range(2):
        client.post(f"{address}steps", {"text": "Send the form", "due": "2026-11-23", "form_key": "k"})
    step = NextStep.objects.get()
    listed = page(client.get("/guidance/"))
    assert "To do this week" in listed
    assert "overdue" in listed
    assert client.post(f"{address}steps/{step.pk}/done?back=courses").headers["Location"] == "/guidance/"
    assert "To do this week" not in page(client.get("/guidance/"))
    client.post(f"{address}steps/{step.pk}/undone")
    step.refresh_from_db()
    assert step.done_on is None
    assert client.post(f"{address}steps/{step.pk}/eaten").status_code == 404


def test_a_course_ends_with_its_result_and_goes_on_after_all(company: Company, hub: Actor) -> None:
    course = factories.course(hub, company)
    client, address = browser(hub), f"/guidance/courses/{course.pk}/"
    wrong = client.post(f"{address}end", {"ended": "2026-03-01", "result": "Found a bank"})
    assert (wrong.status_code, "Found a bank" in page(wrong)) == (422, True)
    client.post(f"{address}end", {"ended": "2026-11-20", "result": "Found a bank", "hours": "7"})
    shown = page(client.get(address))
    assert "Found a bank" in shown
    assert "Open the course again" in shown
    client.post(f"{address}reopen")
    assert Course.objects.get().ended is None
    client.post(f"{address}end-again?ended=2026-11-20")
    course.refresh_from_db()
    assert (course.ended, course.result, course.hours) == (dt.date(2026, 11, 20), "Found a bank", 7)


def test_a_delivery_is_registered_corrected_and_removed(company: Company, hub: Actor) -> None:
    client = browser(hub)
    said = {"kind": "information", "topic": "Tax card", "date": "2026-11-20", "form_key": "k"}
    for _twice in range(2):
        client.post(f"/guidance/companies/{company.pk}/deliver/", said)
    delivery = Delivery.objects.get()
    address = f"/guidance/deliveries/{delivery.pk}/"
    assert "Tax card" in page(client.get(address))
    client.post(address, {**said, "topic": "Work permit"})
    assert Delivery.objects.get().topic == "Work permit"
    client.post(f"{address}remove")
    assert client.get(address).status_code == 404
    client.post(f"{address}bring-back")
    assert client.get(address).status_code == 200


def test_the_list_shows_mine_or_all_of_mine_and_answers_a_search(company: Company, hub: Actor, team: Actor) -> None:
    colleague = factories.actor(Role.LEADER)
    other = factories.company("10000017", "Alfa Anker ApS")
    mine, theirs = factories.course(hub, company, fields=("finance",)), factories.course(colleague, other, Category.SHORT)
    ended = factories.course(hub, other, ended=dt.date(2026, 5, 5))
    factories.course(team, company, Category.EARLY_WARNING, purpose=SECRET)
    factories.course(factories.actor(of=OFFICE), other)

    def listed(query: str, by: Actor = hub) -> set[int]:
        text = page(browser(by).get(f"/guidance/{query}"))
        return {course.pk for course in Course.objects.all() if f'href="/guidance/courses/{course.pk}/"' in text}

    assert listed("") == {mine.pk}
    assert listed("?whose=ours") == {mine.pk, theirs.pk}
    assert listed("?whose=ours&state=all") == {mine.pk, theirs.pk, ended.pk}
    assert listed("?whose=ours&category=short") == {theirs.pk}
    assert listed("?whose=ours&field=finance") == {mine.pk}
    assert listed("?whose=ours&q=alfa") == listed("?whose=ours&q=10+00+00+17") == listed(f"?whose=ours&q={theirs.reference}") == {theirs.pk}
    assert "No course is like that" in page(browser(hub).get("/guidance/?category=operations"))
    assert "No courses run" in page(browser(factories.actor(Role.CONSULTANT, email="new@example.org")).get("/guidance/"))


def test_early_warning_is_in_no_page_and_no_file_of_others(company: Company, hub: Actor, team: Actor) -> None:
    course = factories.course(team, company, Category.EARLY_WARNING, purpose=SECRET)
    entry = log.log_contact(actor=team, course=course, facts=ContactFacts(on=course.started, how="phone", text=SECRET))
    step = steps.agree_step(actor=team, course=course, text=SECRET, due=dt.date(2026, 11, 24))
    own = browser(team)
    assert SECRET in page(own.get(f"/guidance/courses/{course.pk}/"))
    assert SECRET in own.get("/guidance/courses.csv?state=all").content.decode()
    for role in (Role.CONSULTANT, Role.LEADER, Role.READER):
        client = browser(factories.actor(role, email=f"{role}@other.example"))
        for address in ("", f"contacts/{entry.pk}/", "change/"):
            assert client.get(f"/guidance/courses/{course.pk}/{address}").status_code == 404
        for address in ("remove", "end", "reopen", "contacts", "steps", f"steps/{step.pk}/done", f"contacts/{entry.pk}/remove"):
            assert client.post(f"/guidance/courses/{course.pk}/{address}", {"ended": "2026-11-20"}).status_code == 404
        for query in ("whose=ours&state=all", f"whose=ours&state=all&q={course.reference}", "whose=ours&state=all&category=early-warning"):
            text = client.get(f"/guidance/?{query}").content.decode() + client.get(f"/guidance/courses.csv?{query}").content.decode()
            assert f"/courses/{course.pk}/" not in text
            assert SECRET not in text
    course.refresh_from_db()
    assert course.removed_at is None


def test_who_only_reads_sees_the_courses_and_no_form(company: Company, hub: Actor) -> None:
    course = factories.course(hub, company)
    client = browser(factories.actor(Role.READER))
    shown = page(client.get(f"/guidance/courses/{course.pk}/"))
    assert "Vestas Vandpumper ApS" in shown
    assert "<form" not in shown
    assert f"/guidance/courses/{course.pk}/" in page(client.get("/guidance/"))
    assert client.get(f"/guidance/companies/{company.pk}/begin/").status_code == 404
    assert client.post(f"/guidance/courses/{course.pk}/contacts", {"on": "2026-11-20", "how": "phone"}).status_code == 404


def test_who_has_nothing_to_do_with_companies_finds_nothing(company: Company, hub: Actor) -> None:
    course = factories.course(hub, company)
    client = browser(factories.actor(Role.CLERK))
    for address in ("", "courses.csv", f"courses/{course.pk}/", f"companies/{company.pk}/begin/", f"companies/{company.pk}/deliver/"):
        assert client.get(f"/guidance/{address}").status_code == 404


def test_the_list_as_a_file_has_the_columns_of_the_import_and_no_formulas(company: Company, hub: Actor) -> None:
    factories.course(hub, company, purpose="=1+1")
    client = browser(hub)
    header, row = client.get("/guidance/courses.csv").content.decode("utf-8-sig").splitlines()
    assert header.startswith("reference,cvr,p_number,organisation,category,fields,started,ended,hours,consultant,company")
    assert "'=1+1" in row
    sheet = openpyxl.load_workbook(io.BytesIO(client.get("/guidance/courses.xlsx").content)).active
    assert [cell.value for cell in sheet[2]][10:12] == ["Vestas Vandpumper ApS", "=1+1"]
    assert sheet.cell(2, 12).data_type == "s"
    assert client.get("/guidance/courses.pdf").status_code == 404


def test_opening_a_course_is_noted_once(company: Company, hub: Actor) -> None:
    course = factories.course(hub, company)
    client = browser(hub)
    for _twice in range(2):
        client.get(f"/guidance/courses/{course.pk}/")
    assert Entry.objects.filter(verb="course.read").count() == 1


def test_the_list_and_a_course_ask_as_much_for_many_as_for_few(company: Company, hub: Actor) -> None:
    course, client = factories.course(hub, company), browser(hub)

    def asked(address: str) -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        return len(queries)

    few = asked("/guidance/?whose=ours"), asked(f"/guidance/courses/{course.pk}/")
    for number in range(6):
        factories.course(hub, company, purpose=str(number))
        log.log_contact(actor=hub, course=course, facts=ContactFacts(on=course.started, how="phone", text=str(number)))
        steps.agree_step(actor=hub, course=course, text=str(number), due=dt.date(2026, 11, 24))
    assert (asked("/guidance/?whose=ours"), asked(f"/guidance/courses/{course.pk}/")) == few
    assert few[0] <= 12
    assert few[1] <= 16
