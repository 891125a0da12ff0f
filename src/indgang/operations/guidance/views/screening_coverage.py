"""How far screening visits reach: by municipality and year, each number opening to its visits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from indgang.foundation.access.decorators import StaffRequest, staff_required
from indgang.foundation.database import clock
from indgang.foundation.measures.declared import RegionScope
from indgang.foundation.places.models import Municipality, Region
from indgang.foundation.ui.charts import Tile
from indgang.foundation.ui.tables import Column, Table
from indgang.foundation.ui.words import number_in_words, short_day
from indgang.operations.guidance.forms.figures import LEVELS
from indgang.operations.guidance.queries.screenings import UNITS_VISITED, coverage, results_visible_to, screenings_visible_to, visited_in
from indgang.operations.guidance.rules.figures import Level
from indgang.operations.guidance.screening_measures import SCREENING_MEASURES, visits_held
from indgang.operations.guidance.views.screenings import company_page
from indgang.registers.parties.permissions import see_companies

YEARS = 4


def region_of(request: StaffRequest) -> Region:
    """The region whose visits and wheels somebody sees: that of their organisation."""
    if not see_companies(request.actor) or request.actor.organisation is None:
        raise Http404
    return request.actor.organisation.region


def year_of(request: StaffRequest) -> int:
    """Which year the address asks for: this one, where it says nothing that can be one."""
    text = request.GET.get("year", "")
    return int(text) if text.isdecimal() and 1990 <= int(text[:5]) <= 2200 else clock.today().year


def _level(request: StaffRequest) -> Level:
    return Level.ESTABLISHMENT if request.GET.get("level") == Level.ESTABLISHMENT else Level.COMPANY


@require_safe
@staff_required
def coverage_page(request: StaffRequest) -> HttpResponse:
    """The year's map, and a table of the years, of companies or of establishments."""
    region, year, level = region_of(request), year_of(request), _level(request)
    counted = {(one.municipality.code if one.municipality else "", one.year): one.units for one in coverage(region, level)}
    places = list(Municipality.objects.filter(region=region).order_by("title_da"))
    years = sorted({clock.today().year, year, *(one for _code, one in counted)}, reverse=True)[:YEARS]
    scope = RegionScope(region, dt.date(year, 1, 1), dt.date(year, 12, 31))
    held = {place.code: counted.get((place.code, year), 0) for place in places}
    tiles = [
        Tile(place.title, (place.tile[0], place.tile[1]), held[place.code], number_in_words(held[place.code]))
        for place in places
        if place.tile
    ]
    rows: list[dict[str, Any]] = [{"name": place.title, "code": place.code} for place in places]
    for row in rows:
        row.update({str(one): counted.get((row["code"], one), 0) for one in years})
    columns = [Column("name", _("Municipality"), order="name")]
    columns += [Column(str(one), str(one), cell=_opens(one, level), order=str(one), number=True) for one in years]
    of_companies = level == Level.COMPANY
    table = Table(
        columns=columns,
        rows=rows,
        caption=_("Companies screened, by municipality and year")
        if of_companies
        else _("Establishments screened, by municipality and year"),
        link=lambda row: _rows_address(year, row["code"], level),
        name="coverage",
    ).sort_by(request)
    context = {
        "year": year,
        "years": years,
        "level": level,
        "levels": [(one, words, _here(year, one)) for one, words in LEVELS.items()],
        "of_companies": of_companies,
        "tiles": tiles,
        "table": table,
        "figures": _figures(scope, year, level),
        "covered": sum(1 for units in held.values() if units),
        "places": len(places),
    }
    return render(request, "guidance/screenings/coverage.html", context)


def _figures(scope: RegionScope, year: int, level: Level) -> list[tuple[Any, Any, str]]:
    """Title, value and the address of the rows that prove it; of companies and establishments the one that is counted."""
    left_out = "establishments-screened" if level == Level.COMPANY else "companies-screened"
    visits, wheels = _rows_address(year, "", level), f"{reverse('guidance:wheel-rows')}?year={year}"
    measures = [measure for measure in SCREENING_MEASURES if measure.key != left_out]
    figures = [(measure.title, measure.figure(scope), wheels if measure.key.startswith("wheel") else visits) for measure in measures]
    return [(title, value, address if value else "") for title, value, address in figures]


def _opens(year: int, level: Level) -> Callable[[dict[str, Any]], Any]:
    """A number of the table, which opens to its visits where there are any."""

    def cell(row: dict[str, Any]) -> Any:
        count = row[str(year)]
        return (
            format_html('<a class="g-tap g-opens" href="{}">{}</a>', _rows_address(year, row["code"], level), number_in_words(count))
            if count
            else count
        )

    return cell


def _here(year: int, level: Level) -> str:
    return f"?{urlencode({'year': year, **_said(level)})}"


def _said(level: Level) -> dict[str, str]:
    return {} if level == Level.COMPANY else {"level": str(level)}


def _rows_address(year: int, code: str, level: Level) -> str:
    return f"{reverse('guidance:screening-rows')}?{urlencode({'year': year, 'municipality': code, **_said(level)})}"


@require_safe
@staff_required
def rows(request: StaffRequest) -> HttpResponse:
    """The visits behind a number. Whoever may not see a visit's result reads who held it, where and when: what its tie says."""
    region, year, code, level = region_of(request), year_of(request), request.GET.get("municipality", "")[:4], _level(request)
    place = Municipality.objects.filter(region=region, code=code).first() if code else None
    visits = visits_held(RegionScope(region, dt.date(year, 1, 1), dt.date(year, 12, 31)))
    visits = visited_in(visits, code, level) if place else visits
    own = set(screenings_visible_to(request.actor).filter(pk__in=visits.values("pk")).values_list("pk", flat=True))
    opens = set(results_visible_to(request.actor).filter(pk__in=visits.values("pk")).values_list("pk", flat=True))
    found = list(visits.select_related("company", "organisation", "municipality", "establishment", "visited_in").order_by("date", "pk"))

    def link(row: Any) -> str:
        if row.pk in own:
            return reverse("guidance:screening", args=[row.pk])
        return reverse("guidance:screening-result", args=[row.pk]) if row.pk in opens else company_page(row.company_id)

    of_companies = level == Level.COMPANY
    columns = [
        Column("company", _("Company"), cell=lambda row: row.shown_name),
        Column("date", _("Day"), cell=lambda row: short_day(row.date)),
        Column("organisation", _("Held by"), cell=lambda row: str(row.organisation)),
        Column("municipality", _("Municipality"), cell=lambda row: str((not of_companies and row.visited_in) or row.municipality or "")),
    ]
    if not of_companies:
        columns.insert(1, Column("establishment", _("Establishment"), cell=_unit_in_words))
    table = Table(
        columns=columns,
        rows=found,
        caption=_("Screening visits held"),
        link=link,
        empty=_("No visit was held there that year."),
        name="visits",
        stacks=True,
    )
    units = visits.order_by().aggregate(n=UNITS_VISITED[level])["n"]
    words = (
        ngettext("%(count)s company", "%(count)s companies", units)
        if of_companies
        else ngettext("%(count)s establishment", "%(count)s establishments", units)
    )
    context = {"table": table, "year": year, "place": place, "count": len(found), "units": words % {"count": number_in_words(units)}}
    return render(request, "guidance/screenings/rows.html", {**context, "back": _here(year, level)})


def _unit_in_words(row: Any) -> str:
    unit = row.establishment
    return ", ".join(filter(None, (unit.name, f"P {unit.p_number}"))) if unit else _("The company as a whole")
