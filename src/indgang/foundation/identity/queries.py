"""Reads: who is behind an address or a token, and who has which."""

from __future__ import annotations

from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.db.models import Prefetch, QuerySet

from indgang.foundation.identifiers.keys import digest
from indgang.foundation.identity.login import SECOND_FACTORS
from indgang.foundation.identity.models import FORGOTTEN, ApiToken, Membership, User


def user_by_email(email: str) -> User | None:
    """The user with that e-mail address, in any case."""
    return User.objects.filter(email__iexact=email.strip()).first()


def user_of_token(token: str) -> User | None:
    """The active user whose token this is, unless it was revoked."""
    found = ApiToken.objects.filter(digest=digest(token), revoked_at=None, user__is_active=True).select_related("user").first()
    return found.user if found else None


@dataclass(frozen=True)
class Account:
    """Somebody's account: the roles they hold now, and whether one-time codes are set up."""

    user: User
    roles: list[Membership]
    has_codes: bool


def accounts() -> list[Account]:
    """Every account of somebody who is still known, by address."""
    running = Membership.objects.filter(ended_at=None).select_related("organisation").order_by("organisation__key", "role")
    users = User.objects.exclude(email__endswith=FORGOTTEN).prefetch_related(Prefetch("memberships", running)).order_by("email")
    second_factors = Authenticator.objects.filter(type__in=SECOND_FACTORS)
    with_codes = set(second_factors.values_list("user_id", flat=True))
    return [Account(user, list(user.memberships.all()), user.pk in with_codes) for user in users]


def live_tokens() -> QuerySet[ApiToken]:
    """The tokens that were not revoked, the oldest first."""
    return ApiToken.objects.filter(revoked_at=None).select_related("user").order_by("id")
