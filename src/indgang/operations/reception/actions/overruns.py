"""Moving the rest of a journey as one when a step takes longer, a clerk falls ill or a paper is missing; or it stays as it was."""

from __future__ import annotations

from django.utils.translation import gettext as _

from indgang.foundation.access.actors import Actor, require
from indgang.operations.reception import permissions
from indgang.operations.reception.actions.changes import move_journey
from indgang.operations.reception.errors import NotNow, PlacesGone
from indgang.operations.reception.models import Journey
from indgang.operations.reception.queries.overruns import rest_planned_anew

TRIES = 3


def move_the_rest(*, actor: Actor, journey: Journey) -> Journey:
    """Give every step that has not begun the first times that fit, all of them or none, and write to the contact.

    Others book meanwhile: places that are gone are looked for again. Raises NotNow when there is nothing to move or nothing is free; the
    journey then stays as it was.
    """
    require(permissions.manage(journey), actor)
    for _attempt in range(TRIES):
        plan = rest_planned_anew(journey)
        if plan is None:
            raise NotNow(_("This visit is over, so there is nothing to change."))
        if not plan.itineraries:
            break
        try:
            return move_journey(actor=actor, journey=journey, offer=plan.itineraries[0].offer)
        except PlacesGone:
            continue
    raise NotNow(_("Nothing is free for the rest of this visit in the next six weeks. It stays as it was."))
