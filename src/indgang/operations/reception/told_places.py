"""What the contact of a journey was last told of its times and places, beside what they are now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from indgang.foundation.journal.models import Entry
from indgang.foundation.mail.models import Letter, State
from indgang.foundation.mail.queries import letters_about
from indgang.operations.reception.actions.entries import times_of
from indgang.operations.reception.models import Appointment, Journey
from indgang.operations.reception.steps import StepView

CHANGES = ("journey.moved", "journey.steps-booked", "journey.move-undone")
TELLING = ("booked", "moved", "interpreter", "reminder")
PLACES = ("desk", "room", "interpreter")


@dataclass(frozen=True)
class Elsewhere:
    """Every step has the time that they were told. `what`: "desk", "room" or "interpreter", the first of these that is another at some
    step, and "" where nothing is; `steps`: those steps. `named`: whether a letter has ever told them of a place.
    """

    what: str
    steps: tuple[StepView, ...]
    named: bool


def only_elsewhere(journey: Journey, steps: Sequence[StepView]) -> Elsewhere | None:
    """What differs from what they were told, where no step has another time; None where one does, or nothing is known of a change.

    To be asked when the journal knows of the change, and what waited to be sent about it was taken back.
    """
    last = _last_told(journey)
    told = _told(journey, last.created_at if last else None)
    if not told:
        return None
    now = {place.visit_id: place for place in _places(journey)}
    moved: dict[str, list[StepView]] = {}
    for step in steps:
        [row] = times_of([now[step.visit_id]])
        was = told.get(row["service"], row)
        if was is None or any(_at(was[name]) != _at(row[name]) for name in ("starts", "ends")):
            return None
        for name in PLACES:
            if was.get(name) != row.get(name):
                moved.setdefault(name, []).append(step)
    what = next((name for name in PLACES if name in moved), "")
    changed = [step for step in steps if any(step in ones for ones in moved.values())]
    return Elsewhere(what, tuple(changed), last is not None)


def _places(journey: Journey) -> list[Appointment]:
    rows = Appointment.objects.filter(visit__journey=journey, freed_at=None)
    return list(rows.select_related("visit__service", "desk", "room", "interpreter"))


def _last_told(journey: Journey) -> Letter | None:
    """The last letter about the journey's times that has gone or is about to."""
    letters = [letters_about(f"{kind}:{journey.id}:").exclude(state=State.WITHDRAWN).last() for kind in TELLING]
    return max((one for one in letters if one), key=lambda one: one.created_at, default=None)


def _told(journey: Journey, since: dt.datetime | None) -> dict[str, dict[str, Any] | None]:
    """By service, where a step was before it was first changed after that moment; None for one that had no time. Others are unchanged."""
    entries = list(Entry.objects.filter(subject_type="reception.journey", subject_id=str(journey.pk), verb__in=CHANGES).order_by("id"))
    news = [entry for entry in entries[:-1] if since is None or entry.at > since] + entries[-1:]
    told: dict[str, dict[str, Any] | None] = {}
    for entry in news:
        before = {row["service"]: row for row in (entry.before or {}).get("appointments", [])}
        for row in (entry.after or {}).get("appointments", []):
            told.setdefault(row["service"], before.get(row["service"]))
    return told


def _at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)
