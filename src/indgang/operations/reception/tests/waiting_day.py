"""A house with a single place, and people who wait for it, for the tests of the waiting list."""

from __future__ import annotations

import datetime as dt
import re
from itertools import count

from django.conf import LazySettings

from indgang.foundation.database import clock
from indgang.foundation.identifiers.keys import new_key
from indgang.foundation.mail.models import Letter
from indgang.foundation.places.models import House
from indgang.operations.reception.actions.waiting import confirm_entry, join_waiting_list
from indgang.operations.reception.contacts import Contact
from indgang.operations.reception.models import Appointment, Hours, Journey, WaitingEntry, WaitingOffer
from indgang.operations.reception.models.waiting import Answer
from indgang.operations.reception.queries.plans import PlanRequest
from indgang.operations.reception.rules.journeys import Traveller
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.staff_day import at_instant

DAY = dt.date(2026, 12, 15)  # a Tuesday
_numbers = count(1)


def house_open(minutes: int) -> House:
    """The small house, open on Tuesdays only and for so many minutes: 15 are one tax card for one person."""
    house = factories.small_house()
    Hours.objects.all().delete()
    Hours.objects.create(house=house, weekday=1, opens=dt.time(9), closes=dt.time(9 + minutes // 60, minutes % 60))
    return house


def wish(house: House, *, adults: int = 1, stay: int = 2, first: dt.date = DAY, last: dt.date = DAY) -> PlanRequest:
    """People from Poland who come to work: for two months they need a tax card only, for longer all four steps."""
    people = [Traveller("POL", False, "work")] * adults
    return PlanRequest(house, tuple(people), first, last, municipality="851", stay_months=stay, language="en")


def asked(request: PlanRequest, name: str = "", email: str = "", key: str = "") -> WaitingEntry:
    """Somebody has filled in the form."""
    number = next(_numbers)
    name = name or f"Waiting Person {_letters(number)}"
    companions = [f"{name} Companion {_letters(position)}" for position in range(1, len(request.travellers))]
    contact = Contact(name, email or f"waiting{number}@example.org", "", "en")
    return join_waiting_list(request=request, contact=contact, companions=companions, consent=True, request_key=key or new_key())


def _letters(number: int) -> str:
    return "".join(chr(ord("A") + int(digit)) for digit in str(number))


def waits(request: PlanRequest, **who: str) -> WaitingEntry:
    """Somebody has confirmed the address."""
    return confirm_entry(entry=asked(request, **who))


def booked(house: House, **more: int) -> Journey:
    """Somebody has the place."""
    return factories.book(house, on=DAY, days=0, stay_months=2, **more).journey


def open_offers() -> list[WaitingOffer]:
    """Everything that is offered now."""
    return list(WaitingOffer.objects.filter(answer=Answer.OPEN).order_by("made_at"))


def offered_to() -> list[WaitingEntry]:
    """Who is offered something now."""
    return [offer.entry for offer in open_offers()]


def later(settings: LazySettings, minutes: float) -> None:
    """So much time passes."""
    at_instant(settings, clock.now() + dt.timedelta(minutes=minutes))


def link_in(letter: Letter) -> str:
    """Path and key of the letter's link to the waiting list."""
    found = re.search(r"https?://[^/\s]+(/waiting/\S+\?key=\S+)", letter.text)
    assert found, letter.text
    return found[1]


def letters_to(entry: WaitingEntry, kind: str) -> list[Letter]:
    """Letters of one kind, the oldest first."""
    return list(Letter.objects.filter(to=entry.email, key__startswith=f"waiting-{kind}:").order_by("created_at"))


def taken_places() -> int:
    """Appointments that stand, held or booked."""
    return Appointment.objects.filter(freed_at=None).count()
