"""People at work, for tests of any room."""

from __future__ import annotations

from django.test import Client

from indgang.foundation.identity.login import set_up_one_time_codes
from indgang.foundation.identity.models import Membership, Organisation, User


def colleague(organisation: Organisation, *roles: str, email: str = "", second_factor: bool = True) -> User:
    """A user with those roles in the organisation, ready to work (with a second factor)."""
    user = User.objects.create_user(email or f"{'-'.join(roles) or 'nobody'}@{organisation.key}.example")
    for role in roles:
        Membership.objects.create(user=user, organisation=organisation, role=role)
    if second_factor:
        set_up_one_time_codes(user)
    return user


def logged_in(user: User) -> Client:
    """A browser in which the user has logged in."""
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client
