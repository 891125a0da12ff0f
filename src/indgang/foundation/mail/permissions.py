"""Who may look into the outbox."""

from __future__ import annotations

from indgang.foundation.access.actors import Actor
from indgang.foundation.identity.models import Organisation, Role

LEADING = (Role.ADMINISTRATOR, Role.LEADER)


def outboxes(actor: Actor) -> set[int]:
    """The organisations whose letters the actor looks after: administrators and leaders of a region's operator, for their own."""
    led = {organisation for organisation, role in actor.roles if role in LEADING}
    return set(Organisation.objects.filter(id__in=led, is_operator=True).values_list("id", flat=True)) if led else set()


def may_look_after_letters(actor: Actor) -> bool:
    """Administrators and leaders of an operator."""
    return bool(outboxes(actor))
