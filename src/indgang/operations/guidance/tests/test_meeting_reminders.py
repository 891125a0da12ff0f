"""Both parties' contact persons are reminded of a meeting some days before, once for each planned day; what is overdue is said."""

from __future__ import annotations

import datetime as dt
import time
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from indgang.foundation.identity.models import Role, User
from indgang.foundation.identity.tests.factories import logged_in
from indgang.foundation.mail.models import Letter, State
from indgang.operations.guidance.actions.meeting_reminders import remind_of_meetings
from indgang.operations.guidance.actions.outreach import begin_outreach, write_meeting
from indgang.operations.guidance.models import Duty, DutyKind, Meeting, Outreach
from indgang.operations.guidance.queries.outreach_contacts import contact_persons
from indgang.operations.guidance.rules.outreach import is_to_be_reminded
from indgang.operations.guidance.tests.approach_world import at_work, organisation, person, small_region

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 24)


@pytest.fixture(autouse=True)
def region(settings: LazySettings) -> None:
    settings.CLOCK_STARTS_AT, settings.CLOCK_SINCE = dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC), time.time()
    small_region()


def on_day(settings: LazySettings, day: dt.date) -> None:
    """The morning of another day."""
    settings.CLOCK_STARTS_AT, settings.CLOCK_SINCE = dt.datetime(day.year, day.month, day.day, 6, tzinfo=dt.UTC), time.time()


def begun() -> Outreach:
    """This year's agreement of Aalborg."""
    return begin_outreach(actor=at_work("hub", email="begins@hub.example"), office=organisation("office-aalborg"), year=2026)


def planned(row: Outreach, on: dt.date | None, number: int = 4, **facts: Any) -> Meeting:
    """One of its meetings on a day."""
    writer = at_work("hub", email=f"w{time.time()}@hub.example")
    seen = row.meetings.get(number=number).version
    return write_meeting(actor=writer, outreach=row, number=number, on=on, seen=seen, **facts)


def named(kind: str, at: str, user: User | None = None, name: str = "Bo Krog", email: str = "") -> Duty:
    """Somebody of who is who, for the office of Aalborg."""
    office = organisation("office-aalborg")
    facts = {"name": name, "email": email, "user": user, "confirmed_on": TODAY, "organisation": organisation(at)}
    return Duty.objects.create(region=office.region, kind=kind, office=office, **facts)


def both() -> None:
    """The hub's contact person has an account and reads Danish, the office's has none."""
    mette = person("hub", email="mette@hub.example")
    mette.name, mette.language = "Mette Holm", "da"
    mette.save()
    named(DutyKind.CONTACT, "hub", mette, "Mette Holm")
    named(DutyKind.OFFICE, "office-aalborg", None, "Bo Krog", "Bo@Office.example")


@given(on=st.none() | st.dates(), today=st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1)), days=st.integers(0, 60))
def test_nobody_is_reminded_of_what_is_over_or_further_off(on: dt.date | None, today: dt.date, days: int) -> None:
    if is_to_be_reminded(on, today, days):
        assert on is not None
        assert today <= on <= today + dt.timedelta(days=days)
    else:
        assert on is None or on < today or on > today + dt.timedelta(days=days)


def test_both_contact_persons_are_reminded_once_a_week_before(settings: LazySettings) -> None:
    both()
    planned(begun(), dt.date(2026, 12, 3), participants="Mette, Bo and Eva")
    assert remind_of_meetings() == 0  # nine days before
    on_day(settings, dt.date(2026, 11, 26))
    assert (remind_of_meetings(), remind_of_meetings()) == (2, 0)
    letters = {letter.to: letter for letter in Letter.objects.all()}
    assert set(letters) == {"mette@hub.example", "bo@office.example"}
    danish = letters["mette@hub.example"]
    assert danish.subject == "Møde 4 med Kontoret i Aalborg er torsdag den 3. december"
    address = danish.text.split("var: ")[-1].split("før: ")[-1].split("\n")[0]
    assert danish.text == (
        "Hej Mette\n\nKontoret i Aalborg og Erhvervshuset har møde 4 i 2026 (opfølgning og konklusioner) torsdag den 3. december.\n\n"
        f"Deltagere: Mette, Bo and Eva\n\nHvad aftalen siger, og hvad der blev aftalt på møderne før: {address}\n\n"
        "Bliver det en anden dag, så ret den dér. Så bliver begge parter mindet om den. Skriv dér bagefter, hvad der blev aftalt.\n"
    )
    assert address.endswith("/approach/agreements/2026/office-aalborg/")


def test_a_meeting_that_is_moved_is_told_of_anew_and_the_old_day_is_not_told_any_more(settings: LazySettings) -> None:
    both()
    row = begun()
    planned(row, dt.date(2026, 11, 30))
    assert remind_of_meetings() == 2  # it is close already
    planned(row, dt.date(2026, 12, 15))
    assert set(Letter.objects.values_list("state", flat=True)) == {State.WITHDRAWN}  # they had not left yet
    assert remind_of_meetings() == 0
    planned(row, dt.date(2026, 11, 30))
    assert remind_of_meetings() == 2
    on_day(settings, dt.date(2026, 12, 1))
    assert remind_of_meetings() == 0


def test_what_was_held_and_what_has_no_day_reminds_nobody() -> None:
    both()
    row = begun()
    planned(row, TODAY - dt.timedelta(days=1), 1, notes="Ten visits")
    assert remind_of_meetings() == 0


def test_of_a_side_that_names_nobody_the_leaders_are_reminded_and_of_one_without_leaders_nobody() -> None:
    leader = person("office-aalborg", Role.LEADER, email="eva@office.example")
    row = begun()
    assert [(one.email, one.named) for one in contact_persons(row)] == [("eva@office.example", False)]
    duty = named(DutyKind.OFFICE, "office-aalborg", person("office-aalborg", email="bo@office.example"))
    assert [(one.email, one.named) for one in contact_persons(row)] == [("bo@office.example", True)]
    User.objects.filter(pk=duty.user_id).update(is_active=False)
    assert [one.email for one in contact_persons(row)] == [leader.email]


def test_reminding_many_offices_costs_no_more_for_those_without_a_meeting() -> None:
    both()
    row = begun()

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert remind_of_meetings() == 0
        return len(seen)

    few = queries()
    planned(row, dt.date(2027, 1, 20))
    begin_outreach(actor=at_work("hub", email="x@hub.example"), office=organisation("office-thisted"), year=2026)
    assert queries() == few


def test_the_page_says_who_is_reminded_when_and_since_when_something_is_missing() -> None:
    row = begun()
    browser = logged_in(person("hub", email="p@hub.example"))
    browser.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    address = "/approach/agreements/2026/office-aalborg/"
    page = browser.get(address).content.decode()
    assert "Nobody is reminded of the meetings" in page
    assert "No date, and its quarter began on 1 Oct 2026" in page
    both()
    planned(row, dt.date(2026, 5, 5), 2)
    page = " ".join(browser.get(address).content.decode().split())
    assert "7 days before a meeting these are reminded by mail: Mette Holm (The hub), Bo Krog (Aalborg office)." in page
    assert "It was on 5 May 2026, and nothing is written down" in page
    assert "It was on 5 May 2026, and nothing is written down" in browser.get("/approach/agreements/2026/").content.decode()
