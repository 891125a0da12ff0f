"""What people are asked after their visit, who was asked, and what they answered. Nothing leads from an answer to a person."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from indgang.foundation.database.bilingual import Titled
from indgang.foundation.database.personal import NOTHING_PERSONAL, Personal
from indgang.foundation.places.models import House
from indgang.foundation.privacy.fields import EncryptedTextField
from indgang.operations.reception.models.journey import Journey


class Kind(models.TextChoices):
    """How a question is answered."""

    YES_PARTLY_NO = "yes-partly-no", _("Yes, partly, no")
    SCALE = "scale", _("1 to 5")
    TEXT = "text", _("In words")


class AfterVisit(models.Model):
    """The house asks after a visit; with `mail` those who gave an e-mail address get a letter the next morning."""

    house = models.OneToOneField(House, models.CASCADE, related_name="after_visit")
    mail = models.BooleanField(default=False)

    personal = NOTHING_PERSONAL


class Question(Titled):
    """A question of a house, in the order of `position`."""

    house = models.ForeignKey(House, models.CASCADE, related_name="questions")
    key = models.SlugField(max_length=60)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    position = models.PositiveSmallIntegerField()

    personal = NOTHING_PERSONAL

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["house", "key"], name="question_once_per_house")]


class Invitation(models.Model):
    """A party was asked. `used` once it has answered or declined; when is not kept, so that no answer can be found by its time."""

    journey = models.OneToOneField(Journey, models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    expires_on = models.DateField()
    used = models.BooleanField(default=False)

    personal = Personal(
        fields=("used",),
        what="That we asked how your visit was, and whether you answered or declined. Not what you answered.",
        purpose="To ask only once.",
        kept="Two weeks.",
    )


class VisitAnswer(models.Model):
    """What somebody answered about a visit on a day, with the services they came for and the language they spoke: never who."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    house = models.ForeignKey(House, models.CASCADE, related_name="+")
    day = models.DateField(help_text="Of the visit")
    services = ArrayField(models.SlugField(max_length=60))
    language = models.CharField(max_length=5)
    choices: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(help_text="By question: yes, partly, no, or 1 to 5")
    text = EncryptedTextField(default="")

    personal = Personal(
        fields=("text",),
        what="What you wrote about your visit, encrypted and without your name.",
        purpose="To learn what to do better.",
        kept="One year; the figures are kept.",
    )

    class Meta:
        indexes = [models.Index(fields=["house", "day"], name="visit_answer_day")]


class NoQuestions(models.Model):
    """An e-mail address, as a hash, whose owner wants no more questions after visits."""

    digest = models.CharField(max_length=64, unique=True)
    since = models.DateField()

    personal = Personal(
        fields=("digest",),
        what="That an e-mail address wants no questions after visits; the address in a form that nobody can read.",
        purpose="Not to ask again.",
        kept="Two years.",
    )
