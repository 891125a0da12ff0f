"""The waiting list: who found no time, what they were offered since, and that places have become free."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from indgang.foundation.database import clock
from indgang.foundation.database.personal import NOTHING_PERSONAL, Personal
from indgang.foundation.places.models import House
from indgang.operations.reception.models.journey import Journey


class Ended(models.TextChoices):
    """Why somebody no longer waits."""

    BOOKED = "booked", _("Took a time")
    LEFT = "left", _("Left the list")
    OVER = "over", _("Their days have passed")
    UNCONFIRMED = "unconfirmed", _("E-mail address never confirmed")
    REMOVED = "removed", _("Taken off by the house")


class WaitingEntry(models.Model):
    """A party that waits for a time, from when its e-mail address was confirmed until `ended_at`. `wish` is its plan request.

    Nothing of it is a booking: what they are offered stands in `offers`, what they took in `journey`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    house = models.ForeignKey(House, models.CASCADE, related_name="waiting_entries")
    name = models.CharField(max_length=150)
    email = models.EmailField(max_length=254)
    phone = models.CharField(max_length=20, blank=True)
    language = models.CharField(max_length=5, default="en")
    companions = models.JSONField(default=list, help_text="Names of those who come along, in the order of the wish")
    wish = models.JSONField(help_text="The plan request, as it travels in offers")
    earliest = models.DateField()
    latest = models.DateField()
    party_digest = models.CharField(max_length=64, blank=True, help_text="Hash over who travels, for the bulk limit")
    request_digest = models.CharField(max_length=64, unique=True, help_text="Hash of the form's own key: sent twice, it is one entry")
    created_at = models.DateTimeField(default=clock.now)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    unanswered = models.PositiveSmallIntegerField(default=0, help_text="Offers in a row that nobody answered")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended = models.CharField(max_length=12, choices=Ended.choices, blank=True)
    journey = models.ForeignKey(Journey, models.SET_NULL, null=True, blank=True, related_name="+")

    personal = Personal(
        fields=("name", "email", "phone", "companions", "wish", "party_digest"),
        what="Your place on the waiting list: names, e-mail address, phone number, your answers, and a check number for who comes.",
        purpose="To offer the party a time that becomes free, in the order in which people came.",
        kept="Until a week after the party has taken a time or left the list, or its days have passed.",
    )

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(ended_at=None) ^ ~Q(ended=""), name="a_wait_that_ended_says_why")]
        indexes = [models.Index(fields=["house", "confirmed_at"], condition=Q(ended_at=None), name="waiting_in_order")]


class Answer(models.TextChoices):
    """What became of an offer. Open ones count until their time is up."""

    OPEN = "open", _("Offered")
    ACCEPTED = "accepted", _("Taken")
    DECLINED = "declined", _("Declined")
    UNANSWERED = "unanswered", _("Not answered")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class WaitingOffer(models.Model):
    """A time that is held for somebody who waits, until `until`. `offer` is the signed itinerary. One at a time for each party."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entry = models.ForeignKey(WaitingEntry, models.CASCADE, related_name="offers")
    offer = models.TextField()
    starts = models.DateTimeField()
    ends = models.DateTimeField()
    made_at = models.DateTimeField()
    until = models.DateTimeField()
    answer = models.CharField(max_length=10, choices=Answer.choices, default=Answer.OPEN)

    personal = Personal(
        fields=("offer",),
        what="The times that we have offered you from the waiting list, and what you answered.",
        purpose="To book what was offered, and not to offer it twice.",
        kept="As long as the place on the waiting list.",
    )

    class Meta:
        ordering = ["made_at"]
        constraints = [
            models.UniqueConstraint(fields=["entry"], condition=Q(answer="open"), name="one_open_offer_for_a_waiting_party"),
        ]


class FreedPlaces(models.Model):
    """Places of a house have become free, and nobody has yet looked who waits for them: written with the change that freed them."""

    house = models.ForeignKey(House, models.CASCADE, related_name="+")
    at = models.DateTimeField(default=clock.now)

    personal = NOTHING_PERSONAL
