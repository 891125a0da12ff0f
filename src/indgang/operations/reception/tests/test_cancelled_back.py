"""A visit that was cancelled as a whole at the desk comes back, as far as its places are free; what its party cancelled stays cancelled."""

from __future__ import annotations

import pytest
from django.conf import LazySettings

from indgang.foundation.access.actors import Actor, NotAllowed, citizen, staff
from indgang.foundation.identity.models import Role
from indgang.foundation.mail.models import Letter, State
from indgang.foundation.places.models import House
from indgang.foundation.ui.tell import undo_of
from indgang.operations.reception.actions import changes
from indgang.operations.reception.actions.as_before import last_entry
from indgang.operations.reception.actions.cancelled_back import undo_cancel_journey
from indgang.operations.reception.errors import NotNow
from indgang.operations.reception.models import Appointment, Journey
from indgang.operations.reception.models.journey import Status
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.staff_day import at, floorwalker, party, said
from indgang.operations.reception.tests.test_from_journal import same
from indgang.operations.reception.tests.test_undone_exactly import called

pytestmark = pytest.mark.django_db
BOTH = ("siri-residence", "tax-card")


def cancelled(actor: Actor, journey: Journey) -> int:
    """Cancel it; the number of the entry that tells of it."""
    changes.cancel_journey(actor=actor, journey=journey)
    told = last_entry(journey, "journey.cancelled")
    assert told
    return told.pk


def taken_by_another(house: House, lost: Appointment) -> None:
    """Somebody else has the place now."""
    other = party(house, name="Bo Chen", services=("tax-card",))
    Appointment.objects.filter(visit__journey=other).update(desk=lost.desk, period=lost.period)


def statuses(journey: Journey) -> dict[str, str]:
    return dict(journey.visits.values_list("service__key", "status"))


def test_only_what_nobody_has_taken_comes_back_and_the_page_names_the_rest(house: House) -> None:
    journey = party(house, name="Ana Silva", services=BOTH)
    walker = floorwalker()
    page = walker.post(f"/journeys/{journey.reference}/cancel/?back=journey", follow=True)
    undo = next(undo_of(message) for message in page.context["messages"])
    Letter.objects.update(state=State.SENT)
    taken_by_another(house, Appointment.objects.get(visit__journey=journey, visit__service__key="tax-card"))

    page = walker.post(undo, follow=True)

    assert said(page) == ["Ana Silva, 1 person is back, but not for: Tax card. The place has been taken, or is closed. Book a new time."]
    assert statuses(journey) == {"siri-residence": Status.PLANNED, "tax-card": Status.CANCELLED}
    journey.refresh_from_db()
    assert journey.cancelled_at is None
    [letter] = Letter.objects.filter(state=State.WAITING, key__startswith=f"moved:{journey.id}")
    assert "New time for your visit" in letter.subject
    same(house)


@pytest.mark.parametrize(("sent", "subject"), [(False, ""), (True, "Your visit takes place after all")])
def test_the_party_reads_of_it_where_it_was_told(house: House, walker: Actor, sent: bool, subject: str) -> None:
    journey = party(house, services=BOTH)
    Letter.objects.update(state=State.SENT)
    entry = cancelled(walker, journey)
    if sent:
        Letter.objects.update(state=State.SENT)
    for _twice in range(2):
        assert undo_cancel_journey(actor=walker, journey=journey, entry=entry).gone == []
    written = [letter.subject.partition(":")[0] for letter in Letter.objects.filter(state=State.WAITING)]
    assert (written, set(statuses(journey).values())) == ([subject] if subject else [], {Status.PLANNED})


def test_a_visit_with_a_step_at_a_desk_stands_with_that_one(house: House, walker: Actor, settings: LazySettings) -> None:
    at(settings, 9, 0)
    journey = party(house, services=BOTH)
    called(walker, journey)
    entry = cancelled(walker, journey)
    journey.refresh_from_db()
    assert (journey.cancelled_at, statuses(journey)) == (None, {"siri-residence": Status.CALLED, "tax-card": Status.CANCELLED})
    undo_cancel_journey(actor=walker, journey=journey, entry=entry)
    assert statuses(journey) == {"siri-residence": Status.CALLED, "tax-card": Status.WAITING}
    same(house)


def test_what_its_party_cancelled_stays_cancelled(house: House, walker: Actor) -> None:
    journey = party(house, services=BOTH)
    entry = cancelled(citizen(journey.reference), journey)
    page = floorwalker().post(f"/journeys/{journey.reference}/cancel/?back=journey", follow=True)
    assert [undo_of(message) for message in page.context["messages"]] == [""]
    with pytest.raises(NotNow):
        undo_cancel_journey(actor=walker, journey=journey, entry=entry)
    assert set(statuses(journey).values()) == {Status.CANCELLED}


def test_an_old_page_and_a_clerk_undo_nothing(house: House, walker: Actor) -> None:
    journey = party(house, services=BOTH)
    old = cancelled(walker, journey)
    with pytest.raises(NotAllowed):
        undo_cancel_journey(actor=staff(factories.member(Role.CLERK, "siri")), journey=journey, entry=old)
    undo_cancel_journey(actor=walker, journey=journey, entry=old)
    new = cancelled(walker, journey)
    with pytest.raises(NotNow):
        undo_cancel_journey(actor=walker, journey=journey, entry=old)
    assert undo_cancel_journey(actor=walker, journey=journey, entry=new).gone == []
