"""Where a party lives, chosen on its page or at the desk, with its way back."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from indgang.foundation.access.decorators import StaffRequest
from indgang.foundation.ui.tell import tell, warn
from indgang.operations.reception.actions.residence import code_of, municipality_named, note_municipality, undo_municipality
from indgang.operations.reception.models import Journey
from indgang.operations.reception.views.staff_answers import address, back, journey_named, staff_post
from indgang.operations.reception.views.staff_floor import party_in_words

PAGES = "back", "house", "desk"


@staff_post
def note(request: StaffRequest, reference: str) -> HttpResponse:
    """They live there."""
    party = journey_named(request.actor, reference)
    before, code = code_of(party), request.POST.get("municipality", "")
    if note_municipality(actor=request.actor, journey=party, code=code):
        where = {name: request.GET.get(name, "") for name in PAGES}
        municipality = municipality_named(party.house, code)
        noted = municipality.code if municipality else ""
        tell(request, _lives(party, code), undo=address("undo-municipality", party.reference, noted=noted, before=before, **where))
    else:
        warn(request, _("The municipality is as before: choose another one."))
    return back(request, reference=party.reference)


@staff_post
def undo(request: StaffRequest, reference: str) -> HttpResponse:
    """They do not live there after all."""
    party = journey_named(request.actor, reference)
    undo_municipality(actor=request.actor, journey=party, noted=request.GET.get("noted", ""), before=request.GET.get("before", ""))
    now = journey_named(request.actor, reference)
    tell(request, " ".join([_("Undone."), _lives(now, code_of(now))]))
    return back(request, reference=party.reference)


def _lives(party: Journey, code: str) -> str:
    municipality = municipality_named(party.house, code)
    if municipality is None:
        return _("Noted: the municipality of %(party)s is not known.") % {"party": party_in_words(party)}
    return _("Noted: %(party)s. Municipality: %(municipality)s.") % {"party": party_in_words(party), "municipality": municipality.title}
