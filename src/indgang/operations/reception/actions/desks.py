"""The row of a desk: whoever calls to a desk, and whoever gives it to another authority, has it alone."""

from __future__ import annotations

from django.utils.translation import gettext as _

from indgang.foundation.access.actors import Actor, NotAllowed, require
from indgang.foundation.places.models import House
from indgang.operations.reception import permissions
from indgang.operations.reception.errors import NotNow
from indgang.operations.reception.models import Desk, Visit
from indgang.operations.reception.models.journey import AT_A_DESK, Status
from indgang.operations.reception.models.turn import TurnOutcome
from indgang.operations.reception.queries.journeys import number_of
from indgang.operations.reception.queries.left_over import left_over_at


def at_desk(desk: Desk) -> Visit | None:
    """The step that the desk has called or is serving."""
    visits = Visit.objects.select_related("service__authority", "journey__house__region", "journey__contact")
    return visits.filter(desk=desk, status__in=AT_A_DESK).first()


def own_desk(actor: Actor, desk: Desk) -> Desk:
    """The desk as it is now, locked; only for its clerks. Who was one when the page was opened may not be one any more."""
    found = Desk.objects.select_for_update(of=("self",)).select_related("house__region").filter(pk=desk.pk).first()
    if found is None:
        raise NotAllowed
    require(permissions.serve_at(found), actor)
    return found


def desk_to_change(house: House, key: str) -> Desk | None:
    """The desk of that key, locked against calls; None where there is none."""
    rows = Desk.objects.select_for_update(of=("self",), no_key=True).select_related("organisation")
    return rows.filter(house=house, key=key).first()


def refuse_while_somebody_is_there(desk: Desk) -> None:
    """Raise NotNow where a party is called to, served or was left at a desk that is about to be another authority's.

    Its clerks could not end what they have begun, and the other authority would have the party before it. Read it with `desk_to_change`.
    """
    present = at_desk(desk)
    if present is None:
        _refuse_while_an_end_is_untold(desk)
        return
    number = number_of(present.journey)
    facts = {"desk": desk.title, "number": number, "reference": present.journey.reference}
    if number is None:
        told = _("The party of visit %(reference)s is at %(desk)s now.")
    elif present.status == Status.CALLED:
        told = _("Number %(number)s has been called to %(desk)s.")
    else:
        told = _("Number %(number)s is being served at %(desk)s.")
    what = _("The desk can become another authority's once they are finished with, put back in line or sent on.")
    raise NotNow(f"{told % facts} {what}")


def _refuse_while_an_end_is_untold(desk: Desk) -> None:
    """What was left open there can be told by those who left it, and only on the page of the desk."""
    left = next((turn for turn in left_over_at(desk) if turn.outcome == TurnOutcome.LEFT_OPEN), None)
    if left:
        facts = {"step": left.service.title, "reference": left.journey.reference, "desk": desk.title}
        left_open = _("“%(step)s” of visit %(reference)s was left open at %(desk)s, and nobody has said yet how it ended.")
        what = _("The desk can become another authority's once its clerks have told that on the page of the desk.")
        raise NotNow(f"{left_open % facts} {what}")
