"""What of accounts has been kept long enough. Privacy stands above this room: config/retention.py has it carried out."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, OuterRef, Q, QuerySet

from indgang.foundation.database import clock
from indgang.foundation.identity.models import FORGOTTEN, ApiToken, Membership, User

COLLEAGUES_KEPT = dt.timedelta(days=5 * 365)
REVOKED_TOKENS_KEPT = dt.timedelta(days=365)


def users_to_forget() -> QuerySet[User]:
    """Accounts of those who have not worked here for five years and are still known by name.

    Somebody works here as long as a membership runs and the account is open; a closed one was last used when they last logged in.
    """
    moment = clock.now() - COLLEAGUES_KEPT
    lately = Membership.objects.filter(Q(ended_at=None, user__is_active=True) | Q(ended_at__gte=moment), user=OuterRef("pk"))
    known = User.objects.filter(~Exists(lately), created_at__lt=moment).exclude(email__endswith=FORGOTTEN)
    return known.exclude(is_active=False, last_login__gte=moment)


def memberships_to_forget() -> QuerySet[Membership]:
    """Memberships that ended five years ago."""
    return Membership.objects.filter(ended_at__lt=clock.now() - COLLEAGUES_KEPT)


def tokens_to_forget() -> QuerySet[ApiToken]:
    """Tokens that were revoked a year ago."""
    return ApiToken.objects.filter(revoked_at__lt=clock.now() - REVOKED_TOKENS_KEPT)
