"""What is cancelled, moved or undone leaves nothing behind: no cancelled visit with a step, no place in line without a party."""

from __future__ import annotations

import pytest
from django.conf import LazySettings
from django.test import Client

from indgang.foundation.access.actors import ANONYMOUS, Actor, citizen
from indgang.foundation.database import clock
from indgang.foundation.mail.models import Letter, State
from indgang.foundation.places.models import House
from indgang.operations.reception.actions import changes, floor, line
from indgang.operations.reception.actions.tickets import Errands, take_ticket
from indgang.operations.reception.models import Appointment, Journey
from indgang.operations.reception.models.journey import Status
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.staff_day import DATE, at, party
from indgang.operations.reception.tests.test_from_journal import same
from indgang.operations.reception.views.newcomer_session import OPENED

pytestmark = pytest.mark.django_db

TAX = ("tax-card",)


def late(house: House, walker: Actor) -> Journey:
    """A party that waits, and whose place is gone."""
    journey = party(house, services=TAX)
    floor.check_in_journey(actor=walker, journey=journey)
    Appointment.objects.filter(visit__journey=journey).update(freed_at=clock.now())
    return journey


@pytest.mark.parametrize(("sent", "letters"), [(False, 0), (True, 1)])
def test_the_last_step_wanted_again_brings_the_visit_back(house: House, walker: Actor, sent: bool, letters: int) -> None:
    journey = party(house, services=TAX)
    Letter.objects.update(state=State.SENT)
    visit = floor.cancel_step(actor=walker, visit=journey.visits.get())
    Letter.objects.filter(state=State.WAITING).update(state=State.SENT if sent else State.WAITING)
    floor.undo_cancel_step(actor=walker, visit=visit)
    journey.refresh_from_db()
    assert (journey.cancelled_at, journey.sequence, journey.visits.get().status) == (None, 2, Status.PLANNED)
    assert Letter.objects.filter(state=State.WAITING, key__startswith=f"moved:{journey.id}:2").count() == letters
    assert Letter.objects.filter(state=State.WAITING).count() == letters
    same(house)


@pytest.mark.parametrize("days", [0, 1])
@pytest.mark.parametrize("how", ["move", "book"])
def test_only_who_goes_on_waiting_keeps_its_place_in_line(house: House, walker: Actor, days: int, how: str) -> None:
    journey = party(house, services=TAX)
    floor.check_in_journey(actor=walker, journey=journey)
    line.set_aside(actor=walker, visit=journey.visits.get())
    aside = journey.visits.get().parked_at
    ways = factories.plan(house, on=DATE, days=7, limit=200, services=TAX, beside=journey.id).itineraries
    starts = journey.visits.get().appointment.starts
    offer = next(way.offer for way in ways if ((way.starts.date() > DATE) if days else (way.starts > starts)))
    act = changes.move_journey if how == "move" else floor.book_steps
    act(actor=walker, journey=journey, offer=offer)
    visit = journey.visits.get()
    assert (visit.status, visit.parked_at) == ((Status.PLANNED, None) if days else (Status.WAITING, aside))


@pytest.mark.parametrize("by_party", [True, False])
def test_who_only_waits_in_line_can_cancel(house: House, walker: Actor, by_party: bool) -> None:
    journey = late(house, walker)
    changes.cancel_journey(actor=citizen(journey.reference) if by_party else walker, journey=journey)
    journey.refresh_from_db()
    assert (journey.cancelled_at is None, journey.visits.get().status) == (False, Status.CANCELLED)
    same(house)


def test_looking_at_the_page_that_asks_cancels_nothing(house: House, walker: Actor, client: Client) -> None:
    journey = late(house, walker)
    opened = client.session
    opened[OPENED] = [journey.reference]
    opened.save()
    mine, asked = client.get(f"/arrival/{journey.reference}/"), client.get(f"/arrival/{journey.reference}/cancel")
    assert (f'href="/arrival/{journey.reference}/cancel"' in mine.content.decode(), asked.status_code) == (True, 200)
    assert journey.visits.get().status == Status.WAITING
    client.post(f"/arrival/{journey.reference}/cancel")
    assert journey.visits.get().status == Status.CANCELLED


def test_a_ticket_with_one_of_its_two_services_cancelled_still_stands(house: House, walker: Actor, settings: LazySettings) -> None:
    at(settings, 9, 0)
    journey = take_ticket(actor=ANONYMOUS, house=house, errands=Errands(["tax-card", "mitid"])).ticket.journey
    floor.cancel_step(actor=walker, visit=journey.visits.get(service__key="mitid"))
    journey.refresh_from_db()
    assert (journey.cancelled_at, journey.visits.get(service__key="tax-card").status) == (None, Status.WAITING)
    floor.cancel_step(actor=walker, visit=journey.visits.get(service__key="tax-card"))
    journey.refresh_from_db()
    assert (journey.cancelled_at is None) is False
