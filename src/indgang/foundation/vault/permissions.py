"""Who may destroy a person's key."""

from __future__ import annotations

from indgang.foundation.access.actors import Actor
from indgang.foundation.identity.models import Role


def may_erase(actor: Actor) -> bool:
    """The administrators of the region's operator; erasing cannot be taken back, so nobody else."""
    organisation = actor.organisation
    return organisation is not None and organisation.is_operator and actor.has_role(Role.ADMINISTRATOR, organisation_id=organisation.pk)
