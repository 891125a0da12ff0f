"""Sending a party on by somebody who stands in the hall: to which service, and its way back. The action is that of the desk."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from indgang.foundation.access.decorators import StaffRequest, staff_required
from indgang.foundation.ui.tell import tell, warn
from indgang.operations.reception import permissions
from indgang.operations.reception.actions import line, sent_on
from indgang.operations.reception.models import Journey, Service, Visit
from indgang.operations.reception.models.journey import IN_THE_HOUSE, Status
from indgang.operations.reception.queries.desk import sendable_services
from indgang.operations.reception.queries.journeys import visits_visible_to, with_steps
from indgang.operations.reception.views.staff_answers import address, back, staff_post, visit_numbered
from indgang.operations.reception.views.staff_floor import at_desk_again_in_words, party_in_words
from indgang.operations.reception.views.staff_rows import Reader, Step, party_name


def _visit(request: StaffRequest, number: int) -> Visit:
    visit = visit_numbered(request.actor, number)
    if not permissions.call_for(visit)(request.actor):
        raise Http404
    return visit


@require_safe
@staff_required
def choose(request: StaffRequest, number: int) -> HttpResponse:
    """The services that the party can be sent on to."""
    visit = _visit(request, number)
    party = with_steps(Journey.objects.filter(pk=visit.journey_id)).get()
    ended = visit.status not in IN_THE_HOUSE
    context = {
        "journey": party,
        "house": party.house,
        "name": party_name(party),
        "step": Step(visit, Reader.of(request.actor, party.house.region_id)),
        "sendable": [] if ended else sendable_services(party),
        "ended": ended,
        "page": request.GET.get("back", ""),
    }
    return render(request, "reception/staff/send_on.html", context)


@staff_post
def send_on(request: StaffRequest, number: int) -> HttpResponse:
    """Send them on; they keep their place in line."""
    visit = _visit(request, number)
    region = visit.journey.house.region_id
    service = Service.objects.filter(key=request.POST.get("service", ""), region=region).select_related("authority").first()
    if service is None:
        warn(request, _("Choose the service that the party is sent on to."))
        return back(request, reference=visit.journey.reference, house=visit.journey.house.key)
    following = line.send_on(actor=request.actor, visit=visit, service=service)
    undo = address("undo-send-on-here", number, following.pk, back=request.GET.get("back", ""), house=visit.journey.house.key)
    tell(request, sent_in_words(following, service), undo=undo)
    return back(request, reference=visit.journey.reference, house=visit.journey.house.key)


def following_step(request: StaffRequest, number: int) -> Visit | None:
    """The step that a party was sent on to; None where it is gone, because that was undone already."""
    related = "journey__house__region", "service"
    return visits_visible_to(request.actor).select_related(*related).filter(pk=number).first()


def sent_in_words(following: Visit, service: Service) -> str:
    """Who was sent on, and to what."""
    facts = {"party": party_in_words(following.journey), "step": service.title, "authority": service.authority.title}
    return _("Sent on: %(party)s waits for %(step)s, %(authority)s, without losing the place in line.") % facts


@staff_post
def undo(request: StaffRequest, number: int, other: int) -> HttpResponse:
    """They do the first step after all."""
    undone = sent_on.undo_send_on(actor=request.actor, visit=_visit(request, number), following=following_step(request, other))
    visit = undone.visit
    facts = {"party": party_in_words(visit.journey), "step": visit.service.title}
    if visit.status == Status.WAITING:
        tell(request, " ".join([_("Undone: %(party)s waits in line for %(step)s again.") % facts, undone.why_in_line]).strip())
    elif visit.desk_id is None:
        tell(request, at_desk_again_in_words(visit))
    else:
        tell(request, _("Undone: %(party)s is at the desk again, for %(step)s.") % facts)
    return back(request, reference=visit.journey.reference, house=visit.journey.house.key)
