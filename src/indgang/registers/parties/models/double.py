"""Records that may be one and the same company."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from indgang.foundation.database import clock
from indgang.foundation.database.personal import Personal
from indgang.foundation.identity.models import User
from indgang.registers.parties.models.company import Company


class Judgement(models.TextChoices):
    """What is thought of a pair."""

    PROBABLE = "probable", _("Probably the same")
    SAME = "same", _("The same")
    DIFFERENT = "different", _("Not the same")


class Double(models.Model):
    """Two records of companies that may be the same: how likely that is, and what somebody decided. Nothing is merged: the two keep their
    ids and all they have, and a decision that is taken back leaves the row as it was. `one` is the record with the lower id."""

    one = models.ForeignKey(Company, models.CASCADE, related_name="+")
    other = models.ForeignKey(Company, models.CASCADE, related_name="+")
    probability = models.FloatField(null=True, blank=True, help_text="As the model of linkage has it; empty = somebody saw it themselves")
    judgement = models.CharField(max_length=10, choices=Judgement.choices, default=Judgement.PROBABLE)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    found_at = models.DateTimeField(default=clock.now)

    personal = Personal(
        fields=("decided_by",),
        what="Which two records of companies may be the same, and which colleague decided that they are, or are not.",
        purpose="To see everything about a company that was written down twice.",
        kept="As long as both records.",
    )

    class Meta:
        verbose_name = _("double")
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="one_double_per_pair"),
            models.CheckConstraint(condition=models.Q(one__lt=models.F("other")), name="double_lower_id_first"),
        ]
