"""What is wrong with a course, in words: the same on a page and in a table."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from indgang.operations.guidance.rules.courses import Fault

WORDS: dict[Fault, Promise] = {
    Fault.ENDS_FIRST: _("The course ends before it starts."),
    Fault.NO_SUCH_DAY: _("Look at the year: the day is before 1990, or more than a year ahead."),
    Fault.NEGATIVE: _("Hours cannot be negative."),
    Fault.TOO_MANY_HOURS: _("These are more hours than anybody can have worked."),
    Fault.UNKNOWN: _("Choose one of these."),
    Fault.UNKNOWN_FIELD: _("Choose among the fields of guidance."),
    Fault.OTHER_COMPANY: _("This establishment belongs to another company."),
    Fault.BEFORE_COURSE: _("This is before the course began. Change the course's first day if it began earlier."),
    Fault.AFTER_COURSE: _("This is after the course ended. Open the course again if it went on."),
    Fault.NOT_YET: _("This is after today. Agree on a next step instead."),
}


def in_words(fault: Fault) -> str:
    """What to tell whoever wrote it."""
    return str(WORDS[fault])
