"""The outreach agreement of a business office with the hub, year by year, with its four meetings; and who is who."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from indgang.foundation.database import clock
from indgang.foundation.database.personal import Personal
from indgang.foundation.identity.models import Organisation, User
from indgang.foundation.places.models import Region
from indgang.registers.parties.models import Company, Field

MEETINGS = (1, 2, 3, 4)  # the addendum of 2021, section 3: focus; follow-up; follow-up; follow-up and conclusions


class Outreach(models.Model):
    """What a business office and the hub agree for a year: where to look, whom to visit, what to do together. Agreed when both have said
    so; who changes it afterwards says so again, and the other is asked anew."""

    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    hub = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    fields = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    industries = models.TextField(blank=True, help_text="In words; the codes in it find the companies")
    companies = models.ManyToManyField(Company, blank=True, related_name="in_outreach")
    collective = models.TextField(blank=True)
    proactive = models.TextField(blank=True)
    calendar = models.TextField(blank=True)
    office_agreed_at = models.DateTimeField(null=True, blank=True)
    office_agreed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    hub_agreed_at = models.DateTimeField(null=True, blank=True)
    hub_agreed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1, help_text="Counts the changes, so that nobody writes over what they have not seen")
    created_at = models.DateTimeField(default=clock.now)

    personal = Personal(
        fields=("office_agreed_by", "hub_agreed_by", "companies", "proactive", "calendar"),
        what="Which companies a business office and the hub want to visit in a year, what they plan, and who agreed to it.",
        purpose="To agree who approaches which companies, and to follow up on it.",
        kept="Five years after the year; then who agreed, the companies and the words go.",
    )

    class Meta:
        verbose_name = _("outreach agreement")
        constraints = [models.UniqueConstraint(fields=["office", "year"], name="one_outreach_a_year")]

    def __str__(self) -> str:
        return f"{self.office} {self.year}"

    @property
    def agreed(self) -> bool:
        """Whether both have agreed to what it says."""
        return bool(self.office_agreed_at and self.hub_agreed_at)


class Meeting(models.Model):
    """One of the four fixed meetings of a year: when, who took part, what was agreed."""

    outreach = models.ForeignKey(Outreach, models.CASCADE, related_name="meetings")
    number = models.PositiveSmallIntegerField()
    on = models.DateField(null=True, blank=True)
    participants = models.CharField(max_length=500, blank=True)
    notes = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    personal = Personal(
        fields=("participants", "notes"),
        what="Who took part in a meeting between a business office and the hub, and what was agreed there.",
        purpose="To do what was agreed, and to follow up on it at the next meeting.",
        kept="Five years after the year.",
    )

    class Meta:
        verbose_name = _("meeting")
        constraints = [
            models.UniqueConstraint(fields=["outreach", "number"], name="each_meeting_once"),
            models.CheckConstraint(condition=models.Q(number__in=MEETINGS), name="four_meetings"),
        ]


class DutyKind(models.TextChoices):
    """What somebody is the one for."""

    CONTACT = "contact", _("The hub’s contact person for an office")
    OFFICE = "office", _("The office’s own contact")
    FIELD = "field", _("Owner of a field at the hub")


class Duty(models.Model):
    """Who is who: somebody who is the one to ask about an office (geography) or a field."""

    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=DutyKind.choices)
    office = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    field = models.CharField(max_length=40, choices=Field.choices, blank=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", help_text="Where they work")
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", help_text="Their account, where they have one")
    name = models.CharField(max_length=150)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=30, blank=True)
    confirmed_on = models.DateField(help_text="When somebody last said that it is right")
    created_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    personal = Personal(
        fields=("user", "name", "email", "phone"),
        what="Which colleague is the contact person of a business office or the owner of a field, and how to reach them.",
        purpose="To let everyone who works with companies know whom to ask.",
        kept="While they are the one to ask, and a year after.",
    )

    class Meta:
        verbose_name = _("entry of who is who")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="field", office=None) & ~models.Q(field="")
                | ~models.Q(kind="field") & models.Q(field="", office__isnull=False),
                name="duty_of_an_office_or_a_field",
            ),
            models.UniqueConstraint(
                fields=["kind", "office", "field", "user"],
                condition=models.Q(ended_at=None, user__isnull=False),
                nulls_distinct=False,
                name="one_running_duty",
            ),
        ]

    def __str__(self) -> str:
        return self.name
