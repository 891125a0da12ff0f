"""Booked parties that nobody saw are counted as that once their day is over, and staff can say afterwards whether they came."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from functools import partial

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from indgang.foundation.access.actors import Actor, NotAllowed, staff
from indgang.foundation.identity.models import Role
from indgang.foundation.measures.declared import Scope
from indgang.foundation.places.models import House
from indgang.operations.reception.actions import floor
from indgang.operations.reception.actions.came import note_that_nobody_noted, tell_whether_they_came, undo_telling
from indgang.operations.reception.actions.end_of_day import end_days
from indgang.operations.reception.errors import NotNow
from indgang.operations.reception.measures import MEASURES
from indgang.operations.reception.models import Journey, Turn
from indgang.operations.reception.models.journey import IMPORTED, Status
from indgang.operations.reception.queries.evidence import evidence_of
from indgang.operations.reception.rules.figures import Figures
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.newcomer_day import text_of
from indgang.operations.reception.tests.staff_day import DATE, at, floorwalker, party, said
from indgang.operations.reception.tests.staff_day import clerk as browser_of
from indgang.operations.reception.tests.test_end_of_day import figures, next_morning

pytestmark = pytest.mark.django_db
LIST = "/board/aalborg/not-noted/"


def leader() -> Actor:
    return staff(factories.member(Role.LEADER, "ihnd"))


def in_figures(told: Figures) -> tuple[int, int, int]:
    """Did not come, of how many of whom it is known, and of how many it is not."""
    return told.not_come.part, told.not_come.whole, told.not_known


def the_next_morning(house: House, settings: LazySettings, walker: Actor) -> tuple[Journey, Journey, Journey]:
    """Three parties had booked: one came and was not served, one was noted as a no-show, and of one nobody noted anything."""
    came, missed, unseen = party(house), party(house), party(house)
    floor.check_in_journey(actor=walker, journey=came)
    at(settings, 14)
    floor.mark_no_show(actor=walker, journey=missed)
    next_morning(settings)
    end_days()
    return came, missed, unseen


def test_whom_nobody_noted_is_counted_on_its_own_once_the_day_is_over(house: House, settings: LazySettings, walker: Actor) -> None:
    _came, _missed, unseen = the_next_morning(house, settings, walker)
    end_days()

    told = figures(house)

    assert in_figures(told) == (1, 2, 1)
    assert told.not_known_by_day == {DATE: 1}
    assert set(unseen.visits.values_list("status", flat=True)) == {Status.PLANNED}, "it can still have a new time"
    assert list(unseen.turns.values_list("outcome", flat=True)) == ["not-noted"] * unseen.visits.count()
    assert [one.figure(Scope(house, DATE, DATE)) for one in MEASURES if one.key == "not-known"] == [1]


def test_nothing_is_noted_before_the_day_is_over(house: House, settings: LazySettings) -> None:
    party(house)
    at(settings, 23, 59)
    assert note_that_nobody_noted(house) == 0
    next_morning(settings)
    assert [note_that_nobody_noted(house) for _again in range(2)] == [1, 0]


def test_what_came_with_a_table_and_who_was_in_the_house_are_known(house: House, settings: LazySettings, walker: Actor) -> None:
    imported, here = party(house), party(house)
    Journey.objects.filter(pk=imported.pk).update(source=IMPORTED)
    floor.check_in_journey(actor=walker, journey=here)
    first, *_others = here.visits.order_by("pk")
    here.visits.exclude(pk=first.pk).update(status=Status.PLANNED, arrived_at=None)
    next_morning(settings)
    end_days()
    assert in_figures(figures(house)) == (0, 1, 0)


@pytest.mark.parametrize(("came", "counted"), [(True, (0, 1, 0)), (False, (1, 1, 0))])
def test_staff_tell_afterwards_and_take_it_back(
    house: House, settings: LazySettings, walker: Actor, came: bool, counted: tuple[int, int, int]
) -> None:
    unseen = party(house)
    next_morning(settings)
    end_days()
    before = (list(unseen.visits.values_list("status", flat=True)), in_figures(figures(house)))

    for _again in range(2):
        tell_whether_they_came(actor=walker, journey=unseen, day=DATE, came=came)

    assert in_figures(figures(house)) == counted
    assert set(unseen.visits.values_list("status", flat=True)) == {Status.PLANNED if came else Status.NO_SHOW}
    rows = evidence_of(actor=leader(), scope=Scope(house, DATE, DATE), measure="no-shows")
    assert list(rows.counted.values()) == [(came,)]
    with pytest.raises(NotNow, match="It is noted already"):
        tell_whether_they_came(actor=walker, journey=unseen, day=DATE, came=not came)
    for _again in range(2):
        undo_telling(actor=walker, journey=unseen, day=DATE)
    assert (list(unseen.visits.values_list("status", flat=True)), in_figures(figures(house))) == before
    assert before == ([Status.PLANNED] * unseen.visits.count(), (0, 0, 1))


def test_a_step_that_has_a_new_time_keeps_it_whatever_is_told(house: House, settings: LazySettings, walker: Actor) -> None:
    unseen = party(house)
    next_morning(settings)
    end_days()
    moved = unseen.visits.order_by("pk").first()
    assert moved
    place = moved.appointment
    place.period = type(place.period)(place.period.lower + dt.timedelta(days=7), place.period.upper + dt.timedelta(days=7), "[)")
    place.save()
    tell_whether_they_came(actor=walker, journey=unseen, day=DATE, came=False)
    moved.refresh_from_db()
    assert (moved.status, in_figures(figures(house))) == (Status.PLANNED, (1, 1, 0))


def test_the_figure_stands_on_the_page_in_its_table_and_in_the_file_and_opens_to_its_rows(
    house: House, settings: LazySettings, walker: Actor
) -> None:
    _came, _missed, unseen = the_next_morning(house, settings, walker)
    page = floorwalker()
    days = f"first={DATE}&last={DATE}"

    text = text_of(page.get(f"/statistics/aalborg/?{days}"))
    assert "Not known whether they came 1 booked parties that nobody noted" in text
    assert "Of how many booked parties nobody noted whether they came." in text
    rows = list(csv.reader(io.StringIO(page.get(f"/statistics/aalborg/file/csv/?{days}").content.decode("utf-8-sig"))))
    assert [row for row in rows if row[1] == "not-known" or row[0] == "unknown-day"] == [
        ["house", "not-known", "aalborg", "Not known whether they came", "1", "", ""],
        ["unknown-day", "2026-12-08", "Tuesday 8 December", "Parties", "1", "", ""],
    ]
    for which in ("measure=not-known", "part=unknown-day&key=2026-12-08"):
        opened = text_of(page.get(f"/statistics/aalborg/steps/?{which}&{days}"))
        assert "Each row is a party that had booked, on a day, and nobody noted whether it came." in opened
        assert ("1 row." in opened, unseen.reference in opened) == (True, True)


def test_the_floorwalker_sees_them_in_the_morning_and_says_it_with_one_click(house: House, settings: LazySettings, walker: Actor) -> None:
    _came, _missed, unseen = the_next_morning(house, settings, walker)
    browser = floorwalker()
    line = "Did they come? 1 party"
    assert line in text_of(browser.get("/board/aalborg/"))
    assert line not in text_of(browser_of().get("/board/aalborg/"))
    assert browser_of().get(LIST).status_code == 404
    assert re.findall(r'<div class="s-when s-when-day"><b>([^<]*)</b>', browser.get(LIST).content.decode())[:1] == ["Tuesday 8 December"]

    page = browser.post(f"/journeys/{unseen.reference}/days/2026-12-08/came/?back=not-noted", {"came": "no"}, follow=True)

    assert said(page) == [said_of(unseen, "Noted: %s did not come on Tuesday 8 December.")]
    assert "It is known of everybody" in text_of(page)
    assert "They did not come on Tuesday 8 December: it was noted afterwards." in text_of(browser.get(f"/journeys/{unseen.reference}/"))
    page = browser.post(f"/journeys/{unseen.reference}/days/2026-12-08/undo-came/?back=journey", follow=True)
    assert said(page) == [said_of(unseen, "Undone: it is not known whether %s came on Tuesday 8 December.")]
    assert "Nobody noted whether they came on Tuesday 8 December. They came" in text_of(page)
    browser.post(f"/journeys/{unseen.reference}/days/2026-12-08/came/?back=journey", {"came": "yes"})
    assert "They came on Tuesday 8 December: it was noted afterwards." in text_of(browser.get(f"/journeys/{unseen.reference}/"))


def said_of(journey: Journey, words: str) -> str:
    return words % f"{journey.contact.name if journey.contact else ''}, 1 person"


def test_only_who_receives_people_tells_it_and_only_of_a_day(house: House, settings: LazySettings) -> None:
    unseen = party(house)
    next_morning(settings)
    end_days()

    def answer(browser: Client, day: str) -> int:
        return int(browser.post(f"/journeys/{unseen.reference}/days/{day}/came/", {"came": "yes"}).status_code)

    assert (answer(browser_of(), "2026-12-08"), answer(floorwalker(), "yesterday")) == (404, 404)
    for act in (partial(tell_whether_they_came, came=True), undo_telling):
        with pytest.raises(NotAllowed):
            act(actor=staff(factories.member(Role.CLERK, "siri")), journey=unseen, day=DATE)
    assert set(Turn.objects.values_list("outcome", flat=True)) == {"not-noted"}


def test_the_list_asks_as_often_for_three_parties_as_for_one(house: House, settings: LazySettings) -> None:
    browser, asked = floorwalker(), []
    browser.get(LIST)
    for number in (1, 2):
        at(settings, 8)
        for _each in range(number):
            party(house)
        next_morning(settings)
        end_days()
        with CaptureQueriesContext(connection) as queries:
            assert text_of(browser.get(LIST)).count("Tuesday 8 December") == (1 if number == 1 else 3)
        asked.append(len(queries))
    assert asked[0] == asked[1]
