"""What a desk, or the party at it, is not any more, in words for whoever still has them there."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from indgang.foundation.database import clock
from indgang.foundation.ui.words import day_in_words, time_in_words
from indgang.operations.reception.models import Desk, Journey, Visit
from indgang.operations.reception.models.journey import NOT_SERVED, Status
from indgang.operations.reception.queries.closing_time import came_on_an_earlier_day
from indgang.operations.reception.queries.house import HousePlan
from indgang.operations.reception.queries.journeys import number_of


def party_by_number(journey: Journey) -> str:
    """The party as it is called in the hall, to begin a sentence with."""
    number = number_of(journey)
    return _("Number %(number)s") % {"number": number} if number else _("Visit %(reference)s") % {"reference": journey.reference}


def taken_from_under(desk: Desk, present: Visit, plan: HousePlan) -> list[str]:
    """What was changed at the desk while the party is there: a sentence for each. They can be finished with all the same."""
    now = next((one for one in plan.desks if one.desk.pk == desk.pk), None)
    if now is None:
        return []
    said = []
    if now.desk.active_until and now.desk.active_until < clock.today(plan.house.zone):
        said.append(_("The last day of this desk was %(day)s.") % {"day": day_in_words(now.desk.active_until)})
    if present.service.key not in now.services:
        said.append(_("This desk does not do “%(step)s” any more.") % {"step": present.service.title})
    return said


def whose_it_is(desk: Desk, taken_at: dt.datetime | None) -> tuple[str, str]:
    """Title and first words of what stands instead of somebody else's desk. `taken_at`: when it was taken from whoever reads it."""
    facts = {"desk": desk.title, "authority": desk.organisation.title}
    if taken_at is None:
        return _("%(desk)s belongs to %(authority)s") % facts, _("Only their clerks call people to it.")
    facts |= {"day": day_in_words(taken_at, desk.house.zone), "time": time_in_words(taken_at, desk.house.zone)}
    lead = _("It went from you to them on %(day)s at %(time)s. Nobody has lost their place in line: call them to another desk.")
    return _("%(desk)s belongs to %(authority)s now") % facts, lead % facts


def ended_unserved(visit: Visit) -> str:
    """That a step ended as not served, for whoever holds a page from before; "" where it did not."""
    if visit.status != Status.CANCELLED or visit.outcome != NOT_SERVED:
        return ""
    return _("The house closed before it was their turn. Book a new time for this step.")


def only_its_end(visit: Visit) -> str:
    """Why nothing but its end can be told of a step: its party came on an earlier day; "" where it came today."""
    if visit.arrived_at is None or not came_on_an_earlier_day(visit):
        return ""
    facts = {"day": day_in_words(visit.arrived_at, visit.journey.house.zone)}
    if visit.status == Status.WAITING:
        return _("They were here on %(day)s, and that day is over. If they are here again, give them a new ticket.") % facts
    return _("They were here on %(day)s. Say how it ended; if they are here again, give them a new ticket.") % facts
