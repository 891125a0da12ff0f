"""What became of every step, told from journal entries alone. Pure.

Each verb does to a step here what its action does in the house: also undoing, reopening, putting back, sending on and booking anew.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from zoneinfo import ZoneInfo

from indgang.operations.reception.rules.figures import EndedStep, Missed


@dataclass(frozen=True)
class Told:
    """An entry, as far as it matters here."""

    at: dt.datetime
    verb: str
    journey: str
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class _Step:
    status: str = "planned"
    arrived: dt.datetime | None = None
    called: dt.datetime | None = None
    started: dt.datetime | None = None
    ended: dt.datetime | None = None
    missed_at: dt.datetime | None = None
    desk: str = ""
    people: int = 0


@dataclass
class _Party:
    municipality: str = ""
    booked: bool = True
    steps: dict[str, _Step] = field(default_factory=dict)


Change = Callable[[_Party, Told], None]


def replayed(entries: Iterable[Told], zone: ZoneInfo) -> tuple[list[EndedStep], list[Missed]]:
    """The steps that have ended, and those that parties did not come to. `entries` in the order in which they were written."""
    parties: dict[str, _Party] = {}
    for told in entries:
        change = CHANGES.get(told.verb)
        if change:
            change(parties.setdefault(told.journey, _Party()), told)
    ended = [
        _ended(key, name, party, step) for key, party in parties.items() for name, step in party.steps.items() if step.status == "done"
    ]
    missed = [
        Missed(key, step.missed_at.astimezone(zone).date())
        for key, party in parties.items()
        for step in party.steps.values()
        if step.status == "no-show" and step.missed_at
    ]
    return ended, missed


def _ended(journey: str, service: str, party: _Party, step: _Step) -> EndedStep:
    assert step.ended is not None, "a step that is done has an end"
    return EndedStep(
        journey, service, party.municipality, step.people, step.ended, step.arrived, step.called, step.started, step.desk, party.booked
    )


def _booked(party: _Party, told: Told) -> None:
    party.municipality = told.after.get("municipality", "")
    party.steps.update({service: _Step() for service in told.after["services"]})


def _ticket(party: _Party, told: Told) -> None:
    party.booked = False
    party.steps.update({service: _Step("waiting", told.at) for service in told.after["services"]})


def _of(changed: Callable[[_Step, Told], _Step], named: Callable[[_Party, Told], Iterable[str]]) -> Change:
    """What happens to each of the steps that an entry names."""

    def change(party: _Party, told: Told) -> None:
        for service in named(party, told):
            party.steps[service] = changed(party.steps.get(service, _Step()), told)

    return change


def _one(_party: _Party, told: Told) -> Iterable[str]:
    return [told.after["service"]]


def _listed(_party: _Party, told: Told) -> Iterable[str]:
    return list(told.after["services"])


def _with_times_before(_party: _Party, told: Told) -> Iterable[str]:
    return [row["service"] for row in told.before["appointments"]]


def _with_times_after(_party: _Party, told: Told) -> Iterable[str]:
    return [row["service"] for row in told.after["appointments"]]


def _waiting(party: _Party, _told: Told) -> Iterable[str]:
    return [service for service, step in party.steps.items() if step.status == "waiting"]


def _expected(step: _Step, _told: Told) -> _Step:
    return replace(step, status="planned", arrived=None, missed_at=None)


def _finished(step: _Step, told: Told) -> _Step:
    return replace(step, status="done", ended=told.at, started=step.started or step.called, people=told.after["people"])


def _back_in_line(step: _Step, _told: Told) -> _Step:
    return replace(step, status="waiting", called=None, started=None, desk="")


def _cancelled(step: _Step, _told: Told) -> _Step:
    return replace(step, status="cancelled")


def _moment(text: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(text) if text else None


def _anew(arrived: str | None) -> _Step:
    return _Step("waiting" if arrived else "planned", _moment(arrived))


def _wanted_again(step: _Step, told: Told) -> _Step:
    anew = _anew(told.after.get("arrived"))
    return replace(step, status=anew.status, arrived=anew.arrived)


def _steps_booked(party: _Party, told: Told) -> None:
    party.steps.update({row["service"]: _anew(row.get("arrived")) for row in told.after["steps"]})


def _sent_on(party: _Party, told: Told) -> None:
    party.steps[told.after["service"]] = _cancelled(party.steps.get(told.after["service"], _Step()), told)
    party.steps[told.after["to"]] = _anew(told.after["arrived"])


CHANGES: dict[str, Change] = {
    "journey.booked": _booked,
    "ticket.taken": _ticket,
    "journey.steps-booked": _steps_booked,
    "journey.moved": _of(_expected, _with_times_after),
    "journey.cancelled": _of(_cancelled, _with_times_before),
    "journey.checked-in": _of(lambda step, told: replace(step, status="waiting", arrived=told.at), _listed),
    "journey.check-in-undone": _of(_expected, _waiting),
    "journey.no-show": _of(lambda step, told: replace(step, status="no-show", missed_at=told.at), _listed),
    "journey.no-show-undone": _of(_expected, _listed),
    "visit.called": _of(lambda step, told: replace(step, status="called", called=told.at, desk=told.after["desk"]), _one),
    "visit.started": _of(lambda step, told: replace(step, status="serving", started=told.at), _one),
    "visit.finished": _of(_finished, _one),
    "visit.reopened": _of(lambda step, _told: replace(step, status="serving", ended=None), _one),
    "visit.put-back": _of(_back_in_line, _one),
    "visit.set-aside": _of(_back_in_line, _one),
    "visit.sent-on": _sent_on,
    "visit.cancelled": _of(_cancelled, _one),
    "visit.cancel-undone": _of(_wanted_again, _one),
}

# These change no time, no desk and no state of a step. A new verb of the house belongs in one of the two, and a test says so.
CHANGE_NOTHING = frozenset(
    {
        "journey.email-confirmed",
        "journey.package-handed-out",
        "journey.package-taken-back",
        "visit.called-again",
        "visit.brought-back",
        "visit.refused",
        "note.added",
    }
)
