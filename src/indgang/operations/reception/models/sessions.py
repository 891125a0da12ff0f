"""What is kept of the hours: recurring sessions, how long desks were open, and which parts the region's files no longer decide."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from indgang.foundation.database import clock
from indgang.foundation.database.bilingual import Titled
from indgang.foundation.database.personal import NOTHING_PERSONAL
from indgang.foundation.places.models import House
from indgang.operations.reception.models.house import Desk, Weekday
from indgang.operations.reception.models.resources import Resource
from indgang.operations.reception.rules.opening import LAST


class Session(Titled):
    """Hours that several desks hold together, such as every second Thursday afternoon, beside the hours they keep anyway.

    Weeks are counted from that of the first day. `of_month`: 1 to 4, or 5 for the last such weekday of each month; 0: by weeks. One with a
    `key` comes from the region's files, which decide it until staff have changed it (`by_staff`).
    """

    house = models.ForeignKey(House, models.PROTECT, related_name="sessions")
    key = models.SlugField(max_length=60, blank=True)
    by_staff = models.BooleanField(default=True)
    desks = models.ManyToManyField(Desk, related_name="sessions")
    weekday = models.PositiveSmallIntegerField(choices=Weekday.choices)
    opens = models.TimeField()
    closes = models.TimeField()
    every_weeks = models.PositiveSmallIntegerField(default=1)
    of_month = models.PositiveSmallIntegerField(default=0)
    first_day = models.DateField()
    last_day = models.DateField(null=True, blank=True)
    left_out = ArrayField(models.DateField(), default=list, help_text="Dates on which it is not held")
    ended_at = models.DateTimeField(null=True, blank=True, help_text="Called off for good")

    personal = NOTHING_PERSONAL

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(closes__gt=models.F("opens")), name="session_opens_before_it_closes"),
            models.CheckConstraint(condition=models.Q(every_weeks__gte=1), name="session_recurs_in_weeks"),
            models.CheckConstraint(condition=models.Q(of_month__lte=LAST), name="session_recurs_in_months"),
            models.UniqueConstraint(fields=["house", "key"], condition=~models.Q(key=""), name="one_session_of_a_key"),
        ]


class Kept(models.Model):
    """Hours of a house, desk or resource, what one of these is, or for how long there is the house.

    Staff have changed it, so the region's files do not decide it.
    """

    house = models.ForeignKey(House, models.CASCADE, related_name="kept")
    desk = models.ForeignKey(Desk, models.CASCADE, null=True, blank=True, related_name="kept")
    resource = models.ForeignKey(Resource, models.CASCADE, null=True, blank=True, related_name="kept")
    what = models.CharField(max_length=10, choices=[("hours", "hours"), ("desk", "desk"), ("resource", "resource"), ("house", "house")])
    since = models.DateTimeField(default=clock.now)

    personal = NOTHING_PERSONAL

    class Meta:
        constraints = [models.UniqueConstraint(fields=["house", "desk", "resource", "what"], name="kept_once", nulls_distinct=False)]


class OpenDay(models.Model):
    """For how many minutes a desk received people on a day that is over, by the hours as they were then. Written once, never changed.

    The days of a house follow one another without a gap: zero minutes are a row too.
    """

    desk = models.ForeignKey(Desk, models.CASCADE, related_name="open_days")
    date = models.DateField()
    minutes = models.PositiveSmallIntegerField()

    personal = NOTHING_PERSONAL

    class Meta:
        constraints = [models.UniqueConstraint(fields=["desk", "date"], include=["minutes"], name="a_desk_has_a_day_once")]
