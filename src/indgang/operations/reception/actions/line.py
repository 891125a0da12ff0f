"""In the line: call again, set aside, bring back, and send on to another service or authority without losing the place."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from indgang.foundation.access.actors import Actor, require
from indgang.foundation.database import clock
from indgang.operations.reception import permissions
from indgang.operations.reception.actions.as_before import (
    as_it_is,
    aside_of,
    last_entry,
    place_of,
    set_as_it_was,
    set_aside_as_before,
)
from indgang.operations.reception.actions.back_at_desk import Back, be_at_the_desk_again, why_not_at_its_desk
from indgang.operations.reception.actions.desk import locked_visit
from indgang.operations.reception.actions.earlier_day import refuse_for_an_earlier_day
from indgang.operations.reception.actions.entries import write_entry
from indgang.operations.reception.actions.freed import note_freed
from indgang.operations.reception.actions.telling import tell_of_time_given_up
from indgang.operations.reception.actions.turns import end_sent_on
from indgang.operations.reception.desk_words import ended_unserved
from indgang.operations.reception.errors import NotAtDesk, NotNow
from indgang.operations.reception.models import Appointment, Desk, Service, Visit
from indgang.operations.reception.models.journey import AT_A_DESK, IN_THE_HOUSE, Status


@transaction.atomic
def call_again(*, actor: Actor, visit: Visit, after: int | None = None) -> Visit:
    """Call a party that has not come to the desk once more. Raises NotNow unless it was called and has not sat down.

    `after`: how often it had been called where the button was pressed; pressed twice there, it is called once.
    """
    visit = locked_visit(visit)
    require(permissions.call_for(visit), actor)
    refuse_for_an_earlier_day(visit)
    if visit.status != Status.CALLED:
        raise NotAtDesk(_("Only a party that has been called and has not come can be called again."))
    if after is not None and visit.calls > after:
        return visit
    visit.calls, visit.last_called_at = visit.calls + 1, clock.now()
    visit.save(update_fields=["calls", "last_called_at"])
    write_entry(actor, "visit.called-again", visit, desk=visit.desk.key if visit.desk else "", calls=visit.calls)
    return visit


@transaction.atomic
def set_aside(*, actor: Actor, visit: Visit) -> Visit:
    """Let a party wait aside: it keeps its place and is not called until it is brought back. Twice changes nothing.

    A party that was called and did not come leaves the desk free. Raises NotNow once it is being served or has ended.
    """
    visit = locked_visit(visit)
    require(permissions.call_for(visit), actor)
    refuse_for_an_earlier_day(visit)
    if visit.parked_at:
        return visit
    if visit.status not in [Status.WAITING, Status.CALLED]:
        raise NotAtDesk(ended_unserved(visit) or _("Only a party that waits, or was called and did not come, can be set aside."))
    before = {"was": as_it_is(visit)}
    visit.status, visit.parked_at, visit.desk, visit.called_at, visit.clerk = Status.WAITING, clock.now(), None, None, None
    visit.interpreter = visit.room = None
    visit.save(update_fields=["status", "parked_at", "desk", "called_at", "clerk", "interpreter", "room"])
    write_entry(actor, "visit.set-aside", visit, before=before)
    return visit


@transaction.atomic
def undo_set_aside(*, actor: Actor, visit: Visit) -> Back:
    """It was set aside by mistake: it is at the desk again that had called it, where that can have it, else in line. Twice changes nothing.

    Raises NotNow when the step has changed since in another way.
    """
    visit = locked_visit(visit)
    entry = last_entry(visit, "visit.set-aside")
    was = entry.before.get("was", {}) if entry else {}
    desk = Desk.objects.filter(pk=was.get("desk_id") or 0).first()
    require(_any_of(permissions.call_for(visit), permissions.serve_at(desk) if desk else None), actor)
    refuse_for_an_earlier_day(visit)
    if visit.parked_at is None and visit.status in IN_THE_HOUSE:
        return Back(visit)
    if visit.parked_at is None or visit.status != Status.WAITING:
        raise NotNow(_why_nobody_is_brought_back(visit))
    if was.get("status") != Status.CALLED:
        return Back(bring_back(actor=actor, visit=visit))
    set_as_it_was(visit, was)
    why = why_not_at_its_desk(actor, visit)
    if why:
        return Back(bring_back(actor=actor, visit=locked_visit(visit)), why)
    be_at_the_desk_again(actor, "visit.aside-undone", visit)
    return Back(visit)


def _why_nobody_is_brought_back(visit: Visit) -> str:
    return ended_unserved(visit) or _("This party is not in line for this step any more, so nobody can be brought back to it.")


def _any_of(*permitted: permissions.Permission | None) -> permissions.Permission:
    return lambda actor: any(allowed(actor) for allowed in permitted if allowed)


@transaction.atomic
def bring_back(*, actor: Actor, visit: Visit) -> Visit:
    """A party that waited aside stands in line again, at its old place. Twice changes nothing."""
    visit = locked_visit(visit)
    require(permissions.call_for(visit), actor)
    refuse_for_an_earlier_day(visit)
    if visit.status not in IN_THE_HOUSE:
        raise NotNow(_why_nobody_is_brought_back(visit))
    if visit.parked_at is None:
        return visit
    before = {"aside": aside_of(visit.journey)}
    visit.parked_at = None
    Visit.objects.filter(journey=visit.journey, parked_at__isnull=False).update(parked_at=None)  # it is the party that is back
    write_entry(actor, "visit.brought-back", visit, before=before)
    return visit


@transaction.atomic
def undo_bring_back(*, actor: Actor, visit: Visit) -> Visit:
    """It was brought back by mistake: it waits aside again, since when it did before. Twice changes nothing.

    Raises NotNow once a desk has called the party, or the step has ended.
    """
    visit = locked_visit(visit)
    require(permissions.call_for(visit), actor)
    refuse_for_an_earlier_day(visit)
    if visit.parked_at:
        return visit
    entry = last_entry(visit, "visit.brought-back")
    if entry is None or not can_undo_bringing_back(visit):
        raise NotNow(_("This can no longer be undone: a desk has called them, or they do not wait for this step any more."))
    set_aside_as_before(visit.journey, entry.before.get("aside", {}))
    write_entry(actor, "visit.back-undone", visit)
    return locked_visit(visit)


def can_undo_bringing_back(visit: Visit) -> bool:
    """Whether the step was brought back since the party came, waits still, and the party is at no desk."""
    at_a_desk = visit.journey.visits.filter(status__in=AT_A_DESK).exists()
    entry = last_entry(visit, "visit.brought-back")
    since = entry is not None and (visit.arrived_at is None or visit.arrived_at <= entry.at)
    return visit.status == Status.WAITING and not at_a_desk and since


@transaction.atomic
def send_on(*, actor: Actor, visit: Visit, service: Service) -> Visit:
    """The party needs another service instead, perhaps of another authority: it waits for that one, counting from when it began to wait.

    The step that was wrong is cancelled and its time freed; where it had begun, the time at the desk still counts. Raises NotNow when the
    step has ended or the party has the other already. Sent on to the same service twice, it is sent on once.
    """
    visit = locked_visit(visit)
    require(permissions.call_for(visit), actor)
    refuse_for_an_earlier_day(visit)
    sent = _sent_on_before(visit, service)
    if sent:
        return sent
    if visit.status not in IN_THE_HOUSE:
        raise NotAtDesk(_("This step has ended, so nobody can be sent on from it."))
    if not service.desks.filter(house=visit.journey.house).exists():
        raise NotNow(_("No desk of this house does “%(step)s”.") % {"step": service.title})
    if visit.journey.visits.filter(service=service).exclude(status__in=[Status.CANCELLED, Status.NO_SHOW]).exists():
        raise NotNow(_("The party has “%(step)s” on its list already.") % {"step": service.title})
    now = clock.now()
    other = visit.journey.visits.filter(service=service).first()
    before = {"was": as_it_is(visit), "other": _with_its_place(other) if other else None}
    freed = Appointment.objects.filter(visit=visit, freed_at=None)
    to_come = freed.filter(period__startswith__gt=now).update(freed_at=now)
    freed.update(freed_at=now)
    since = visit.counts_from or visit.arrived_at or now
    persons = end_sent_on(visit, now).persons if visit.status == Status.SERVING else []
    visit.status = Status.CANCELLED
    visit.save(update_fields=["status"])
    following = _waiting_step(visit, service, other)
    following.counts_from, following.arrived_at = since, visit.arrived_at or since
    following.save()
    facts: dict[str, Any] = {"to": service.key, "arrived": following.arrived_at, "people": visit.people, "persons": persons}
    write_entry(actor, "visit.sent-on", visit, at=now, before=before, **facts)
    note_freed(visit.journey.house)
    if to_come:
        tell_of_time_given_up(visit.journey, at=now)
    return following


def _with_its_place(visit: Visit) -> dict[str, Any]:
    """The step with the place that it had, for the `before` of an entry."""
    place = place_of(visit)
    if place is None:
        return {"was": as_it_is(visit)}
    times = {name: at.isoformat() for name, at in (("starts", place.starts), ("ends", place.ends), ("freed", place.freed_at)) if at}
    beside = {"interpreter": place.interpreter_id, "room": place.room_id}
    return {"was": as_it_is(visit), "place": {"desk": place.desk_id, **beside, **times}}


def _sent_on_before(visit: Visit, service: Service) -> Visit | None:
    """What the party waits for since it was sent on from this step, where it was."""
    if visit.status != Status.CANCELLED:
        return None
    waits = visit.journey.visits.filter(service=service, position=visit.position, status=Status.WAITING, counts_from__isnull=False)
    return waits.select_related("journey__house__region", "journey__contact", "service__authority").first()


def _waiting_step(visit: Visit, service: Service, other: Visit | None) -> Visit:
    """The step for the other service: new, or the one that had been cancelled."""
    following = other or Visit(journey=visit.journey, service=service)
    if following.pk:
        Appointment.objects.filter(visit=following).delete()
    following.position, following.people, following.travellers = visit.position, visit.people, visit.travellers
    following.status, following.calls, following.desk, following.parked_at = Status.WAITING, 0, None, None
    following.called_at = following.last_called_at = following.started_at = following.ended_at = None
    following.interpreter = following.room = None
    return following
