"""At the desk nothing is lost from sight: earlier turns, notes, what comes next, and that the desk is closed."""

from __future__ import annotations

import pytest
from django.conf import LazySettings

from indgang.foundation.access.actors import staff
from indgang.foundation.places.models import House
from indgang.operations.reception.actions import floor
from indgang.operations.reception.models import Closure, Desk, Note, Visit
from indgang.operations.reception.models.journey import Outcome, Status
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.opening_day import closure, leader, saved
from indgang.operations.reception.tests.staff_day import DATE, at, clerk, logged_in, said
from indgang.operations.reception.tests.test_staff_desk import SIRI, here, step, walker

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(settings: LazySettings) -> House:
    at(settings, 8, 30)
    return factories.small_house()


def test_what_was_missing_stays_in_sight_when_the_step_is_booked_again(house: House) -> None:
    """On the visit, the board and both desks; the earlier turn stays counted, and the calls are counted anew."""
    journey, siri, floor_page = here(house, "Ana Silva"), clerk(), logged_in(walker())
    first = step(journey)
    siri.post(f"{SIRI}next/")
    siri.post(f"{SIRI}call-again/{first.pk}/")
    siri.post(f"{SIRI}finish/{first.pk}/", {"outcome": "documents-missing", "missing": ["contract"]})
    wanted = factories.plan(house, on=DATE, days=0, beside=journey.id, services=("siri-residence",))
    floor.book_steps(actor=staff(walker()), journey=journey, offer=wanted.itineraries[0].offer)

    page = siri.get(SIRI)
    assert [(past.name, past.status, past.can_be_undone) for past in page.context["ended"]] == [
        ("Ana Silva", Outcome.DOCUMENTS_MISSING, False)
    ]
    visit_page = floor_page.get(f"/journeys/{journey.reference}/")
    assert [past.status for past in visit_page.context["past"]] == [Outcome.DOCUMENTS_MISSING]
    assert "Missing the last time: Employment contract" in visit_page.content.decode()
    assert [line.missing for line in floor_page.get("/board/aalborg/").context["board"].here] == [["Employment contract"]]
    page = siri.post(f"{SIRI}call/{first.pk}/", follow=True)
    text = page.content.decode()
    assert (step(journey).calls, "Missing the last time: Employment contract" in text) == (1, True)
    assert [past.status for past in page.context["past"]] == [Outcome.DOCUMENTS_MISSING]
    siri.post(f"{SIRI}finish/{first.pk}/", {"outcome": "done"})
    assert [past.status for past in siri.get(SIRI).context["ended"]] == [Outcome.DONE, Outcome.DOCUMENTS_MISSING]


def test_a_time_that_has_passed_is_not_told_as_what_comes_next(house: House, settings: LazySettings) -> None:
    journey, siri = here(house, "Ana Silva"), clerk()
    first = step(journey)
    siri.post(f"{SIRI}call/{first.pk}/")
    at(settings, 13, 0)
    page = siri.post(f"{SIRI}finish/{first.pk}/", {"outcome": "done"}, follow=True)
    text = page.content.decode()
    assert "They are in line for it now." in text and "Hand over now" not in text
    said_by_hand = said(siri.post(f"{SIRI}hand-over/{first.pk}/", follow=True))
    assert said_by_hand[0].endswith(", and they are in line for it now.")


def test_the_next_step_is_one_that_can_be_done(house: House) -> None:
    """The step that failed is booked again, after those that build on it: it comes first, and they are held up by it."""
    journey, siri = here(house, "Ana Silva"), clerk()
    first = step(journey)
    siri.post(f"{SIRI}call/{first.pk}/")
    siri.post(f"{SIRI}finish/{first.pk}/", {"outcome": "documents-missing", "missing": ["contract"]})
    builds = [visit for visit in journey.visits.all() if "siri-residence" in visit.after]
    assert builds
    line = logged_in(walker()).get("/board/aalborg/").context["board"].here[0]
    assert (line.held_up_by, line.missing) == ("EU residence document", ["Employment contract"])
    later = factories.plan(house, on=DATE, days=0, beside=journey.id, services=("siri-residence",)).itineraries[-1]
    floor.book_steps(actor=staff(walker()), journey=journey, offer=later.offer)
    line = logged_in(walker()).get("/board/aalborg/").context["board"].here[0]
    assert "siri-residence" not in line.step.visit.after


def test_each_of_todays_finished_can_be_undone_while_neither_side_is_busy(house: House) -> None:
    siri = clerk()
    for name in ("Ana Silva", "Bo Chen"):
        visit = step(here(house, name))
        siri.post(f"{SIRI}call/{visit.pk}/")
        siri.post(f"{SIRI}finish/{visit.pk}/", {"outcome": "done"})
    page = siri.get(SIRI)
    assert [past.can_be_undone for past in page.context["ended"]] == [True, True]
    older = page.context["ended"][1].turn.visit_id
    assert f"{SIRI}undo-finish/{older}/" in page.content.decode()
    page = siri.post(f"{SIRI}undo-finish/{older}/", follow=True)
    assert (page.context["name"], len(page.context["ended"])) == ("Ana Silva", 1)
    assert "undo-finish" not in page.content.decode(), "the desk is busy"


def test_a_closed_desk_says_so_and_still_calls_those_who_are_here(house: House) -> None:
    here(house, "Ana Silva")
    siri = clerk()
    desk = Desk.objects.get(key="siri-1")
    Closure.objects.create(house=house, desk=desk, title_da="Lukket", title_en="Closed", first_day=DATE, last_day=DATE)
    page = siri.get(SIRI).content.decode()
    assert "This desk is closed" in page and "Your desk is free" not in page
    assert "You can still call those who are here already." in page
    assert said(siri.post(f"{SIRI}next/", follow=True)) == ["Called: Ana Silva, 1 person."]


def test_the_open_page_no_longer_offers_to_close_a_desk_that_is_closed(house: House) -> None:
    siri = clerk()
    stamp = siri.get(SIRI, headers={"HX-Request": "true"})["ETag"]
    assert f"{SIRI}close/" in siri.get(SIRI).content.decode()
    saved(leader(), closure("siri-1"))
    part = siri.get(SIRI, headers={"HX-Request": "true", "If-None-Match": stamp}).content.decode()
    assert '<template hx-swap-oob="innerMorph:#desk-close">' in part and f"{SIRI}close/" not in part


def test_beside_the_timer_stands_until_when_they_were_planned_which_stays_true(house: House, settings: LazySettings) -> None:
    siri, visit = clerk(), step(here(house, "Ana Silva"))
    siri.post(f"{SIRI}call/{visit.pk}/")
    siri.post(f"{SIRI}start/{visit.pk}/")
    assert "planned until 8.50" in siri.get(SIRI).content.decode()
    at(settings, 9, 20)
    assert "planned until 8.50, runs over" in siri.get(SIRI).content.decode()


def test_there_is_one_note_whatever_way_the_step_ends_and_nothing_typed_is_lost(house: House) -> None:
    siri = clerk()
    for name in ("Ana Silva", "Bo Chen"):
        here(house, name)
    siri.post(f"{SIRI}next/")
    first = Visit.objects.get(status=Status.CALLED)
    page = siri.post(f"{SIRI}start/{first.pk}/", follow=True).content.decode()
    assert (page.count('name="note"'), page.count('name="reason"'), page.count("/finish/")) == (1, 1, 1)
    assert "Why is it refused? <" not in page, "it does not say that the reason is optional"
    finish = f"{SIRI}finish/{first.pk}/"
    said_twice = {"outcome": "done", "missing": ["contract"], "other": "Photo", "reason": "Not theirs", "note": "Came late"}
    again = siri.post(finish, said_twice)
    assert sorted(again.context["form"].errors) == ["missing", "reason"]
    assert all(text in again.content.decode() for text in ("Photo", "Not theirs", "Came late"))
    assert step(first.journey).status == Status.SERVING
    siri.post(finish, {"outcome": "documents-missing", "missing": ["contract"], "note": "Came late"})
    assert Note.objects.get().text == "Came late"
    siri.post(f"{SIRI}next/")
    second = Visit.objects.get(status=Status.CALLED)
    siri.post(f"{SIRI}finish/{second.pk}/", {"outcome": "refused", "reason": "Not theirs", "note": "Was angry"})
    assert sorted(Note.objects.filter(visit=second).values_list("text", "refusal")) == [("Not theirs", True), ("Was angry", False)]
