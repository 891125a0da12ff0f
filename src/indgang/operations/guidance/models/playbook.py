"""Versions of what a region asks: the playbook of screening visits, and the sustainability wheel with its two uses."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from indgang.foundation.database import clock
from indgang.foundation.database.personal import NOTHING_PERSONAL, Personal
from indgang.foundation.identity.models import Organisation, User
from indgang.foundation.places.models import Region
from indgang.operations.guidance.models.course import Course
from indgang.operations.guidance.rules.playbooks import Book, Dimension, read_book, read_wheel


class Edition(models.Model):
    """A version of something that people are asked, in force from a day until the next one. What was answered with it keeps it."""

    version = models.PositiveSmallIntegerField()
    valid_from = models.DateField()
    content: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)

    class Meta:
        abstract = True


class Playbook(Edition):
    """A version of the playbook of the screening visits."""

    region = models.ForeignKey(Region, models.PROTECT, related_name="playbooks")

    personal = NOTHING_PERSONAL

    class Meta:
        verbose_name = _("playbook")
        constraints = [models.UniqueConstraint(fields=["region", "version"], name="one_playbook_per_version")]

    @cached_property
    def book(self) -> Book:
        """What it asks."""
        return read_book(self.content)


class Wheel(Edition):
    """A version of the sustainability wheel."""

    region = models.ForeignKey(Region, models.PROTECT, related_name="wheels")

    personal = NOTHING_PERSONAL

    class Meta:
        verbose_name = _("sustainability wheel")
        constraints = [models.UniqueConstraint(fields=["region", "version"], name="one_wheel_per_version")]

    @cached_property
    def dimensions(self) -> list[Dimension]:
        """Its spokes."""
        return list(read_wheel(self.content))


class WheelUse(models.Model):
    """Somebody turned the wheel on the public page: that it happened and on which day, and nothing of who or what they answered."""

    wheel = models.ForeignKey(Wheel, models.PROTECT, related_name="uses")
    on = models.DateField()
    key_digest = models.CharField(max_length=64, unique=True, help_text="So that the same finished wheel counts once")

    personal = NOTHING_PERSONAL

    class Meta:
        verbose_name = _("use of the wheel")
        indexes = [models.Index(fields=["wheel", "on"], name="wheel_use_day")]


class WheelFilling(models.Model):
    """The wheel as a part of a course: where the company stands and where it wants to be, {dimension: [now, wanted]}."""

    course = models.ForeignKey(Course, models.PROTECT, related_name="wheels")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    wheel = models.ForeignKey(Wheel, models.PROTECT, related_name="fillings")
    on = models.DateField()
    answers: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    note = models.TextField(blank=True)
    author = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    removed_at = models.DateTimeField(null=True, blank=True)

    personal = Personal(
        fields=("note", "author"),
        what="How a company in a course sees its sustainability, and what was said about it.",
        purpose="To guide the company, and to account for the guidance.",
        kept="The words five years after the day; that the wheel was used as long as its figures are accounted for.",
    )

    class Meta:
        verbose_name = _("wheel of a course")
        indexes = [
            models.Index(fields=["course", "on"], name="wheel_course"),
            models.Index(fields=["organisation", "on"], name="wheel_org"),
        ]
