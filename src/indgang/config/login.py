"""What logging in needs of the rooms above identity: letters go through the outbox, and secrets of one-time codes are encrypted."""

from __future__ import annotations

import base64
import datetime as dt
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.utils import translation

from indgang.foundation.database import clock
from indgang.foundation.identifiers.keys import digest
from indgang.foundation.identity import login
from indgang.foundation.mail.actions import write_letter
from indgang.foundation.vault import keys


class Adapter(login.Adapter):
    """allauth's account adapter, writing letters instead of sending mail from inside a request."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Put the letter in the outbox, in the reader's own language; the link in it is blotted out once it was sent."""
        link = context.get("password_reset_url", "")
        reader = context.get("user")
        with translation.override(reader.language if reader else translation.get_language()):
            message = self.render_mail(template_prefix, email, {"email": email, **context})
            language = translation.get_language()
        write_letter(
            key=f"login:{digest(f'{template_prefix} {email} {link or clock.now()}')}",
            to=email,
            language=language,
            subject=message.subject,
            text=message.body,
            secrets=[link],
            not_after=clock.now() + dt.timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT),
        )


class SecondFactor(DefaultMFAAdapter):
    """allauth's adapter for second factors: what could make a code is stored under the house's master key."""

    def encrypt(self, text: str) -> str:
        """On the way into the database."""
        return base64.b64encode(keys.encrypt(keys.master(), text.encode(), bound_to=b"second factor")).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """On the way out."""
        return keys.decrypt(keys.master(), base64.b64decode(encrypted_text), bound_to=b"second factor").decode()
