"""What a step may need beside its desk: an interpreter of a language, or a room."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from indgang.foundation.database.bilingual import Titled
from indgang.foundation.database.personal import NOTHING_PERSONAL
from indgang.foundation.places.models import House
from indgang.operations.reception.models.house import Service


class Kind(models.TextChoices):
    """What it is."""

    INTERPRETER = "interpreter", _("Interpreter")
    ROOM = "room", _("Room")


class Resource(Titled):
    """An interpreter, who comes to any desk, or a room, where the step is done instead of at the desk. One party at a time has it.

    An interpreter is there for `languages`; a room stands in a `zone` and is there for `services`: while a house has a room for a service,
    that service is only done in one.
    """

    house = models.ForeignKey(House, models.PROTECT, related_name="resources")
    key = models.SlugField(max_length=60)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    languages = ArrayField(
        models.CharField(max_length=5), default=list, blank=True, help_text="ISO 639-1 codes, dsl = Danish sign language"
    )
    zone = models.SlugField(max_length=60, blank=True)
    services = models.ManyToManyField(Service, related_name="rooms")
    active_from = models.DateField(null=True, blank=True)
    active_until = models.DateField(null=True, blank=True, help_text="The last day it is there")

    personal = NOTHING_PERSONAL

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["house", "key"], name="resource_key_once_per_house"),
            models.CheckConstraint(
                condition=Q(kind="interpreter", zone="", languages__len__gt=0) | Q(kind="room", languages=[]) & ~Q(zone=""),
                name="an_interpreter_has_languages_and_a_room_a_zone",
            ),
        ]
