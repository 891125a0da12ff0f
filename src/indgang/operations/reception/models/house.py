"""What a house offers: which services, at which desks, when, and how far apart. All of it region data."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from indgang.foundation.database.bilingual import Titled
from indgang.foundation.database.personal import NOTHING_PERSONAL
from indgang.foundation.identity.models import Organisation
from indgang.foundation.places.models import House, Region


class Service(Titled):
    """Something an authority does for people at a desk, and how long it takes: `minutes` for one person, so many more for each further."""

    region = models.ForeignKey(Region, models.PROTECT, related_name="services")
    key = models.SlugField(max_length=60)
    authority = models.ForeignKey(Organisation, models.PROTECT, related_name="services")
    minutes = models.PositiveSmallIntegerField()
    minutes_per_further_adult = models.PositiveSmallIntegerField(default=0)
    minutes_per_child = models.PositiveSmallIntegerField(default=0)
    facts: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(
        default=dict, help_text="summary_da, summary_en and the like"
    )

    personal = NOTHING_PERSONAL

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "key"], name="service_key_once_per_region"),
            models.CheckConstraint(condition=models.Q(minutes__gt=0), name="service_takes_time"),
        ]


class Desk(Titled):
    """Where one clerk serves one party at a time. Desks in the same `zone` have no walking time between them."""

    house = models.ForeignKey(House, models.PROTECT, related_name="desks")
    key = models.SlugField(max_length=60)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="desks")
    zone = models.SlugField(max_length=60)
    services = models.ManyToManyField(Service, related_name="desks")
    languages = ArrayField(models.CharField(max_length=5), help_text="ISO 639-1 codes, the desk's own first")
    active_from = models.DateField(null=True, blank=True)
    active_until = models.DateField(null=True, blank=True, help_text="The last day it is open")
    only_in_sessions = models.BooleanField(default=False, help_text="It follows no hours, only the sessions that it takes part in")

    personal = NOTHING_PERSONAL

    class Meta:
        constraints = [models.UniqueConstraint(fields=["house", "key"], name="desk_key_once_per_house")]


class Weekday(models.IntegerChoices):
    """Days as Python and ISO order them, Monday first."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class Hours(models.Model):
    """When the house receives people on a weekday, or one desk or resource of it; a break is the gap between two rows.

    A desk or resource that has hours of its own on a date follows those alone; the others follow the house.
    """

    house = models.ForeignKey(House, models.PROTECT, related_name="hours")
    desk = models.ForeignKey(Desk, models.CASCADE, null=True, blank=True, related_name="hours")
    resource = models.ForeignKey("reception.Resource", models.CASCADE, null=True, blank=True, related_name="hours")
    weekday = models.PositiveSmallIntegerField(choices=Weekday.choices)
    opens = models.TimeField()
    closes = models.TimeField()
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)

    personal = NOTHING_PERSONAL

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(closes__gt=models.F("opens")), name="hours_open_before_they_close"),
            models.CheckConstraint(condition=models.Q(desk=None) | models.Q(resource=None), name="hours_of_a_desk_or_a_resource"),
        ]


class Closure(Titled):
    """Days on which the house, one desk or one resource is closed (public holidays are known); with times, parts of these days.

    Those that staff wrote (`by_staff`) and those that they lifted are not the region's files' to change.
    """

    house = models.ForeignKey(House, models.PROTECT, related_name="closures")
    desk = models.ForeignKey(Desk, models.CASCADE, null=True, blank=True, related_name="closures")
    resource = models.ForeignKey("reception.Resource", models.CASCADE, null=True, blank=True, related_name="closures")
    first_day = models.DateField()
    last_day = models.DateField()
    from_time = models.TimeField(null=True, blank=True, help_text="Closed from then on, on each of the days; empty = from the morning on")
    until_time = models.TimeField(null=True, blank=True, help_text="Closed until then, on each of the days; empty = to the end of the day")
    by_staff = models.BooleanField(default=False)
    lifted_at = models.DateTimeField(null=True, blank=True, help_text="Called off by staff")

    personal = NOTHING_PERSONAL

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(last_day__gte=models.F("first_day")), name="closure_ends_after_it_begins"),
            models.CheckConstraint(
                condition=models.Q(from_time=None) | models.Q(until_time=None) | models.Q(until_time__gt=models.F("from_time")),
                name="closure_times_in_order",
            ),
            models.CheckConstraint(condition=models.Q(desk=None) | models.Q(resource=None), name="closure_of_a_desk_or_a_resource"),
        ]


class Walk(models.Model):
    """Minutes on foot between two zones of a house, the same both ways."""

    house = models.ForeignKey(House, models.PROTECT, related_name="walks")
    from_zone = models.SlugField(max_length=60)
    to_zone = models.SlugField(max_length=60)
    minutes = models.PositiveSmallIntegerField()

    personal = NOTHING_PERSONAL

    class Meta:
        constraints = [models.UniqueConstraint(fields=["house", "from_zone", "to_zone"], name="one_walk_between_zones")]


class RuleSet(models.Model):
    """The journey rules of a region in force from a date: the tables of its journeys.toml, read by rules/journeys.py."""

    region = models.ForeignKey(Region, models.PROTECT, related_name="journey_rules")
    valid_from = models.DateField()
    content: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField()

    personal = NOTHING_PERSONAL

    class Meta:
        constraints = [models.UniqueConstraint(fields=["region", "valid_from"], name="one_rule_set_a_date")]
