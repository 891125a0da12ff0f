"""The PostgreSQL server that comes with the program, for machines where no DATABASE_URL names another.

It lives in `INDGANG_HOME/postgres` and is shared by every Indgang process of that home. Who uses it is known by shared locks on one file,
which the system releases when a process ends, however it ends: so no list of process numbers can go stale. The last process to leave stops
the server; a server left behind by killed processes is found again and used.
"""

from __future__ import annotations

import atexit
import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from indgang.foundation.database import postgres

_attached: dict[Path, int] = {}


def home(environ: Mapping[str, str] | None = None) -> Path:
    """The folder for the embedded database, keys and files: `INDGANG_HOME`, or ./var."""
    return Path((os.environ if environ is None else environ).get("INDGANG_HOME") or "var").expanduser().resolve()


def prepared_home() -> Path:
    """The same folder, made when it is missing. Raises ImproperlyConfigured when this user cannot write there."""
    folder = home()
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
    if not os.access(folder, os.W_OK | os.X_OK):
        raise ImproperlyConfigured(f"{folder} cannot be written by this user: name another folder in INDGANG_HOME.")
    return folder


def connection_parameters(folder: Path) -> dict[str, Any]:
    """Start the server in `folder` unless it runs already, and say how to reach it (psycopg keyword arguments)."""
    data = folder / "postgres"
    address = postgres.running(data) if folder in _attached else None
    if address is None:
        with _alone(folder):
            if folder not in _attached:
                _attach(folder)
            if not data.exists():
                postgres.create(data)
            address = postgres.running(data) or postgres.start(data)
    return {"host": address.folder, "port": address.port, "user": "postgres"}


def _attach(folder: Path) -> None:
    """Count this process among the server's users until it ends. A forked child shares the lock of its parent."""
    users = os.open(folder / "postgres.users", os.O_RDONLY | os.O_CREAT, 0o644)
    fcntl.flock(users, fcntl.LOCK_SH)
    _attached[folder] = users
    atexit.register(_leave, folder)


def _leave(folder: Path) -> None:
    """Stop counting this process; stop the server if nobody else uses it."""
    users = _attached.pop(folder, None)
    if users is None or not folder.exists():
        return
    with _alone(folder), suppress(BlockingIOError):
        os.close(users)
        last = os.open(folder / "postgres.users", os.O_RDONLY)
        try:
            fcntl.flock(last, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if postgres.running(folder / "postgres"):
                postgres.stop(folder / "postgres")
        finally:
            os.close(last)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Only one process at a time makes, starts or stops the server of a home."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = os.open(folder / "postgres.lock", os.O_RDONLY | os.O_CREAT, 0o644)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)
