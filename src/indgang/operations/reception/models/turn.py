"""What took place: each time a party's turn came at a desk, and each time it did not come to one that it had booked, as far as is known."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from indgang.foundation.database.personal import Personal
from indgang.foundation.identity.models import Organisation
from indgang.foundation.places.models import House
from indgang.operations.reception.models.house import Desk, Service
from indgang.operations.reception.models.journey import Journey, Visit


class TurnOutcome(models.TextChoices):
    """How a turn ended. A step can have several turns: it is booked anew, or its party is sent on. An imported one may not say."""

    DONE = "done", _("Done")
    DOCUMENTS_MISSING = "documents-missing", _("Documents missing")
    REFUSED = "refused", pgettext_lazy("outcome", "Refused")
    SENT_ON = "sent-on", _("Sent on")
    NO_SHOW = "no-show", _("Did not come")
    NOT_SERVED = "not-served", _("Not served")
    LEFT_OPEN = "left-open", _("Done, end not recorded")
    NOT_NOTED = "not-noted", _("Not known whether they came")
    CAME = "came", _("Came, noted afterwards")


BOOKED_ALONE = [TurnOutcome.NO_SHOW, TurnOutcome.NOT_NOTED, TurnOutcome.CAME]  # they had a time; of more the house knows nothing
NOT_ENDED = [*BOOKED_ALONE, TurnOutcome.NOT_SERVED]  # nobody was served


class Turn(models.Model):
    """One turn of a step. A visit tells where its step is now; its turns stay, whatever becomes of the step. Figures are counted from them.

    `ended_at` is empty for a party that did not come, or of which nobody noted it before the day was over; `booked_for`, when its place
    began, is known of such turns only. Of a party that came and was not served, it is when the house closed; of a turn that was left open,
    when its desk did.
    """

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="turns")
    journey = models.ForeignKey(Journey, models.CASCADE, related_name="turns")
    house = models.ForeignKey(House, models.PROTECT, related_name="+")
    service = models.ForeignKey(Service, models.PROTECT, related_name="+")
    desk = models.ForeignKey(Desk, models.PROTECT, null=True, blank=True, related_name="turns")
    authority = models.ForeignKey(Organisation, models.PROTECT, related_name="+", help_text="Whose clerk served, or was to serve")
    people = models.PositiveSmallIntegerField()
    persons = ArrayField(models.BigIntegerField(), default=list, help_text="Numbers that tell people of a day apart, not who they are")
    arrived_at = models.DateTimeField(null=True, blank=True)
    called_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=20, choices=TurnOutcome.choices, blank=True)
    booked_for = models.DateTimeField(null=True, blank=True)
    end_known = models.BooleanField(
        default=True, help_text="False where nobody recorded when it ended, so that it ended as its desk closed"
    )

    personal = Personal(
        fields=("outcome", "persons"),
        what="Each time it was your turn: desk, when you came, when you were served and how it ended; the times you did not come to, "
        "or of which nobody noted whether you came; and for each of you a number of the day, so that you are counted once however often it "
        "was your turn.",
        purpose="To count how many the house served, for how long, and how long they waited.",
        kept="As the journey; the counts are kept without the people.",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=["no-show", "not-noted", "came"], ended_at=None, booked_for__isnull=False)
                | (~Q(outcome__in=["no-show", "not-noted", "came"]) & Q(ended_at__isnull=False, booked_for=None)),
                name="a_turn_ended_or_was_booked_alone",
            ),
            models.CheckConstraint(condition=~Q(outcome="not-served") | Q(arrived_at__isnull=False), name="who_was_not_served_came"),
        ]
        indexes = [
            models.Index(fields=["house", "ended_at"], condition=~Q(outcome="no-show"), name="turn_ended"),
            models.Index(fields=["house", "booked_for"], condition=Q(booked_for__isnull=False), name="turn_missed"),
            models.Index(fields=["house", "arrived_at"], condition=Q(outcome="not-served"), name="turn_not_served"),
        ]


class KnownAgain(models.Model):
    """By what somebody who was served is known again on the same day in the same house, in this party or another.

    `mark` is a digest under the house's own key: of a place in a party, or of an address together with a name.
    """

    house = models.ForeignKey(House, models.CASCADE, related_name="+")
    date = models.DateField()
    mark = models.CharField(max_length=43)
    number = models.BigIntegerField(help_text="As in Turn.persons")

    personal = Personal(
        fields=("mark",),
        what="On the day of your visit: a check number of your name with your e-mail address or phone number, in a form nobody can read.",
        purpose="To count you once if you come twice on a day.",
        kept="Until the night after.",
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["house", "date", "mark"], name="known_once_a_day")]
