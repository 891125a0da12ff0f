"""The mail of everybody who writes to the house or hears from it: a small SMTP server on loopback."""

from __future__ import annotations

import email
import email.policy
import re
import socketserver
import threading
import time
from collections import defaultdict

PATIENCE = 60
CODE = r"Your code is (\d{6})"


class _Receiver(socketserver.StreamRequestHandler):
    """One connection: whatever comes is taken."""

    server: _Server

    def handle(self) -> None:
        self._say("220 postbox")
        to = ""
        while line := self.rfile.readline().decode(errors="replace").strip():
            word = line[:4].upper()
            if word == "RCPT":
                to = line.partition("<")[2].partition(">")[0]
            if word == "DATA":
                self._say("354 go on")
                self.server.postbox.put(to, self._text())
            self._say("221 bye" if word == "QUIT" else "250 ok")
            if word == "QUIT":
                return

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())

    def _text(self) -> str:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        body = email.message_from_bytes(b"".join(lines), policy=email.policy.default).get_body(("plain",))
        return str(body.get_content()) if body else ""


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    postbox: Postbox


class Postbox:
    """Everybody's letters, oldest first."""

    def __init__(self) -> None:
        self._letters: dict[str, list[str]] = defaultdict(list)
        self._arrived = threading.Condition()
        self._server = _Server(("127.0.0.1", 0), _Receiver)
        self._server.postbox = self
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        """What INDGANG_SMTP_URL is."""
        return f"smtp://127.0.0.1:{self._server.server_address[1]}"

    def put(self, to: str, text: str) -> None:
        """A letter has come."""
        with self._arrived:
            self._letters[to].append(text)
            self._arrived.notify_all()

    def found(self, to: str, pattern: str, *, seconds: float = PATIENCE) -> str:
        """The first group of the pattern in the newest of somebody's letters that has it. Raises TimeoutError when none comes."""
        until = time.monotonic() + seconds
        with self._arrived:
            while True:
                for text in reversed(self._letters[to]):
                    if found := re.search(pattern, text):
                        return found[1]
                if not self._arrived.wait(max(until - time.monotonic(), 0)):
                    raise TimeoutError(f"no letter to {to} has {pattern!r}; there are: {[text[:300] for text in self._letters[to]]}")

    def close(self) -> None:
        """Take no more."""
        self._server.shutdown()
        self._server.server_close()
