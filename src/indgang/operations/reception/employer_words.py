"""How an employee of a group stands, and why there is no time for them, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indgang.operations.reception.languages import language_in_words
from indgang.operations.reception.models import Employee

STATES = {
    "booked": gettext_lazy("Booked"),
    "past": gettext_lazy("The time has passed"),
    "cancelled": gettext_lazy("Cancelled"),
    "waiting": gettext_lazy("On the waiting list"),
    "proposed": gettext_lazy("A time is proposed"),
    "no-time": gettext_lazy("No time found"),
    "new": gettext_lazy("No time yet"),
}
PROBLEMS = {
    "no-time": gettext_lazy("No time is free within your wishes."),
    "nothing-to-do": gettext_lazy("From these answers there is nothing to do in the house. Look at the answers once more."),
    "comes-later": gettext_lazy("Comes later than the last of your days."),
    "has-visit": gettext_lazy("Has another visit at that time, or one that you cannot change."),
}


def problem_in_words(one: Employee, problem: str) -> str:
    """Why there is no time for somebody; nothing where there is no problem."""
    if problem == "no-time" and one.interpreter:
        facts = {"language": language_in_words(one.interpreter)}
        return _("No time is free within your wishes at which there is an interpreter for %(language)s too.") % facts
    return str(PROBLEMS.get(problem, ""))
