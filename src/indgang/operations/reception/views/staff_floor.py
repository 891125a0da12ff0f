"""What the floorwalker does to a party with one click, each with its way back; and the page behind a scanned code."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from indgang.foundation.access.actors import Actor
from indgang.foundation.access.decorators import StaffRequest
from indgang.foundation.journal.actions import record_read
from indgang.foundation.ui.tell import tell, warn
from indgang.foundation.ui.words import time_in_words
from indgang.operations.reception import permissions
from indgang.operations.reception.actions import cancelled_back, changes, floor
from indgang.operations.reception.actions.as_before import place_of
from indgang.operations.reception.models import Journey, Visit
from indgang.operations.reception.models.journey import IN_THE_HOUSE, Status
from indgang.operations.reception.queries.board import board_row
from indgang.operations.reception.queries.came import told_of
from indgang.operations.reception.queries.journeys import journeys_visible_to, with_steps
from indgang.operations.reception.queries.next_steps import booked_at, stands_in_line
from indgang.operations.reception.views.staff_answers import address, back, journey_named, known_reference, staff_post, visit_numbered
from indgang.operations.reception.views.staff_rows import Line, Reader, Step, party_name


def at_desk_again_in_words(visit: Visit) -> str:
    """Who is at your desk again; a table tells that somebody is being served, and not where."""
    facts = {"party": party_in_words(visit.journey)}
    return (_("Undone: %(party)s is at your desk again.") if visit.desk_id else _("Undone: %(party)s is being served again.")) % facts


def party_in_words(journey: Journey) -> str:
    """ "Ana Silva, 3 people"."""
    people = ngettext("%(name)s, %(count)s person", "%(name)s, %(count)s people", journey.people)
    return people % {"name": party_name(journey), "count": journey.people}


def say_checked_in(request: StaffRequest, before: Journey, after: Journey) -> None:
    """What happened, to whom, what comes next, and how to undo it."""
    was_here = any(visit.status in IN_THE_HOUSE for visit in before.visits.all())
    line = Line(board_row(with_steps(Journey.objects.filter(pk=after.pk)).get()), Reader.of(request.actor, after.house.region_id))
    facts = {
        "party": party_in_words(line.journey),
        "step": line.step.title if line.step else "",
        "desk": line.step.where if line.step else "",
    }
    if was_here:
        tell(request, _("%(party)s: checked in already.") % facts)
        return
    texts = []
    if line.step and line.step.starts and stands_in_line(line.step.visit):
        facts["time"] = time_in_words(line.step.starts, after.house.zone)
        texts.append(_("Checked in: %(party)s. Next: %(step)s, %(desk)s. It was booked at %(time)s; they are in line for it now.") % facts)
    elif line.step and line.step.starts:
        facts["time"] = time_in_words(line.step.starts, after.house.zone)
        texts.append(_("Checked in: %(party)s. Next: %(step)s at %(time)s, %(desk)s.") % facts)
    else:
        texts.append(_("Checked in: %(party)s.") % facts)
    if line.number:
        texts.append(_("Their number is %(number)s.") % {"number": line.number})
    tell(request, " ".join(texts), undo=_undo(request, "undo-check-in", after))


def _undo(request: HttpRequest, name: str, journey: Journey) -> str:
    return address(name, journey.reference, back=request.GET.get("back", "board"), house=journey.house.key)


@staff_post
def check_in(request: StaffRequest, reference: str) -> HttpResponse:
    """The party is here."""
    journey = journey_named(request.actor, reference)
    say_checked_in(request, journey, floor.check_in_journey(actor=request.actor, journey=journey))
    return back(request, reference=reference)


def _one_click(act: Callable[..., object], said: str | Promise, *, undo: str = "") -> Callable[..., HttpResponse]:
    """A view that does one thing to a party, says so, and names the way back."""

    @staff_post
    def view(request: StaffRequest, reference: str) -> HttpResponse:
        journey = journey_named(request.actor, reference)
        act(actor=request.actor, journey=journey)
        tell(request, str(said) % {"party": party_in_words(journey)}, undo=_undo(request, undo, journey) if undo else "")
        return back(request, reference=reference)

    return view


@staff_post
def undo_check_in(request: StaffRequest, reference: str) -> HttpResponse:
    """The party was not there after all."""
    journey = floor.undo_check_in(actor=request.actor, journey=journey_named(request.actor, reference))
    missed = journey.visits.filter(status=Status.NO_SHOW).exists() and not journey.visits.filter(status=Status.PLANNED).exists()
    text = _("Undone: %(party)s did not come, as it was noted before.") if missed else _("Undone: %(party)s is expected again.")
    if not missed and any(party.came is None for party in told_of(journey)):
        text = _("Undone: %(party)s was not checked in. Say on the visit whether they came that day.")
    tell(request, text % {"party": party_in_words(journey)})
    return back(request, reference=reference)


@staff_post
def no_show(request: StaffRequest, reference: str) -> HttpResponse:
    """The party did not come."""
    journey = floor.mark_no_show(actor=request.actor, journey=journey_named(request.actor, reference))
    missed = journey.visits.filter(status=Status.NO_SHOW).select_related("service", "journey__house__region")
    can_be_undone = any(floor.place_can_come_back(visit) for visit in missed)
    text = _("%(party)s did not come. The places of today are free again.") % {"party": party_in_words(journey)}
    tell(request, text, undo=_undo(request, "undo-no-show", journey) if can_be_undone else "")
    return back(request, reference=reference)


# They came after all.
undo_no_show = _one_click(floor.undo_no_show, gettext_lazy("Undone: %(party)s is expected again."))
package = _one_click(floor.hand_out_package, gettext_lazy("Information package handed out: %(party)s."), undo="take-back-package")
# The package was noted by mistake.
take_back_package = _one_click(floor.take_back_package, gettext_lazy("Undone: no information package noted for %(party)s."))


@staff_post
def cancel(request: StaffRequest, reference: str) -> HttpResponse:
    """Everything of the journey that has not begun."""
    journey = changes.cancel_journey(actor=request.actor, journey=journey_named(request.actor, reference))
    entry = cancelled_back.cancelling_to_undo(journey)
    undo = address("undo-cancel", journey.reference, entry, back="journey") if entry else ""
    tell(request, _("Cancelled: the visit of %(party)s. Their places are free.") % {"party": party_in_words(journey)}, undo=undo)
    return back(request, reference=reference)


@staff_post
def undo_cancel(request: StaffRequest, reference: str, number: int) -> HttpResponse:
    """The visit is wanted after all."""
    done = cancelled_back.undo_cancel_journey(actor=request.actor, journey=journey_named(request.actor, reference), entry=number)
    facts = {"party": party_in_words(done.journey), "steps": ", ".join(visit.service.title for visit in done.gone)}
    if done.gone:
        warn(request, _("%(party)s is back, but not for: %(steps)s. The place has been taken, or is closed. Book a new time.") % facts)
    else:
        tell(request, _("Undone: the visit of %(party)s is as it was.") % facts)
    return back(request, reference=reference)


@staff_post
def cancel_step(request: StaffRequest, reference: str, number: int) -> HttpResponse:
    """Cancel one step."""
    visit = visit_numbered(request.actor, number)
    journey = journey_named(request.actor, reference)
    floor.cancel_step(actor=request.actor, visit=visit)
    facts = {"step": visit.service.title, "party": party_in_words(journey)}
    can_be_undone = visit.arrived_at is not None or floor.place_can_come_back(visit)
    undo = address("undo-cancel-step", journey.reference, visit.pk, back="journey") if can_be_undone else ""
    had_time = booked_at(visit) is not None
    text = _("Cancelled: %(step)s for %(party)s. The place is free.") if had_time else _("Cancelled: %(step)s for %(party)s.")
    tell(request, text % facts, undo=undo)
    return back(request, reference=reference)


@staff_post
def undo_cancel_step(request: StaffRequest, reference: str, number: int) -> HttpResponse:
    """The step is wanted after all."""
    journey = journey_named(request.actor, reference)
    visit = floor.undo_cancel_step(actor=request.actor, visit=visit_numbered(request.actor, number))
    facts = {"step": visit.service.title, "party": party_in_words(journey)}
    place = place_of(visit)
    if place is None or place.freed_at:
        tell(request, _("Undone: %(party)s waits in line for %(step)s again, without a booked time.") % facts)
    else:
        tell(request, _("Undone: %(party)s has %(step)s at the old time.") % facts)
    return back(request, reference=reference)


@require_safe
def code(request: HttpRequest, reference: str) -> HttpResponse:
    """Behind the QR code of a confirmation. Staff of the house see the party; everybody else the same page, whatever the code."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    journeys = journeys_visible_to(actor) if actor.kind == "staff" else Journey.objects.none()
    journey = with_steps(journeys).filter(reference=known_reference(reference)).first()
    if journey is None or not permissions.work_in_house(journey.house)(actor):
        return render(request, "reception/staff/code.html", {"reference": known_reference(reference)})
    record_read(actor=actor, subject=journey, about=[journey.contact] if journey.contact else [], house=journey.house)
    reader = Reader.of(actor, journey.house.region_id)
    line = Line(board_row(journey), reader)
    context = {
        "line": line,
        "journey": journey,
        "zone": journey.house.zone,
        "people": journey.travellers.all(),
        "may_check_in": line.row.state in ("expected", "late", "no-show"),
        "steps": line.steps or [Step(visit, reader) for visit in journey.visits.all()],
    }
    return render(request, "reception/staff/code_party.html", context)
