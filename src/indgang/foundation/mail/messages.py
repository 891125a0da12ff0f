"""A letter as an e-mail message: text for people, and a calendar part that Outlook, Gmail and Apple Mail all understand."""

from __future__ import annotations

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import urlsplit

from django.conf import settings

from indgang.foundation.database import clock
from indgang.foundation.mail.models import Letter

FILE_NAMES = {"CANCEL": "cancelled.ics"}


def sender() -> str:
    """The address letters come from: `INDGANG_MAIL_FROM`, or no-reply at this site."""
    return settings.MAIL_FROM or f"no-reply@{urlsplit(settings.BASE_URL).hostname or 'localhost'}"


def ascii_address(address: str) -> str:
    """An address as mail servers write it: the part after the @ in its international form (IDNA)."""
    name, _, host = address.rpartition("@")
    return f"{name}@{host.encode('idna').decode()}"


def one_line(text: str) -> str:
    """Text that can stand in a header: no line breaks and no control characters, whatever somebody typed."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def message_of(letter: Letter) -> EmailMessage:
    """The message, with a Message-ID that follows from the letter, so that a second copy could be recognised as one.

    With a calendar: mixed[alternative[text, text/calendar; method=...], invite.ics], the shape calendar programs agree on (RFC 6047): Gmail
    and Outlook read the alternative, Apple Mail and everything else the attachment.
    """
    message = EmailMessage(policy=SMTP)
    name = one_line(letter.organisation.title_in(letter.language)) if letter.organisation else ""
    message["From"] = Address(display_name=name, addr_spec=ascii_address(sender()))
    message["To"] = Address(addr_spec=ascii_address(letter.to))
    if letter.reply_to:
        message["Reply-To"] = Address(display_name=name, addr_spec=ascii_address(letter.reply_to))
    message["Subject"] = one_line(letter.subject)
    message["Date"] = clock.now()
    message["Message-ID"] = f"<{letter.id}@{ascii_address(sender()).rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text, charset="utf-8", cte="quoted-printable")
    message["Content-Language"] = letter.language
    if letter.calendar:
        method = letter.calendar_method or "PUBLISH"
        message.add_alternative(letter.calendar, subtype="calendar", charset="utf-8", cte="base64", params={"method": method})
        name = FILE_NAMES.get(method, "invite.ics")
        message.add_attachment(letter.calendar.encode(), "application", "ics", cte="base64", filename=name, params={"name": name})
    return message
