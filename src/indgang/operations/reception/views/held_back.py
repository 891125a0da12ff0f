"""Who is held back in a desk's line, and for whom, in words."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.utils.translation import gettext as _

from indgang.foundation.ui.words import time_in_words
from indgang.operations.reception.beside_words import no_room_in_words
from indgang.operations.reception.models import Desk
from indgang.operations.reception.queries.desk import InLine
from indgang.operations.reception.queries.today import IN_THE_HOUSE
from indgang.operations.reception.views.staff_rows import party_name


def held_for_in_words(place: InLine) -> str:
    """A few words beside a step that is held back: for whom, and whether they are here; "" beside another."""
    if place.keeps is None:
        return ""
    facts = {"time": time_in_words(place.keeps, place.visit.journey.house.zone)}
    if place.whom is None:
        return _("held back: would keep %(time)s waiting") % facts
    facts["name"] = party_name(place.whom.journey)
    here, not_yet = _("held back for %(name)s, %(time)s, who is here"), _("held back for %(name)s, %(time)s, who has not come yet")
    return (here if place.whom.status in IN_THE_HOUSE else not_yet) % facts


def nobody_can_be_called(desk: Desk, places: Sequence[InLine], roomless: Collection[int]) -> str:
    """Why "call next" calls nobody although there is a line; "" where it does, or where nobody waits."""
    if not places or any(place.keeps is None and place.visit.pk not in roomless for place in places):
        return ""
    first, zone = places[0], places[0].visit.journey.house.zone
    facts = {"name": party_name(first.visit.journey)}
    if first.keeps is None:
        return " ".join([_("%(name)s waits for a room.") % facts, no_room_in_words(desk, first.visit)])
    facts["time"] = time_in_words(first.keeps, zone)
    if first.whom is None:
        return _("%(name)s is held back until %(time)s at the latest, so that the party booked at that time does not have to wait.") % facts
    facts["booked"] = party_name(first.whom.journey)
    here = _("%(name)s is held back until %(time)s at the latest for %(booked)s, who is booked at that time and is here.")
    not_yet = _("%(name)s is held back until %(time)s at the latest for %(booked)s, who is booked at that time and has not come yet.")
    return (here if first.whom.status in IN_THE_HOUSE else not_yet) % facts
