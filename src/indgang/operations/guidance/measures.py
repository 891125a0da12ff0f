"""The figures that guidance offers, each with the rows that prove it; what is told of confidential ones says rules/confidential.py."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from indgang.foundation.measures.counting import Share
from indgang.foundation.measures.declared import Counting, Figure, Measure, RegionScope
from indgang.foundation.places.models import Municipality
from indgang.operations.guidance.models import Course
from indgang.operations.guidance.queries.figures import courses_active, deliveries_given, guided, informed_or_served
from indgang.operations.guidance.rules.confidential import Split, first_time, split, told
from indgang.operations.guidance.rules.figures import UNITS, WHERE, Level, Served, each, grouped, year_before
from indgang.operations.guidance.screening_measures import SCREENING_MEASURES

REST = "rest"  # what is not told by municipality


def municipal_parts(scope: RegionScope, rows: Sequence[Served], level: Level) -> dict[str, list[Served]]:
    """Rows by the code of the municipality, each of the region's among them; "" where it is not known."""
    known = list(Municipality.objects.filter(region=scope.region).order_by("code").values_list("code", flat=True))
    found = grouped(rows, lambda row: [WHERE[level](row)])
    return {code: found.get(code, []) for code in [*known, *sorted(found.keys() - set(known))]}


def by_municipality(scope: RegionScope, rows: Sequence[Served], level: Level) -> Split:
    """Unique companies or establishments by municipality."""
    return split(municipal_parts(scope, rows, level), UNITS[level])


def _unique(level: Level, rows: Callable[[RegionScope], Sequence[Served]]) -> Callable[[RegionScope], Figure]:
    return lambda scope: told(rows(scope), UNITS[level]).value or 0


def _split(level: Level, rows: Callable[[RegionScope], Sequence[Served]]) -> Callable[[RegionScope], dict[str, Figure]]:
    def parts(scope: RegionScope) -> dict[str, Figure]:
        found = by_municipality(scope, rows(scope), level)
        return {**{code: one.value or 0 for code, one in found.parts.items()}, REST: found.rest.value or 0}

    return parts


def _new(level: Level) -> Callable[[RegionScope], Figure]:
    def share(scope: RegionScope) -> Share:
        rows, before = guided(scope), guided(scope, *year_before(scope.first))
        return Share(first_time(rows, before, UNITS[level]).value or 0, told(rows, UNITS[level]).value or 0)

    return share


def _courses(scope: RegionScope) -> int:
    return told(guided(scope), each).value or 0


def _categories(scope: RegionScope) -> dict[str, Figure]:
    parts = grouped(guided(scope), lambda row: [row.kind])
    found = {kind: told(rows, each, only_confidential=all(row.confidential for row in rows)) for kind, rows in sorted(parts.items())}
    return {kind: one.value for kind, one in found.items() if one.value is not None}


def courses_of(scope: RegionScope) -> QuerySet[Course]:
    """The courses of the scope's own days."""
    return courses_active(scope)


MEASURES_OF_GUIDANCE: tuple[Measure[RegionScope], ...] = (
    Measure(
        "unique-companies",
        _("Companies guided"),
        Counting.UNIQUE,
        courses_of,
        _unique(Level.COMPANY, guided),
        _split(Level.COMPANY, guided),
    ),
    Measure(
        "unique-establishments",
        _("Establishments guided"),
        Counting.UNIQUE,
        courses_of,
        _unique(Level.ESTABLISHMENT, guided),
        _split(Level.ESTABLISHMENT, guided),
    ),
    Measure("new-companies", _("New against the year before"), Counting.SHARE, courses_of, _new(Level.COMPANY)),
    Measure("courses", _("Guidance courses"), Counting.COUNT, courses_of, _courses, _categories),
    Measure(
        "companies-informed-or-served",
        _("Companies informed or served"),
        Counting.UNIQUE,
        deliveries_given,
        _unique(Level.COMPANY, informed_or_served),
        _split(Level.COMPANY, informed_or_served),
    ),
    Measure(
        "establishments-informed-or-served",
        _("Establishments informed or served"),
        Counting.UNIQUE,
        deliveries_given,
        _unique(Level.ESTABLISHMENT, informed_or_served),
        _split(Level.ESTABLISHMENT, informed_or_served),
    ),
)
MEASURES = (*MEASURES_OF_GUIDANCE, *SCREENING_MEASURES)
