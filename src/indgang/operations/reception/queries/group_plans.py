"""Times for a whole group at once: no two of it are proposed the same place, all within the wishes of whoever books for them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from indgang.foundation.places.models import House
from indgang.operations.reception.queries.free_time import Promise
from indgang.operations.reception.queries.house import HousePlan, house_plan
from indgang.operations.reception.queries.itineraries import PlannedItinerary
from indgang.operations.reception.queries.plans import Plan, PlanRequest, plan_journey
from indgang.operations.reception.rules.daytime import CELL_MINUTES
from indgang.operations.reception.rules.groups import next_start

NO_TIME, NOTHING_TO_DO, TOO_LATE = "no-time", "nothing-to-do", "comes-later"
DAYS_AT_MOST = 31
TRIES_A_DAY = 12  # looking for a start that keeps its distance; after so many the day counts as full


@dataclass(frozen=True)
class GroupWish:
    """Within which days (both included) and hours (minutes from midnight, empty: any), and how the group is spread over them."""

    first: dt.date
    last: dt.date
    between: tuple[int, ...] = ()
    same_day: bool = False
    apart: int = 0


@dataclass(frozen=True)
class Proposal:
    """A time for one of the group, or why there is none."""

    way: PlannedItinerary | None
    problem: str = ""


def plan_group(
    house: House,
    requests: Sequence[PlanRequest],
    wish: GroupWish,
    *,
    promised: Sequence[Promise] = (),
    starts: Sequence[dt.datetime] = (),
    present: Mapping[UUID, dt.datetime] | None = None,
) -> list[Proposal]:
    """A proposal for each request, in their order: whoever stands first is given the first time. Reserves nothing.

    A request says who comes and from which day on (`earliest`). `promised` are places proposed to others of the group already, `starts`
    when they begin. `present` says when journeys that are to be moved begin now, so that they are proposed another time.
    """
    plan = house_plan(house)
    if not wish.same_day:
        return _Search(plan, wish, promised, starts, present or {}).proposals(requests)
    best: list[Proposal] = []
    days = [wish.first + dt.timedelta(days=number) for number in range((wish.last - wish.first).days + 1)]
    if starts:
        days = sorted({start.astimezone(house.zone).date() for start in starts} & set(days)) or days
    for day in days:
        search = _Search(plan, replace(wish, first=day, last=day), promised, starts, present or {})
        found = search.proposals(requests, give_up_at=len(requests) - _with_time(best))
        if _with_time(found) > _with_time(best) or not best:
            best = found
        if all(proposal.way or proposal.problem == NOTHING_TO_DO for proposal in found):
            return found
    return [_about_all_days(proposal, request, wish) for proposal, request in zip(best, requests, strict=True)]


def _with_time(proposals: Sequence[Proposal]) -> int:
    return sum(proposal.way is not None for proposal in proposals)


def _about_all_days(proposal: Proposal, request: PlanRequest, wish: GroupWish) -> Proposal:
    """What was no use on one day because they come later is said of the wish as a whole."""
    if proposal.problem == TOO_LATE and request.earliest <= wish.last:
        return Proposal(None, NO_TIME)
    return proposal


class _Search:
    """One search for the whole group: what is proposed to one is taken for the next."""

    def __init__(
        self,
        plan: HousePlan,
        wish: GroupWish,
        promised: Sequence[Promise],
        starts: Sequence[dt.datetime],
        present: Mapping[UUID, dt.datetime],
    ) -> None:
        self.plan, self.wish, self.present = plan, wish, present
        self.promised, self.starts = list(promised), list(starts)
        self.in_vain: set[Hashable] = set()

    def proposals(self, requests: Sequence[PlanRequest], *, give_up_at: int = 0) -> list[Proposal]:
        """For each of them; once so many have found nothing, for the others nothing is looked for."""
        found: list[Proposal] = []
        for request in requests:
            failed = sum(proposal.problem == NO_TIME for proposal in found)
            found.append(Proposal(None, NO_TIME) if give_up_at and failed >= give_up_at else self._proposal(request))
        return found

    def _proposal(self, request: PlanRequest) -> Proposal:
        first = max(request.earliest, self.wish.first)
        if first > self.wish.last:
            return Proposal(None, TOO_LATE)
        wanted = replace(request, earliest=first, latest=self.wish.last, between=self.wish.between, limit=1)
        shape = (wanted.travellers, wanted.municipality, wanted.stay_months, wanted.language, wanted.interpreter, wanted.fixed_steps, first)
        if wanted.moving is None and shape in self.in_vain:
            return Proposal(None, NO_TIME)
        way, needed = self._way(wanted)
        if way is None:
            if needed and wanted.moving is None:
                self.in_vain.add(shape)
            return Proposal(None, NO_TIME if needed else NOTHING_TO_DO)
        self.starts.append(way.starts)
        self.promised += [(stop.desk.desk.id, stop.starts, stop.ends, tuple(one.pk for one in stop.resources)) for stop in way.stops]
        return Proposal(way)

    def _way(self, wanted: PlanRequest) -> tuple[PlannedItinerary | None, bool]:
        """The first way that keeps its distance from the others, and whether there is anything to do at all."""
        day = wanted.earliest
        while day <= wanted.latest:
            plan = self._plan(replace(wanted, earliest=day, not_before=self._from(day, wanted)))
            if not plan.itineraries:
                return None, bool(plan.needs.steps)
            way = plan.itineraries[0]
            day = way.dates[0]
            for _try in range(TRIES_A_DAY):
                better = self._clear_of_others(way.starts, wanted)
                if better <= way.starts:
                    return way, True
                later = self._plan(replace(wanted, earliest=day, latest=day, not_before=better)).itineraries
                if not later:
                    break
                way = later[0]
            day += dt.timedelta(days=1)
        return None, True

    def _plan(self, request: PlanRequest) -> Plan:
        return plan_journey(request, plan=self.plan, promised=self.promised)

    def _from(self, day: dt.date, wanted: PlanRequest) -> dt.datetime:
        """The first moment of the day's hours that may be a start."""
        minute = self.wish.between[0] if self.wish.between else 0
        return self._clear_of_others(dt.datetime.combine(day, dt.time(*divmod(minute, 60)), self.plan.house.zone), wanted)

    def _clear_of_others(self, begin: dt.datetime, wanted: PlanRequest) -> dt.datetime:
        """The first moment from `begin` on that keeps its distance from the others, and is not the time they have already."""
        begin = next_start(begin, self._near(begin), self.wish.apart)
        if wanted.moving and self.present.get(wanted.moving) == begin:
            begin += dt.timedelta(minutes=CELL_MINUTES)
            begin = next_start(begin, self._near(begin), self.wish.apart)
        return begin

    def _near(self, moment: dt.datetime) -> list[dt.datetime]:
        day = moment.astimezone(self.plan.house.zone).date()
        return [start for start in self.starts if start.astimezone(self.plan.house.zone).date() == day]
