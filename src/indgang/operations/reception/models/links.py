"""Keys that open a journey without an account, codes that confirm an e-mail address, and requests that may be repeated."""

from __future__ import annotations

from django.db import models

from indgang.foundation.database import clock
from indgang.foundation.database.personal import NOTHING_PERSONAL, Personal
from indgang.operations.reception.models.journey import Journey


class LinkKey(models.Model):
    """A key in a link. `manage` opens and changes the journey, `calendar` only reads its calendar file. Only the hash is kept."""

    journey = models.ForeignKey(Journey, models.CASCADE, related_name="keys")
    purpose = models.CharField(max_length=10, choices=[("manage", "manage"), ("calendar", "calendar")])
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()

    personal = NOTHING_PERSONAL


class Code(models.Model):
    """A six-digit code sent to the contact's e-mail address. Five wrong tries end it; it is used once."""

    journey = models.ForeignKey(Journey, models.CASCADE, related_name="codes")
    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)

    personal = Personal(
        fields=("digest",),
        what="The code that we sent to your e-mail address, in a form that nobody can read.",
        purpose="To know that the e-mail address is the contact's own.",
        kept="Seven days.",
    )


class IdempotentRequest(models.Model):
    """A request for a booking or a ticket by its Idempotency-Key: the same request again gets the same answer and writes nothing."""

    key_digest = models.CharField(max_length=64, unique=True)
    body_digest = models.CharField(max_length=64)
    journey = models.ForeignKey(Journey, models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=clock.now)

    personal = NOTHING_PERSONAL
