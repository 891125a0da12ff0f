"""The line in the hall: what a house states about it, and the numbers by which people are called."""

from __future__ import annotations

from django.db import models

from indgang.foundation.database import clock
from indgang.foundation.database.bilingual import Titled
from indgang.foundation.database.personal import NOTHING_PERSONAL
from indgang.foundation.places.models import House
from indgang.operations.reception.rules.line import LineRules


class LineSetting(models.Model):
    """What a house states for its line (rules/line.py says what it means)."""

    house = models.OneToOneField(House, models.CASCADE, related_name="line_setting")
    patience = models.PositiveSmallIntegerField(default=45)
    early = models.PositiveSmallIntegerField(default=5)
    grace = models.PositiveSmallIntegerField(default=10)
    without_room = models.BooleanField(default=False)

    personal = NOTHING_PERSONAL

    @property
    def rules(self) -> LineRules:
        """As the rule of the line reads them."""
        return LineRules(patience=self.patience, early=self.early, grace=self.grace, without_room=self.without_room)


class Priority(Titled):
    """A reason for being called earlier, and how many minutes it counts for."""

    house = models.ForeignKey(House, models.CASCADE, related_name="priorities")
    key = models.SlugField(max_length=60)
    head_start = models.PositiveSmallIntegerField()

    personal = NOTHING_PERSONAL

    class Meta:
        constraints = [models.UniqueConstraint(fields=["house", "key"], name="priority_key_once_per_house")]


class WaitsTold(models.Model):
    """What a house tells about waiting, worked out by one process and told by all: minutes as [middle, low, high], by step and by service.

    Of a step the key is its number, and null stands where nothing can be told.
    """

    house = models.OneToOneField(House, models.CASCADE, related_name="+")
    at = models.DateTimeField(help_text="The moment for which it was worked out")
    steps = models.JSONField()
    newcomers = models.JSONField()

    personal = NOTHING_PERSONAL


class Ticket(models.Model):
    """The number by which a party is called on a day: given to whoever takes a ticket, and to booked parties when they arrive.

    The key in its link shows the place in line and nothing else; only its hash is kept.
    """

    journey = models.ForeignKey("reception.Journey", models.CASCADE, related_name="tickets")
    house = models.ForeignKey(House, models.PROTECT, related_name="+")
    date = models.DateField()
    number = models.PositiveSmallIntegerField()
    key_digest = models.CharField(max_length=64, unique=True)
    issued_at = models.DateTimeField(default=clock.now)

    personal = NOTHING_PERSONAL

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["house", "date", "number"], name="a_number_once_a_day"),
            models.UniqueConstraint(fields=["journey", "date"], name="one_number_for_a_party_a_day"),
        ]
