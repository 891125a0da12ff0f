"""Hours, weekdays and lengths of time in the statistics."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from indgang.foundation.documents.sections import as_minutes
from indgang.foundation.measures.counting import Spread
from indgang.foundation.ui.charts import Bar
from indgang.foundation.ui.words import number_in_words

Found = TypeVar("Found")


def between(hour: str) -> str:
    """An hour of the day within a sentence."""
    return _("between %(hour)s and %(following)s o’clock") % {"hour": hour, "following": int(hour) + 1}


def on_weekday(day: str) -> str:
    """A weekday (Monday = 0) within a sentence."""
    return _("on %(weekday)s") % {"weekday": WEEKDAYS[int(day)]}


def each_hour(found: Mapping[int, Found], nothing: Found) -> list[tuple[str, str, Found]]:
    """From the first hour of the day in which there is something to the last: its number, its name, and what there is."""
    hours = range(min(found, default=0), max(found, default=-1) + 1)
    return [(str(hour), _("%(from)s-%(to)s") % {"from": hour, "to": hour + 1}, found.get(hour, nothing)) for hour in hours]


def each_weekday(found: Mapping[int, Found], nothing: Found) -> list[tuple[str, str, Found]]:
    """The same for Monday to Friday, and for the days at the end of the week up to the last on which there is something."""
    days = range(max([4, *found]) + 1) if found else ()
    return [(str(day), str(WEEKDAYS[day]), found.get(day, nothing)) for day in days]


def length_bar(label: str, spread: Spread) -> Bar:
    """A length of time: what half do not exceed, and what nine in ten do not."""
    half, most = as_minutes(spread.median), as_minutes(spread.p90)
    return Bar(label, half or 0, number_in_words(half, 0), most, number_in_words(most, 0))
