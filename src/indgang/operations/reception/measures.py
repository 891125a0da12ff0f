"""The figures that reception offers, each with the rows that prove it. What they mean is said in rules/figures.py."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from indgang.foundation.measures.counting import Share
from indgang.foundation.measures.declared import Counting, Figure, Measure, Scope
from indgang.foundation.places.models import House
from indgang.operations.reception.models import Turn, VisitAnswer
from indgang.operations.reception.models.turn import NOT_ENDED, TurnOutcome
from indgang.operations.reception.queries.after_visit import figures_of_answers, told_answers
from indgang.operations.reception.queries.occupancy import open_minutes
from indgang.operations.reception.queries.statistics import figures_of_house
from indgang.operations.reception.rules.figures import Figures

MINUTE = dt.timedelta(minutes=1)


@dataclass(frozen=True)
class ServedCitizens:
    """How many, altogether and by municipality code ("" = unknown), and the finished steps they are counted from."""

    total: int
    by_municipality: dict[str, int]
    evidence: QuerySet[Turn]


def served_citizens(first_day: dt.date, last_day: dt.date, house: House) -> ServedCitizens:
    """Citizens served in a house from one local day to another, both included.

    A person counts once per house and local day, however many steps and journeys: what is one person says rules/persons.py.
    """
    scope = Scope(house, first_day, last_day)
    figures = figures_of_house(scope)
    return ServedCitizens(figures.citizens_served, dict(sorted(figures.citizens.items())), finished_steps(scope))


def finished_steps(scope: Scope) -> QuerySet[Turn]:
    """The turns that ended in the house on those local days, whatever their outcome; not those at which nobody was served.

    A step has one for each time it was taken up at a desk: booked anew after a missing document, it has two. For the citizens of
    one municipality: `queries.evidence.evidence_of(..., part="municipality", key=code)`.
    """
    ended = Turn.objects.filter(house=scope.house, ended_at__gte=scope.begins, ended_at__lt=scope.ends)
    return ended.exclude(outcome__in=NOT_ENDED)


def called_steps(scope: Scope) -> QuerySet[Turn]:
    """The finished steps of parties that were checked in and called."""
    return finished_steps(scope).filter(arrived_at__isnull=False, called_at__isnull=False)


def walked_steps(scope: Scope) -> QuerySet[Turn]:
    """The finished steps at which the clerk pressed Start."""
    return finished_steps(scope).filter(started_at__gt=F("called_at"))


def timed_steps(scope: Scope) -> QuerySet[Turn]:
    """The finished steps of which it is known when they began at the desk."""
    return finished_steps(scope).filter(started_at__isnull=False)


def arrived_steps(scope: Scope) -> QuerySet[Turn]:
    """The finished steps of parties that were checked in."""
    return finished_steps(scope).filter(arrived_at__isnull=False)


def steps_not_come_to(scope: Scope) -> QuerySet[Turn]:
    """The booked steps to which parties did not come."""
    missed = Turn.objects.filter(house=scope.house, outcome=TurnOutcome.NO_SHOW)
    return missed.filter(booked_for__gte=scope.begins, booked_for__lt=scope.ends)


def steps_not_noted(scope: Scope) -> QuerySet[Turn]:
    """The booked steps of those local days of which nothing took place, and nobody noted whether their parties came."""
    rows = Turn.objects.filter(house=scope.house, outcome=TurnOutcome.NOT_NOTED)
    return rows.filter(booked_for__gte=scope.begins, booked_for__lt=scope.ends)


def steps_not_served(scope: Scope) -> QuerySet[Turn]:
    """The steps of parties that came on those local days, and for whom the house closed before their turn came."""
    rows = Turn.objects.filter(house=scope.house, outcome=TurnOutcome.NOT_SERVED)
    return rows.filter(arrived_at__gte=scope.begins, arrived_at__lt=scope.ends)


def occupancy(scope: Scope, figures: Figures | None = None) -> dict[str, Share]:
    """By desk key: whole minutes spent serving, of the minutes it was open. Desks that neither were open nor served are left out.

    A desk that serves for longer than its hours was open for as long as it served.
    """
    served = (figures or figures_of_house(scope)).by_desk
    opened = open_minutes(scope)
    keys = [*opened, *sorted(key for key in served if key and key not in opened)]
    busy = {key: served[key].service.total // MINUTE if key in served else 0 for key in keys}
    shares = {key: Share(busy[key], max(opened.get(key, 0), busy[key])) for key in keys}
    return {key: share for key, share in shares.items() if share.whole}


def _occupied(scope: Scope) -> Share:
    shares = occupancy(scope).values()
    return Share(sum(share.part for share in shares), sum(share.whole for share in shares))


def answers_told(scope: Scope) -> QuerySet[VisitAnswer, Any]:
    """A row for each answer told for those days, in whole weeks, five or more together; what was said stands in the figures alone."""
    return told_answers(scope.house, scope.first, scope.last)


def _answered(scope: Scope) -> Figure:
    return answers_told(scope).count()


def _answers(scope: Scope) -> dict[str, Figure]:
    """By question and answer: how many gave it, of those who answered the question and may be told."""
    _number, figures = figures_of_answers(scope.house, scope.first, scope.last)
    counted = [(one.question.key, option, count, one.counted.n) for one in figures for option, count in (one.counted.of or {}).items()]
    return {f"{question}:{option}": Share(count, n) for question, option, count, n in counted}


def _counted(read: Callable[[Figures], Figure]) -> Callable[[Scope], Figure]:
    return lambda scope: read(figures_of_house(scope))


def _citizens(scope: Scope) -> dict[str, Figure]:
    return dict(figures_of_house(scope).citizens)


def _services(scope: Scope) -> dict[str, Figure]:
    return {key: figures.steps for key, figures in figures_of_house(scope).by_service.items()}


def _stays(scope: Scope) -> dict[str, Figure]:
    """By hour (`hour:9`) and weekday (`weekday:0`, a Monday) of the arrival."""
    figures = figures_of_house(scope)
    parts = (("hour", figures.stays_by_hour), ("weekday", figures.stays_by_weekday))
    return {f"{part}:{key}": spread for part, spreads in parts for key, spread in sorted(spreads.items())}


def _not_known(scope: Scope) -> dict[str, Figure]:
    """By day (`2026-12-08`)."""
    return {day.isoformat(): count for day, count in sorted(figures_of_house(scope).not_known_by_day.items())}


def _not_served(scope: Scope) -> dict[str, Figure]:
    """By hour of arrival (`hour:9`), service (`service:tax-card`) and day (`day:2026-12-08`)."""
    figures = figures_of_house(scope)
    counted: list[tuple[str, int]] = [(f"hour:{hour}", count) for hour, count in sorted(figures.not_served_by_hour.items())]
    counted += [(f"service:{key}", count) for key, count in sorted(figures.not_served_by_service.items())]
    return dict([*counted, *((f"day:{day}", count) for day, count in sorted(figures.not_served_by_day.items()))])


def _occupancies(scope: Scope) -> dict[str, Figure]:
    return dict(occupancy(scope))


MEASURES_OF_STEPS = (
    Measure("citizens-served", _("Citizens served"), Counting.UNIQUE, finished_steps, _counted(lambda f: f.citizens_served), _citizens),
    Measure("visits-per-service", _("Visits per service"), Counting.COUNT, finished_steps, _counted(lambda f: f.total.steps), _services),
    Measure("waiting", _("Waiting time"), Counting.DISTRIBUTION, called_steps, _counted(lambda f: f.total.waiting)),
    Measure("walking", _("Time on the way to the desk"), Counting.DISTRIBUTION, walked_steps, _counted(lambda f: f.total.walking)),
    Measure("service-time", _("Time at the desk"), Counting.DISTRIBUTION, timed_steps, _counted(lambda f: f.total.service)),
    Measure("door-to-door", _("From door to door"), Counting.DISTRIBUTION, arrived_steps, _counted(lambda f: f.door_to_door), _stays),
    Measure("no-shows", _("Did not come"), Counting.SHARE, steps_not_come_to, _counted(lambda f: f.not_come)),
    Measure("not-known", _("Not known whether they came"), Counting.COUNT, steps_not_noted, _counted(lambda f: f.not_known), _not_known),
    Measure("not-served", _("Not served"), Counting.COUNT, steps_not_served, _counted(lambda f: f.not_served), _not_served),
    Measure("occupancy", _("Occupancy of desks"), Counting.RATIO, timed_steps, _occupied, _occupancies),
)
ANSWERS_GIVEN = Measure("after-visit", _("Answers after visits"), Counting.SHARE, answers_told, _answered, _answers)
MEASURES = (*MEASURES_OF_STEPS, ANSWERS_GIVEN)
