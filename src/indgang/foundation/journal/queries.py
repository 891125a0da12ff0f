"""Reading the journal."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django.db.models import Model, Q, QuerySet

from indgang.foundation.access.actors import Actor
from indgang.foundation.identity.models import WITH_COMPANIES, Participation, Role
from indgang.foundation.journal.drafts import name_of, tag_of
from indgang.foundation.journal.models import Circle, Entry
from indgang.foundation.vault.actions import decrypt_for
from indgang.foundation.vault.models import Subject


def entries_about(*records: Model) -> QuerySet[Entry]:
    """Everything written about any of the records, as its subject or beside it, newest first."""
    wanted = Q(about__overlap=[tag_of(record) for record in records])
    for record in records:
        subject_type, subject_id = name_of(record)
        wanted |= Q(subject_type=subject_type, subject_id=subject_id)
    return Entry.objects.filter(wanted).order_by("-at", "-id")


def entries_visible_to(actor: Actor, entries: QuerySet[Entry]) -> QuerySet[Entry]:
    """Those of the entries that the actor may read.

    The circle `house` is for everyone who staffs the house and for the organisation that wrote; `organisation` for that organisation and
    for the floorwalkers of the house's host; `companies` for everyone who works with companies; `team` for the organisation's Early
    Warning team; `system`, where reads are kept, for nobody but the program itself.
    """
    if actor.kind == "system":
        return entries
    if actor.kind != "staff":
        return entries.none()
    own = Q(organisation__in=actor.organisation_ids)
    received = Participation.objects.filter(
        is_host=True,
        house__in=actor.hosted_house_ids,
        organisation__in=[organisation for organisation, role in actor.roles if role == Role.FLOORWALKER],
    ).values("house")
    visible = Q(circle=Circle.HOUSE) & (own | Q(house__in=actor.house_ids)) | Q(circle=Circle.ORGANISATION) & (own | Q(house__in=received))
    visible |= Q(circle=Circle.TEAM, organisation__in=actor.organisations_as(Role.EARLY_WARNING))
    if actor.has_role(*WITH_COMPANIES):
        visible |= Q(circle=Circle.COMPANIES)
    return entries.filter(visible)


def texts_of(entries: Iterable[Entry]) -> dict[int, dict[str, Any] | None]:
    """The personal text of those entries that have some, by entry id; None where the person was erased. One query."""
    written = [
        (entry.pk, entry.vault_subject_id, entry.personal_text) for entry in entries if entry.personal_text and entry.vault_subject_id
    ]
    subjects: dict[uuid.UUID, Subject] = Subject.objects.in_bulk({person for _entry, person, _text in written})
    return {entry: decrypt_for(subjects[person], bytes(text)) for entry, person, text in written}
