"""Who may hand in files."""

from __future__ import annotations

from indgang.foundation.access.actors import Actor


def may_store(actor: Actor) -> bool:
    """Anybody who works here; what the file is used for has a permission of its own."""
    return actor.kind == "staff"
