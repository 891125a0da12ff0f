"""What is to be written down, before it becomes an entry."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from indgang.foundation.access.actors import Actor
from indgang.foundation.database import clock
from indgang.foundation.identity.models import Organisation
from indgang.foundation.journal.models import Circle, FactEncoder
from indgang.foundation.places.models import House
from indgang.foundation.vault.actions import encrypt_for
from indgang.foundation.vault.models import Subject

VERB = re.compile(r"[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*")

# In the order in which `columns_of` gives them; the id is the database's own.
COLUMNS = (
    "at",
    "verb",
    "actor_kind",
    "user_id",
    "organisation_id",
    "house_id",
    "circle",
    "subject_type",
    "subject_id",
    "about",
    "before",
    "after",
    "personal_text",
    "vault_subject_id",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """One entry to be: who (`actor`), did what (`verb`), to what (`subject`), when (`at`, default now), for which organisation and house.

    `about` names further records it concerns. `before` and `after` are plain facts; `personal` is kept under the key of `person`.
    """

    actor: Actor
    verb: str
    subject: Model
    at: dt.datetime | None = None
    organisation: Organisation | None = None
    house: House | None = None
    circle: str = Circle.HOUSE
    about: Sequence[Model] = ()
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None
    personal: Mapping[str, Any] | None = None
    person: Subject | None = None

    def __post_init__(self) -> None:
        if not VERB.fullmatch(self.verb):
            raise ValueError(f"a journal verb is <noun>.<past participle>, not {self.verb!r}")
        if self.personal and self.person is None:
            raise ValueError("personal text needs the person whose key it is kept under")


def name_of(record: Model) -> tuple[str, str]:
    """How the journal names a record: its model and its key."""
    return record._meta.label_lower, str(record.pk)


def tag_of(record: Model) -> str:
    """The same as one text, as it stands in `about`."""
    return ":".join(name_of(record))


def columns_of(draft: Draft) -> dict[str, Any]:
    """The draft as the stored columns of an entry, personal text encrypted."""
    organisation = draft.organisation or draft.actor.organisation
    subject_type, subject_id = name_of(draft.subject)
    person = draft.person if draft.personal else None
    values = (
        draft.at or clock.now(),
        draft.verb,
        draft.actor.kind,
        draft.actor.user.pk if draft.actor.user else None,
        organisation.pk if organisation else None,
        draft.house.pk if draft.house else None,
        str(draft.circle),
        subject_type,
        subject_id,
        [tag_of(record) for record in draft.about],
        dict(draft.before or {}),
        dict(draft.after or {}),
        encrypt_for(person, draft.personal) if person and draft.personal else None,
        person.pk if person else None,
    )
    return dict(zip(COLUMNS, values, strict=True))


def facts_as_text(facts: Mapping[str, Any]) -> str:
    """Facts as the JSON that the column holds."""
    return json.dumps(facts, cls=FactEncoder)
