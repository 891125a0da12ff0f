"""When somebody is asked how the visit was, and how answers are counted. No Django here."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass

MORNING = dt.time(8), dt.time(12)
FEWEST = 5
USABLE = dt.timedelta(days=14)
DAY, WEEK = dt.timedelta(days=1), dt.timedelta(days=7)
TEXTS_KEPT = dt.timedelta(days=365)
OPTIONS = {"yes-partly-no": ("yes", "partly", "no"), "scale": ("1", "2", "3", "4", "5")}
_CPR = re.compile(r"(?<!\d)\d{6}[-\s]?\d{4}(?!\d)")


def day_to_ask_about(now: dt.datetime) -> dt.date | None:
    """Yesterday, while it is morning; `now` is local to the house."""
    return now.date() - dt.timedelta(days=1) if MORNING[0] <= now.time() < MORNING[1] else None


def holds_cpr_number(text: str) -> bool:
    """Whether something in the text looks like a CPR number."""
    return bool(_CPR.search(text))


@dataclass(frozen=True)
class Counted:
    """The answers to a question: how many of each, or None where none may be told."""

    n: int
    of: Mapping[str, int] | None


Span = tuple[dt.date, dt.date]
Weeks = Mapping[dt.date, Mapping[str, int]]  # by Monday, how often each answer was given


def told_spans(counts: Mapping[dt.date, int], today: dt.date) -> list[Span]:
    """The spans of whole weeks that are told, from the number of answers in each week (by Monday): one after another, five or more in each.

    A week whose visits can still be answered about is not told yet, so a span that is told never changes. A new year of weeks begins anew.
    """
    found: list[Span] = []
    began, number, year = None, 0, 0
    for monday in sorted(counts):
        if not is_settled(monday + WEEK - DAY, today):
            break
        if monday.isocalendar().year != year:
            began, number, year = None, 0, monday.isocalendar().year
        began, number = began or monday, number + counts[monday]
        if number >= FEWEST:
            found.append((began, monday + WEEK - DAY))
            began, number = None, 0
    return found


def is_settled(day: dt.date, today: dt.date) -> bool:
    """Whether nobody can answer any more about a visit on that day: who came on it was asked on the next, and had that long."""
    return day + DAY + USABLE < today


def told_between(counts: Mapping[dt.date, int], first: dt.date, last: dt.date, today: dt.date) -> list[Span]:
    """The spans that are told for these days: whole, each where it ends. What is told for two choices of days differs by whole spans."""
    return [span for span in told_spans(counts, today) if first <= span[1] <= last]


def counted(kind: str, weeks: Weeks, first: dt.date, last: dt.date, today: dt.date) -> Counted:
    """Count the answers to one question that may be told for these days."""
    options = OPTIONS[kind]
    given = {monday: {option: week.get(option, 0) for option in options} for monday, week in weeks.items()}
    spans = told_between({monday: sum(week.values()) for monday, week in given.items()}, first, last, today)
    inside = [week for monday, week in given.items() if any(begins <= monday <= ends for begins, ends in spans)]
    if not inside:
        return Counted(0, None)
    of = {option: sum(week[option] for week in inside) for option in options}
    return Counted(sum(of.values()), of)


def told_month(day: dt.date, first: dt.date, last: dt.date, today: dt.date, kept: dt.timedelta) -> bool:
    """Whether what was written about a visit that day is told for these days: in whole months of which nothing is forgotten."""
    begins = day.replace(day=1)
    ends = (begins + dt.timedelta(days=31)).replace(day=1) - DAY
    return first <= ends <= last and is_settled(ends, today) and today - kept <= begins
