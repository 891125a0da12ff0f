"""Who may bring tables in and take them out."""

from __future__ import annotations

from indgang.foundation.access.actors import Actor
from indgang.foundation.identity.models import Role
from indgang.foundation.imports.models import BatchRow


def may_import(actor: Actor) -> bool:
    """The administrators and leaders of the region's operator. For other organisations the command line acts (`--as`)."""
    organisation = actor.organisation
    return (
        actor.kind == "staff"
        and organisation is not None
        and organisation.is_operator
        and actor.has_role(Role.ADMINISTRATOR, Role.LEADER, organisation_id=organisation.pk)
    )


def knows_of(actor: Actor, row: BatchRow) -> bool:
    """Whether the actor may know of a row: of one that is a confidential team's, that team, and the program on the server."""
    return row.team_id is None or actor.kind == "system" or row.team_id in actor.organisations_as(Role.EARLY_WARNING)
