"""Sending on can be undone until the other desk calls."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.conf import LazySettings, settings
from django.test import Client

from indgang.foundation.access.actors import staff
from indgang.foundation.identity.models import Role
from indgang.foundation.places.models import House
from indgang.operations.reception.actions import changes, desk, floor, line
from indgang.operations.reception.models import Journey, Turn
from indgang.operations.reception.models.journey import Status
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.newcomer_day import text_of
from indgang.operations.reception.tests.staff_day import at, at_instant, clerk, party, said
from indgang.operations.reception.tests.test_from_journal import same
from indgang.operations.reception.tests.test_staff_line import TAX, states, step, take
from indgang.operations.reception.views.newcomer_session import OPENED

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(settings: LazySettings) -> House:
    at(settings, 9, 0)
    return factories.small_house()


def test_sending_on_can_be_undone_until_the_other_desk_calls(house: House) -> None:
    taken, tax = take(house), clerk("skattestyrelsen")
    tax.post(f"{TAX}next/")
    first = step(taken)
    tax.post(f"{TAX}start/{first.pk}/")
    page = tax.post(f"{TAX}send-on/{first.pk}/?back=desk", {"service": "siri-residence"}, follow=True)
    other = step(taken)
    undo = f"{TAX}send-on/{first.pk}/undo/{other.pk}/?back=desk"
    assert undo in page.content.decode().replace("&amp;", "&")
    page = tax.post(undo, follow=True)
    assert said(page) == ["Undone: Number 1, 1 person is at your desk again."]
    assert (page.context["name"], sorted(states(taken.ticket.journey))) == ("Number 1", ["serving"])
    assert not Turn.objects.exists()
    tax.post(f"{TAX}send-on/{first.pk}/?back=desk", {"service": "siri-residence"})
    clerk("siri").post("/desks/aalborg/siri-1/next/")
    page = tax.post(undo, follow=True)
    assert said(page)[-1] == "This can no longer be undone: they have been called for the other step, or one of the steps has changed."
    assert same(house).total.steps == 1


def test_a_booked_party_gets_its_time_back_when_sending_on_is_undone(house: House, settings: LazySettings) -> None:
    at(settings, 8, 0)
    journey = party(house, name="Ana Silva", services=("siri-residence",))
    floor.check_in_journey(actor=staff(factories.member(Role.FLOORWALKER, "ihnd")), journey=journey)
    booked = journey.visits.get()
    starts, siri = booked.appointment.starts, clerk("siri")
    siri.post(f"/desks/aalborg/siri-1/call/{booked.pk}/")
    siri.post(f"/desks/aalborg/siri-1/send-on/{booked.pk}/?back=desk", {"service": "tax-card"})
    other = journey.visits.get(service__key="tax-card")
    siri.post(f"/desks/aalborg/siri-1/send-on/{booked.pk}/undo/{other.pk}/?back=desk")
    again = journey.visits.get(pk=booked.pk)
    assert (again.status, again.appointment.starts, again.appointment.freed_at) == (Status.CALLED, starts, None)


def test_whoever_cancels_the_whole_visit_stands_in_no_line_any_more(house: House, settings: LazySettings) -> None:
    at(settings, 8, 0)
    journey = party(house, name="Ana Silva", services=("siri-residence", "mitid"))
    walker, siri = staff(factories.member(Role.FLOORWALKER, "ihnd")), clerk("siri")
    floor.check_in_journey(actor=walker, journey=journey)
    booked = journey.visits.get(service__key="siri-residence")
    siri.post(f"/desks/aalborg/siri-1/call/{booked.pk}/")
    siri.post(f"/desks/aalborg/siri-1/send-on/{booked.pk}/?back=desk", {"service": "tax-card"})
    assert journey.visits.get(service__key="tax-card").status == Status.WAITING
    changes.cancel_journey(actor=walker, journey=journey)
    assert set(journey.visits.values_list("status", flat=True)) == {Status.CANCELLED}
    same(house)


def opened(journey: Journey, language: str = "en") -> Any:
    """The party's own page, in a browser that has opened it."""
    client = Client(headers={"Accept-Language": language})
    session = client.session
    session[OPENED] = [journey.reference]
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key or ""
    return client.get(f"/arrival/{journey.reference}/")


def test_who_is_sent_on_after_booked_times_began_sees_the_place_in_line_and_no_old_time(house: House, settings: LazySettings) -> None:
    at(settings, 8, 0)
    journey = party(house, name="Ana Silva", services=("siri-residence", "mitid"))
    first, second = journey.visits.order_by("appointment__period")
    at_instant(settings, first.appointment.starts)
    floor.check_in_journey(actor=staff(factories.member(Role.FLOORWALKER, "ihnd")), journey=journey)
    page = text_of(opened(journey))
    assert "You wait for “EU residence document”, SIRI You are next." in page and "You wait for “MitID”" not in page
    siri = staff(factories.member(Role.CLERK, "siri"))
    visit = desk.call_next(actor=siri, desk=factories.desk("siri-1"))
    assert visit is not None
    desk.start_visit(actor=siri, visit=visit)
    take(house, "tax-card")
    at_instant(settings, second.appointment.starts + dt.timedelta(minutes=5))
    line.send_on(actor=siri, visit=visit, service=factories.service("tax-card"))

    page = text_of(opened(journey))
    for words in (
        "You are checked in. Wait until your number is called.",
        "You wait for “Tax card”, Skattestyrelsen You are next.",
        "You wait for “MitID”, Borgerservice You are next.",
        "We have sent you on to this instead of “EU residence document”. You keep your place in line.",
    ):
        assert words in page
    assert "9.00-9.20" not in page and "Next: 9.20" not in page
    assert "Vi har sendt dig videre til dette i stedet for" in text_of(opened(journey, "da"))
