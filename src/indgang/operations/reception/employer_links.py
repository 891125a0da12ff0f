"""The link to a group that an employer books for. Its key is worked out from the group and stored nowhere; only letters carry it."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

from indgang.foundation.identifiers.keys import derived_key
from indgang.operations.reception.models import EmployerBooking


def group_key(booking: EmployerBooking) -> str:
    """What opens a group, and proves that somebody reads the contact's mail."""
    return derived_key("employer-booking", booking.pk)


def group_url(booking: EmployerBooking) -> str:
    """The link to a group, for letters to its contact."""
    return f"{settings.BASE_URL}{reverse('reception:employer-group', args=[booking.pk])}?key={group_key(booking)}"
