"""A party needs an interpreter, or none after all: in one click where the times stay, else its new times are shown and chosen first."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from indgang.foundation.access.decorators import StaffRequest
from indgang.foundation.ui.tell import tell
from indgang.foundation.ui.words import period_in_words
from indgang.operations.reception.actions.changes import appointments_ahead
from indgang.operations.reception.actions.interpreters import change_interpreter
from indgang.operations.reception.errors import PlacesGone
from indgang.operations.reception.languages import language_in_words
from indgang.operations.reception.models import Journey
from indgang.operations.reception.views.new_times import compared, say_who_is_told
from indgang.operations.reception.views.staff_answers import journey_named, staff_post
from indgang.operations.reception.views.staff_rows import party_name


@staff_post
def change_need(request: StaffRequest, reference: str) -> HttpResponse:
    """The times stay where the desk speaks the language or an interpreter is free then; else staff choose from new times, or leave it."""
    party = journey_named(request.actor, reference)
    language, offer = request.POST.get("interpreter", ""), request.POST.get("offer", "")
    try:
        moved = change_interpreter(actor=request.actor, journey=party, language=language, offer=offer)
    except PlacesGone as gone:
        return _choose(request, party, language, gone)
    if moved:
        _tell_moved(request, party, language)
    else:
        tell(request, _as_before(party, language))
    return redirect("reception:journey", reference=party.reference)


def _choose(request: StaffRequest, party: Journey, language: str, gone: PlacesGone) -> HttpResponse:
    context = {
        "journey": party,
        "name": party_name(party),
        "why": gone.message,
        "language": language,
        "spoken": language_in_words(language),
        **compared(party, gone.alternatives),
    }
    return render(request, "reception/staff/interpreter_times.html", context)


def _tell_moved(request: StaffRequest, party: Journey, language: str) -> None:
    ahead = appointments_ahead(party)
    when = period_in_words(ahead[0].starts, None, party.house.zone)
    facts = {"name": party_name(party), "language": language_in_words(language), "when": when}
    if any(place.interpreter_id for place in ahead):
        tell(request, _("%(name)s gets an interpreter (%(language)s), and new times: from %(when)s.") % facts)
    else:
        tell(request, _("%(name)s has new times, from %(when)s, at a desk that speaks the language (%(language)s).") % facts)
    say_who_is_told(request, party)


def _as_before(party: Journey, language: str) -> str:
    """What is true of a party whose times stay: who interprets, that the desk speaks the language, or that nobody is booked."""
    ahead = appointments_ahead(party)
    facts = {"name": party_name(party), "language": language_in_words(language)}
    if any(place.interpreter_id for place in ahead):
        return _("%(name)s gets an interpreter (%(language)s). The times are as before.") % facts
    if language and ahead and all(language in place.desk.languages for place in ahead):
        return _("Noted for %(name)s. The desk speaks the language (%(language)s), so nobody interprets. The times are as before.") % facts
    if language:
        return _("Noted: %(name)s needs an interpreter (%(language)s). There is no time to book one for.") % facts
    return _("Noted: %(name)s needs no interpreter.") % facts
