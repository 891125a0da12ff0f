"""The kiosk in the hall: language first, then what somebody comes for and how many they are; then the ticket, on screen and on paper."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from indgang.foundation.access.actors import ANONYMOUS
from indgang.foundation.places.models import House
from indgang.foundation.ui.context import OWN_NAMES, speak_for
from indgang.foundation.ui.words import day_in_words, time_in_words
from indgang.operations.reception.actions.tickets import take_ticket
from indgang.operations.reception.errors import InvalidRequest, ReceptionError
from indgang.operations.reception.forms.hall import KioskForm
from indgang.operations.reception.interpreter_words import interpreter_in_words, interpreter_wanted
from indgang.operations.reception.queries.closed_today import services_closed_until
from indgang.operations.reception.queries.doors import Doors, doors
from indgang.operations.reception.queries.in_time import too_late_for
from indgang.operations.reception.queries.resources import interpreted_languages
from indgang.operations.reception.queries.tickets import ticket_now, ticket_opened_by
from indgang.operations.reception.views.ticket import KEY_LENGTH

LANGUAGES = [code for code, _name in settings.LANGUAGES]
# Seconds after which a page goes back to the start by itself. It is a header, so it works without scripts.
IDLE, TAKEN, TAKEN_LONGER, CLOSED = 120, 30, 180, 60


def house_of_hall(key: str) -> House:
    """The house whose hall it is."""
    house = House.objects.select_related("region").filter(key=key).first()
    if house is None:
        raise Http404
    return house


def start_address(house: House, request: HttpRequest, **more: str) -> str:
    """The kiosk's first page; `?printer` is carried along, because it says what this kiosk is."""
    query = ({"printer": "1"} if "printer" in request.GET else {}) | more
    address = reverse("reception:kiosk", args=[house.key])
    return f"{address}?{urlencode(query)}" if query else address


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def kiosk(request: HttpRequest, house: str) -> HttpResponse:
    """Choose a language, then what to come for; outside the opening hours, when the house opens."""
    place = house_of_hall(house)
    speak_for(request, place.region)
    now = doors(place)
    if not now.open:
        return _back_to_start(render(request, "reception/hall/closed.html", _closed(place, now)), place, request, CLOSED)
    language = request.GET.get("language", "")
    if language not in LANGUAGES:
        context = {"house": place, "languages": _languages(place, request)}
        return _back_to_start(render(request, "reception/hall/kiosk.html", context), place, request, CLOSED)
    _speak(request, language)
    form = KioskForm(request.POST or None, services=now.services, interpreted=interpreted_languages(place))
    problem = ""
    if form.is_bound and form.is_valid():
        try:
            return redirect(_taken(request, place, form, language))
        except InvalidRequest as refusal:
            form.add_error(None, " ".join(refusal.fields.values()))
        except ReceptionError as refusal:
            problem = refusal.message
    until = services_closed_until(place)
    late = too_late_for(place)
    groups = [(name, [(service, until.get(service.key), late.get(service.key)) for service in rows]) for name, rows in form.groups]
    context = {"house": place, "form": form, "groups": groups, "problem": problem, "late": late, "start": start_address(place, request)}
    return _back_to_start(render(request, "reception/hall/errands.html", context), place, request, IDLE)


def _taken(request: HttpRequest, house: House, form: KioskForm, language: str) -> str:
    errands = form.errands(language)
    once = f"kiosk:{form.cleaned_data['once']}:{errands}"  # pressed twice is one ticket; back, and something else, is another
    taken = take_ticket(actor=ANONYMOUS, house=house, errands=errands, request_key=once)
    return paper_address(house, taken.ticket.number, taken.key, language, **({"printer": "1"} if "printer" in request.GET else {}))


def paper_address(house: House, number: int, key: str, language: str, **more: str) -> str:
    """Where a ticket can be seen and printed."""
    query = urlencode({"key": key, "language": language, **more})
    return f"{reverse('reception:ticket-paper', args=[house.key, number])}?{query}"


@never_cache
@require_safe
def paper(request: HttpRequest, house: str, number: int) -> HttpResponse:
    """A ticket that has just been taken, for the screen of the kiosk and for paper 80 mm wide."""
    place = house_of_hall(house)
    speak_for(request, place.region)
    _speak(request, request.GET.get("language", ""))
    key = request.GET.get("key", "")[:KEY_LENGTH]
    found = ticket_opened_by(number=number, key=key)
    if found is None or found.house_id != place.pk:
        return _back_to_start(render(request, "reception/hall/no_ticket.html", status=404), place, request, TAKEN)
    at_the_board = request.GET.get("from") == "board"
    now = ticket_now(found)
    context = {
        "house": place,
        "ticket": found,
        "now": now,
        "services": [visit.service for visit in found.journey.visits.select_related("service__authority")],
        "follow": f"{settings.BASE_URL}{reverse('reception:ticket', args=[number])}?key={key}",
        "printer": "printer" in request.GET or at_the_board,
        "at_the_board": at_the_board,
        "interpreter": interpreter_in_words(found.journey, now.wait),
        "spoken": interpreter_wanted(found.journey),
        "start": start_address(place, request),
        "longer": None if "longer" in request.GET else f"{request.get_full_path()}&longer=1",
    }
    answer = render(request, "reception/hall/paper.html", context)
    return answer if at_the_board else _back_to_start(answer, place, request, TAKEN_LONGER if "longer" in request.GET else TAKEN)


def _speak(request: HttpRequest, language: str) -> None:
    """The language of this page alone: the next visitor chooses anew."""
    if language in LANGUAGES:
        translation.activate(language)
        request.LANGUAGE_CODE = language


def _back_to_start(response: HttpResponse, house: House, request: HttpRequest, seconds: int) -> HttpResponse:
    response["Refresh"] = f"{seconds}; url={start_address(house, request)}"
    return response


def _languages(house: House, request: HttpRequest) -> list[dict[str, str]]:
    found = []
    for code in LANGUAGES:
        with translation.override(code):
            address = start_address(house, request, language=code)
            found.append({"code": code, "name": OWN_NAMES[code], "welcome": _("Welcome"), "take": _("Take a ticket"), "address": address})
    return found


def _closed(house: House, now: Doors) -> dict[str, Any]:
    """What is said in every language when the doors are closed."""
    said = []
    for code in LANGUAGES:
        with translation.override(code):
            opens = _("No opening is planned yet. Ask us by telephone or e-mail.")
            if now.opens:
                facts = {"day": day_in_words(now.opens, house.zone), "time": time_in_words(now.opens, house.zone)}
                opens = _("We open on %(day)s at %(time)s.") % facts
            said.append({"code": code, "closed": _("We are closed now"), "opens": opens})
    return {"house": house, "said": said}
