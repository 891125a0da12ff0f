"""What a step at a desk goes without although it needs it, and could have now."""

from __future__ import annotations

from dataclasses import dataclass

from indgang.operations.reception.models import Resource, Visit
from indgang.operations.reception.models.journey import AT_A_DESK
from indgang.operations.reception.queries.beside import Beside, needs_of
from indgang.operations.reception.queries.closing_time import came_on_an_earlier_day
from indgang.operations.reception.queries.house import HousePlan, house_plan


@dataclass(frozen=True)
class FreeNow:
    """`what`: "interpreter" or "room"."""

    what: str
    resource: Resource


def free_now(visit: Visit | None, plan: HousePlan | None = None) -> list[FreeNow]:
    """The interpreter and the room that the step would get if they were taken for it now. No query where it needs none."""
    if visit is None or visit.desk is None or visit.status not in AT_A_DESK or came_on_an_earlier_day(visit):
        return []
    plan = plan or house_plan(visit.journey.house)
    needs = needs_of(plan, visit.desk, visit)
    wanted = {
        "interpreter": needs.interpreters if visit.interpreter_id is None else (),
        "room": needs.rooms if needs.bound and visit.room_id is None else (),
    }
    beside = Beside.of(plan, [one for group in wanted.values() for one in group])
    found = ((what, beside.in_order(group, visit)) for what, group in wanted.items())
    return [FreeNow(what, free[0].resource) for what, free in found if free]
