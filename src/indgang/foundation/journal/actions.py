"""Writing in the journal. Sealing and verifying are in seals.py; `seal` and `verify` are offered here too."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection, transaction
from django.db.models import Model

from indgang.foundation.access.actors import Actor
from indgang.foundation.database import clock
from indgang.foundation.database.bulk import copy_rows
from indgang.foundation.identity.models import Organisation
from indgang.foundation.journal.drafts import COLUMNS, Draft, columns_of, facts_as_text, name_of, tag_of
from indgang.foundation.journal.models import Circle, Entry
from indgang.foundation.journal.seals import Verdict, seal, seal_all, verify
from indgang.foundation.places.models import House
from indgang.foundation.vault.models import Subject

__all__ = ["Draft", "Verdict", "record", "record_many", "record_read", "seal", "seal_all", "verify"]

READ_AGAIN_AFTER = dt.timedelta(minutes=15)


def record(
    *,
    actor: Actor,
    verb: str,
    subject: Model,
    at: dt.datetime | None = None,
    organisation: Organisation | None = None,
    house: House | None = None,
    circle: str = Circle.HOUSE,
    about: Sequence[Model] = (),
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    personal: Mapping[str, Any] | None = None,
    person: Subject | None = None,
) -> Entry:
    """Write one entry, in the transaction of the change it tells of. The fields are those of `Draft`.

    Raises ValueError for a verb outside the grammar, and vault's Erased for personal text about somebody who was erased.
    """
    draft = Draft(
        actor=actor,
        verb=verb,
        subject=subject,
        at=at,
        organisation=organisation,
        house=house,
        circle=circle,
        about=about,
        before=before,
        after=after,
        personal=personal,
        person=person,
    )
    return Entry.objects.create(**columns_of(draft))


def record_many(drafts: Iterable[Draft]) -> int:
    """Write many entries in one go, as fast as the database takes them; returns how many. `drafts` may be a generator."""
    return copy_rows(Entry, COLUMNS, map(_as_row, drafts))


def _as_row(draft: Draft) -> tuple[Any, ...]:
    columns = columns_of(draft)
    columns["before"] = facts_as_text(columns["before"])
    columns["after"] = facts_as_text(columns["after"])
    return tuple(columns.values())


@transaction.atomic
def record_read(*, actor: Actor, subject: Model, about: Sequence[Model] = (), house: House | None = None) -> Entry | None:
    """Write that the actor opened a record with personal data, or a list (`about` names whom it showed).

    Once per actor, record and quarter of an hour: None when that is written already. Pages that poll do not call this.
    """
    if _read_lately(actor, subject, about):
        return None
    subject_type, subject_id = name_of(subject)
    user_id = actor.user.pk if actor.user else 0
    with connection.cursor() as cursor:  # two tabs opened at once write one entry
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"journal.read:{actor.kind}:{user_id}:{subject_type}:{subject_id}"]
        )
    if _read_lately(actor, subject, about):
        return None
    return record(actor=actor, verb=f"{subject._meta.model_name}.read", subject=subject, about=about, house=house, circle=Circle.SYSTEM)


def _read_lately(actor: Actor, subject: Model, about: Sequence[Model]) -> bool:
    subject_type, subject_id = name_of(subject)
    entries = Entry.objects.filter(
        subject_type=subject_type,
        subject_id=subject_id,
        at__gt=clock.now() - READ_AGAIN_AFTER,
        verb=f"{subject._meta.model_name}.read",
        actor_kind=actor.kind,
        user=actor.user,
    )
    return entries.filter(about__contains=[tag_of(record) for record in about]).exists()
