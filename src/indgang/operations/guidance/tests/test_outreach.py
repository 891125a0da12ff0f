"""The yearly outreach agreement: written by both, agreed by both, four meetings, carried on, and what is missing."""

from __future__ import annotations

import datetime as dt
import time

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from indgang.foundation.access.actors import NotAllowed, staff
from indgang.foundation.identity.models import Organisation, Role
from indgang.foundation.identity.tests.factories import logged_in
from indgang.foundation.places.models import Municipality
from indgang.operations.guidance.actions.outreach import (
    Agreed,
    agree,
    begin_outreach,
    carry_on,
    take_back_agreeing,
    write_meeting,
    write_outreach,
)
from indgang.operations.guidance.approach_errors import ApproachError
from indgang.operations.guidance.errors import NotNow
from indgang.operations.guidance.models import Outreach
from indgang.operations.guidance.queries.approach import approach_of
from indgang.operations.guidance.queries.division import division_in_force
from indgang.operations.guidance.queries.outreach import outreach_visible_to, year_of_offices
from indgang.operations.guidance.rules.outreach import STATES, needs_somebody, order_of_dates, state_of_meeting
from indgang.operations.guidance.tests.approach_world import at_work, company, organisation, person, small_region

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 24)
ADDRESS = "/approach/agreements/2026/office-aalborg/"


@pytest.fixture(autouse=True)
def region(settings: LazySettings) -> None:
    settings.CLOCK_STARTS_AT, settings.CLOCK_SINCE = dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC), time.time()
    small_region()


def begun(key: str = "hub") -> Outreach:
    return begin_outreach(actor=at_work(key), office=organisation("office-aalborg"), year=2026)


@given(on=st.none() | st.dates(), notes=st.booleans(), today=st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1)), number=st.integers(1, 4))
def test_a_meeting_is_in_one_state_and_one_that_was_held_needs_nobody(on: dt.date | None, notes: bool, today: dt.date, number: int) -> None:
    state = state_of_meeting(on, notes, today)
    assert state in STATES
    assert (state == "no-date") == (on is None)
    assert not (state in ("held", "planned") and needs_somebody(state, today.year, number, today))


def test_dates_come_in_order() -> None:
    days = [dt.date(2026, month, 1) for month in (1, 4)]
    assert [order_of_dates([days[0], None, days[1]]), order_of_dates(days[::-1])] == [True, False]


def test_it_is_agreed_when_both_have_agreed_and_a_draft_again_when_it_changes() -> None:
    row, hub, office = begun(), at_work("hub", email="h@hub.example"), at_work("office-aalborg")
    assert row.meetings.count() == 4
    row = write_outreach(actor=office, outreach=row, said=Agreed(fields=["finance"], industries="Steel (25)"), seen=1)
    assert not agree(actor=hub, outreach=row, seen=2).agreed
    assert agree(actor=office, outreach=row, seen=2).agreed
    assert agree(actor=office, outreach=row, seen=2).agreed
    same = write_outreach(actor=hub, outreach=row, said=Agreed(fields=["finance"], industries="Steel (25)"), seen=1)
    assert same.agreed
    changed = write_outreach(actor=hub, outreach=row, said=Agreed(fields=["innovation"]), seen=2)
    assert (changed.agreed, changed.office_agreed_at, changed.version) == (False, None, 3)
    with pytest.raises(NotNow):
        agree(actor=office, outreach=row, seen=2)
    with pytest.raises(NotNow):
        write_outreach(actor=office, outreach=row, said=Agreed(fields=["finance"]), seen=2)
    agree(actor=office, outreach=row, seen=3)
    assert take_back_agreeing(actor=office, outreach=row).office_agreed_at is None


def test_only_the_office_and_the_hub_write_and_read_it() -> None:
    row = begun()
    thisted = at_work("office-thisted")
    for action in (
        lambda: write_outreach(actor=thisted, outreach=row, said=Agreed(), seen=1),
        lambda: agree(actor=thisted, outreach=row, seen=1),
        lambda: write_meeting(actor=thisted, outreach=row, number=1, on=TODAY, seen=1),
        lambda: begin_outreach(actor=thisted, office=organisation("office-aalborg"), year=2027),
        lambda: begin_outreach(actor=at_work("hub", Role.READER), office=organisation("office-aalborg"), year=2027),
        lambda: begin_outreach(actor=at_work("hub", email="c@d.example"), office=organisation("hub"), year=2026),
    ):
        with pytest.raises(NotAllowed):
            action()
    assert list(outreach_visible_to(thisted)) == []
    browser = logged_in(person("office-thisted", email="t@t.example"))
    paths = (ADDRESS, f"{ADDRESS}write", f"{ADDRESS}meetings/1")
    assert [browser.get(path).status_code for path in paths] == [404] * 3
    assert browser.get("/approach/agreements/2026/").status_code == 200
    assert logged_in(person("office-aalborg", Role.READER)).get(ADDRESS).status_code == 200


def test_it_is_carried_on_into_the_next_year_without_its_calendar_once() -> None:
    row, hub, steel = begun(), at_work("hub", email="h@hub.example"), company()
    said = Agreed(fields=["finance"], industries="25", companies=[steel], collective="A", proactive="B", calendar="C")
    write_outreach(actor=hub, outreach=row, said=said, seen=1)
    row.refresh_from_db()
    later = carry_on(actor=hub, outreach=row)
    assert (later.year, later.fields, later.collective, later.calendar, later.agreed) == (2027, ["finance"], "A", "", False)
    assert (list(later.companies.all()), later.meetings.count()) == ([steel], 4)
    write_outreach(actor=hub, outreach=later, said=Agreed(fields=["ccus"]), seen=1)
    assert carry_on(actor=hub, outreach=row).fields == ["ccus"]
    with pytest.raises(ApproachError):
        carry_on(actor=hub, outreach=later)


def test_what_is_missing_of_all_offices_in_the_same_number_of_queries() -> None:
    row, hub = begun(), at_work("hub", email="h@hub.example")
    for number, on, notes in ((1, dt.date(2026, 2, 3), "Focus on finance"), (2, dt.date(2026, 5, 5), ""), (3, dt.date(2026, 12, 3), "")):
        write_meeting(actor=hub, outreach=row, number=number, on=on, participants="Bo, Mette", notes=notes, seen=1)
    division = division_in_force(row.office.region, TODAY)
    assert division is not None
    first, second = year_of_offices(hub, division, 2026, TODAY)
    assert [line.state for line in first.meetings] == ["held", "notes", "planned", "no-date"]
    assert [line.due for line in first.meetings] == [False, True, False, True]
    assert first.missing == ("focus", "office", "hub", "notes:2", "no-date:4")
    assert (second.missing, second.outreach) == (("agreement",), None)

    browser = logged_in(person("hub", email="q@hub.example"))
    browser.get("/approach/agreements/2026/")

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert browser.get("/approach/agreements/2026/").status_code == 200
        return len(seen)

    few = queries()
    for number in range(9):
        place = Municipality.objects.create(region=row.office.region, code=str(900 + number), key=f"m{number}", title_da=f"M{number}")
        office = Organisation.objects.create(
            region=row.office.region, key=f"office-{number}", kind="business-office", municipality=place, title_da=f"O{number}"
        )
        begin_outreach(actor=hub, office=office, year=2026)
    assert queries() == few


def test_a_meeting_is_written_once_and_within_its_year() -> None:
    row, hub = begun(), at_work("hub", email="h@hub.example")
    for _click in range(2):
        meeting = write_meeting(actor=hub, outreach=row, number=1, on=TODAY, notes="We visit ten.", seen=1)
    assert meeting.version == 2
    with pytest.raises(NotNow):
        write_meeting(actor=hub, outreach=row, number=1, on=TODAY, notes="We visit twelve.", seen=1)
    with pytest.raises(ApproachError):
        write_meeting(actor=hub, outreach=row, number=2, on=dt.date(2029, 1, 1), seen=1)


def test_what_is_in_focus_stands_on_the_company() -> None:
    steel, row, hub = company(), begun(), at_work("hub", email="h@hub.example")
    assert approach_of(hub, steel).focus is None
    write_outreach(actor=hub, outreach=row, said=Agreed(industries="Metal (25.11)", fields=["finance"]), seen=1)
    focus = approach_of(hub, steel).focus
    assert focus is not None
    assert (focus.by_name, focus.industry, focus.fields, focus.outreach.agreed) == (False, True, ("finance",), False)
    write_outreach(actor=hub, outreach=row, said=Agreed(companies=[steel]), seen=2)
    focus = approach_of(hub, steel).focus
    assert focus is not None
    assert (focus.by_name, focus.industry) == (True, False)
    assert approach_of(hub, company("Elsewhere", place="thisted", cvr="12345678")).focus is None


def test_the_year_is_kept_in_the_browser_by_both() -> None:
    company()
    office, hub = logged_in(person("office-aalborg")), logged_in(person("hub"))
    assert "Begin it" in office.get("/approach/agreements/2026/").content.decode()
    office.post("/approach/agreements/2026/office-aalborg/begin")
    said = {"fields_in_focus": ["finance"], "companies": "13585628 Nordjysk Stål", "industries": "Metal (25)", "version": "1"}
    wrong = hub.post(f"{ADDRESS}write", {**said, "companies": "11112222"}).content.decode()
    assert "There is no company for the line “11112222”." in wrong
    assert "It counts as agreed when both have agreed to it." in hub.post(f"{ADDRESS}write", said, follow=True).content.decode()
    assert "The other one has not yet." in hub.post(f"{ADDRESS}agree", {"version": "2"}, follow=True).content.decode()
    assert "Both have agreed to it." in office.post(f"{ADDRESS}agree", {"version": "2"}, follow=True).content.decode()
    assert "A colleague has changed this meanwhile." in office.post(f"{ADDRESS}agree", {"version": "1"}, follow=True).content.decode()
    page = office.post(f"{ADDRESS}meetings/1", {"on": "2026-01-20", "notes": "Ten visits", "version": "1"}, follow=True).content.decode()
    assert "Ten visits" in page
    assert "Agreed by both" in hub.get("/approach/agreements/2026/").content.decode()
    later = office.post(f"{ADDRESS}carry-on", follow=True).content.decode()
    assert "Nordjysk Stål" in later
    assert "Meetings 2, 3, 4 have no date." in office.get("/my-day/").content.decode()
    assert staff(person("hub", email="z@z.example")).organisation == organisation("hub")
