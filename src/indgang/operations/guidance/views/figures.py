"""The figures of guidance: the page and the files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from indgang.foundation.access.actors import require
from indgang.foundation.access.decorators import StaffRequest, staff_required
from indgang.foundation.database import clock
from indgang.foundation.documents.reports import FILES, FORMS
from indgang.foundation.documents.sections import Line, Section, Value, in_words
from indgang.foundation.measures.counting import Share
from indgang.foundation.places.models import Region
from indgang.foundation.ui.tables import Column, Table
from indgang.foundation.ui.words import number_in_words, share_in_words
from indgang.operations.guidance.figures_asked import Asked
from indgang.operations.guidance.figures_sections import REST, report_of, sections_of, summary_of
from indgang.operations.guidance.forms.figures import asked_for
from indgang.operations.guidance.queries.figures import tells_confidential
from indgang.operations.guidance.queries.figures_told import Guidance
from indgang.operations.guidance.rules.figures import Level
from indgang.registers.parties.permissions import see_companies

NOT_OPENED = (REST,)
CARDS_OPENED = {"guided": "", "courses": "", "new": "new", "informed-or-served": "delivery-all", "deliveries": "delivery-all"}

SCREENED = ("screened", "screenings")


def region_of(request: StaffRequest) -> Region:
    """The region whose figures somebody sees: that of their organisation."""
    require(see_companies, request.actor)
    if request.actor.organisation is None:
        raise Http404
    return request.actor.organisation.region


@require_safe
@staff_required
def page(request: StaffRequest) -> HttpResponse:
    """What was asked for: by default the whole region, this year."""
    asked, form = asked_for(region_of(request), request.GET.dict())
    guidance = Guidance(asked)
    sections = sections_of(guidance)
    context = {
        "form": form,
        "asked": asked,
        "whose": asked.scope.organisation.title if asked.scope.organisation else asked.scope.region.title,
        "years": _years(asked),
        "cards": [_card(asked, *one) for one in summary_of(guidance)] if sections or any(guidance.visits) else [],
        "shown": [{"section": section, "table": table_of(section, asked)} for section in sections],
        "address": urlencode(asked.address),
        "whole_months": tells_confidential(asked.scope),
        "silent": not guidance.told_by_municipality and bool(asked.municipality),
    }
    return render(request, "guidance/figures.html", context)


def _years(asked: Asked) -> list[dict[str, Any]]:
    """This year and the two before, as addresses that keep everything else."""
    this = clock.today(asked.scope.region.zone).year
    rest = {name: value for name, value in asked.address.items() if name not in ("first", "last")}
    found = []
    for year in (this, this - 1, this - 2):
        days = {"first": f"{year}-01-01", "last": f"{year}-12-31"}
        here = (asked.scope.first.isoformat(), asked.scope.last.isoformat()) == (days["first"], days["last"])
        found.append({"year": str(year), "address": urlencode({**rest, **days}), "here": here})
    return found


def rows_address(asked: Asked, part: str = "", key: str = "") -> str:
    """Where the rows behind a figure are shown."""
    which = {name: value for name, value in (("part", part), ("key", key)) if value}
    if part:
        which["key"] = key
    return f"{reverse('guidance:figure-rows')}?{urlencode({**asked.address, **which})}"


def _card(asked: Asked, key: str, title: str, value: Value) -> dict[str, str]:
    share = isinstance(value, Share)
    note = _("fewer than five companies") if value is None else ""
    words = "-" if value is None else share_in_words(value.value) if isinstance(value, Share) else in_words(value)
    if isinstance(value, Share):
        note = _("%(part)s of %(whole)s") % {"part": number_in_words(value.part), "whole": number_in_words(value.whole)}
    if key in SCREENED:
        level = "" if asked.level == Level.COMPANY else f"&level={asked.level}"
        address = f"{reverse('guidance:screening-coverage')}?year={asked.scope.last.year}{level}"
        return {"label": title, "value": words, "note": "", "link": address if value else ""}
    link = rows_address(asked, CARDS_OPENED[key]) if value is not None and (share or value) else ""
    return {"label": title, "value": words, "note": note, "link": link}


def table_of(section: Section, asked: Asked) -> Table:
    """The table of a section; each line opens to its rows."""

    def cell(number: int) -> Callable[[Line], str]:
        return lambda line: _("not told") if line.values[number] is None else in_words(line.values[number])

    def address(line: Line) -> str:
        return "" if line.key in NOT_OPENED or line.values[0] is None else rows_address(asked, section.key, line.key)

    columns = [Column("name", section.heading, lambda line: line.name)]
    columns += [Column(f"column{number}", title, cell(number), number=True) for number, title in enumerate(section.columns)]
    return Table(columns=columns, rows=section.lines, caption=section.title, link=address, name=f"table-{section.key}")


@require_safe
@staff_required
def download(request: StaffRequest, form: str) -> HttpResponse:
    """The same as a file."""
    region = region_of(request)
    if form not in FORMS:
        raise Http404
    asked, _form = asked_for(region, request.GET.dict())
    report = report_of(Guidance(asked))
    name = f"guidance-{report.key}-{asked.scope.first}-{asked.scope.last}.{form}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(FILES[form](report), content_type=FORMS[form], headers=headers)
