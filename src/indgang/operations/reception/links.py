"""Keys in links and codes by e-mail: how somebody without an account opens their journey.

A key is made anew for every letter; only its hash is kept. `manage` keys open and change, `calendar` keys only read the calendar file.
"""

from __future__ import annotations

import datetime as dt
import hmac
from collections.abc import Mapping
from typing import Literal

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from indgang.foundation.database import clock
from indgang.foundation.identifiers.keys import digest, new_code, new_key
from indgang.operations.reception.errors import NotNow
from indgang.operations.reception.models import Code, Journey, LinkKey

Purpose = Literal["manage", "calendar"]
KEY_DAYS = 180
CODE_DAYS = 7
CODE_TRIES = 5
CODES_PER_HOUR = 5
UNCONFIRMED_HOURS = 24  # so long a booking from outside waits for its code


def new_link_key(*, journey: Journey, purpose: Purpose) -> str:
    """Make a key for a journey and keep its hash."""
    key = new_key()
    keep_link_keys(journey, {purpose: key})
    return key


def keep_link_keys(journey: Journey, keys: Mapping[Purpose, str]) -> None:
    """Keep the hashes of a journey's keys, by purpose. They may be kept again."""
    now = clock.now()
    expires = now + dt.timedelta(days=KEY_DAYS)
    rows = [LinkKey(journey=journey, purpose=name, digest=digest(key), created_at=now, expires_at=expires) for name, key in keys.items()]
    LinkKey.objects.bulk_create(rows, ignore_conflicts=True)


def manage_url(reference: str, key: str) -> str:
    """The address of "My arrival" with its key."""
    return f"{settings.BASE_URL}{reverse('reception:my-arrival', args=[reference])}?key={key}"


def new_manage_url(*, journey: Journey) -> str:
    """A new link to "My arrival"; each letter carries its own."""
    return manage_url(journey.reference, new_link_key(journey=journey, purpose="manage"))


def journey_opened_by(*, reference: str, key: str, purpose: Purpose) -> Journey | None:
    """The journey of that reference, if the key opens it. One look-up whether there is such a journey or not: trying teaches nothing."""
    purposes = ["manage", "calendar"] if purpose == "calendar" else ["manage"]
    keys = LinkKey.objects.filter(journey__reference=reference, purpose__in=purposes, digest=digest(key), expires_at__gt=clock.now())
    found = keys.select_related("journey__house__region", "journey__contact").first()
    return found.journey if found else None


def new_email_code(*, journey: Journey) -> str:
    """A new six-digit code for the contact's e-mail; it replaces the codes before it. Raises NotNow after five in an hour."""
    now = clock.now()
    before = Code.objects.filter(journey=journey)
    sent = list(before.values_list("created_at", flat=True))
    if sum(at > now - dt.timedelta(hours=1) for at in sent) >= CODES_PER_HOUR:
        raise NotNow(_("We have sent five codes within an hour. Look in your mail, also under spam, or try again in an hour."))
    if sent:
        before.filter(used_at=None, expires_at__gt=now).update(expires_at=now)
    code = new_code()
    Code.objects.create(journey=journey, digest=_code_digest(journey, code), created_at=now, expires_at=now + dt.timedelta(days=CODE_DAYS))
    return code


def _code_digest(journey: Journey, code: str) -> str:
    return digest(f"{journey.id}:{code}")


@transaction.atomic
def use_code(*, journey: Journey, code: str) -> bool:
    """Whether the code is the one sent last; a right one is used up. Raises NotNow when five wrong tries have ended it."""
    row = Code.objects.select_for_update().filter(journey=journey, used_at=None, expires_at__gt=clock.now()).order_by("-id").first()
    if row is None:
        return False
    if row.tries >= CODE_TRIES:
        raise NotNow(_("This code was tried too often, so it has ended. Ask for a new one."))
    right = hmac.compare_digest(row.digest, _code_digest(journey, "".join(filter(str.isdigit, code))))
    if right:
        row.used_at = clock.now()
    else:
        row.tries += 1
    row.save(update_fields=["used_at", "tries"])
    return right
