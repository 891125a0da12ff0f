"""The mail server that letters are handed to: a plain SMTP client, made from one address.

smtp://user:password@mail.example.org:587?tls=starttls
smtps://mail.example.org:465
smtp://127.0.0.1:2525
"""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

from django.conf import settings

CONNECTING_SECONDS = 30
ACCEPTING_SECONDS = 300  # after the text; a client that hangs up early makes letters uncertain (RFC 5321, 4.5.3.2.6)
LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class ServerAddressError(ValueError):
    """The address of the mail server makes no sense; the message says why."""


class Unreachable(Exception):
    """The server did not get as far as hearing about a letter: no connection, no encryption, or it does not accept our password."""


@dataclass(frozen=True)
class MailServer:
    """Where letters go. `security` is "tls" (from the first byte), "starttls" or "none"."""

    host: str
    port: int
    security: str
    user: str = ""
    password: str = ""

    def connect(self) -> smtplib.SMTP:
        """A connection that is ready for a letter. Raises Unreachable, with the reason."""
        client: smtplib.SMTP | None = None
        try:
            client = self._open()
            client.ehlo_or_helo_if_needed()
            if self.security == "starttls":
                client.starttls(context=ssl.create_default_context())
                client.ehlo_or_helo_if_needed()
            if self.user:
                client.login(self.user, self.password)
        except (smtplib.SMTPException, OSError, ValueError) as error:  # ValueError: a password that cannot be sent
            if client is not None:
                client.close()
            raise Unreachable(reason(error)) from error
        return client

    def _open(self) -> smtplib.SMTP:
        name = urlsplit(settings.BASE_URL).hostname or "localhost"
        if self.security == "tls":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(self.host, self.port, local_hostname=name, timeout=CONNECTING_SECONDS, context=context)
        return smtplib.SMTP(self.host, self.port, local_hostname=name, timeout=CONNECTING_SECONDS)


def server_at(url: str) -> MailServer | None:
    """The server that an address names; None for an empty one. Raises ServerAddressError."""
    if not url:
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ServerAddressError("it is not an address such as smtp://user:password@mail.example.org:587?tls=starttls") from error
    security = "tls" if parts.scheme == "smtps" else dict(parse_qsl(parts.query)).get("tls", "none")
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ServerAddressError("it must begin with smtp:// or smtps:// and name a host")
    if security not in {"tls", "starttls", "none"}:
        raise ServerAddressError("the only choice behind the question mark is tls=starttls")
    if parts.password and security == "none" and parts.hostname not in LOOPBACK:
        raise ServerAddressError("it would send the password unencrypted; add ?tls=starttls or begin with smtps://")
    standard = {"tls": 465, "starttls": 587, "none": 25}[security]
    return MailServer(parts.hostname, port or standard, security, unquote(parts.username or ""), unquote(parts.password or ""))


def reason(error: Exception) -> str:
    """What went wrong, in one line that fits the outbox."""
    if isinstance(error, smtplib.SMTPResponseException):
        answer = error.smtp_error.decode(errors="replace") if isinstance(error.smtp_error, bytes) else str(error.smtp_error)
        return " ".join(f"{error.smtp_code} {answer}".split())[:300]
    return " ".join(f"{type(error).__name__}: {error}".split())[:300]
