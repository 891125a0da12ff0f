"""Changing when and where the house receives people, with everybody who is booked there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from indgang.foundation.access.actors import Actor, NotAllowed, require
from indgang.foundation.database import clock
from indgang.foundation.identity.models import Organisation
from indgang.foundation.journal import actions as journal
from indgang.foundation.journal.models import Entry
from indgang.foundation.places.models import House
from indgang.operations.reception import permissions
from indgang.operations.reception.actions.employers_told import lock_groups_of, tell_employers
from indgang.operations.reception.actions.entries import host_of
from indgang.operations.reception.actions.freed import note_freed
from indgang.operations.reception.actions.moved_back import hold_old_times
from indgang.operations.reception.actions.open_days import keep_open_days
from indgang.operations.reception.actions.opening_rows import write_state
from indgang.operations.reception.actions.places import PlacesTaken, change_opening
from indgang.operations.reception.actions.replanning import move_to_offer, offered_times
from indgang.operations.reception.errors import NotNow, ReceptionError
from indgang.operations.reception.models import Desk, Journey, Visit
from indgang.operations.reception.opening_changes import Change
from indgang.operations.reception.queries.affected import (
    Affected,
    affected_by,
    met_by_change,
    places_outside,
    standing,
    waiting_in_vain,
    with_proposals,
)
from indgang.operations.reception.queries.house import house_plan
from indgang.operations.reception.queries.opening_states import state_now

Choices = Mapping[UUID, str]  # of each affected journey: the offer to move it to, or "" to leave it where it is


class OthersAffected(Exception):
    """The change meets bookings that the person who makes it has not seen."""


@dataclass
class Saved:
    """What came of a change: its journal entry, who was moved, and who still has a place outside the hours (and why, where that failed).

    `kept` have their place, only not as they booked it: the desk does not speak their language, or the way there takes longer. `stranded`
    wait in the house for what no desk does any more today. `same_time`: those of the moved who only have another desk or room.
    `employer_told`: those of the others whose employer has been written to.
    """

    entry: Entry | None = None
    moved: list[Journey] = field(default_factory=list)
    left: list[tuple[Journey, str]] = field(default_factory=list)
    stranded: list[Visit] = field(default_factory=list)
    kept: list[tuple[Journey, str]] = field(default_factory=list)
    same_time: set[UUID] = field(default_factory=set)
    employer_told: set[UUID] = field(default_factory=set)

    @property
    def newly_timed(self) -> list[Journey]:
        """Those of the moved who have to come at another time."""
        return [journey for journey in self.moved if journey.pk not in self.same_time]


def require_change(actor: Actor, change: Change, house: House) -> None:
    """Raise NotAllowed unless the actor may make the change."""
    for allowed in _needed(change, house):
        require(allowed, actor)


def _needed(change: Change, house: House) -> list[Callable[[Actor], bool]]:
    states = [state for state in (change.before, change.after) if state is not None]
    if change.kind == "desk":
        keys = [state["organisation"] for state in states]
        return [permissions.keep_desks_of(house, number) for number in _numbers(keys)]
    if change.kind in ("resource", "holidays"):
        return [permissions.keep_house(house)]
    if change.kind == "session":
        desks = _desks(house, {key for state in states for key in state["desks"]})
        return [permissions.keep_desks_of(house, desk.organisation_id) for desk in desks] or [permissions.keep_house(house)]
    keys = [change.desk] if change.kind == "hours" else [state.get("desk", "") for state in states]
    today = clock.today(house.zone).isoformat()
    only_today = change.kind == "closure" and all(state["first_day"] == state["last_day"] == today for state in states)
    if not all(keys):
        beside = only_today and all(state.get("resource") for state in states)
        return [permissions.close_resource_today(house) if beside else permissions.keep_house(house)]
    return [
        permissions.close_today(desk) if only_today else permissions.keep_desks_of(house, desk.organisation_id)
        for desk in _desks(house, set(keys))
    ]


def _numbers(keys: Sequence[str]) -> list[int]:
    found = dict(Organisation.objects.filter(key__in=keys).values_list("key", "pk"))
    if set(keys) - found.keys():
        raise NotAllowed
    return list(found.values())


def _desks(house: House, keys: set[str]) -> list[Desk]:
    desks = list(Desk.objects.filter(house=house, key__in=keys).select_related("house"))
    if len(desks) != len(keys):
        raise NotAllowed
    return desks


def preview_change(*, actor: Actor, change: Change) -> list[Affected]:
    """Who would be left outside the hours, with proposals; nothing is kept. It is the change itself, rolled back."""
    house = House.objects.select_related("region").get(key=change.house)
    require_change(actor, change, house)
    with transaction.atomic():
        before = standing(house_plan(house), now=clock.now())
        write_state(change, house)
        house.refresh_from_db()
        found = with_proposals(house, met_by_change(house_plan(house), before, now=clock.now()))
        transaction.set_rollback(True)
    return found


@transaction.atomic
def save_change(*, actor: Actor, change: Change, choices: Choices) -> Saved:
    """Make the change, move those for whom an offer was chosen, and write to each; whoever cannot be moved is left and named.

    Raises NotNow when a colleague changed the same thing meanwhile, and OthersAffected when somebody is booked there by now for whom
    nothing was chosen: then nothing has changed.
    """
    change_opening(change.house)
    house = House.objects.select_related("region").get(key=change.house)
    require_change(actor, change, house)
    if state_now(change, house) != change.before:
        raise NotNow(_("A colleague has changed this meanwhile, so nothing was saved. Look at what it is now."))
    if change.before == change.after:
        return Saved()
    before = standing(house_plan(house), now=clock.now())
    waited = {visit.pk for visit in waiting_in_vain(house_plan(house), now=clock.now())}
    keep_open_days(house)
    subject = write_state(change, house)
    house.refresh_from_db()
    organisation = subject.organisation if isinstance(subject, Desk) else host_of(house)
    if getattr(subject, "desk", None):
        organisation = subject.desk.organisation  # type: ignore[union-attr]
    entry = journal.record(
        actor=actor,
        verb=change.verb,
        subject=subject,
        organisation=organisation,
        house=house,
        before=change.before or {},
        after=change.after or {},
    )
    affected = met_by_change(house_plan(house), before, now=clock.now())
    if any(one.journey.pk not in choices for one in affected):
        raise OthersAffected
    hold_old_times(house, entry)
    note_freed(house)
    saved = _move(actor, affected, choices, Saved(entry))
    saved.stranded = [visit for visit in waiting_in_vain(house_plan(house), now=clock.now()) if visit.pk not in waited]
    return saved


@transaction.atomic
def move_outside(*, actor: Actor, house: House, choices: Choices) -> Saved:
    """Move journeys that have been left outside the hours: those for whom an offer was chosen."""
    change_opening(house.key)
    affected = affected_by(places_outside(house_plan(house), now=clock.now()))
    chosen = [one for one in affected if choices.get(one.journey.pk)]
    for one in chosen:
        for place in one.places:
            place.desk.house = house
            require(permissions.close_today(place.desk), actor)
    return _move(actor, chosen, choices, Saved())


def _move(actor: Actor, affected: Sequence[Affected], choices: Choices, saved: Saved) -> Saved:
    """Each journey as one or not at all; who booked it for an employee is told too."""
    groups = lock_groups_of(one.journey for one in affected if choices.get(one.journey.pk))
    because = saved.entry.pk if saved.entry else 0
    for one in affected:
        offer = choices.get(one.journey.pk, "")
        staying = saved.kept if one.keeps else saved.left
        if not offer:
            staying.append((one.journey, ""))
            continue
        times = one.times
        try:
            with transaction.atomic():
                saved.moved.append(move_to_offer(actor=actor, journey=one.journey, offer=offer, because=because))
            if times == offered_times(offer):
                saved.same_time.add(one.journey.pk)
        except PlacesTaken:
            staying.append((one.journey, _("Somebody else has just taken the proposed time.")))
        except ReceptionError as refusal:
            staying.append((one.journey, refusal.message))
    saved.employer_told = tell_employers(groups, saved.newly_timed)
    return saved
