"""A real mail server on loopback that notes what it takes, and can be told to be difficult."""

from __future__ import annotations

import email
import email.policy
import socket
import time
from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Receiver:
    """Takes letters. `answers` are the replies to RCPT TO and to the text, used up in order; after that everything is accepted.

    `on_text` is called when the whole text has arrived and before the reply; it may be slow, or return a reply of its own.
    """

    def __init__(self) -> None:
        self.port = free_port()
        self.taken: list[Envelope] = []
        self.to_recipient: list[str] = []
        self.to_text: list[str] = []
        self.on_text: Callable[[], str | None] | None = None
        self.drop_after_text = False
        self._controller: Controller | None = None

    @property
    def url(self) -> str:
        """What INDGANG_SMTP_URL would be."""
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def messages(self) -> list[EmailMessage]:
        """What was taken, read again."""
        return [email.message_from_bytes(bytes(taken.content), policy=email.policy.default) for taken in self.taken]

    def start(self) -> None:
        """Listen."""
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    def stop(self) -> None:
        """Listen no longer."""
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[Any]
    ) -> str:
        """RCPT TO."""
        if self.to_recipient:
            return self.to_recipient.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """The whole text is here."""
        if self.to_text:
            return self.to_text.pop(0)
        self.taken.append(envelope)
        if self.drop_after_text:
            server.transport.abort()
        if self.on_text is not None:
            return self.on_text() or "250 Taken"
        return "250 Taken"


def wait_until(true: Callable[[], bool], seconds: float = 20) -> None:
    """Wait for another process or thread; fail when it never comes."""
    for _ in range(int(seconds * 50)):
        if true():
            return
        time.sleep(0.02)
    raise AssertionError("it never happened")
