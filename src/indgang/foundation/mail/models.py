"""Letters."""

from __future__ import annotations

import uuid

from django.db import models

from indgang.foundation.database import clock
from indgang.foundation.database.personal import Personal


class State(models.TextChoices):
    """Where a letter is. `handing-over` is set just before the mail server takes the text: if the program dies there, nobody can know
    whether it was sent, so it becomes `uncertain` and waits for a person; it is never sent again by itself."""

    WAITING = "waiting"
    HANDING_OVER = "handing-over"
    SENT = "sent"
    UNCERTAIN = "uncertain"
    REFUSED = "refused"


class Letter(models.Model):
    """An e-mail in the outbox. `key` names what it is about, so that the same letter is never written twice."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=120, unique=True)
    to = models.EmailField()
    language = models.CharField(max_length=5)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    calendar = models.TextField(blank=True, help_text="An iCalendar file to attach")
    calendar_method = models.CharField(max_length=10, blank=True, help_text="REQUEST or CANCEL")
    state = models.CharField(max_length=15, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    not_before = models.DateTimeField(default=clock.now)
    sent_at = models.DateTimeField(null=True, blank=True)

    personal = Personal(
        fields=("to", "subject", "text", "calendar"),
        purpose="To write to somebody about their visit, and to know that it was sent.",
        kept="Ninety days after it was sent.",
    )

    class Meta:
        indexes = [models.Index(fields=["not_before"], condition=models.Q(state="waiting"), name="letter_waiting")]
