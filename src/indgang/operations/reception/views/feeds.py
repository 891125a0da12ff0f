"""Calendar feeds: the page on which colleagues make, renew and end theirs, and the address that calendar programs read."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from indgang.foundation.access.decorators import StaffRequest, staff_required
from indgang.foundation.ui.tell import tell
from indgang.operations.reception.actions.feeds import count_fetch, end_feed, make_feed
from indgang.operations.reception.feed_calendars import calendar_of_feed, stamp_of
from indgang.operations.reception.models import Feed
from indgang.operations.reception.queries.feeds import content_of, feed_opened_by, feeds_kept_by, sources_of
from indgang.operations.reception.views.staff_answers import staff_post

KEY_LENGTH = 100


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def feeds(request: StaffRequest) -> HttpResponse:
    """What one may subscribe to, and what one has. POST makes a new address, which this answer alone shows."""
    made: dict[str, Any] = {}
    if request.method == "POST":
        source, key = make_feed(actor=request.actor, house=request.POST.get("house", ""), desk=request.POST.get("desk", ""))
        address = f"{settings.BASE_URL}{reverse('reception:feed')}?key={key}"
        made = {"source": source, "address": address, "webcal": f"webcal://{address.partition('://')[2]}"}
    context = {"made": made, "sources": sources_of(request.actor), "others": list(feeds_kept_by(request.actor))}
    return render(request, "reception/staff/feeds.html", context)


@staff_post
def end(request: StaffRequest, number: int) -> HttpResponse:
    """The address opens nothing any more."""
    own = Feed.objects.filter(owner=request.actor.user, revoked_at=None)
    found = own.filter(pk=number).first() or feeds_kept_by(request.actor).filter(pk=number).first()
    if found is None:
        raise Http404
    end_feed(actor=request.actor, feed=found)
    tell(request, _("The calendar link has ended. A calendar program that uses it gets nothing any more."))
    return redirect("reception:feeds")


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """The calendar, for whichever program has the key; "not modified" when it has it already."""
    found = feed_opened_by(request.GET.get("key", "")[:KEY_LENGTH])
    if found is None:
        raise Http404
    if not count_fetch(feed=found):
        return _private(HttpResponse(status=429, headers={"Retry-After": "3600"}))
    content = content_of(found)
    stamp = stamp_of(found, content)
    if stamp in [one.strip().removeprefix("W/") for one in request.headers.get("If-None-Match", "").split(",")]:
        return _private(HttpResponse(status=304), stamp)
    answer = HttpResponse(calendar_of_feed(found, content), content_type="text/calendar; charset=utf-8; method=PUBLISH")
    answer["Content-Disposition"] = 'inline; filename="calendar.ics"'
    return _private(answer, stamp)


def _private(response: HttpResponse, stamp: str = "") -> HttpResponse:
    if stamp:
        response["ETag"] = stamp
    response["Cache-Control"] = "private, no-cache"
    response["X-Robots-Tag"] = "noindex"
    return response
