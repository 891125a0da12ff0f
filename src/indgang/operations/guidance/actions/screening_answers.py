"""Filling in a screening visit: what somebody wrote is kept, and never over what a colleague wrote meanwhile."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from indgang.foundation.access.actors import Actor
from indgang.foundation.database import clock
from indgang.foundation.journal.models import Entry
from indgang.operations.guidance.actions.screening_told import write_entry
from indgang.operations.guidance.actions.screenings import locked
from indgang.operations.guidance.errors import InvalidRequest, NotNow
from indgang.operations.guidance.models import Answer, Screening, ScreeningState
from indgang.operations.guidance.queries.screenings import playbook_on
from indgang.operations.guidance.rules.answers import merge
from indgang.operations.guidance.rules.playbooks import Topic
from indgang.operations.guidance.rules.screening import HIGHEST

SCORE, NOTE = "score", "note"
NOT_RELEVANT = "x"
SCORES = ("", NOT_RELEVANT, *map(str, range(HIGHEST + 1)))
NOTE_LENGTH = 4_000
SAID_AGAIN_AFTER = dt.timedelta(minutes=15)
Key = tuple[str, str]  # question ("" = the topic as a whole) and which part of its answer


@dataclass(frozen=True)
class Saved:
    """What stands after saving, and what both changed: {(question, part): (mine, theirs)}."""

    standing: Mapping[Key, str]
    conflicts: Mapping[Key, tuple[str, str]]
    author: str = ""


@transaction.atomic
def save_topic(*, actor: Actor, screening: Screening, topic: str, shown: Mapping[Key, str], mine: Mapping[Key, str]) -> Saved:
    """Write what changed between what the form showed and what came back, as far as nobody else changed the same. Saving twice writes once.

    Raises NotAllowed, NotNow where the visit is cancelled or not planned, and InvalidRequest.
    """
    screening = locked(actor, screening)
    if screening.state not in (ScreeningState.PLANNED, ScreeningState.HELD):
        raise NotNow(_("Only a planned visit is filled in. Plan it first."))
    if screening.playbook is None:
        screening.playbook = playbook_on(screening.organisation.region, screening.date or clock.today())
        screening.save(update_fields=["playbook"])
    book = screening.playbook.book if screening.playbook else None
    found = book.topic(topic) if book else None
    if found is None:
        raise NotNow(_("This topic is not in the playbook of this visit."))
    mine = _checked(found, mine)
    rows = {one.question: one for one in screening.answers.filter(topic=topic).select_related("author")}
    merged = merge(dict(shown), mine, _standing(rows), "")
    for question in dict.fromkeys(question for question, _part in merged.write):
        rows[question] = _write(actor, screening, topic, question, rows.get(question), merged.write)
    if merged.write:
        _tell(actor, screening, topic)
    author = next((str(rows[question].author) for question, _part in merged.conflicts if question in rows and rows[question].author), "")
    return Saved(_standing(rows), merged.conflicts, author)


def _checked(topic: Topic, mine: Mapping[Key, str]) -> dict[Key, str]:
    """What belongs to the topic; anything else that came with the form is left aside."""
    keys = {(question, part) for question in topic.question_keys for part in (SCORE, NOTE)} | {("", NOTE)}
    tidy = {key: value.strip().replace("\r\n", "\n") for key, value in mine.items() if key in keys}
    if any(value not in SCORES for (_question, part), value in tidy.items() if part == SCORE):
        raise InvalidRequest({"score": _("Choose one of the scores.")})
    if any(len(value) > NOTE_LENGTH for value in tidy.values()):
        raise InvalidRequest({"note": _("Write at most %(length)s letters.") % {"length": NOTE_LENGTH}})
    return tidy


def _standing(rows: Mapping[str, Answer]) -> dict[Key, str]:
    found: dict[Key, str] = {}
    for question, row in rows.items():
        found[question, NOTE] = row.note
        if question:
            found[question, SCORE] = score_of(row)
    return found


def score_of(answer: Answer) -> str:
    """The score as a form says it."""
    return NOT_RELEVANT if answer.not_relevant else "" if answer.score is None else str(answer.score)


def _write(actor: Actor, screening: Screening, topic: str, question: str, row: Answer | None, write: Mapping[Key, str]) -> Answer:
    row = row or Answer(screening=screening, topic=topic, question=question)
    if (question, SCORE) in write:
        score = write[question, SCORE]
        row.not_relevant, row.score = score == NOT_RELEVANT, int(score) if score.isdigit() else None
    if (question, NOTE) in write:
        row.note = write[question, NOTE]
    row.author, row.changed_at = actor.user, clock.now()
    row.save()
    return row


def _tell(actor: Actor, screening: Screening, topic: str) -> None:
    """Once in a quarter of an hour and for each topic: a form that saves as it goes would fill the journal."""
    lately = Entry.objects.filter(
        verb="screening.filled-in",
        subject_type="guidance.screening",
        subject_id=str(screening.pk),
        user=actor.user,
        after__topic=topic,
        at__gt=clock.now() - SAID_AGAIN_AFTER,
    )
    if not lately.exists():
        write_entry(actor, "screening.filled-in", screening, after={"topic": topic})
