"""The house's secrets: made once, kept in a file that only its owner can read, or given by the environment."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets as random
from pathlib import Path

from indgang.foundation.database import embedded


def _master() -> bytes:
    """`INDGANG_SECRET` (64 hex digits), or the file `INDGANG_HOME/secret`, made on first use.

    The file is created under another name and linked into place, so two processes that start at once agree on one secret.
    """
    given = os.environ.get("INDGANG_SECRET")
    if given:
        return bytes.fromhex(given)
    path = embedded.prepared_home() / "secret"
    if not path.exists():
        draft = Path(f"{path}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(random.token_hex(32))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return bytes.fromhex(path.read_text().strip())


def secret(purpose: str) -> str:
    """A secret for one purpose (64 hex digits), derived from the master secret."""
    return hmac.new(_master(), purpose.encode(), hashlib.sha256).hexdigest()
