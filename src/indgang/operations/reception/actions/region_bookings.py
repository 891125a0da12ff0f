"""Bookings that a region's files would leave outside the hours: they are named before anything is saved, with a new time each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from django.db import transaction

from indgang.foundation.access.actors import system
from indgang.foundation.database import clock
from indgang.foundation.database.console import Refused
from indgang.foundation.places.models import House
from indgang.operations.reception.actions.employers_told import lock_groups_of, tell_employers
from indgang.operations.reception.actions.places import PlacesTaken, change_opening
from indgang.operations.reception.actions.replanning import move_to_offer, offered_times
from indgang.operations.reception.errors import ReceptionError
from indgang.operations.reception.models import Appointment
from indgang.operations.reception.queries.affected import Affected, Standing, met_by_change, standing, with_proposals
from indgang.operations.reception.queries.house import house_plan
from indgang.operations.reception.queries.outside import Trouble

Wish = Literal["ask", "move", "leave"]

WHY = {
    Trouble.CLOSED: "",
    Trouble.LANGUAGE: " (not in their language)",
    Trouble.WAY: " (too little time for the way there)",
    Trouble.AUTHORITY: " (another authority would receive them)",
}


@dataclass
class Met:
    """What came of the bookings that the files met, by their codes.

    `kept` have their place, only not as they booked it; `to_call` were moved and have no e-mail address, nor has an employer of theirs.
    """

    moved: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    to_call: list[str] = field(default_factory=list)


def standing_before(region: str) -> dict[str, Standing]:
    """By house, the places that are outside the hours already or in other trouble, and whose its desks are.

    From here on nobody takes places until the end of the transaction.
    """
    found = {}
    for house in House.objects.filter(region__key=region).select_related("region").order_by("key"):
        change_opening(house.key)
        found[house.key] = standing(house_plan(house), now=clock.now())
    return found


def settle_bookings(before: dict[str, Standing], *, wish: Wish) -> Met:
    """Move those who have a place outside the hours by now, each as one, to the first time that fits; or leave them for the page.

    Raises Refused, naming each of them with that time, when nobody has said what to do.
    """
    affected = [one for key, known in before.items() for one in _met(key, known)]
    if affected and wish == "ask":
        raise Refused(_told(affected))
    met = Met()
    groups = lock_groups_of(one.journey for one in affected)
    times = {one.journey.pk: one.times for one in affected}
    moved = [one.journey for one in affected if wish == "move" and _moved(one)]
    same = [one.journey for one in affected if one.journey in moved and times[one.journey.pk] == offered_times(one.proposals[0].offer)]
    told = tell_employers(groups, [journey for journey in moved if journey not in same])
    for one in affected:
        if one.journey not in moved:
            (met.kept if one.keeps else met.left).append(one.journey.reference)
            continue
        met.moved.append(one.journey.reference)
        if one.journey not in same and one.journey.pk not in told and not (one.journey.contact and one.journey.contact.email):
            met.to_call.append(one.journey.reference)
    return met


def _met(key: str, before: Standing) -> list[Affected]:
    house = House.objects.select_related("region").get(key=key)
    return with_proposals(house, met_by_change(house_plan(house), before, now=clock.now()))


def _moved(one: Affected) -> bool:
    if not one.proposals:
        return False
    try:
        with transaction.atomic():
            move_to_offer(actor=system(), journey=one.journey, offer=one.proposals[0].offer)
    except (PlacesTaken, ReceptionError):
        return False
    return True


def _told(affected: Sequence[Affected]) -> str:
    lines = [f"{len(affected)} booked visits would not be received as they were booked, so nothing was loaded:"]
    for one in affected:
        zone = one.journey.house.zone
        places = "; ".join(f"{_place(place, zone)}{WHY[one.why[place.pk]]}" for place in one.places)
        none = "keeps its time" if one.keeps else "no time in the next four weeks"
        free = f"{one.proposals[0].starts.astimezone(zone):%Y-%m-%d %H:%M}" if one.proposals else none
        lines.append(f"  {one.journey.reference}: {places} -> {free}")
    lines.append("Load again with --move-booked to give each the time after the arrow and write to them,")
    lines.append("or with --leave-booked to leave them as they are; the Hours page of the house then shows them with other times.")
    return "\n".join(lines)


def _place(place: Appointment, zone: object) -> str:
    service = place.visit.service.key if place.visit else ""
    return f"{place.starts.astimezone(zone):%Y-%m-%d %H:%M} {service} at {place.desk.key}"  # type: ignore[arg-type]
