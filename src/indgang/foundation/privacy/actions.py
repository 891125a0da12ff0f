"""Revealing what is shown masked."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Model

from indgang.foundation.access.actors import Actor, require
from indgang.foundation.journal.actions import record as write_entry
from indgang.foundation.journal.models import Circle
from indgang.foundation.privacy import permissions
from indgang.foundation.privacy.queries import field_of


@transaction.atomic
def reveal(*, actor: Actor, record: Model, field: str) -> str:
    """The full text of an encrypted field, with a journal entry for every time. Until then pages show `masked(record, field)`.

    `record` comes from its room's own `..._visible_to(actor)`, which decides whose records these are.
    Raises NotAllowed, and TypeError for a field that is not an EncryptedTextField.
    """
    require(permissions.may_reveal, actor)
    text = field_of(record, field)
    write_entry(actor=actor, verb=f"{field.replace('_', '-')}.revealed", subject=record, circle=Circle.ORGANISATION)
    return text
