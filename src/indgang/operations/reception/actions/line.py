"""In the line: call again, set aside, bring back, and send on to another service or authority without losing the place."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from indgang.foundation.access.actors import Actor, require
from indgang.foundation.database import clock
from indgang.operations.reception import permissions
from indgang.operations.reception.actions.desk import locked_visit, write_entry
from indgang.operations.reception.actions.freed import note_freed
from indgang.operations.reception.actions.turns import end_sent_on
from indgang.operations.reception.errors import NotNow
from indgang.operations.reception.models import Appointment, Service, Visit
from indgang.operations.reception.models.journey import AT_A_DESK, Status


@transaction.atomic
def call_again(*, actor: Actor, visit: Visit, after: int | None = None) -> Visit:
    """Call a party that has not come to the desk once more. Raises NotNow unless it was called and has not sat down.

    `after`: how often it had been called where the button was pressed; pressed twice there, it is called once.
    """
    visit = locked_visit(visit)
    require(permissions.call_for(visit), actor)
    if visit.status != Status.CALLED:
        raise NotNow(_("Only a party that has been called and has not come can be called again."))
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
    if visit.parked_at:
        return visit
    if visit.status not in [Status.WAITING, Status.CALLED]:
        raise NotNow(_("Only a party that waits, or was called and did not come, can be set aside."))
    visit.status, visit.parked_at, visit.desk, visit.called_at, visit.clerk = Status.WAITING, clock.now(), None, None, None
    visit.save(update_fields=["status", "parked_at", "desk", "called_at", "clerk"])
    write_entry(actor, "visit.set-aside", visit)
    return visit


@transaction.atomic
def bring_back(*, actor: Actor, visit: Visit) -> Visit:
    """A party that waited aside stands in line again, at its old place. Twice changes nothing."""
    visit = locked_visit(visit)
    require(permissions.call_for(visit), actor)
    if visit.parked_at is None:
        return visit
    visit.parked_at = None
    Visit.objects.filter(journey=visit.journey, parked_at__isnull=False).update(parked_at=None)  # it is the party that is back
    write_entry(actor, "visit.brought-back", visit)
    return visit


@transaction.atomic
def send_on(*, actor: Actor, visit: Visit, service: Service) -> Visit:
    """The party needs another service instead, perhaps of another authority: it waits for that one, counting from when it began to wait.

    The step that was wrong is cancelled and its time freed; where it had begun, the time at the desk still counts. Raises NotNow when the
    step has ended or the party has the other already. Sent on to the same service twice, it is sent on once.
    """
    visit = locked_visit(visit)
    require(permissions.call_for(visit), actor)
    sent = _sent_on_before(visit, service)
    if sent:
        return sent
    if visit.status not in [Status.WAITING, *AT_A_DESK]:
        raise NotNow(_("This step has ended, so nobody can be sent on from it."))
    if not service.desks.filter(house=visit.journey.house).exists():
        raise NotNow(_("No desk of this house does “%(step)s”.") % {"step": service.title})
    if visit.journey.visits.filter(service=service).exclude(status__in=[Status.CANCELLED, Status.NO_SHOW]).exists():
        raise NotNow(_("The party has “%(step)s” on its list already.") % {"step": service.title})
    now = clock.now()
    Appointment.objects.filter(visit=visit, freed_at=None).update(freed_at=now)
    since = visit.counts_from or visit.arrived_at or now
    persons = end_sent_on(visit, now).persons if visit.status == Status.SERVING else []
    visit.status = Status.CANCELLED
    visit.save(update_fields=["status"])
    following = _waiting_step(visit, service)
    following.counts_from, following.arrived_at = since, visit.arrived_at or since
    following.save()
    arrived, people = following.arrived_at, visit.people
    write_entry(actor, "visit.sent-on", visit, at=now, to=service.key, arrived=arrived, people=people, persons=persons)
    note_freed(visit.journey.house)
    return following


def _sent_on_before(visit: Visit, service: Service) -> Visit | None:
    """What the party waits for since it was sent on from this step, where it was."""
    if visit.status != Status.CANCELLED:
        return None
    waits = visit.journey.visits.filter(service=service, position=visit.position, status=Status.WAITING, counts_from__isnull=False)
    return waits.select_related("journey__house__region", "journey__contact", "service__authority").first()


def _waiting_step(visit: Visit, service: Service) -> Visit:
    """The step for the other service: new, or the one that had been cancelled."""
    following = visit.journey.visits.filter(service=service).first() or Visit(journey=visit.journey, service=service)
    if following.pk:
        Appointment.objects.filter(visit=following).delete()
    following.position, following.people, following.travellers = visit.position, visit.people, visit.travellers
    following.status, following.calls, following.desk, following.parked_at = Status.WAITING, 0, None, None
    following.called_at = following.last_called_at = following.started_at = following.ended_at = None
    return following
