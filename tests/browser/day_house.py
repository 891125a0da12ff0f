"""A house of its own for one day: a served Indgang with a real mail receiver, on a Tuesday morning at half past eight."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any, TypeVar

from icalendar import Calendar, Event

from indgang.foundation.database import postgres
from indgang.foundation.mail.tests.receiver import Receiver, free_port

INDGANG = Path(sys.executable).with_name("indgang")
MORNING = dt.datetime(2026, 12, 8, 8, 30, tzinfo=dt.timezone(dt.timedelta(hours=1)))
NOON = MORNING.replace(hour=12)
LEFT_OUT = {"DATABASE_URL", "PGOPTIONS", "PORT", "INDGANG_URL"}
PATIENCE = 120  # seconds until a condition must hold, however busy the machine is


Found = TypeVar("Found")


def until(found: Callable[[], Found]) -> Found:
    """What is looked for, as soon as it is there."""
    end = time.monotonic() + PATIENCE
    while not (value := found()):
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.05)
    return value


def clock_at(moment: dt.datetime) -> dict[str, str]:
    """The settings by which a house takes that moment for the present one."""
    return {"INDGANG_CLOCK": moment.isoformat(), "INDGANG_CLOCK_SINCE": str(time.time())}


@dataclass(frozen=True)
class Mail:
    """A mail as it arrived."""

    message: EmailMessage

    @property
    def text(self) -> str:
        """What stands in it."""
        body = self.message.get_body(("plain",))
        assert body is not None
        return str(body.get_content())

    @property
    def link(self) -> str:
        """The path that opens the visit, or chooses a password."""
        [link] = re.findall(r"http://\S+/(?:arrival|account/password)/\S+", self.text)
        return "/" + link.split("/", 3)[3]

    @property
    def code(self) -> str:
        """The six digits, "" where it has none."""
        found = re.search(r"\b\d{6}\b", re.sub(r"http\S+", "", self.text))
        return found[0] if found else ""

    @property
    def invitation(self) -> tuple[str, Event] | None:
        """The method and the one event of the calendar that came along; both places that state the method agree."""
        parts = [part for part in self.message.walk() if part.get_content_type() == "text/calendar"]
        if not parts:
            return None
        calendar = Calendar.from_ical(parts[0].get_content())
        [event] = calendar.walk("VEVENT")
        assert [zone["TZID"] for zone in calendar.walk("VTIMEZONE")] == ["Europe/Copenhagen"]
        assert parts[0].get_param("method") == calendar["METHOD"]
        return str(calendar["METHOD"]), event


class House:
    """The served house, its command line and its post."""

    def __init__(self, home: Path, receiver: Receiver, morning: dt.datetime = MORNING) -> None:
        self.home, self.receiver, self.port = home, receiver, free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.environment = {name: value for name, value in os.environ.items() if name not in LEFT_OUT} | {
            "INDGANG_HOME": str(home),
            **clock_at(morning),
            "INDGANG_SMTP_URL": receiver.url,
            "INDGANG_MAIL_FROM": "reception@ihnd.example",
            "INDGANG_URL": self.address,
        }
        self.process: subprocess.Popen[bytes] | None = None

    def run(self, *arguments: str, told: str | None = None) -> tuple[int, str]:
        """A command beside the running house: exit status and everything it said."""
        command = [INDGANG, *arguments]
        done = subprocess.run(command, env=self.environment, input=told, capture_output=True, text=True, timeout=PATIENCE)
        return done.returncode, done.stdout + done.stderr

    def serve(self) -> None:
        """Open the doors."""
        with (self.home / "serve.log").open("ab") as log:
            self.process = subprocess.Popen([INDGANG, "serve", "--port", str(self.port)], env=self.environment, stdout=log, stderr=log)
        until(self._answers)

    def _answers(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.said()
        try:
            with urllib.request.urlopen(self.address, timeout=PATIENCE):
                return True
        except OSError:
            return False

    def said(self) -> str:
        """What the server wrote to its log."""
        return (self.home / "serve.log").read_text()

    def close(self) -> int:
        """End it in good order; gives the exit status."""
        if self.process is None:
            return 0
        self.process.send_signal(signal.SIGTERM)
        status, self.process = self.process.wait(PATIENCE), None
        until(lambda: postgres.running(self.home / "postgres") is None)
        return status

    @contextmanager
    def at(self, moment: dt.datetime) -> Iterator[None]:
        """The same house, opened again at another hour, and afterwards at its own: nobody has to wait for a time to pass."""
        own = self.environment
        self.go_on_at(moment)
        try:
            yield
        finally:
            self._open_again(own)

    def go_on_at(self, moment: dt.datetime) -> None:
        """The same house, opened again at that moment: a night has passed."""
        self._open_again(self.environment | clock_at(moment))

    def _open_again(self, environment: dict[str, str]) -> None:
        assert self.close() == 0
        self.environment = environment
        self.serve()

    def ask(self, path: str, wish: dict[str, Any] | None = None) -> Any:
        """The HTTP API, as another program uses it."""
        body = None if wish is None else json.dumps(wish).encode()
        request = urllib.request.Request(f"{self.address}/api/v1/{path}", body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return json.load(answer)

    def book(self, name: str, email: str, language: str, *, days: int = 0, **wish: Any) -> str:
        """A booked party; gives its reference."""
        day = (MORNING.date() + dt.timedelta(days=days)).isoformat()
        asked = {"house": "aalborg", "municipality": "851", "stay_months": 24, "earliest": day, "latest": day, "language": language, **wish}
        offer = self.ask("journeys/plan", asked)["itineraries"][0]["offer"]
        contact = {"name": name, "email": email, "language": language}
        return str(self.ask("journeys", {"offer": offer, "contact": contact, "consent": True})["reference"])

    def mail(self, to: str, has: Callable[[Mail], object] = lambda mail: True) -> Mail:
        """The newest mail to somebody that has what is asked for, once it is there."""
        return until(lambda: next((mail for mail in reversed(self.mails(to)) if has(mail)), None))

    def mails(self, to: str) -> list[Mail]:
        """All that arrived for somebody, oldest first."""
        return [Mail(message) for message in self.receiver.messages if to in str(message["To"])]


@contextmanager
def opened_house(morning: dt.datetime = MORNING) -> Iterator[House]:
    """Prepared from nothing through the command line, served, and taken away."""
    home = Path(tempfile.mkdtemp(prefix="indgang-day-"))
    home.chmod(0o755)
    receiver = Receiver()
    receiver.start()
    house = House(home, receiver, morning)
    try:
        status, said = house.run("region", "load", "north-denmark")
        assert status == 0, said
        house.serve()
        yield house
    finally:
        house.close()
        receiver.stop()
        shutil.rmtree(home, ignore_errors=True)
