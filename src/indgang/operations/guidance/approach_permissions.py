"""Who may do what about who approaches whom. Each is a predicate for `access.actors.require`, or gives one."""

from __future__ import annotations

from indgang.foundation.access.permissions import Permission
from indgang.foundation.identity.models import WITH_COMPANIES, Role
from indgang.operations.guidance.models import Duty, Outreach
from indgang.registers.parties.permissions import serve_openly


def see_outreach(outreach: Outreach) -> Permission:
    """Read what an office and the hub have agreed: both of them."""
    return lambda actor: not {outreach.office_id, outreach.hub_id}.isdisjoint(actor.organisations_as(*WITH_COMPANIES))


def keep_outreach(office_id: int, hub_id: int) -> Permission:
    """Write and agree: leaders and consultants of the office and of the hub, for the one they act for."""
    return lambda actor: serve_openly(actor) and actor.organisation is not None and actor.organisation.pk in (office_id, hub_id)


def keep_duty(duty: Duty) -> Permission:
    """Keep an entry of who is who: whoever it names, and the leaders of where they work."""
    own: Permission = lambda actor: actor.user is not None and actor.user.pk == duty.user_id  # noqa: E731
    return lambda actor: own(actor) or actor.has_role(Role.LEADER, organisation_id=duty.organisation_id)


def read_notices(office_id: int) -> Permission:
    """Read what an office is told: its own people who work with companies."""
    return lambda actor: office_id in actor.organisations_as(*WITH_COMPANIES)
