"""Who sits where on the pages: set, printed, ended; away in one click; closing what has nobody is proposed and shows who is booked."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from indgang.foundation.access.actors import staff
from indgang.foundation.identity.actions import end_membership
from indgang.foundation.identity.models import Role, User
from indgang.foundation.journal.models import Entry
from indgang.foundation.places.models import House
from indgang.operations.reception.actions.desk import call_visit
from indgang.operations.reception.actions.floor import check_in_journey
from indgang.operations.reception.actions.retention import absences_to_forget, sittings_to_forget
from indgang.operations.reception.actions.roster import Away, Wanted, note_absence, set_sitting
from indgang.operations.reception.models import Absence, Appointment, Closure, Sitting
from indgang.operations.reception.queries.house import house_plan
from indgang.operations.reception.queries.roster import unstaffed
from indgang.operations.reception.roster_week import weekdays_in_words
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.opening_day import closure, leader, saved
from indgang.operations.reception.tests.staff_day import DATE, at, logged_in, party, said

pytestmark = pytest.mark.django_db
WEEK = "/hours/aalborg/week/"
DESK = "/hours/aalborg/desks/tax-1/roster/"
EVERY_DAY = (0, 1, 2, 3, 4)


@pytest.fixture
def house(settings: LazySettings) -> House:
    at(settings, 8, 30)
    return factories.small_house()


@pytest.fixture
def jens(house: House) -> User:
    return factories.member(Role.CLERK, "skattestyrelsen", name="Jens Vang")


def sits(officer: User, desk: str = "tax-1", days: tuple[int, ...] = EVERY_DAY, begins: dt.time | None = None) -> Sitting:
    wanted = Wanted(officer, days, begins, dt.time(15) if begins else None, DATE - dt.timedelta(days=7), None)
    return set_sitting(actor=leader(), desk=factories.desk(desk), wanted=wanted)


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def boss(of: str = "ihnd", language: str = "en") -> Client:
    return logged_in(factories.member(Role.LEADER, of), language)


def turn(by: User, **fields: Any) -> dict[str, Any]:
    return {"officer": by.pk, "weekdays": [0, 1], "valid_from": DATE.isoformat(), **fields}


def test_a_leader_sets_a_colleague_to_a_desk_and_takes_it_back(house: House, jens: User) -> None:
    client = boss("skattestyrelsen")
    page = client.post(DESK, turn(jens, begins="9:00", ends="12:00"), follow=True)
    assert said(page) == ["Jens Vang sits at Desk 5: Monday, Tuesday 9.00-12.00, from Tuesday 8 December."]
    assert "Jens Vang: Monday, Tuesday 9.00-12.00, from Tuesday 8 December" in text(client.get("/hours/aalborg/"))
    row = Sitting.objects.get()
    ended = client.post(f"/hours/aalborg/roster/{row.pk}/end/", follow=True)
    assert "Nobody is set yet." in text(ended)
    client.post(f"/hours/aalborg/roster/{row.pk}/resume/")
    row.refresh_from_db()
    assert row.ended_at is None
    assert list(Entry.objects.filter(verb__startswith="roster.").order_by("id").values_list("verb", flat=True)) == [
        "roster.added",
        "roster.ended",
        "roster.resumed",
    ]


def test_a_turn_is_changed_and_nobody_sits_at_two_desks_at_once(house: House) -> None:
    ali = factories.member(Role.CLERK, "borgerservice-aalborg", name="Ali Koch")
    first = sits(ali, "citizen-1", days=(0, 1))
    client = boss()
    refused = client.post("/hours/aalborg/desks/citizen-2/roster/", turn(ali, weekdays=[1, 2]))
    assert "Ali Koch sits at Desk 3 then." in text(refused)
    client.post(f"/hours/aalborg/desks/citizen-1/roster/{first.pk}/", turn(ali, weekdays=[0]))
    client.post("/hours/aalborg/desks/citizen-2/roster/", turn(ali, weekdays=[1, 2]))
    assert [(row.desk.key, row.weekdays) for row in Sitting.objects.order_by("id")] == [("citizen-1", [0]), ("citizen-2", [1, 2])]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"weekdays": []}, "Choose at least one day."),
        ({"officer": ""}, "Choose who sits here."),
        ({"begins": "9:00"}, "Write both times, or neither."),
        ({"begins": "12:00", "ends": "9:00"}, "The end must be later than the beginning."),
        ({"valid_until": "2026-12-01"}, "The last day must not be before the first."),
    ],
)
def test_what_cannot_be_is_said_at_the_field(house: House, jens: User, fields: dict[str, Any], message: str) -> None:
    assert message in text(boss().post(DESK, turn(jens, **fields)))
    assert not Sitting.objects.exists()


def test_only_those_who_keep_the_desk_set_who_sits_there_and_only_colleagues_of_its_organisation(house: House, jens: User) -> None:
    for client in (boss("siri"), logged_in(jens), logged_in(factories.member(Role.FLOORWALKER, "ihnd"))):
        assert client.post(DESK, turn(jens)).status_code == 404
    stranger = factories.member(Role.CLERK, "siri")
    boss().post(DESK, turn(stranger))
    assert not Sitting.objects.exists()


def test_the_plan_of_the_week_stands_for_the_house_and_for_each_authority(house: House, jens: User) -> None:
    sits(jens, days=(1, 2))
    ali = factories.member(Role.CLERK, "borgerservice-aalborg", name="Ali Koch")
    sits(ali, "citizen-1", begins=dt.time(12))
    page = text(boss().get(WEEK))
    assert "Week 50: who sits where From Monday 7 December to Friday 11 December." in page
    assert "Tuesday 8 December: 9.00-12.00, 12.30-15.00 Jens Vang" in page
    assert "Ali Koch 12.30-15.00" in page
    tax = text(boss(language="da").get(f"{WEEK}?organisation=skattestyrelsen"))
    assert "Jens Vang" in tax
    assert "Ali Koch" not in tax
    assert "Uge 50: hvem sidder hvor" in tax
    assert "Jens Vang" not in text(boss().get(f"{WEEK}?from=2026-11-23"))
    assert boss().get(f"{WEEK}?from=nonsense").context["week"].first == dt.date(2026, 12, 7)


def test_a_desk_that_was_closed_for_a_part_of_the_day_is_told_to_the_minute(house: House, jens: User) -> None:
    sits(jens)
    saved(leader(), closure("tax-1", begins="10:29", ends="11:02"))
    page = boss().get(WEEK)
    day = next(day for row in page.context["week"].desks for day in row.days if (row.desk.key, day.date) == ("tax-1", DATE))
    assert day.times == "9.00-10.29, 11.02-12.00, 12.30-15.00"
    mine = text(logged_in(jens).get("/desks/aalborg/tax-1/"))
    assert "Tuesday 8 December 9.00-10.29, 11.02-12.00, 12.30-15.00" in mine


def test_nobody_who_lost_the_role_stands_in_the_plan(house: House, jens: User) -> None:
    sits(jens)
    end_membership(membership=jens.memberships.get())
    assert "Jens Vang" not in text(boss().get(WEEK))


def test_away_today_in_two_clicks_closes_the_desk_and_moves_who_is_booked(house: House, jens: User) -> None:
    sits(jens)
    journey = party(house)
    before = Appointment.objects.get(visit__journey=journey, desk__key="tax-1").starts
    client = boss()
    noted = client.post("/hours/aalborg/away/today/", {"officer": jens.pk}, follow=True)
    assert "Jens Vang is away: Tuesday 8 December from 8.30." in said(noted)
    assert "Desk 5: Tuesday 8 December" in text(noted)
    assert "1 booking then" in text(noted)
    assert not Closure.objects.exists()
    shown = client.post("/hours/aalborg/nobody/close/", {"gap": noted.context["rows"][0]["key"]})
    assert not Closure.objects.exists()
    [row] = shown.context["rows"]
    assert row["one"].journey == journey
    offer = row["one"].proposals[0].offer
    client.post("/hours/aalborg/save/", {"change": shown.context["change"], row["field"]: offer})
    assert Closure.objects.get().desk == factories.desk("tax-1")
    assert Appointment.objects.get(visit__journey=journey, desk__key="tax-1").starts > before
    assert unstaffed(house_plan(house)) == []


def test_nobody_leaves_a_party_alone_at_the_desk_unsaid(house: House, jens: User) -> None:
    sits(jens)
    journey, desk = party(house, name="Ana Silva"), factories.desk("tax-1")
    check_in_journey(actor=staff(factories.member(Role.FLOORWALKER, "ihnd")), journey=journey)
    call_visit(actor=staff(jens), desk=desk, visit=journey.visits.get(service__key="tax-card"))
    mine = logged_in(jens)
    refused = mine.post("/hours/aalborg/away/today/", {"officer": jens.pk}, follow=True)
    problem = "Somebody is still with you at Desk 5. Finish, put them back in line or send them on. Then say that you are away."
    assert said(refused) == [problem]
    assert "They do not come: put back in line" in text(refused), "on the desk's own page, where that can be done"
    assert problem in text(mine.post("/hours/aalborg/away/", {"officer": jens.pk, "first_day": "2026-12-08"}))
    assert not Absence.objects.exists()
    assert mine.post("/hours/aalborg/away/", {"officer": jens.pk, "first_day": "2026-12-09"}).status_code == 302
    noted = boss().post("/hours/aalborg/away/today/", {"officer": jens.pk}, follow=True)
    assert "Somebody is still at Desk 5, called by Jens Vang." in text(noted), "a colleague who was taken ill has gone all the same"
    assert journey.visits.get(service__key="tax-card").desk == desk


def test_nothing_is_proposed_where_somebody_else_sits_at_the_desk(house: House, jens: User) -> None:
    sits(jens)
    sits(factories.member(Role.CLERK, "skattestyrelsen", name="Bodil Friis"))
    noted = boss().post("/hours/aalborg/away/today/", {"officer": jens.pk})
    assert noted.url == WEEK
    assert unstaffed(house_plan(house)) == []


@pytest.mark.parametrize(
    ("until", "ahead", "now"),
    [(dt.time(11), "9.30-11.00", "now until 11.00"), (None, "from 9.30", "now, for the rest of the day")],
)
def test_who_is_missed_now_is_told_by_the_end_and_the_page_does_not_move_with_the_clock(
    house: House, jens: User, settings: LazySettings, until: dt.time | None, ahead: str, now: str
) -> None:
    sits(jens)
    client, tax = boss(), factories.organisation("skattestyrelsen")
    tomorrow = DATE + dt.timedelta(days=1)
    for day in DATE, tomorrow:
        note_absence(
            actor=leader(), house=house, organisation=tax, officer=jens, away=Away(day, day, dt.time(9, 30 + 15 * (day > DATE)), until)
        )
    to_come = "Wednesday 9 December " + ahead.replace("9.30", "9.45")
    seen = []
    for hour, minute, told in ((8, 30, f"Tuesday 8 December {ahead}"), (9, 31, now), (10, 58, now)):
        at(settings, hour, minute)
        rows = client.get("/hours/aalborg/nobody/").context["rows"]
        assert [row["when"] for row in rows] == [told, to_come]
        seen.append(rows[0]["key"])
    client.post("/hours/aalborg/nobody/close/", {"gap": seen[0]})
    assert Closure.objects.values_list("from_time", "until_time").get() == (dt.time(10, 55), until), (
        "also from a page of before, and from now on"
    )


def test_several_days_are_one_gap_and_back_again_ends_it(house: House, jens: User) -> None:
    sits(jens)
    client = boss()
    page = client.post("/hours/aalborg/away/", {"officer": jens.pk, "first_day": "2026-12-10", "last_day": "2026-12-15"}, follow=True)
    assert "Desk 5: Thursday 10 December to Tuesday 15 December" in text(page)
    again = client.post(f"/hours/aalborg/away/{Absence.objects.get().pk}/back/", follow=True)
    assert said(again)[-1] == "Jens Vang is there after all. A desk that was closed meanwhile stays closed until somebody opens it."
    assert unstaffed(house_plan(house)) == []
    gone = client.post("/hours/aalborg/nobody/close/", {"gap": "tax-1|2026-12-10|2026-12-15|"}, follow=True)
    assert said(gone) == ["This desk has somebody again, or is closed already."]


def test_a_clerk_sees_the_own_week_and_says_away_but_does_not_close_another_day(house: House, jens: User) -> None:
    sits(jens, days=(1, 3))
    client = logged_in(jens)
    page = text(client.get("/desks/aalborg/tax-1/"))
    assert "Where you sit Tuesday 8 December 9.00-12.00, 12.30-15.00 Desk 5 Thursday 10 December" in page
    shown = client.post("/hours/aalborg/away/", {"officer": jens.pk, "first_day": "2026-12-10"}, follow=True)
    assert "Your leader decides whether the desk closes" in text(shown)
    key = shown.context["rows"][0]["key"]
    assert client.post("/hours/aalborg/nobody/close/", {"gap": key}).status_code == 404
    other = factories.member(Role.CLERK, "skattestyrelsen")
    assert client.post("/hours/aalborg/away/today/", {"officer": other.pk}).status_code == 404
    assert "Where you sit" not in text(logged_in(other).get("/desks/aalborg/tax-1/"))


def test_a_foreign_leader_and_a_reader_note_nothing(house: House, jens: User) -> None:
    sits(jens)
    for client in (boss("siri"), logged_in(factories.member(Role.READER, "skattestyrelsen"))):
        assert client.post("/hours/aalborg/away/today/", {"officer": jens.pk}).status_code == 404
    assert not Absence.objects.exists()


def test_nothing_says_why_somebody_is_away(house: House, jens: User) -> None:
    note_absence(
        actor=leader(), house=house, organisation=factories.organisation("skattestyrelsen"), officer=jens, away=Away(DATE, DATE, dt.time(9))
    )
    entry = Entry.objects.get(verb="absence.noted")
    assert entry.after == {"officer": jens.pk, "first": "2026-12-08", "last": "2026-12-08"}
    assert {field.name for field in Absence._meta.fields} == {
        "id",
        "officer",
        "organisation",
        "first_day",
        "last_day",
        "from_time",
        "until_time",
        "noted_at",
        "lifted_at",
    }


def test_turns_and_absences_of_a_year_ago_are_forgotten(house: House, jens: User, settings: LazySettings) -> None:
    row = sits(jens)
    Sitting.objects.filter(pk=row.pk).update(valid_until=DATE)
    tax = factories.organisation("skattestyrelsen")
    note_absence(actor=staff(jens), house=house, organisation=tax, officer=jens, away=Away(DATE, DATE))
    assert not sittings_to_forget().exists()
    settings.CLOCK_STARTS_AT += dt.timedelta(days=367)
    assert sittings_to_forget().count() == absences_to_forget().count() == 1


def test_the_plan_takes_as_many_queries_for_three_as_for_one(house: House, jens: User) -> None:
    def queries() -> int:
        client = boss()
        client.get(WEEK)
        with CaptureQueriesContext(
            connection,
        ) as found:
            client.get(WEEK)
        return len(found)

    sits(jens)
    one = queries()
    for desk, of in (("siri-1", "siri"), ("citizen-1", "borgerservice-aalborg")):
        officer = factories.member(Role.CLERK, of)
        sits(officer, desk)
        note_absence(
            actor=leader(), house=house, organisation=factories.organisation(of), officer=officer, away=Away(DATE, DATE, dt.time(14))
        )
    assert queries() <= one + 2  # the absences, and what is booked while desks have nobody


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ([0, 1, 2, 3, 4], "Monday to Friday"),
        ([0, 1], "Monday, Tuesday"),
        ([0, 2, 3, 4, 6], "Monday, Wednesday to Friday, Sunday"),
        ([], ""),
    ],
)
def test_days_that_follow_one_another_are_said_as_one(days: list[int], words: str) -> None:
    assert weekdays_in_words(days) == words
