"""When to remind somebody of tomorrow."""

from __future__ import annotations

import datetime as dt

FROM = dt.time(10)
QUIET = dt.timedelta(hours=3)


def day_to_remind_of(now: dt.datetime) -> dt.date | None:
    """Tomorrow, once it is ten in the morning; `now` is local to the house."""
    return now.date() + dt.timedelta(days=1) if now.time() >= FROM else None


def is_news(now: dt.datetime, told_at: dt.datetime | None) -> bool:
    """Whether a reminder says something: not to somebody whom we told about it within the last three hours."""
    return told_at is None or now - told_at >= QUIET
