"""The waiting list: who may join, what ends a wait, what is kept of it, and what the journal is told."""

from __future__ import annotations

import datetime as dt

import pytest
from django.conf import LazySettings

from indgang.foundation.access.actors import ANONYMOUS, NotAllowed, staff
from indgang.foundation.identity.models import Role
from indgang.foundation.jobs.work import run_due_jobs
from indgang.foundation.journal.models import Entry
from indgang.foundation.privacy.retention import carry_out
from indgang.operations.reception.actions import waiting as actions
from indgang.operations.reception.actions.retention import waits_to_forget
from indgang.operations.reception.actions.serving import look_at_everything
from indgang.operations.reception.errors import NotNow, TooManyBookings
from indgang.operations.reception.models import WaitingEntry
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.staff_day import at, at_instant
from indgang.operations.reception.tests.waiting_day import (
    asked,
    booked,
    house_open,
    later,
    letters_to,
    open_offers,
    waits,
    wish,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _morning(settings: LazySettings) -> None:
    at(settings, 8)


def test_the_same_form_sent_twice_is_one_entry() -> None:
    house = house_open(15)
    first = asked(wish(house), name="Anna Nowak", email="anna@example.org", key="one")
    again = asked(wish(house), name="Anna Nowak", email="anna@example.org", key="one")
    assert first == again
    assert len(letters_to(first, "confirm")) == 1


def test_nobody_joins_in_bulk() -> None:
    house = house_open(15)
    for _number in range(actions.ENTRIES_PER_EMAIL):
        asked(wish(house), email="anna@example.org")
    with pytest.raises(TooManyBookings):
        asked(wish(house), email="Anna@example.org")
    for _number in range(actions.ENTRIES_PER_PARTY):
        asked(wish(house), name="Bo Berg")
    with pytest.raises(TooManyBookings):
        asked(wish(house), name="bo berg")


def test_the_limits_of_bookings_count_here_too() -> None:
    house = factories.small_house()
    for _number in range(5):
        factories.book(house, email="anna@example.org")
    with pytest.raises(TooManyBookings):
        asked(wish(house), email="anna@example.org")


def test_unconfirmed_wishes_end_after_a_day_and_passed_days_end_with_a_letter(settings: LazySettings) -> None:
    house = house_open(15)
    booked(house)
    unconfirmed, in_vain = asked(wish(house)), waits(wish(house))
    later(settings, 25 * 60)
    look_at_everything()
    unconfirmed.refresh_from_db()
    assert unconfirmed.ended == "unconfirmed"
    at_instant(settings, dt.datetime(2026, 12, 16, 8, tzinfo=dt.UTC))
    look_at_everything()
    look_at_everything()
    in_vain.refresh_from_db()
    assert (in_vain.ended, len(letters_to(in_vain, "over"))) == ("over", 1)
    with pytest.raises(NotNow):
        actions.confirm_entry(entry=unconfirmed)


def test_a_week_after_it_ended_it_is_forgotten(settings: LazySettings) -> None:
    house = house_open(15)
    booked(house)
    entry, stays = waits(wish(house)), waits(wish(house))
    actions.leave_waiting_list(actor=ANONYMOUS, entry=entry)
    later(settings, 6.9 * 24 * 60)
    assert list(waits_to_forget()) == []
    later(settings, 0.2 * 24 * 60)
    assert list(waits_to_forget()) == [entry]
    carry_out()
    assert list(WaitingEntry.objects.all()) == [stays]


def test_the_journal_tells_it_without_names() -> None:
    house = house_open(15)
    entry = waits(wish(house), name="Anna Nowak", email="anna@example.org")
    run_due_jobs()
    actions.accept_offer(offer=open_offers()[0])
    entries = Entry.objects.filter(subject_type="reception.waitingentry", subject_id=str(entry.pk)).order_by("id")
    assert [row.verb for row in entries] == ["waiting.asked", "waiting.confirmed", "waiting.offered", "waiting.accepted"]
    assert not any("anna" in f"{row.before}{row.after}".lower() for row in entries)


def test_floorwalkers_of_the_house_take_somebody_off_and_others_do_not() -> None:
    entry = waits(wish(house_open(15)))
    with pytest.raises(NotAllowed):
        actions.leave_waiting_list(actor=staff(factories.member(Role.CLERK, "siri")), entry=entry)
    actions.leave_waiting_list(actor=staff(factories.member(Role.FLOORWALKER, "ihnd")), entry=entry)
    entry.refresh_from_db()
    assert entry.ended == "removed"
