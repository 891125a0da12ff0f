"""Reads: who is behind an address or a token."""

from __future__ import annotations

from indgang.foundation.identifiers.keys import digest
from indgang.foundation.identity.models import ApiToken, User


def user_by_email(email: str) -> User | None:
    """The user with that e-mail address, in any case."""
    return User.objects.filter(email__iexact=email.strip()).first()


def user_of_token(token: str) -> User | None:
    """The active user whose token this is, unless it was revoked."""
    found = ApiToken.objects.filter(digest=digest(token), revoked_at=None, user__is_active=True).select_related("user").first()
    return found.user if found else None
