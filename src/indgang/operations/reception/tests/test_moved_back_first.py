"""Times that come back with a closure that is taken back belong first to whom it moved, then to who waits for a place."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from indgang.foundation.jobs.work import run_due_jobs
from indgang.foundation.places.models import House
from indgang.operations.reception.actions.holds import release_expired_holds
from indgang.operations.reception.actions.waiting import accept_offer
from indgang.operations.reception.models import Closure, Hold, Hours
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.opening_day import closure, leader, saved
from indgang.operations.reception.tests.staff_day import at, clerk, logged_in, said
from indgang.operations.reception.tests.test_moved_back import times
from indgang.operations.reception.tests.waiting_day import DAY, booked, later, offered_to, open_offers, waits, wish

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(settings: LazySettings) -> House:
    """A house with one place of 15 minutes on a Tuesday, and one more a week later."""
    at(settings, 8)
    house = factories.small_house()
    Hours.objects.all().delete()
    Hours.objects.create(house=house, weekday=1, opens=dt.time(9), closes=dt.time(9, 15))
    return house


def closed_and_open_again(house: House) -> tuple[Any, Client, Any]:
    """Somebody is moved by a closure to the week after; somebody else waits for that day; then the closure is taken back."""
    journey, boss = booked(house), leader()
    saved(boss, closure(first=DAY))
    waits(wish(house))
    run_due_jobs()
    assert open_offers() == [], "the day is closed"
    client = logged_in(boss.user)  # type: ignore[arg-type]
    page = client.post(f"/hours/aalborg/closures/{Closure.objects.get().pk}/lift/", follow=True)
    run_due_jobs()
    return journey, client, page


def test_who_was_moved_comes_before_who_waits(house: House) -> None:
    journey, client, page = closed_and_open_again(house)
    assert open_offers() == []
    assert "They are kept for them until 8.10." in page.content.decode()
    page = client.post(page.request["PATH_INFO"], {"back": [str(journey.pk)]}, follow=True)
    run_due_jobs()
    assert said(page)[0] == "1 of 1 visit has its old time again."
    assert [starts.date() for _service, _desk, starts in times(journey)] == [DAY]
    assert open_offers() == []
    assert Hold.objects.count() == 0


def test_what_is_not_given_back_is_offered_at_once(house: House) -> None:
    _journey, client, page = closed_and_open_again(house)
    page = client.post(page.request["PATH_INFO"], {}, follow=True)
    run_due_jobs()
    assert said(page)[0] == "0 of 1 visit has its old time again."
    assert len(offered_to()) == 1


def test_it_is_kept_for_ten_minutes_and_the_page_says_when_it_is_gone(house: House, settings: LazySettings) -> None:
    journey, client, page = closed_and_open_again(house)
    later(settings, 10)
    assert release_expired_holds() == 1
    run_due_jobs()
    [offer] = open_offers()
    accept_offer(offer=offer)
    page = client.get(page.request["PATH_INFO"])
    assert [row["why"] for row in page.context["rows"]] == ["Somebody else has one of the old times by now. The visit stays as it is."]
    page = client.post(page.request["PATH_INFO"], {"back": [str(journey.pk)]}, follow=True)
    assert said(page)[0] == "0 of 1 visit has its old time again."


def test_another_authority_lets_go_of_nothing(house: House) -> None:
    _journey, _client, page = closed_and_open_again(house)
    clerk("siri").post(page.request["PATH_INFO"], {})
    run_due_jobs()
    assert (open_offers(), Hold.objects.count()) == ([], 1)
