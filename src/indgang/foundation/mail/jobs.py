"""The outbox's work: send at once, look after what is left."""

from __future__ import annotations

from indgang.foundation.jobs.work import job, periodic
from indgang.foundation.mail import sending


@job(attempts=1)  # the outbox keeps its own times for trying again
def send(letter_id: str) -> None:
    """Send one letter as soon as the change that caused it has been committed."""
    sending.send_letter(letter_id)


@periodic("* * * * *")
def send_waiting() -> None:
    """Letters to be tried again, letters for later whose time has come, and letters whose job was lost."""
    sending.mark_uncertain()
    sending.send_due()
