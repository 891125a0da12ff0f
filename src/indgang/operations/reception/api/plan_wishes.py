"""What a plan call asks for: a wish of somebody new, or new times for what is still open of a journey."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

from django.http import Http404
from django.utils.translation import gettext as _

from indgang.foundation.database import clock
from indgang.foundation.places.models import House
from indgang.operations.reception import links
from indgang.operations.reception.api.public_api import house_named
from indgang.operations.reception.api.schemas import PlanIn
from indgang.operations.reception.errors import InvalidRequest, NotNow
from indgang.operations.reception.models import Journey
from indgang.operations.reception.queries.arrivals import move_request
from indgang.operations.reception.queries.plans import PlanRequest
from indgang.operations.reception.rules.journeys import Traveller
from indgang.operations.reception.steps import needed_steps
from indgang.operations.reception.wishes import checked_move, checked_wish

SEARCH = dt.timedelta(days=30)


def opened(reference: str, key: str, purpose: links.Purpose = "manage") -> Journey:
    """The journey, if the key opens it. Unknown reference and wrong key look the same."""
    journey = links.journey_opened_by(reference=reference, key=key, purpose=purpose)
    if journey is None:
        raise Http404
    return journey


def request_for(wish: PlanIn, language: str) -> PlanRequest:
    """The plan request. Fields that cannot be used are named by their path in the wish. `language`: spoken where the wish says none."""
    if wish.journey:
        return _moving(wish)
    house = house_named(wish.house)
    earliest, latest = _dates(wish, house)
    try:
        return checked_wish(
            house=house,
            travellers=_travellers(wish),
            earliest=earliest,
            latest=latest,
            municipality=wish.municipality or "",
            stay_months=wish.stay_months,
            language=wish.language or language,
            interpreter=wish.interpreter or "",
            limit=wish.limit,
        )
    except InvalidRequest as refusal:
        raise InvalidRequest(_as_sent(wish, refusal.fields)) from None


def _dates(wish: PlanIn, house: House) -> tuple[dt.date, dt.date]:
    earliest = wish.earliest or clock.today(house.zone)
    return earliest, wish.latest or min(earliest, dt.date.max - SEARCH) + SEARCH


def _travellers(wish: PlanIn) -> list[Traveller]:
    """Everybody who comes; the first one for the stated purpose."""
    if wish.people:
        people = [Traveller(person.citizenship, person.child, person.purpose) for person in wish.people]
    else:
        people = [Traveller(wish.citizenship, number >= wish.adults, "") for number in range(wish.adults + wish.children)]
    if people:
        first = people[0]
        people[0] = Traveller(first.citizenship or wish.citizenship, first.child, first.purpose or wish.purpose)
    return people


def _as_sent(wish: PlanIn, fields: Mapping[str, str]) -> dict[str, str]:
    """The fields as the sender wrote them: numbers instead of people, and what was said once for all."""
    if not wish.people:
        return {"adults" if name == "people" else name.rpartition(".")[2]: message for name, message in fields.items()}
    first = wish.people[0]
    shared = {f"people.0.{name}": name for name in ("citizenship", "purpose") if not getattr(first, name)}
    return {shared.get(name, name): message for name, message in fields.items()}


def _moving(wish: PlanIn) -> PlanRequest:
    """New times for the steps of a journey that have not begun, for the same people. Raises NotNow when there are none."""
    journey = opened(wish.journey, wish.key)
    request = move_request(journey)
    if request is None:
        raise NotNow(_("This visit is over, so there is nothing to change."))
    earliest, latest = _dates(wish, journey.house)
    rules = needed_steps(journey, earliest)
    steps = (
        replace(step, why=rule.why, bring=rule.bring, brought_by=rule.brought_by) if (rule := rules.get(step.service)) else step
        for step in request.fixed_steps
    )
    request = replace(request, fixed_steps=tuple(steps))
    return checked_move(request, earliest=earliest, latest=latest, language=wish.language, limit=wish.limit)
