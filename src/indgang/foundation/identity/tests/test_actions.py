"""Accounts, roles and tokens."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from indgang.foundation.database import clock
from indgang.foundation.identity import actions
from indgang.foundation.identity.models import ApiToken, Membership, Organisation, User
from indgang.foundation.identity.queries import user_by_email, user_of_token
from indgang.foundation.places.models import Region

pytestmark = pytest.mark.django_db


@pytest.fixture
def organisation() -> Organisation:
    region = Region.objects.create(key="region", title_da="Region")
    return Organisation.objects.create(region=region, key="siri", title_da="SIRI", kind="state")


def test_an_account_is_found_in_any_case() -> None:
    user = actions.create_user(email=" Anna@SIRI.example ", password="a long sentence")
    assert user.email == "anna@siri.example"
    assert user.check_password("a long sentence")
    assert user_by_email("ANNA@siri.example") == user


def test_without_a_password_nobody_can_log_in_yet() -> None:
    assert not actions.create_user(email="anna@siri.example").has_usable_password()


@pytest.mark.parametrize(
    ("email", "password", "field"),
    [
        ("anna", None, "email"),
        ("", None, "email"),
        ("taken@SIRI.example", None, "email"),
        ("anna@siri.example", "short", "password"),
        ("anna@siri.example", "password123456", "password"),
        ("anna@siri.example", "anna@siri.example", "password"),
    ],
)
def test_a_bad_address_or_password_makes_no_account(email: str, password: str | None, field: str) -> None:
    actions.create_user(email="taken@siri.example")
    with pytest.raises(ValidationError) as refusal:
        actions.create_user(email=email, password=password)
    assert list(refusal.value.message_dict) == [field]
    assert User.objects.count() == 1


def test_a_role_is_held_once_and_can_be_given_again_after_it_ended(organisation: Organisation) -> None:
    user = actions.create_user(email="anna@siri.example")
    first, is_new = actions.grant_membership(user=user, organisation=organisation, role="clerk")
    again, is_new_again = actions.grant_membership(user=user, organisation=organisation, role="clerk")
    assert (is_new, is_new_again, first) == (True, False, again)
    actions.end_membership(membership=first)
    later, is_new_later = actions.grant_membership(user=user, organisation=organisation, role="clerk")
    assert is_new_later
    assert later != first
    assert Membership.objects.count() == 2


def test_a_token_opens_until_it_is_revoked_or_its_user_leaves() -> None:
    user = actions.create_user(email="anna@siri.example")
    row, token = actions.create_token(user=user)
    other_row, other = actions.create_token(user=user)
    assert user_of_token(token) == user_of_token(other) == user
    assert user_of_token(token + "x") is None
    assert user_of_token("") is None
    actions.revoke_token(token=row)
    assert (user_of_token(token), user_of_token(other)) == (None, user)
    user.is_active = False
    user.save()
    assert user_of_token(other) is None
    assert other_row.revoked_at is None


def test_a_token_stands_nowhere_in_the_database() -> None:
    _row, token = actions.create_token(user=actions.create_user(email="anna@siri.example"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT identity_apitoken::text FROM identity_apitoken")
        assert token not in str(cursor.fetchall())


def test_use_of_a_token_is_noted_once_an_hour() -> None:
    row, token = actions.create_token(user=actions.create_user(email="anna@siri.example"))
    actions.note_token_use(token=token)
    row.refresh_from_db()
    noted = row.last_used_at
    assert noted is not None
    actions.note_token_use(token=token)
    row.refresh_from_db()
    assert row.last_used_at == noted
    ApiToken.objects.update(last_used_at=clock.now() - dt.timedelta(hours=2))
    actions.note_token_use(token=token)
    row.refresh_from_db()
    assert row.last_used_at is not None
    assert row.last_used_at >= noted
