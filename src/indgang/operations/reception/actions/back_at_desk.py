"""Back at the desk: what undoes taking a party away from the desk that had called it, where the desk can have it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from indgang.foundation.access.actors import Actor, require, staff
from indgang.foundation.database import clock
from indgang.foundation.identity.models import User
from indgang.operations.reception import permissions
from indgang.operations.reception.actions.as_before import FIELDS, last_entry, set_as_it_was
from indgang.operations.reception.actions.called_beside import take_again
from indgang.operations.reception.actions.desk import locked_visit
from indgang.operations.reception.actions.earlier_day import refuse_for_an_earlier_day
from indgang.operations.reception.actions.entries import write_entry
from indgang.operations.reception.errors import NotNow
from indgang.operations.reception.models import Desk, Visit
from indgang.operations.reception.models.journey import AT_A_DESK, Status
from indgang.operations.reception.queries.closings import closing_of
from indgang.operations.reception.queries.roster import is_away


@dataclass(frozen=True)
class Back:
    """A step after an undoing. `why_in_line`: why it is not at the desk again that had called it, where it is not."""

    visit: Visit
    why_in_line: str = ""


@transaction.atomic
def undo_put_back(*, actor: Actor, visit: Visit) -> Visit:
    """They came after all, or were put back by mistake: at the desk again, as before. Twice changes nothing.

    Raises NotNow when something else was done with the step since, or its desk cannot have it (why).
    """
    visit = locked_visit(visit)
    entry, call = last_entry(visit, "visit.put-back"), last_entry(visit, "visit.called")
    was = entry.before.get("was") if entry else None
    desk = Desk.objects.filter(pk=was["desk_id"] or 0).first() if was else None
    require(permissions.serve_at(desk) if desk else permissions.serves(visit.service), actor)
    refuse_for_an_earlier_day(visit)
    if visit.status in AT_A_DESK:
        return visit
    stale = entry is None or (call and call.at > entry.at) or (visit.arrived_at and visit.arrived_at > entry.at)
    if was is None or stale or visit.status != Status.WAITING or visit.parked_at:
        raise NotNow(_("This can no longer be undone: something else was done with this step since."))
    set_as_it_was(visit, was)
    why = why_not_at_its_desk(actor, visit)
    if why:
        raise NotNow(_("They stay in line. %(why)s") % {"why": why})
    be_at_the_desk_again(actor, "visit.put-back-undone", visit)
    return visit


def be_at_the_desk_again(actor: Actor, verb: str, visit: Visit) -> None:
    """Save a step that is set as it was at its desk, with whoever called it there; a table does not say where that was."""
    take_again(visit)
    visit.clerk = (_who_called(visit) or actor.user) if visit.desk else None
    visit.save(update_fields=[*FIELDS, "clerk"])
    desk, called, started = visit.desk.key if visit.desk else "", visit.called_at, visit.started_at
    write_entry(actor, verb, visit, desk=desk, called=called, started=started, status=str(visit.status))


def why_not_at_its_desk(actor: Actor, visit: Visit) -> str:
    """Why a step that is set as it was cannot be at its desk again; "" where it can. Whoever calls to the desk meanwhile waits.

    The desk must be free and open, and whoever called there still at it: undoing calls nobody to a place where nobody sits.
    """
    elsewhere = Visit.objects.filter(status__in=AT_A_DESK, journey=visit.journey_id).exclude(pk=visit.pk).exists()
    if visit.desk_id is None:  # a table tells that it began, and not where
        return _("Another desk has called them.") if elsewhere else ""
    desk = Desk.objects.select_for_update(of=("self",)).select_related("house__region").get(pk=visit.desk_id)
    busy, clerk = Visit.objects.filter(status__in=AT_A_DESK).exclude(pk=visit.pk), _who_called(visit)
    facts = {"desk": desk.title, "name": clerk or ""}
    if busy.filter(desk=desk).exists():
        return _("%(desk)s has called somebody else.") % facts
    if elsewhere:
        return _("Another desk has called them.")
    over = desk.active_until and desk.active_until < clock.today(desk.house.zone)
    if over or closing_of(desk) or not desk.services.filter(pk=visit.service_id).exists():
        return _("%(desk)s is closed now.") % facts
    if clerk and clerk == actor.user and not permissions.serve_at(desk)(actor):
        return _("%(desk)s is another authority's now.") % facts
    if clerk and clerk != actor.user and (busy.filter(clerk=clerk).exists() or _is_gone(clerk, desk)):
        return _("%(name)s, who had called them, is no longer at %(desk)s.") % facts
    return ""


def _who_called(visit: Visit) -> User | None:
    call = last_entry(visit, "visit.called")
    return call.user if call else None


def _is_gone(clerk: User, desk: Desk) -> bool:
    """Whether somebody does not work at the desk any more, or is away now."""
    return not (clerk.is_active and permissions.serve_at(desk)(staff(clerk))) or is_away(clerk, desk.house)
