"""Deeds that are undone in another order than they were done: each undoing leaves the party all there or all away, or is refused."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import transaction
from django.test import Client

from indgang.foundation.access.actors import Actor, NotAllowed
from indgang.foundation.journal.models import Entry
from indgang.foundation.places.models import House
from indgang.operations.reception.actions import back_at_desk, cancelled_back, changes, floor, line, sent_on
from indgang.operations.reception.actions import desk as desks
from indgang.operations.reception.actions.as_before import last_entry
from indgang.operations.reception.errors import ReceptionError
from indgang.operations.reception.models import Journey, Turn, Visit
from indgang.operations.reception.models.journey import AT_A_DESK, Status
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.staff_day import at, party
from indgang.operations.reception.tests.test_from_journal import same
from indgang.operations.reception.tests.test_undone_exactly import SIRI, both_at_work, checked_in, clerk, step

pytestmark = pytest.mark.django_db
HERE = [Status.WAITING, *AT_A_DESK]
OPEN = [Status.PLANNED, *HERE]


def siri(do: Callable[..., Any], **more: Any) -> Callable[[Actor, Journey], Any]:
    """Somebody at SIRI's desk does it to the first step."""
    return lambda _walker, journey: do(actor=clerk(), visit=step(journey), **more)


def of_step(do: Callable[..., Any], service: str = "siri-residence") -> Callable[[Actor, Journey], Any]:
    return lambda walker, journey: do(actor=walker, visit=step(journey, service))


def of_party(do: Callable[..., Any]) -> Callable[[Actor, Journey], Any]:
    return lambda walker, journey: do(actor=walker, journey=journey)


def call(_walker: Actor, journey: Journey) -> None:
    desks.call_visit(actor=clerk(), desk=factories.desk("siri-1"), visit=step(journey))


def send_on(walker: Actor, journey: Journey) -> None:
    line.send_on(actor=walker, visit=step(journey), service=factories.service("mitid"))


def undo_send_on(walker: Actor, journey: Journey) -> None:
    following = journey.visits.filter(service__key="mitid").first()
    sent_on.undo_send_on(actor=walker, visit=step(journey), following=following)


def undo_cancel_all(walker: Actor, journey: Journey) -> None:
    told = last_entry(journey, "journey.cancelled")
    cancelled_back.undo_cancel_journey(actor=walker, journey=journey, entry=told.pk if told else 0)


Deed = Callable[[Actor, Journey], Any]
DEEDS: dict[str, tuple[Deed, Deed]] = {
    "check in": (of_party(floor.check_in_journey), of_party(floor.undo_check_in)),
    "did not come": (of_party(floor.mark_no_show), of_party(floor.undo_no_show)),
    "cancel the first": (of_step(floor.cancel_step), of_step(floor.undo_cancel_step)),
    "cancel the second": (of_step(floor.cancel_step, "tax-card"), of_step(floor.undo_cancel_step, "tax-card")),
    "call": (call, siri(desks.put_back, undoing=True)),
    "put back": (siri(desks.put_back), siri(back_at_desk.undo_put_back)),
    "start": (siri(desks.start_visit), siri(desks.undo_start)),
    "cancel all": (of_party(changes.cancel_journey), undo_cancel_all),
    "set aside": (of_step(line.set_aside), of_step(line.undo_set_aside)),
    "bring back": (of_step(line.bring_back), of_step(line.undo_bring_back)),
    "send on": (send_on, undo_send_on),
    "finish": (siri(desks.finish_visit, outcome="done"), siri(desks.reopen_visit)),
}
STATES: dict[str, Callable[[Actor, Journey], object]] = {
    "expected": lambda walker, journey: None,
    "missed": lambda walker, journey: floor.mark_no_show(actor=walker, journey=journey),
    "waiting": checked_in,
    "called": lambda walker, journey: call(walker, checked_in(walker, journey)),
}


def done(deed: Deed, walker: Actor, journey: Journey) -> bool:
    """Whether the house let it be done."""
    try:
        with transaction.atomic():
            deed(walker, journey)
    except (ReceptionError, NotAllowed):
        return False
    return True


def what_is_wrong(journey: Journey) -> list[object]:
    """What of a party is there although it is away, or away although it is there."""
    steps = list(Visit.objects.filter(journey=journey).select_related("service", "appointment"))
    presence = Entry.objects.filter(subject_id=str(journey.pk), verb__in=["journey.checked-in", "journey.check-in-undone"])
    last = presence.order_by("-at", "-id").first()
    here = last is not None and last.verb == "journey.checked-in"
    missed = Turn.objects.filter(journey=journey, outcome="no-show").values_list("visit", flat=True)
    ended = set(Turn.objects.filter(journey=journey).exclude(outcome__in=["no-show", "sent-on"]).values_list("visit", flat=True))
    journey.refresh_from_db()
    return [
        *[("in the house", visit.service.key, visit.status) for visit in steps if visit.status in HERE and not here],
        *[("expected", visit.service.key) for visit in steps if visit.status == Status.PLANNED and here],
        *[("arrived", visit.service.key) for visit in steps if (visit.status in HERE) != bool(visit.arrived_at) and visit.status in OPEN],
        *[("place", visit.service.key) for visit in steps if visit.status == Status.PLANNED and visit.appointment.freed_at],
        *[("desk", visit.service.key) for visit in steps if visit.status in OPEN and (visit.status in AT_A_DESK) != bool(visit.desk_id)],
        *([] if sorted(missed) == sorted(v.pk for v in steps if v.status == Status.NO_SHOW) else ["missed"]),
        *([] if ended == {v.pk for v in steps if v.status == Status.DONE} else ["ended"]),
        *(["cancelled"] if journey.cancelled_at and any(v.status in OPEN for v in steps) else []),
        *(["not cancelled"] if not journey.cancelled_at and all(v.status == Status.CANCELLED for v in steps) else []),
    ]


@pytest.mark.parametrize("state", STATES)
def test_two_deeds_undone_in_the_order_in_which_they_were_done(house: House, walker: Actor, settings: LazySettings, state: str) -> None:
    at(settings, 9, 30)
    journey = party(house, name="Ana Silva", services=("siri-residence", "tax-card"))
    at(settings, 9, 46)
    STATES[state](walker, journey)
    browser, seen = both_at_work(), set()
    for first, second in permutations(DEEDS, 2):
        with transaction.atomic():
            if done(DEEDS[first][0], walker, journey) and done(DEEDS[second][0], walker, journey):
                for name in (first, second):
                    done(DEEDS[name][1], walker, journey)
                    assert (first, second, what_is_wrong(journey)) == (first, second, [])
                stands = tuple(Visit.objects.filter(journey=journey).order_by("pk").values_list("status", "outcome", "parked_at"))
                if stands not in seen:
                    same(house)
                    _pages_are_whole(browser, journey)
                seen.add(stands)
            transaction.set_rollback(True)
    assert seen


def _pages_are_whole(browser: Client, journey: Journey) -> None:
    for page in ("/board/aalborg/", SIRI, f"/journeys/{journey.reference}/"):
        assert browser.get(page).status_code == 200
