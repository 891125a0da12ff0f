"""What undoing writes to the party: of no time where it has none, of nothing it has cancelled, and what it had not been told yet."""

from __future__ import annotations

import datetime as dt

import pytest
from django.conf import LazySettings
from django.urls import reverse

from indgang.foundation.access.actors import Actor, citizen, staff
from indgang.foundation.database import clock
from indgang.foundation.identity.models import Role
from indgang.foundation.mail.models import Letter, State
from indgang.foundation.places.models import House
from indgang.operations.reception.actions import changes, floor, line
from indgang.operations.reception.actions import desk as desks
from indgang.operations.reception.errors import NotNow
from indgang.operations.reception.models import Appointment, Journey, Visit
from indgang.operations.reception.models.journey import Status
from indgang.operations.reception.reminders import write_reminders
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.staff_day import at, floorwalker, party
from indgang.operations.reception.tests.test_from_journal import same

pytestmark = pytest.mark.django_db


def sent() -> None:
    """The worker has sent every letter."""
    Letter.objects.filter(state=State.WAITING).update(state=State.SENT)


def step(journey: Journey, service: str) -> Visit:
    return journey.visits.select_related("journey__house__region", "service").get(service__key=service)


@pytest.mark.parametrize("went", [True, False])
@pytest.mark.parametrize("how", ["place taken", "late", "sent on"])
def test_who_stands_in_line_without_a_time_does_so_again_and_is_written_of_none(house: House, walker: Actor, how: str, went: bool) -> None:
    journey = party(house, services=("tax-card",))
    floor.check_in_journey(actor=walker, journey=journey)
    service = "mitid" if how == "sent on" else "tax-card"
    if how == "late":
        Appointment.objects.filter(visit__journey=journey).update(freed_at=clock.now())
    if how == "sent on":
        line.send_on(actor=walker, visit=step(journey, "tax-card"), service=factories.service("mitid"))
    sent()
    floor.cancel_step(actor=walker, visit=step(journey, service))
    if went:
        sent()
    if how == "place taken":
        party(house, services=("tax-card",), email="g@example.org")
    address = reverse("reception:undo-cancel-step", args=[journey.reference, step(journey, service).pk])
    assert floorwalker().post(address).status_code == 302
    journey.refresh_from_db()
    assert (journey.cancelled_at, step(journey, service).status) == (None, Status.WAITING)
    assert not Letter.objects.filter(key__contains=str(journey.id), state=State.WAITING).exists()
    same(house)


@pytest.mark.parametrize("services", [("tax-card",), ("tax-card", "mitid")])
def test_an_old_page_does_not_bring_a_visit_back_that_its_party_has_cancelled(
    house: House, walker: Actor, services: tuple[str, ...]
) -> None:
    journey = party(house, services=services)
    floor.check_in_journey(actor=walker, journey=journey)
    visit = floor.cancel_step(actor=walker, visit=step(journey, "tax-card"))
    floor.undo_cancel_step(actor=walker, visit=visit)
    changes.cancel_journey(actor=citizen(journey.reference), journey=journey)
    with pytest.raises(NotNow, match=r"This visit was cancelled\."):
        floor.undo_cancel_step(actor=walker, visit=visit)
    journey.refresh_from_db()
    assert journey.cancelled_at
    assert set(journey.visits.values_list("status", flat=True)) == {Status.CANCELLED}


@pytest.mark.parametrize("went", [True, False])
def test_the_letter_about_missing_papers_goes_once_also_where_its_end_was_undone_between(house: House, walker: Actor, went: bool) -> None:
    journey, clerk = party(house), staff(factories.member(Role.CLERK, "siri"))
    floor.check_in_journey(actor=walker, journey=journey)
    visit = desks.call_visit(actor=clerk, desk=factories.desk("siri-1"), visit=step(journey, "siri-residence"))
    visit = desks.finish_visit(actor=clerk, visit=visit, outcome="documents-missing", missing=["Passport"])
    if went:
        sent()
    visit = desks.reopen_visit(actor=clerk, visit=visit)
    desks.finish_visit(actor=clerk, visit=visit, outcome="documents-missing", missing=["Passport"])
    letter = Letter.objects.get(key__startswith="documents:")
    assert (letter.state, "Passport" in letter.text) == (State.SENT if went else State.WAITING, True)


def test_a_step_without_a_time_that_is_cancelled_reminds_nobody_twice_of_the_other_day(
    house: House, walker: Actor, settings: LazySettings
) -> None:
    journey = party(house, services=("siri-residence", "tax-card"))
    place, day = step(journey, "tax-card").appointment, dt.timedelta(days=1)
    Appointment.objects.filter(pk=place.pk).update(period=type(place.period)(place.starts + day, place.ends + day))
    floor.check_in_journey(actor=walker, journey=journey)
    Appointment.objects.filter(visit__journey=journey, visit__service__key="siri-residence").update(freed_at=clock.now())
    sent()
    at(settings, 13, 0)
    first = write_reminders()
    sent()
    floor.cancel_step(actor=walker, visit=step(journey, "siri-residence"))
    assert (first, write_reminders()) == (1, 0)
