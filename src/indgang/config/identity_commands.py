"""`indgang user create` and `indgang token create`. Here because they join identity with the journal, which stands above it."""

from __future__ import annotations

import argparse
import sys
from difflib import get_close_matches
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from indgang.config.region_commands import prepare_database
from indgang.foundation.access import actors
from indgang.foundation.database.console import Refused, notice, say
from indgang.foundation.identity import actions
from indgang.foundation.identity.models import Organisation, Role, User
from indgang.foundation.identity.queries import user_by_email
from indgang.foundation.journal.actions import record
from indgang.foundation.journal.models import Circle


def add_commands(commands: Any) -> None:
    """`indgang user create`, `indgang token create`."""
    user = commands.add_parser("user", help="accounts of people who work here").add_subparsers(metavar="ACTION", required=True)
    create = user.add_parser("create", help="make an account, or give one that exists another role")
    create.add_argument("email", metavar="EMAIL")
    create.add_argument("--organisation", required=True, metavar="O", help="key of the organisation, such as siri")
    create.add_argument("--role", required=True, metavar="R", help=", ".join(Role.values))
    create.add_argument("--name", default="", help="as colleagues will see it")
    create.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
    create.set_defaults(run=run_user_create)
    token = commands.add_parser("token", help="tokens for the HTTP API").add_subparsers(metavar="ACTION", required=True)
    make = token.add_parser("create", help="print a new token")
    make.add_argument("--user", required=True, metavar="EMAIL")
    make.set_defaults(run=run_token_create)


def run_user_create(options: argparse.Namespace) -> None:
    """Make the account unless it exists, and give it the role unless it has it."""
    prepare_database()
    password = sys.stdin.read().removesuffix("\n").removesuffix("\r") if options.password_stdin else None
    user, is_new, has_new_role = add_colleague(
        email=options.email, organisation=options.organisation, role=options.role, name=options.name, password=password
    )
    say(f"{'Created' if is_new else 'Found'} {user.email}")
    say(f"{'Now' if has_new_role else 'Already'} {options.role} in {options.organisation}")
    if not is_new and password is not None:
        notice("The account existed, so its password was left as it is.")
    if not user.has_usable_password():
        say(f"To choose a password, {user.email} asks for a link at {settings.BASE_URL}{reverse('account_reset_password')}")


@transaction.atomic
def add_colleague(*, email: str, organisation: str, role: str, name: str = "", password: str | None = None) -> tuple[User, bool, bool]:
    """The user, whether the account is new, and whether the role is. Raises Refused naming what is wrong and what is valid."""
    employer = _organisation(organisation)
    if role not in Role.values:
        raise Refused(f"--role: “{role}” is no role; there are {', '.join(Role.values)}")
    found = user_by_email(email)
    try:
        user = found or actions.create_user(email=email, password=password, name=name)
    except ValidationError as error:
        named = {"email": f"EMAIL “{email}”", "password": "the password"}
        raise Refused(" ".join(f"{named[field]}: {' '.join(messages)}" for field, messages in error.message_dict.items())) from None
    membership, is_new = actions.grant_membership(user=user, organisation=employer, role=role)
    actor = _operator()
    if found is None:
        record(actor=actor, verb="user.created", subject=user, organisation=employer, circle=Circle.ORGANISATION)
    if is_new:
        after = {"role": role, "organisation": employer.key}
        circle = Circle.ORGANISATION
        record(actor=actor, verb="membership.granted", subject=membership, about=[user], organisation=employer, circle=circle, after=after)
    return user, found is None, is_new


def run_token_create(options: argparse.Namespace) -> None:
    """Print a new token, and nothing else on standard output."""
    prepare_database()
    token = issue_token(email=options.user)
    say(token)
    notice("This is shown once. Send it as: Authorization: Bearer TOKEN")


@transaction.atomic
def issue_token(*, email: str) -> str:
    """A token for the user with that address. Raises Refused if nobody active has it."""
    user = user_by_email(email)
    if user is None or not user.is_active:
        raise Refused(f"--user: nobody with the address “{email}” has an account; make one with: indgang user create")
    row, token = actions.create_token(user=user)
    record(actor=_operator(), verb="token.created", subject=row, about=[user], circle=Circle.ORGANISATION)
    return token


def _operator() -> actors.Actor:
    return actors.system(Organisation.objects.filter(is_operator=True).order_by("id").first())


def _organisation(key: str) -> Organisation:
    organisations = {one.key: one for one in Organisation.objects.order_by("key")}
    if key in organisations:
        return organisations[key]
    if not organisations:
        raise Refused(f"--organisation: there is no “{key}”, because no region is loaded; begin with: indgang region load north-denmark")
    near = get_close_matches(key, organisations, n=3)
    guess = f" Did you mean {' or '.join(near)}?" if near else ""
    raise Refused(f"--organisation: there is no “{key}”.{guess} There are {', '.join(organisations)}")
