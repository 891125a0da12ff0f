"""`indgang serve` as a real process on a real port: stopped, killed, started again."""

from __future__ import annotations

import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from indgang.foundation.database import postgres

HELD_UP = "SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'journal_entry'::regclass"
NOT_THEIRS = {"DATABASE_URL", "PGOPTIONS", "PORT", "INDGANG_URL", "PYTHONUNBUFFERED"}  # a user's shell has none of these
INDGANG = Path(sys.executable).with_name("indgang")


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="indgang-serve-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in NOT_THEIRS}
    return {**kept, "INDGANG_HOME": str(home)}


def run(home: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([INDGANG, *arguments], env=environment(home) | settings, capture_output=True, text=True, timeout=120)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Served:
    """A running `indgang serve`."""

    def __init__(self, home: Path, port: int) -> None:
        self.home, self.port = home, port
        self.process = subprocess.Popen([INDGANG, "serve", "--port", str(port)], env=environment(home), stdout=subprocess.PIPE, text=True)

    def status(self, seconds: float = 60) -> int:
        """The status of a page, once the house answers."""
        until = time.monotonic() + seconds
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/account/login/", timeout=seconds) as answer:
                    return int(answer.status)
            except urllib.error.HTTPError as error:
                return error.code
            except OSError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.1)

    def said(self) -> str:
        """The next line on its standard output, a pipe; "" when none comes while it runs."""
        assert self.process.stdout is not None
        ready, _, _ = select.select([self.process.stdout], [], [], 10)
        return self.process.stdout.readline() if ready else ""

    def children(self, module: str) -> list[int]:
        """The supervisor's own children that run a module."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                parent = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
                if parent == self.process.pid and module in (folder / "cmdline").read_text():
                    found.append(int(folder.name))
            except OSError:
                continue
        return found

    def ended(self) -> tuple[int, str]:
        """Exit status and output."""
        output, _ = self.process.communicate(timeout=60)
        return self.process.returncode, output

    def database_stops(self) -> bool:
        """Whether the embedded server goes, given time."""
        until = time.monotonic() + 60
        while postgres.running(self.home / "postgres") and time.monotonic() < until:
            time.sleep(0.1)
        return postgres.running(self.home / "postgres") is None


@pytest.mark.parametrize("command", ["serve", "import visits nowhere.csv", "export visits", "journal verify"])
def test_an_unprepared_database_is_refused_with_what_to_do(home: Path, command: str) -> None:
    refused = run(home, *command.split())
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == "The database is not prepared for this version: run `indgang migrate` first.\n"


def test_stopped_killed_and_started_again(home: Path) -> None:
    assert run(home, "migrate").returncode == 0
    port = free_port()

    served = Served(home, port)
    assert served.status() == 200
    assert served.said() == f"Indgang is at http://127.0.0.1:{port} (stop with Ctrl-C)\n"
    [web] = served.children("serve_web")
    [worker] = served.children("serve_worker")

    # A killed process is started again and nobody is turned away; commands work beside it and leave it alone.
    os.kill(web, signal.SIGKILL)
    os.kill(worker, signal.SIGKILL)
    assert served.status() == 200
    assert run(home, "migrate").returncode == 0
    time.sleep(1)
    assert served.status() == 200
    assert len(served.children("serve_web") + served.children("serve_worker")) == 2
    assert not {web, worker} & {*served.children("serve_web"), *served.children("serve_worker")}

    # A killed database comes back too.
    database = int((home / "postgres" / "postmaster.pid").read_text().split()[0])
    os.kill(database, signal.SIGKILL)
    time.sleep(1)
    assert served.status() == 200

    # A killed supervisor takes everything with it, and the next one can begin at once on the same port.
    served.process.kill()
    served.ended()
    again = Served(home, port)
    assert again.status() == 200
    again.process.send_signal(signal.SIGINT)
    assert again.ended() == (0, f"Indgang is at http://127.0.0.1:{port} (stop with Ctrl-C)\n")
    assert again.database_stops()


def killed_in_the_middle(home: Path, *command: str) -> None:
    """Start a command, hold it up where it writes in the journal, which all do late, and kill it there."""
    server = postgres.running(home / "postgres")
    assert server is not None
    database = {"host": server.folder, "port": server.port, "user": "postgres"}
    with psycopg.connect(**database, autocommit=True) as watcher, psycopg.connect(**database) as gate:
        gate.execute("LOCK TABLE journal_entry IN EXCLUSIVE MODE")
        process = subprocess.Popen([INDGANG, *command], env=environment(home), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until = time.monotonic() + 60
        while watcher.execute(HELD_UP).fetchone() is None:
            assert process.poll() is None and time.monotonic() < until
            time.sleep(0.05)
        process.kill()
        process.wait()


def test_a_command_killed_in_the_middle_wrote_nothing_and_is_simply_run_again(home: Path, tmp_path: Path) -> None:
    table = tmp_path / "visits.csv"
    row = "J-1;aalborg;siri-residence-permit;851;USA;1;2025-11-24T09:00;2025-11-24T09:05;2025-11-24T09:20;done\n"
    table.write_text(f"reference;house;service;municipality;citizenship;people;arrived;started;ended;outcome\n{row}")
    assert run(home, "migrate").returncode == 0
    served = Served(home, free_port())
    assert served.status() == 200

    killed_in_the_middle(home, "region", "load", "north-denmark")
    assert run(home, "token", "list").returncode == 0
    assert "No region is loaded" in run(home, "export", "visits").stderr
    again = run(home, "region", "load", "north-denmark")
    assert (again.returncode, again.stdout.splitlines()[0]) == (0, "north-denmark: loaded")

    killed_in_the_middle(home, "import", "visits", str(table))
    assert run(home, "export", "visits").stdout.count("\n") == 1
    again = run(home, "import", "visits", str(table))
    assert (again.returncode, again.stdout) == (0, "1 created, 0 updated, 0 unchanged\n")

    killed_in_the_middle(home, "demo", "--scale", "0.01")
    assert json.loads(run(home, "user", "list", "--json").stdout) == {"users": []}
    again = run(home, "demo", "--scale", "0.01")
    assert (again.returncode, "Demo accounts" in again.stdout) == (0, True)
    assert run(home, "demo", "--scale", "0.01").stdout == "The demonstration stands already; nothing was changed.\n"
    verified = run(home, "journal", "verify")
    assert verified.returncode == 0, verified.stderr

    served.process.send_signal(signal.SIGINT)
    served.ended()


def test_a_killed_supervisor_leaves_nothing_behind(home: Path) -> None:
    served = Served(home, free_port())
    assert served.status() == 200
    served.process.kill()
    served.ended()
    assert served.database_stops()


def test_commands_print_the_address_at_which_the_house_was_last_served(home: Path) -> None:
    assert run(home, "region", "load", "midtjylland").returncode == 0
    create = ("user", "create", "anna@siri.example", "--organisation", "siri", "--role", "clerk")
    served = Served(home, free_port())
    assert served.status() == 200
    asked_at = f"http://127.0.0.1:{served.port}/account/password/reset/\n"
    assert run(home, *create).stdout.endswith(asked_at)
    served.process.send_signal(signal.SIGINT)
    served.ended()
    assert run(home, *create).stdout.endswith(asked_at)
    named = run(home, *create, INDGANG_URL="https://entrance.example/")
    assert named.stdout.endswith("https://entrance.example/account/password/reset/\n")


def test_a_taken_port_is_said_in_one_line(home: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        refused = run(home, "serve", "--port", str(taken.getsockname()[1]))
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert "is taken by another program" in refused.stderr


def test_a_home_that_cannot_be_written_is_said_in_one_line(home: Path) -> None:
    (home / "file").touch()
    refused = run(home / "file" / "below", "serve")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == f"{home / 'file' / 'below'} cannot be written by this user: name another folder in INDGANG_HOME.\n"
