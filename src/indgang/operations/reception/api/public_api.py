"""Houses, their services and their free times."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router

from indgang.foundation.database import clock
from indgang.foundation.places.models import House
from indgang.operations.reception.api import answers
from indgang.operations.reception.errors import InvalidRequest
from indgang.operations.reception.queries.free_time import available_slots
from indgang.operations.reception.queries.house import HousePlan, house_plan
from indgang.operations.reception.queries.resources import interpreted_languages
from indgang.operations.reception.wishes import DAYS_AHEAD_AT_MOST, DAYS_AT_MOST, PEOPLE_AT_MOST

router = Router(tags=["houses"])


def house_named(key: str) -> House:
    """The house with that key. Raises InvalidRequest."""
    house = House.objects.select_related("region").filter(key=key).first()
    if house is None:
        houses = ", ".join(House.objects.order_by("key").values_list("key", flat=True))
        raise InvalidRequest({"house": _("There is no house “%(key)s”. There is: %(houses)s.") % {"key": key[:60], "houses": houses}})
    return house


@router.get("houses", response=answers.Houses, summary="The houses")
def houses(request: HttpRequest) -> dict[str, Any]:
    """Every house: its key, name and address."""
    rows = House.objects.order_by("key")
    return {"houses": [{"key": house.key, "name": house.title, "address": house.full_address} for house in rows]}


@router.get("services", response={200: answers.Services, **answers.problems(422)}, summary="The services of a house")
def services(request: HttpRequest, house: str) -> dict[str, Any]:
    """What one can get at the desks of a house, by whom, and how long it takes for one person."""
    plan = house_plan(house_named(house))
    return {
        "services": [
            {"key": key, "title": service.title, "authority": service.authority.key, "minutes": plan.minutes(key, 1, 0)}
            for key, service in sorted(plan.services.items())
            if plan.desks_for(key)
        ]
    }


@router.get("availability", response={200: answers.Slots, **answers.problems(422)}, summary="Free times for one service")
def availability(
    request: HttpRequest, house: str, service: str, to: dt.date | None = None, people: int = 1, language: str = "", interpreter: str = ""
) -> dict[str, Any]:
    """When the service can begin, from `from` to `to` (local dates, both included; from today, for a month, when they are left out)."""
    plan = house_plan(house_named(house))
    first, last = _dates(request, plan, to)
    if service not in plan.services or not plan.desks_for(service):
        raise InvalidRequest({"service": _("This house has no service “%(key)s”.") % {"key": service[:60]}})
    if not 1 <= people <= PEOPLE_AT_MOST:
        raise InvalidRequest({"people": _("Write a number of people from 1 to %(most)s.") % {"most": PEOPLE_AT_MOST}})
    if interpreter and interpreter not in interpreted_languages(plan.house):
        raise InvalidRequest({"interpreter": _("The house has no interpreter for this language.")})
    slots = available_slots(plan, service, first, last, now=clock.now(), adults=people, language=language, interpreter=interpreter)
    return {"slots": [{"starts": slot.starts.isoformat(), "ends": slot.ends.isoformat()} for slot in slots]}


def _dates(request: HttpRequest, plan: HousePlan, to: dt.date | None) -> tuple[dt.date, dt.date]:
    """`from` is a word of Python's own, so it is read from the address."""
    today = clock.today(plan.house.zone)
    text = request.GET.get("from", "")
    try:
        first = dt.date.fromisoformat(text) if text else today
    except ValueError:
        raise InvalidRequest({"from": _("Write the date as 2026-12-08.")}) from None
    if first > today + dt.timedelta(days=DAYS_AHEAD_AT_MOST):
        raise InvalidRequest({"from": _("This is more than a year ahead. Choose an earlier day.")})
    last = to or first + dt.timedelta(days=30)
    if last < first:
        raise InvalidRequest({"to": _("The last day must not be before the first.")})
    if (last - first).days >= DAYS_AT_MOST:
        raise InvalidRequest({"to": _("Ask for at most %(most)s days at a time.") % {"most": DAYS_AT_MOST}})
    return max(first, today), last
