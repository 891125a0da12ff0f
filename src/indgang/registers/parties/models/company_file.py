"""What an organisation keeps about a company: the people it knows there, its notes, and what the company agreed to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from indgang.foundation.database import clock
from indgang.foundation.database.personal import Personal
from indgang.foundation.identity.models import Organisation, User
from indgang.registers.parties.models.company import Company
from indgang.registers.parties.models.sharing import Sharing
from indgang.registers.parties.rules.words import traces_of


class Contact(models.Model):
    """Somebody at a company, as an organisation knows them, for as long as they have that role."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="contacts")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    sharing = models.CharField(max_length=15, choices=Sharing.choices, default=Sharing.ORGANISATION)
    name = models.CharField(max_length=150)
    role = models.CharField(max_length=100, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=30, blank=True)
    started = models.DateField(null=True, blank=True)
    ended = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    removed_at = models.DateTimeField(null=True, blank=True, help_text="Written down by mistake; can be brought back")
    traces = ArrayField(models.CharField(max_length=8), default=list, help_text="What the name is found by (rules/words.py)")

    personal = Personal(
        fields=("name", "role", "email", "phone", "traces"),
        what="The name, role, e-mail address and phone number of somebody who works at a company, and from when to when.",
        purpose="To reach the company through the person it chose.",
        kept="While they have that role, and two years after; a month where somebody noted it by mistake and took it away.",
    )

    class Meta:
        verbose_name = _("contact")
        indexes = [
            models.Index(fields=["company"], name="contact_company"),
            models.Index(fields=["name"], name="contact_name"),
            models.Index(OpClass(Upper("email"), name="text_pattern_ops"), name="contact_email_begins"),
            models.Index(OpClass("phone", name="varchar_pattern_ops"), name="contact_phone_begins"),
            GinIndex(fields=["traces"], name="contact_traces"),
        ]
        constraints = [models.CheckConstraint(condition=models.Q(ended__gte=models.F("started")), name="contact_ends_after_it_starts")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        """Whoever writes a name writes what it is found by."""
        self.traces = traces_of(self.name)
        fields = None if update_fields is None else {*update_fields, "traces"}
        super().save(*args, update_fields=fields, **kwargs)


class CompanyNote(models.Model):
    """What a colleague wrote down about a company."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="notes")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    sharing = models.CharField(max_length=15, choices=Sharing.choices, default=Sharing.ORGANISATION)
    author = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    text = models.TextField()
    on = models.DateField(help_text="The local day of what it tells of")
    created_at = models.DateTimeField(default=clock.now)
    changed_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    personal = Personal(
        fields=("text", "author"),
        what="A note about a company, who wrote it and when.",
        purpose="To remember what was said and agreed, so that the company need not say it again.",
        kept="Five years; a month where somebody took it away.",
    )

    class Meta:
        verbose_name = _("note")
        indexes = [models.Index(fields=["company", "-on"], name="note_company")]


class ConsentKind(models.TextChoices):
    """What a company can agree to."""

    MARKETING = "marketing", _("Newsletters and invitations by e-mail")
    SHARING = "sharing", _("Passing on what was found at a visit")


class Consent(models.Model):
    """What a company agreed to, towards which organisation, how, and until when. Electronic marketing needs one (marketing act, § 10)."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="consents")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, blank=True, related_name="consents")
    kind = models.CharField(max_length=20, choices=ConsentKind.choices)
    sharing = models.CharField(max_length=15, choices=Sharing.choices, default=Sharing.ORGANISATION)
    how = models.CharField(max_length=200, blank=True, help_text="Who said so, and where")
    given_at = models.DateTimeField(default=clock.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    personal = Personal(
        fields=("contact", "how"),
        what="What somebody agreed to on behalf of a company, how and when, and when they took it back.",
        purpose="To be able to show that there is a consent, and to respect that there is none.",
        kept="Two years after it was taken back.",
    )

    class Meta:
        verbose_name = _("consent")
        constraints = [
            models.UniqueConstraint(
                fields=["company", "organisation", "kind", "contact"],
                condition=models.Q(withdrawn_at=None),
                nulls_distinct=False,
                name="one_standing_consent",
            ),
        ]
