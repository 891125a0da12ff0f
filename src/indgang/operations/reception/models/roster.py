"""Who sits where: which colleague serves at which desk on which days, and when a colleague is away. Why somebody is away is not kept."""

from __future__ import annotations

import datetime as dt

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from indgang.foundation.database import clock
from indgang.foundation.database.personal import Personal
from indgang.foundation.identity.models import Organisation, User
from indgang.operations.reception.models.house import Desk


class Sitting(models.Model):
    """A colleague sits at a desk on some weekdays, from the first day until the last; without times whenever the desk is open.

    It counts only while the colleague works in the desk's organisation.
    """

    desk = models.ForeignKey(Desk, models.CASCADE, related_name="sittings")
    officer = models.ForeignKey(User, models.CASCADE, related_name="+")
    weekdays = ArrayField(models.PositiveSmallIntegerField(), help_text="Monday is 0")
    begins = models.TimeField(null=True, blank=True)
    ends = models.TimeField(null=True, blank=True)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True, help_text="The last day; empty = until further notice")
    ended_at = models.DateTimeField(null=True, blank=True, help_text="Called off: it counts until the day before")
    changed_at = models.DateTimeField(default=clock.now)

    personal = Personal(
        fields=("officer", "weekdays", "begins", "ends", "valid_from", "valid_until"),
        what="At which desk a colleague sits, on which days and at which times.",
        purpose="To know who receives people where, and which bookings a day off concerns.",
        kept="One year after its last day.",
        of_colleagues=True,
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(begins=None, ends=None) | Q(ends__gt=F("begins")), name="sitting_begins_before_it_ends"),
            models.CheckConstraint(condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")), name="sitting_days_in_order"),
        ]

    @property
    def last_day(self) -> dt.date | None:
        """The last day on which it counts."""
        if self.ended_at is None:
            return self.valid_until
        before = self.ended_at.astimezone(self.desk.house.zone).date() - dt.timedelta(days=1)
        return before if self.valid_until is None else min(before, self.valid_until)


class Absence(models.Model):
    """A colleague is away on some days; with times on a part of each."""

    officer = models.ForeignKey(User, models.CASCADE, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", help_text="Whose leaders look after it")
    first_day = models.DateField()
    last_day = models.DateField()
    from_time = models.TimeField(null=True, blank=True, help_text="Away from then on, on each of the days; empty = from the morning on")
    until_time = models.TimeField(null=True, blank=True, help_text="Away until then, on each of the days; empty = to the end of the day")
    noted_at = models.DateTimeField(default=clock.now)
    lifted_at = models.DateTimeField(null=True, blank=True)

    personal = Personal(
        fields=("officer", "first_day", "last_day", "from_time", "until_time"),
        what="On which days a colleague is away. Never why.",
        purpose="To know which desk has nobody, and to find other times for those who are booked there.",
        kept="One year after its last day.",
        of_colleagues=True,
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="absence_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(from_time=None) | Q(until_time=None) | Q(until_time__gt=F("from_time")), name="absence_times_in_order"
            ),
        ]
