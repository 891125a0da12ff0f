"""Screening visits: asked for or planned, filled in, shared, and what they lead to."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from indgang.foundation.database import clock
from indgang.foundation.database.personal import Personal
from indgang.foundation.identity.models import Organisation, User
from indgang.foundation.places.models import Municipality
from indgang.operations.guidance.models.playbook import Playbook
from indgang.registers.parties.models import Company, Consent, Establishment, Field


class ScreeningState(models.TextChoices):
    """Where a visit stands."""

    REQUESTED = "requested", _("Asked for")
    PLANNED = "planned", _("Planned")
    HELD = "held", _("Held")
    CANCELLED = "cancelled", _("Cancelled")


class Screening(models.Model):
    """A visit at a company by its home municipality. One that the company asked for may not be in the register yet: then it has the name
    and CVR number as the company wrote them, and gets its company when it is planned."""

    reference = models.CharField(max_length=60, unique=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    municipality = models.ForeignKey(Municipality, models.PROTECT, null=True, blank=True, related_name="+")
    company = models.ForeignKey(Company, models.PROTECT, null=True, blank=True, related_name="screenings")
    establishment = models.ForeignKey(Establishment, models.PROTECT, null=True, blank=True, related_name="screenings")
    visited_in = models.ForeignKey(
        Municipality,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Of the establishment; empty: `municipality`",
    )
    company_name = models.CharField(max_length=200, blank=True)
    cvr = models.CharField(max_length=8, blank=True)
    state = models.CharField(max_length=10, choices=ScreeningState.choices)
    before_cancelled = models.CharField(max_length=10, choices=ScreeningState.choices, blank=True)
    contact_name = models.CharField(max_length=150, blank=True)
    contact_email = models.EmailField(blank=True)
    contact_phone = models.CharField(max_length=30, blank=True)
    language = models.CharField(max_length=5, default="da")
    wish = models.TextField(blank=True)
    by_company = models.BooleanField(default=False, help_text="The company asked for it on the public page")
    confirmed_at = models.DateTimeField(null=True, blank=True, help_text="When whoever asked showed that they read their mail")
    letters = models.PositiveSmallIntegerField(default=0)
    date = models.DateField(null=True, blank=True)
    time = models.TimeField(null=True, blank=True)
    place = models.CharField(max_length=200, blank=True)
    consultant = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    playbook = models.ForeignKey(Playbook, models.PROTECT, null=True, blank=True, related_name="screenings")
    summary = models.TextField(blank=True, help_text="What the company is told in the result, in the consultant's words")
    created_at = models.DateTimeField(default=clock.now)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    personal = Personal(
        fields=(
            "company",
            "company_name",
            "cvr",
            "contact_name",
            "contact_email",
            "contact_phone",
            "wish",
            "place",
            "consultant",
            "summary",
            "created_by",
        ),
        what="Who asked for a screening visit of a company and how to reach them, what they wished, when and where it was, and the result.",
        purpose="To hold the visit, to give the company its result, and to account for it.",
        kept="A request that nobody confirmed seven days, the rest five years after the visit; that it was held while figures count it.",
    )

    class Meta:
        verbose_name = _("screening visit")
        indexes = [
            models.Index(fields=["organisation", "state", "date"], name="screening_list"),
            models.Index(fields=["company", "date"], name="screening_company"),
            models.Index(fields=["municipality", "date"], name="screening_municipality"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state__in=["planned", "held"]) | models.Q(date__isnull=False, company__isnull=False),
                name="planned_screening_has_day_and_company",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def shown_name(self) -> str:
        """The company's name, as the register has it or as it wrote itself."""
        return self.company.name if self.company and self.company.name else self.company_name


class ParticipantKind(models.TextChoices):
    """On whose behalf somebody takes part."""

    OFFICE = "office", _("Business office")
    ENVIRONMENT = "environment", _("Environment department")
    HUB = "hub", _("Business hub")
    COMPANY = "company", _("The company")


class Participant(models.Model):
    """Somebody who takes part in a visit."""

    screening = models.ForeignKey(Screening, models.CASCADE, related_name="participants")
    kind = models.CharField(max_length=15, choices=ParticipantKind.choices)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=150, blank=True)

    personal = Personal(
        fields=("name",),
        what="Who takes part in a screening visit, and for whom.",
        purpose="To bring the right people together.",
        kept="Five years after the visit.",
    )

    class Meta:
        verbose_name = _("participant")
        constraints = [models.UniqueConstraint(fields=["screening", "kind"], name="one_line_per_kind_of_participant")]


class Answer(models.Model):
    """An answer to a question, or (`question` empty) what was noted about the topic as a whole. No score: not asked, or does not apply."""

    screening = models.ForeignKey(Screening, models.CASCADE, related_name="answers")
    topic = models.SlugField(max_length=40)
    question = models.SlugField(max_length=60, blank=True)
    score = models.PositiveSmallIntegerField(null=True, blank=True)
    not_relevant = models.BooleanField(default=False)
    note = models.TextField(blank=True)
    author = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField(default=clock.now)

    personal = Personal(
        fields=("note", "author"),
        what="What was answered and noted at a screening visit, and by whom.",
        purpose="To give the company its result.",
        kept="Five years after the visit.",
    )

    class Meta:
        verbose_name = _("answer at a screening visit")
        constraints = [
            models.UniqueConstraint(fields=["screening", "topic", "question"], name="one_answer_per_question"),
            models.CheckConstraint(condition=models.Q(score=None) | models.Q(score__lte=4), name="answer_score_on_the_scale"),
        ]


class ResultShare(models.Model):
    """The company agreed that an organisation sees the result of this visit; it ends with the consent, or by itself."""

    screening = models.ForeignKey(Screening, models.CASCADE, related_name="shares")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    consent = models.ForeignKey(Consent, models.CASCADE, related_name="+")
    shared_at = models.DateTimeField(default=clock.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    personal = Personal(
        fields=("consent",),
        what="Which organisations may see the result of a screening visit, because the company agreed.",
        purpose="To show the result to those and to nobody else.",
        kept="Five years after the visit.",
    )

    class Meta:
        verbose_name = _("shared result")
        constraints = [
            models.UniqueConstraint(
                fields=["screening", "organisation"], condition=models.Q(withdrawn_at=None), name="result_shared_once_with_each"
            ),
        ]


class LeadState(models.TextChoices):
    """Where a lead stands. The referrals take it from `recorded` on."""

    RECORDED = "recorded", _("Recorded")
    WITHDRAWN = "withdrawn", _("Taken back")


class Lead(models.Model):
    """Something another organisation (or a named adviser) can help the company with, passed on with its consent."""

    screening = models.ForeignKey(Screening, models.PROTECT, related_name="leads")
    field = models.CharField(max_length=40, choices=Field.choices)
    topic = models.SlugField(max_length=40, blank=True)
    text = models.TextField()
    to_organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    to_adviser = models.CharField(max_length=200, blank=True, help_text="A named adviser outside the organisations that work here")
    consent = models.ForeignKey(Consent, models.SET_NULL, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=10, choices=LeadState.choices, default=LeadState.RECORDED)
    author = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now)

    personal = Personal(
        fields=("text", "to_adviser", "author"),
        what="What a company could be helped with after a screening visit, by whom, and who wrote it down.",
        purpose="To pass the company on to somebody who can help, as it agreed.",
        kept="Five years after the visit.",
    )

    class Meta:
        verbose_name = _("lead of a screening visit")
        indexes = [models.Index(fields=["screening", "created_at"], name="lead_screening")]
        constraints = [
            models.CheckConstraint(condition=~models.Q(to_organisation=None) | ~models.Q(to_adviser=""), name="lead_goes_to_somebody"),
        ]
