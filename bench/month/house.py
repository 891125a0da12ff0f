"""The house that is played: North Denmark's own, prepared from nothing on the command line and served on loopback."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from bench.month.accounts import Colleague, engage
from bench.month.caller import Caller
from bench.moved_clock import MovedClock
from bench.postbox import Postbox
from bench.server import Server, serving
from indgang.foundation.places.region_files import SHIPPED

HOUSE = "aalborg"
ZONE = ZoneInfo("Europe/Copenhagen")
ROOT = Path(__file__).resolve().parents[2]
INDGANG = [sys.executable, "-c", "from indgang.config.commands import main; main()"]
LEFT_OUT = {"DATABASE_URL", "INDGANG_URL", "INDGANG_REGION", "INDGANG_CLOCK", "INDGANG_CLOCK_SINCE", "PORT"}


@dataclass
class Desk:
    """A desk as the sign on it says, and who is there now."""

    key: str
    authority: str
    services: frozenset[str]
    closed: bool = False
    with_party: object = None
    looks: bool = False  # the clerk is about to look at the line
    patience: float = 2  # minutes until the clerk looks again where nobody could be called


class Told(Protocol):
    """A command under way."""

    args: Any
    returncode: int

    def communicate(self) -> tuple[str, Any]:
        """Its whole output, once it has ended."""


class AnyHouse(Protocol):
    """What a play needs of a house; the tests have one of their own."""

    clock: Any
    postbox: Any
    desks: list[Desk]

    @property
    def port(self) -> int:
        """Where it is served."""

    def engage(self, colleagues: list[Colleague]) -> dict[str, Caller]:
        """Accounts, and browsers that are logged in, by e-mail address."""

    def token(self, email: str) -> str:
        """For a program that acts for somebody."""

    def begin(self, *arguments: str) -> Told:
        """A command beside the served house."""

    def minute(self) -> None:
        """What the house does every minute is done, or about to be."""

    def logged(self) -> str:
        """What the server has logged as errors."""


@dataclass
class PlayedHouse:
    """Where it is served, its clock, its mail, its log and its command line."""

    clock: MovedClock
    postbox: Postbox
    environment: dict[str, str]
    server: Server
    desks: list[Desk] = field(default_factory=lambda: signs())

    @property
    def port(self) -> int:
        """Where it is served."""
        return self.server.port

    def engage(self, colleagues: list[Colleague]) -> dict[str, Caller]:
        """Accounts made on the command line, and log-in with password and one-time code."""
        return engage(self.port, self.begin, colleagues)

    def token(self, email: str) -> str:
        """For a program that acts for somebody."""
        return self.run("token", "create", "--user", email)[1].split()[0]

    def minute(self) -> None:
        """The worker does it by the real clock."""

    def logged(self) -> str:
        """What the server has logged as errors."""
        faulty = self.server.faults() or "Traceback" in self.server.log.read_text(errors="replace")
        return self.server.first_fault() if faulty else ""

    def run(self, *arguments: str, told: str = "") -> tuple[int, str]:
        """A command beside the served house: exit status, and what it said."""
        started = self.begin(*arguments)
        said, _nothing = started.communicate(told)
        return started.returncode, said

    def begin(self, *arguments: str) -> subprocess.Popen[str]:
        """The same, not waited for."""
        return _started(self.environment, *arguments)


def _started(environment: dict[str, str], *arguments: str) -> subprocess.Popen[str]:
    command = [*INDGANG, *arguments]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe, stderr=subprocess.STDOUT, text=True)


@contextmanager
def opened(folder: Path, starts: dt.datetime) -> Iterator[PlayedHouse]:
    """The house from its first answer until the end of the block."""
    clock, postbox = MovedClock(folder / "clock", starts), Postbox()
    path = os.pathsep.join([str(ROOT), str(ROOT / "src"), *filter(None, [os.environ.get("PYTHONPATH")])])
    environment = {name: value for name, value in os.environ.items() if name not in LEFT_OUT} | {
        "PYTHONPATH": path,
        "DJANGO_SETTINGS_MODULE": "bench.played_settings",
        "INDGANG_HOME": str(folder / "house"),
        "INDGANG_PLAYED_CLOCK": str(folder / "clock"),
        "INDGANG_SMTP_URL": postbox.url,
        "INDGANG_MAIL_FROM": "reception@ihnd.example",
        "PGOPTIONS": "-c synchronous_commit=off",
    }
    try:
        loading = _started(environment, "region", "load", "north-denmark")
        said, _nothing = loading.communicate()
        assert loading.returncode == 0, said
        with serving(folder, environment) as server:
            yield PlayedHouse(clock, postbox, environment, server)
    finally:
        postbox.close()


def signs() -> list[Desk]:
    """The desks, as the signs in the hall say."""
    rows = tomllib.loads((SHIPPED / "north_denmark" / "desks.toml").read_text())["desks"]
    return [Desk(row["key"], row["organisation"], frozenset(row["services"])) for row in rows if row["house"] == HOUSE]
