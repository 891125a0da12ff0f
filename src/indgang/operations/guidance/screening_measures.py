"""The figures of screening visits and of the sustainability wheel, each with the rows that prove it."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _

from indgang.foundation.measures.declared import Counting, Figure, Measure, RegionScope
from indgang.foundation.places.models import Municipality
from indgang.operations.guidance.models import Screening, WheelFilling, WheelUse
from indgang.operations.guidance.queries.screenings import PLACE, UNITS_VISITED, VISITED, held_between
from indgang.operations.guidance.rules.figures import Level


def visits_held(scope: RegionScope) -> QuerySet[Screening]:
    """The visits held on the days of the scope: of its organisation, or of all in its region."""
    visits = held_between(scope.region, scope.first, scope.last)
    return visits.filter(organisation=scope.organisation) if scope.organisation else visits


def _visits(scope: RegionScope) -> Figure:
    return visits_held(scope).count()


def _units(level: Level) -> Callable[[RegionScope], Figure]:
    return lambda scope: visits_held(scope).aggregate(n=UNITS_VISITED[level])["n"]


def _visits_by_municipality(scope: RegionScope) -> dict[str, Figure]:
    counted = visits_held(scope).order_by().values_list("municipality__code").annotate(Count("pk"))
    return {code or "": count for code, count in counted}


def _units_by_municipality(level: Level) -> Callable[[RegionScope], dict[str, Figure]]:
    def parts(scope: RegionScope) -> dict[str, Figure]:
        visits = visits_held(scope).order_by().annotate(visited_place=PLACE).values(VISITED[level])
        counted = list(visits.annotate(n=UNITS_VISITED[level]).values_list(VISITED[level], "n"))
        codes = dict(Municipality.objects.filter(pk__in=[place for place, _count in counted]).values_list("pk", "code"))
        return {codes.get(place, ""): count for place, count in counted}

    return parts


def wheels_turned(scope: RegionScope) -> QuerySet[WheelUse]:
    """Each finished wheel on the public page; nobody knows whose."""
    uses = WheelUse.objects.filter(wheel__region=scope.region, on__gte=scope.first, on__lte=scope.last)
    return uses.none() if scope.organisation else uses


def wheels_in_courses(scope: RegionScope) -> QuerySet[WheelFilling]:
    """The wheels filled in as a part of a course, those of confidential courses left out."""
    fillings = WheelFilling.objects.filter(wheel__region=scope.region, on__gte=scope.first, on__lte=scope.last, removed_at=None)
    fillings = fillings.filter(course__removed_at=None).exclude(course__category="early-warning")
    return fillings.filter(organisation=scope.organisation) if scope.organisation else fillings


SCREENING_MEASURES: tuple[Measure[RegionScope], ...] = (
    Measure("screenings", _("Screening visits"), Counting.COUNT, visits_held, _visits, _visits_by_municipality),
    Measure(
        "companies-screened",
        _("Companies screened"),
        Counting.UNIQUE,
        visits_held,
        _units(Level.COMPANY),
        _units_by_municipality(Level.COMPANY),
    ),
    Measure(
        "establishments-screened",
        _("Establishments screened"),
        Counting.UNIQUE,
        visits_held,
        _units(Level.ESTABLISHMENT),
        _units_by_municipality(Level.ESTABLISHMENT),
    ),
    Measure(
        "wheel-self-help", _("Wheels turned on the public page"), Counting.COUNT, wheels_turned, lambda scope: wheels_turned(scope).count()
    ),
    Measure("wheel-courses", _("Wheels in courses"), Counting.COUNT, wheels_in_courses, lambda scope: wheels_in_courses(scope).count()),
)
