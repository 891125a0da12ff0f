"""Guidance courses, and what happened in them."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from indgang.foundation.database import clock
from indgang.foundation.database.personal import Personal
from indgang.foundation.identity.models import Organisation, User
from indgang.foundation.places.models import Municipality
from indgang.registers.parties.models import Company, Establishment


class Category(models.TextChoices):
    """The four categories of the business hubs' contract."""

    GROWTH = "growth", _("Growth")
    OPERATIONS = "operations", _("Operations")
    SHORT = "short", _("Short")
    EARLY_WARNING = "early-warning", _("Early Warning")


class Course(models.Model):
    """Guidance of a company by an organisation. `municipality` is where the company was on the first day, `place` where the establishment
    is by now (the company itself, where none is named): the register has no history of establishments."""

    reference = models.CharField(max_length=60, unique=True)
    company = models.ForeignKey(Company, models.PROTECT, related_name="courses")
    establishment = models.ForeignKey(Establishment, models.PROTECT, null=True, blank=True, related_name="courses")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    category = models.CharField(max_length=20, choices=Category.choices)
    fields = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    purpose = models.TextField(blank=True)
    started = models.DateField()
    ended = models.DateField(null=True, blank=True, help_text="The last day; empty = still running")
    hours = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True, help_text="Empty = not known")
    consultant = models.CharField(max_length=150, blank=True)
    user = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", help_text="The consultant, where they log in here"
    )
    result = models.TextField(blank=True)
    municipality = models.ForeignKey(Municipality, models.PROTECT, null=True, blank=True, related_name="+")
    place = models.ForeignKey(Municipality, models.PROTECT, null=True, blank=True, related_name="+")
    by_hand: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(
        default=dict, blank=True, help_text="What people changed here, with what stood before: tables leave it"
    )
    sent_as = models.CharField(max_length=64, null=True, blank=True, unique=True, help_text="Of the form it was sent with, as a hash")
    created_at = models.DateTimeField(default=clock.now)
    removed_at = models.DateTimeField(null=True, blank=True, help_text="Registered by mistake: counted nowhere, and can be brought back")

    personal = Personal(
        fields=("company", "purpose", "consultant", "user", "result", "by_hand"),
        what="What a company is guided about, by whom, from when to when, and what came of it.",
        purpose="To guide the company, and to account for the guidance.",
        kept="Texts five years after the course ended; the course itself as long as its figures are accounted for.",
    )

    class Meta:
        verbose_name = _("guidance course")
        indexes = [
            models.Index(fields=["company", "started"], name="course_company"),
            models.Index(fields=["organisation", "started"], name="course_organisation"),
            models.Index(fields=["started", "ended"], name="course_days"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(ended__gte=models.F("started")), name="course_ends_after_it_starts"),
            models.CheckConstraint(condition=models.Q(hours__gte=0), name="course_hours_not_negative"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def confidential(self) -> bool:
        """Whether only the Early Warning team may know of it."""
        return self.category == Category.EARLY_WARNING


class How(models.TextChoices):
    """The ways to be in contact."""

    VISIT = "visit", _("Visit")
    MEETING = "meeting", _("Meeting at our place")
    ONLINE = "online", _("Online meeting")
    PHONE = "phone", _("Telephone")
    MAIL = "mail", pgettext_lazy("a way to be in contact", "E-mail")


class LogEntry(models.Model):
    """A contact within a course: the log."""

    course = models.ForeignKey(Course, models.CASCADE, related_name="log")
    on = models.DateField()
    how = models.CharField(max_length=10, choices=How.choices)
    text = models.TextField(blank=True)
    hours = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
    author = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    sent_as = models.CharField(max_length=64, null=True, blank=True, unique=True, help_text="Of the form it was sent with, as a hash")
    created_at = models.DateTimeField(default=clock.now)
    removed_at = models.DateTimeField(null=True, blank=True)

    personal = Personal(
        fields=("text", "author"),
        what="When and how a company was in contact with its consultant, and what was said.",
        purpose="To guide the company without asking twice.",
        kept="Five years after the course ended.",
    )

    class Meta:
        verbose_name = _("contact in a course")
        indexes = [models.Index(fields=["course", "-on"], name="log_course")]


class NextStep(models.Model):
    """What was agreed to be done next, by whom, until when."""

    course = models.ForeignKey(Course, models.CASCADE, related_name="next_steps")
    text = models.CharField(max_length=300)
    by_company = models.BooleanField(default=False, help_text="The company does it, not the consultant")
    due = models.DateField(null=True, blank=True)
    done_on = models.DateField(null=True, blank=True)
    author = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    sent_as = models.CharField(max_length=64, null=True, blank=True, unique=True, help_text="Of the form it was sent with, as a hash")
    created_at = models.DateTimeField(default=clock.now)
    removed_at = models.DateTimeField(null=True, blank=True)

    personal = Personal(
        fields=("text", "author"),
        what="What was agreed with a company to be done next, and until when.",
        purpose="To do what was promised.",
        kept="Five years after the course ended.",
    )

    class Meta:
        verbose_name = _("next step")
        indexes = [models.Index(fields=["course", "due"], name="step_course")]
