"""Hours, closures, sessions and their changes in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indgang.foundation.database.bilingual import in_language
from indgang.foundation.ui.words import day_in_words, time_in_words
from indgang.operations.reception.models.house import Weekday
from indgang.operations.reception.opening_changes import State
from indgang.operations.reception.rules.opening import LAST

DAYS_NAMED = 3  # of those read from a file
EVERY = [
    (1, gettext_lazy("Every week")),
    (2, gettext_lazy("Every second week")),
    (3, gettext_lazy("Every third week")),
    (4, gettext_lazy("Every fourth week")),
]
OF_MONTH = [
    (1, gettext_lazy("Every month, the first one")),
    (2, gettext_lazy("Every month, the second one")),
    (3, gettext_lazy("Every month, the third one")),
    (4, gettext_lazy("Every month, the fourth one")),
    (LAST, gettext_lazy("Every month, the last one")),
]
IN_MONTH = {
    1: gettext_lazy("The first %(day)s of the month, %(times)s"),
    2: gettext_lazy("The second %(day)s of the month, %(times)s"),
    3: gettext_lazy("The third %(day)s of the month, %(times)s"),
    4: gettext_lazy("The fourth %(day)s of the month, %(times)s"),
    LAST: gettext_lazy("The last %(day)s of the month, %(times)s"),
}
SENTENCES = {
    "hours.changed": gettext_lazy("Opening hours changed: %(what)s."),
    "desk.added": gettext_lazy("New desk: %(what)s."),
    "desk.changed": gettext_lazy("Desk changed: %(what)s."),
    "desk.removed": gettext_lazy("New desk taken back: %(what)s."),
    "closure.added": gettext_lazy("Closed: %(what)s."),
    "closure.lifted": gettext_lazy("Not closed after all: %(what)s."),
    "session.added": gettext_lazy("New session: %(what)s."),
    "session.changed": gettext_lazy("Session changed: %(what)s."),
    "session.held-again": gettext_lazy("Session held after all: %(what)s."),
    "session.ended": gettext_lazy("Session ended: %(what)s."),
    "resource.added": gettext_lazy("New interpreter or room: %(what)s."),
    "resource.removed": gettext_lazy("New interpreter or room taken back: %(what)s."),
    "resource.changed": gettext_lazy("Interpreter or room changed: %(what)s."),
    "holidays.read": gettext_lazy("Closed on days read from a file: %(what)s."),
    "holidays.taken-back": gettext_lazy("Days read from a file taken back: %(what)s."),
    "house.time-changed": gettext_lazy("First and last day changed: %(what)s."),
}


def title_of(state: Mapping[str, Any]) -> str:
    """The name in the language of the page."""
    return in_language({"da": state.get("title_da", ""), "en": state.get("title_en", "")})


def times_in_words(pairs: Iterable[tuple[dt.time, dt.time]]) -> str:
    """9.00-12.00, 12.30-15.00; or that it is closed."""
    return ", ".join(f"{time_in_words(opens)}-{time_in_words(closes)}" for opens, closes in pairs) or _("closed")


def days_in_words(first: dt.date | None, last: dt.date | None) -> str:
    """A period of days, open at an end where one is missing."""
    if first and last:
        if first == last:
            return day_in_words(first)
        return _("%(first)s to %(last)s") % {"first": day_in_words(first), "last": day_in_words(last)}
    if first:
        return _("from %(first)s") % {"first": day_in_words(first)}
    if last:
        return _("until %(last)s") % {"last": day_in_words(last)}
    return _("always")


def part_of_day(from_time: dt.time | None, until_time: dt.time | None) -> str:
    """Which part of the day is closed; nothing where all of it is."""
    if from_time and until_time:
        return f"{time_in_words(from_time)}-{time_in_words(until_time)}"
    if from_time:
        return _("from %(first)s") % {"first": time_in_words(from_time)}
    if until_time:
        return _("until %(last)s") % {"last": time_in_words(until_time)}
    return ""


def recurrence_in_words(weekday: int, every_weeks: int, opens: dt.time, closes: dt.time, of_month: int = 0) -> str:
    """Every second week, Thursday 14.00-16.00; or The first Thursday of the month, 14.00-16.00."""
    if of_month:
        return str(IN_MONTH[of_month]) % {"day": Weekday(weekday).label, "times": times_in_words([(opens, closes)])}
    often = dict(EVERY).get(every_weeks) or _("Every %(number)s weeks") % {"number": every_weeks}
    facts = {"often": often, "day": Weekday(weekday).label, "times": times_in_words([(opens, closes)])}
    return _("%(often)s, %(day)s %(times)s") % facts


def _date(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _time(text: str | None) -> dt.time | None:
    return dt.time.fromisoformat(text) if text else None


def what_in_words(verb: str, state: State, place: str) -> str:
    """What a change is about. `place`: the house or the desk."""
    if verb.startswith("closure."):
        when = days_in_words(_date(state["first_day"]), _date(state["last_day"]))
        part = part_of_day(_time(state["from_time"]), _time(state["until_time"]))
        return f"{place}, {when} {part}".strip() + f" ({title_of(state)})"
    if verb.startswith("session."):
        times = dt.time.fromisoformat(state["opens"]), dt.time.fromisoformat(state["closes"])
        how = recurrence_in_words(state["weekday"], state["every_weeks"], *times, state.get("of_month", 0))
        return f"{title_of(state)}, {how[:1].lower()}{how[1:]}"
    if verb.startswith("holidays."):
        days = [f"{title_of(day)} {day_in_words(dt.date.fromisoformat(day['first_day']))}" for day in state["days"]]
        more = len(days) - DAYS_NAMED
        return _("%(days)s and %(number)s more") % {"days": ", ".join(days[:DAYS_NAMED]), "number": more} if more > 0 else ", ".join(days)
    if verb == "house.time-changed":
        return f"{place}, {days_in_words(_date(state['active_from']), _date(state['active_until']))}"
    if verb.startswith(("desk.", "resource.")):
        return title_of(state)
    return place


def sentence_of(verb: str, before: State, after: State, place: str) -> str:
    """What was changed, in one sentence."""
    if verb == "session.changed" and before.get("left_out", []) != after.get("left_out", []):
        return _dates_in_words(set(before.get("left_out", [])), set(after.get("left_out", [])), title_of(after))
    return capfirst(str(SENTENCES[verb]) % {"what": what_in_words(verb, after or before, place)})


def _dates_in_words(before: set[str], after: set[str], session: str) -> str:
    """Of which dates of a session it was said that it is not held on them, or is after all."""
    days = ", ".join(day_in_words(dt.date.fromisoformat(date)) for date in sorted(before ^ after))
    words = _("%(session)s is not held on %(days)s.") if after - before else _("%(session)s is held on %(days)s after all.")
    return words % {"session": session, "days": days}
