"""Where people reach this house: what INDGANG_URL says, else where `indgang serve` was last started, which it writes down in its home,
else where it will be started with PORT.

So a command beside a running server, or after it, prints links that open.
"""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

USUAL_PORT = "8000"
EVERYWHERE = {"0.0.0.0", "::", ""}  # listening on every address of the machine: this one always works there


def own_address(home: Path) -> str:
    """The address without a slash at the end. A set INDGANG_URL wins."""
    return (os.environ.get("INDGANG_URL") or _written_down(home) or f"http://127.0.0.1:{os.environ.get('PORT') or USUAL_PORT}").rstrip("/")


def address_at(host: str, port: int) -> str:
    """The address of a server that listens there, unless INDGANG_URL names one that leads to it."""
    name = "127.0.0.1" if host in EVERYWHERE else f"[{host}]" if ":" in host else host
    return (os.environ.get("INDGANG_URL") or f"http://{name}:{port}").rstrip("/")


def write_down(home: Path, address: str) -> None:
    """Remember the address for commands; nobody ever reads half of it."""
    draft = home / f"address.{os.getpid()}"
    draft.write_text(f"{address}\n")
    draft.replace(home / "address")


def _written_down(home: Path) -> str:
    try:
        address = (home / "address").read_text().strip()
        parts = urlsplit(address)
    except (OSError, ValueError):
        return ""
    return address if parts.scheme in ("http", "https") and parts.hostname else ""
