"""Subjects: the people whose personal text is kept under a key of their own."""

from __future__ import annotations

import uuid

from django.db import models

from indgang.foundation.database import clock
from indgang.foundation.database.personal import Personal


class Subject(models.Model):
    """One person's key, wrapped under the house's master key. Erased: the wrapped key is gone, for good."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    wrapped_key = models.BinaryField(null=True)
    created_at = models.DateTimeField(default=clock.now)
    erased_at = models.DateTimeField(null=True, blank=True)

    personal = Personal(
        fields=("wrapped_key",),
        what="A key of your own, which locks what the journal says about you.",
        purpose="To make a person's text unreadable on erasure.",
        kept="Until the person is made anonymous.",
    )
