"""Sending on, undone: the party is where it was, or waits in line for it."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from indgang.foundation.access.actors import Actor, require
from indgang.operations.reception import permissions
from indgang.operations.reception.actions.desk import locked_visit, write_entry
from indgang.operations.reception.actions.floor import place_taken_again
from indgang.operations.reception.actions.places import share_opening
from indgang.operations.reception.actions.turns import take_sending_on_back
from indgang.operations.reception.errors import NotNow
from indgang.operations.reception.models import Desk, Visit
from indgang.operations.reception.models.journey import AT_A_DESK, Status


@transaction.atomic
def undo_send_on(*, actor: Actor, visit: Visit, following: Visit) -> Visit:
    """The party that was sent on from `visit` to `following` does the first after all: at the desk again where that is free, else in line.

    Its booked time is its own again unless somebody else has it or its desk is closed then. Raises NotNow once a desk has called it for the
    other step.
    """
    share_opening(visit.journey.house.key)
    visit, following = locked_visit(visit), locked_visit(following)
    require(permissions.call_for(visit), actor)
    if visit.status == Status.WAITING or visit.status in AT_A_DESK:
        return visit
    if visit.status != Status.CANCELLED or following.journey_id != visit.journey_id or following.status != Status.WAITING:
        raise NotNow(_("This can no longer be undone: they have been called for the other step, or one of the steps has changed."))
    arrived = visit.arrived_at or following.arrived_at
    if hasattr(visit, "appointment"):
        place_taken_again(visit)
    served = take_sending_on_back(visit)
    status = _where(visit)
    gone = {"desk": None, "called_at": None, "started_at": None, "clerk": None} if status == Status.WAITING else {}
    Visit.objects.filter(pk=visit.pk).update(status=status, arrived_at=arrived, interpreter=None, **gone)
    Visit.objects.filter(pk=following.pk).update(status=Status.CANCELLED)
    again = locked_visit(visit)
    write_entry(actor, "visit.send-on-undone", again, to=following.service.key, status=str(status), served=served)
    return again


def _where(visit: Visit) -> Status:
    """At its desk again where that is free, else in line."""
    if visit.desk is None or visit.called_at is None:
        return Status.WAITING
    Desk.objects.select_for_update().get(pk=visit.desk.pk)  # whoever calls to this desk waits, or has called
    busy = Visit.objects.filter(status__in=AT_A_DESK)
    if busy.filter(desk=visit.desk).exists() or busy.filter(journey=visit.journey).exists():
        return Status.WAITING
    return Status.SERVING if visit.started_at else Status.CALLED
