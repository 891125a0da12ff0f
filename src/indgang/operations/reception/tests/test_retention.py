"""What is promised about keeping personal data is done, and the counts stay."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from indgang.foundation.access.actors import system
from indgang.foundation.database import clock
from indgang.foundation.journal.actions import seal_all, verify
from indgang.foundation.journal.models import Entry
from indgang.foundation.journal.queries import texts_of
from indgang.operations.reception.actions.retention import keep_no_longer_than_promised
from indgang.operations.reception.models import Code, IdempotentRequest, Journey, LinkKey, Note
from indgang.operations.reception.tests.factories import book, organisation, small_house
from indgang.registers.parties.actions import anonymise_person
from indgang.registers.parties.models import Person

THEN = dt.datetime(2026, 12, 7, 8, tzinfo=dt.UTC)


def _two_years_and(days: int, settings: Any) -> None:
    settings.CLOCK_STARTS_AT = THEN + dt.timedelta(days=730 + days)


@pytest.mark.django_db
@pytest.mark.parametrize(("days", "names"), [(0, ["Ada", "Eve"]), (3, ["", ""])])
def test_people_are_forgotten_two_years_after_their_visit_and_not_before(days: int, names: list[str], settings: Any) -> None:
    settings.CLOCK_STARTS_AT = THEN
    house = small_house()
    journey = book(house, name="Ada", on=dt.date(2026, 12, 8), adults=2, idempotency_key="k").journey
    Person.objects.filter(travels__position=1).update(name="Eve")
    Note.objects.create(visit=journey.visits.all()[0], organisation=organisation("siri"), text="Comes back")
    _two_years_and(days, settings)
    keep_no_longer_than_promised()
    people = [traveller.person for traveller in journey.travellers.select_related("person")]
    assert [person.name for person in people] == names
    assert Note.objects.count() == (0 if days else 1)
    assert {(person.email == "", bool(person.anonymised_at)) for person in people[:1]} == {(bool(days), bool(days))}
    assert (Journey.objects.count(), {person.citizenship for person in people}) == (1, {"POL"})
    assert (Code.objects.count(), LinkKey.objects.count(), IdempotentRequest.objects.count()) == (0, 0, 0)


@pytest.mark.django_db
def test_somebody_who_came_again_is_still_known(settings: Any) -> None:
    settings.CLOCK_STARTS_AT = THEN
    house = small_house()
    old = book(house, name="Ada", on=dt.date(2026, 12, 8)).journey
    _two_years_and(0, settings)
    again = book(house, name="Ada", on=clock.today() + dt.timedelta(days=1)).journey
    Journey.objects.filter(pk=again.pk).update(contact=old.contact)
    _two_years_and(5, settings)
    assert keep_no_longer_than_promised()["people"] == 0


@pytest.mark.django_db
def test_forgetting_somebody_takes_the_text_from_the_journal_and_leaves_its_seals(settings: Any) -> None:
    settings.CLOCK_STARTS_AT = THEN
    journey = book(small_house(), name="Ada").journey
    seal_all()
    assert journey.contact is not None
    for _twice in range(2):
        anonymise_person(actor=system(), person=journey.contact)
    entries = list(Entry.objects.filter(verb="journey.booked"))
    assert (texts_of(entries), verify().ok) == ({entries[0].id: None}, True)
    assert Entry.objects.filter(verb="person.anonymised").count() == 1
