"""The web process that `indgang serve` starts: gunicorn on a socket that the supervisor opened."""

from __future__ import annotations

import gc
import os
import sys
from importlib import import_module
from itertools import count
from typing import Any

from django.conf import settings
from django.db import connections
from django.utils.module_loading import import_string
from gunicorn.app.base import BaseApplication

from indgang.config import lifeline

SEARCH_ALL_EVERY = 1_000  # answers
# A short answer asks the database a few times, and each time it would wait this long for a long page to let it go on (Python's own: 5 ms).
HANDED_ON_AFTER = 0.0005  # seconds
_answers = count(1)


def tidy_up(worker: Any, request: Any, environ: Any, response: Any) -> None:
    """Search for garbage after an answer instead of in the middle of one.

    A long page leaves thousands of objects that refer to each other; found by chance, they held up every tenth answer for 200 ms.
    """
    gc.collect(2 if next(_answers) % SEARCH_ALL_EVERY == 0 else 1)


OPTIONS = {
    "worker_class": "gthread",
    # Python answers one thread at a time in each process: more processes than cores keep short answers out of the way of long ones. Each
    # reads and draws for itself what changed, though: twice as many took half as much time again in a busy house (`make bench`).
    "workers": min(max(3 * (os.cpu_count() or 2) // 2, 2), 12),
    "threads": 6,
    "preload_app": True,  # they share the memory of what is loaded
    "timeout": 60,
    "graceful_timeout": 5,
    "keepalive": 5,
    "max_requests": 20_000,  # a worker is renewed now and then, so that nothing can pile up in it
    "max_requests_jitter": 2_000,
    "limit_request_line": 4096,
    "limit_request_fields": 60,
    "limit_request_field_size": 8190,
    "accesslog": None,  # addresses hold the keys of links
    "loglevel": "warning",
    "logger_class": "indgang.config.logs.WebLogger",
    "control_socket_disable": True,
    "proc_name": "indgang",
    "post_request": tidy_up,
}


class Web(BaseApplication):
    """Gunicorn with our options; the application is loaded once, before the workers."""

    def __init__(self, listener: int) -> None:
        self.listener = listener
        super().__init__()

    def load_config(self) -> None:
        """Set the options."""
        for name, value in {**OPTIONS, "bind": f"fd://{self.listener}"}.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """The web application."""
        application = import_string("indgang.config.wsgi.application")
        import_module(settings.ROOT_URLCONF)
        connections.close_all()  # no two processes may talk on one
        gc.collect()
        gc.freeze()  # what is loaded stays, and need not be looked at again
        gc.set_threshold(100_000, 50, 100)
        sys.setswitchinterval(HANDED_ON_AFTER)
        import_string("indgang.operations.reception.queries.waits_told.work_beside")()
        return application


if __name__ == "__main__":
    lifeline.follow(int(sys.argv[1]))
    Web(listener=int(sys.argv[2])).run()
