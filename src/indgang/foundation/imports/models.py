"""Batches: what one import changed, so that it can be undone."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models

from indgang.foundation.database import clock
from indgang.foundation.database.personal import Personal
from indgang.foundation.files.models import StoredFile
from indgang.foundation.identity.models import Organisation, User

ROWS_KEPT = dt.timedelta(days=365)


class Batch(models.Model):
    """One import of one file. Its rows say what each record was before and is after, as long as that can be taken back.

    `undone_at` is when anything of it was taken back last.
    """

    kind = models.CharField(max_length=40)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    file = models.ForeignKey(StoredFile, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    undone_at = models.DateTimeField(null=True, blank=True)
    confidential: models.JSONField[dict[str, list[int]], dict[str, list[int]]] = models.JSONField(
        default=dict, help_text="Of the counts, what a team alone may know of: {organisation: [created, updated, unchanged]}"
    )
    in_the_open = models.BooleanField(default=True, help_text="Whether it wrote any row that no team alone may know of")

    personal = Personal(
        fields=("user",), what="Which colleague brought data in.", purpose="To know who brought data in.", kept="Five years."
    )

    @property
    def can_be_undone(self) -> bool:
        """Whether anything of it can still be taken back: nothing twice, and not once its rows have been kept as long as was promised."""
        return self.created_at >= clock.now() - ROWS_KEPT and self.rows.exists()


class BatchRow(models.Model):
    """One record that a batch created (`before` null) or updated. Values are in the columns of the import file."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="rows")
    row = models.PositiveIntegerField()
    record_id = models.CharField(max_length=40)
    before: models.JSONField[dict[str, Any] | None, dict[str, Any] | None] = models.JSONField(null=True)
    after: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField()
    replaced = ArrayField(models.CharField(max_length=40), null=True, help_text="Columns in which what people had written gave way")
    team = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        related_name="+",
        help_text="Whose confidential team alone may know of it; empty = no team's",
    )

    personal = Personal(
        fields=("before", "after"),
        what="The rows that a file brought in, as they were before and after.",
        purpose="To undo an import.",
        kept="One year.",
    )

    class Meta:
        ordering = ["row"]
