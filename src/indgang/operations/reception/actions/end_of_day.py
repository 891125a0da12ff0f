"""The end of the house's day: whoever still waits was not served, nothing stays open at a desk, and who was not seen is counted as that.

It is looked for every quarter of an hour, so a day on which the worker was down is ended later, with the times that it would have had.
A step that came with a table and that no desk here has called is never ended here: another program keeps it, and tells with the next
table how it ended.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from indgang.foundation.access.actors import system
from indgang.foundation.database import clock
from indgang.foundation.journal.models import Entry
from indgang.foundation.places.models import House
from indgang.operations.reception.actions.as_before import as_it_is
from indgang.operations.reception.actions.came import note_that_nobody_noted
from indgang.operations.reception.actions.desk import locked_visit
from indgang.operations.reception.actions.entries import write_entry
from indgang.operations.reception.actions.turns import leave_turn_open, not_served_turn
from indgang.operations.reception.errors import NotThere
from indgang.operations.reception.models import Visit
from indgang.operations.reception.models.journey import AT_A_DESK, IMPORTED, IN_THE_HOUSE, NOT_SERVED, Outcome, Status
from indgang.operations.reception.queries.closing_time import closing_times, end_of, ordinary_end
from indgang.operations.reception.queries.journeys import day_of

QUIET = dt.timedelta(hours=1)  # desks may work on after closing: the day is over when none has for so long
AT_WORK_AT_MOST = dt.timedelta(hours=4)  # after closing: who is still at a desk then was most likely left there
IN_HAND = ("visit.called", "visit.started", "visit.reopened", "visit.not-served-undone")


def ends_by_itself() -> QuerySet[Visit]:
    """All but what came with a table and is at no desk of ours: those that were made here, and those that a desk here has called."""
    return Visit.objects.exclude(journey__source=IMPORTED, from_table__isnull=False, desk__isnull=True)


def end_days() -> None:
    """Those of every house."""
    for house in House.objects.select_related("region"):
        end_days_of(house)
        note_that_nobody_noted(house)


def end_days_of(house: House) -> int:
    """End what is open of days that are over; how many steps. Doing it again changes nothing."""
    begins, _ends = day_of(house.zone, clock.today(house.zone))
    standing = ends_by_itself().filter(journey__house=house, status__in=IN_THE_HOUSE, arrived_at__isnull=False)
    over = standing.filter(arrived_at__lt=begins).exclude(pk__in=_in_hand(standing, begins))
    if _is_quiet(house, begins):
        over = over | standing.filter(arrived_at__gte=begins).exclude(status=Status.SERVING)
    return sum(_end(house, visit) for visit in over.order_by("journey_id", "position", "pk"))


def _in_hand(standing: QuerySet[Visit], begins: dt.datetime) -> list[int]:
    """The steps of earlier days that a desk has called, begun or opened again today: until this day is over they stay with it."""
    at_desks = {str(number) for number in standing.filter(arrived_at__lt=begins, status__in=AT_A_DESK).values_list("pk", flat=True)}
    entries = Entry.objects.filter(subject_type=Visit._meta.label_lower, subject_id__in=at_desks, at__gte=begins, verb__in=IN_HAND)
    return [int(number) for number in entries.values_list("subject_id", flat=True)]


def _is_quiet(house: House, begins: dt.datetime) -> bool:
    """Whether the house closed today an hour ago or earlier, nobody has done anything with a step since, and no desk has anybody."""
    now = clock.now()
    closed = ordinary_end(house, clock.today(house.zone))
    if closed is None or closed > now - QUIET:
        return False
    since = now - QUIET
    done = Q(last_called_at__gt=since) | Q(started_at__gt=since) | Q(ended_at__gt=since) | Q(arrived_at__gt=since)
    if now < closed + AT_WORK_AT_MOST:
        done |= Q(status=Status.SERVING, started_at__gte=begins) | Q(status=Status.CALLED, called_at__gte=begins)
    of_today = Q(arrived_at__gte=begins) | Q(ended_at__gte=begins) | Q(status__in=AT_A_DESK)
    if ends_by_itself().filter(of_today, journey__house=house).filter(done).exists():
        return False
    return not Entry.objects.filter(house=house, at__gt=since, verb__startswith="visit.", user__isnull=False).exists()


@transaction.atomic
def _end(house: House, found: Visit) -> bool:
    try:
        visit = locked_visit(found)
    except NotThere:
        return False
    if visit.status != found.status or visit.arrived_at != found.arrived_at or visit.arrived_at is None:
        return False
    if visit.status == Status.SERVING:
        return _end_by_itself(visit)
    closes = closing_times(house, (visit.called_at or visit.arrived_at).astimezone(house.zone).date())
    _note_not_served(visit, max(closes.values(), default=None))
    return True


def _end_by_itself(visit: Visit) -> bool:
    """Somebody was served and nobody pressed Finish: it ended when the desk closed, or when it began where that was later."""
    ended = end_of(visit)
    if ended is None:
        return False
    visit.status, visit.outcome, visit.ended_at = Status.DONE, Outcome.DONE, ended
    visit.save(update_fields=["status", "outcome", "ended_at"])
    turn = leave_turn_open(visit)
    desk = visit.desk.key if visit.desk else ""
    write_entry(system(), "visit.left-open", visit, ended=ended.isoformat(), desk=desk, people=visit.people, persons=turn.persons)
    return True


def _note_not_served(visit: Visit, closed: dt.datetime | None) -> None:
    """Nobody served them: a call that was forgotten is taken back first."""
    before = {"was": as_it_is(visit)}
    last = visit.called_at or visit.arrived_at
    assert last is not None, "who waits has come"
    ended = max(last, closed) if closed else last
    not_served_turn(visit, ended)
    facts: dict[str, Any] = {"desk": visit.desk.key} if visit.desk else {}
    visit.status, visit.outcome = Status.CANCELLED, NOT_SERVED
    visit.desk = visit.called_at = visit.clerk = visit.interpreter = visit.room = visit.parked_at = None
    visit.save(update_fields=["status", "outcome", "desk", "called_at", "clerk", "interpreter", "room", "parked_at"])
    write_entry(system(), "visit.not-served", visit, before=before, ended=ended.isoformat(), **facts)
