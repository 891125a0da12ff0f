"""People the region receives."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models.functions import Upper

from indgang.foundation.database import clock
from indgang.foundation.database.personal import Personal
from indgang.foundation.places.models import Municipality, Region
from indgang.foundation.privacy.fields import EncryptedTextField
from indgang.foundation.vault.models import Subject


class Person(models.Model):
    """Somebody the region receives. `subject` is the key under which the journal keeps text about them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    region = models.ForeignKey(Region, models.PROTECT, related_name="people")
    subject = models.OneToOneField(Subject, models.PROTECT, related_name="+")
    name = models.CharField(max_length=150, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=30, blank=True)
    language = models.CharField(max_length=5, default="en")
    citizenship = models.CharField(max_length=3, blank=True, help_text="ISO 3166 alpha-3; empty = unknown")
    municipality = models.ForeignKey(Municipality, models.PROTECT, null=True, blank=True, related_name="+")
    cpr = EncryptedTextField(blank=True, default="")
    created_at = models.DateTimeField(default=clock.now)
    anonymised_at = models.DateTimeField(null=True, blank=True)

    personal = Personal(
        fields=("name", "email", "phone", "language", "citizenship", "municipality", "cpr"),
        what="Your name, e-mail address, phone number, language, citizenship and municipality, and your CPR number if it was given.",
        purpose="To receive the person in the house, to write to them about their visit and to know them at the next desk.",
        kept="Two years after the last visit, then made anonymous.",
    )

    class Meta:
        indexes = [
            models.Index(Upper("email"), name="person_email"),  # asked for in any case, by every booking
            models.Index(fields=["name", "id"], name="person_name"),  # a search reads in this order and stops when its page is full
        ]

    def __str__(self) -> str:
        return self.name or str(self.id)
