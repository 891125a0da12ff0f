"""Handing letters to the mail server: retried while nothing was handed over, and never twice.

The order matters. Under a lock on the row: connect, say who writes and to whom; all that may fail and be tried again. Then commit
"handing-over", hand over the text, and commit what the server said. A program that dies in between leaves "handing-over" behind, which
nothing sends again.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import enum
import logging
import smtplib
import uuid

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_noop

from indgang.foundation.database import clock
from indgang.foundation.identity.models import User
from indgang.foundation.mail import server as mail_server
from indgang.foundation.mail.messages import ascii_address, message_of, sender
from indgang.foundation.mail.models import Letter, State

WAITS = [dt.timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720, 720, 720)]  # two days in all
UNCERTAIN_AFTER = dt.timedelta(minutes=10)
BLOT = "[…]"
log = logging.getLogger(__name__)


class Outcome(enum.Enum):
    """What came of trying to send a letter."""

    SENT = enum.auto()
    PUT_OFF = enum.auto()
    UNREACHABLE = enum.auto()
    REFUSED = enum.auto()
    UNCERTAIN = enum.auto()
    WITHDRAWN = enum.auto()
    NOTHING = enum.auto()  # somebody else has it, it is not due, or there is no server to send it


class _Refused(Exception):
    """The server says no, for good."""


class _PutOff(Exception):
    """The server says not now."""


def demo_exists() -> bool:
    """Whether this is a demonstration: the embedded database, with made-up users."""
    return settings.EMBEDDED and User.objects.filter(is_demo=True).exists()


def can_send() -> bool:
    """Whether a mail server is named."""
    return bool(settings.SMTP_URL)


def send_letter(letter_id: uuid.UUID | str) -> Outcome:
    """Send one letter if it is waiting and due. Must not be called inside a transaction: its commits are what makes "never twice" true."""
    with transaction.atomic(durable=True):
        due = Letter.objects.select_for_update(skip_locked=True, of=("self",)).select_related("organisation")
        letter = due.filter(id=letter_id, state=State.WAITING, not_before__lte=clock.now()).first()
        if letter is None:
            return Outcome.NOTHING
        prepared = _prepare(letter)
    if isinstance(prepared, Outcome):
        return prepared
    client, message = prepared
    return _hand_over(letter, client, message)


def _prepare(letter: Letter) -> Outcome | tuple[smtplib.SMTP, bytes]:
    """Everything that may fail without harm, up to a server that has agreed to take this letter to this address."""
    if letter.not_after is not None and letter.not_after <= clock.now():
        withdraw(letter, gettext_noop("It was too late to send it."))
        return Outcome.WITHDRAWN
    if not can_send() and demo_exists():  # shown on a page instead
        letter.state, letter.sent_at = State.SENT, clock.now()
        letter.save(update_fields=["state", "sent_at"])
        return Outcome.SENT
    try:
        server = mail_server.server_at(settings.SMTP_URL)
    except mail_server.ServerAddressError:
        server = None  # the system check says what is wrong with it; until that is mended, letters wait
    if server is None:
        return Outcome.NOTHING
    letter.attempts += 1
    letter.save(update_fields=["attempts"])
    try:
        message = message_of(letter).as_bytes()
        client = server.connect()
        _announce(client, letter)
    except ValueError as error:
        return _refuse(letter, mail_server.reason(error))
    except mail_server.Unreachable as error:
        _put_off(letter, str(error))
        return Outcome.UNREACHABLE
    except _PutOff as error:
        return _put_off(letter, str(error))
    except _Refused as error:
        return _refuse(letter, str(error))
    letter.state, letter.handed_over_at = State.HANDING_OVER, clock.now()
    letter.save(update_fields=["state", "handed_over_at"])
    return client, message


def _announce(client: smtplib.SMTP, letter: Letter) -> None:
    """MAIL FROM and RCPT TO. Closes the connection if the server does not agree."""
    try:
        _judge(*client.mail(ascii_address(sender())))
        _judge(*client.rcpt(ascii_address(letter.to)))
    except (smtplib.SMTPException, OSError) as error:
        client.close()
        raise _PutOff(mail_server.reason(error)) from error
    except (_Refused, _PutOff):
        client.close()
        raise


def _judge(code: int, answer: bytes | str) -> None:
    """Raise unless the server's reply is a yes."""
    words = mail_server.reason(smtplib.SMTPResponseException(code, answer))
    if code >= 500:
        raise _Refused(words)
    if code not in (250, 251):
        raise _PutOff(words)


def _hand_over(letter: Letter, client: smtplib.SMTP, message: bytes) -> Outcome:
    """DATA, and what the server said to it. Only an answer makes this certain; silence does not."""
    try:
        _judge(*_give(client, message))
    except _Refused as error:
        return _refuse(letter, str(error))
    except _PutOff as error:
        return _put_off(letter, str(error))
    except (smtplib.SMTPException, OSError) as error:
        log.warning("letter %s: the connection broke while it was handed over", letter.id)
        _settle(letter, state=State.UNCERTAIN, last_error=mail_server.reason(error))
        return Outcome.UNCERTAIN
    else:
        _settle(letter, state=State.SENT, sent_at=clock.now(), last_error="", **_blotted(letter))
        with contextlib.suppress(smtplib.SMTPException, OSError):
            client.quit()
        return Outcome.SENT
    finally:
        client.close()


def _give(client: smtplib.SMTP, message: bytes) -> tuple[int, bytes | str]:
    """The server's reply to the text, or to the wish to send one."""
    if client.sock is not None:
        client.sock.settimeout(mail_server.ACCEPTING_SECONDS)
    try:
        return client.data(message)
    except smtplib.SMTPDataError as error:  # it did not want to hear the text
        return error.smtp_code, error.smtp_error


def _settle(letter: Letter, **values: object) -> None:
    """Write what came of this attempt, unless a later one has begun: a person may have pressed "Send again" meanwhile."""
    unsettled = [State.WAITING, State.HANDING_OVER, State.UNCERTAIN]
    Letter.objects.filter(id=letter.id, attempts=letter.attempts, state__in=unsettled).update(**values)


def _refuse(letter: Letter, why: str) -> Outcome:
    log.warning("letter %s was refused", letter.id)
    _settle(letter, state=State.REFUSED, last_error=why[:300])
    return Outcome.REFUSED


def _put_off(letter: Letter, why: str) -> Outcome:
    """Try again later, each time after a longer wait; after two days give up."""
    if letter.attempts > len(WAITS):
        return _refuse(letter, why)
    _settle(letter, state=State.WAITING, last_error=why[:300], not_before=clock.now() + WAITS[letter.attempts - 1])
    return Outcome.PUT_OFF


def withdraw(letter: Letter, why: str) -> None:
    """Never send it. The caller holds the row's lock."""
    Letter.objects.filter(id=letter.id).update(state=State.WITHDRAWN, last_error=why, **_blotted(letter))


def _blotted(letter: Letter) -> dict[str, object]:
    """What is kept of a letter without its links and codes: they open a journey, so they are kept no longer than they must be."""
    subject, text = letter.subject, letter.text
    for secret in sorted(letter.secrets, key=len, reverse=True):
        subject, text = subject.replace(secret, BLOT), text.replace(secret, BLOT)
    return {"subject": subject, "text": text, "secrets": []}


def send_due(limit: int = 500) -> int:
    """Send what waits and is due, oldest first: retries, and letters whose job was lost. Stops at a server that does not answer.

    Returns how many were sent.
    """
    due = Letter.objects.filter(state=State.WAITING, not_before__lte=clock.now()).order_by("not_before")
    sent = 0
    for letter_id in list(due.values_list("id", flat=True)[:limit]):
        outcome = send_letter(letter_id)
        sent += outcome is Outcome.SENT
        if outcome is Outcome.UNREACHABLE:
            break
    return sent


def mark_uncertain() -> int:
    """Letters that somebody began to hand over and never finished: nobody knows whether they were sent. Returns how many."""
    lost = Letter.objects.filter(state=State.HANDING_OVER, handed_over_at__lte=clock.now() - UNCERTAIN_AFTER)
    return lost.update(state=State.UNCERTAIN, last_error=gettext_noop("The program stopped while the e-mail was handed over."))
