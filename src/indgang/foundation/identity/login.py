"""How staff log in: accounts are made by the organisation, never by signing up, and nobody works without a second factor."""

from __future__ import annotations

import time
from typing import Any

from allauth.account import app_settings as account_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt, is_mfa_enabled
from django.http import HttpRequest
from django.utils.translation import gettext_noop

from indgang.foundation.identity.models import User

FIRST_SET_UP = 30 * 60  # seconds: an app must be found and installed first, and without codes there is nothing else to get at
SECOND_FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
OF_A_LOGIN = ("password", "mfa")  # a link to a new password opens no session, so it is none of these


class Adapter(DefaultAccountAdapter):
    """allauth's account adapter without sign-up, and with subjects as they are written. Who has just logged in is not asked again."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up: `indgang user create` or an administrator makes accounts."""
        return False

    def format_email_subject(self, subject: str) -> str:
        """No prefix: the operator's name stands in the sender."""
        return str(subject)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whether somebody must say again who they are before the protection of their account changes: not right after logging in."""
        return bool(super().is_reauthentication_required(app=app, **kwargs)) and not _has_just_logged_in(self.request)


# Sentences of allauth and Django that the catalogs of other languages say in the house's words.
SAID_OUR_WAY = (
    gettext_noop("Authenticator code"),
    gettext_noop("Be patient, you are sending too many requests."),
    gettext_noop("Email"),
    gettext_noop("Forgot your password?"),
    gettext_noop("The email address and/or password you specified are not correct."),
    gettext_noop("The password reset token was invalid."),
    gettext_noop("This field is required."),
    gettext_noop("Too many failed login attempts. Try again later."),
    gettext_noop("Use authenticator app or code"),
)


def _has_just_logged_in(request: HttpRequest) -> bool:
    """Whether this very session began a moment ago; whoever came in without a code has longer, to set the first ones up."""
    if not isinstance(request.user, User):
        return False
    records = get_authentication_records(request, request.user)
    login = {one["method"]: one["at"] for one in records if one["method"] in OF_A_LOGIN and not one.get("reauthenticated")}
    seconds = account_settings.REAUTHENTICATION_TIMEOUT if "mfa" in login else FIRST_SET_UP
    return bool(login) and time.time() - max(login.values()) < seconds


def has_second_factor(user: User) -> bool:
    """Whether somebody has set up one-time codes (or, later, a passkey). Recovery codes alone are none."""
    return bool(is_mfa_enabled(user, SECOND_FACTORS))


def set_up_one_time_codes(user: User) -> None:
    """Give somebody one-time codes without a telephone: for demo accounts and tests, whose codes `one_time_code` tells."""
    totp.TOTP.activate(user, totp.generate_totp_secret())


def one_time_code(user: User) -> str:
    """The code that somebody's app shows now, or "" without one. By the machine's own clock, which is what codes are checked against."""
    found = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    if found is None:
        return ""
    counter = int(time.time()) // app_settings.TOTP_PERIOD
    return totp.format_hotp_value(totp.hotp_value(decrypt(found.data["secret"]), counter))


def forget_one_time_codes(user: User) -> bool:
    """Take away somebody's codes and recovery codes, such as those of a lost telephone. Returns whether there were any."""
    deleted, _each = Authenticator.objects.filter(user=user).delete()
    return bool(deleted)
