"""What `indgang` says at the start when letters cannot leave."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from indgang.foundation.mail.server import ServerAddressError, server_at


def check_mail_server(**_options: Any) -> list[CheckMessage]:
    """Letters need a server and a sender; in a demonstration they need neither."""
    messages: list[CheckMessage] = []
    try:
        server = server_at(settings.SMTP_URL)
    except ServerAddressError as error:
        return [Error(f"INDGANG_SMTP_URL cannot be used: {error}.", id="mail.E001")]
    if settings.MAIL_FROM:
        try:
            validate_email(settings.MAIL_FROM)
        except ValidationError:
            messages.append(Error("INDGANG_MAIL_FROM must be an e-mail address.", id="mail.E002"))
    elif server is not None:
        messages.append(
            Warning(
                "INDGANG_MAIL_FROM is not set, so letters come from no-reply at this site.",
                hint="Set it to an address that the mail server accepts.",
                id="mail.W002",
            )
        )
    if server is None and not settings.EMBEDDED:
        messages.append(
            Warning(
                "INDGANG_SMTP_URL is not set: letters are kept in the outbox and nobody receives them.",
                hint="Set it to the address of a mail server, such as smtp://user:password@mail.example.org:587?tls=starttls",
                id="mail.W001",
            )
        )
    return messages
