"""What a step takes beside its desk when its party is called: an interpreter, a room; which are free now, and who has the others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace

from indgang.foundation.database import clock
from indgang.operations.reception.models import Appointment, Desk, Resource, Visit
from indgang.operations.reception.queries.house import HousePlan, ResourcePlan
from indgang.operations.reception.queries.in_line import planned_minutes
from indgang.operations.reception.queries.uses import Use, uses_ahead, uses_at_desks
from indgang.operations.reception.rules.daytime import Day, cells_for, run


@dataclass(frozen=True)
class Needs:
    """What a step takes at a desk: one of the interpreters, one of the rooms. `bound`: it is not done without a room."""

    interpreters: tuple[ResourcePlan, ...] = ()
    rooms: tuple[ResourcePlan, ...] = ()
    bound: bool = False


def needs_of(plan: HousePlan, desk: Desk, visit: Visit) -> Needs:
    """What the step takes there today; what is booked for it is among it.

    A booking without a room stands where the service began to need one later: it gets a room that is free, and waits for none.
    """
    language = visit.journey.interpreter
    interpreters = plan.interpreters(language) if language and language not in desk.languages else ()
    return replace(_rooms_of(plan, visit, clock.today(plan.house.zone)), interpreters=interpreters)


def _rooms_of(plan: HousePlan, visit: Visit, today: dt.date) -> Needs:
    """The rooms alone, wherever the step is done."""
    rooms, booked = plan.rooms_for(visit.service.key, today), standing_of(visit)
    if booked and booked.room_id:
        rooms = _with(plan, rooms, booked.room_id)
    return Needs((), rooms, bool(rooms) and (booked is None or booked.room_id is not None))


def _with(plan: HousePlan, rooms: tuple[ResourcePlan, ...], booked: int) -> tuple[ResourcePlan, ...]:
    return (*(one for one in plan.resources if one.resource.id == booked and one not in rooms), *rooms)


def standing_of(visit: Visit) -> Appointment | None:
    """The step's booked place, where it has one still."""
    booked: Appointment | None = getattr(visit, "appointment", None)
    return booked if booked and booked.freed_at is None else None


@dataclass
class Beside:
    """Some interpreters and rooms of a house, as it stands with them now."""

    plan: HousePlan
    resources: tuple[ResourcePlan, ...]
    now: dt.datetime
    day: Day
    uses: dict[int, list[Use]] = field(default_factory=dict)

    @classmethod
    def of(cls, plan: HousePlan, resources: Iterable[ResourcePlan]) -> Beside:
        """Read now: two queries, none where there are none."""
        wanted, now = tuple(dict.fromkeys(resources)), clock.now()
        found = cls(plan, wanted, now, plan.day(now.astimezone(plan.house.zone).date()))
        ids = [one.resource.id for one in wanted]
        for use in [*uses_at_desks(ids, found.day, now), *uses_ahead(ids, found.day, now)] if ids else []:
            found.uses.setdefault(use.resource, []).append(use)
        return found

    def free_from(self, one: ResourcePlan, visit: Visit, had: Collection[int] = ()) -> dt.datetime | None:
        """From when today the step can have it, for as long as it takes; None: not any more today.

        What is booked for it is its own until the booked time is over, and so is what it `had` a moment ago.
        """
        first, length = self.day.cell_of(self.now), cells_for(planned_minutes(visit))
        cells = self.plan.resource_cells(one, self.day)
        for use in self._by_others(one, visit):
            cells &= ~use.cells(self.day)
        booked = standing_of(visit)
        own = booked is not None and one.resource.id in (booked.interpreter_id, booked.room_id)
        until = self.day.cell_from(booked.ends) if booked and own else first if one.resource.id in had else None
        for cell in range(first, self.day.cells):
            end = cell + length if until is None else min(cell + length, max(until, cell + 1))
            if end <= self.day.cells and not run(cell, end) & ~cells:
                return max(self.day.instant(cell), self.now.astimezone(self.plan.house.zone))
        return None

    def is_free(self, one: ResourcePlan, visit: Visit, had: Collection[int] = ()) -> bool:
        """Whether the step can have it now."""
        at = self.free_from(one, visit, had)
        return at is not None and at <= self.now

    def in_order(self, group: Iterable[ResourcePlan], visit: Visit, had: Collection[int] = ()) -> list[ResourcePlan]:
        """Those that are free now: first what is booked for the step or what it had, then who interprets few languages, a room for few."""
        booked = standing_of(visit)
        own = {*had, *((booked.interpreter_id, booked.room_id) if booked else ())}
        free = [one for one in group if self.is_free(one, visit, had)]
        return sorted(free, key=lambda one: (one.resource.id not in own, len(one.resource.languages) + len(one.services), one.resource.id))

    def first(self, group: Iterable[ResourcePlan], visit: Visit) -> tuple[dt.datetime, Resource] | None:
        """Which is free first today, and from when."""
        found = [(at, len(one.resource.languages), one.resource.pk, one.resource) for one in group if (at := self.free_from(one, visit))]
        at, _languages, _number, resource = min(found, key=lambda row: row[:3], default=(None, 0, 0, None))
        return (at, resource) if at and resource else None

    def use_of(self, one: ResourcePlan, visit: Visit) -> Use | None:
        """What keeps the step from having it: who is at a desk with it, else who is to have it next."""
        others = [use for use in self._by_others(one, visit) if use.ends > self.now]
        return min(others, key=lambda use: (use.visit is None, use.starts), default=None)

    def next_of(self, one: ResourcePlan, visit: Visit) -> Use | None:
        """For whom it is booked or held next."""
        ahead = [use for use in self._by_others(one, visit) if use.visit is None and use.ends > self.now]
        return min(ahead, key=lambda use: use.starts, default=None)

    def _by_others(self, one: ResourcePlan, visit: Visit) -> list[Use]:
        return [use for use in self.uses.get(one.resource.id, []) if use.journey != visit.journey_id]


def rooms_waited_for(plan: HousePlan, visits: Collection[Visit]) -> dict[int, Use | None]:
    """Of steps that wait, those that no room is free for now, by number, with who has the room that they can have first."""
    today = clock.today(plan.house.zone)
    bound = {visit.pk: (visit, needs) for visit in visits if (needs := _rooms_of(plan, visit, today)).bound}
    beside = Beside.of(plan, [one for _visit, needs in bound.values() for one in needs.rooms])
    return {
        number: _first_use(beside, needs.rooms, visit)
        for number, (visit, needs) in bound.items()
        if not any(beside.is_free(one, visit) for one in needs.rooms)
    }


def _first_use(beside: Beside, rooms: tuple[ResourcePlan, ...], visit: Visit) -> Use | None:
    uses = [use for one in rooms if (use := beside.use_of(one, visit))]
    return min(uses, key=lambda use: use.ends, default=None)
