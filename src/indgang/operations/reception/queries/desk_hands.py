"""Desks that are another authority's, as a colleague in the house may know of them."""

from __future__ import annotations

import datetime as dt

from indgang.foundation.access.actors import Actor
from indgang.foundation.identity.models import Organisation
from indgang.foundation.journal.queries import entries_about, entries_visible_to
from indgang.operations.reception.models import Desk
from indgang.operations.reception.queries.opening_page import houses_with_hours


def desk_known_to(actor: Actor, house: str, key: str) -> Desk | None:
    """The desk with that key, whosever it is, for those who may see in the opening hours that it exists."""
    known = Desk.objects.filter(house__in=houses_with_hours(actor), house__key=house, key=key)
    return known.select_related("house__region", "organisation").first()


def taken_from_us_at(actor: Actor, desk: Desk) -> dt.datetime | None:
    """When the desk became its authority's, if it was one of the actor's organisations' until then."""
    changes = entries_visible_to(actor, entries_about(desk).filter(verb="desk.changed"))
    for entry in changes:
        before, after = entry.before.get("organisation"), entry.after.get("organisation")
        if before != after:
            ours = Organisation.objects.filter(pk__in=actor.organisation_ids, key=before).exists()
            return entry.at if ours and after == desk.organisation.key else None
    return None
