"""Offers: an itinerary and the wish it answers, signed, so that it can be handed out without reserving anything.

An offer carries a party number drawn at random; the database lets a party be in one place at a time, so one offer can be booked once.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.utils.translation import gettext as _

from indgang.foundation.database import clock
from indgang.operations.reception.errors import OfferRefused

OFFER_MINUTES = 60
HOLD_MINUTES = 10
_SALT = "reception.offer"


@dataclass(frozen=True)
class OfferedStop:
    """A step at a desk, for the travellers at those positions, with the interpreter and the room it takes. Times are aware, UTC."""

    service: str
    desk: int
    starts: dt.datetime
    ends: dt.datetime
    travellers: tuple[int, ...]
    after: tuple[str, ...]
    interpreter: int | None = None
    room: int | None = None

    @property
    def resources(self) -> tuple[int, ...]:
        """The interpreter and the room, as far as it takes them."""
        return tuple(number for number in (self.interpreter, self.room) if number)


@dataclass(frozen=True)
class Offer:
    """An itinerary on offer. `wish` is the plan request as plain data, to find other times from."""

    house: str
    party: int
    stops: tuple[OfferedStop, ...]
    wish: dict[str, Any]

    @property
    def starts(self) -> dt.datetime:
        """When the first step begins."""
        return self.stops[0].starts

    @property
    def ends(self) -> dt.datetime:
        """When the last step ends."""
        return self.stops[-1].ends


def new_party() -> int:
    """A party number: 62 random bits."""
    return secrets.randbits(62)


def signed(offer: Offer) -> str:
    """The offer as an opaque string."""
    stops = [[*_plain(stop), *([stop.interpreter, stop.room] if stop.interpreter or stop.room else [])] for stop in offer.stops]
    value = {"i": int(clock.now().timestamp()), "h": offer.house, "p": offer.party, "s": stops, "w": offer.wish}
    return signing.dumps(value, salt=_SALT, compress=True)


def _plain(stop: OfferedStop) -> list[Any]:
    times = [int(stop.starts.timestamp()), int(stop.ends.timestamp())]
    return [stop.service, stop.desk, *times, list(stop.travellers), list(stop.after)]


def read_offer(text: str, *, age_minutes: int | None = OFFER_MINUTES) -> Offer:
    """The offer behind the string. Raises OfferRefused when it was tampered with or is older than it may be (None: any age)."""
    try:
        value = signing.loads(text, salt=_SALT)
    except (signing.BadSignature, ValueError):
        raise OfferRefused(_("This offer is not valid. Choose a time again.")) from None
    if age_minutes and clock.now().timestamp() - value["i"] > age_minutes * 60:
        raise OfferRefused(_("This offer has expired. Choose a time again; your answers are kept."))
    stops = tuple(
        OfferedStop(
            service,
            desk,
            dt.datetime.fromtimestamp(starts, dt.UTC),
            dt.datetime.fromtimestamp(ends, dt.UTC),
            tuple(people),
            tuple(after),
            *beside,
        )
        for service, desk, starts, ends, people, after, *beside in value["s"]
    )
    return Offer(value["h"], value["p"], stops, value["w"])


def offer_digest(text: str) -> str:
    """A short name for an offer."""
    return hashlib.sha256(text.encode()).hexdigest()
