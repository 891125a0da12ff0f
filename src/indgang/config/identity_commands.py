"""`indgang user ...` and `indgang token ...`: accounts, roles, one-time codes and tokens."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.timezone import localtime

from indgang.config import accounts
from indgang.config.region_commands import prepare_database
from indgang.foundation.database.arguments import whole_number
from indgang.foundation.database.console import notice, say, say_json
from indgang.foundation.identity import queries
from indgang.foundation.identity.models import Role


def add_commands(commands: Any) -> None:
    """`indgang user create | list | end-role | reset-codes | close | reopen`, `indgang token create | list | revoke`."""
    user = commands.add_parser("user", help="accounts of people who work here").add_subparsers(metavar="ACTION", required=True)
    create = _about(user, "create", "make an account, or give one that exists another role", run_user_create)
    _add_role(create)
    create.add_argument("--name", default="", help="as colleagues will see it")
    create.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
    _add_role(_about(user, "end-role", "take a role away, from now on", run_end_role))
    _about(user, "reset-codes", "take away one-time and recovery codes, such as those of a lost telephone", run_reset_codes)
    _about(user, "close", "somebody left: end the account, its roles and its tokens at once", run_close)
    _about(user, "reopen", "open a closed account again, without roles", run_reopen)
    listed = user.add_parser("list", help="every account with its roles")
    listed.add_argument("--json", action="store_true", help="print one object")
    listed.set_defaults(run=run_user_list)

    token = commands.add_parser("token", help="tokens for the HTTP API").add_subparsers(metavar="ACTION", required=True)
    make = token.add_parser("create", help="print a new token")
    make.add_argument("--user", required=True, metavar="EMAIL")
    make.set_defaults(run=run_token_create)
    tokens = token.add_parser("list", help="the tokens that open something, by number")
    tokens.add_argument("--json", action="store_true", help="print one object")
    tokens.set_defaults(run=run_token_list)
    revoke = token.add_parser("revoke", help="end one token, or all of somebody's, at once")
    which = revoke.add_mutually_exclusive_group(required=True)
    which.add_argument("number", nargs="?", type=whole_number, metavar="NUMBER", help="from the list")
    which.add_argument("--user", metavar="EMAIL", help="all of this person's")
    revoke.set_defaults(run=run_token_revoke)


def _about(commands: Any, word: str, words: str, run: Any) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(word, help=words)
    parser.add_argument("email", metavar="EMAIL")
    parser.set_defaults(run=run)
    return parser


def _add_role(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--organisation", required=True, metavar="O", help="key of the organisation, such as siri")
    parser.add_argument("--role", required=True, metavar="R", help=", ".join(Role.values))


def run_user_create(options: argparse.Namespace) -> None:
    """Make the account unless it exists, and give it the role unless it has it."""
    prepare_database()
    password = sys.stdin.read().removesuffix("\n").removesuffix("\r") if options.password_stdin else None
    user, is_new, has_new_role = accounts.add_colleague(
        email=options.email, organisation=options.organisation, role=options.role, name=options.name, password=password
    )
    say(f"{'Created' if is_new else 'Found'} {user.email}")
    say(f"{'Now' if has_new_role else 'Already'} {options.role} in {options.organisation}")
    if not is_new and password is not None:
        notice("The account existed, so its password was left as it is.")
    if not user.has_usable_password():
        say(f"To choose a password, {user.email} asks for a link at {settings.BASE_URL}{reverse('account_reset_password')}")


def run_end_role(options: argparse.Namespace) -> None:
    """End the role and say which are left."""
    user = accounts.end_role(email=options.email, organisation=options.organisation, role=options.role)
    say(f"{user.email} is no longer {options.role} in {options.organisation}; now: {accounts.roles_in_words(user)}")


def run_reset_codes(options: argparse.Namespace) -> None:
    """Take the codes away and say what comes next."""
    user, had_codes = accounts.reset_codes(email=options.email)
    say(f"{user.email} {'has no codes any more' if had_codes else 'had no codes'} and sets up new ones at the next log-in")


def run_close(options: argparse.Namespace) -> None:
    """Close the account with everything that hangs on it."""
    say(f"Closed {accounts.close_account(email=options.email).email}; roles and tokens are ended")


def run_reopen(options: argparse.Namespace) -> None:
    """Open the account again."""
    say(f"Opened {accounts.reopen_account(email=options.email).email} again; give it a role with: indgang user create")


def run_user_list(options: argparse.Namespace) -> None:
    """One line per account; an object with --json."""
    listed = queries.accounts()
    if options.json:
        say_json({"users": [_account(one) for one in listed]})
        return
    for one in listed:
        roles = ", ".join(f"{role.role} in {role.organisation.key}" for role in one.roles) or "no role"
        states = [] if one.user.is_active else ["closed"]
        states += [] if one.has_codes else ["no codes yet"]
        say("  ".join([one.user.email, roles, *(f"({state})" for state in states)]))


def run_token_create(options: argparse.Namespace) -> None:
    """Print a new token, and nothing else on standard output."""
    prepare_database()
    token = accounts.issue_token(email=options.user)
    say(token)
    notice("This is shown once. Send it as: Authorization: Bearer TOKEN")


def run_token_list(options: argparse.Namespace) -> None:
    """One line per token that opens something; an object with --json."""
    tokens = list(queries.live_tokens())
    if options.json:
        rows = [
            {"number": one.pk, "user": one.user.email, "created": _instant(one.created_at), "last_used": _instant(one.last_used_at)}
            for one in tokens
        ]
        say_json({"tokens": rows})
        return
    for one in tokens:
        used = f"used {_day(one.last_used_at)}" if one.last_used_at else "never used"
        say(f"{one.pk}  {one.user.email}  made {_day(one.created_at)}  {used}")


def run_token_revoke(options: argparse.Namespace) -> None:
    """End one token or all of a user's."""
    if options.user is None:
        say(f"Revoked token {options.number} of {accounts.revoke_token(number=options.number).user.email}")
        return
    tokens = accounts.revoke_tokens_of(email=options.user)
    numbers = ", ".join(str(one.pk) for one in tokens)
    say(f"Revoked {numbers}" if tokens else "There was no token to revoke")


def _account(one: queries.Account) -> dict[str, Any]:
    return {
        "email": one.user.email,
        "name": one.user.name,
        "active": one.user.is_active,
        "one_time_codes": one.has_codes,
        "last_login": _instant(one.user.last_login),
        "roles": [{"organisation": role.organisation.key, "role": role.role} for role in one.roles],
    }


def _instant(moment: dt.datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None


def _day(moment: dt.datetime) -> dt.date:
    return localtime(moment).date()
