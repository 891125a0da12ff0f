"""A house for the played month inside the test run: the tests' own database and server, reached over HTTP like any other.

What `bench/month` does with processes of its own is done here in this one, so that it costs seconds: accounts are rows, a command is run
where it stands, letters are read in the outbox, and jobs run when somebody waits for a letter.
"""

from __future__ import annotations

import contextlib
import io
import logging
import re
from pathlib import Path
from typing import Any

from bench.month.accounts import Colleague
from bench.month.caller import Caller
from bench.month.house import Desk, signs
from bench.moved_clock import MovedClock
from django.conf import settings

from indgang.config import accounts, program
from indgang.foundation.jobs.work import run_due_jobs
from indgang.foundation.journal.actions import seal_all
from indgang.foundation.mail.models import Letter
from indgang.operations.reception.jobs import offer_what_is_left
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.staff_day import logged_in


class Outbox:
    """Everybody's letters, as they are written."""

    def found(self, to: str, pattern: str, *, seconds: float = 0) -> str:
        """The first group of the pattern in the newest of somebody's letters that has it; whatever is due is done first."""
        for _attempt in range(2):
            for text in Letter.objects.filter(to=to).order_by("-created_at", "-pk").values_list("text", flat=True):
                if found := re.search(pattern, text):
                    return found[1]
            run_due_jobs()
        raise TimeoutError(f"no letter to {to} has {pattern!r}")


class Done:
    """A command that was run in this process."""

    def __init__(self, *args: str) -> None:
        self.args, said = args, io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            self.returncode = program.run(list(args))
        self.said = said.getvalue()

    def communicate(self) -> tuple[str, Any]:
        """What it said."""
        return self.said, None


class Errors(logging.Handler):
    """What is logged as an error."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """One more."""
        self.lines.append(self.format(record))


class ServedHouse:
    """North Denmark in the tests' database, served by the tests' server."""

    def __init__(self, port: int, folder: Path, clock: MovedClock) -> None:
        self.port, self.folder, self.clock = port, folder, clock
        self.postbox, self.errors = Outbox(), Errors()
        self.desks: list[Desk] = signs()

    def engage(self, colleagues: list[Colleague]) -> dict[str, Caller]:
        """Accounts, and browsers that are logged in."""
        browsers = {}
        for one in colleagues:
            user = factories.member(one.role, one.organisation, name=one.name)
            browsers[one.email] = Caller(self.port)
            browsers[one.email].cookies[settings.SESSION_COOKIE_NAME] = logged_in(user).cookies[settings.SESSION_COOKIE_NAME].value
            self.emails = {**getattr(self, "emails", {}), one.email: user.email}
        return browsers

    def token(self, email: str) -> str:
        """For a program."""
        return accounts.issue_token(email=self.emails[email])

    def begin(self, *arguments: str) -> Done:
        """A command; the journal is sealed before, as it is every minute."""
        seal_all()
        return Done(*arguments)

    def minute(self) -> None:
        """What the worker would do by the clock."""
        offer_what_is_left()

    def logged(self) -> str:
        """Errors, if there are any."""
        return "\n".join(self.errors.lines)
