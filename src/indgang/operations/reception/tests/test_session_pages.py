"""The pages of sessions: made, shown with their next dates, changed, ended, and the end undone."""

from __future__ import annotations

import datetime as dt

import pytest
from django.conf import LazySettings

from indgang.foundation.journal.models import Entry
from indgang.foundation.places.models import House
from indgang.operations.reception.models import Session
from indgang.operations.reception.queries.house import house_plan
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.staff_day import DATE, at, said
from indgang.operations.reception.tests.test_opening_pages import PAGE, boss, text

pytestmark = pytest.mark.django_db
THURSDAYS = {
    "title_da": "Torsdagsåbent",
    "weekday": "3",
    "opens": "15:30",
    "closes": "17:30",
    "first_day": DATE.isoformat(),
    "desks": ["siri-1", "tax-1"],
}


@pytest.fixture
def house(settings: LazySettings) -> House:
    at(settings, 8, 30)
    return factories.small_house()


def test_a_session_is_made_changed_and_ended_and_its_end_undone(house: House) -> None:
    client = boss()
    form = {**THURSDAYS, "often": "2"}
    client.post(f"{PAGE}sessions/new/", form)
    row = Session.objects.get()
    assert (row.weekday, row.every_weeks, sorted(row.desks.values_list("key", flat=True))) == (3, 2, ["siri-1", "tax-1"])
    assert boss("siri").get(f"{PAGE}sessions/{row.pk}/").status_code == 404
    client.post(f"{PAGE}sessions/{row.pk}/", {**form, "closes": "18:00"})
    row.refresh_from_db()
    assert row.closes == dt.time(18)
    third = dt.date(2026, 12, 24)
    left_out = client.post(f"{PAGE}sessions/{row.pk}/date/", {"date": third.isoformat(), "held": "no"}, follow=True)
    assert said(left_out)[-1:] == ["Torsdagsåbent is not held on Thursday 24 December."]
    assert [shown.days[:2] for shown in left_out.context["sessions"]] == [[(dt.date(2026, 12, 10), "held"), (third, "left out")]]
    stale = boss().post(f"{PAGE}sessions/{row.pk}/date/", {"date": third.isoformat(), "held": "no"}, follow=True)
    row.refresh_from_db()
    assert (said(stale)[-1:], row.left_out) == (["Nothing was different, so nothing was changed."], [third]), (
        "a colleague on an older page says the same"
    )
    client.post(f"{PAGE}sessions/{row.pk}/", {**form, "closes": "17:00"})
    row.refresh_from_db()
    assert (row.closes, row.left_out) == (dt.time(17), [third]), "another change leaves it left out"
    assert client.post(f"{PAGE}sessions/{row.pk}/date/", {"date": "2026-12-11", "held": "no"}).status_code == 404
    assert client.post(f"{PAGE}sessions/{row.pk}/date/", {"date": third.isoformat()}).status_code == 404, "what is wanted has to be said"
    again = client.post(f"{PAGE}sessions/{row.pk}/date/", {"date": third.isoformat(), "held": "yes"}, follow=True)
    assert said(again)[-1:] == ["Torsdagsåbent is held on Thursday 24 December after all."]
    client.post(f"{PAGE}sessions/{row.pk}/end/")
    row.refresh_from_db()
    assert row.ended_at is not None
    client.post(f"{PAGE}undo/{Entry.objects.get(verb='session.ended').pk}/")
    row.refresh_from_db()
    assert row.ended_at is None


def test_a_session_on_a_weekday_of_the_month_is_made_shown_and_made_weekly_again(house: House) -> None:
    client = boss()
    form = {**THURSDAYS, "title_en": "Open Thursday", "often": "month-5"}
    page = client.post(f"{PAGE}sessions/new/", form, follow=True)
    assert said(page) == ["New session: Open Thursday, the last Thursday of the month, 15.30-17.30."]
    row = Session.objects.get()
    [shown] = page.context["sessions"]
    assert shown.dates == [dt.date(2026, 12, 31), dt.date(2027, 1, 28), dt.date(2027, 2, 25)]
    plan = house_plan(house)
    desk = next(one for one in plan.desks if one.desk.key == "tax-1")
    assert [bool(desk.sessions[0].falls_on(dt.date(2026, 12, day))) for day in (10, 17, 24, 31)] == [False, False, False, True]
    assert "Den sidste torsdag i måneden, 15.30-17.30" in text(boss(language="da").get(PAGE))
    assert '<option value="month-5" selected>' in client.get(f"{PAGE}sessions/{row.pk}/").content.decode()
    client.post(f"{PAGE}sessions/{row.pk}/", {**form, "often": "2"})
    row.refresh_from_db()
    assert (row.every_weeks, row.of_month) == (2, 0)
    client.post(f"{PAGE}undo/{Entry.objects.get(verb='session.changed').pk}/")
    row.refresh_from_db()
    assert row.of_month == 5
    refused = client.post(f"{PAGE}sessions/{row.pk}/", {**form, "often": "month-6"})
    assert refused.status_code == 200 and refused.context["form"].errors.keys() == {"often"}
