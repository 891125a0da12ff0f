"""The place in line of those who booked and those who took a ticket: one number each, so one total order at any moment.

The rules, in words a floorwalker can say aloud:

1. Everybody counts from a moment, and the earlier moment goes first; then who is booked at this very desk; then the lower number.
2. Who took a ticket counts from when they took it. Who booked and is in time counts from `patience` minutes before their time: at their
   time they go before every ticket that has waited for less than that, and after those that have waited longer. Who booked and came more
   than `grace` minutes late counts from when they came.
3. Who booked and is early waits behind everybody else until `early` minutes before their time.
4. A priority reason (a wheelchair, an infant, ...) moves the moment back by the minutes stated for the reason, so nobody is passed over
   for ever: whoever has waited that much longer still goes first.
5. A ticket, or somebody early, is not called to a desk if that would keep the desk's next booked party waiting; a ticket that has waited
   for `patience` minutes is. A party that waits aside holds nobody back until it is brought back.
6. A step that is done in a room is called when one is free for it; until then the next in line is called, and it keeps its place. Where the
   house says so, a clerk may call it without a room.

Times are minutes on any one clock; only differences count.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class LineRules:
    """The minutes a house states for its line, and whether a step that is done in a room may be called without one (region data)."""

    patience: float = 45
    early: float = 5
    grace: float = 10
    without_room: bool = False


def in_time(arrived: float, booked: float, rules: LineRules) -> bool:
    """Whether a booked party that came at `arrived` still has its time."""
    return arrived <= booked + rules.grace


def counts_from(arrived: float, booked: float | None, head_start: float, rules: LineRules) -> float:
    """The moment a party's wait counts from. `arrived` is also when a ticket was taken; `head_start` are the minutes of its priority."""
    if booked is not None and in_time(arrived, booked, rules):
        return booked - rules.patience - head_start
    return arrived - head_start


def turn_from(arrived: float, booked: float | None, rules: LineRules) -> float:
    """From when on it stands in the line proper; before that it waits behind everybody else."""
    return arrived if booked is None else max(arrived, booked - rules.early)


def waits_since(came: dt.datetime, booked: dt.datetime | None, rules: LineRules) -> dt.datetime:
    """Since when a party waits, as it is told in minutes: since it came, or was done at its last desk (`came`); with a booked time not
    before the minutes for which it may be early. Its place in line is another matter: see `counts_from`.
    """
    return came if booked is None else max(came, booked - dt.timedelta(minutes=rules.early))


def may_take(*, now: float, patient: bool, minutes: float, next_booked: float | None) -> bool:
    """Whether a desk may call somebody whose time it is not, for so many `minutes`, when its next booked party is due at `next_booked`.

    `patient` is False for a ticket that has waited long enough. A party that is due already and has not come holds no desk.
    """
    return not patient or next_booked is None or next_booked <= now or now + minutes <= next_booked
