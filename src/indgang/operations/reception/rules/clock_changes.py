"""When a zone's clocks change, as the yearly rules that calendar files are written in (RFC 5545, 3.6.5)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from zoneinfo import ZoneInfo

YEARS_CHECKED = 8
DAY = dt.timedelta(days=1)
SECOND = dt.timedelta(seconds=1)


@dataclass(frozen=True)
class Change:
    """Clocks change at `onset` (wall clock, before the change) from one offset to another. `saving`: to summer time.

    `yearly` = (month, n, weekday): it comes back every year on the n-th such weekday of the month, -1 the last, Monday 0. None: only once.
    """

    onset: dt.datetime
    offset_from: dt.timedelta
    offset_to: dt.timedelta
    name: str
    saving: bool
    yearly: tuple[int, int, int] | None = None


@cache
def clock_changes(zone: ZoneInfo, year: int) -> tuple[Change, ...]:
    """The changes that matter from the year before `year` on; none for a zone whose clocks never change.

    Where the zone follows a yearly rule each change is given once, with its rule; where it does not, every change of the years around.
    """
    before = _changes_in(zone, year - 1)
    later = [_changes_in(zone, each) for each in range(year, year + YEARS_CHECKED)]
    if not before and not any(later):
        return ()
    ruled = [_with_rule(change, zone, [changes for changes in later if len(changes) == len(before)]) for change in before]
    if all(ruled) and all(len(changes) == len(before) for changes in later):
        return tuple(change for change in ruled if change)
    return (*before, *(change for changes in later for change in changes))


def fixed_offset(zone: ZoneInfo, year: int) -> tuple[dt.timedelta, str]:
    """Offset and name at the beginning of a year."""
    moment = dt.datetime(year, 1, 1, tzinfo=zone)
    return moment.utcoffset() or dt.timedelta(), moment.tzname() or ""


def _changes_in(zone: ZoneInfo, year: int) -> list[Change]:
    """Every change of offset within a year, found day by day and then to the second."""
    changes = []
    moment, end = dt.datetime(year, 1, 1, tzinfo=dt.UTC), dt.datetime(year + 1, 1, 1, tzinfo=dt.UTC)
    while moment < end:
        if _offset(zone, moment) != _offset(zone, moment + DAY):
            changes.append(_change(zone, moment, moment + DAY))
        moment += DAY
    return changes


def _offset(zone: ZoneInfo, moment: dt.datetime) -> dt.timedelta:
    return moment.astimezone(zone).utcoffset() or dt.timedelta()


def _change(zone: ZoneInfo, early: dt.datetime, late: dt.datetime) -> Change:
    """The change between two moments a day apart."""
    before = _offset(zone, early)
    while late - early > SECOND:
        middle = early + ((late - early) // 2 // SECOND) * SECOND
        early, late = (middle, late) if _offset(zone, middle) == before else (early, middle)
    after = late.astimezone(zone)
    return Change(
        onset=(late + before).replace(tzinfo=None),
        offset_from=before,
        offset_to=after.utcoffset() or dt.timedelta(),
        name=after.tzname() or "",
        saving=bool(after.dst()),
    )


def _with_rule(change: Change, zone: ZoneInfo, later: list[list[Change]]) -> Change | None:
    """The change with the rule that it and its followers keep, if there is one."""
    same = [one for changes in later for one in changes if one.name == change.name and one.offset_from == change.offset_from]
    month, weekday = change.onset.month, change.onset.weekday()
    for number in (-1, (change.onset.day - 1) // 7 + 1):
        if len(same) == len(later) and all(_follows(one.onset, change.onset, month, number, weekday) for one in [change, *same]):
            return Change(change.onset, change.offset_from, change.offset_to, change.name, change.saving, (month, number, weekday))
    return None


def _follows(onset: dt.datetime, model: dt.datetime, month: int, number: int, weekday: int) -> bool:
    """Whether a change falls on the n-th weekday of the month, at the model's time of day."""
    last = (onset + 7 * DAY).month != onset.month
    right_week = last if number == -1 else (onset.day - 1) // 7 + 1 == number
    return (onset.month, onset.weekday(), onset.time()) == (month, weekday, model.time()) and right_week
