"""What somebody changed by hand, as it was before, so that they can take it back."""

from __future__ import annotations

from typing import Any

from django.db import models

from indgang.foundation.database import clock
from indgang.foundation.database.personal import Personal
from indgang.foundation.identity.models import User
from indgang.registers.parties.models.company import Company
from indgang.registers.parties.models.company_file import CompanyNote, Contact


class Change(models.Model):
    """A colleague wrote over the facts of a company, or over a contact or a note of it. `before` is what stood there, `after` what they
    left (columns and values); both are emptied once the change has been taken back."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="changes")
    contact = models.ForeignKey(Contact, models.CASCADE, null=True, blank=True, related_name="changes")
    note = models.ForeignKey(CompanyNote, models.CASCADE, null=True, blank=True, related_name="changes")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    before: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField()
    after: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField()
    at = models.DateTimeField(default=clock.now)
    taken_back_at = models.DateTimeField(null=True, blank=True)

    personal = Personal(
        fields=("user", "before", "after"),
        what="What a colleague changed of a company, a contact or a note, as it was before and after.",
        purpose="To take back what was changed by mistake.",
        kept="A month.",
    )

    class Meta:
        indexes = [models.Index(fields=["at"], name="change_at")]
