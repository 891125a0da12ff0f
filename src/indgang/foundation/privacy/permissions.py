"""Who may see a number that is shown masked."""

from __future__ import annotations

from indgang.foundation.access.actors import Actor
from indgang.foundation.identity.models import Role


def may_reveal(actor: Actor) -> bool:
    """Those who serve people at a desk or receive them. Leaders and readers have no case for which they need it."""
    return actor.kind == "staff" and actor.has_role(Role.CLERK, Role.FLOORWALKER)
