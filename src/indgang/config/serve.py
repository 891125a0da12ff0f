"""`indgang serve`: one supervisor that starts the web process and the worker, starts them again when they die, and stops them when it ends.

The supervisor opens the port and keeps it, so a web process that was killed loses no caller: they wait until the next one listens.
"""

from __future__ import annotations

import errno
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from types import FrameType

from indgang.foundation.database.console import Refused, notice

PATIENCE = 5.0  # seconds for an earlier supervisor's processes to let go of the port
STOPPING = 8.0  # seconds for the processes to end in good order
QUICK = 10.0  # a process that lived less than this many seconds did not really start
TRIES = 5


def open_port(host: str, port: int | None) -> socket.socket:
    """Listen on `port`; without one, on 8000 or the next free port after it."""
    wanted = [port] if port is not None else list(range(8000, 8020))
    until = time.monotonic() + PATIENCE
    while True:
        for number in wanted if time.monotonic() > until else wanted[:1]:
            listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                listener.bind((host, number))
                listener.listen(512)
                return listener
            except PermissionError:
                listener.close()
                raise Refused(f"This user may not open port {number}; take one above 1023.") from None
            except OSError as error:
                listener.close()
                if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
                    raise Refused(f"--host: this machine has no address “{host}”.") from None
        if time.monotonic() > until:
            raise Refused(f"Port {wanted[0]} on {host} is taken by another program: choose another with --port or PORT.")
        time.sleep(0.2)


@dataclass
class Child:
    """One of the processes, and how often it failed to start."""

    name: str
    command: list[str]
    handles: tuple[int, ...]
    environment: dict[str, str]
    process: subprocess.Popen[bytes] = field(init=False)
    started: float = field(init=False)
    failures: int = 0

    def start(self) -> None:
        """Start it in a session of its own: Ctrl-C reaches the supervisor alone, which ends everything in order."""
        self.started = time.monotonic()
        self.process = subprocess.Popen(self.command, pass_fds=self.handles, env=self.environment, start_new_session=True)

    def look_after(self) -> None:
        """Start it again if it has ended. Raises Refused when it cannot start at all."""
        status = self.process.poll()
        if status is None:
            return
        self.failures = self.failures + 1 if time.monotonic() - self.started < QUICK else 0
        if self.failures >= TRIES:
            raise Refused(f"The {self.name} process does not start (status {status}); the lines above say why.")
        notice(f"The {self.name} process ended (status {status}); starting it again.")
        time.sleep(0.2 * self.failures)
        self.start()


class Stop(Exception):
    """Somebody asked the supervisor to stop."""


def _stop(number: int, frame: FrameType | None) -> None:
    raise Stop


def supervise(listener: socket.socket, environment: dict[str, str]) -> None:
    """Serve until told to stop (Ctrl-C, SIGTERM, SIGHUP), then end the processes in good order."""
    lifeline, held = os.pipe()
    module = [sys.executable, "-m"]
    web = Child(
        "web", [*module, "indgang.config.serve_web", str(lifeline), str(listener.fileno())], (lifeline, listener.fileno()), environment
    )
    worker = Child("worker", [*module, "indgang.config.serve_worker", str(lifeline)], (lifeline,), environment)
    children = [web, worker]
    try:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, _stop)
        for child in children:
            child.start()
        while True:
            time.sleep(0.2)
            for child in children:
                child.look_after()
    except Stop:
        pass
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        os.close(held)  # the children's lifeline
        listener.close()
        _wait_for([child.process for child in children if hasattr(child, "process")])


def _wait_for(processes: list[subprocess.Popen[bytes]]) -> None:
    until = time.monotonic() + STOPPING
    for process in processes:
        try:
            process.wait(max(until - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
