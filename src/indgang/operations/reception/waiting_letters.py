"""The letters of the waiting list. Each is written in the transaction of the change it tells of, once."""

from __future__ import annotations

import datetime as dt
from typing import Any

from indgang.foundation.mail.actions import withdraw_letters
from indgang.foundation.mail.models import Letter
from indgang.operations.reception.models import WaitingEntry, WaitingOffer
from indgang.operations.reception.queries.itineraries import PlannedItinerary
from indgang.operations.reception.rules.waiting_list import UNANSWERED_AT_MOST
from indgang.operations.reception.waiting_links import entry_url, offer_url
from indgang.operations.reception.wording import LANGUAGES, greeted, rendered, write_from_house


def send_confirm(*, entry: WaitingEntry, attempt: int = 1) -> Letter:
    """The link that puts somebody on the list."""
    until = entry.created_at + dt.timedelta(days=1)
    return _write("waiting_confirm", f"waiting-confirm:{entry.pk}:{attempt}", entry, not_after=until)


def confirmations_sent(*, entry: WaitingEntry) -> int:
    """How often that letter was written."""
    return Letter.objects.filter(key__startswith=f"waiting-confirm:{entry.pk}:").count()


def send_offer(*, offer: WaitingOffer, way: PlannedItinerary) -> Letter:
    """A time is free: what it is, until when it is held, and the link to take it."""
    url = offer_url(offer)
    last = offer.entry.unanswered == UNANSWERED_AT_MOST - 1
    told = {"way": way, "offer": offer, "offer_url": url, "last": last, "secrets": [url]}
    return _write("waiting_offer", f"waiting-offer:{offer.pk}", offer.entry, not_after=offer.until, **told)


def send_resting(*, entry: WaitingEntry, offer: WaitingOffer) -> Letter:
    """Several offers were not answered: nothing more comes unless they say that they still wait."""
    return _write("waiting_resting", f"waiting-resting:{offer.pk}", entry)


def send_over(*, entry: WaitingEntry) -> Letter:
    """Their days have passed and no time was found."""
    return _write("waiting_over", f"waiting-over:{entry.pk}", entry)


def withdraw_offer(*, offer: WaitingOffer) -> None:
    """Take back the letter, if it still waits: what it offers cannot be had any more."""
    withdraw_letters(keys_beginning=f"waiting-offer:{offer.pk}")


def letter_language(entry: WaitingEntry) -> str:
    """The language to write in."""
    return entry.language if entry.language in LANGUAGES else "en"


def _write(name: str, key: str, entry: WaitingEntry, *, not_after: dt.datetime | None = None, **told: Any) -> Letter:
    house, language, url = entry.house, letter_language(entry), entry_url(entry)
    secrets = [url, *told.pop("secrets", [])]
    words = rendered(name, language, house=house, entry=entry, name=greeted(entry.name), entry_url=url, **told)
    return write_from_house(
        house,
        words,
        key=key,
        to=entry.email,
        language=language,
        not_after=not_after,
        secrets=secrets,
    )
