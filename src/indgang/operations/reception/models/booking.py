"""Places taken: appointments at desks, held for a few minutes or booked. The database itself refuses two at once."""

from __future__ import annotations

import datetime as dt
import uuid

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from indgang.foundation.database import clock
from indgang.foundation.database.personal import NOTHING_PERSONAL, Personal
from indgang.operations.reception.models.house import Desk
from indgang.operations.reception.models.journey import Visit
from indgang.operations.reception.models.resources import Resource


class Hold(models.Model):
    """An offer kept for somebody who is filling in the form. One per client; it expires by itself."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.CharField(max_length=64, unique=True, help_text="Hash of the client's own key")
    offer_digest = models.CharField(max_length=64)
    held_until = models.DateTimeField()

    personal = Personal(
        fields=("client",),
        what="A random number that stands for your browser, in a form that nobody can read.",
        purpose="To keep one offer per client.",
        kept="Minutes; deleted when it expires.",
    )


def point(field: str) -> Func:
    """A scalar as a one-point range, so that core PostgreSQL's GiST can compare it (no btree_gist needed)."""
    return Func(F(field), F(field), Value("[]"), function="int8range")


class Appointment(models.Model):
    """A desk and a party, for a period `[starts, ends)`, with the interpreter and the room that the step needs.

    While `hold` is set it is only held; when it has a visit it is booked.

    A cancelled appointment keeps its row, freed, because its calendar entry must still be cancelled; a moved one gets a new row.
    """

    desk = models.ForeignKey(Desk, models.PROTECT, related_name="appointments")
    party = models.BigIntegerField(help_text="The party's number: drawn at random when the offer is made")
    interpreter = models.ForeignKey(Resource, models.PROTECT, null=True, blank=True, related_name="interpreted", db_index=False)
    room = models.ForeignKey(Resource, models.PROTECT, null=True, blank=True, related_name="used", db_index=False)
    period = DateTimeRangeField()
    visit = models.OneToOneField(Visit, models.CASCADE, null=True, blank=True, related_name="appointment")
    hold = models.ForeignKey(Hold, models.CASCADE, null=True, blank=True, related_name="appointments")
    created_at = models.DateTimeField(default=clock.now)
    freed_at = models.DateTimeField(null=True, blank=True)

    personal = NOTHING_PERSONAL

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="a_desk_has_one_appointment_at_a_time",
                expressions=[(point("desk"), RangeOperators.OVERLAPS), ("period", RangeOperators.OVERLAPS)],
                condition=Q(freed_at=None),
            ),
            ExclusionConstraint(
                name="a_party_is_in_one_place_at_a_time",
                expressions=[(point("party"), RangeOperators.OVERLAPS), ("period", RangeOperators.OVERLAPS)],
                condition=Q(freed_at=None),
            ),
            ExclusionConstraint(
                name="an_interpreter_is_in_one_place_at_a_time",
                expressions=[(point("interpreter"), RangeOperators.OVERLAPS), ("period", RangeOperators.OVERLAPS)],
                condition=Q(freed_at=None, interpreter__isnull=False),
            ),
            ExclusionConstraint(
                name="a_room_has_one_appointment_at_a_time",
                expressions=[(point("room"), RangeOperators.OVERLAPS), ("period", RangeOperators.OVERLAPS)],
                condition=Q(freed_at=None, room__isnull=False),
            ),
            models.CheckConstraint(condition=Q(visit__isnull=False) ^ Q(hold__isnull=False), name="an_appointment_is_held_or_booked"),
            models.CheckConstraint(condition=Q(period__isempty=False), name="an_appointment_takes_time"),
        ]
        indexes = [models.Index(Func(F("period"), function="lower"), "desk", name="appointment_start")]

    @property
    def starts(self) -> dt.datetime:
        """When it begins."""
        return self.period.lower

    @property
    def ends(self) -> dt.datetime:
        """When it ends."""
        return self.period.upper
