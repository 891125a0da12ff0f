"""How the processes of `indgang serve` learn that their supervisor is gone, even when it was killed: the pipe it holds open ends."""

from __future__ import annotations

import os
import signal
import threading


def follow(lifeline: int) -> None:
    """End this process in good order as soon as the other end of the pipe closes."""

    def wait() -> None:
        os.read(lifeline, 1)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, name="lifeline", daemon=True).start()
