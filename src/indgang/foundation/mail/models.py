"""Letters."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from indgang.foundation.database import clock
from indgang.foundation.database.personal import Personal
from indgang.foundation.identity.models import Organisation


class State(models.TextChoices):
    """Where a letter is. `handing-over` is set just before the mail server takes the text: if the program dies there, nobody can know
    whether it was sent, so it becomes `uncertain` and waits for a person; it is never sent again by itself.
    `withdrawn` = it was never sent and will not be: it came too late, or what it was about has changed."""

    WAITING = "waiting", _("Waiting")
    HANDING_OVER = "handing-over", _("Being sent")
    SENT = "sent", _("Sent")
    UNCERTAIN = "uncertain", _("Not certain")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Letter(models.Model):
    """An e-mail in the outbox. `key` names what it is about, so that the same letter is never written twice.

    `secrets` are the parts of the text that nobody should read in a backup later (links, codes); they are blotted out once it was sent.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=120, unique=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+", help_text="Who writes")
    to = models.EmailField()
    reply_to = models.EmailField(blank=True, help_text="Who answers when somebody writes back")
    language = models.CharField(max_length=5)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    secrets = ArrayField(models.CharField(max_length=500), default=list, blank=True)
    calendar = models.TextField(blank=True, help_text="An iCalendar file to attach")
    calendar_method = models.CharField(max_length=10, blank=True, help_text="REQUEST, CANCEL or PUBLISH")
    state = models.CharField(max_length=15, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    not_before = models.DateTimeField(default=clock.now)
    not_after = models.DateTimeField(null=True, blank=True, help_text="Too late to be of use")
    handed_over_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    personal = Personal(
        fields=("to", "subject", "text", "secrets", "calendar", "last_error"),
        what="The mails that we send you: the address, the text with its links and codes, and the calendar file.",
        purpose="To write to somebody about their visit, and to know that it was sent.",
        kept="Ninety days after it was sent or should have been; links and codes in it until it was sent.",
    )

    class Meta:
        indexes = [
            models.Index(fields=["not_before"], condition=models.Q(state="waiting"), name="letter_waiting"),
            models.Index(fields=["state", "-created_at"], condition=~models.Q(state="sent"), name="letter_not_sent"),
            models.Index(fields=["-created_at"], name="letter_newest"),
        ]

    def __str__(self) -> str:
        return self.key
