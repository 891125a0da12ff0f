"""How far a year's outreach agreement is: its four meetings, and what is missing.

Source: the addendum of 2021 to the agreement 2020-2023, section 3: four fixed meetings, held quarterly.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Literal

MeetingState = Literal["none", "no-date", "planned", "notes", "held"]
STATES: tuple[MeetingState, ...] = ("held", "planned", "notes", "no-date", "none")


def state_of_meeting(on: dt.date | None, has_notes: bool, today: dt.date) -> MeetingState:
    """Whether it was held and told of, is planned, was held but nobody wrote what was agreed (`notes`), or has no date."""
    if on is None:
        return "no-date"
    if on > today:
        return "planned"
    return "held" if has_notes else "notes"


def quarter_begins(year: int, number: int) -> dt.date:
    """The first day of the quarter in which the meeting of that number is due."""
    return dt.date(year, 3 * number - 2, 1)


def needs_somebody(state: MeetingState, year: int, number: int, today: dt.date) -> bool:
    """Whether somebody has to see to a meeting now: its notes are missing, or its quarter has begun and it has no date."""
    return state == "notes" or (state in ("no-date", "none") and quarter_begins(year, number) <= today)


def is_to_be_reminded(on: dt.date | None, today: dt.date, days: int) -> bool:
    """Whether those who come to a meeting on that day should have been reminded by today: so many days before, or later, while it lies
    ahead. One that is planned for tomorrow today is still told of."""
    return on is not None and 0 <= (on - today).days <= days


def order_of_dates(dates: Sequence[dt.date | None]) -> bool:
    """Whether the dates that are known come in the order of the meetings."""
    known = [day for day in dates if day is not None]
    return known == sorted(known)
