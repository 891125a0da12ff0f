"""A course that becomes Early Warning, or no longer is: what others may know from then on, and that it is said before."""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client

from indgang.foundation.access.actors import Actor
from indgang.foundation.identity.models import Role
from indgang.foundation.identity.tests.factories import logged_in
from indgang.foundation.mail.models import Letter, State
from indgang.operations.guidance.actions.courses import begin_course, change_course
from indgang.operations.guidance.actions.log import log_contact
from indgang.operations.guidance.actions.notices import tell_offices
from indgang.operations.guidance.facts import ContactFacts, CourseFacts
from indgang.operations.guidance.models import Category, Course
from indgang.operations.guidance.models.course import How
from indgang.operations.guidance.tests.approach_world import at_work, company, organisation, person, small_region

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 24)
FACTS = CourseFacts(category=Category.GROWTH, started=TODAY, fields=["finance"], purpose="The bank wants its money back")
SECRET = replace(FACTS, category=Category.EARLY_WARNING)
ASKED = "Before you change the category"


@pytest.fixture(autouse=True)
def region(settings: LazySettings, tmp_path: Path) -> None:
    settings.CLOCK_STARTS_AT, settings.CLOCK_SINCE, settings.HOME = dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC), time.time(), tmp_path
    small_region()


def english(client: Client) -> Client:
    """The same browser, in English."""
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def insider() -> Actor:
    """Somebody of the hub who begins courses of all kinds."""
    return at_work("hub", Role.CONSULTANT, Role.EARLY_WARNING)


def begun(actor: Actor, facts: CourseFacts = FACTS) -> Course:
    """A course with a visit."""
    course = begin_course(actor=actor, company=company(), facts=facts)
    log_contact(actor=actor, course=course, facts=ContactFacts(on=TODAY, how=How.VISIT, text="They cannot pay"))
    return course


def form_of(actor: Actor, course: Course) -> str:
    """The page on which somebody corrects the course."""
    assert actor.user is not None
    return english(logged_in(actor.user)).get(f"/guidance/courses/{course.pk}/change/").content.decode()


def test_once_it_is_early_warning_the_office_reads_nothing_more_of_it_though_it_was_told() -> None:
    actor, office = insider(), english(logged_in(person("office-aalborg", email="bo@office.example")))
    course = begun(actor)
    assert tell_offices() == 1
    assert course.company.name in office.get("/approach/notices/").content.decode()
    assert "2 new notices" in office.get("/my-day/").content.decode()
    assert "Nobody is in contact" not in office.get(f"/companies/{course.company_id}/").content.decode()

    change_course(actor=actor, course=course, facts=SECRET)
    page = office.get("/approach/notices/").content.decode()
    assert (course.company.name in page, "taken back" in page, "are new" in page) == (False, False, False)
    assert "new notices" not in office.get("/my-day/").content.decode()
    assert "Nobody is in contact" in office.get(f"/companies/{course.company_id}/").content.decode()
    assert (tell_offices(), Letter.objects.count()) == (0, 1)


def test_before_it_becomes_early_warning_the_page_says_what_cannot_be_taken_back() -> None:
    actor = insider()
    course = begun(actor)
    title = organisation("office-aalborg").title
    page = form_of(actor, course)
    assert ASKED in page
    assert f"{title} can see it on its page by now. Nothing has gone by mail yet, and nothing will." in page
    person("office-aalborg", email="bo@office.example")
    tell_offices()
    page = form_of(actor, course)
    assert f"{title} was told of it by mail on 24 Nov 2026." in page
    assert "What has gone by mail, and what somebody has read, cannot be taken back." in page


def test_a_letter_that_has_not_left_yet_does_not_and_the_rest_of_it_is_told_the_next_morning() -> None:
    actor = insider()
    course = begun(actor)
    person("office-aalborg", email="bo@office.example")
    other = begin_course(actor=actor, company=company("Limfjord Net", cvr="12345678"), facts=FACTS)
    assert tell_offices() == 1  # and the mail server does not answer
    change_course(actor=actor, course=course, facts=SECRET)
    assert Letter.objects.get().state == State.WITHDRAWN
    assert tell_offices() == 1
    waiting = Letter.objects.get(state=State.WAITING)
    assert (other.company.name in waiting.text, course.company.name in waiting.text) == (True, False)


def test_where_nobody_was_told_it_says_what_others_no_longer_see_and_no_more() -> None:
    actor = at_work("office-thisted", Role.CONSULTANT, Role.EARLY_WARNING)
    page = form_of(actor, begin_course(actor=actor, company=company(), facts=FACTS))
    assert (ASKED in page, "by mail" in page, "on its page" in page) == (True, False, False)


def test_before_it_is_early_warning_no_more_the_page_says_who_sees_it_then_and_they_do() -> None:
    actor, title = insider(), organisation("office-aalborg").title
    course = begun(actor, SECRET)
    page = form_of(actor, course)
    assert "It is Early Warning now: only the team sees it." in page
    assert f"{title} is told the next morning, also by mail, when it began and of your meetings of the last thirty days." in page

    office = english(logged_in(person("office-aalborg", email="bo@office.example")))
    assert course.company.name not in office.get("/approach/notices/").content.decode()
    change_course(actor=actor, course=course, facts=FACTS)
    assert course.company.name in office.get("/approach/notices/").content.decode()
    assert tell_offices() == 1
    text = Letter.objects.get().text
    assert (text.count(course.company.name) >= 2, "They cannot pay" in text) == (True, False)


def test_who_cannot_make_it_early_warning_reads_nothing_of_it() -> None:
    actor = at_work("hub")
    assert ASKED not in form_of(actor, begun(actor))
