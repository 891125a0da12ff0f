"""Moving back: a journey gets the times again that it had before it was moved, all of them or none, while they are free and open."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from indgang.foundation.access.actors import Actor, require
from indgang.foundation.database import clock
from indgang.foundation.identifiers.keys import digest
from indgang.foundation.journal.models import Entry
from indgang.foundation.mail.actions import withdraw_letters
from indgang.foundation.places.models import House
from indgang.operations.reception import emails, links, permissions
from indgang.operations.reception.actions.changes import locked, party_of
from indgang.operations.reception.actions.entries import times_of, write_journey_entry
from indgang.operations.reception.actions.freed import note_freed
from indgang.operations.reception.actions.places import Place, PlacesTaken, delete_hold, share_opening, take_places
from indgang.operations.reception.errors import NotNow
from indgang.operations.reception.models import Appointment, Hold, Journey, Visit
from indgang.operations.reception.models.journey import Status
from indgang.operations.reception.offers import HOLD_MINUTES, new_party
from indgang.operations.reception.queries.free_time import FreeTime
from indgang.operations.reception.queries.house import HousePlan, house_plan
from indgang.operations.reception.queries.moves import (
    Move,
    OldTime,
    desks_of_old,
    last_move,
    moved_because,
    places_now,
    stands_as_moved,
)
from indgang.operations.reception.rules.daytime import run


@dataclass(frozen=True)
class Back:
    """A journey at its old times. `told`: a letter says so; none does where the new times had not been written to anybody yet (`unsent`),
    or where the time was the same and they had never been told of a place.
    """

    journey: Journey
    told: bool
    unsent: bool


@transaction.atomic
def undo_move(*, actor: Actor, journey: Journey, entry: int) -> Back:
    """Undo the journey's last move, that of the journal's entry of that number: all its steps have their old times, or nothing changes.

    Raises NotNow when it was changed again, or an old time has passed, is closed or is somebody else's by now.
    """
    share_opening(journey.house.key)
    require(permissions.attend_to(journey), actor)
    move = last_move(journey)
    if move is None or move.entry.pk != entry:
        raise NotNow(_("This can no longer be undone: the visit was changed again."))
    return _put_back(actor, journey, move)


def why_not_back(*, actor: Actor, journey: Journey, move: Move) -> str:
    """Why the journey cannot have its old times again; "" where it can. It is done and rolled back."""
    try:
        with transaction.atomic():
            share_opening(journey.house.key)
            _put_back(actor, journey, move, by_house=True)
            transaction.set_rollback(True)
    except NotNow as refusal:
        return refusal.message
    return ""


def hold_old_times(house: House, undoing: Entry) -> None:
    """Keep the old times of those whom `undoing` lets move back for some minutes, so that nobody who waits for a place gets them first.

    Whoever calls it holds the opening of the house, in the transaction of the change.
    """
    now = clock.now()
    until = now + dt.timedelta(minutes=HOLD_MINUTES)
    for journey, move in moved_because(house, undoing):
        plan = house_plan(house)
        delete_hold(client=_holder(journey))
        try:
            with transaction.atomic():
                hold = Hold.objects.create(client=_holder(journey), offer_digest="", held_until=until)
                places = [_old_place(plan, journey, old, None) for old in move.before.values()]
                take_places(places, party=new_party(), now=now, hold=hold.pk)
        except (NotNow, PlacesTaken):
            continue  # the page says why
    note_freed(house, at=until)


def held_until(journeys: Collection[Journey]) -> dt.datetime | None:
    """Until when the first of the old times is kept for them; None where none is."""
    holds = Hold.objects.filter(client__in=[_holder(journey) for journey in journeys], held_until__gt=clock.now())
    return holds.order_by("held_until").values_list("held_until", flat=True).first()


def _holder(journey: Journey) -> str:
    """What stands for the journey among those who hold a place."""
    return digest(f"moved-back:{journey.pk}")


@transaction.atomic
def move_back(*, actor: Actor, house: House, undoing: Entry, chosen: Collection[UUID]) -> tuple[list[Back], list[tuple[Journey, str]]]:
    """Give those chosen their old times again, who had been moved for a change that `undoing` took back; and who could not be, with why.

    What was kept for the others is free from now on.
    """
    share_opening(house.key)
    back: list[Back] = []
    left: list[tuple[Journey, str]] = []
    for journey, move in moved_because(house, undoing):
        may = permissions.close_one_of(desks_of_old(house, move).values())
        if journey.pk not in chosen:
            if may(actor):
                delete_hold(client=_holder(journey))
            continue
        require(may, actor)
        try:
            with transaction.atomic():
                back.append(_put_back(actor, journey, move, by_house=True))
        except NotNow as refusal:
            delete_hold(client=_holder(journey))
            left.append((journey, refusal.message))
    note_freed(house)
    return back, left


def _put_back(actor: Actor, journey: Journey, move: Move, *, by_house: bool = False) -> Back:
    journey, now = locked(journey), clock.now()
    standing = places_now(journey, set(move.after))
    if journey.cancelled_at or not stands_as_moved(move, standing):
        raise NotNow(_("This can no longer be undone: the visit was changed again, or a step of it has begun."))
    delete_hold(client=_holder(journey))
    plan = house_plan(journey.house)
    before, party = times_of(standing.values()), party_of(journey)
    places = [_old_place(plan, journey, old, standing[service].visit_id) for service, old in move.before.items()]
    Appointment.objects.filter(pk__in=[place.pk for place in standing.values()]).delete()
    try:
        take_places(places, party=party or next(iter(standing.values())).party, now=now)
    except PlacesTaken:
        raise NotNow(_("Somebody else has one of the old times by now. The visit stays as it is.")) from None
    for position, old in enumerate(sorted(move.before.values(), key=lambda one: one.starts)):
        _expect(journey, standing[old.service].visit, old, position)
    taken = places_now(journey, set(move.before))
    again = {"appointments": times_of(taken.values())}
    write_journey_entry(actor, "journey.move-undone", journey, at=now, before={"appointments": before}, after=again)
    note_freed(journey.house)
    return _tell(journey, by_house=by_house)


def _old_place(plan: HousePlan, journey: Journey, old: OldTime, visit: int | None) -> Place:
    """The old place, with an interpreter and a room that are free then where it takes them."""
    if old.ends <= clock.now():
        raise NotNow(_("An old time has passed by now. The visit stays as it is."))
    day = plan.day(old.starts.astimezone(plan.house.zone).date())
    wanted = run(day.cell_of(old.starts), day.cell_from(old.ends))
    desk = next((one for one in plan.desks if one.desk.key == old.desk), None)
    if desk is None or old.service not in desk.services or wanted & ~plan.open_cells(desk, day):
        raise NotNow(_("The desk is not open at one of the old times. The visit stays as it is."))
    free, beside = FreeTime(plan, [], [day], now=clock.now(), ignoring=journey.id), {}
    for group in plan.needs(desk, old.service, day.date, journey.interpreter):
        fitting = [one for one in group if not wanted & ~free.free_beside(0, one)]
        if not fitting:
            raise NotNow(_("The interpreter or the room is not free at one of the old times. The visit stays as it is."))
        best = min(fitting, key=lambda one: (len(one.resource.languages), one.resource.id))
        beside["interpreter" if best.resource.languages else "room"] = best.resource.id
    return Place(desk.desk.id, old.starts, old.ends, visit, **beside)


def _expect(journey: Journey, visit: Visit | None, old: OldTime, position: int) -> None:
    """Who is here and had a time today waits for it; everybody else is expected."""
    assert visit is not None, "the places are those of steps"
    zone = journey.house.zone
    arrived = visit.arrived_at if visit.status == Status.WAITING else old.arrived
    changed: dict[str, object] = {"status": Status.WAITING, "arrived_at": arrived}
    if arrived is None or old.starts.astimezone(zone).date() != clock.today(zone):
        changed = {"status": Status.PLANNED, "arrived_at": None, "counts_from": None, "parked_at": None}
    Visit.objects.filter(pk=visit.pk).update(position=position, **changed)


def _tell(journey: Journey, *, by_house: bool) -> Back:
    """Write to the contact, unless the letter about the new times could still be taken back."""
    unsent = withdraw_letters(keys_beginning=f"moved:{journey.id}:{journey.sequence}")
    known = bool(unsent) and emails.has_been_told(journey, journey.sequence - 1)
    journey.sequence += 1
    journey.save(update_fields=["sequence"])
    if known or not (journey.contact and journey.contact.email):
        return Back(journey, told=False, unsent=known)
    letter = emails.send_moved(journey=journey, manage_url=links.new_manage_url(journey=journey), by_house=by_house)
    return Back(journey, told=letter is not None, unsent=False)
