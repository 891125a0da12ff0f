"""Why a step has no room or no interpreter now: who has them, and until when. For the staff, so parties go by their numbers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.utils.translation import gettext as _

from indgang.foundation.database import clock
from indgang.foundation.ui.words import time_in_words
from indgang.operations.reception.languages import language_in_words
from indgang.operations.reception.models import Desk, Resource, Visit
from indgang.operations.reception.queries.beside import Beside, needs_of
from indgang.operations.reception.queries.house import HousePlan, ResourcePlan, house_plan
from indgang.operations.reception.queries.journeys import number_of
from indgang.operations.reception.queries.uses import Use

NAMED_AT_MOST = 4
SOON = dt.timedelta(minutes=30)


def no_room_in_words(desk: Desk, visit: Visit) -> str:
    """That the step is done in a room and none is free, and what each of them is taken for."""
    plan = house_plan(desk.house)
    said = _("“%(step)s” is done in a room, and none is free for it now.") % {"step": visit.service.title}
    return " ".join([said, *_each(plan, needs_of(plan, desk, visit).rooms, visit)])


def no_interpreter_in_words(desk: Desk, visit: Visit) -> str:
    """That nobody interprets for the step yet, from when on somebody can, and who has them meanwhile."""
    plan, facts = house_plan(desk.house), {"language": language_in_words(visit.journey.interpreter)}
    group = needs_of(plan, desk, visit).interpreters
    beside = Beside.of(plan, group)
    found = beside.first(group, visit)
    if found is None:
        return (
            _("No interpreter for %(language)s is free any more today. Book a time with an interpreter, or talk in another language.")
            % facts
        )
    if found[0] <= beside.now:
        return _("An interpreter for %(language)s is free now.") % facts
    said = _("An interpreter for %(language)s is free from %(time)s on.") % {**facts, "time": time_in_words(found[0], plan.house.zone)}
    uses = [(one.resource, use) for one in group if (use := beside.use_of(one, visit)) and use.visit]
    return " ".join([said, *(use_in_words(one, use, beside) for one, use in uses[:NAMED_AT_MOST])])


def _each(plan: HousePlan, group: tuple[ResourcePlan, ...], visit: Visit) -> list[str]:
    beside = Beside.of(plan, group)
    return [_taken(beside, one, visit) for one in group[:NAMED_AT_MOST]]


def _taken(beside: Beside, one: ResourcePlan, visit: Visit) -> str:
    use, zone = beside.use_of(one, visit), beside.plan.house.zone
    open_now = beside.plan.resource_cells(one, beside.day) >> beside.day.cell_of(beside.now) & 1
    if use and (use.visit or open_now):
        return use_in_words(one.resource, use, beside)
    at = beside.free_from(one, visit)
    if at is None:
        return _("%(name)s: not any more today.") % {"name": one.resource.title}
    return _("%(name)s: from %(time)s on.") % {"name": one.resource.title, "time": time_in_words(at, zone)}


def use_in_words(resource: Resource, use: Use, beside: Beside) -> str:
    """Who has it, and until when; or for when it is booked."""
    zone, facts = beside.plan.house.zone, {"name": resource.title}
    if use.visit is None:
        begun = use.starts <= beside.now
        said = _("%(name)s: kept for a party that is booked for %(time)s.") if begun else _("%(name)s: booked from %(time)s on.")
        return said % {**facts, "time": time_in_words(use.starts, zone)}
    facts |= {"number": str(number_of(use.visit.journey) or ""), "desk": use.visit.desk.title if use.visit.desk else ""}
    if use.due and use.due < beside.now:
        said = _("%(name)s: still with number %(number)s (%(desk)s), who was to be done at %(time)s.")
        return said % {**facts, "time": time_in_words(use.due, zone)}
    return _("%(name)s: with number %(number)s (%(desk)s) until about %(time)s.") % {**facts, "time": time_in_words(use.ends, zone)}


def taken_now(plan: HousePlan, one: ResourcePlan) -> str:
    """Which party has it at a desk now; nothing where none has."""
    beside = Beside.of(plan, [one])
    use = next((use for use in beside.uses.get(one.resource.id, []) if use.visit), None)
    return use_in_words(one.resource, use, beside) if use else ""


def wanted_next(plan: HousePlan, visit: Visit) -> list[str]:
    """Of what a step has beside its desk, what is soon to be somebody else's, and from when on."""
    has = [one for one in plan.resources if one.resource.id in (visit.room_id, visit.interpreter_id)]
    beside = Beside.of(plan, has)
    found = ((one.resource, beside.next_of(one, visit)) for one in has)
    return [use_in_words(resource, use, beside) for resource, use in found if use and use.starts - beside.now <= SOON]


def waits_for_room(waited_for: Mapping[int, Use | None], visit: Visit) -> str:
    """A few words beside a step in line that no room is free for; nothing for another."""
    if visit.pk not in waited_for:
        return ""
    use = waited_for[visit.pk]
    if use is None:
        return _("waits for a room")
    if use.due and use.due < clock.now():
        return _("waits for a room that should be free by now")
    return _("waits for a room, until about %(time)s") % {"time": time_in_words(use.ends, visit.journey.house.zone)}
