"""The floorwalker notes that a party needs an interpreter, or none any more, and what is booked follows."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from indgang.foundation.access.actors import Actor, require
from indgang.foundation.database import clock
from indgang.operations.reception import emails, links, permissions
from indgang.operations.reception.actions.changes import appointments_ahead, locked, move_journey
from indgang.operations.reception.actions.entries import write_journey_entry
from indgang.operations.reception.actions.freed import note_freed
from indgang.operations.reception.actions.places import Place, PlacesTaken, share_opening, take_places
from indgang.operations.reception.errors import InvalidRequest, NotNow, PlacesGone
from indgang.operations.reception.languages import language_in_words
from indgang.operations.reception.models import Appointment, Journey
from indgang.operations.reception.queries.free_time import FreeTime
from indgang.operations.reception.queries.house import HousePlan, house_plan
from indgang.operations.reception.queries.itineraries import PlannedItinerary
from indgang.operations.reception.queries.journeys import can_be_kept
from indgang.operations.reception.queries.overruns import rest_planned_anew
from indgang.operations.reception.queries.resources import interpreted_languages
from indgang.operations.reception.rules.daytime import run


@transaction.atomic
def change_interpreter(*, actor: Actor, journey: Journey, language: str, offer: str = "") -> bool:
    """The party needs an interpreter for that language ("": none). Whether its steps got other times for it: those of the offer.

    The times stay where the desk speaks the language or an interpreter is free, at all of them. Else nothing changes without an offer that
    was chosen: PlacesGone brings those there are. Raises NotNow when there is none, and InvalidRequest when the house has no interpreter
    for that language; all is then as it was.
    """
    share_opening(journey.house.key)
    journey = locked(journey)
    require(permissions.receive_people(journey.house), actor)
    if journey.cancelled_at:
        raise NotNow(_("This visit is cancelled. Book a new one."))
    if journey.interpreter == language:
        return False
    if language and language not in interpreted_languages(journey.house):
        raise InvalidRequest({"interpreter": _("The house has no interpreter for this language.")})
    journey.interpreter = language
    journey.save(update_fields=["interpreter"])
    write_journey_entry(actor, "journey.interpreter-changed", journey, after={"needed": bool(language)})
    if _keep_the_times(journey):
        _tell(journey)
        return False
    if not offer:
        raise PlacesGone(_("Not at the booked times: no interpreter for this language is free at all of them."), _new_times(journey))
    move_journey(actor=actor, journey=journey, offer=offer)
    return True


def _keep_the_times(journey: Journey) -> bool:
    """The same desks and times, with an interpreter where one is needed; False when none is free at one of them."""
    now = clock.now()
    ahead = [place for place in appointments_ahead(journey) if place.visit and can_be_kept(place.visit, now)]
    plan = house_plan(journey.house)
    chosen = [(place, _chosen(plan, place, journey, now)) for place in ahead]
    if any(interpreter is None for _place, interpreter in chosen):
        return False
    changed = [(place, interpreter or None) for place, interpreter in chosen if (interpreter or None) != place.interpreter_id]
    places = [Place(place.desk_id, place.starts, place.ends, place.visit_id, interpreter, place.room_id) for place, interpreter in changed]
    try:
        with transaction.atomic():
            Appointment.objects.filter(pk__in=[place.pk for place, _interpreter in changed]).delete()
            if places:
                take_places(places, party=ahead[0].party, now=now)
    except PlacesTaken:
        return False
    if changed:
        note_freed(journey.house)
    return True


def _chosen(plan: HousePlan, place: Appointment, journey: Journey, now: dt.datetime) -> int | None:
    """Who interprets at that place: 0 where nobody needs to, None where nobody can."""
    desk = next((one for one in plan.desks if one.desk.id == place.desk_id), None)
    if not journey.interpreter or (desk and desk.speaks(journey.interpreter)):
        return 0
    day = plan.day(place.starts.astimezone(plan.house.zone).date())
    wanted = run(day.cell_of(place.starts), day.cell_from(place.ends))
    free_time = FreeTime(plan, [], [day], now=now, ignoring=journey.id)
    fitting = [one for one in plan.interpreters(journey.interpreter) if not wanted & ~free_time.free_beside(0, one)]
    best = min(fitting, key=lambda one: (len(one.resource.languages), one.resource.id), default=None)
    return best.resource.id if best else None


def _tell(journey: Journey) -> None:
    """The calendar and the letters say who interprets."""
    if not appointments_ahead(journey):
        return
    journey.sequence += 1
    journey.save(update_fields=["sequence"])
    if journey.contact and journey.contact.email:
        emails.send_interpreter(journey=journey, manage_url=links.new_manage_url(journey=journey))


def _new_times(journey: Journey) -> tuple[PlannedItinerary, ...]:
    """Where the steps that have not begun could go instead: not before they are booked, where there is anything later."""
    booked = min((place.starts for place in appointments_ahead(journey)), default=None)
    for not_before in (booked, None):
        plan = rest_planned_anew(journey, not_before=not_before)
        if plan and plan.itineraries:
            return plan.itineraries
    facts = {"language": language_in_words(journey.interpreter)}
    raise NotNow(_("No interpreter is free for %(language)s in the next six weeks. The visit stays as it was.") % facts)
