"""Whether the house still receives people at the times of an offer: the hours may have changed since it was made, and time passes."""

from __future__ import annotations

import datetime as dt

from indgang.foundation.places.models import House
from indgang.operations.reception.actions.places import PlacesTaken
from indgang.operations.reception.models import Appointment, Visit
from indgang.operations.reception.offers import Offer
from indgang.operations.reception.queries.house import house_plan
from indgang.operations.reception.rules.daytime import run


def refuse_closed(offer: Offer, house: House, *, now: dt.datetime, on_the_spot: bool = False) -> None:
    """Raise PlacesTaken where a place is closed by now or its time has begun; `on_the_spot`, for a party at the counter: has passed.

    So too where the interpreter or the room is not there then, or where one is needed by now that the offer has not got.

    Whoever calls it has taken `share_opening` first of all, so that the hours stay as they are read here.
    """
    plan = house_plan(house)
    desks = {desk.desk.id: desk for desk in plan.desks}
    resources = {one.resource.id: one for one in plan.resources}
    for stop in offer.stops:
        day = plan.day(stop.starts.astimezone(house.zone).date())
        desk = desks.get(stop.desk)
        wanted = run(day.cell_of(stop.starts), day.cell_from(stop.ends))
        if desk is None or stop.service not in desk.services or wanted & ~plan.open_cells(desk, day):
            raise PlacesTaken
        beside = {resources[number] for number in (stop.interpreter, stop.room) if number in resources}
        if any(wanted & ~plan.resource_cells(one, day) for one in beside):
            raise PlacesTaken
        if not all(beside.intersection(group) for group in plan.needs(desk, stop.service, day.date, offer.wish["i"])):
            raise PlacesTaken
        if (stop.ends if on_the_spot else stop.starts) < now:
            raise PlacesTaken


def still_open(place: Appointment, visit: Visit) -> bool:
    """Whether the desk of a place receives people then and does the visit's service, and the interpreter and the room are there."""
    house = visit.journey.house
    plan = house_plan(house)
    day = plan.day(place.starts.astimezone(house.zone).date())
    wanted = run(day.cell_of(place.starts), day.cell_from(place.ends))
    desk = next((one for one in plan.desks if one.desk.id == place.desk_id), None)
    if desk is None or visit.service.key not in desk.services or wanted & ~plan.open_cells(desk, day):
        return False
    beside = [one for one in plan.resources if one.resource.id in (place.interpreter_id, place.room_id)]
    return not any(wanted & ~plan.resource_cells(one, day) for one in beside)
