"""Away from the desk: the clerk is told who said so, and what is noted already is not noted again."""

from __future__ import annotations

import datetime as dt

import pytest
from django.conf import LazySettings

from indgang.foundation.access.actors import staff
from indgang.foundation.identity.models import Role, User
from indgang.foundation.places.models import House
from indgang.operations.reception.actions.roster import Away, Wanted, note_absence, set_sitting
from indgang.operations.reception.models import Absence
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.opening_day import leader
from indgang.operations.reception.tests.staff_day import DATE, at, logged_in, said
from indgang.operations.reception.tests.test_opening_pages import text

pytestmark = pytest.mark.django_db
TAX, TODAY = "/desks/aalborg/tax-1/", "/hours/aalborg/away/today/"


@pytest.fixture
def house(settings: LazySettings) -> House:
    at(settings, 8, 30)
    return factories.small_house()


@pytest.fixture
def jens(house: House) -> User:
    jens = factories.member(Role.CLERK, "skattestyrelsen", name="Jens Vang")
    turn = Wanted(jens, (0, 1, 2, 3, 4), None, None, DATE - dt.timedelta(days=7), None)
    set_sitting(actor=leader(), desk=factories.desk("tax-1"), wanted=turn)
    return jens


def test_a_clerk_whom_the_leader_set_away_reads_it_at_the_desk_and_is_there_after_all(
    house: House, jens: User, settings: LazySettings
) -> None:
    mine, boss = logged_in(jens), factories.member(Role.LEADER, "skattestyrelsen", name="Lise Krogh")
    stamp = mine.get(TAX, headers={"HX-Request": "true"})["ETag"]
    assert "you are away" not in text(mine.get(TAX))
    at(settings, 10, 10)
    logged_in(boss).post(TODAY, {"officer": jens.pk})
    told = "Lise Krogh noted on Tuesday 8 December at 10.10 that you are away: Tuesday 8 December from 10.10."
    part = text(mine.get(TAX, headers={"HX-Request": "true", "If-None-Match": stamp}))
    assert told in part and "Tuesday 8 December 10.10-12.00, 12.30-15.00 away" in part, "also where the page stands open"
    assert "I am away for the rest of today" not in part
    page = mine.get(TAX)
    assert told in text(page) and "I am away for the rest of today" not in text(page)
    assert told not in text(logged_in(factories.member(Role.CLERK, "skattestyrelsen")).get(TAX)), "it is nobody else's"
    back = f"/hours/aalborg/away/{Absence.objects.get().pk}/back/?back=desk&amp;desk=tax-1"
    assert back in page.content.decode()
    there = mine.post(back.replace("&amp;", "&"), follow=True)
    assert there.redirect_chain == [(TAX, 302)]
    assert said(there) == ["You are here after all. A desk that was closed meanwhile stays closed until somebody opens it."]
    assert "you are away" not in text(there)


def test_away_twice_is_noted_once(house: House, jens: User) -> None:
    mine = logged_in(jens)
    noted = mine.post(TODAY, {"officer": jens.pk}, follow=True)
    assert said(noted)[0] == "You are away: Tuesday 8 December from 8.30."
    again = mine.post(TODAY, {"officer": jens.pk}, follow=True)
    words = "It is noted already that Jens Vang is away: Tuesday 8 December from 8.30. Nothing new was stored."
    mine_said = words.replace("Jens Vang is", "you are")
    assert said(again)[-1:] == [mine_said]
    assert "You said on Tuesday 8 December at 8.30 that you are away: Tuesday 8 December from 8.30." in text(again)
    boss = logged_in(factories.member(Role.LEADER, "ihnd"))
    assert said(boss.post(TODAY, {"officer": jens.pk}, follow=True)) == [words]
    assert mine_said in text(mine.post("/hours/aalborg/away/", {"officer": jens.pk, "first_day": "2026-12-08", "from_time": "09:00"}))
    assert Absence.objects.count() == 1
    tax = factories.organisation("skattestyrelsen")
    note_absence(actor=staff(jens), house=house, organisation=tax, officer=jens, away=Away(DATE, DATE + dt.timedelta(days=1)))
    assert Absence.objects.count() == 2, "what says more is noted"


def test_what_is_done_now_is_told_from_this_minute_on(house: House, jens: User, settings: LazySettings) -> None:
    at(settings, 10, 29)
    mine = logged_in(jens)
    assert "from 10.29 (Closed for the rest of the day)." in text(mine.post(f"{TAX}close/", {"back": "tax-1"}, follow=True))
    mine.post(TODAY, {"officer": jens.pk})
    page = text(mine.get(TAX))
    assert "that you are away: Tuesday 8 December from 10.29." in page
    assert "Closed for the rest of today, by Jens Vang at 10.29." in page
