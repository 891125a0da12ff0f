"""Who may do what in a house. Each function gives a predicate for `access.actors.require`."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from indgang.foundation.access.actors import Actor
from indgang.foundation.identity.models import Organisation, Role
from indgang.foundation.places.models import House
from indgang.operations.reception.models import Desk, Journey, Service, Turn, Visit

KEEPING = (Role.LEADER, Role.ADMINISTRATOR)
Permission = Callable[[Actor], bool]
FOLLOWING = (Role.LEADER, Role.FLOORWALKER, Role.ADMINISTRATOR)
WORKING = (Role.CLERK, Role.FLOORWALKER, Role.LEADER)


def receive_people(house: House) -> Permission:
    """Check in, book for and move people: the floorwalkers of the organisation that hosts the house."""
    return lambda actor: house.id in actor.houses_as(Role.FLOORWALKER, host=True)


def work_in_house(house: House) -> Permission:
    """See who comes today: everyone who staffs the house."""
    return lambda actor: house.id in actor.houses_as(*WORKING)


def see_statistics(house: House) -> Permission:
    """See the house's figures: the leaders, floorwalkers and administrators of everyone who works in it."""
    return lambda actor: house.id in actor.houses_as(*FOLLOWING)


def serve_at(desk: Desk) -> Permission:
    """Call, start and finish at a desk: the clerks of the organisation whose desk it is."""
    return lambda actor: actor.has_role(Role.CLERK, organisation_id=desk.organisation_id)


def told_end_of(turn: Turn) -> Permission:
    """Take the end of a turn back: the clerks of the authority that served, whoever has the desk by now."""
    return lambda actor: actor.has_role(Role.CLERK, organisation_id=turn.authority_id)


def serves(service: Service) -> Permission:
    """Work on a step that is at no desk yet: the clerks of its authority."""
    return lambda actor: actor.has_role(Role.CLERK, organisation_id=service.authority_id)


def call_for(visit: Visit) -> Permission:
    """Call again, set aside, bring back, send on: the floorwalkers, clerks of the step's authority and of the desk it is called to."""
    floorwalkers, authority = receive_people(visit.journey.house), serves(visit.service)
    return lambda actor: floorwalkers(actor) or authority(actor) or (visit.desk is not None and serve_at(visit.desk)(actor))


def writing_for(actor: Actor, visit: Visit) -> Organisation:
    """The organisation a note belongs to: the step's own authority when the author works there, else the author's."""
    authority = visit.service.authority
    return authority if authority.id in actor.organisation_ids or actor.organisation is None else actor.organisation


def manage(journey: Journey) -> Permission:
    """Move or cancel a journey: whoever holds its key, and the floorwalkers of its house."""
    floorwalkers = receive_people(journey.house)
    return lambda actor: (actor.kind == "citizen" and actor.reference == journey.reference) or floorwalkers(actor)


def attend_to(journey: Journey) -> Permission:
    """Reach the party and book its next step: the floorwalkers of its house, and the clerks of the authorities that have a step on it."""
    floorwalkers = receive_people(journey.house)
    authorities = {visit.service.authority_id for visit in journey.visits.select_related("service")}
    return lambda actor: floorwalkers(actor) or any(actor.has_role(Role.CLERK, organisation_id=authority) for authority in authorities)


def note_residence(journey: Journey) -> Permission:
    """Note where a party lives: whoever attends to it, and the clerks of the desks that it was called to."""
    attends = attend_to(journey)
    desks = set(journey.visits.exclude(desk=None).values_list("desk__organisation", flat=True))
    return lambda actor: attends(actor) or any(actor.has_role(Role.CLERK, organisation_id=desk) for desk in desks)


def see_hours(house: House) -> Permission:
    """See when the house and its desks receive people: whoever works in the house, and those who keep the hours."""
    return lambda actor: house.id in actor.houses_as(*WORKING, *KEEPING)


def keep_house(house: House) -> Permission:
    """Decide the hours of the whole house: leaders and administrators of its host."""
    return lambda actor: house.id in actor.houses_as(*KEEPING, host=True)


def keep_desks_of(house: House, organisation_id: int) -> Permission:
    """Decide the hours and services of an authority's desks: its own leaders and administrators, and those of the host."""
    host = keep_house(house)
    in_house = see_hours(house)
    return lambda actor: host(actor) or (in_house(actor) and actor.has_role(*KEEPING, organisation_id=organisation_id))


def close_today(desk: Desk) -> Permission:
    """Close a desk for what is left of the day: its clerks, the floorwalkers of the house, and whoever keeps its hours."""
    keepers, floorwalkers, clerks = keep_desks_of(desk.house, desk.organisation_id), receive_people(desk.house), serve_at(desk)
    return lambda actor: keepers(actor) or floorwalkers(actor) or clerks(actor)


def close_one_of(desks: Iterable[Desk]) -> Permission:
    """Close one of these desks for today: who may do that moves whole journeys, which have steps at other desks too."""
    found = [close_today(desk) for desk in desks]
    return lambda actor: any(allowed(actor) for allowed in found)


def note_absence(house: House, organisation_id: int, officer_id: int, *, only_today: bool = False) -> Permission:
    """Note that a colleague is away: whoever keeps the desks, and the colleague; for today the floorwalkers too."""
    keepers, floorwalkers = keep_desks_of(house, organisation_id), receive_people(house)
    return lambda actor: (
        keepers(actor)
        or (only_today and floorwalkers(actor))
        or (actor.user is not None and actor.user.pk == officer_id and actor.has_role(*WORKING, organisation_id=organisation_id))
    )


def close_resource_today(house: House) -> Permission:
    """Say that an interpreter or a room is not there for what is left of the day: the house's floorwalkers, and whoever keeps its hours."""
    keepers, floorwalkers = keep_house(house), receive_people(house)
    return lambda actor: keepers(actor) or floorwalkers(actor)


def see_parties_of(house: House, organisation_id: int) -> Permission:
    """See who is booked at an authority's desks: those who work there, and the host's leaders and floorwalkers."""
    return lambda actor: (
        actor.has_role(*WORKING, organisation_id=organisation_id) or house.id in actor.houses_as(Role.LEADER, Role.FLOORWALKER, host=True)
    )
