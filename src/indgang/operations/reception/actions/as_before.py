"""A step as it was before something was done with it. The journal's entry keeps it, so that undoing restores exactly that.

It says where the step stood and since when; names, papers and outcomes are not in it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from indgang.foundation.journal.models import Entry
from indgang.foundation.journal.queries import texts_of
from indgang.operations.reception.models import Appointment, Journey, Visit
from indgang.operations.reception.models.journey import Status

TIMES = ("arrived_at", "counts_from", "parked_at", "called_at", "last_called_at", "started_at")
PLAIN = ("status", "calls", "desk_id", "interpreter_id", "room_id")
WHOSE = ("position", "people", "travellers")
ENDINGS = ("visit.finished", "visit.left-open", "visit.end-told")
FIELDS = [*TIMES, "status", "calls", "desk", "interpreter", "room"]


def as_it_is(visit: Visit) -> dict[str, Any]:
    """The step as it stands now, for the `before` of an entry."""
    times = {name: at.isoformat() for name in TIMES if (at := getattr(visit, name))}
    return {**{name: getattr(visit, name) for name in (*PLAIN, *WHOSE)}, **times}


def set_as_it_was(visit: Visit, was: Mapping[str, Any]) -> None:
    """The step where it stood as an entry tells it. Not saved: save FIELDS."""
    for name in TIMES:
        setattr(visit, name, dt.datetime.fromisoformat(was[name]) if name in was else None)
    for name in PLAIN:
        setattr(visit, name, was[name])


def last_entry(subject: Visit | Journey, *verbs: str, **more: Any) -> Entry | None:
    """What the journal told last of it with one of those verbs, and with what more is asked for."""
    rows = Entry.objects.filter(subject_type=subject._meta.label_lower, subject_id=str(subject.pk), verb__in=verbs, **more)
    return rows.order_by("-at", "-id").first()


def place_of(visit: Visit) -> Appointment | None:
    """The booked place of a step, also one that was freed, as it is now."""
    return Appointment.objects.filter(visit=visit).select_related("desk").first()


def aside_of(journey: Journey) -> dict[str, str]:
    """Which steps of the party wait aside, and since when, for the `before` of an entry."""
    return {str(visit.pk): visit.parked_at.isoformat() for visit in journey.visits.exclude(parked_at=None) if visit.parked_at}


def set_aside_as_before(journey: Journey, aside: Mapping[str, str]) -> None:
    """The steps that wait still and waited aside then do so again, since then."""
    for number, since in aside.items():
        journey.visits.filter(pk=int(number), status=Status.WAITING).update(parked_at=dt.datetime.fromisoformat(since))


def missing_before(visit: Visit) -> tuple[list[str], list[str]]:
    """The documents that had been missing when it ended the time before; the last ending is the one that is undone."""
    rows = Entry.objects.filter(subject_type=visit._meta.label_lower, subject_id=str(visit.pk))
    endings: list[Entry] = []
    for entry in rows.filter(verb__in=[*ENDINGS, "visit.reopened"]).order_by("at", "id"):
        before = endings[:-1] if entry.verb in ("visit.reopened", "visit.end-told") else endings
        endings = before if entry.verb == "visit.reopened" else [*before, entry]
    told = next(iter(texts_of(endings[-2:-1]).values()), None) or {}
    return told.get("missing", []), told.get("missing_other", [])


def stand_again(journey: Journey) -> None:
    """A step of the journey is open again: where the rest of it was cancelled meanwhile, it stands with that one."""
    if journey.cancelled_at:
        journey.cancelled_at = None
        journey.save(update_fields=["cancelled_at"])
