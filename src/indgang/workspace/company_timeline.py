"""What happened with a company, for one reader: their own organisation's entries in sentences, and what others do in one line each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from indgang.foundation.access.actors import Actor
from indgang.foundation.journal.drafts import tag_of
from indgang.foundation.journal.models import Entry
from indgang.foundation.journal.queries import entries_about, entries_visible_to
from indgang.operations.guidance.journal_sentences import sentence as of_guidance
from indgang.operations.guidance.models import Course, Delivery, Screening
from indgang.operations.guidance.queries.courses import courses_visible_to, deliveries_visible_to
from indgang.operations.guidance.queries.screenings import screenings_visible_to
from indgang.registers.parties.journal_sentences import sentence as of_parties
from indgang.registers.parties.models import Company, CompanyNote, Consent, Contact, Tie
from indgang.registers.parties.permissions import keep, shared_with
from indgang.registers.parties.wording import tie_in_words

ENTRIES_AT_MOST = 200
SHOWN_AT_FIRST = 6
PAGES = {Course: "guidance:course", Delivery: "guidance:delivery", Screening: "guidance:screening"}


@dataclass(frozen=True)
class Told:
    """One thing that happened. `day` is the local day where no time of day is known; `note` the note that it tells of, where the reader may
    change it."""

    at: dt.datetime
    title: str
    who: str = ""
    text: str = ""
    day: dt.date | None = None
    note: CompanyNote | None = None
    link: str = ""


def timeline_of(actor: Actor, companies: Sequence[Company], ties: Iterable[Tie]) -> list[Told]:
    """The newest first. `companies` are the records of one company, `ties` those of theirs that the reader may know of."""
    entries = entries_visible_to(actor, entries_about(*companies)).exclude(verb__endswith=".read")
    listed = list(entries.select_related("user", "organisation")[:ENTRIES_AT_MOST])
    records = _Records(actor, listed)
    told = [one for entry in listed if (one := _told(actor, entry, records))]
    covered = {f"{entry.subject_type}:{entry.subject_id}" for entry in listed}
    told += [_of_tie(tie) for tie in ties if tie.source not in covered]
    return sorted(told, key=lambda one: one.at, reverse=True)


class _Records:
    """What the entries tell of, as far as the reader may see it: an entry whose record they may not see is not told."""

    def __init__(self, actor: Actor, entries: Sequence[Entry]) -> None:
        shared = shared_with(actor)
        rows: dict[type[Model], QuerySet[Any]] = {
            Contact: Contact.objects.filter(shared),
            CompanyNote: CompanyNote.objects.filter(shared),
            Consent: Consent.objects.filter(shared),
            Course: courses_visible_to(actor),
            Delivery: deliveries_visible_to(actor),
            Screening: screenings_visible_to(actor),
        }
        self.types = {model._meta.label_lower for model in rows}
        tags = {tag for entry in entries for tag in self._named(entry)}
        ids = {kind: [tag.partition(":")[2] for tag in tags if tag.startswith(f"{kind}:")] for kind in self.types}
        self.known = {tag_of(row): row for model, of_it in rows.items() for row in of_it.filter(pk__in=ids[model._meta.label_lower])}

    def of(self, entry: Entry) -> tuple[bool, Any]:
        """Whether the entry may be told, and the record."""
        named = self._named(entry)
        return all(tag in self.known for tag in named), self.known.get(f"{entry.subject_type}:{entry.subject_id}")

    def page_of(self, entry: Entry) -> str:
        """The page of the course, the delivery or the visit that the entry tells of."""
        for row in (self.known[tag] for tag in self._named(entry) if tag in self.known):
            if address := PAGES.get(type(row)):
                return "" if getattr(row, "removed_at", None) else reverse(address, args=[row.pk])
        return ""

    def _named(self, entry: Entry) -> list[str]:
        tags = [f"{entry.subject_type}:{entry.subject_id}", *entry.about]
        return [tag for tag in tags if tag.partition(":")[0] in self.types]


def _told(actor: Actor, entry: Entry, records: _Records) -> Told | None:
    may_be_told, record = records.of(entry)
    if not may_be_told:
        return None
    title = of_parties(entry, record.name if isinstance(record, Contact) and not record.removed_at else "") or of_guidance(entry)
    if not title:
        return None
    who = _who(actor, entry)
    if not isinstance(record, CompanyNote) or entry.verb != "company-note.written":
        return Told(entry.at, title, who, _how(record, entry), link=records.page_of(entry))
    if record.removed_at:
        return Told(entry.at, title, who, note=record if keep(record)(actor) else None)
    return Told(entry.at, title, who, record.text, record.on, record if keep(record)(actor) else None)


def _how(record: Any, entry: Entry) -> str:
    """What the record itself says of that moment."""
    if isinstance(record, Course):
        return {"course.begun": record.purpose, "course.ended": record.result}.get(entry.verb, "")
    if isinstance(record, Delivery):
        return record.topic if entry.verb == "delivery.registered" else ""
    return str(record.how) if isinstance(record, Consent) and entry.verb == "consent.given" else ""


def _of_tie(tie: Tie) -> Told:
    noon = dt.datetime.combine(tie.started, dt.time(12), dt.UTC)
    said = {"organisation": tie.organisation.title, "what": tie_in_words(tie, on_its_day=True)}
    return Told(noon, _("%(organisation)s: %(what)s") % said, day=tie.started)


def _who(actor: Actor, entry: Entry) -> str:
    """The colleague; of another organisation, that too."""
    elsewhere = entry.organisation and (actor.organisation is None or entry.organisation_id != actor.organisation.pk)
    if entry.user is None:
        return str(entry.organisation) if entry.organisation else _("Indgang")
    return f"{entry.user}, {entry.organisation.title}" if elsewhere and entry.organisation else str(entry.user)
