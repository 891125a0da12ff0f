"""The embedded server under everything that happens to it: real processes, killed for real."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import psycopg
import pytest
from django.core.exceptions import ImproperlyConfigured

from indgang.foundation.database import embedded, postgres

# A process that uses the server: counts the notes, adds one, says so, and stays until its standard input ends.
USER = """
import sys, psycopg
from pathlib import Path
from indgang.foundation.database import embedded
with psycopg.connect(**embedded.connection_parameters(Path(sys.argv[1])), autocommit=True) as connection:
    connection.execute("SELECT pg_advisory_lock(1)")
    connection.execute("CREATE TABLE IF NOT EXISTS note (at timestamptz DEFAULT now())")
    connection.execute("SELECT pg_advisory_unlock(1)")
    print(connection.execute("SELECT count(*) FROM note").fetchone()[0], flush=True)
    connection.execute("INSERT INTO note DEFAULT VALUES")
    print("ready", flush=True)
    sys.stdin.read()
"""


class User:
    """One process that uses the server of a home."""

    running: ClassVar[list[subprocess.Popen[str]]] = []

    def __init__(self, home: Path) -> None:
        environment = {name: value for name, value in os.environ.items() if name != "PGOPTIONS"}  # a commit is a commit here
        pipe = subprocess.PIPE
        command = [sys.executable, "-c", USER, str(home)]
        self.process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, env=environment)
        User.running.append(self.process)

    def notes(self) -> int:
        """How many notes it found; it is using the server once this returns."""
        assert self.process.stdout
        found = self.process.stdout.readline().strip()
        assert self.process.stdout.readline().strip() == "ready", self.process.communicate()[1]
        return int(found)

    def leave(self) -> None:
        """End as a command ends."""
        self.process.communicate(timeout=30)

    def die(self) -> None:
        """End as the kernel ends it."""
        self.process.kill()
        self.process.communicate(timeout=30)


@pytest.fixture(scope="module")
def made() -> Iterator[Path]:
    """A home whose folder has a space, a comma and letters beyond ASCII in its name."""
    home = Path(tempfile.mkdtemp(prefix="a hus, nø "))
    postgres.create(home / "postgres")
    yield home
    shutil.rmtree(home)


@pytest.fixture
def home(made: Path) -> Iterator[Path]:
    yield made
    while User.running:
        process = User.running.pop()
        if process.poll() is None:
            process.kill()
            process.communicate()
    if postgres.running(made / "postgres"):
        postgres.stop(made / "postgres")


def postmaster(home: Path) -> int:
    return int((home / "postgres" / "postmaster.pid").read_text().split()[0])


def test_the_last_to_leave_stops_the_server(home: Path) -> None:
    first, second = User(home), User(home)
    first.notes()
    second.notes()
    first.leave()
    assert postgres.running(home / "postgres")
    second.leave()
    assert postgres.running(home / "postgres") is None


def test_a_server_left_by_a_killed_process_is_used_and_then_stopped(home: Path) -> None:
    killed = User(home)
    found = killed.notes()
    killed.die()
    assert postgres.running(home / "postgres")
    after = User(home)
    assert after.notes() == found + 1
    after.leave()
    assert postgres.running(home / "postgres") is None


def test_a_killed_server_comes_back_with_all_that_was_committed(home: Path) -> None:
    before = User(home)
    found = before.notes()
    os.kill(postmaster(home), signal.SIGKILL)
    before.die()
    after = User(home)
    assert after.notes() == found + 1
    after.leave()


def test_a_process_number_that_now_belongs_to_another_program_is_no_server(home: Path) -> None:
    killed = User(home)
    found = killed.notes()
    os.kill(postmaster(home), signal.SIGKILL)
    killed.die()
    pid_file = home / "postgres" / "postmaster.pid"
    owner = pid_file.stat()
    stranger = subprocess.Popen(["sleep", "60"], user=owner.st_uid if os.geteuid() == 0 else None)
    try:
        pid_file.write_text(pid_file.read_text().replace(pid_file.read_text().split()[0], str(stranger.pid), 1))
        after = User(home)
        assert after.notes() == found + 1
        after.leave()
    finally:
        stranger.kill()
        stranger.wait()


def test_a_half_made_data_folder_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "postgres.new").mkdir()
    (tmp_path / "postgres.new" / "PG_VERSION").write_text("18")
    user = User(tmp_path)
    assert user.notes() == 0
    user.leave()


def test_the_server_keeps_what_it_promised_and_knows_danish_letters(home: Path) -> None:
    user = User(home)
    user.notes()
    address = postgres.running(home / "postgres")
    assert address
    with psycopg.connect(host=address.folder, port=address.port, user="postgres") as connection:
        row = connection.execute("SELECT lower('ÆØÅ'), current_setting('fsync'), current_setting('max_connections')").fetchone()
    assert row == ("æøå", "on", "200")
    user.leave()


def test_a_data_folder_of_another_version_is_refused(tmp_path: Path) -> None:
    (tmp_path / "PG_VERSION").write_text("12\n")
    with pytest.raises(postgres.NoServer, match="was made by PostgreSQL 12"):
        postgres.start(tmp_path)


@pytest.mark.parametrize("name", ['a"b', "a$b", "a`b", "a\\b"])
def test_a_name_that_the_server_cannot_take_is_refused_before_anything_is_made(tmp_path: Path, name: str) -> None:
    with pytest.raises(postgres.NoServer, match="name another folder"):
        postgres.create(tmp_path / name / "postgres")
    assert list(tmp_path.iterdir()) == []


def test_a_home_that_cannot_be_written_is_said_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("INDGANG_HOME", str(tmp_path / "file" / "home"))
    with pytest.raises(ImproperlyConfigured, match="cannot be written by this user"):
        embedded.prepared_home()
