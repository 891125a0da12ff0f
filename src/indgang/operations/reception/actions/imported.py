"""What an import leaves of steps: their turns, and what the journal must know to count the house's figures anew.

The journal gets one entry for many steps, as a table whose columns `queries.from_journal.IMPORTED` names. It holds no more of a person than
the turns do: no name, no reference, no citizenship.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby, islice
from typing import Any

from django.db.models import F, Q

from indgang.foundation.access.actors import Actor
from indgang.foundation.database.bulk import copy_in
from indgang.foundation.journal import actions as journal
from indgang.foundation.journal.models import Circle
from indgang.foundation.places.models import House
from indgang.operations.reception.actions.turns import take_turns_back, turn_of
from indgang.operations.reception.models import Journey, Turn, Visit
from indgang.operations.reception.models.journey import NOT_SERVED, Status
from indgang.operations.reception.models.turn import TurnOutcome
from indgang.operations.reception.rules.persons import own_numbers

ROWS_AT_MOST = 500


def keep_imported(actor: Actor, visits: Sequence[Visit], guessed: Mapping[int, dt.datetime] | None = None) -> None:
    """Write the turns of steps that came with a table, or were changed by one, and tell the journal how the steps stand now.

    `guessed`: the ends that nobody had recorded before. They are no better known now, unless the table says when it was; nor is one that
    a table had taken the place of, and that stands again.
    """
    ended = [visit for visit in visits if visit.status == Status.DONE]
    turns = [turn_of(visit, own_numbers(visit.journey_id, (), visit.people)) for visit in ended]  # a table names nobody
    for turn, visit in zip(turns, ended, strict=True):
        told = visit.from_table or {}
        before = told.get("guessed") or {}
        again = turn.ended_at and before.get("ended") == turn.ended_at.astimezone(dt.UTC).isoformat()
        if again or (guessed and guessed.get(turn.visit_id) == turn.ended_at):
            open_still = "outcome" in before and told["outcome"] is None
            turn.end_known, turn.outcome = False, TurnOutcome.LEFT_OPEN if open_still else turn.outcome or TurnOutcome.LEFT_OPEN
            if visit.desk is None:
                turn.started_at = visit.started_at = None  # as `end_turn` keeps it; the step's own row has it still
    copy_in(Turn, turns)
    _tell(actor, "visits.imported", [(visit.journey.house, _row(visit)) for visit in visits])


def before_change(visits: Iterable[int], served: Iterable[int] = ()) -> dict[int, dt.datetime]:
    """A table is about to say anew how these steps ended; the ends among them that nobody had recorded, by step.

    `served`: those among them that had counted as not served, and are no more.
    """
    numbers = list(visits)
    rows = Turn.objects.filter(visit__in=numbers, end_known=False, ended_at=F("visit__ended_at"))
    guessed = {visit: at for visit, at in rows.values_list("visit_id", "ended_at") if at}
    take_turns_back(Visit.objects.filter(Q(status=Status.DONE) | Q(pk__in=list(served), outcome=NOT_SERVED), pk__in=numbers))
    return guessed


def as_stored(visits: Iterable[int]) -> list[Visit]:
    """Steps as they stand, with all that their turns and the journal tell."""
    related = "service", "desk", "journey__house", "journey__municipality"
    return list(Visit.objects.filter(pk__in=list(visits)).select_related(*related).order_by("pk"))


def tell_removed(actor: Actor, visits: Sequence[Visit]) -> None:
    """Tell the journal that an import was undone, before its steps are deleted, and their turns with them."""
    _tell(actor, "visits.import-undone", [(visit.journey.house, (str(visit.journey_id), visit.service.key)) for visit in visits])


def tell_lives_as_before(actor: Actor, journeys: Iterable[Journey]) -> None:
    """Tell the journal that an import was undone that had said where these parties live: as a row without a step."""
    codes = [(journey, journey.municipality.code if journey.municipality else "") for journey in journeys]
    _tell(actor, "visits.import-undone", [(journey.house, (str(journey.pk), "", code)) for journey, code in codes])


def _row(visit: Visit) -> tuple[Any, ...]:
    municipality = visit.journey.municipality.code if visit.journey.municipality else ""
    times = visit.arrived_at, visit.started_at, visit.ended_at
    return (str(visit.journey_id), visit.service.key, municipality, visit.people, visit.status, *(at and at.isoformat() for at in times))


def _tell(actor: Actor, verb: str, rows_of_houses: Sequence[tuple[House, tuple[Any, ...]]]) -> None:
    houses: dict[int, House] = {house.pk: house for house, _row in rows_of_houses}
    of_house = sorted(rows_of_houses, key=lambda pair: pair[0].pk)
    for number, group in groupby(of_house, key=lambda pair: pair[0].pk):
        for rows in _chunks(row for _house, row in group):
            house = houses[number]
            journal.record(actor=actor, verb=verb, subject=house, house=house, circle=Circle.ORGANISATION, after={"table": rows})


def _chunks(rows: Iterable[Any]) -> Iterator[list[Any]]:
    left = iter(rows)
    while chunk := list(islice(left, ROWS_AT_MOST)):
        yield chunk
