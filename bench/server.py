"""A real `indgang serve` on loopback, and its processes."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

HOST = "127.0.0.1"
PATIENCE = 60
LONGEST_FAULT = 6_000


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def serving(folder: Path, environment: Mapping[str, str] | None = None) -> Iterator[Server]:
    """The server, from its first answer until the end of the block; then it is stopped."""
    port = free_port()
    command = [sys.executable, "-c", "from indgang.config.commands import main; main()", "serve", "--port", str(port)]
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, start_new_session=True, env=environment)
    server = Server(port, process, folder / "server.log")
    try:
        server.wait()
        yield server
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


class Server:
    """Where it listens and which processes it has."""

    def __init__(self, port: int, process: subprocess.Popen[bytes], log: Path) -> None:
        self.port, self.process, self.log = port, process, log

    def wait(self) -> None:
        """Until it answers. Raises RuntimeError with what it printed when it does not."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self.process.poll() is None:
            connection = http.client.HTTPConnection(HOST, self.port, timeout=10)
            try:
                connection.request("GET", "/api/v1/houses")
                if connection.getresponse().status == 200:
                    return
            except OSError:
                time.sleep(0.1)
            finally:
                connection.close()
        raise RuntimeError(f"the server does not answer:\n{self.log.read_text()}")

    def web_process(self) -> int:
        """The process that has the web workers (gunicorn's arbiter)."""
        return next(child for child in children(self.process.pid) if b"serve_web" in Path(f"/proc/{child}/cmdline").read_bytes())

    def web_worker(self) -> int:
        """One of the web workers."""
        return children(self.web_process())[0]

    def kill_worker(self) -> None:
        """End a web worker in the middle of whatever it does."""
        os.kill(self.web_worker(), signal.SIGKILL)

    def kill_web(self) -> None:
        """End the web process itself; its workers follow, and the supervisor starts new ones."""
        os.kill(self.web_process(), signal.SIGKILL)

    def faults(self) -> list[str]:
        """What the server logged as errors, besides that we killed its workers."""
        lines = self.log.read_text(errors="replace").splitlines()
        return [line for line in lines if (" ERROR " in line or " CRITICAL " in line) and "was sent SIGKILL" not in line]

    def first_fault(self) -> str:
        """The server's words about the first of them, to look into it."""
        faults, text = self.faults(), self.log.read_text(errors="replace")
        return text[text.index(faults[0]) :][:LONGEST_FAULT] if faults else "the server logged no fault"


def children(parent: int) -> list[int]:
    """The processes that a process started, oldest first."""
    return [int(child) for child in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]
