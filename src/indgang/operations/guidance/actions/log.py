"""The log of a course: contacts noted, corrected, removed and brought back."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from indgang.foundation.access.actors import Actor, NotAllowed
from indgang.foundation.database import clock
from indgang.operations.guidance.actions.courses import standing_course
from indgang.operations.guidance.actions.keys import form_digest
from indgang.operations.guidance.actions.told import write_entry
from indgang.operations.guidance.actions.told_office import keep_office_told
from indgang.operations.guidance.facts import ContactFacts, checked_contact
from indgang.operations.guidance.models import Course, LogEntry


@transaction.atomic
def log_contact(*, actor: Actor, course: Course, facts: ContactFacts, request_key: str = "") -> LogEntry:
    """Note a contact. The same form again answers the one there is. Raises NotAllowed, InvalidRequest and NotNow."""
    course = standing_course(actor, course)
    sent_as = form_digest(actor, "contact", request_key, course.pk, facts)
    sent = LogEntry.objects.filter(sent_as=sent_as).first() if sent_as else None
    if sent:
        return sent
    checked_contact(facts, course)
    entry = LogEntry(course=course, author=actor.user, sent_as=sent_as, created_at=clock.now())
    _write(entry, facts)
    write_entry(actor, "course-contact.noted", entry, course, after=facts_of(entry))
    keep_office_told(course)
    return entry


@transaction.atomic
def change_contact(*, actor: Actor, entry: LogEntry, facts: ContactFacts) -> LogEntry:
    """Correct what was noted of a contact. Twice changes nothing. Raises NotAllowed, InvalidRequest and NotNow."""
    course, entry = _locked(actor, entry)
    if (entry.on, entry.how, entry.text, entry.hours) == (facts.on, facts.how, facts.text.strip(), facts.hours):
        return entry
    checked_contact(facts, course)
    before = facts_of(entry)
    _write(entry, facts)
    write_entry(actor, "course-contact.changed", entry, course, before=before, after=facts_of(entry))
    keep_office_told(course)
    return entry


@transaction.atomic
def remove_contact(*, actor: Actor, entry: LogEntry) -> LogEntry:
    """It was noted by mistake; it can be brought back. Twice changes nothing."""
    course, entry = _locked(actor, entry)
    if entry.removed_at is None:
        entry.removed_at = clock.now()
        entry.save(update_fields=["removed_at"])
        write_entry(actor, "course-contact.removed", entry, course, before=facts_of(entry))
        keep_office_told(course)
    return entry


@transaction.atomic
def bring_back_contact(*, actor: Actor, entry: LogEntry) -> LogEntry:
    """It was no mistake after all. Twice changes nothing."""
    course, entry = _locked(actor, entry)
    if entry.removed_at is not None:
        entry.removed_at = None
        entry.save(update_fields=["removed_at"])
        write_entry(actor, "course-contact.brought-back", entry, course, after=facts_of(entry))
        keep_office_told(course)
    return entry


def facts_of(entry: LogEntry) -> dict[str, Any]:
    """What the journal tells of a contact; its words stand in the log alone."""
    return {"on": entry.on, "how": entry.how, "hours": entry.hours}


def _locked(actor: Actor, entry: LogEntry) -> tuple[Course, LogEntry]:
    course = standing_course(actor, entry.course)
    found = LogEntry.objects.filter(pk=entry.pk).first()
    if found is None:
        raise NotAllowed
    return course, found


def _write(entry: LogEntry, facts: ContactFacts) -> None:
    entry.on, entry.how, entry.text, entry.hours = facts.on, facts.how, facts.text.strip(), facts.hours
    entry.save()
