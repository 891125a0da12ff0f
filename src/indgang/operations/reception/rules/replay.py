"""What took place at the desks, told from journal entries alone. Pure.

Each verb does to a step here what its action does in the house: also undoing, reopening, putting back, sending on and booking anew. A turn
that ended stays when its step is booked anew; it goes only when its end is undone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from zoneinfo import ZoneInfo

from indgang.operations.reception.rules.figures import EndedStep, Missed, Unserved
from indgang.operations.reception.rules.persons import own_numbers


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
    desk: str = ""
    persons: tuple[int, ...] = ()


@dataclass
class _Party:
    municipality: str = ""
    booked: bool = True
    steps: dict[str, _Step] = field(default_factory=dict)
    ended: list[tuple[str, _Step]] = field(default_factory=list)
    missed: list[tuple[str, dt.datetime]] = field(default_factory=list)
    unserved: list[tuple[str, dt.datetime]] = field(default_factory=list)
    noted: dict[tuple[str, dt.date], bool | None] = field(default_factory=dict)  # of a day that was over, whether they came

    def end(self, service: str) -> None:
        """The step's turn has ended."""
        self.ended.append((service, self.steps[service]))

    def take_back(self, service: str) -> None:
        """The end of the step's last turn is undone: it is done no more, or its party came, or was served, after all."""
        turns: list[Any] = {"no-show": self.missed, "not-served": self.unserved}.get(self.steps[service].status, self.ended)
        theirs = [number for number, turn in enumerate(turns) if turn[0] == service]
        if theirs:
            del turns[theirs[-1]]


Change = Callable[[_Party, Told], None]


def replayed(entries: Iterable[Told], zone: ZoneInfo) -> tuple[list[EndedStep], list[Missed], list[Unserved]]:
    """The turns that have ended, those that parties did not come to or that nobody noted, and those they waited for until the house closed.

    `entries` in the order in which they were written."""
    parties: dict[str, _Party] = {}
    for told in entries:
        change = CHANGES.get(told.verb)
        if change:
            change(parties.setdefault(told.journey, _Party()), told)
    ended = [_ended(key, name, party, step) for key, party in parties.items() for name, step in party.ended]
    missed = [Missed(key, at.astimezone(zone).date()) for key, party in parties.items() for _service, at in party.missed]
    missed += [Missed(key, day, came) for key, party in parties.items() for (_service, day), came in party.noted.items()]
    unserved = [Unserved(key, name, came.astimezone(zone), party.booked) for key, party in parties.items() for name, came in party.unserved]
    return ended, missed, unserved


def _ended(journey: str, service: str, party: _Party, step: _Step) -> EndedStep:
    assert step.ended is not None, "a turn that ended has an end"
    return EndedStep(
        journey, service, party.municipality, step.persons, step.ended, step.arrived, step.called, step.started, step.desk, party.booked
    )


def _booked(party: _Party, told: Told) -> None:
    party.municipality = told.after.get("municipality", "")
    party.steps.update({service: _Step() for service in told.after["services"]})


def _ticket(party: _Party, told: Told) -> None:
    party.booked, party.municipality = False, told.after.get("municipality", "")
    party.steps.update({service: _Step("waiting", told.at) for service in told.after["services"]})


def _lives(party: _Party, told: Told) -> None:
    party.municipality = told.after["municipality"]


def _of(changed: Callable[[_Step, Told], _Step], named: Callable[[_Party, Told], Iterable[str]]) -> Change:
    """What happens to each of the steps that an entry names."""

    def change(party: _Party, told: Told) -> None:
        for service in named(party, told):
            party.steps[service] = changed(party.steps.get(service, _Step()), told)

    return change


def _one(_party: _Party, told: Told) -> Iterable[str]:
    return [told.after["service"]]


def _with_times_before(_party: _Party, told: Told) -> Iterable[str]:
    return [row["service"] for row in told.before["appointments"]]


def _with_times_after(_party: _Party, told: Told) -> Iterable[str]:
    return [row["service"] for row in told.after["appointments"]]


def _waiting(party: _Party, told: Told) -> Iterable[str]:
    """Those that the entry names; older entries mean all that wait."""
    waiting = [service for service, step in party.steps.items() if step.status == "waiting"]
    named: list[str] = told.after.get("services", waiting)
    return named


def _expected(step: _Step, _told: Told) -> _Step:
    return replace(step, status="planned", arrived=None)


def _not_checked_in(party: _Party, told: Told) -> None:
    for service in _waiting(party, told):
        if party.steps[service].status == "not-served":
            party.take_back(service)
        party.steps[service] = _expected(party.steps[service], told)


def _moved(party: _Party, told: Told) -> None:
    """Who is in the house and is moved within the day stays there."""
    for service in _with_times_after(party, told):
        if service not in told.after.get("staying", []):
            party.steps[service] = _expected(party.steps.get(service, _Step()), told)


def _moved_back(party: _Party, told: Told) -> None:
    """The old times again; who was in the house then waits for them."""
    for row in told.after["appointments"]:
        anew = _anew(row.get("arrived"))
        party.steps[row["service"]] = replace(party.steps.get(row["service"], _Step()), status=anew.status, arrived=anew.arrived)


def _checked_in(party: _Party, told: Told) -> None:
    for service in told.after["services"]:
        if party.steps[service].status == "no-show":
            party.take_back(service)
        party.steps[service] = replace(party.steps[service], status="waiting", arrived=told.at)


def _not_come(party: _Party, told: Told) -> None:
    for service in told.after["services"]:
        party.steps[service] = replace(party.steps[service], status="no-show")
        party.missed.append((service, _moment(told.after.get("booked")) or told.at))


def _noted(came: bool | None) -> Change:
    """Once the day was over: nobody had noted whether the party came, or somebody tells it since, or takes that back."""

    def change(party: _Party, told: Told) -> None:
        day = dt.date.fromisoformat(told.after["day"])
        party.noted.update({(service, day): came for service in told.after["services"]})

    return change


def _came_after_all(party: _Party, told: Told) -> None:
    for service in told.after["services"]:
        party.take_back(service)
        party.steps[service] = _expected(party.steps[service], told)


def _finished(party: _Party, told: Told) -> None:
    service = told.after["service"]
    step = party.steps.get(service, _Step())
    persons = tuple(told.after["persons"])
    closed = _moment(told.after.get("ended"))  # what is said the morning after had ended when its desk closed
    started = None if closed and not step.desk else step.started or step.called
    party.steps[service] = replace(step, status="done", ended=closed or told.at, started=started, persons=persons)
    party.end(service)


def _not_served(party: _Party, told: Told) -> None:
    service = told.after["service"]
    step = party.steps.get(service, _Step())
    party.unserved.append((service, step.arrived or dt.datetime.fromisoformat(told.after["ended"])))
    party.steps[service] = _back_in_line(step, told, "not-served")


def _not_served_undone(party: _Party, told: Told) -> None:
    """A desk had called them, and they were served after all."""
    service = told.after["service"]
    party.take_back(service)
    party.steps[service] = _at_the_desk_again(party.steps.get(service, _Step()), told)


def _reopened(party: _Party, told: Told) -> None:
    service = told.after["service"]
    party.take_back(service)
    status = told.after.get("status", "serving")
    step = replace(party.steps[service], status=status, ended=None)
    party.steps[service] = replace(step, started=None) if status == "called" else step


def _imported(party: _Party, told: Told) -> None:
    """A row of a table says all that it knows of a step; a step that was done, or that nobody served, is told anew."""
    row, party.booked, party.municipality = told.after, False, told.after["municipality"]
    service = row["service"]
    step = party.steps.get(service, _Step())
    if step.status == "done" or (step.status == "not-served" and row["status"] != "cancelled"):
        party.take_back(service)
    arrived, started, ended = (_moment(row[name]) for name in ("arrived", "started", "ended"))
    persons = tuple(own_numbers(told.journey, (), row["people"]))
    party.steps[service] = replace(step, status=row["status"], persons=persons, arrived=arrived, started=started, ended=ended)
    if step.status == "not-served" and row["status"] == "cancelled":
        party.steps[service] = replace(party.steps[service], status="not-served")
    if row["status"] == "done":
        party.end(service)


def _removed(party: _Party, told: Told) -> None:
    """An import was undone: the step was never there, nor its turns; or, without a step, the party lives where it did before."""
    service = told.after["service"]
    if not service:
        _lives(party, told)
        return
    party.steps.pop(service, None)
    party.ended = [turn for turn in party.ended if turn[0] != service]
    party.unserved = [turn for turn in party.unserved if turn[0] != service]


def _back_in_line(step: _Step, _told: Told, status: str = "waiting") -> _Step:
    return replace(step, status=status, called=None, started=None, desk="")


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
    service = told.after["service"]
    step = party.steps.get(service, _Step())
    if step.status == "serving":
        party.steps[service] = replace(step, ended=told.at, persons=tuple(told.after["persons"]))
        party.end(service)
    party.steps[service] = _cancelled(step, told)
    party.steps[told.after["to"]] = _anew(told.after["arrived"])


def _not_sent_on(party: _Party, told: Told) -> None:
    service = told.after["service"]
    if told.after["served"]:
        party.take_back(service)
    step = replace(party.steps[service], status=told.after["status"], ended=None)
    party.steps[service] = _back_in_line(step, told) if step.status == "waiting" else step
    party.steps[told.after["to"]] = replace(party.steps[told.after["to"]], status=told.after.get("other") or "cancelled")


def _at_the_desk_again(step: _Step, told: Told) -> _Step:
    facts, status = told.after, told.after.get("status", "called")
    return replace(step, status=status, called=_moment(facts["called"]), started=_moment(facts.get("started")), desk=facts["desk"])


CHANGES: dict[str, Change] = {
    "journey.booked": _booked,
    "ticket.taken": _ticket,
    "journey.steps-booked": _steps_booked,
    "journey.municipality-set": _lives,
    "journey.municipality-undone": _lives,
    "journey.moved": _moved,
    "journey.move-undone": _moved_back,
    "journey.cancelled": _of(_cancelled, _with_times_before),
    "journey.checked-in": _checked_in,
    "journey.check-in-undone": _not_checked_in,
    "journey.no-show": _not_come,
    "journey.no-show-undone": _came_after_all,
    "journey.not-noted": _noted(None),
    "journey.came-told": _noted(True),
    "journey.not-come-told": _noted(False),
    "journey.told-undone": _noted(None),
    "visit.called": _of(lambda step, told: replace(step, status="called", called=told.at, desk=told.after["desk"]), _one),
    "visit.started": _of(lambda step, told: replace(step, status="serving", started=told.at), _one),
    "visit.start-undone": _of(lambda step, told: replace(step, status="called", started=None), _one),
    "visit.finished": _finished,
    "visit.left-open": _finished,
    "visit.not-served": _not_served,
    "visit.not-served-undone": _not_served_undone,
    "visit.reopened": _reopened,
    "visit.put-back": _of(_back_in_line, _one),
    "visit.set-aside": _of(_back_in_line, _one),
    "visit.aside-undone": _of(_at_the_desk_again, _one),
    "visit.put-back-undone": _of(_at_the_desk_again, _one),
    "visit.sent-on": _sent_on,
    "visit.send-on-undone": _not_sent_on,
    "visit.cancelled": _of(_cancelled, _one),
    "visit.cancel-undone": _of(_wanted_again, _one),
    "visits.imported": _imported,
    "visits.import-undone": _removed,
}

# These change no time, no desk and no state of a step. A new verb of the house belongs in one of the two, and a test says so.
CHANGE_NOTHING = frozenset(
    {
        "journey.cancel-undone",  # each of its steps has an entry of its own
        "journey.email-confirmed",
        "journey.interpreter-changed",
        "journey.package-handed-out",
        "journey.package-taken-back",
        "visit.called-again",
        "visit.interpreter-taken",
        "visit.interpreter-given-back",
        "visit.room-taken",
        "visit.room-given-back",
        "visit.brought-back",
        "visit.back-undone",
        "visit.refused",
        "visit.end-told",
        "note.added",
    }
)
