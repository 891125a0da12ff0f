"""Booked parties that nobody saw: once their day is over they count as not known, until somebody tells whether they came.

Their steps stay as they are, so that they can have a new time. Nobody is noted as a no-show by the clock.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from indgang.foundation.access.actors import Actor, require, system
from indgang.foundation.journal.models import Entry
from indgang.foundation.places.models import House
from indgang.operations.reception import permissions
from indgang.operations.reception.actions.as_before import last_entry
from indgang.operations.reception.actions.changes import locked
from indgang.operations.reception.actions.entries import write_journey_entry
from indgang.operations.reception.actions.turns import leave_turns_unnoted
from indgang.operations.reception.errors import NotNow
from indgang.operations.reception.models import Journey, Turn, Visit
from indgang.operations.reception.models.journey import Status
from indgang.operations.reception.models.turn import TurnOutcome
from indgang.operations.reception.queries.came import left_expected, seen_on, turns_on

CAME, NOT_COME, UNDONE = "journey.came-told", "journey.not-come-told", "journey.told-undone"


def note_that_nobody_noted(house: House) -> int:
    """Of the days that are over: how many parties. Doing it again changes nothing."""
    return _note(left_expected(house), house)


def leave_unnoted(journey: Journey) -> int:
    """The same of one party, whose check-in has just been undone; on how many days."""
    return _note(left_expected(journey.house).filter(journey=journey), journey.house)


def _note(expected: QuerySet[Visit], house: House) -> int:
    parties = {(visit.journey_id, visit.appointment.starts.astimezone(house.zone).date()): visit.journey for visit in expected}
    return sum(_leave_unnoted(journey, day) for (_key, day), journey in parties.items() if not seen_on(journey, day))


@transaction.atomic
def _leave_unnoted(journey: Journey, day: dt.date) -> bool:
    journey = locked(journey)
    visits = list(left_expected(journey.house, day).filter(journey=journey))
    if not visits or seen_on(journey, day):
        return False
    leave_turns_unnoted(visits)
    services = [visit.service.key for visit in visits]
    write_journey_entry(system(), "journey.not-noted", journey, after={"day": day.isoformat(), "services": services})
    return True


@transaction.atomic
def tell_whether_they_came(*, actor: Actor, journey: Journey, day: dt.date, came: bool) -> Journey:
    """Somebody knows afterwards whether a party came on a day that is over. Telling the same twice changes nothing.

    Who came is in no time and no citizen: nothing else is known. Raises NotNow where it is noted already.
    """
    journey = locked(journey)
    require(permissions.receive_people(journey.house), actor)
    turns = list(turns_on(journey, day, TurnOutcome.NOT_NOTED))
    if not turns:
        told = _last_told(journey, day)
        if told and told.verb == (CAME if came else NOT_COME):
            return journey
        raise NotNow(_("It is noted already whether they came on that day."))
    Turn.objects.filter(pk__in=[turn.pk for turn in turns]).update(outcome=TurnOutcome.CAME if came else TurnOutcome.NO_SHOW)
    if not came:
        _set_steps(turns, Status.PLANNED, Status.NO_SHOW)
    after = {"day": day.isoformat(), "services": [turn.visit.service.key for turn in turns], "turns": [turn.pk for turn in turns]}
    write_journey_entry(actor, CAME if came else NOT_COME, journey, after=after)
    return journey


@transaction.atomic
def undo_telling(*, actor: Actor, journey: Journey, day: dt.date) -> Journey:
    """It is not known after all whether they came. Doing it twice changes nothing."""
    journey = locked(journey)
    require(permissions.receive_people(journey.house), actor)
    told = _last_told(journey, day)
    if told is None or told.verb == UNDONE:
        return journey
    turns = list(Turn.objects.filter(journey=journey, pk__in=told.after["turns"]).select_related("visit__appointment"))
    Turn.objects.filter(pk__in=[turn.pk for turn in turns]).update(outcome=TurnOutcome.NOT_NOTED)
    if told.verb == NOT_COME:
        _set_steps(turns, Status.NO_SHOW, Status.PLANNED)
    write_journey_entry(actor, UNDONE, journey, after={"day": day.isoformat(), "services": told.after["services"]})
    return journey


def _last_told(journey: Journey, day: dt.date) -> Entry | None:
    return last_entry(journey, CAME, NOT_COME, UNDONE, after__day=day.isoformat())


def _set_steps(turns: Iterable[Turn], before: str, after: str) -> None:
    """Those steps that have had no other time since."""
    same = [turn.visit_id for turn in turns if hasattr(turn.visit, "appointment") and turn.visit.appointment.starts == turn.booked_for]
    Visit.objects.filter(pk__in=same, status=before).update(status=after)
