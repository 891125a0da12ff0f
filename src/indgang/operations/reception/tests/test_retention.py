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
from indgang.foundation.privacy.retention import carry_out
from indgang.operations.reception.actions.holds import hold_offer
from indgang.operations.reception.actions.turns import end_turns
from indgang.operations.reception.measures import served_citizens
from indgang.operations.reception.models import Code, Hold, IdempotentRequest, Journey, LinkKey, Note, Traveller, Visit
from indgang.operations.reception.models.journey import Outcome, Status
from indgang.operations.reception.tests.factories import book, member, organisation, plan, small_house
from indgang.registers.parties.actions.people import anonymise_person
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
    carry_out()
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
    assert carry_out()["parties.person"] == 0


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


def _served(journey: Journey, on: dt.date) -> None:
    """Every step of it was done that day by a clerk, one with papers missing."""
    clerk = member("clerk", "siri")
    for hour, visit in enumerate(journey.visits.all(), start=9):
        visit.status, visit.outcome, visit.clerk = Status.DONE, Outcome.DOCUMENTS_MISSING if hour == 9 else Outcome.DONE, clerk
        visit.missing, visit.missing_other = (["passport"], ["The lease of Ada Example"]) if hour == 9 else ([], [])
        visit.ended_at = dt.datetime.combine(on, dt.time(hour), dt.UTC)
        visit.arrived_at = visit.called_at = visit.started_at = visit.ended_at - dt.timedelta(minutes=5)
        visit.save()
    end_turns(journey.visits.all())


TIMES = ("arrived_at", "called_at", "started_at", "ended_at")
COUNTED = ("status", "outcome", "people", "travellers", "position", "desk", *TIMES)


def _numbers(house: Any, on: dt.date) -> Any:
    """Everything that is counted: the measure with its evidence, the visits, the journeys and who travelled why."""
    served = served_citizens(on, on, house)
    return (
        (
            served.total,
            served.by_municipality,
            list(served.evidence.order_by("pk").values_list("pk", "outcome", "people", "desk", "service", *TIMES)),
        ),
        list(Visit.objects.order_by("pk").values_list("pk", *COUNTED)),
        list(Journey.objects.values_list("pk", "reference", "citizenship", "municipality", "purpose", "adults", "children")),
        list(Traveller.objects.order_by("pk").values_list("pk", "purpose", "child", "person__citizenship", "person__municipality")),
    )


@pytest.mark.django_db
def test_visits_lose_clerk_and_papers_after_five_years_and_every_number_stays(settings: Any) -> None:
    settings.CLOCK_STARTS_AT = THEN
    house, on = small_house(), dt.date(2026, 12, 8)
    journey = book(house, name="Ada", on=on, adults=2, children=1).journey
    _served(journey, on)
    before, steps = _numbers(house, on), journey.visits.count()
    assert (before[0][0], steps) == (3, 4)

    settings.CLOCK_STARTS_AT = THEN + dt.timedelta(days=5 * 365)
    assert (carry_out()["reception.visit"], Visit.objects.exclude(clerk=None).count()) == (0, steps)
    settings.CLOCK_STARTS_AT = THEN + dt.timedelta(days=5 * 365 + 3)
    assert carry_out()["reception.visit"] == steps
    assert {(visit.clerk, *visit.missing, *visit.missing_other) for visit in Visit.objects.all()} == {(None,)}
    assert _numbers(house, on) == before
    assert carry_out()["reception.visit"] == 0


@pytest.mark.django_db
def test_with_the_people_goes_what_their_party_is_recognised_by(settings: Any) -> None:
    settings.CLOCK_STARTS_AT = THEN
    journey = book(small_house(), name="Ada", on=dt.date(2026, 12, 8)).journey
    assert journey.party_digest
    _two_years_and(3, settings)
    carry_out()
    journey.refresh_from_db()
    assert journey.party_digest == ""


@pytest.mark.django_db
def test_codes_keys_requests_and_holds_go_in_their_own_time(settings: Any) -> None:
    settings.CLOCK_STARTS_AT = THEN
    house = small_house()
    book(house, name="Ada", on=dt.date(2026, 12, 8), idempotency_key="k")
    hold_offer(client="c", offer=plan(house, on=dt.date(2026, 12, 9)).itineraries[0].offer)
    kept = []
    for after in (dt.timedelta(minutes=1), dt.timedelta(days=6), dt.timedelta(days=8), dt.timedelta(days=29), dt.timedelta(days=31)):
        settings.CLOCK_STARTS_AT = THEN + after
        carry_out()
        kept.append([model.objects.exists() for model in (Hold, Code, IdempotentRequest)])
    assert kept == [[True, True, True], [False, True, True], [False, False, True], [False, False, True], [False, False, False]]
