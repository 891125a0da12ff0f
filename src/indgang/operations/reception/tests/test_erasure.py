"""Somebody asks what is kept about them, or to be forgotten: visits, letters and the waiting list, and every figure stays."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.conf import LazySettings

from indgang.config import program
from indgang.foundation.access.actors import staff, system
from indgang.foundation.identity.models import Role
from indgang.foundation.journal.models import Entry
from indgang.foundation.mail.models import Letter
from indgang.foundation.places.models import House
from indgang.operations.reception.actions.changes import cancel_journey
from indgang.operations.reception.actions.floor import check_in_journey
from indgang.operations.reception.models import Appointment, Hold, Journey, Turn, WaitingEntry, WaitingOffer
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.staff_day import at
from indgang.operations.reception.tests.test_from_journal import same, served, step
from indgang.operations.reception.tests.waiting_day import booked, house_open, waits, wish
from indgang.registers.parties.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(settings: LazySettings) -> House:
    at(settings, 8, 0)
    return house_open(15)


def exported(contact: str, capsys: pytest.CaptureFixture[str]) -> dict[str, list[dict[str, str]]]:
    """The rows by model."""
    capsys.readouterr()
    assert program.run(["privacy", "export", contact]) == 0
    found: dict[str, list[dict[str, str]]] = {}
    for row in json.loads(capsys.readouterr().out)["kept"]:
        found.setdefault(row.pop("model"), []).append(row)
    return found


def erase(contact: str) -> int:
    return program.run(["privacy", "erase", contact, "--yes"])


def offered(house: House) -> WaitingEntry:
    """The place is taken, somebody waits, and then is offered it."""
    taken = booked(house)
    entry = waits(wish(house), name="Wanda Waiting", email="wanda@example.org")
    WaitingEntry.objects.filter(pk=entry.pk).update(phone="+4520212223")
    cancel_journey(actor=system(), journey=taken)
    return entry


@pytest.mark.parametrize("contact", ["wanda@example.org", " Wanda@Example.org ", "+45 20 21 22 23"])
def test_who_only_waits_is_found_and_forgotten(house: House, contact: str, capsys: pytest.CaptureFixture[str]) -> None:
    offered(house)

    found = exported(contact, capsys)

    assert [(row["name"], row["email"]) for row in found["reception.waitingentry"]] == [("Wanda Waiting", "wanda@example.org")]
    assert not any(name.endswith("digest") for row in found["reception.waitingentry"] for name in row)
    assert program.run(["privacy", "erase", contact]) == 1
    assert WaitingEntry.objects.count() == 1
    assert erase(contact) == 0
    assert (WaitingEntry.objects.count(), WaitingOffer.objects.count(), Hold.objects.count()) == (0, 0, 0)
    assert program.run(["privacy", "export", contact]) == 1


def test_letters_to_somebody_who_waited_go_as_well(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    offered(house)
    assert len(exported("wanda@example.org", capsys)["mail.letter"]) == Letter.objects.filter(to="wanda@example.org").count() > 0

    assert erase("wanda@example.org") == 0

    assert not Letter.objects.filter(to="wanda@example.org").exists()
    assert Entry.objects.filter(verb="waiting.ended", after={"because": "removed"}).count() == 1


def test_whoever_was_served_is_forgotten_with_their_family_and_counted_as_before(
    settings: LazySettings, capsys: pytest.CaptureFixture[str]
) -> None:
    at(settings, 8, 0)
    house = factories.small_house()
    journey = factories.book(house, name="Ada Example", on=dt.date(2026, 12, 8), days=0, adults=2).journey
    contact = journey.contact
    assert contact is not None and contact.email
    check_in_journey(actor=staff(factories.member(Role.FLOORWALKER, "ihnd")), journey=journey)
    served(settings, "siri-1", step(journey, "siri-residence"), 0, 20, outcome="documents-missing", missing=["Passport of Ada"])
    before, rows = same(house), list(Turn.objects.values())
    assert erase(contact.email) == 1  # the other steps are still to come
    assert Person.objects.filter(anonymised_at=None).count() == 2
    settings.CLOCK_STARTS_AT += dt.timedelta(days=2)
    found = exported(contact.email, capsys)
    assert {"parties.person", "reception.journey", "reception.visit", "reception.turn", "journal.entry", "mail.letter"} <= found.keys()
    assert "Passport of Ada" in json.dumps(found)

    assert erase(contact.email) == 0

    assert set(Person.objects.values_list("name", "email", "phone")) == {("", "", "")}
    assert (same(house), list(Turn.objects.values())) == (before, rows)
    assert Journey.objects.get().party_digest == ""
    assert Appointment.objects.exists()
