"""Journal entries and the seals over them.

A database trigger refuses UPDATE, DELETE and TRUNCATE on entries and seals. Another writes each new entry's id to `Pending`, from where
sealing takes it: so entries that commit late are never missed, and an entry that vanishes before its seal is noticed.

Verbs are `<noun>.<past participle>` in lower case, words of one part joined by a hyphen: `journey.booked`, `visit.checked-in`,
`person.read`. An entry whose participle is `read` says that somebody opened a record; it is kept for audit and shown to nobody.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from indgang.foundation.database import clock
from indgang.foundation.database.personal import NOTHING_PERSONAL, Personal
from indgang.foundation.identity.models import Organisation, User
from indgang.foundation.places.models import House
from indgang.foundation.vault.models import Subject


class Circle(models.TextChoices):
    """Who may read an entry, besides the organisation that wrote it."""

    HOUSE = "house", "everyone who staffs the house"
    ORGANISATION = "organisation", "the organisation alone, and the floorwalkers of the house"
    COMPANIES = "companies", "everyone who works with companies"
    TEAM = "team", "the organisation's confidential team alone"
    SYSTEM = "system", "nobody: kept for audit"


class FactEncoder(json.JSONEncoder):
    """Facts as JSON: dates and times in ISO 8601, records by their key, anything else by its text."""

    def default(self, o: Any) -> Any:
        """What JSON itself cannot say."""
        if isinstance(o, dt.date | dt.time):
            return o.isoformat()
        if isinstance(o, models.Model):
            return str(o.pk)
        if isinstance(o, set | frozenset | tuple):
            return sorted(o, key=str)
        return str(o)


class Entry(models.Model):
    """One thing that happened. Plain facts in `before` and `after`; personal text in `personal_text`, under the person's key."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(default=clock.now)
    verb = models.CharField(max_length=60)
    actor_kind = models.CharField(max_length=10)
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", db_index=False)
    house = models.ForeignKey(House, models.PROTECT, null=True, related_name="+", db_index=False)
    circle = models.CharField(max_length=15, choices=Circle.choices, default=Circle.HOUSE)
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=40)
    about = ArrayField(models.CharField(max_length=90), default=list, help_text="Other records it concerns, as type:id")
    before: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict, encoder=FactEncoder)
    after: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict, encoder=FactEncoder)
    personal_text = models.BinaryField(null=True, help_text="Ciphertext under the vault subject's key")
    vault_subject = models.ForeignKey(Subject, models.PROTECT, null=True, related_name="+", db_index=False)

    personal = Personal(
        fields=("user", "personal_text"),
        what="What was done with your case or who looked at it, when, and which colleague it was; words about you are in cipher.",
        purpose="To account for what was done with a case, and for who read it.",
        # Entries are proof and cannot be removed one by one: the database refuses it, and the seals would break. Two things end in time all
        # the same: the key under which personal text lies is destroyed with the person, and the account behind `user` is made anonymous.
        kept="As long as the journal itself; personal text until the person is made anonymous, a colleague's name until the account is.",
    )

    class Meta:
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "-at"], name="entry_subject"),
            models.Index(fields=["at"], name="entry_at"),
            models.Index(fields=["house", "verb"], name="entry_verb"),  # rare things among millions: when hours were changed
            GinIndex(fields=["about"], name="entry_about"),
        ]


class Pending(models.Model):
    """An entry that no seal covers yet. Written by a trigger, emptied by sealing."""

    entry_id = models.BigIntegerField(primary_key=True)

    personal = NOTHING_PERSONAL


class Seal(models.Model):
    """A hash over a batch of entries and over the seal before it. `entry_ids` are in ascending order.

    `entry_digests` holds the SHA-256 of each of those entries, 32 bytes after 32 bytes, so that a changed entry can be named.
    """

    number = models.BigIntegerField(primary_key=True)
    sealed_at = models.DateTimeField(default=clock.now)
    entry_ids = ArrayField(models.BigIntegerField())
    entry_digests = models.BinaryField()
    previous_digest = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    personal = NOTHING_PERSONAL
