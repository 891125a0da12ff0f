"""The rows behind a figure of the statistics, below the figure itself: exactly those that it counts, as far as the reader may open them."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from indgang.foundation.access.decorators import StaffRequest, staff_required
from indgang.foundation.documents.sections import in_words
from indgang.operations.reception.forms.statistics import scope_of
from indgang.operations.reception.measures import MEASURES_OF_STEPS
from indgang.operations.reception.queries.evidence import PARTS, evidence_of
from indgang.operations.reception.statistics_residence import how_noted
from indgang.operations.reception.statistics_sections import Statistics, statistics_of
from indgang.operations.reception.views.statistics import Card, cards_of, house_of_figures, shown
from indgang.operations.reception.views.statistics_row_tables import how_made, rows_table

ROWS = 50


@require_safe
@staff_required
def rows(request: StaffRequest, house: str) -> HttpResponse:
    """A figure of the house, or those of a line of a table, and the rows that it is made of."""
    place = house_of_figures(request.actor, house)
    scope, _form = scope_of(place, request.GET.dict())
    part, key = request.GET.get("part", ""), request.GET.get("key", "")
    measure = next((one.key for one in MEASURES_OF_STEPS if one.key == request.GET.get("measure")), "visits-per-service")
    if part and part not in PARTS:
        raise Http404
    statistics = statistics_of(scope)
    what, figures = _of_line(statistics, part, key) if part else _of_house(statistics, measure)
    context = {
        "house": place,
        "scope": scope,
        "what": what,
        "figures": figures,
        "back": f"{reverse('reception:statistics-page', args=[place.key])}?first={scope.first}&last={scope.last}",
    }
    if measure == "occupancy" and not part:
        tables = [shown(section, scope).table for section in statistics.sections if section.key == "desk"]
        made = _("Each row is a desk and opens to its steps. The minutes at the desks and the minutes they were open are added up.")
        return render(request, "reception/staff/statistics_rows.html", {**context, "table": tables[0] if tables else None, "made": made})
    evidence = evidence_of(actor=request.actor, scope=scope, measure="" if part else measure, part=part, key=key)
    pages = Paginator(evidence.visible, ROWS)
    page = pages.get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context |= {"total": evidence.total, "hidden": evidence.total - pages.count, "pages": page, "query": query.urlencode()}
    context |= {"table": rows_table(scope, evidence, list(page)), "made": how_made(evidence.kind, "" if part else measure, part)}
    if part == "municipality" and not key and evidence.total:
        context["made"] = " ".join([str(context["made"]), how_noted()])
    return render(request, "reception/staff/statistics_rows.html", context)


def _of_house(statistics: Statistics, measure: str) -> tuple[str, Sequence[Card]]:
    """A figure of the house, as the page of statistics says it; none where nobody was received."""
    return "", [card for card in cards_of(statistics) if card.key == measure]


def _of_line(statistics: Statistics, part: str, key: str) -> tuple[str, Sequence[Card]]:
    """The name of a line, and all its figures."""
    section = next((one for one in statistics.sections if one.key == part), None)
    line = next((one for one in section.lines if one.key == key), None) if section else None
    if section is None or line is None:
        return "", []
    cards = [Card("", title, in_words(value), "", "", "") for title, value in zip(section.columns, line.values, strict=True)]
    return _("%(table)s, %(line)s") % {"table": section.title, "line": line.name}, cards
