"""When somebody is asked how the visit was, and how answers are counted. No Django here."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

MORNING = dt.time(8), dt.time(12)
FEWEST = 5
USABLE = dt.timedelta(days=14)
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
    """The answers to a question: how many of each, or None where fewer than five answered."""

    n: int
    of: Mapping[str, int] | None


def counted(kind: str, answers: Iterable[str]) -> Counted:
    """Count the answers to one question. Fewer than five could tell who said what, so they are not shown."""
    options = OPTIONS[kind]
    given = [answer for answer in answers if answer in options]
    if len(given) < FEWEST:
        return Counted(len(given), None)
    return Counted(len(given), {option: given.count(option) for option in options})
