"""When somebody with a ticket can have an interpreter, in a sentence that is true."""

from __future__ import annotations

from django.utils.translation import gettext as _

from indgang.foundation.ui.words import time_in_words
from indgang.operations.reception.languages import language_in_words
from indgang.operations.reception.models import Journey
from indgang.operations.reception.models.journey import AT_A_DESK, Status
from indgang.operations.reception.queries.interpreters import first_interpreter
from indgang.operations.reception.resource_words import beside_in_words
from indgang.operations.reception.rules.waits import Wait


def interpreter_wanted(journey: Journey) -> str:
    """The language they asked for, for the paper; nothing where they need nobody."""
    return _("Interpreter: %(language)s") % {"language": language_in_words(journey.interpreter)} if journey.interpreter else ""


def interpreter_in_words(journey: Journey, wait: Wait | None) -> str:
    """For a party that is here without a time: an interpreter is free when it is called, later, or not today; at a desk who came with it.

    Where no wait is told nobody knows when the call comes, and so nobody is promised. Nothing where none is needed.
    """
    if not journey.interpreter:
        return ""
    visits = list(journey.visits.select_related("service", "interpreter", "room", "journey__house__region").order_by("position"))
    present = next((visit for visit in visits if visit.status in AT_A_DESK), None)
    if present and present.interpreter:
        return beside_in_words(present.interpreter, None, journey.interpreter)[0]
    if present:  # where the desk speaks the language nobody comes; else its clerk is told who is free, and says it
        return ""
    found = first_interpreter([visit for visit in visits if visit.status == Status.WAITING], wait)
    facts = {"language": language_in_words(journey.interpreter)}
    if found is None:
        return (
            _("No interpreter for %(language)s is free any more today. Book a time with an interpreter, or talk in another language.")
            % facts
        )
    if wait is None:
        return _("You need an interpreter for %(language)s. We ask for one when your number is called.") % facts
    if found.with_the_call:
        return _("As it looks now, an interpreter for %(language)s is free when your number is called, and comes to the desk.") % facts
    at = time_in_words(found.at, journey.house.zone)
    return _("An interpreter for %(language)s is free from %(time)s on.") % {**facts, "time": at}
