"""Pages: the outbox for those who look after it, and the letters of a demonstration."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from indgang.foundation.access.actors import require
from indgang.foundation.access.decorators import StaffRequest, staff_required
from indgang.foundation.journal.actions import record_read
from indgang.foundation.mail import actions
from indgang.foundation.mail.models import Letter, State
from indgang.foundation.mail.permissions import may_look_after_letters
from indgang.foundation.mail.queries import UNSENT, letters_visible_to
from indgang.foundation.mail.sending import can_send, demo_exists

PAGE = 50
SHOWN = 200
Arguments = ParamSpec("Arguments")
View = Callable[Concatenate[HttpRequest, Arguments], HttpResponse]


@require_safe
@staff_required
def outbox(request: StaffRequest) -> HttpResponse:
    """What was not sent: uncertain and refused letters first, because they wait for a person."""
    require(may_look_after_letters, request.actor)
    visible = letters_visible_to(request.actor)
    counts = visible.aggregate(**{state.name: Count("id", filter=Q(state=state)) for state in UNSENT})
    letters = list(visible.filter(state__in=UNSENT).defer("text", "calendar").order_by("-created_at")[:SHOWN])
    if letters and request.actor.organisation:
        record_read(actor=request.actor, subject=request.actor.organisation, about=letters)
    groups = [
        (_("Not certain whether they were sent"), [one for one in letters if one.state == State.UNCERTAIN], True),
        (_("Refused"), [one for one in letters if one.state == State.REFUSED], True),
        (_("Waiting to be sent"), [one for one in letters if one.state in (State.WAITING, State.HANDING_OVER)], False),
    ]
    context = {"groups": groups, "shown": len(letters), "total": sum(counts.values()), "can_send": can_send()}
    return render(request, "mail/outbox.html", context)


@require_POST
@staff_required
def send_again(request: StaffRequest, letter: uuid.UUID) -> HttpResponse:
    """Send an uncertain or refused letter again."""
    found = get_object_or_404(letters_visible_to(request.actor), id=letter)
    sent = actions.send_again(actor=request.actor, letter=found)
    if sent.state == State.WAITING:
        messages.success(request, _("The e-mail to %(address)s will be sent again in a moment.") % {"address": sent.to})
    else:
        messages.info(request, _("The e-mail to %(address)s needs nothing: it is not uncertain and not refused.") % {"address": sent.to})
    return redirect("mail:outbox")


def only_in_a_demonstration(view: View[Arguments]) -> View[Arguments]:
    """Anywhere else these pages do not exist."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Arguments.args, **kwargs: Arguments.kwargs) -> HttpResponse:
        if not demo_exists():
            raise Http404
        response = view(request, *args, **kwargs)
        add_never_cache_headers(response)
        return response

    return guarded


@require_safe
@only_in_a_demonstration
def demo_letters(request: HttpRequest) -> HttpResponse:
    """Every letter that would have been sent, newest first."""
    letters = Letter.objects.defer("text", "calendar").order_by("-created_at", "-id")
    page = Paginator(letters, PAGE).get_page(request.GET.get("page"))
    return render(request, "mail/demo_letters.html", {"page": page})


@require_safe
@only_in_a_demonstration
def demo_letter(request: HttpRequest, letter: uuid.UUID) -> HttpResponse:
    """One letter as its reader would see it."""
    return render(request, "mail/demo_letter.html", {"letter": get_object_or_404(Letter, id=letter)})


@require_safe
@only_in_a_demonstration
def demo_calendar(request: HttpRequest, letter: uuid.UUID) -> HttpResponse:
    """The calendar file that came with a letter."""
    found = get_object_or_404(Letter.objects.exclude(calendar=""), id=letter)
    answer = HttpResponse(found.calendar, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="invite.ics"'
    return answer
