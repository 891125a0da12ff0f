"""Keeping the turns of steps: whatever ends a turn writes it, and whatever undoes that end takes it away again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

from indgang.foundation.database import clock
from indgang.operations.reception.actions.persons import persons_served
from indgang.operations.reception.models import Desk, Turn, Visit
from indgang.operations.reception.models.journey import Status
from indgang.operations.reception.models.turn import BOOKED_ALONE, TurnOutcome
from indgang.operations.reception.rules.persons import own_numbers


def turn_of(visit: Visit, persons: Sequence[int] | None = None) -> Turn:
    """The turn of a step that has just ended, with the numbers of those it served: their own where nothing else is said.

    Service, journey and desk of the step are at hand.
    """
    return Turn(
        visit=visit,
        journey=visit.journey,
        house_id=visit.journey.house_id,
        service=visit.service,
        desk=visit.desk,
        authority_id=visit.desk.organisation_id if visit.desk else visit.service.authority_id,
        people=visit.people,
        persons=own_numbers(visit.journey_id, visit.travellers, visit.people) if persons is None else list(persons),
        arrived_at=visit.arrived_at,
        called_at=visit.called_at,
        started_at=visit.started_at,
        ended_at=visit.ended_at,
        outcome=visit.outcome,
    )


def missed_turn_of(visit: Visit, *, desk: Desk, starts: dt.datetime) -> Turn:
    """The turn of a step of which nothing took place, at the desk and the time that it had booked: its party did not come."""
    return Turn(
        visit=visit,
        journey=visit.journey,
        house_id=visit.journey.house_id,
        service=visit.service,
        desk=desk,
        authority_id=desk.organisation_id,
        people=visit.people,
        outcome=TurnOutcome.NO_SHOW,
        booked_for=starts,
    )


def end_turn(visit: Visit, *, known: bool = True) -> Turn:
    """Write the turn of a step that has just ended. Its journey is locked. `known`: whether it ended now, and not when its desk closed."""
    assert visit.ended_at is not None, "a step that ended has an end"
    turn = turn_of(visit, persons_served(visit, visit.ended_at))
    turn.end_known = known
    if not known and visit.desk is None:
        turn.started_at = None  # no desk closed either: how long it took is not known
    turn.save()
    return turn


def end_turns(visits: Iterable[Visit]) -> None:
    """Write the turns of steps that have ended, of parties that nobody knows from another."""
    Turn.objects.bulk_create(turn_of(visit) for visit in visits)


def leave_turn_open(visit: Visit) -> Turn:
    """Write the turn of a step that ended by itself, because nobody ended it."""
    assert visit.ended_at is not None, "a step that ended has an end"
    turn = turn_of(visit, persons_served(visit, visit.ended_at))
    turn.outcome, turn.end_known = TurnOutcome.LEFT_OPEN, False
    turn.save()
    return turn


def left_open_turn(visit: Visit) -> Turn | None:
    """The turn of a step that ended by itself, while nobody has said how it had ended."""
    if visit.status != Status.DONE:
        return None
    return Turn.objects.filter(visit=visit, outcome=TurnOutcome.LEFT_OPEN, ended_at=visit.ended_at).first()


def ended_for_good(visit: Visit) -> bool:
    """Whether the step ended on an earlier day, and somebody recorded when: to open it again could only lose that."""
    zone = visit.journey.house.zone
    if visit.status != Status.DONE or visit.ended_at is None or visit.ended_at.astimezone(zone).date() >= clock.today(zone):
        return False
    return not Turn.objects.filter(visit=visit, ended_at=visit.ended_at, end_known=False).exists()


def end_told(turn: Turn, outcome: str) -> Turn:
    """Somebody has said how a turn had ended that was left open."""
    turn.outcome = outcome
    turn.save(update_fields=["outcome"])
    return turn


def not_served_turn(visit: Visit, at: dt.datetime) -> Turn:
    """Write the turn that a party waited for until the house closed; with the desk that had called it, where one had."""
    turn = turn_of(visit, ())
    turn.started_at, turn.ended_at, turn.outcome = None, at, TurnOutcome.NOT_SERVED
    turn.save()
    return turn


def end_sent_on(visit: Visit, at: dt.datetime) -> Turn:
    """Write the turn of a party that was being served when it was sent on."""
    turn = turn_of(visit, persons_served(visit, at))
    turn.ended_at, turn.outcome = at, TurnOutcome.SENT_ON
    turn.save()
    return turn


def take_sending_on_back(visit: Visit) -> bool:
    """The party was not sent on after all; whether it had been served before."""
    last = Turn.objects.filter(visit=visit).order_by("-id").first()
    served = visit.started_at is not None and last is not None and last.outcome == TurnOutcome.SENT_ON
    if served and last:
        last.delete()
    return served


def miss_turns(visits: Iterable[Visit]) -> None:
    """Write that parties did not come to their steps. The appointments, with their desks, are at hand."""
    Turn.objects.bulk_create(_booked_turns(visits))


def leave_turns_unnoted(visits: Iterable[Visit]) -> None:
    """Write that the day of these steps is over, and nobody noted whether their parties came. The appointments are at hand."""
    turns = list(_booked_turns(visits))
    for turn in turns:
        turn.outcome = TurnOutcome.NOT_NOTED
    Turn.objects.bulk_create(turns)


def _booked_turns(visits: Iterable[Visit]) -> Iterator[Turn]:
    return (missed_turn_of(visit, desk=visit.appointment.desk, starts=visit.appointment.starts) for visit in visits)


def take_turns_back(visits: Iterable[Visit], status: str = Status.DONE) -> None:
    """Whatever these steps ended with last did not happen: their ending, or that their party did not come."""
    theirs = Turn.objects.filter(visit__in=list(visits))
    kind = theirs.filter(outcome=TurnOutcome.NO_SHOW) if status == Status.NO_SHOW else theirs.exclude(outcome__in=BOOKED_ALONE)
    last = kind.order_by("visit_id", "-id").distinct("visit_id").values_list("pk", flat=True)
    Turn.objects.filter(pk__in=list(last)).delete()
