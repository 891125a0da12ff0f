"""A party needs an interpreter, or none after all: in one click, and what became of its times is said."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from indgang.foundation.access.decorators import StaffRequest
from indgang.foundation.ui.tell import tell
from indgang.foundation.ui.words import period_in_words
from indgang.operations.reception.actions.changes import appointments_ahead
from indgang.operations.reception.actions.interpreters import change_interpreter
from indgang.operations.reception.languages import language_in_words
from indgang.operations.reception.views.staff_answers import journey_named, staff_post
from indgang.operations.reception.views.staff_rows import party_name


@staff_post
def change_need(request: StaffRequest, reference: str) -> HttpResponse:
    """The times stay where an interpreter is free then; else the rest of the visit is moved, or the page says that none is free."""
    party = journey_named(request.actor, reference)
    language = request.POST.get("interpreter", "")
    moved = change_interpreter(actor=request.actor, journey=party, language=language)
    ahead = appointments_ahead(party)
    facts = {"name": party_name(party), "language": language_in_words(language)}
    if moved and ahead:
        facts["when"] = period_in_words(ahead[0].starts, None, party.house.zone)
        tell(request, _("%(name)s gets an interpreter (%(language)s), and new times: from %(when)s.") % facts)
    elif any(place.interpreter_id for place in ahead):
        tell(request, _("%(name)s gets an interpreter (%(language)s). The times are as before.") % facts)
    elif language:
        tell(request, _("Noted: %(name)s needs an interpreter (%(language)s). There is no time to book one for.") % facts)
    else:
        tell(request, _("Noted: %(name)s needs no interpreter.") % facts)
    return redirect("reception:journey", reference=party.reference)
