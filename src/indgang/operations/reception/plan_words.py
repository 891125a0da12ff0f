"""Itineraries and people in words: "Tuesday 8 December, 9.30-11.40, Rantzausgade 4. Three desks, 25 minutes of waiting." """

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from indgang.foundation.database.bilingual import in_language
from indgang.foundation.places.models import House
from indgang.foundation.ui.words import minutes_in_words, period_in_words
from indgang.operations.reception.queries.itineraries import PlannedItinerary, PlannedStop
from indgang.operations.reception.rules.journeys import NeededStep, Reason, Traveller, whose_papers


def itinerary_in_words(itinerary: PlannedItinerary, house: House) -> str:
    """When, where, at how many desks, and with how much waiting."""
    words = {"when": when_in_words(itinerary, house), "address": house.address, "effort": effort_in_words(itinerary)}
    return capfirst(_("%(when)s, %(address)s. %(effort)s") % words)


def effort_in_words(itinerary: PlannedItinerary) -> str:
    """How many desks and how much waiting: "Three desks, 25 minutes of waiting." """
    minutes = waiting_minutes(itinerary)
    waiting = _("%(time)s of waiting") % {"time": minutes_in_words(minutes)} if minutes else _("no waiting")
    return _("%(desks)s, %(waiting)s.") % {"desks": _desks(itinerary.desks), "waiting": waiting}


def when_in_words(itinerary: PlannedItinerary, house: House) -> str:
    """The time in the house, day by day, beginning with a capital letter."""
    times = [period_in_words(stops[0].starts, stops[-1].ends, house.zone) for stops in days_of_stops(itinerary)]
    return capfirst(all_of(times))


def all_of(words: Sequence[str]) -> str:
    """ "a, b and c"."""
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s and %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}


def days_of_stops(itinerary: PlannedItinerary) -> list[list[PlannedStop]]:
    """The stops, day by day."""
    return [[stop for stop in itinerary.stops if stop.starts.date() == date] for date in itinerary.dates]


def waiting_minutes(itinerary: PlannedItinerary) -> int:
    """What is left between the steps when the walking is taken away."""
    return max(itinerary.idle_minutes - sum(stop.walk_minutes for stop in itinerary.stops), 0)


def _desks(number: int) -> str:
    words = (
        pgettext("desks", "No"),
        pgettext("desks", "One"),
        pgettext("desks", "Two"),
        pgettext("desks", "Three"),
        pgettext("desks", "Four"),
        pgettext("desks", "Five"),
        pgettext("desks", "Six"),
    )
    word = words[number] if number < len(words) else str(number)
    return ngettext("%(number)s desk", "%(number)s desks", number) % {"number": word}


def why_in_words(reasons: Sequence[Reason], people: Sequence[str]) -> str:
    """Why something must be done; where the reasons differ each on a line of its own, with whom it is for."""
    if len(reasons) == 1:
        return in_language(reasons[0].text)
    said = ((all_of([people[position] for position in reason.travellers]), in_language(reason.text)) for reason in reasons)
    return "\n".join(_("For %(who)s: %(why)s") % {"who": who, "why": why} for who, why in said)


def paper_in_words(paper: str, who: Sequence[str]) -> str:
    """A paper and whom it is for; the paper alone where it is for everybody."""
    return _("%(paper)s: for %(who)s") % {"paper": paper, "who": all_of(who)} if who else paper


def papers_in_words(step: NeededStep, people: Sequence[str], present: Collection[int] = (), *, language: str = "") -> dict[str, str]:
    """What to bring to a step, by the papers' keys; a paper that not everybody brings says whom it is for.

    `people` is what to call each of the party, in that language, `present` are the positions of those who come to the step.
    """
    language = language or translation.get_language() or "en"
    with translation.override(language):
        return {
            key: paper_in_words(in_language(step.bring[key], language), [people[position] for position in whose])
            for key, whose in whose_papers(step, present).items()
        }


def people_in_words(travellers: Sequence[Traveller]) -> list[str]:
    """What to call each of them before their names are known: "you", "adult 2", "child 1"."""
    names, adults, children = [_("you")], 1, 0
    for traveller in travellers[1:]:
        if traveller.child:
            children += 1
            names.append(_("child %(number)s") % {"number": children})
        else:
            adults += 1
            names.append(_("adult %(number)s") % {"number": adults})
    return names
