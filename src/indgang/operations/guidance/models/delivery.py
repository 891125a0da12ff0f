"""Information and service: the light form of guidance."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from indgang.foundation.database import clock
from indgang.foundation.database.personal import Personal
from indgang.foundation.identity.models import Organisation, User
from indgang.foundation.places.models import Municipality
from indgang.registers.parties.models import Company, Establishment


class DeliveryKind(models.TextChoices):
    """What was given."""

    INFORMATION = "information", _("Information")
    SERVICE = "service", pgettext_lazy("given to a company", "Service")


class Delivery(models.Model):
    """An organisation informed or served a company on a day. `municipality` and `place` are as those of a course."""

    reference = models.CharField(max_length=60, unique=True)
    company = models.ForeignKey(Company, models.PROTECT, related_name="deliveries")
    establishment = models.ForeignKey(Establishment, models.PROTECT, null=True, blank=True, related_name="deliveries")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=DeliveryKind.choices)
    topic = models.CharField(max_length=200, blank=True)
    date = models.DateField()
    author = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    municipality = models.ForeignKey(Municipality, models.PROTECT, null=True, blank=True, related_name="+")
    place = models.ForeignKey(Municipality, models.PROTECT, null=True, blank=True, related_name="+")
    by_hand: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(
        default=dict, blank=True, help_text="What people changed here, with what stood before: tables leave it"
    )
    sent_as = models.CharField(max_length=64, null=True, blank=True, unique=True, help_text="Of the form it was sent with, as a hash")
    created_at = models.DateTimeField(default=clock.now)
    removed_at = models.DateTimeField(null=True, blank=True)

    personal = Personal(
        fields=("company", "topic", "author", "by_hand"),
        what="That a company was informed or served, about what, and when.",
        purpose="To know what the company has heard already, and to account for it.",
        kept="The topic five years; the rest as long as its figures are accounted for.",
    )

    class Meta:
        verbose_name = _("delivery")
        indexes = [
            models.Index(fields=["company", "date"], name="delivery_company"),
            models.Index(fields=["organisation", "date"], name="delivery_organisation"),
        ]

    def __str__(self) -> str:
        return self.reference
