"""The year's outreach agreements in words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indgang.foundation.ui.words import short_day
from indgang.operations.guidance.queries.outreach import MeetingLine, OfficeYear
from indgang.operations.guidance.rules.outreach import quarter_begins

MEETING_NAMES: dict[int, str | Promise] = {
    1: gettext_lazy("Focus"),
    2: gettext_lazy("Follow-up"),
    3: gettext_lazy("Follow-up"),
    4: gettext_lazy("Follow-up and conclusions"),
}
STATE_WORDS: dict[str, str | Promise] = {
    "held": gettext_lazy("Held, and written down"),
    "planned": gettext_lazy("Has a date"),
    "notes": gettext_lazy("Not written down"),
    "no-date": gettext_lazy("No date"),
    "none": gettext_lazy("No agreement yet"),
}


def meeting_name(number: int) -> str:
    """ "1. Focus"."""
    return f"{number}. {MEETING_NAMES[number]}"


def state_in_words(line: MeetingLine, year: int) -> str:
    """How a meeting stands; of one that somebody has to see to, since when."""
    if line.due and line.on:
        return _("It was on %(day)s, and nothing is written down") % {"day": short_day(line.on)}
    if line.due and line.state == "no-date":
        return _("No date, and its quarter began on %(day)s") % {"day": short_day(quarter_begins(year, line.number))}
    return str(STATE_WORDS[line.state])


def missing_in_words(year: OfficeYear) -> list[str]:
    """What the agreement itself misses, a sentence each; of the meetings it stands with each of them."""
    words = {
        "agreement": _("The agreement has not been begun."),
        "focus": _("No field or industry is in focus."),
        "office": _("The office has not agreed yet."),
        "hub": _("The hub has not agreed yet."),
    }
    return [words[one] for one in year.missing if one in words]
