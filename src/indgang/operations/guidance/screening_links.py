"""The link to a request for a screening visit. Its key is worked out from the request and stored nowhere; only letters carry it."""

from __future__ import annotations

import hmac

from django.conf import settings
from django.urls import reverse

from indgang.foundation.identifiers.keys import derived_key
from indgang.operations.guidance.models import Screening

KEY_LENGTH = 100


def request_key(screening: Screening) -> str:
    """What opens a request, and proves that somebody reads the contact's mail."""
    return derived_key("screening-request", screening.reference)


def opens_request(screening: Screening, key: str) -> bool:
    """Whether this is its key."""
    return hmac.compare_digest(request_key(screening).encode(), key[:KEY_LENGTH].encode())


def request_url(screening: Screening) -> str:
    """The link to a request, for letters to whoever asked."""
    return f"{settings.BASE_URL}{reverse('guidance:screening-asked', args=[screening.reference])}?key={request_key(screening)}"
