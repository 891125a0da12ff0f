"""What courses, contacts and deliveries may say: the rules alone. What a page or a table says of a fault stands in `faults.py`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from decimal import Decimal
from enum import StrEnum

MOST_HOURS = Decimal(5_000)  # three years of one person's working time: more is a slip of the hand
MOST_HOURS_A_DAY = Decimal(24)
FIRST_DAY = dt.date(1990, 1, 1)  # what is older was not guidance as it is counted now
AHEAD = dt.timedelta(days=366)  # how far ahead a day may be planned


class Fault(StrEnum):
    """What can be wrong."""

    ENDS_FIRST = "ends-first"
    NO_SUCH_DAY = "no-such-day"
    NEGATIVE = "negative"
    TOO_MANY_HOURS = "too-many-hours"
    UNKNOWN = "unknown"
    UNKNOWN_FIELD = "unknown-field"
    OTHER_COMPANY = "other-company"
    BEFORE_COURSE = "before-course"
    AFTER_COURSE = "after-course"
    NOT_YET = "not-yet"


def fault_of_days(started: dt.date, ended: dt.date | None) -> Fault | None:
    """A course ends on the day it starts or later."""
    return Fault.ENDS_FIRST if ended is not None and ended < started else None


def fault_of_day(day: dt.date, today: dt.date) -> Fault | None:
    """A day that somebody writes by hand lies in these years."""
    return None if FIRST_DAY <= day <= today + AHEAD else Fault.NO_SUCH_DAY


def fault_of_hours(hours: Decimal | None, most: Decimal = MOST_HOURS) -> Fault | None:
    """Hours are not negative and not more than anybody can work; not known is fine."""
    if hours is None:
        return None
    if not hours.is_finite() or hours > most:
        return Fault.TOO_MANY_HOURS
    return Fault.NEGATIVE if hours < 0 else None


def unknown(fields: Sequence[str], known: Collection[str]) -> list[str]:
    """The fields that are none, in the order in which they were written."""
    return [field for field in dict.fromkeys(fields) if field not in known]


def in_order(fields: Collection[str], known: Sequence[str]) -> list[str]:
    """The fields as they are kept: each once, in the order that all courses have them in."""
    return [field for field in known if field in fields]


def fault_of_contact(on: dt.date, today: dt.date, started: dt.date, ended: dt.date | None) -> Fault | None:
    """A contact is noted when it has been, within its course."""
    if on > today:
        return Fault.NOT_YET
    if on < started:
        return Fault.BEFORE_COURSE
    return Fault.AFTER_COURSE if ended is not None and on > ended else None


def unit_of(company: int, establishment_of: int | None) -> Fault | None:
    """An establishment that is named is one of the company's own."""
    return Fault.OTHER_COMPANY if establishment_of not in (None, company) else None
