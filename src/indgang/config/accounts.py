"""Changes to accounts, roles, codes and tokens, each with its entry in the journal, which stands above identity.

All raise Refused naming what is wrong and what is valid.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model

from indgang.foundation.access import actors
from indgang.foundation.database.console import Refused
from indgang.foundation.identity import actions
from indgang.foundation.identity.login import forget_one_time_codes
from indgang.foundation.identity.models import ApiToken, Membership, Organisation, Role, User
from indgang.foundation.identity.queries import live_tokens, user_by_email
from indgang.foundation.journal.actions import record
from indgang.foundation.journal.models import Circle


@transaction.atomic
def add_colleague(*, email: str, organisation: str, role: str, name: str = "", password: str | None = None) -> tuple[User, bool, bool]:
    """The user, whether the account is new, and whether the role is."""
    employer = _organisation(organisation)
    _check_role(role)
    found = user_by_email(email)
    if found and not found.is_active:
        raise Refused(f"EMAIL “{email}”: this account is closed; first: indgang user reopen {found.email}")
    try:
        user = found or actions.create_user(email=email, password=password, name=name)
    except ValidationError as error:
        named = {"email": f"EMAIL “{email}”", "password": "the password"}
        raise Refused(" ".join(f"{named[field]}: {' '.join(messages)}" for field, messages in error.message_dict.items())) from None
    membership, is_new = actions.grant_membership(user=user, organisation=employer, role=role)
    if found is None:
        _note("user.created", user, organisation=employer)
    if is_new:
        _note("membership.granted", membership, about=[user], organisation=employer, after={"role": role, "organisation": employer.key})
    return user, found is None, is_new


@transaction.atomic
def end_role(*, email: str, organisation: str, role: str) -> User:
    """The user, who does not hold that role any more."""
    employer = _organisation(organisation)
    _check_role(role)
    user = account(email)
    membership = Membership.objects.filter(user=user, organisation=employer, role=role, ended_at=None).first()
    if membership is None:
        raise Refused(f"{user.email} is not {role} in {employer.key}; now: {roles_in_words(user)}")
    _end(membership)
    return user


@transaction.atomic
def reset_codes(*, email: str) -> tuple[User, bool]:
    """The user, who sets up new one-time codes at the next log-in, and whether there were any."""
    user = account(email)
    had_codes = forget_one_time_codes(user)
    if had_codes:
        _note("user.codes-reset", user)
    return user, had_codes


@transaction.atomic
def close_account(*, email: str) -> User:
    """The user, whose account, roles and tokens are ended at once."""
    user = account(email)
    if not user.is_active:
        raise Refused(f"EMAIL “{email}”: this account is closed already")
    for membership in Membership.objects.filter(user=user, ended_at=None).order_by("id"):
        _end(membership)
    for token in live_tokens().filter(user=user):
        _revoke(token)
    actions.close_user(user=user)
    _note("user.closed", user)
    return user


@transaction.atomic
def reopen_account(*, email: str) -> User:
    """The user, whose account works again, without roles and tokens."""
    user = account(email)
    if user.is_active:
        raise Refused(f"EMAIL “{email}”: this account is not closed")
    actions.reopen_user(user=user)
    _note("user.reopened", user)
    return user


@transaction.atomic
def issue_token(*, email: str) -> str:
    """A token for the active user with that address."""
    user = user_by_email(email)
    if user is None or not user.is_active:
        raise Refused(f"--user: nobody with the address “{email}” has an account; make one with: indgang user create")
    row, token = actions.create_token(user=user)
    _note("token.created", row, about=[user])
    return token


@transaction.atomic
def revoke_token(*, number: int) -> ApiToken:
    """The token with that number of the list, which opens nothing any more."""
    token = live_tokens().filter(pk=number).first()
    if token is None:
        raise Refused(f"NUMBER {number}: there is no such token; see: indgang token list")
    _revoke(token)
    return token


@transaction.atomic
def revoke_tokens_of(*, email: str) -> list[ApiToken]:
    """All tokens of a user, which open nothing any more."""
    tokens = list(live_tokens().filter(user=account(email, option="--user")))
    for token in tokens:
        _revoke(token)
    return tokens


def account(email: str, option: str = "EMAIL") -> User:
    """The user with that address, in any case."""
    user = user_by_email(email)
    if user is None:
        raise Refused(f"{option} “{email}”: nobody has an account with this address; see: indgang user list")
    return user


def roles_in_words(user: User) -> str:
    """Such as "clerk in siri, leader in ihnd"."""
    running = Membership.objects.filter(user=user, ended_at=None).order_by("organisation__key", "role")
    return ", ".join(f"{role} in {key}" for role, key in running.values_list("role", "organisation__key")) or "no role"


def _end(membership: Membership) -> None:
    actions.end_membership(membership=membership)
    before = {"role": membership.role, "organisation": membership.organisation.key}
    _note("membership.ended", membership, about=[membership.user], organisation=membership.organisation, before=before)


def _revoke(token: ApiToken) -> None:
    actions.revoke_token(token=token)
    _note("token.revoked", token, about=[token.user])


def _note(verb: str, subject: Model, about: Sequence[Model] = (), organisation: Organisation | None = None, **facts: Any) -> None:
    actor = actors.system(Organisation.objects.filter(is_operator=True).order_by("id").first())
    record(actor=actor, verb=verb, subject=subject, about=about, organisation=organisation, circle=Circle.ORGANISATION, **facts)


def _check_role(role: str) -> None:
    if role not in Role.values:
        raise Refused(f"--role: “{role}” is no role; there are {', '.join(Role.values)}")


def _organisation(key: str) -> Organisation:
    organisations = {one.key: one for one in Organisation.objects.order_by("key")}
    if key in organisations:
        return organisations[key]
    if not organisations:
        raise Refused(f"--organisation: there is no “{key}”, because no region is loaded; begin with: indgang region load north-denmark")
    near = get_close_matches(key, organisations, n=3)
    guess = f" Did you mean {' or '.join(near)}?" if near else ""
    raise Refused(f"--organisation: there is no “{key}”.{guess} There are {', '.join(organisations)}")
