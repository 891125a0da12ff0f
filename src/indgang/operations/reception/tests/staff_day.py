"""A Tuesday in the small house, for the tests of the staff's pages."""

from __future__ import annotations

import datetime as dt
import time
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import LazySettings
from django.test import Client

from indgang.foundation.access.actors import Actor
from indgang.foundation.identity.models import Role, User
from indgang.foundation.places.models import House
from indgang.operations.reception.actions.changes import move_journey
from indgang.operations.reception.models import Journey
from indgang.operations.reception.queries.overruns import rest_planned_anew
from indgang.operations.reception.tests import factories

DATE = dt.date(2026, 12, 8)


def at(settings: LazySettings, hour: int, minute: int = 0) -> None:
    """Set the clock to that local time on the day."""
    at_instant(settings, dt.datetime(2026, 12, 8, hour, minute, tzinfo=dt.timezone(dt.timedelta(hours=1))))


def at_instant(settings: LazySettings, moment: dt.datetime) -> None:
    """Set the clock."""
    settings.CLOCK_STARTS_AT, settings.CLOCK_SINCE = moment, time.time()


def logged_in(user: User, language: str = "en") -> Client:
    """A browser of somebody at work, second factor and all."""
    Authenticator.objects.get_or_create(user=user, type=Authenticator.Type.TOTP, defaults={"data": {"secret": "JBSWY3DPEHPK3PXP"}})
    client = Client(headers={"Accept-Language": language})
    client.force_login(user)
    return client


def floorwalker() -> Client:
    """The host's floorwalker, logged in."""
    return logged_in(factories.member(Role.FLOORWALKER, "ihnd"))


def clerk(of: str = "siri") -> Client:
    """A clerk of an authority, logged in."""
    return logged_in(factories.member(Role.CLERK, of))


def party(house: House, **wish: Any) -> Journey:
    """A party booked for the day."""
    return factories.book(house, on=DATE, days=0, **wish).journey


def move_the_rest(*, actor: Actor, journey: Journey) -> None:
    """The rest of the visit goes to the first free times."""
    plan = rest_planned_anew(journey)
    assert plan is not None
    move_journey(actor=actor, journey=journey, offer=plan.itineraries[0].offer)


def move_the_rest_on(page: Client, journey: Journey) -> Any:
    """The same on the page: the first of the times it shows."""
    address = f"/journeys/{journey.reference}/move-the-rest/"
    return page.post(address, {"offer": page.get(address).context["proposals"][0].itinerary.offer}, follow=True)


def said(response: Any) -> list[str]:
    """The messages on a page."""
    return [str(message) for message in response.context["messages"]]
