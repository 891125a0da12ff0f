"""The line, by hand: call again, set aside, bring back, send on; and a ticket that the floorwalker takes for somebody."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from indgang.foundation.access.decorators import StaffRequest, staff_required
from indgang.foundation.places.models import House
from indgang.foundation.ui.tell import tell, warn
from indgang.operations.reception import permissions
from indgang.operations.reception.actions import line, sent_on
from indgang.operations.reception.actions.tickets import take_ticket
from indgang.operations.reception.errors import InvalidRequest, ReceptionError
from indgang.operations.reception.forms.hall import NewTicketForm
from indgang.operations.reception.models import Priority, Service
from indgang.operations.reception.models.journey import Status
from indgang.operations.reception.queries.in_time import over_today, too_late_for
from indgang.operations.reception.queries.resources import spoken_languages
from indgang.operations.reception.views.kiosk import paper_address
from indgang.operations.reception.views.staff_answers import address, back, desk_named, house_named, staff_post, visit_numbered
from indgang.operations.reception.views.staff_floor import at_desk_again_in_words, party_in_words
from indgang.operations.reception.views.staff_send_on import following_step, sent_in_words


@staff_post
def call_again(request: StaffRequest, house: str, desk: str, number: int) -> HttpResponse:
    """Call the party that has not come once more."""
    desk_named(request.actor, house, desk)
    visit = line.call_again(actor=request.actor, visit=visit_numbered(request.actor, number), after=_calls_seen(request))
    tell(request, _("Called again: %(party)s.") % {"party": party_in_words(visit.journey)})
    return back(request, house=house, desk=desk)


def _calls_seen(request: StaffRequest) -> int | None:
    """How often the party had been called, as the page showed it."""
    text = request.POST.get("calls", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None


@staff_post
def call_again_here(request: StaffRequest, number: int) -> HttpResponse:
    """The same from the board, by somebody who stands in the hall."""
    visit = line.call_again(actor=request.actor, visit=visit_numbered(request.actor, number), after=_calls_seen(request))
    tell(request, _("Called again: %(party)s.") % {"party": party_in_words(visit.journey)})
    return back(request, reference=visit.journey.reference)


@staff_post
def set_aside(request: StaffRequest, number: int) -> HttpResponse:
    """Let a party wait aside."""
    visit = line.set_aside(actor=request.actor, visit=visit_numbered(request.actor, number))
    text = _("Waits aside: %(party)s.") % {"party": party_in_words(visit.journey)}
    tell(request, text, undo=_way_back(request, "undo-set-aside", number))
    return back(request, reference=visit.journey.reference)


@staff_post
def bring_back(request: StaffRequest, number: int) -> HttpResponse:
    """The party stands in line again."""
    visit = line.bring_back(actor=request.actor, visit=visit_numbered(request.actor, number))
    text = _("In line again, at the old place: %(party)s.") % {"party": party_in_words(visit.journey)}
    tell(request, text, undo=_way_back(request, "undo-bring-back", number) if line.can_undo_bringing_back(visit) else "")
    return back(request, reference=visit.journey.reference)


@staff_post
def undo_set_aside(request: StaffRequest, number: int) -> HttpResponse:
    """They were not away: at the desk again that had called them, or in line."""
    undone = line.undo_set_aside(actor=request.actor, visit=visit_numbered(request.actor, number))
    visit = undone.visit
    party = {"party": party_in_words(visit.journey), "desk": visit.desk.title if visit.desk else ""}
    if visit.status == Status.WAITING:
        tell(request, " ".join([_("In line again, at the old place: %(party)s.") % party, undone.why_in_line]).strip())
    else:
        tell(request, _("Called to %(desk)s again: %(party)s.") % party)
    return back(request, reference=visit.journey.reference)


@staff_post
def undo_bring_back(request: StaffRequest, number: int) -> HttpResponse:
    """They are not back yet."""
    visit = line.undo_bring_back(actor=request.actor, visit=visit_numbered(request.actor, number))
    tell(request, _("Waits aside: %(party)s.") % {"party": party_in_words(visit.journey)})
    return back(request, reference=visit.journey.reference)


def _way_back(request: StaffRequest, name: str, number: int) -> str:
    where = {key: request.GET.get(key, "") for key in ("back", "house", "desk", "reference")}
    return address(name, number, **where)


@staff_post
def send_on(request: StaffRequest, house: str, desk: str, number: int) -> HttpResponse:
    """The party needs another service instead."""
    here = desk_named(request.actor, house, desk)
    visit = visit_numbered(request.actor, number)
    service = Service.objects.filter(key=request.POST.get("service", ""), region=here.house.region_id).select_related("authority").first()
    if service is None:
        warn(request, _("Choose the service that the party is sent on to."))
        return back(request, house=house, desk=desk)
    following = line.send_on(actor=request.actor, visit=visit, service=service)
    undo = address("undo-send-on", house, desk, number, following.pk, back="desk")
    tell(request, sent_in_words(following, service), undo=undo)
    return back(request, house=house, desk=desk)


@staff_post
def undo_send_on(request: StaffRequest, house: str, desk: str, number: int, other: int) -> HttpResponse:
    """They do the first step after all."""
    desk_named(request.actor, house, desk)
    undone = sent_on.undo_send_on(
        actor=request.actor, visit=visit_numbered(request.actor, number), following=following_step(request, other)
    )
    facts = {"party": party_in_words(undone.visit.journey), "step": undone.visit.service.title}
    if undone.visit.status == Status.WAITING:
        tell(request, " ".join([_("Undone: %(party)s waits in line for %(step)s again.") % facts, undone.why_in_line]).strip())
    else:
        tell(request, at_desk_again_in_words(undone.visit))
    return back(request, house=house, desk=desk)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def new_ticket(request: StaffRequest, house: str) -> HttpResponse:
    """A ticket for somebody who stands here, with the language and a reason for being called earlier."""
    place = house_named(request.actor, house)
    if not permissions.receive_people(place)(request.actor):
        raise Http404
    services = Service.objects.filter(desks__house=place).select_related("authority").distinct()
    languages = spoken_languages(place)
    form = NewTicketForm(
        request.POST or None,
        services=services,
        house=place,
        priorities=list(Priority.objects.filter(house=place).order_by("pk")),
        spoken=languages[0],
        interpreted=languages[1],
    )
    if form.is_bound and form.is_valid():
        try:
            return redirect(_taken(request, place, form))
        except InvalidRequest as refusal:
            for name, message in refusal.fields.items():
                form.add_error({"service": "services"}.get(name, name), message)
        except ReceptionError as refusal:
            warn(request, refusal.message)
    context = {"house": place, "form": form, **_not_in_time(place, services)}
    return render(request, "reception/staff/new_ticket.html", context)


def _not_in_time(house: House, services: Iterable[Service]) -> dict[str, object]:
    """What it is to be said of before a ticket is given: most likely too late, or over for today."""
    late, over = too_late_for(house), over_today(house)
    return {
        "late": [(row.title, late[row.key]) for row in services if row.key in late],
        "over": [row for row in services if row.key in over],
    }


def _taken(request: StaffRequest, house: House, form: NewTicketForm) -> str:
    errands = form.errands()
    once = f"board:{form.cleaned_data['once']}:{errands}"  # pressed twice is one ticket; back, and something else, is another
    taken = take_ticket(actor=request.actor, house=house, errands=errands, request_key=once)
    return paper_address(house, taken.ticket.number, taken.key, form.cleaned_data["language"], **{"from": "board"})
