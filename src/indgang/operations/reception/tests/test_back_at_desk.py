"""Undoing brings a party back to the desk that had called it only while somebody is there to receive it; else it says why not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import LazySettings

from indgang.foundation.access.actors import Actor, NotAllowed, staff
from indgang.foundation.database import clock
from indgang.foundation.identity.models import Membership, Role, User
from indgang.foundation.places.models import House
from indgang.foundation.ui.tell import undo_of
from indgang.operations.reception.actions import back_at_desk, floor, line, sent_on
from indgang.operations.reception.actions import desk as desks
from indgang.operations.reception.actions.as_before import last_entry
from indgang.operations.reception.errors import NotNow
from indgang.operations.reception.models import Absence, Closure, Journey, Visit
from indgang.operations.reception.models.journey import Status
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.staff_day import DATE, at, logged_in, party
from indgang.operations.reception.tests.test_from_journal import same
from indgang.operations.reception.tests.test_undone_exactly import SIRI, called, checked_in, clerk, step

pytestmark = pytest.mark.django_db


def desk_closed(walker: Actor, journey: Journey) -> None:
    Closure.objects.create(
        house=journey.house, desk=factories.desk("siri-1"), first_day=DATE, last_day=DATE, title_da="x", title_en="x", by_staff=True
    )


def who_called(journey: Journey) -> User:
    entry = last_entry(step(journey), "visit.called")
    assert entry and entry.user
    return entry.user


def clerk_away(walker: Actor, journey: Journey) -> None:
    Absence.objects.create(officer=who_called(journey), organisation=factories.organisation("siri"), first_day=DATE, last_day=DATE)


def clerk_left(walker: Actor, journey: Journey) -> None:
    Membership.objects.filter(user=who_called(journey)).update(ended_at=clock.now())


def clerk_elsewhere(walker: Actor, journey: Journey) -> None:
    other = step(checked_in(walker, party(journey.house, services=("siri-residence",))))
    desks.call_visit(actor=staff(who_called(journey)), desk=factories.desk("siri-2"), visit=other)


def desk_busy(walker: Actor, journey: Journey) -> None:
    desks.call_visit(actor=clerk(), desk=factories.desk("siri-1"), visit=step(checked_in(walker, party(journey.house))))


MEANWHILE: dict[str, tuple[Callable[[Actor, Journey], None], str]] = {
    "desk closed": (desk_closed, "Desk 1 is closed now."),
    "clerk away": (clerk_away, "Mette Holm, who had called them, is no longer at Desk 1."),
    "clerk left": (clerk_left, "Mette Holm, who had called them, is no longer at Desk 1."),
    "clerk elsewhere": (clerk_elsewhere, "Mette Holm, who had called them, is no longer at Desk 1."),
    "desk busy": (desk_busy, "Desk 1 has called somebody else."),
    "nothing": (lambda walker, journey: None, ""),
}


@pytest.mark.parametrize("meanwhile", MEANWHILE)
@pytest.mark.parametrize("deed", ["set aside", "send on"])
def test_nobody_is_called_where_nobody_sits(house: House, walker: Actor, settings: LazySettings, deed: str, meanwhile: str) -> None:
    at(settings, 9, 0)
    journey = party(house, services=("siri-residence", "tax-card"))
    visit = called(walker, journey)
    if deed == "set aside":
        line.set_aside(actor=walker, visit=visit)
    else:
        following = line.send_on(actor=walker, visit=visit, service=factories.service("mitid"))
    MEANWHILE[meanwhile][0](walker, journey)

    if deed == "set aside":
        undone = line.undo_set_aside(actor=walker, visit=visit)
    else:
        undone = sent_on.undo_send_on(actor=walker, visit=visit, following=following)

    why = MEANWHILE[meanwhile][1]
    assert (undone.why_in_line, step(journey).status) == (why, Status.WAITING if why else Status.CALLED)
    same(house)


def test_the_page_says_why_a_party_stands_in_line(house: House, walker: Actor) -> None:
    journey = party(house, name="Ana Silva", services=("siri-residence",))
    visit = line.set_aside(actor=walker, visit=called(walker, journey))
    desk_closed(walker, journey)
    assert walker.user
    page = logged_in(walker.user).post(f"/line/{visit.pk}/undo-aside/?back=board&house=aalborg", follow=True)
    said = [str(message) for message in page.context["messages"]]
    assert said == ["In line again, at the old place: Ana Silva, 1 person. Desk 1 is closed now."]


def test_who_was_put_back_and_comes_after_all_is_at_the_desk_again(house: House, walker: Actor) -> None:
    journey = party(house, name="Ana Silva", services=("siri-residence",))
    visit = desks.start_visit(actor=clerk(), visit=called(walker, journey))
    browser = logged_in(factories.member(Role.CLERK, "siri"))
    page = browser.post(f"{SIRI}put-back/{visit.pk}/", follow=True)
    undo = next(undo_of(message) for message in page.context["messages"])
    page = browser.post(undo, follow=True)
    assert [str(message) for message in page.context["messages"]] == ["Undone: Ana Silva, 1 person is at your desk again."]
    again = step(journey)
    same_step = (again.status, again.desk, again.clerk, again.called_at, again.started_at)
    assert same_step == (Status.SERVING, visit.desk, visit.clerk, visit.called_at, visit.started_at)
    desks.finish_visit(actor=clerk(), visit=again, outcome="done")
    same(house)


def test_putting_back_is_not_undone_once_something_else_was_done(house: House, walker: Actor) -> None:
    journey = party(house, services=("siri-residence",))
    desks.put_back(actor=clerk(), visit=called(walker, journey))
    line.set_aside(actor=walker, visit=step(journey))
    with pytest.raises(NotNow, match="something else was done"):
        back_at_desk.undo_put_back(actor=clerk(), visit=step(journey))
    line.bring_back(actor=walker, visit=step(journey))
    desk_closed(walker, journey)
    with pytest.raises(NotNow, match=r"They stay in line\. Desk 1 is closed now\."):
        back_at_desk.undo_put_back(actor=clerk(), visit=step(journey))
    other = staff(factories.member(Role.CLERK, factories.desk("tax-1").organisation))
    with pytest.raises(NotAllowed):
        back_at_desk.undo_put_back(actor=other, visit=step(journey))


def test_a_check_in_stands_where_somebody_else_has_the_place(house: House, walker: Actor) -> None:
    """Their time has not come: they are not noted as not having come."""
    journey = party(house, services=("tax-card",))
    floor.cancel_step(actor=walker, visit=step(checked_in(walker, journey), "tax-card"))
    party(house, services=("tax-card",), email="f@example.org")
    floor.undo_cancel_step(actor=walker, visit=step(journey, "tax-card"))
    with pytest.raises(NotNow, match="The booked time is gone for: Tax card"):
        floor.undo_check_in(actor=walker, journey=journey)
    assert list(Visit.objects.filter(journey=journey).values_list("status", flat=True)) == [Status.WAITING]


def test_a_step_of_a_party_that_is_not_there_does_not_come_back_into_the_line(house: House, walker: Actor) -> None:
    journey = checked_in(walker, party(house, services=("siri-residence", "tax-card")))
    floor.cancel_step(actor=walker, visit=step(journey, "tax-card"))
    floor.undo_check_in(actor=walker, journey=journey)
    assert floor.undo_cancel_step(actor=walker, visit=step(journey, "tax-card")).status == Status.PLANNED
    checked_in(walker, journey)
    assert set(journey.visits.values_list("status", flat=True)) == {Status.WAITING}
    same(house)


def test_what_a_clerk_wrote_at_an_ending_that_was_undone_stays_and_is_not_kept_twice(house: House, walker: Actor) -> None:
    visit = desks.start_visit(actor=clerk(), visit=called(walker, party(house, name="Ana Silva", services=("siri-residence",))))
    browser = logged_in(factories.member(Role.CLERK, "siri"))
    for outcome, note in (("done", {"note": "Asked for a lawyer."}), ("refused", {"reason": "Asked for a lawyer.", "note": "Calm."})):
        page = browser.post(f"{SIRI}finish/{visit.pk}/", {"outcome": outcome, **note}, follow=True)
        undo = next(undo_of(message) for message in page.context["messages"])
        assert [(row.text, row.refusal) for row in visit.notes.order_by("id")] == [
            (text, outcome == "refused" and name == "reason") for name, text in note.items()
        ]
        page = browser.post(undo, follow=True)
        said = [str(message) for message in page.context["messages"]]
        assert said == ["Undone: Ana Silva, 1 person is at your desk again. What you wrote stays as a note."]
        assert "Asked for a lawyer." in page.content.decode()
