"""Changes to users, memberships and tokens.

The journal stands above this room: whoever calls these writes the entry (config/accounts.py, the demo).
"""

from __future__ import annotations

import datetime as dt

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q

from indgang.foundation.database import clock
from indgang.foundation.identifiers.keys import digest, new_key
from indgang.foundation.identity.models import FORGOTTEN, ApiToken, Membership, Organisation, Role, User
from indgang.foundation.identity.queries import user_by_email

TOKEN_PREFIX = "indgang_"  # so that people and secret scanners know one when they see it
USE_IS_NOTED_EVERY = dt.timedelta(hours=1)


@transaction.atomic
def create_user(*, email: str, password: str | None = None, name: str = "", language: str = "da", is_demo: bool = False) -> User:
    """A new account. Without a password it can be opened by the password-reset link only.

    Raises ValidationError (under `email` or `password`) for an address that is none or is taken, and for a weak password.
    """
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError as error:
        raise ValidationError({"email": error.messages}) from None
    if user_by_email(address):
        raise ValidationError({"email": "This address has an account already."})
    if password is not None:
        try:
            validate_password(password, User(email=address, name=name))
        except ValidationError as error:
            raise ValidationError({"password": error.messages}) from None
    return User.objects.create_user(address, password, name=name, language=language, is_demo=is_demo)


@transaction.atomic
def grant_membership(*, user: User, organisation: Organisation, role: str) -> tuple[Membership, bool]:
    """Give a role in an organisation. Returns the membership, and whether it is new; a running one is left as it is."""
    return Membership.objects.get_or_create(user=user, organisation=organisation, role=Role(role), ended_at=None)


@transaction.atomic
def end_membership(*, membership: Membership) -> None:
    """End a role from now on. It stays on record."""
    membership.ended_at = clock.now()
    membership.save(update_fields=["ended_at"])


@transaction.atomic
def close_user(*, user: User) -> None:
    """An account that opens nothing any more, neither by password nor in a session that is open now."""
    user.is_active = False
    user.save(update_fields=["is_active"])


@transaction.atomic
def reopen_user(*, user: User) -> None:
    """An account that was closed works again; roles and tokens do not come back with it."""
    user.is_active = True
    user.save(update_fields=["is_active"])


@transaction.atomic
def create_token(*, user: User) -> tuple[ApiToken, str]:
    """A token for the HTTP API: the record, and the token itself, which is stored nowhere and shown once."""
    token = f"{TOKEN_PREFIX}{new_key()}"
    return ApiToken.objects.create(user=user, digest=digest(token)), token


@transaction.atomic
def revoke_token(*, token: ApiToken) -> None:
    """A token that opens nothing any more."""
    token.revoked_at = clock.now()
    token.save(update_fields=["revoked_at"])


def note_token_use(*, token: str) -> None:
    """Remember that a token was used: at most once an hour, so that a busy script costs no write per request."""
    now = clock.now()
    stale = Q(last_used_at=None) | Q(last_used_at__lt=now - USE_IS_NOTED_EVERY)
    ApiToken.objects.filter(stale, digest=digest(token), revoked_at=None).update(last_used_at=now)


@transaction.atomic
def anonymise_user(*, user: User) -> None:
    """Forget who had an account: name, address, password, one-time codes and tokens go. Its number stays, because the journal names it."""
    Authenticator.objects.filter(user=user).delete()
    EmailAddress.objects.filter(user=user).delete()
    ApiToken.objects.filter(user=user).delete()
    user.memberships.filter(ended_at=None).update(ended_at=clock.now())
    user.email, user.name, user.language, user.shortcuts = f"{user.pk}{FORGOTTEN}", "", "da", True
    user.is_active, user.last_login = False, None
    user.set_unusable_password()
    user.save()
