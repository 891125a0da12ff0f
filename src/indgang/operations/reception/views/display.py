"""The display in the hall: the last calls by number and desk, very large, in every language at once; spoken by the browser."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Collection

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from indgang.foundation.database import clock
from indgang.foundation.places.models import House
from indgang.foundation.ui.context import speak_for
from indgang.foundation.ui.words import time_in_words
from indgang.operations.reception.models import Desk, Service
from indgang.operations.reception.models.journey import Status
from indgang.operations.reception.queries.calls import Call, last_calls, stamp_of_calls
from indgang.operations.reception.queries.closed_today import services_closed_today
from indgang.operations.reception.queries.closings import closed_now
from indgang.operations.reception.queries.in_time import too_late_for
from indgang.operations.reception.queries.waits_told import waits_told
from indgang.operations.reception.views.kiosk import house_of_hall
from indgang.operations.reception.views.renewed import asks_again, page_and_part, poll_headers, stamp_held, stamped

LANGUAGES = [code for code, _name in settings.LANGUAGES]
Words = list[tuple[str, str]]


@require_safe
@page_and_part
def display(request: HttpRequest, house: str) -> HttpResponse:
    """The calls. Asked by the page itself: the part that changes, or "not modified", found out with one query."""
    stamp = stamp_of_calls(house)
    if stamp_held(request) == stamp:
        return stamped(HttpResponse(status=304), stamp)
    place = house_of_hall(house)
    speak_for(request, place.region)
    calls = [_shown(call) for call in last_calls(place)]
    closed = closed_now(place)
    late = too_late_for(place)
    context = {
        "house": place,
        "zone": place.zone,
        "clock": clock.now(),
        "now": calls[0] if calls else None,
        "before": calls[1:],
        "waits": _waits(place, late),
        "late": [_titles(service) for service in services_named(place, late)],
        "closed": [_closed_until(one.desk, one.until) for one in closed if one.until],
        "not_today": [_titles(service) for service in services_closed_today(place, [one.desk for one in closed])],
        "words": {
            "number": in_every_language(lambda: _("Number")),
            "before": in_every_language(lambda: _("Called before")),
            "waits": in_every_language(lambda: _("Waiting time with a ticket taken now")),
            "nobody": in_every_language(lambda: _("Nobody has been called yet.")),
            "minutes": _("min"),
            "closed": in_every_language(lambda: _("Closed for today")),
            "late": in_every_language(lambda: _("Probably not today")),
            "lost": in_every_language(
                lambda: _("This display lost its connection at {time}, and the numbers may be old. Ask the staff whose turn it is.")
            ),
        },
        "poll_headers": poll_headers(stamp),
    }
    template = "reception/hall/display_now.html" if asks_again(request) else "reception/hall/display.html"
    return stamped(render(request, template, context), stamp)


def in_every_language(text: Callable[[], str]) -> Words:
    """The text in each language of the house with the language's code; once where it reads the same."""
    found: dict[str, str] = {}
    for code in LANGUAGES:
        with translation.override(code):
            found.setdefault(text(), code)
    return [(code, words) for words, code in found.items()]


def _shown(call: Call) -> dict[str, object]:
    facts, place = {"number": call.number}, call.room or call.desk
    said = []
    for code in LANGUAGES:
        with translation.override(code):
            said.append({"lang": code, "text": _("Number %(number)s, please go to %(desk)s.") % {**facts, "desk": place.title}})
    return {
        "number": call.number,
        "key": call.key,
        "desk": in_every_language(lambda: place.title),
        "on_the_way": call.status == Status.CALLED,
        "seconds": call.seconds,
        "said": json.dumps(said, ensure_ascii=False),
    }


def _waits(house: House, late: Collection[str]) -> list[tuple[Words, int, int]]:
    """Per service, from when until when eight of ten are called who come now, in whole minutes."""
    told = {key: wait for key, wait in waits_told(house).newcomers.items() if key not in late}
    services = services_named(house, told)
    return [(_titles(service), round(told[service.key].low), round(told[service.key].high)) for service in services]


def services_named(house: House, keys: Collection[str]) -> list[Service]:
    """The services with those keys, in their order."""
    return list(Service.objects.filter(region=house.region_id, key__in=keys).order_by("pk")) if keys else []


def _closed_until(desk: Desk, until: dt.time) -> Words:
    return in_every_language(lambda: _("%(desk)s is closed until %(time)s.") % {"desk": desk.title, "time": time_in_words(until)})


def _titles(service: Service) -> Words:
    return in_every_language(lambda: service.title)
