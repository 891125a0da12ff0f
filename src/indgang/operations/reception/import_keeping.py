"""What people changed of a step or a journey that came with a table: a table leaves it, however often it is handed in.

A step keeps what a table last wrote into its columns (`from_table`). Where something else is stored, people have changed it since. A
journey says itself whether people noted its municipality.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import BigIntegerField, F, QuerySet
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from indgang.foundation.database.console import Refused
from indgang.foundation.imports.kinds import Row, Stored, Values
from indgang.foundation.imports.models import BatchRow
from indgang.foundation.imports.reports import Problem
from indgang.operations.reception.import_columns import COLUMNS
from indgang.operations.reception.models import Journey, Turn, Visit
from indgang.operations.reception.models.journey import AT_A_DESK, IMPORTED
from indgang.operations.reception.models.turn import TurnOutcome
from indgang.operations.reception.rules.imported import NEVER_BEGAN, Times, against_outcome, out_of_order, status_of, word_of

OWN = ("people", "arrived", "started", "ended", "outcome")
_COLUMNS = {column.name: column for column in COLUMNS}


def as_told(values: Values) -> dict[str, Any]:
    """A step's own columns as `from_table` keeps them."""
    return {name: _plain(values[name]) for name in OWN}


def _plain(value: Any) -> Any:
    return value.astimezone(dt.UTC).isoformat() if isinstance(value, dt.datetime) else value or None


def changed_in_step(values: Values, told: Mapping[str, Any] | None) -> dict[str, Any]:
    """The step's own columns that people changed -> what a table said there. Of a step that no table told of, all that stands."""
    before = told or dict.fromkeys(OWN)
    return {name: before[name] for name, value in as_told(values).items() if before[name] != value}


def changed_in_journey(journey: Journey) -> dict[str, Any]:
    """The same for what all steps of a journey share: what people noted of it, whatever tables say."""
    return {"municipality": None} if journey.source == IMPORTED and journey.municipality_noted else {}


def told_now(row: Row) -> dict[str, Any] | None:
    """What a table says of the step once this row is written: where people changed something that stays, what it said before.

    None where all of it was made here, as it is again once a table is taken back.
    """
    stays = row.stored.by_hand if row.stored else {}
    values = row.stored.values if row.stored else {}
    now, guessed = as_told(row.values), values.get("guessed") or {}
    said = {name: stays[name] if name in stays and values[name] == row.values[name] else told for name, told in now.items()}
    if guessed and now["ended"] == guessed["ended"]:  # it stands as nobody has noted it, nor a table told
        said |= {name: None for name, value in guessed.items() if said[name] == value}
    return said | ({"guessed": guessed} if guessed else {}) if any(said.values()) else None


def let_guesses_go(found: Iterable[Stored]) -> None:
    """An end that nobody recorded is none that people noted, nor is an outcome that nobody has said: a table may know better."""
    ended = {int(stored.id): stored for stored in found if "ended" in stored.by_hand}
    turns = Turn.objects.filter(visit__in=ended, end_known=False, ended_at=F("visit__ended_at"))
    for step, outcome in turns.values_list("visit_id", "outcome") if ended else ():
        stored, now = ended[step], as_told(ended[step].values)
        names = ("ended", "outcome") if outcome == TurnOutcome.LEFT_OPEN else ("ended",)
        stored.values["guessed"] = {name: now[name] for name in names}
        stored.by_hand = {name: told for name, told in stored.by_hand.items() if name not in names}


def keep_journey(row: Row, changed: Mapping[str, Any], stands: Mapping[str, Any]) -> None:
    """What people changed of the journey stays, whatever the row says."""
    for name in changed:
        _keep(row, name, stands[name])


def keep_step(row: Row, *, not_served: bool = False) -> None:
    """What people changed of the step stays; all of it, where that does not go with the rest of the row.

    `not_served`: nobody ended it, the house closed before its turn. Then a table that says that it began, or how it ended, knows better.
    """
    if row.stored is None:
        return
    told = not_served and any(name in row.given for name in ("started", "ended", "outcome"))
    if told:
        row.values["outcome"] = row.given.get("outcome")
    for name in OWN:
        if name in row.stored.by_hand and not (told and name == "outcome"):
            _keep(row, name, row.stored.values[name])
    called = row.stored.values["called"]
    if called and row.values["arrived"] and called < row.values["arrived"]:
        _keep(row, "arrived", row.stored.values["arrived"])
    at_odds = any(problem.column in OWN for problem in row.kept) and _is_at_odds(row.values)
    if (not told and _began_against_people(row)) or _turned_away_against_people(row) or at_odds:
        for name in OWN:
            _keep(row, name, row.stored.values[name], noted=not (not_served and name == "outcome"))


def _began_against_people(row: Row) -> bool:
    """Whether the row says something of when a step began or ended that people have cancelled, or whose party did not come."""
    stored = row.stored
    if stored is None or "outcome" not in stored.by_hand or stored.values["outcome"] not in NEVER_BEGAN:
        return False
    return any(row.values[name] != stored.values[name] for name in ("started", "ended"))


def _turned_away_against_people(row: Row) -> bool:
    """Whether the row says that a party never came to a desk that people here have noted as come, and that waits for its turn."""
    stored = row.stored
    if stored is None or not ("arrived" in stored.by_hand and stored.values["arrived"]) or stored.values["started"]:
        return False
    return row.values["outcome"] in NEVER_BEGAN and row.values["outcome"] != stored.values["outcome"]


def _is_at_odds(values: Values) -> bool:
    times = _times(values)
    return bool(out_of_order(times) or against_outcome(values["outcome"] or "", times))


def _keep(row: Row, name: str, value: Any, *, noted: bool = True) -> None:
    if row.values[name] == value:
        return
    said, stands = (str(_COLUMNS[name].write(one, row.stored.zone if row.stored else None)) for one in (row.values[name], value))
    row.values[name] = value
    if name in row.given:
        by_hand = noted and (row.stored is None or name not in OWN or name in row.stored.by_hand)
        if not by_hand:
            text = _("This does not go with what people here have noted since. It is left as it was.")
        elif stands:
            text = _("People here have noted “%(value)s” since. That stays.")
        else:
            text = _("People here have taken this out since. That stays.")
        row.kept.append(Problem(row.number, name, said, text % {"value": stands}))


def set_busy(found: Iterable[Stored], at_desks: Iterable[int]) -> None:
    """Steps that somebody is serving, or has called, cannot be written now: who, and where."""
    rows = Visit.objects.filter(pk__in=list(at_desks), status__in=AT_A_DESK, clerk__isnull=False).select_related("desk", "clerk")
    reasons = {}
    for visit in rows:
        facts = {"name": visit.clerk, "desk": visit.desk.title if visit.desk else ""}
        reasons[str(visit.pk)] = _("%(name)s has this party at %(desk)s now. Hand the table in again when that has ended.") % facts
    for stored in found:
        stored.busy = reasons.get(stored.id, "")


def refuse_changed(rows: Iterable[Row]) -> None:
    """Raise Refused where somebody was quicker: a step that is about to be written stands otherwise by now, or is at a desk.

    Whatever people do with a party locks its journey first, so nothing changes from here on.
    """
    stored = {int(row.stored.id): row.stored for row in rows if row.stored}
    journeys = Journey.objects.filter(visits__in=stored)
    list(Journey.objects.select_for_update().filter(pk__in=journeys).order_by("pk").values_list("pk", flat=True))
    for visit in Visit.objects.filter(pk__in=stored):
        known = stored[visit.pk]
        own: Values = {"people": visit.people, "arrived": visit.arrived_at, "started": visit.started_at, "ended": visit.ended_at}
        own["outcome"] = word_of(visit.status, visit.outcome) or None
        is_live = visit.status in AT_A_DESK and visit.clerk_id is not None
        if is_live or own != {name: known.values[name] for name in OWN}:
            raise Refused(_("Somebody changed the same records at this moment. Try again."))


def hold_parties(rows: QuerySet[BatchRow]) -> None:
    """Lock the journeys of these rows' steps, all at once and in one order."""
    steps = rows.annotate(step=Cast("record_id", BigIntegerField())).values("step")
    journeys = Journey.objects.select_for_update().filter(pk__in=Visit.objects.filter(pk__in=steps).values("journey"))
    list(journeys.order_by("pk").values_list("pk", flat=True))


def refuse_noted(known: Mapping[UUID, tuple[int | None, bool]]) -> None:
    """Raise Refused where somebody has noted another municipality of a journey since it was looked up: journey -> municipality, noted."""
    rows = (
        Journey.objects.select_for_update().filter(pk__in=known).order_by("pk").values_list("pk", "municipality_id", "municipality_noted")
    )
    if any(known[journey] != (municipality, noted) for journey, municipality, noted in rows):
        raise Refused(_("Somebody changed the same records at this moment. Try again."))


def against_restoring(rows: Sequence[Row]) -> dict[str, str]:
    """Why steps cannot become again what the rows say, by number: what people or tables did since does not go with it.

    The journeys are held, so what is found here holds until it is written.
    """
    stored = [row.stored.id for row in rows if row.stored]
    of_step = dict(Visit.objects.filter(pk__in=stored).values_list("pk", "journey_id"))
    reasons = {row.stored.id: why for row in rows if row.stored and (why := _against_what_stands(row))}
    there: dict[UUID, dict[str, str]] = {}
    for number, journey, service in _at_desks(of_step.values()):
        there.setdefault(journey, {})[str(number)] = service
    for running in (False, True):  # who is at a desk no more makes room first
        for row in rows:
            if row.stored is None or row.stored.id in reasons or _is_running(row.values) != running:
                continue
            steps = there.setdefault(of_step[int(row.stored.id)], {})
            other = next((service for number, service in steps.items() if number != row.stored.id), None)
            if running and other:
                text = _("This step would be running again, and the step %(service)s is; a party is at one desk at a time.")
                reasons[row.stored.id] = text % {"service": other}
            elif running:
                steps[row.stored.id] = row.key[1]
            else:
                steps.pop(row.stored.id, None)
    return reasons


def _at_desks(journeys: Iterable[UUID]) -> Iterable[tuple[int, UUID, str]]:
    rows = Visit.objects.filter(journey__in=set(journeys), status__in=AT_A_DESK)
    return rows.order_by("pk").values_list("pk", "journey_id", "service__key")


def _against_what_stands(row: Row) -> str:
    if _began_against_people(row):
        return _("People here have noted “%(value)s” since. That stays.") % {"value": row.values["outcome"]}
    for later, earlier in out_of_order(_times(row.values)).items():
        return _("Its column %(column)s would lie before %(other)s.") % {"column": later, "other": earlier}
    return _("This does not go with what people here have noted since. It is left as it was.") if _is_at_odds(row.values) else ""


def _is_running(values: Values) -> bool:
    return status_of(values["outcome"] or "", _times(values))[0] in AT_A_DESK


def _times(values: Values) -> Times:
    return Times(values["arrived"], values["started"], values["ended"])
