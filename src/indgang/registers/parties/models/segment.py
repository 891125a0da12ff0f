"""Kept filters of companies."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from indgang.foundation.database import clock
from indgang.foundation.database.personal import Personal
from indgang.foundation.identity.models import Organisation, User


class Segment(models.Model):
    """A list of companies that an organisation wants to reach, kept as what they have in common: it is always of today."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    author = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=100)
    criteria: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=clock.now)
    removed_at = models.DateTimeField(null=True, blank=True)

    personal = Personal(
        fields=("author",),
        what="Which colleague made a list of companies.",
        purpose="To ask them what the list is for.",
        kept="Until a year after the list was removed.",
    )

    class Meta:
        verbose_name = _("list of companies")
        constraints = [
            models.UniqueConstraint(fields=["organisation", "name"], condition=models.Q(removed_at=None), name="one_list_of_a_name"),
        ]

    def __str__(self) -> str:
        return self.name
