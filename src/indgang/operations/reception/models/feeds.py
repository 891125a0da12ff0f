"""Private addresses from which a colleague's calendar program reads a desk's bookings, or the colleague's own week."""

from __future__ import annotations

from django.db import models

from indgang.foundation.database import clock
from indgang.foundation.database.personal import Personal
from indgang.foundation.identity.models import Organisation, User
from indgang.foundation.places.models import House
from indgang.operations.reception.models.house import Desk


class Feed(models.Model):
    """A calendar that somebody has subscribed to: of a desk, or without one of the owner's own turns. Only the hash of its key is kept.

    It shows what the owner may see, as long as the owner may see it.
    """

    owner = models.ForeignKey(User, models.CASCADE, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", help_text="Whose leaders may end it")
    house = models.ForeignKey(House, models.PROTECT, related_name="+")
    desk = models.ForeignKey(Desk, models.CASCADE, null=True, blank=True, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=clock.now)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_fetched_at = models.DateTimeField(null=True, blank=True)
    hour = models.DateTimeField(null=True, blank=True, help_text="The hour in which `fetches` are counted")
    fetches = models.PositiveIntegerField(default=0)

    personal = Personal(
        fields=("owner", "last_fetched_at", "hour", "fetches"),
        what="Which colleague reads which calendar in a calendar program, and when it was last fetched.",
        purpose="To show a colleague the own day where the other appointments are, and to end that when the role ends.",
        kept="Until it is ended, the role ends or the desk is another authority's, then 30 days.",
        of_colleagues=True,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "house", "desk"], condition=models.Q(revoked_at=None), name="one_running_feed", nulls_distinct=False
            ),
        ]
