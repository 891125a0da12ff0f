"""Who deals with which company."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from indgang.foundation.database.personal import Personal
from indgang.foundation.identity.models import Organisation
from indgang.registers.parties.models.company import Company


class TieKind(models.TextChoices):
    """What an organisation does with a company."""

    COURSE = "course", _("Guidance course")
    DELIVERY = "delivery", _("Information or service")
    SCREENING = "screening", _("Screening visit")
    NOTE = "note", _("Contact")


class Tie(models.Model):
    """An organisation deals with a company, as a record of some room says (`source`, such as `guidance.course:12`): from when to when, and
    through whom. A confidential tie is known to the organisation's Early Warning team alone, in every derived form."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="ties")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=TieKind.choices)
    fields = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    consultant = models.CharField(max_length=150, blank=True)
    started = models.DateField()
    ended = models.DateField(null=True, blank=True, help_text="Empty = still running")
    confidential = models.BooleanField(default=False)
    source = models.CharField(max_length=60, unique=True)

    personal = Personal(
        fields=("company", "consultant"),
        what="Which organisation deals with a company (where somebody runs it alone: with them), when, and through which colleague.",
        purpose="To let those who serve the same company know of each other before they call it.",
        kept="As long as the record that it tells of.",
    )

    class Meta:
        indexes = [
            models.Index(fields=["company", "started"], name="tie_company"),
            models.Index(fields=["organisation", "started"], name="tie_organisation"),
        ]
