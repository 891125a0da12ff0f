"""An interpreter or a room that is free by now comes to a step at a desk: one click, and one to undo it."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from indgang.foundation.access.decorators import StaffRequest
from indgang.foundation.ui.tell import tell
from indgang.operations.reception.actions import taken_now
from indgang.operations.reception.views.staff_answers import address, back, staff_post, visit_numbered
from indgang.operations.reception.views.staff_floor import party_in_words


@staff_post
def take(request: StaffRequest, number: int, what: str) -> HttpResponse:
    """Take it now."""
    visit = visit_numbered(request.actor, _known(number, what))
    facts = {"name": taken_now.take_now(actor=request.actor, visit=visit, what=what).title, "party": party_in_words(visit.journey)}
    text = (
        _("Comes to the desk now: %(name)s, for %(party)s.")
        if what == taken_now.INTERPRETER
        else _("%(name)s is yours now, for %(party)s.")
    )
    where = {key: request.GET.get(key, "") for key in ("back", "house", "desk", "reference")}
    tell(request, text % facts, undo=address("give-back", number, what, **where))
    return back(request, reference=visit.journey.reference)


@staff_post
def give_back(request: StaffRequest, number: int, what: str) -> HttpResponse:
    """It was not needed after all."""
    visit = taken_now.give_back(actor=request.actor, visit=visit_numbered(request.actor, _known(number, what)), what=what)
    interpreter = what == taken_now.INTERPRETER
    tell(
        request, _("Undone: the interpreter is free for others again.") if interpreter else _("Undone: the room is free for others again.")
    )
    return back(request, reference=visit.journey.reference)


def _known(number: int, what: str) -> int:
    if what not in taken_now.TAKEN:
        raise Http404
    return number
