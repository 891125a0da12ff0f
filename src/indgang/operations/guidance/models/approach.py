"""Who approaches whom: the division of labour, what was decided where it is grey, contacts that are planned, and what offices are told."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from indgang.foundation.database import clock
from indgang.foundation.database.personal import NOTHING_PERSONAL, Personal
from indgang.foundation.identity.models import Organisation, User
from indgang.foundation.places.models import Region
from indgang.operations.guidance.models.course import Course
from indgang.registers.parties.models import Company, Field


class DivisionOfLabour(models.Model):
    """A version of a region's division of labour, in force from a day on: the content of its file (rules/approach.py reads it)."""

    region = models.ForeignKey(Region, models.PROTECT, related_name="divisions_of_labour")
    valid_from = models.DateField()
    content: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField()

    personal = NOTHING_PERSONAL

    class Meta:
        verbose_name = _("division of labour")
        constraints = [models.UniqueConstraint(fields=["region", "valid_from"], name="one_division_from_a_day")]


class PlannedContact(models.Model):
    """Somebody is going to contact a company. It counts until `expires` and everyone who works with companies sees it."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="planned_contacts")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    field = models.CharField(max_length=40, choices=Field.choices, blank=True, help_text="What about; empty = general guidance")
    on = models.DateField(help_text="The day it is planned for")
    expires = models.DateField(help_text="The last day on which it counts")
    created_at = models.DateTimeField(default=clock.now)
    taken_back_at = models.DateTimeField(null=True, blank=True)

    personal = Personal(
        fields=("company", "user"),
        what="That a colleague is going to contact a company (where somebody runs it alone: them), and when.",
        purpose="To keep two organisations from calling the same company at once.",
        kept="A year after it stopped counting.",
    )

    class Meta:
        verbose_name = _("planned contact")
        indexes = [models.Index(fields=["company", "expires"], name="planned_company"), models.Index(fields=["user"], name="planned_user")]
        constraints = [
            models.CheckConstraint(condition=models.Q(expires__gte=models.F("on")), name="planned_expires_after_it"),
        ]


class Size(models.TextChoices):
    """The sizes that the division of labour tells apart."""

    ENTREPRENEUR = "entrepreneur", _("Entrepreneurs")
    SMALL = "small", _("Small and medium-sized companies")
    LARGE = "large", _("Large companies")


class GreyZone(models.Model):
    """What was decided about who approaches whom, where the division of labour is not clear. Nothing is changed in it: a later decision
    replaces it, and both stay."""

    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    question = models.CharField(max_length=300)
    decision = models.CharField(max_length=500)
    reason = models.TextField(blank=True)
    parties = models.ManyToManyField(Organisation, related_name="+")
    decided_on = models.DateField()
    field = models.CharField(max_length=40, choices=Field.choices, blank=True)
    size = models.CharField(max_length=15, choices=Size.choices, blank=True)
    industries = ArrayField(models.CharField(max_length=6), default=list, blank=True, help_text="Codes without dots; empty = any")
    company = models.ForeignKey(Company, models.CASCADE, null=True, blank=True, related_name="grey_zones")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", help_text="Who wrote it down")
    author = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    replaced_by = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaces")
    form_key = models.CharField(max_length=40, unique=True, help_text="Names the form it was written in, so that it is stored once")
    created_at = models.DateTimeField(default=clock.now)

    personal = Personal(
        fields=("company", "author", "question", "decision", "reason"),
        what="What was decided about who approaches a company or a kind of companies, why, and who wrote it down.",
        purpose="To decide the same question once, and to find the answer again.",
        kept="Decisions about one company, and the name of who wrote any of them down: five years. The others as long as they are of use.",
    )

    class Meta:
        verbose_name = _("decision about a grey zone")
        indexes = [models.Index(fields=["region", "-decided_on"], name="grey_zone_region")]

    def __str__(self) -> str:
        return self.question


class OfficeNotice(models.Model):
    """That the hub begins a course for a company of an office's municipality, or meets it: who, when and in which field, never what was
    said. `source` is the record it tells of; `taken_back_at`, when that was a mistake."""

    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", help_text="Who meets the company")
    company = models.ForeignKey(Company, models.CASCADE, related_name="office_notices")
    course = models.ForeignKey(Course, models.CASCADE, related_name="office_notices")
    what = models.CharField(max_length=10, help_text="begun, or a way to meet")
    on = models.DateField()
    consultant = models.CharField(max_length=150, blank=True)
    fields = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    source = models.CharField(max_length=60, unique=True)
    created_at = models.DateTimeField(default=clock.now)
    taken_back_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)

    personal = Personal(
        fields=("company", "consultant"),
        what="That the business hub met a company, who of the hub, when, and about which field.",
        purpose="To let the business office of the municipality know, as the agreement between them asks.",
        kept="Two years.",
    )

    class Meta:
        verbose_name = _("notice to a business office")
        indexes = [models.Index(fields=["office", "-on"], name="notice_office")]
