"""How far screening visits reach: by municipality and year, each number opening to its visits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from indgang.foundation.access.decorators import StaffRequest, staff_required
from indgang.foundation.database import clock
from indgang.foundation.measures.declared import RegionScope
from indgang.foundation.places.models import Municipality, Region
from indgang.foundation.ui.charts import Tile
from indgang.foundation.ui.tables import Column, Table
from indgang.foundation.ui.words import number_in_words, short_day
from indgang.operations.guidance.queries.screenings import coverage, results_visible_to, screenings_visible_to
from indgang.operations.guidance.screening_measures import SCREENING_MEASURES, visits_held
from indgang.operations.guidance.views.screenings import company_page
from indgang.registers.parties.permissions import see_companies

YEARS = 4


def _region(request: StaffRequest) -> Region:
    if not see_companies(request.actor) or request.actor.organisation is None:
        raise Http404
    return request.actor.organisation.region


def _year(request: StaffRequest) -> int:
    text = request.GET.get("year", "")
    return int(text) if text.isdecimal() and 1990 <= int(text[:5]) <= 2200 else clock.today().year


@require_safe
@staff_required
def coverage_page(request: StaffRequest) -> HttpResponse:
    """The year's map, and a table of the years."""
    region, year = _region(request), _year(request)
    counted = {(one.municipality.code if one.municipality else "", one.year): one for one in coverage(region)}
    places = list(Municipality.objects.filter(region=region).order_by("title_da"))
    years = sorted({clock.today().year, year, *(one for _code, one in counted)}, reverse=True)[:YEARS]
    scope = RegionScope(region, dt.date(year, 1, 1), dt.date(year, 12, 31))
    held = {place.code: counted[place.code, year].companies if (place.code, year) in counted else 0 for place in places}
    tiles = [
        Tile(place.title, (place.tile[0], place.tile[1]), held[place.code], number_in_words(held[place.code]))
        for place in places
        if place.tile
    ]
    rows: list[dict[str, Any]] = [{"name": place.title, "code": place.code} for place in places]
    for row in rows:
        row.update({str(one): counted[row["code"], one].companies if (row["code"], one) in counted else 0 for one in years})
    columns = [Column("name", _("Municipality"), order="name")]
    columns += [Column(str(one), str(one), cell=_opens(one), order=str(one), number=True) for one in years]
    table = Table(
        columns=columns,
        rows=rows,
        caption=_("Companies screened, by municipality and year"),
        link=lambda row: _rows_address(year, row["code"]),
        name="coverage",
    ).sort_by(request)
    figures = [(measure.title, measure.figure(scope)) for measure in SCREENING_MEASURES]
    context = {
        "year": year,
        "years": years,
        "tiles": tiles,
        "table": table,
        "figures": figures,
        "covered": sum(1 for companies in held.values() if companies),
        "places": len(places),
        "all_rows": _rows_address(year, ""),
    }
    return render(request, "guidance/screenings/coverage.html", context)


def _opens(year: int) -> Callable[[dict[str, Any]], Any]:
    """A number of the table, which opens to its visits where there are any."""

    def cell(row: dict[str, Any]) -> Any:
        count = row[str(year)]
        return (
            format_html('<a class="g-tap g-opens" href="{}">{}</a>', _rows_address(year, row["code"]), number_in_words(count))
            if count
            else count
        )

    return cell


def _rows_address(year: int, code: str) -> str:
    return f"{reverse('guidance:screening-rows')}?year={year}&municipality={code}"


@require_safe
@staff_required
def rows(request: StaffRequest) -> HttpResponse:
    """The visits behind a number. Whoever may not see a visit's result reads who held it, where and when: what its tie says."""
    region, year, code = _region(request), _year(request), request.GET.get("municipality", "")[:4]
    place = Municipality.objects.filter(region=region, code=code).first() if code else None
    visits = visits_held(RegionScope(region, dt.date(year, 1, 1), dt.date(year, 12, 31)))
    visits = visits.filter(municipality=place) if place else visits
    own = set(screenings_visible_to(request.actor).filter(pk__in=visits.values("pk")).values_list("pk", flat=True))
    opens = set(results_visible_to(request.actor).filter(pk__in=visits.values("pk")).values_list("pk", flat=True))
    found = list(visits.select_related("company", "organisation", "municipality").order_by("date", "pk"))

    def link(row: Any) -> str:
        if row.pk in own:
            return reverse("guidance:screening", args=[row.pk])
        return reverse("guidance:screening-result", args=[row.pk]) if row.pk in opens else company_page(row.company_id)

    table = Table(
        columns=[
            Column("company", _("Company"), cell=lambda row: row.shown_name),
            Column("date", _("Day"), cell=lambda row: short_day(row.date)),
            Column("organisation", _("Held by"), cell=lambda row: str(row.organisation)),
            Column("municipality", _("Municipality"), cell=lambda row: str(row.municipality or "")),
        ],
        rows=found,
        caption=_("Screening visits held"),
        link=link,
        empty=_("No visit was held there that year."),
        name="visits",
        stacks=True,
    )
    companies = len({row.company.same_as_id or row.company_id for row in found if row.company})
    return render(
        request,
        "guidance/screenings/rows.html",
        {"table": table, "year": year, "place": place, "count": len(found), "companies": companies},
    )
