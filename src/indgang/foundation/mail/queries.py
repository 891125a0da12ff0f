"""What is in the outbox."""

from __future__ import annotations

from django.db.models import QuerySet

from indgang.foundation.access.actors import Actor
from indgang.foundation.mail.models import Letter, State
from indgang.foundation.mail.permissions import outboxes

UNSENT = [State.UNCERTAIN, State.REFUSED, State.WAITING, State.HANDING_OVER]


def letters_visible_to(actor: Actor) -> QuerySet[Letter]:
    """The letters of the operators that the actor leads; nobody else sees any."""
    return Letter.objects.filter(organisation__in=outboxes(actor))


def letters_about(beginning: str) -> QuerySet[Letter]:
    """The letters whose key begins so, oldest first: `booked:<journey id>:` are all confirmations of one journey."""
    return Letter.objects.filter(key__startswith=beginning).order_by("created_at")
