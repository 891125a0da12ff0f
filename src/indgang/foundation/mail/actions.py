"""Writing letters, taking them back, and sending again what a person decides to send again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext_noop

from indgang.foundation.access.actors import Actor, NotAllowed, require
from indgang.foundation.database import clock
from indgang.foundation.identity.models import Organisation
from indgang.foundation.journal.actions import record
from indgang.foundation.mail import jobs
from indgang.foundation.mail.messages import one_line
from indgang.foundation.mail.models import Letter, State
from indgang.foundation.mail.permissions import may_look_after_letters
from indgang.foundation.mail.queries import letters_visible_to
from indgang.foundation.mail.sending import withdraw


def write_letter(
    *,
    key: str,
    to: str,
    language: str,
    subject: str,
    text: str,
    calendar: str = "",
    calendar_method: str = "",
    not_before: dt.datetime | None = None,
    not_after: dt.datetime | None = None,
    organisation: Organisation | None = None,
    reply_to: str = "",
    secrets: Iterable[str] = (),
) -> Letter:
    """Put a letter in the outbox, as part of the caller's transaction; it is sent after that commits, and never if it does not.

    The same `key` again returns the letter that exists and writes nothing, unless that one was taken back before it went: then it waits
    again, with what it says now. `organisation` is who writes (default: the operator); `secrets` are parts of the text (links, codes) that
    are blotted out of what is kept, once it was sent. `not_after`: when it would be of no use any more. Raises ValidationError for an
    address that is none.
    """
    validate_email(to)
    values = {
        "organisation": organisation or Organisation.objects.filter(is_operator=True).order_by("id").first(),
        "to": to,
        "reply_to": reply_to,
        "language": language,
        "subject": one_line(subject)[:200],
        "text": text.replace("\u00a0", " "),  # a letter breaks its lines as the reader's program does
        "secrets": [secret for secret in secrets if secret],
        "calendar": calendar,
        "calendar_method": calendar_method or ("PUBLISH" if calendar else ""),
        "not_before": not_before or clock.now(),
        "not_after": not_after,
    }
    letter = Letter(key=key, **values)
    with transaction.atomic(savepoint=False):
        Letter.objects.bulk_create([letter], ignore_conflicts=True)
        standing = Letter.objects.get(key=key)
        if standing.id == letter.id or _taken_up_again(standing, values):
            jobs.send.defer(letter_id=str(standing.id), at=not_before)
    return standing


def _taken_up_again(standing: Letter, values: dict[str, Any]) -> bool:
    """Let a letter wait again that was taken back and never left the house; one that did, or may have, stays what it is."""
    fresh = {"state": State.WAITING, "attempts": 0, "last_error": "", "created_at": clock.now(), **values}
    taken_up = Letter.objects.filter(id=standing.id, state=State.WITHDRAWN, handed_over_at=None).update(**fresh)
    standing.refresh_from_db()
    return bool(taken_up)


@transaction.atomic
def withdraw_letters(*, keys_beginning: str) -> int:
    """Take back the letters that still wait, because what they say is no longer so; returns how many.

    One that is being sent right now goes out.
    """
    waiting = Letter.objects.select_for_update(skip_locked=True).filter(key__startswith=keys_beginning, state=State.WAITING)
    letters = list(waiting)
    for letter in letters:
        withdraw(letter, gettext_noop("What it was about has changed."))
    return len(letters)


@transaction.atomic
def send_again(*, actor: Actor, letter: Letter) -> Letter:
    """A person has decided that an uncertain or refused letter is to be sent (again). Does nothing to a letter in any other state."""
    require(may_look_after_letters, actor)
    visible = Letter.objects.all() if actor.kind == "system" else letters_visible_to(actor)
    found = visible.select_for_update(of=("self",)).filter(id=letter.id).first()
    if found is None:
        raise NotAllowed
    if found.state not in (State.UNCERTAIN, State.REFUSED):
        return found
    before = found.state
    found.state, found.not_before, found.not_after = State.WAITING, clock.now(), None
    found.save(update_fields=["state", "not_before", "not_after"])
    record(actor=actor, verb="letter.sent-again", subject=found, organisation=found.organisation, before={"state": before})
    jobs.send.defer(letter_id=str(found.id))
    return found
