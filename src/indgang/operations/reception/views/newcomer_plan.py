"""Your plan: what to do, in which order, and times to choose from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from indgang.foundation.database import clock
from indgang.foundation.database.bilingual import in_language
from indgang.foundation.places.models import House
from indgang.operations.reception.errors import InvalidRequest
from indgang.operations.reception.forms.first_day import FirstDay
from indgang.operations.reception.plan_words import (
    all_of,
    days_of_stops,
    effort_in_words,
    itinerary_in_words,
    paper_in_words,
    people_in_words,
    when_in_words,
    why_in_words,
)
from indgang.operations.reception.queries.itineraries import PlannedItinerary, PlannedStop
from indgang.operations.reception.queries.plans import Plan, language_note
from indgang.operations.reception.queries.times import WEEKS, times_to_choose
from indgang.operations.reception.resource_words import beside_in_words
from indgang.operations.reception.rules.journeys import whose_papers
from indgang.operations.reception.views.newcomer import Interview, check_address, interview_of, plan_address, question_address, said

DAY, WEEK = dt.timedelta(days=1), dt.timedelta(days=7)


@dataclass(frozen=True)
class OfferedTime:
    """An itinerary to choose: in a sentence, its parts where a heading says the time, and day by day for the time bars."""

    sentence: str
    when: str
    effort: str
    days: list[list[dict[str, Any]]]
    offer: str


def offered_times(itineraries: tuple[PlannedItinerary, ...], house: House) -> list[OfferedTime]:
    """Itineraries as a page shows them."""
    return [
        OfferedTime(
            itinerary_in_words(way, house),
            when_in_words(way, house),
            effort_in_words(way),
            [[_block(stop, way.interpreter) for stop in day] for day in days_of_stops(way)],
            way.offer,
        )
        for way in itineraries
    ]


def _block(stop: PlannedStop, spoken: str) -> dict[str, Any]:
    beside = beside_in_words(stop.interpreter, stop.room, spoken)
    return {
        "title": stop.service.title,
        "place": ". ".join([f"{stop.service.authority.title}, {stop.desk.desk.title}", *beside]),
        "starts": stop.starts,
        "ends": stop.ends,
        "walk_minutes": stop.walk_minutes,
    }


@require_safe
def plan(request: HttpRequest) -> HttpResponse:
    """The plan of the answers in the address, with times from the first day they can come, or from the day asked for."""
    interview = interview_of(request)
    still_open = interview.first_open()
    if still_open:
        return redirect(question_address(interview, still_open))
    try:
        wish = interview.request()
    except InvalidRequest:
        return redirect(check_address(interview))
    form = FirstDay({"look": request.GET["look"]} if "look" in request.GET else None, interview.house, wish.earliest)
    first = form.cleaned_data["look"] if form.is_bound and form.is_valid() else wish.earliest
    found = times_to_choose(wish, first)
    return render(request, "reception/newcomer/plan.html", _page(interview, found, first, wish.earliest) | {"form": form})


def _page(interview: Interview, found: Plan, first: dt.date, earliest: dt.date) -> dict[str, Any]:
    house = interview.house
    times = offered_times(found.itineraries, house)
    return {
        "house": house,
        "weeks": WEEKS,
        "best": times[0] if times else None,
        "others": times[1:],
        "split": found.split,
        "steps": steps_in_words(found),
        "elsewhere": _elsewhere(found),
        "documents": _documents(found),
        "notes": [in_language(note) for note in found.needs.notes],
        "language_note": _language_note(found),
        "query": interview.query(),
        "carried": interview.answers,
        "answers": said(interview),
        "check_address": check_address(interview),
        "before": _day_before(found, earliest),
        **_other_weeks(interview, found, first),
    }


def _day_before(found: Plan, earliest: dt.date) -> str:
    """The last day of whoever waits for an earlier time than the first one shown; nothing where there is no day before it."""
    first = min((way.dates[0] for way in found.itineraries), default=None)
    return (first - DAY).isoformat() if first and first > earliest else ""


def _other_weeks(interview: Interview, found: Plan, first: dt.date) -> dict[str, str]:
    """A week earlier, not before today; a week later than what is shown."""
    today = clock.today(interview.house.zone)
    shown = found.itineraries[0].dates[0] if found.itineraries else found.request.latest
    later = (shown if found.itineraries else first) + WEEK
    earlier = first - WEEK
    return {
        "later": plan_address(interview, look=later.isoformat()),
        "earlier": plan_address(interview, look=earlier.isoformat()) if earlier >= today else "",
    }


def steps_in_words(found: Plan) -> list[dict[str, Any]]:
    """The steps in the house: what, who does it, for whom of the party, and why."""
    people = people_in_words(found.request.travellers)
    return [
        {
            "title": found.services[step.service].title,
            "who": found.services[step.service].authority.title,
            "where": found.request.house.address,
            "why": why_in_words(step.why, people),
            "people": _for_whom(step.travellers, people),
        }
        for step in found.needs.steps
    ]


def _for_whom(travellers: tuple[int, ...], people: list[str]) -> str:
    """Who a step is for, where it is not for everyone."""
    return all_of(_some(travellers, people))


def _some(positions: Collection[int], people: list[str]) -> list[str]:
    """Those of the party, in words; nobody where it is all of them."""
    return [] if len(positions) == len(people) else [people[position] for position in sorted(positions)]


def _elsewhere(found: Plan) -> list[dict[str, Any]]:
    people = people_in_words(found.request.travellers)
    return [
        {
            "title": in_language(errand.title),
            "who": in_language(errand.who),
            "where": in_language(errand.where),
            "why": why_in_words(errand.why, people),
            "link": errand.link,
            "people": _for_whom(errand.travellers, people),
        }
        for errand in found.needs.elsewhere
    ]


def _documents(found: Plan) -> list[dict[str, str]]:
    """What to bring, each paper once, with the steps it is for; and with whom it is for, where some step asks different papers of them."""
    people = people_in_words(found.request.travellers)
    apart = any(whose for step in found.needs.steps for whose in whose_papers(step).values())
    needed: dict[str, tuple[list[str], set[int]]] = {}
    for step in found.needs.steps:
        for key, document in step.bring.items():
            titles, bringing = needed.setdefault(in_language(document), ([], set()))
            titles.append(found.services[step.service].title)
            bringing.update(step.brought_by.get(key, step.travellers))
    return [
        {"text": paper_in_words(text, _some(bringing, people) if apart else []), "steps": all_of(titles)}
        for text, (titles, bringing) in needed.items()
    ]


def _language_note(found: Plan) -> str:
    """A warning where the desks of the first itinerary do not speak the party's language, and no interpreter is there."""
    language = found.request.language
    stops = found.itineraries[0].stops if found.itineraries else ()
    silent = dict.fromkeys(stop.service.title for stop in stops if not stop.desk.speaks(language) and not found.request.interpreter)
    return language_note(language, list(silent)) if silent else ""
