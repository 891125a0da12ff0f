"""Companies (by CVR number) and their establishments (by P-number), as the public register knows them."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from indgang.foundation.database import clock
from indgang.foundation.database.personal import NOTHING_PERSONAL, Personal
from indgang.foundation.places.models import Municipality

KEPT = "While the company is served, and five years after the last time."


class Word(models.Model):
    """A word that stands in a company's name or address, folded; `grams` and `near` find it by a part and with a slip (rules/words.py)."""

    text = models.CharField(max_length=60, unique=True)
    grams = ArrayField(models.CharField(max_length=3))
    near = ArrayField(models.CharField(max_length=7))

    personal = Personal(
        fields=("text",),
        what="The words of a company's name and address, which may be its owner's.",
        purpose="To find a company by a part of its name, however it is spelt.",
        kept="As long as the register itself: a word alone leads to nobody.",
    )

    class Meta:
        indexes = [
            GinIndex(fields=["grams"], name="word_grams"),
            GinIndex(fields=["near"], name="word_near"),
        ]


class Company(models.Model):
    """A company. One that has no CVR number yet (somebody about to start) has none here either."""

    cvr = models.CharField(max_length=8, null=True, blank=True, unique=True)
    name = models.CharField(max_length=200)
    municipality = models.ForeignKey(Municipality, models.PROTECT, null=True, blank=True, related_name="+")
    industry_code = models.CharField(max_length=6, blank=True)
    industry_version = models.CharField(max_length=4, blank=True, help_text="DB07 or DB25; empty = not known")
    employees = models.PositiveIntegerField(null=True, blank=True, help_text="Empty = not known, which is not none")
    founded = models.DateField(null=True, blank=True)
    advertising_protected = models.BooleanField(null=True, blank=True, help_text="As the register says; empty = not known")
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=30, blank=True)
    address = models.CharField(max_length=200, blank=True)
    postcode = models.CharField(max_length=10, blank=True)
    city = models.CharField(max_length=100, blank=True)
    foreign_employees = models.BooleanField(null=True, blank=True, help_text="Whether it has employees from abroad; empty = not known")
    same_as = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="same",
        help_text="The lowest id of those judged the same; empty = itself",
    )
    words = ArrayField(models.IntegerField(), default=list, help_text="Ids of the words of its name; `places` those of its address")
    places = ArrayField(models.IntegerField(), default=list)
    by_hand: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(
        default=dict, help_text="Columns that people changed here -> what stood there before, as a table writes it"
    )
    typed: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(
        default=dict, help_text="What people wrote when they wrote it down themselves, before any table, as a table writes it"
    )
    created_at = models.DateTimeField(default=clock.now)

    personal = Personal(
        fields=("name", "email", "phone", "address", "words", "places", "by_hand", "typed"),
        what="A company's name, e-mail address, phone number and address. Where somebody runs a company alone, these are their own.",
        purpose="To know a company again, whoever serves it, and to reach it.",
        kept=KEPT,
    )

    class Meta:
        verbose_name = _("company")
        indexes = [
            GinIndex(fields=["words"], name="company_words"),
            GinIndex(fields=["places"], name="company_places"),
            models.Index(OpClass("phone", name="varchar_pattern_ops"), name="company_phone_begins"),
            models.Index(OpClass(Upper("email"), name="text_pattern_ops"), name="company_email_begins"),
            models.Index(fields=["name", "id"], name="company_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Establishment(models.Model):
    """A place where a company works."""

    p_number = models.CharField(max_length=10, unique=True)
    company = models.ForeignKey(Company, models.PROTECT, related_name="establishments")
    name = models.CharField(max_length=200, blank=True)
    municipality = models.ForeignKey(Municipality, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now)

    personal = NOTHING_PERSONAL

    class Meta:
        verbose_name = _("establishment")

    def __str__(self) -> str:
        return self.name or self.p_number


class Move(models.Model):
    """That the register had another municipality for a company until a day: what lies before that day keeps it."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="moves")
    on = models.DateField()
    municipality = models.ForeignKey(Municipality, models.PROTECT, null=True, blank=True, related_name="+")

    personal = Personal(
        fields=("company",),
        what="Which municipality a company was in until when.",
        purpose="To count what was done for a company where it was then.",
        kept="As long as the company's record.",
    )

    class Meta:
        indexes = [models.Index(fields=["company", "on"], name="move_company")]
