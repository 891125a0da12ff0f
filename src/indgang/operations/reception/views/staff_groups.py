"""A group of an employer on the floor: checked in together, with its way back."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils.translation import ngettext

from indgang.foundation.access.decorators import StaffRequest
from indgang.foundation.ui.tell import tell
from indgang.operations.reception.actions.group_floor import check_in_group, undo_check_in_group
from indgang.operations.reception.models import EmployerBooking
from indgang.operations.reception.queries.employers import groups_visible_to
from indgang.operations.reception.views.staff_answers import address, back, staff_post


def _group(request: StaffRequest, house: str, booking: UUID) -> EmployerBooking:
    found = groups_visible_to(request.actor).filter(house__key=house, pk=booking).select_related("house__region").first()
    if found is None:
        raise Http404
    return found


@staff_post
def check_in(request: StaffRequest, house: str, booking: UUID) -> HttpResponse:
    """They are here, all of them."""
    group = _group(request, house, booking)
    here = check_in_group(actor=request.actor, booking=group)
    said = ngettext("Checked in from %(company)s: %(count)s party.", "Checked in from %(company)s: %(count)s parties.", len(here))
    references = ",".join(journey.reference for journey in here)
    undo = address("group-undo-check-in", house, booking, back="board", references=references)
    tell(request, said % {"company": group.company, "count": len(here)}, undo=undo)
    return back(request, house=house)


@staff_post
def undo(request: StaffRequest, house: str, booking: UUID) -> HttpResponse:
    """They were not there after all."""
    group = _group(request, house, booking)
    references = request.GET.get("references", "")[:2_000].split(",")
    gone = undo_check_in_group(actor=request.actor, booking=group, references=references)
    said = ngettext(
        "Undone: %(count)s party from %(company)s is expected again.",
        "Undone: %(count)s parties from %(company)s are expected again.",
        len(gone),
    )
    tell(request, said % {"company": group.company, "count": len(gone)})
    return back(request, house=house)
