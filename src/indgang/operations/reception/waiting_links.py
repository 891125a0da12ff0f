"""Keys of the waiting list's links. They are worked out from what they open and stored nowhere; only letters carry them."""

from __future__ import annotations

import hmac

from django.conf import settings
from django.urls import reverse

from indgang.foundation.identifiers.keys import derived_key
from indgang.operations.reception.models import WaitingEntry, WaitingOffer


def entry_key(entry: WaitingEntry) -> str:
    """What opens an entry, and proves that somebody reads its mail."""
    return derived_key("waiting", entry.pk)


def offer_key(offer: WaitingOffer) -> str:
    """What takes one offer."""
    return derived_key("waiting-offer", offer.pk)


def opens(expected: str, shown: str) -> bool:
    """Whether the key that was shown is the right one."""
    return hmac.compare_digest(expected.encode(), shown.encode(errors="replace"))


def entry_url(entry: WaitingEntry) -> str:
    """The link to an entry, for letters."""
    return f"{settings.BASE_URL}{reverse('reception:waiting', args=[entry.pk])}?key={entry_key(entry)}"


def offer_url(offer: WaitingOffer) -> str:
    """The link to an offer, for letters."""
    return f"{settings.BASE_URL}{offer_path(offer)}"


def offer_path(offer: WaitingOffer) -> str:
    """The same without the house's address, for a page that was opened with the entry's key."""
    return f"{reverse('reception:waiting-offer', args=[offer.entry_id, offer.pk])}?key={offer_key(offer)}"
