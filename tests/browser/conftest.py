"""A house that is really served: its own home and database, the region loaded, another day on the clock, and a mailbox."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import LazySettings
from playwright.sync_api import Browser
from tests.browser.browser import browser

from indgang.foundation.mail.tests.receiver import Receiver, free_port, wait_until
from indgang.foundation.places.models import House
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.staff_day import at

CLOCK = "2026-12-07T10:00:00+01:00"  # a Monday
PATIENCE = 120  # seconds for the first page


@dataclass(frozen=True)
class ServedHouse:
    """Where the house is served, and the letters it sends."""

    address: str
    mailbox: Receiver

    def code_for(self, email: str, *, beside: str = "") -> str:
        """The six digits of the newest letter to that address, other than `beside`."""
        found: list[str] = []

        def arrived() -> bool:
            texts = [str(letter.get_body(("plain",)).get_content()) for letter in self.mailbox.messages if email in str(letter["To"])]
            found[:] = [code for text in texts for code in re.findall(r"\b\d{6}\b", text) if code != beside]
            return bool(found)

        wait_until(arrived, 60)
        return found[-1]

    def link_for(self, email: str) -> str:
        """The newest link to My arrival sent to that address."""
        texts = [str(letter.get_body(("plain",)).get_content()) for letter in self.mailbox.messages if email in str(letter["To"])]
        return [link for text in texts for link in re.findall(r"http\S+/arrival/\S+\?key=\S+", text)][-1]


@pytest.fixture(scope="session")
def served_house() -> Iterator[ServedHouse]:
    """North Denmark, served by `indgang serve` with web and worker on a Monday morning in December."""
    port, mailbox = free_port(), Receiver()
    address = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory(prefix="indgang-browser-") as home:
        Path(home).chmod(0o755)  # the database may run as another user
        taken_out = ("DATABASE_URL", "PGOPTIONS", "INDGANG_CLOCK_SINCE")
        settings = {name: value for name, value in os.environ.items() if name not in taken_out}
        settings |= {"INDGANG_HOME": home, "INDGANG_URL": address, "INDGANG_CLOCK": CLOCK}
        settings |= {"INDGANG_SMTP_URL": mailbox.url, "INDGANG_MAIL_FROM": "house@example.org"}
        program = str(Path(sys.executable).parent / "indgang")
        for command in (["migrate"], ["region", "load", "north-denmark"]):
            subprocess.run([program, *command], env=settings, check=True, capture_output=True)
        mailbox.start()
        served = subprocess.Popen([program, "serve", "--port", str(port)], env=settings, stdout=subprocess.DEVNULL)
        try:
            wait_until(lambda: _answers(address, served), PATIENCE)
            yield ServedHouse(address, mailbox)
        finally:
            served.terminate()
            served.wait(30)
            mailbox.stop()


def _answers(address: str, served: subprocess.Popen[bytes]) -> bool:
    assert served.poll() is None, "the house could not be served"
    try:
        with urllib.request.urlopen(f"{address}/arrive/", timeout=20) as response:
            return bool(response.status == 200)
    except OSError:
        time.sleep(0.5)
        return False


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser for the tests of one file."""
    with browser() as started:
        yield started


@pytest.fixture
def house(settings: LazySettings) -> House:
    """The small house, half an hour before it opens. Who needs another hour sets the clock, or makes a house of their own."""
    at(settings, 8, 30)
    return factories.small_house()


@pytest.fixture(autouse=True)
def _pages_end_with_their_test(request: pytest.FixtureRequest) -> Iterator[None]:
    """Pages ask again every other second: one that stays open would ask a database that the next test is about to empty."""
    yield
    started = request.node.funcargs.get("chromium")
    for context in started.contexts if started else []:
        context.close()
