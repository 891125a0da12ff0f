"""Files that people handed in."""

from __future__ import annotations

from django.db import models

from indgang.foundation.database import clock
from indgang.foundation.database.personal import Personal
from indgang.foundation.identity.models import Organisation, User


class StoredFile(models.Model):
    """A file by its content (SHA-256); the bytes lie under `INDGANG_HOME/files`."""

    digest = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now)

    personal = Personal(
        fields=("name", "user"),
        what="The name of a file, and which colleague handed it in.",
        purpose="To show where imported rows came from and to undo them.",
        kept="One year after it was handed in.",
    )
