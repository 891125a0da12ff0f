"""What a row of the visits table means for a step, and back. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import combinations

# How a step ended, in the table's words; the first two are a status of their own, the others an outcome of a step that is done.
NEVER_BEGAN = ("no-show", "cancelled")
OUTCOMES = ("done", "documents-missing", "refused", *NEVER_BEGAN)

YEARS_BACK = 20
AHEAD = dt.timedelta(days=366)
OLDEST = dt.timedelta(days=YEARS_BACK * 365.25)


@dataclass(frozen=True)
class Times:
    """When the party came into the house, when the step began at the desk and when it ended."""

    arrived: dt.datetime | None
    started: dt.datetime | None
    ended: dt.datetime | None


def too_far_ahead(times: Times, now: dt.datetime) -> tuple[str, ...]:
    """The columns whose year must be a slip of the pen. What is nearer is taken: some systems write down what they expect to take place."""
    return tuple(name for name, value in _known(times) if value > now + AHEAD)


def not_yet(times: Times, now: dt.datetime) -> tuple[str, ...]:
    """The columns that lie ahead: nobody waits or is served who has not come, as a step without an end says."""
    return tuple(name for name, value in _known(times) if value > now)


def too_long_ago(times: Times, now: dt.datetime) -> tuple[str, ...]:
    """The columns whose year must be a slip of the pen: no house is that old."""
    oldest = now - OLDEST
    return tuple(name for name, value in _known(times) if value < oldest)


def _known(times: Times) -> list[tuple[str, dt.datetime]]:
    named = (("arrived", times.arrived), ("started", times.started), ("ended", times.ended))
    return [(name, value) for name, value in named if value]


def status_of(word: str, times: Times) -> tuple[str, str]:
    """(status, outcome) of a step from its outcome in the table and its times. A step without end is still running or yet to come."""
    if word in NEVER_BEGAN:
        return word, ""
    if word or times.ended:
        return "done", word
    if times.started:
        return "serving", ""
    return ("waiting" if times.arrived else "planned"), ""


def against_outcome(word: str, times: Times) -> tuple[str, ...]:
    """The columns that speak against the outcome: a step that ended has an end, and nobody who did not come was at a desk."""
    if word == "no-show":
        return tuple(name for name, value in (("started", times.started), ("ended", times.ended)) if value)
    return ("ended",) if word and word not in NEVER_BEGAN and not times.ended else ()


def word_of(status: str, outcome: str) -> str:
    """The outcome as the table says it."""
    return status if status in NEVER_BEGAN else outcome


def out_of_order(times: Times) -> dict[str, str]:
    """Each column that lies before one of those it should follow, with the nearest of these."""
    pairs = (((earlier, first), (later, second)) for (earlier, first), (later, second) in combinations(_known(times), 2))
    return {later: earlier for (earlier, first), (later, second) in pairs if second < first}
