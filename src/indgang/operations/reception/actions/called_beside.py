"""The interpreter and the room of a step: taken with the call, free again when its turn ends, however it ends."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.db import connection, transaction

from indgang.operations.reception.actions.places import lock
from indgang.operations.reception.models import Desk, Resource, Visit
from indgang.operations.reception.models.journey import AT_A_DESK
from indgang.operations.reception.queries.beside import Beside, needs_of
from indgang.operations.reception.queries.house import HousePlan, ResourcePlan, house_plan
from indgang.operations.reception.queries.uses import forgotten

TRIES = 3
Answer = TypeVar("Answer")


class NoRoom(Exception):
    """The step is only done in a room, and none is free for it now."""


class _JustBeingTaken(Exception):
    """Somebody is taking one of these at this very moment, for now or for another time."""

    def __init__(self, resources: Sequence[int]) -> None:
        super().__init__(resources)
        self.resources = resources


@dataclass(frozen=True)
class TakenBeside:
    """What a step has beside its desk."""

    interpreter: Resource | None = None
    room: Resource | None = None


def patiently(call: Callable[[bool], Answer]) -> Answer:
    """Try a call again that met somebody who is just taking what it needs. `call` is told whether to give way to such a one.

    Who calls holds a desk, and who books may wait for that desk: so the call is given up, and nothing is held while it waits.
    """
    for _attempt in range(TRIES):
        try:
            return call(True)
        except _JustBeingTaken as taken:
            _wait_for(taken.resources)
    return call(False)


@transaction.atomic
def _wait_for(resources: Sequence[int]) -> None:
    lock(*(_name(one) for one in sorted(resources)))


def beside_for_call(desk: Desk, visit: Visit, *, giving_way: bool, without_room: bool = False) -> TakenBeside:
    """What is free now for the length of the step. Within the transaction of the call, the journey locked.

    Where no interpreter is free the call goes ahead without; where no room is, it raises NoRoom unless `without_room`.
    """
    plan = house_plan(visit.journey.house)
    needs = needs_of(plan, desk, visit)
    room = _one_of(plan, needs.rooms, visit, "room", giving_way=giving_way) if not without_room else None
    if needs.bound and room is None and not without_room:
        raise NoRoom
    return TakenBeside(_one_of(plan, needs.interpreters, visit, "interpreter", giving_way=giving_way), room)


def take_at_desk(visit: Visit, what: str, *, giving_way: bool) -> Resource | None:
    """The interpreter, or the room, that is free now for a step at its desk. Within a transaction, the journey locked."""
    assert visit.desk, "the step is at a desk"
    plan = house_plan(visit.journey.house)
    needs = needs_of(plan, visit.desk, visit)
    rooms = needs.rooms if needs.bound else ()
    return _one_of(plan, needs.interpreters if what == "interpreter" else rooms, visit, what, giving_way=giving_way)


def take_again(visit: Visit) -> None:
    """Give a step that is at its desk again what it had, where nobody else has it by now, else what is free. Not saved.

    A step that waits has nothing.
    """
    had = [one for one in (visit.interpreter_id, visit.room_id) if one]
    visit.interpreter = visit.room = None
    if visit.desk is None or visit.status not in AT_A_DESK:
        return
    plan = house_plan(visit.journey.house)
    needs = needs_of(plan, visit.desk, visit)
    visit.room = _one_of(plan, needs.rooms, visit, "room", had=had)
    visit.interpreter = _one_of(plan, needs.interpreters, visit, "interpreter", had=had)


def _one_of(
    plan: HousePlan, group: Sequence[ResourcePlan], visit: Visit, field: str, *, had: Collection[int] = (), giving_way: bool = False
) -> Resource | None:
    busy = []
    for one in Beside.of(plan, group).in_order(group, visit, had):
        if not _locked(one.resource):
            busy.append(one.resource.pk)
            continue
        now = Beside.of(plan, [one])  # as it stands under the lock
        if now.is_free(one, visit, had):
            forgotten(one.resource.pk, field, now.day)
            return one.resource
    if busy and giving_way:
        raise _JustBeingTaken(busy)
    return None


def _name(one: int) -> str:
    return f"resource:{one}"


def _locked(one: Resource) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [_name(one.pk)])
        return cursor.fetchone() == (True,)
