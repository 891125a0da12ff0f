"""Sending on, undone: the party is where it was, or waits in line for it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext as _

from indgang.foundation.access.actors import Actor, require
from indgang.foundation.database import clock
from indgang.foundation.journal.models import Entry
from indgang.operations.reception import permissions
from indgang.operations.reception.actions.as_before import FIELDS, WHOSE, last_entry, place_of, set_as_it_was
from indgang.operations.reception.actions.back_at_desk import Back, why_not_at_its_desk
from indgang.operations.reception.actions.called_beside import take_again
from indgang.operations.reception.actions.desk import locked_visit
from indgang.operations.reception.actions.earlier_day import refuse_for_an_earlier_day
from indgang.operations.reception.actions.entries import write_entry
from indgang.operations.reception.actions.floor import place_taken_again
from indgang.operations.reception.actions.places import share_opening
from indgang.operations.reception.actions.telling import is_still_booked, tell_of_time_again
from indgang.operations.reception.actions.turns import take_sending_on_back
from indgang.operations.reception.errors import NotNow
from indgang.operations.reception.models import Appointment, Visit
from indgang.operations.reception.models.journey import AT_A_DESK, Status
from indgang.operations.reception.offers import new_party


@transaction.atomic
def undo_send_on(*, actor: Actor, visit: Visit, following: Visit | None) -> Back:
    """The party that was sent on from `visit` to `following` does the first after all: at the desk again where it can be, else in line.

    Its booked time is its own again unless somebody else has it or its desk is closed then. The step it was sent on to is as it was before:
    gone where it was new (then it is None here when the undoing is sent again). Raises NotNow once a desk has called it for that step.
    """
    share_opening(visit.journey.house.key)
    visit = locked_visit(visit)
    require(permissions.call_for(visit), actor)
    if visit.status == Status.WAITING or visit.status in AT_A_DESK:
        return Back(visit)
    entry = last_entry(visit, "visit.sent-on")
    if entry is None or visit.status != Status.CANCELLED or following is None or not _still_waits(following, entry):
        raise NotNow(_("This can no longer be undone: they have been called for the other step, or one of the steps has changed."))
    following = locked_visit(following)
    refuse_for_an_earlier_day(following)
    had_time = _has_its_time_again(visit, entry)
    served = take_sending_on_back(visit)
    why = _where_it_was(actor, visit, entry.before["was"])
    other = _as_it_was_before(following, entry.before["other"])
    again = locked_visit(visit)
    facts: dict[str, Any] = {"to": following.service.key, "status": str(again.status), "served": served, "other": other}
    write_entry(actor, "visit.send-on-undone", again, **facts)
    if had_time and again.appointment.starts > clock.now():
        tell_of_time_again(again.journey)
    return Back(again, why)


def _still_waits(following: Visit, entry: Entry) -> bool:
    """Whether they wait for the other step still, and have got no time for it."""
    place = place_of(following)
    waits = Visit.objects.filter(pk=following.pk, status=Status.WAITING, counts_from__isnull=False).exists()
    return waits and following.service.key == entry.after["to"] and (place is None or place.freed_at is not None)


def _has_its_time_again(visit: Visit, entry: Entry) -> bool:
    """Take the time again that it gave up when it was sent on; whether a calendar entry went with it."""
    place = place_of(visit)
    if place is None or place.freed_at != entry.at:
        return False
    alone = not is_still_booked(visit.journey)
    visit.appointment = place
    return place_taken_again(visit) and alone


def _where_it_was(actor: Actor, visit: Visit, was: dict[str, Any]) -> str:
    """At its desk again where that can have it, else in line; why it is in line, where it had been at a desk."""
    set_as_it_was(visit, was)
    why = why_not_at_its_desk(actor, visit) if visit.status in AT_A_DESK else ""
    if why:
        visit.status, visit.desk, visit.called_at, visit.started_at = Status.WAITING, None, None, None
        visit.clerk = None
    take_again(visit)
    visit.save(update_fields=[*FIELDS, "clerk"])
    return why


def _as_it_was_before(following: Visit, other: dict[str, Any] | None) -> str:
    """The step that they were sent on to, as it was before; its state, "" where it is gone."""
    if other is None and not following.turns.exists() and not following.notes.exists():
        following.delete()
        return ""
    if other is None:
        following.status = Status.CANCELLED
        following.save(update_fields=["status"])
        return str(following.status)
    set_as_it_was(following, other["was"])
    for name in WHOSE:
        setattr(following, name, other["was"][name])
    following.save(update_fields=[*FIELDS, *WHOSE])
    if "place" in other:
        _old_place(following, **other["place"])
    return str(following.status)


def _old_place(visit: Visit, *, desk: int, interpreter: int | None, room: int | None, starts: str, ends: str, freed: str) -> None:
    """The place that it had missed or given up before; nobody's since."""
    period = DateTimeTZRange(dt.datetime.fromisoformat(starts), dt.datetime.fromisoformat(ends))
    Appointment.objects.create(
        desk_id=desk,
        interpreter_id=interpreter,
        room_id=room,
        period=period,
        visit=visit,
        party=new_party(),
        freed_at=dt.datetime.fromisoformat(freed),
    )
