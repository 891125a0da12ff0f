"""What tables say of a journey as a whole."""

from __future__ import annotations

from django.db import models

from indgang.foundation.database.personal import Personal
from indgang.foundation.imports.models import Batch
from indgang.operations.reception.models.journey import Journey


class Told(models.Model):
    """What one table said of a journey that it wrote steps of; "" = nothing. In each column the newest that says something holds.

    `withdrawn`: the table was taken back, but a step that came with it stays. It holds where no other says anything.
    """

    journey = models.ForeignKey(Journey, models.CASCADE, related_name="told")
    batch = models.ForeignKey(Batch, models.SET_NULL, null=True, related_name="+")
    row = models.PositiveIntegerField(help_text="The row of the table that said it first")
    overruled = models.BooleanField(default=False, help_text="People had noted where the party lives before")
    withdrawn = models.BooleanField(default=False)
    municipality = models.CharField(max_length=4, blank=True)
    citizenship = models.CharField(max_length=3, blank=True)

    personal = Personal(
        fields=("municipality", "citizenship"),
        what="Where you live and your citizenship, as another system told it.",
        purpose="To know what holds again when a table with a mistake in it is taken back.",
        kept="Two years after the last visit, then without the people's names; the counts are kept.",
    )
