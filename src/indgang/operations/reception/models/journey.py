"""A party's way through the house: the journey, who travels, and each step of it."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from indgang.foundation.database import clock
from indgang.foundation.database.personal import Personal
from indgang.foundation.identity.models import Organisation, User
from indgang.foundation.places.models import House, Municipality
from indgang.operations.reception.models.house import Desk, Service
from indgang.operations.reception.models.line import Priority
from indgang.operations.reception.models.resources import Resource
from indgang.registers.parties.models import Person


class Purpose(models.TextChoices):
    """Why somebody comes to the region."""

    WORK = "work", _("Work")
    STUDY = "study", _("Study")
    JOB_SEEKING = "job-seeking", _("Look for a job")
    FAMILY = "family", _("Join family")
    SELF_EMPLOYED = "self-employed", _("Run my own business")


IMPORTED = "import"  # the source of a journey that came with a table


class Journey(models.Model):
    """One party's errand in a house: all its steps, from the booking to the last desk.

    `sequence` is the revision of its calendar entry (RFC 5545 SEQUENCE); it grows with every change of time or place.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=60, unique=True)
    house = models.ForeignKey(House, models.PROTECT, related_name="journeys")
    contact = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="journeys")
    municipality = models.ForeignKey(Municipality, models.PROTECT, null=True, blank=True, related_name="+")
    municipality_noted = models.BooleanField(default=False, db_default=False, help_text="People here have noted it; no table changes it")
    citizenship = models.CharField(max_length=3, blank=True, help_text="Of the contact; ISO 3166 alpha-3; empty = unknown")
    purpose = models.CharField(max_length=20, choices=Purpose.choices, blank=True)
    stay_months = models.PositiveSmallIntegerField(null=True, blank=True)
    language = models.CharField(max_length=5, default="en")
    interpreter = models.CharField(
        max_length=5, blank=True, default="", db_default="", help_text="The language they need an interpreter for"
    )
    adults = models.PositiveSmallIntegerField(default=1)
    children = models.PositiveSmallIntegerField(default=0)
    party_digest = models.CharField(max_length=64, blank=True, help_text="Hash over who travels, for the bulk limit")
    source = models.CharField(max_length=10, default="web", help_text="web, api, desk, ticket, waiting, import or demo")
    priority = models.ForeignKey(Priority, models.SET_NULL, null=True, blank=True, related_name="+", help_text="Why it is called earlier")
    sequence = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=clock.now)
    email_confirmed_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    package_given_at = models.DateTimeField(null=True, blank=True, help_text="Information package handed out")

    personal = Personal(
        fields=("contact", "citizenship", "municipality", "purpose", "interpreter", "party_digest"),
        what="Your answers: citizenship, why you come, how long, where to, how many you are, and the language you need an interpreter for; "
        "and a check number for who comes.",
        purpose="To give the party its appointments and the right papers, and to count who was served.",
        kept="Two years after the last visit, then without the people's names; the counts are kept.",
    )

    class Meta:
        indexes = [
            models.Index(fields=["house", "-created_at"], name="journey_house_created"),
            models.Index(fields=["party_digest"], condition=~models.Q(party_digest=""), name="journey_party"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def people(self) -> int:
        """How many come."""
        return self.adults + self.children


class Traveller(models.Model):
    """One of the people on a journey, the contact first."""

    journey = models.ForeignKey(Journey, models.CASCADE, related_name="travellers")
    person = models.ForeignKey(Person, models.PROTECT, related_name="travels")
    position = models.PositiveSmallIntegerField()
    child = models.BooleanField(default=False)
    purpose = models.CharField(
        max_length=20, choices=Purpose.choices, blank=True, help_text="Of this person; empty = joins the contact as family, or unknown"
    )

    personal = Personal(
        fields=("person", "purpose"),
        what="Who comes with you, who of you is a child, and why each of you comes.",
        purpose="To know who needs which step.",
        kept="As the journey.",
    )

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["journey", "position"], name="traveller_position_once")]


class Status(models.TextChoices):
    """Where a step is. `waiting` = the party is in the house; `called` = on the way to the desk; `serving` = at the desk."""

    PLANNED = "planned", _("Planned")
    WAITING = "waiting", _("Waiting")
    CALLED = "called", _("On the way")
    SERVING = "serving", _("At the desk")
    DONE = "done", _("Done")
    NO_SHOW = "no-show", _("Did not come")
    CANCELLED = "cancelled", _("Cancelled")


NOT_SERVED = "not-served"  # the outcome of a cancelled step: the house closed before its party's turn came


class Outcome(models.TextChoices):
    """How a step ended."""

    DONE = "done", _("Done")
    DOCUMENTS_MISSING = "documents-missing", _("Documents missing")
    REFUSED = "refused", pgettext_lazy("outcome", "Refused")


AT_A_DESK = [Status.CALLED, Status.SERVING]
IN_THE_HOUSE = [Status.WAITING, *AT_A_DESK]
NOT_ENDED = [Status.PLANNED, *IN_THE_HOUSE]


class Visit(models.Model):
    """One step of a journey: a service for some of the party. Its planned time is its appointment's; its real times are its own."""

    journey = models.ForeignKey(Journey, models.CASCADE, related_name="visits")
    service = models.ForeignKey(Service, models.PROTECT, related_name="visits")
    position = models.PositiveSmallIntegerField(default=0)
    people = models.PositiveSmallIntegerField()
    travellers = ArrayField(models.PositiveSmallIntegerField(), default=list, help_text="Positions of the travellers it is for")
    after = ArrayField(models.SlugField(max_length=60), default=list, help_text="Services of this journey that must be done first")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PLANNED)
    desk = models.ForeignKey(Desk, models.PROTECT, null=True, blank=True, related_name="visits", help_text="Where it was or is served")
    arrived_at = models.DateTimeField(null=True, blank=True)
    counts_from = models.DateTimeField(null=True, blank=True, help_text="Since when it waits, where not since it arrived")
    parked_at = models.DateTimeField(null=True, blank=True, help_text="Waits aside: keeps its place, is not called")
    called_at = models.DateTimeField(null=True, blank=True)
    calls = models.PositiveSmallIntegerField(default=0, help_text="How often it was called to the desk")
    last_called_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=20, choices=[*Outcome.choices, (NOT_SERVED, _("Not served"))], blank=True)
    missing = ArrayField(models.CharField(max_length=60), default=list, help_text="Keys of the documents that were missing")
    missing_other = ArrayField(models.CharField(max_length=200), default=list, help_text="Missing documents without a key, in words")
    clerk = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    from_table: models.JSONField[dict[str, Any] | None, dict[str, Any] | None] = models.JSONField(
        null=True, blank=True, help_text="Its columns as a table last wrote them; people may have changed them since"
    )
    interpreter = models.ForeignKey(Resource, models.SET_NULL, null=True, blank=True, related_name="calls", help_text="Taken with the call")
    room = models.ForeignKey(Resource, models.SET_NULL, null=True, blank=True, related_name="calls_into", help_text="Taken with the call")

    personal = Personal(
        fields=("missing", "missing_other", "outcome", "clerk", "from_table"),
        what="Your appointments: desk, when you came, how each step ended, which papers were missing, and which colleague served you.",
        purpose="To serve the party at the right desk and to tell them what is missing.",
        # Outcome and times stay: they are what the house is counted by, and by then they belong to nobody.
        kept="Five years after the visit, then without the colleague and the missing documents; the counts are kept.",
    )

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["journey", "service"], name="a_service_once_per_journey"),
            models.UniqueConstraint(fields=["journey"], condition=models.Q(status__in=AT_A_DESK), name="a_party_at_one_desk_at_a_time"),
            models.UniqueConstraint(fields=["desk"], condition=models.Q(status__in=AT_A_DESK), name="a_desk_serves_one_party_at_a_time"),
            models.UniqueConstraint(
                fields=["interpreter"], condition=models.Q(status__in=AT_A_DESK), name="an_interpreter_is_at_one_desk_at_a_time"
            ),
            models.UniqueConstraint(fields=["room"], condition=models.Q(status__in=AT_A_DESK), name="a_room_has_one_party_at_a_time"),
        ]
        indexes = [
            models.Index(fields=["service"], condition=models.Q(status="waiting"), name="visit_waiting"),
            models.Index(fields=["arrived_at"], name="visit_arrived"),
            models.Index(fields=["ended_at"], name="visit_ended"),
        ]


class Note(models.Model):
    """What an authority wrote about a step: for that authority and the floorwalker only. `refusal` marks the reason of a refusal."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="notes")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    author = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    text = models.TextField()
    refusal = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=clock.now)

    personal = Personal(
        fields=("text", "author"),
        what="Notes that an authority has written about your case, the reason if it said no, and who wrote them.",
        purpose="To continue a case where a colleague left it.",
        kept="Two years after the visit.",
    )

    class Meta:
        ordering = ["created_at"]
