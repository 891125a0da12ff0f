"""Forms that are sent twice make one record, and a new reference is nobody's yet."""

from __future__ import annotations

from typing import Any

from django.db import connection

from indgang.foundation.access.actors import Actor
from indgang.foundation.identifiers.keys import digest, new_reference
from indgang.operations.guidance.models import Course, Delivery, Screening


def form_digest(actor: Actor, what: str, request_key: str, *said: Any) -> str | None:
    """What a form is known again by: who sent it, its key and what it said, for something else that is said is something else. None
    without a key. Whoever sends the same at the same moment waits here until the transaction ends."""
    if not request_key:
        return None
    known = digest(f"{what}:{actor.user.pk if actor.user else 0}:{request_key}:{said!r}")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"guidance:{known}"])
    return known


def free_reference(model: type[Course] | type[Delivery] | type[Screening]) -> str:
    """A reference that no record has, removed ones included."""
    reference = new_reference()
    while model.objects.filter(reference=reference).exists():
        reference = new_reference()
    return reference
