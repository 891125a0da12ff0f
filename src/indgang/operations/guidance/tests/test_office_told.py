"""The office is told when the hub meets one of its companies: by notice and by letter, never what was said, never of Early Warning."""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import replace

import pytest
from django.conf import LazySettings

from indgang.foundation.access.actors import Actor, NotAllowed, staff
from indgang.foundation.identity.models import Role
from indgang.foundation.identity.tests.factories import logged_in
from indgang.foundation.mail.models import Letter
from indgang.operations.guidance.actions.courses import begin_course, bring_back_course, change_course, remove_course
from indgang.operations.guidance.actions.log import log_contact, remove_contact
from indgang.operations.guidance.actions.notices import mark_read, tell_offices
from indgang.operations.guidance.facts import ContactFacts, CourseFacts
from indgang.operations.guidance.models import Category, Course, OfficeNotice
from indgang.operations.guidance.models.course import How
from indgang.operations.guidance.queries.notices import notices_visible_to
from indgang.operations.guidance.tests.approach_world import at_work, company, organisation, person, small_region

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 24)
SECRET = "The bank wants its money back"


@pytest.fixture(autouse=True)
def region(settings: LazySettings) -> None:
    settings.CLOCK_STARTS_AT, settings.CLOCK_SINCE = dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC), time.time()
    small_region()


def facts(category: str = Category.GROWTH, started: dt.date = TODAY) -> CourseFacts:
    return CourseFacts(category=category, started=started, fields=["finance"], purpose=SECRET)


def begun(actor: Actor, category: str = Category.GROWTH, started: dt.date = TODAY, place: str = "aalborg") -> Course:
    return begin_course(actor=actor, company=company(place=place), facts=facts(category, started))


def met(actor: Actor, course: Course, how: str = How.VISIT, on: dt.date = TODAY) -> None:
    log_contact(actor=actor, course=course, facts=ContactFacts(on=on, how=how, text=SECRET))


def told(key: str = "office-aalborg") -> list[tuple[str, str]]:
    """What the office's people see."""
    reader = at_work(key, Role.READER, email=f"reader{OfficeNotice.objects.count()}{time.time()}@{key}.example")
    return [(row.company.name, row.what) for row in notices_visible_to(reader).order_by("pk")]


def test_the_office_of_the_municipality_is_told_of_course_visit_and_meeting_and_of_no_call() -> None:
    hub = at_work("hub")
    course = begun(hub)
    for how in How.values:
        met(hub, course, how)
    assert told() == [("Nordjysk Stål", what) for what in ("begun", "visit", "meeting", "online")]
    assert told("office-thisted") == []
    assert told("hub") == []


@pytest.mark.parametrize("place", ["laesoe", None])
def test_where_there_is_no_office_nobody_is_told(place: str | None) -> None:
    begin_course(actor=at_work("hub"), company=company(place=place), facts=facts())
    assert OfficeNotice.objects.count() == 0


def test_what_an_office_does_itself_is_no_news_to_it() -> None:
    begun(at_work("office-thisted"))
    begun_here = begin_course(actor=at_work("office-aalborg"), company=Course.objects.get().company, facts=facts())
    assert (begun_here.organisation, OfficeNotice.objects.count()) == (organisation("office-aalborg"), 0)


def test_early_warning_is_never_told_not_even_when_it_becomes_that_later() -> None:
    hub = at_work("hub", Role.CONSULTANT, Role.EARLY_WARNING)
    secret = begun(hub, Category.EARLY_WARNING)
    met(hub, secret)
    assert OfficeNotice.objects.count() == 0
    course = begin_course(actor=hub, company=secret.company, facts=facts())
    met(hub, course)
    assert len(told()) == 2
    change_course(actor=hub, course=course, facts=replace(facts(), category=Category.EARLY_WARNING))
    assert told() == []
    assert tell_offices() == 0
    assert Letter.objects.count() == 0


def test_a_notice_stays_silent_whatever_its_table_says() -> None:
    hub = at_work("hub")
    course = begun(hub)
    person("office-aalborg")
    Course.objects.filter(pk=course.pk).update(category=Category.EARLY_WARNING)  # not through an action
    assert (told(), tell_offices(), Letter.objects.count()) == ([], 0, 0)


def test_mistakes_are_taken_back_and_come_back() -> None:
    hub = at_work("hub")
    course = begun(hub)
    entry = log_contact(actor=hub, course=course, facts=ContactFacts(on=TODAY, how=How.VISIT))
    remove_contact(actor=hub, entry=entry)
    assert told() == [("Nordjysk Stål", "begun")]
    remove_course(actor=hub, course=course)
    assert told() == []
    bring_back_course(actor=hub, course=course)
    assert told() == [("Nordjysk Stål", "begun")]


def test_what_is_registered_long_afterwards_is_no_news() -> None:
    hub = at_work("hub")
    course = begun(hub, started=TODAY - dt.timedelta(days=90))
    met(hub, course, on=TODAY - dt.timedelta(days=31))
    met(hub, course, on=TODAY - dt.timedelta(days=30))
    assert told() == [("Nordjysk Stål", "visit")]


def test_the_morning_letter_says_who_when_and_which_field_once() -> None:
    mette = person("hub", email="mette@hub.example")
    mette.name = "Mette Holm"
    mette.save()
    bo = person("office-aalborg", email="bo@office.example")
    bo.name, bo.language = "Bo Krog", "da"
    bo.save()
    person("office-aalborg", Role.LEADER, email="eva@office.example")
    person("office-aalborg", Role.READER, email="ib@office.example")
    hub = staff(mette)
    met(hub, begun(hub))
    assert (tell_offices(), tell_offices()) == (2, 0)
    danish = Letter.objects.get(to="bo@office.example")
    assert danish.subject == "Erhvervshuset har mødt Nordjysk Stål"
    assert danish.text == (
        "Hej Bo\n\nErhvervshuset har været i kontakt med en virksomhed i jeres kommune:\n\n"
        "- Nordjysk Stål, tirsdag den 24. november: et vejledningsforløb er begyndt om finansiering. "
        "Spørg Mette Holm, hvis du vil vide mere.\n"
        "- Nordjysk Stål, tirsdag den 24. november: besøg hos virksomheden om finansiering. Spørg Mette Holm, hvis du vil vide mere.\n\n"
        "Hvad de har talt om, bliver mellem virksomheden og konsulenten. Ved du noget, der kan hjælpe, så skriv til konsulenten.\n\n"
        f"Alt, hvad erhvervshuset har fortalt jer, står her: {danish.text.rsplit(' ', 1)[1]}"
    )
    assert set(Letter.objects.values_list("to", flat=True)) == {"bo@office.example", "eva@office.example"}
    assert not any(SECRET in letter.text for letter in Letter.objects.all())


def test_the_page_marks_what_is_new_until_somebody_has_read_it() -> None:
    hub = at_work("hub")
    met(hub, begun(hub))
    browser = logged_in(person("office-aalborg"))
    assert "2 new notices." in browser.get("/my-day/").content.decode()
    page = browser.get("/approach/notices/").content.decode()
    assert ("2 are new." in page, "Nordjysk Stål" in page, SECRET in page) == (True, True, False)
    browser.post("/approach/notices/read", {"until": OfficeNotice.objects.order_by("-pk").first().pk})  # type: ignore[union-attr]
    assert "are new" not in browser.get("/approach/notices/").content.decode()
    with pytest.raises(NotAllowed):
        mark_read(actor=at_work("office-thisted"), office=organisation("office-aalborg"), until=99)
    assert "Nordjysk Stål" not in logged_in(person("office-thisted", email="x@y.example")).get("/approach/notices/").content.decode()
