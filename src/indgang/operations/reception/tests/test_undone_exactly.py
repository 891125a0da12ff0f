"""Whatever a page offers to undo is undone exactly: the day, the lines and what the pages show are as they were before the deed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import transaction
from django.test import Client

from indgang.foundation.access.actors import Actor, staff
from indgang.foundation.database import clock
from indgang.foundation.identity.models import Role
from indgang.foundation.places.models import House
from indgang.foundation.ui.tell import undo_of
from indgang.operations.reception.actions import desk as desks
from indgang.operations.reception.actions import floor, line
from indgang.operations.reception.actions.tickets import Errands, take_ticket
from indgang.operations.reception.models import Appointment, Desk, Journey, Turn, Visit
from indgang.operations.reception.queries.line import line_of
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.staff_day import at, at_instant, logged_in, party
from indgang.operations.reception.tests.test_from_journal import same

pytestmark = pytest.mark.django_db
SIRI = "/desks/aalborg/siri-1/"


def clerk() -> Actor:
    return staff(factories.member(Role.CLERK, "siri"))


def step(journey: Journey, service: str = "siri-residence") -> Visit:
    return journey.visits.select_related("journey__house__region", "service", "desk").get(service__key=service)


def checked_in(walker: Actor, journey: Journey) -> Journey:
    return floor.check_in_journey(actor=walker, journey=journey)


def called(walker: Actor, journey: Journey) -> Visit:
    return desks.call_visit(actor=clerk(), desk=factories.desk("siri-1"), visit=step(checked_in(walker, journey)))


def served(walker: Actor, journey: Journey, outcome: str = "done") -> Visit:
    visit = desks.start_visit(actor=clerk(), visit=called(walker, journey))
    missing = ["Passport or identity card"] if outcome == "documents-missing" else []
    return desks.finish_visit(actor=clerk(), visit=visit, outcome=outcome, missing=missing)


def booked_again(walker: Actor, journey: Journey) -> None:
    """Papers were missing; they are to come back with them today."""
    served(walker, journey, "documents-missing")
    wanted = factories.plan(journey.house, on=clock.today(), days=0, beside=journey.id, services=("siri-residence",))
    floor.book_steps(actor=walker, journey=journey, offer=wanted.itineraries[0].offer)


def late_without_place(walker: Actor, journey: Journey) -> None:
    Appointment.objects.filter(visit__journey=checked_in(walker, journey)).update(freed_at=clock.now())


def sent_on(walker: Actor, journey: Journey) -> None:
    line.send_on(actor=walker, visit=called(walker, journey), service=factories.service("mitid"))


# How the party stands before the deed.
STATES: dict[str, Callable[[Actor, Journey], object]] = {
    "expected": lambda walker, journey: None,
    "missed": lambda walker, journey: floor.mark_no_show(actor=walker, journey=journey),
    "waiting": checked_in,
    "without-place": late_without_place,
    "aside": lambda walker, journey: line.set_aside(actor=walker, visit=step(checked_in(walker, journey))),
    "called": called,
    "serving": lambda walker, journey: desks.start_visit(actor=clerk(), visit=called(walker, journey)),
    "sent-on": sent_on,
    "one-served": served,
    "back-with-papers": booked_again,
}


def _deeds(journey: Journey) -> dict[str, tuple[str, dict[str, str]]]:
    """What the pages let people do with the party: the address and what is sent."""
    here = f"/journeys/{journey.reference}"
    deeds: dict[str, tuple[str, dict[str, str]]] = {
        "check in": (f"{here}/check-in/?back=journey", {}),
        "did not come": (f"{here}/no-show/?back=journey", {}),
        "give package": (f"{here}/package/?back=journey", {}),
        "cancel all": (f"{here}/cancel/?back=journey", {}),
    }
    for visit in journey.visits.select_related("service"):
        of, back = f" {visit.service.key}", "?back=desk&house=aalborg&desk=siri-1"
        deeds |= {
            f"cancel{of}": (f"{here}/steps/{visit.pk}/cancel/?back=journey", {}),
            f"call{of}": (f"{SIRI}call/{visit.pk}/{back}", {}),
            f"set aside{of}": (f"/line/{visit.pk}/aside/{back}", {}),
            f"bring back{of}": (f"/line/{visit.pk}/back/{back}", {}),
            f"start{of}": (f"{SIRI}start/{visit.pk}/{back}", {}),
            f"put back{of}": (f"{SIRI}put-back/{visit.pk}/{back}", {}),
            f"send on{of}": (f"/line/{visit.pk}/send-on/{back}", {"service": "mitid"}),
            f"finish{of}": (f"{SIRI}finish/{visit.pk}/{back}", {"outcome": "done"}),
            f"finish, papers missing{of}": (f"{SIRI}finish/{visit.pk}/{back}", {"outcome": "documents-missing", "other": "Form 1"}),
            f"refuse{of}": (f"{SIRI}finish/{visit.pk}/{back}", {"outcome": "refused", "reason": "Not here."}),
        }
    return deeds


def day_in_words(both: Client, house: House, journey: Journey) -> list[Any]:
    """All that the house knows of the day, and what its pages show."""
    names = "pk", "service__key", "position", "people", "status", "desk__key", "arrived_at", "counts_from", "parked_at", "called_at"
    more = "calls", "started_at", "ended_at", "outcome", "missing", "missing_other", "clerk", "interpreter"
    places = Appointment.objects.order_by("visit", "period").values_list("visit", "desk__key", "period", "freed_at")
    pages = [both.get(page) for page in ("/board/aalborg/", SIRI, f"/journeys/{journey.reference}/")]
    return [
        list(Visit.objects.order_by("pk").values_list(*names, *more)),
        [(*place, freed is None) for *place, freed in places],
        list(Turn.objects.order_by("visit", "outcome").values_list("visit", "outcome", "ended_at", "booked_for")),
        [(desk.key, line_of(desk)) for desk in Desk.objects.select_related("house__region").order_by("pk")],
        list(Journey.objects.order_by("pk").values_list("pk", "cancelled_at", "package_given_at")),
        [words(page.content.decode()) for page in pages],
    ]


def words(page: str) -> str:
    """The page's own words, without the messages."""
    own = re.sub(r'<div[^>]*id="messages">.*?<(?=p class="i-above|div class="s-top|header|h1)', "<", page[page.find("<main") :], flags=re.S)
    own = re.sub(r"<(script|template).*?</\1>", " ", own, flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", own).split())


def both_at_work() -> Client:
    """Somebody who receives people and serves at SIRI's desks, so that one browser sees and may do it all."""
    user = factories.member(Role.FLOORWALKER, "ihnd")
    user.memberships.create(organisation=factories.organisation("siri"), role=Role.CLERK)
    return logged_in(user)


# What the pages offer to undo: no more, because nothing is offered that is refused, and no less.
ALL = {"cancel all"}
STEPS = {*ALL, "cancel siri-residence", "cancel tax-card"}
LINE = {*STEPS, "send on siri-residence", "send on tax-card"}
OFFERED = {
    "expected": {*STEPS, "check in", "did not come", "give package"},
    "missed": {"check in"},
    "waiting": {*LINE, "call siri-residence", "set aside siri-residence"},
    "without-place": {*LINE, "call siri-residence", "set aside siri-residence"},
    "aside": {*LINE, "bring back siri-residence"},
    "called": {
        *ALL,
        "cancel tax-card",
        "send on siri-residence",
        "send on tax-card",
        "set aside siri-residence",
        "put back siri-residence",
        "start siri-residence",
    },
    "serving": {
        *ALL,
        "cancel tax-card",
        "put back siri-residence",
        "send on siri-residence",
        "send on tax-card",
        "finish siri-residence",
        "finish, papers missing siri-residence",
        "refuse siri-residence",
    },
    "sent-on": {*ALL, "cancel mitid", "cancel tax-card", "set aside tax-card"},
    "one-served": {*ALL, "cancel tax-card", "send on tax-card", "set aside tax-card"},
    "back-with-papers": {*LINE, "set aside tax-card"},
}


def undo_offered(browser: Client, deed: tuple[str, dict[str, str]]) -> str:
    """Do it; the address with which the next page offers to undo it, or nothing."""
    page = browser.post(deed[0], deed[1], follow=True)
    return next((undo_of(message) for message in page.context["messages"] if undo_of(message)), "")


@pytest.mark.parametrize("state", STATES)
def test_what_a_page_offers_to_undo_is_undone_exactly(house: House, walker: Actor, settings: LazySettings, state: str) -> None:
    """Words that a clerk wrote about a refusal stay, as a note: they are shown on the pages, and the deed is undone all the same."""
    journey = party(house, name="Ana Silva", services=("siri-residence", "tax-card"))
    party(house, name="Bo Chen", services=("siri-residence",))
    take_ticket(actor=walker, house=house, errands=Errands(["siri-residence"]))
    at(settings, 9, 30)
    STATES[state](walker, journey)
    browser, offered = both_at_work(), set()
    later = dt.datetime(2026, 12, 8, 8, 40, 30, tzinfo=dt.UTC)
    at_instant(settings, later)
    pages = "".join(browser.get(page).content.decode() for page in ("/board/aalborg/", SIRI, f"/journeys/{journey.reference}/"))
    before = day_in_words(browser, house, journey)
    for name, deed in _deeds(journey).items():
        if deed[0].partition("?")[0] not in pages or (name == "give package" and state != "expected"):
            continue
        with transaction.atomic():
            at(settings, 9, 40)
            undo = undo_offered(browser, deed)
            if undo:
                offered.add(name)
                page = browser.post(undo, follow=True)
                assert [message.level_tag for message in page.context["messages"]] == ["success"], name
                at_instant(settings, later)
                kept = len(before) - name.startswith("refuse")
                assert (name, day_in_words(browser, house, journey)[:kept]) == (name, before[:kept])
                same(house)
            transaction.set_rollback(True)
    assert offered == OFFERED[state]
