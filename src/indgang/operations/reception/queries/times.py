"""Times to choose from: what the house can offer a party within six weeks; and what was chosen."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from itertools import pairwise

from django.utils.translation import gettext as _

from indgang.foundation.places.models import House
from indgang.operations.reception.errors import OfferRefused
from indgang.operations.reception.offers import Offer
from indgang.operations.reception.queries.house import house_plan
from indgang.operations.reception.queries.itineraries import PlannedItinerary, PlannedStop
from indgang.operations.reception.queries.plans import Plan, PlanRequest, plan_journey

WEEKS = 6
APART_MINUTES, PER_DAY = 150, 2


def times_to_choose(wish: PlanRequest, first: dt.date) -> Plan:
    """The plan for six weeks from `first` on: the best time, another the same day, and one on another day, as far as there are any.

    The search ends with the week that completes them, so it costs no more than a shorter one.
    """
    latest = first + dt.timedelta(days=7 * WEEKS - 1)
    return plan_journey(replace(wish, earliest=first, latest=latest, apart_minutes=APART_MINUTES, per_day=PER_DAY))


def offered_itinerary(offer: Offer, house: House) -> PlannedItinerary:
    """What an offer offers, as the planner would say it. Raises OfferRefused where the house has not those desks or services."""
    plan = house_plan(house)
    desks = {desk.desk.id: desk for desk in plan.desks}
    resources = {one.resource.id: one.resource for one in plan.resources}
    if offer.house != house.key or any(stop.desk not in desks or stop.service not in plan.services for stop in offer.stops):
        raise OfferRefused(_("This offer is not valid. Choose a time again."))
    stops: list[PlannedStop] = []
    for stop in offer.stops:
        starts, ends = stop.starts.astimezone(house.zone), stop.ends.astimezone(house.zone)
        same_day = bool(stops) and stops[-1].ends.date() == starts.date()
        beside = tuple(resources[number] for number in (stop.interpreter, stop.room) if number in resources)
        taken = PlannedStop(plan.services[stop.service], desks[stop.desk], starts, ends, stop.travellers, resources=beside)
        stops.append(replace(taken, walk_minutes=plan.walk_minutes(stops[-1].zone, taken.zone)) if same_day else taken)
    idle = sum(
        int((later.starts - earlier.ends).total_seconds() // 60)
        for earlier, later in pairwise(stops)
        if earlier.ends.date() == later.starts.date()
    )
    return PlannedItinerary(tuple(stops), idle, "", offer.wish["i"])
