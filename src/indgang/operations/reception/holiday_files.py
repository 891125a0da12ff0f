"""Reads the days of a calendar file (.ics): whole days on which a house could be closed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from indgang.operations.reception.errors import ReceptionError

YEARS_AHEAD = 3
DAYS_AT_MOST = 200
TITLE = 200  # characters
DAY, LONGEST = dt.timedelta(days=1), dt.timedelta(days=366)
READ = {"DTSTART", "DTEND", "DURATION", "RRULE"}  # a fault elsewhere in an entry does not matter
YEARLY = {"FREQ", "INTERVAL", "UNTIL"}  # the parts of a rule that are understood


class NoCalendar(ReceptionError):
    """The file cannot be read. Nothing of it counts."""


@dataclass(frozen=True, order=True)
class Days:
    """A holiday: its first and last day and its name."""

    first: dt.date
    last: dt.date
    title: str


@dataclass
class Holidays:
    """What a file says: the days by date; what could not be taken, with the reason; and how many are over or too far ahead."""

    days: list[Days] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)
    over: int = 0
    too_far: int = 0


def read_holidays(content: bytes, today: dt.date) -> Holidays:
    """The days of the file from today on. Raises NoCalendar where it is none, is cut off, or has a day that cannot be."""
    last = dt.date(today.year + YEARS_AHEAD, 12, 31)
    found, days = Holidays(), set[Days]()
    for event in _events(content):
        for one in _days_of(event, last, found):
            if one.last < today:
                found.over += 1
            elif one.first > last:
                found.too_far += 1
            else:
                days.add(one)
    if len(days) > DAYS_AT_MOST:
        raise NoCalendar(_("There are more than %(most)s days in the file. Is it a calendar of holidays?") % {"most": DAYS_AT_MOST})
    found.days = sorted(days)
    return found


def _events(content: bytes) -> list[Event]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    try:
        calendars = Calendar.from_ical(text, multiple=True)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError):
        calendars = []
    events = [event for calendar in calendars for event in calendar.walk("VEVENT") if isinstance(event, Event)]
    lines = [line.strip().upper() for line in text.splitlines()]
    if lines.count("BEGIN:VCALENDAR") > lines.count("END:VCALENDAR"):
        raise NoCalendar(_("The file is cut off. Fetch it again."))
    if not calendars or any(calendar.name != "VCALENDAR" for calendar in calendars):
        raise NoCalendar(_("This is no calendar file. It begins with BEGIN:VCALENDAR and its name ends in .ics."))
    if lines.count("BEGIN:VEVENT") != len(events):
        raise NoCalendar(_("The file is cut off. Fetch it again."))
    if not events:
        raise NoCalendar(_("There are no days in the file."))
    return events


def _title(event: Event) -> str:
    value = event.get("summary", "")
    return " ".join(str(value[0] if isinstance(value, list) else value).replace("\0", "").split())[:TITLE]


def _days_of(event: Event, horizon: dt.date, found: Holidays) -> Iterator[Days]:
    """The days of an entry, those of later years too; an entry that is no whole day is left out and named."""
    title, (first, last) = _title(event), _period(event)
    if str(event.get("status", "")).upper() == "CANCELLED":
        return
    if first is None or last is None:
        found.left_out.append((title, _("It has a time of day. Write it under “Close for a time”.")))
        return
    rule = event.get("rrule")
    if rule is None and "RDATE" not in event:
        yield Days(first, last, title)
        return
    if "RDATE" in event or "EXDATE" in event or not _is_yearly(rule):
        found.left_out.append((title, _("It comes back in a way that cannot be read. Write it under “Close for a time”.")))
        return
    until = _as_day(rule["UNTIL"][0]) if rule.get("UNTIL") else horizon
    for year in range(first.year, min(horizon, until).year + 1):
        try:
            begins = first.replace(year=year)
        except ValueError:  # 29 February
            continue
        if begins <= until:
            yield Days(begins, begins + (last - first), title)


def _is_yearly(rule: object) -> bool:
    return isinstance(rule, dict) and set(rule) <= YEARLY and rule.get("FREQ") == ["YEARLY"] and rule.get("INTERVAL", [1]) == [1]


def _as_day(value: dt.date) -> dt.date:
    return value.date() if isinstance(value, dt.datetime) else value


def _period(event: Event) -> tuple[dt.date | None, dt.date | None]:
    """The first and last day; nothing where the entry has times. Raises NoCalendar where they cannot be."""
    if any(name in READ for name, _problem in event.errors):
        raise NoCalendar(_unreadable(event))
    start, end, length = (getattr(event.get(name), "dt", None) for name in ("dtstart", "dtend", "duration"))
    if not isinstance(start, dt.date) or (end is not None and not isinstance(end, dt.date)):
        raise NoCalendar(_unreadable(event))
    if isinstance(start, dt.datetime) or isinstance(end, dt.datetime):
        return None, None
    if end is None and isinstance(length, dt.timedelta) and DAY <= length <= LONGEST:
        end = start + length
    if end is not None and not dt.timedelta() <= end - start <= LONGEST:
        facts = {"title": _title(event)}
        raise NoCalendar(_("“%(title)s” ends before it begins or lasts longer than a year. Nothing of the file was taken.") % facts)
    return start, end - DAY if end is not None and end > start else start


def _unreadable(event: Event) -> str:
    return _("“%(title)s” has no day that can be read. Nothing of the file was taken.") % {"title": _title(event)}
