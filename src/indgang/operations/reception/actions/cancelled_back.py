"""A visit that was cancelled as a whole is wanted after all: its steps stand again where they were."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from indgang.foundation.access.actors import Actor, require
from indgang.foundation.journal.models import Entry
from indgang.operations.reception import permissions
from indgang.operations.reception.actions.as_before import last_entry
from indgang.operations.reception.actions.changes import locked
from indgang.operations.reception.actions.entries import write_journey_entry
from indgang.operations.reception.actions.floor import bring_step_back, place_can_come_back
from indgang.operations.reception.actions.places import share_opening
from indgang.operations.reception.actions.telling import tell_of_time_again
from indgang.operations.reception.errors import NotNow
from indgang.operations.reception.models import Journey, Visit
from indgang.operations.reception.models.journey import Status


@dataclass(frozen=True)
class WantedAgain:
    """A visit after that. `gone`: the steps that stay cancelled, because somebody else has their place, or it is closed then."""

    journey: Journey
    gone: list[Visit] = field(default_factory=list)


@transaction.atomic
def undo_cancel_journey(*, actor: Actor, journey: Journey, entry: int) -> WantedAgain:
    """Undo the cancelling that the journal's entry of that number tells of: every step that can stand again does. Twice changes nothing.

    Raises NotNow when something else was done with the visit since, and when none of its steps can come back.
    """
    share_opening(journey.house.key)
    journey = locked(journey)
    require(permissions.receive_people(journey.house), actor)
    told, undone = last_entry(journey, "journey.cancelled"), last_entry(journey, "journey.cancel-undone")
    if undone and undone.after.get("cancelling") == entry and journey.cancelled_at is None:
        return WantedAgain(journey)
    if told is None or told.user is None or told.pk != entry or journey.cancelled_at not in (None, told.at):
        raise NotNow(_("This can no longer be undone: the visit was changed again."))
    steps = _cancelled_with(journey, told)
    gone = [visit for visit, was in steps if not _stands_again(actor, visit, was, told)]
    if len(gone) == len(steps):
        raise NotNow(_("Their places have been taken, or their desks are closed then. Book new times for the party."))
    write_journey_entry(actor, "journey.cancel-undone", journey, after={"cancelling": entry})
    tell_of_time_again(journey, every_step=not gone)
    return WantedAgain(journey, gone)


def cancelling_to_undo(journey: Journey) -> int | None:
    """The number of the entry that tells of the cancelling, where a colleague did it and a step can come back; asked right after it."""
    told = last_entry(journey, "journey.cancelled")
    if told is None or told.user is None:
        return None
    steps = _cancelled_with(journey, told)
    return told.pk if any(was["status"] == Status.WAITING or place_can_come_back(visit) for visit, was in steps) else None


def _cancelled_with(journey: Journey, told: Entry) -> list[tuple[Visit, dict[str, object]]]:
    """The steps that were cancelled then and are still, each with how it stood: those with a time, and those that waited in line."""
    stood = dict(told.before.get("was", {}))
    steps = journey.visits.filter(status=Status.CANCELLED).select_related(
        "service__authority", "journey__house__region", "journey__contact"
    )
    found = []
    for visit in steps.order_by("position", "pk"):
        own = last_entry(visit, "visit.cancelled")
        was = stood.get(str(visit.pk)) or (own.before.get("was") if own and own.at == told.at else None)
        if was:
            found.append((visit, was))
    return found


def _stands_again(actor: Actor, visit: Visit, was: dict[str, object], told: Entry) -> bool:
    try:
        bring_step_back(actor, visit, was=was, at=told.at)
    except NotNow:
        return False
    return True
