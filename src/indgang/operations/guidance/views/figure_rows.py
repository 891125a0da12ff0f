"""The rows behind a figure of guidance, as far as the reader may open them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from indgang.foundation.access.decorators import StaffRequest, staff_required
from indgang.foundation.identity.models import Organisation
from indgang.foundation.ui.tables import Column, Table
from indgang.foundation.ui.words import number_in_words, short_day
from indgang.operations.guidance.figures_sections import sections_of, unit_word
from indgang.operations.guidance.forms.figures import asked_for
from indgang.operations.guidance.models import Course, Delivery
from indgang.operations.guidance.queries.figure_rows import DELIVERIES, PARTS, behind
from indgang.operations.guidance.queries.figures_told import Guidance
from indgang.operations.guidance.views.figures import region_of
from indgang.registers.parties.models import Field

ROWS = 50
FIELDS = {str(key): label for key, label in Field.choices}


@require_safe
@staff_required
def rows(request: StaffRequest) -> HttpResponse:
    """A figure, and what it counts."""
    asked, _form = asked_for(region_of(request), request.GET.dict())
    part, key = request.GET.get("part", ""), request.GET.get("key", "")
    if part not in PARTS:
        raise Http404
    guidance = Guidance(asked)
    found = behind(guidance, request.actor, part, key)
    pages = Paginator(found.visible, ROWS)
    page = pages.get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    organisations = Organisation.objects.in_bulk(list(found.others))
    given = part in DELIVERIES
    context = {
        "asked": asked,
        "what": _what(guidance, part, key),
        "units": number_in_words(len({guidance.unit(row) for row in found.counted})),
        "unit": unit_word(asked.level).lower(),
        "count": len(found.counted),
        "others": [(organisations[number].title, count) for number, count in found.others.items()],
        "confidential": found.confidential,
        "new": part == "new",
        "pages": page,
        "query": query.urlencode(),
        "table": (_deliveries if given else _courses)(list(page)),
        "back": urlencode(asked.address),
    }
    return render(request, "guidance/figure_rows.html", context)


def _what(guidance: Guidance, part: str, key: str) -> str:
    """The name of the line, as its table has it."""
    if part == "new":
        return _("Not guided in the year before")
    section = next((one for one in sections_of(guidance) if one.key == part), None)
    line = next((one for one in section.lines if one.key == key), None) if section else None
    return _("%(table)s, %(line)s") % {"table": section.title, "line": line.name} if section and line else ""


def _courses(page: Sequence[Course]) -> Table:
    columns = [
        Column("company", _("Company"), lambda course: str(course.company)),
        Column("category", _("Category"), lambda course: course.get_category_display()),
        Column("fields", _("Fields"), lambda course: ", ".join(str(FIELDS.get(key, key)) for key in course.fields)),
        Column("started", _("From"), lambda course: short_day(course.started)),
        Column("ended", _("Until"), lambda course: short_day(course.ended) if course.ended else _("still running")),
        Column("municipality", _("Municipality"), lambda course: course.municipality.title if course.municipality else ""),
        Column("organisation", _("Organisation"), lambda course: course.organisation.title),
    ]
    return _table(columns, page, _("Courses"), "guidance:course")


def _deliveries(page: Sequence[Delivery]) -> Table:
    columns = [
        Column("company", _("Company"), lambda delivery: str(delivery.company)),
        Column("kind", _("Kind"), lambda delivery: delivery.get_kind_display()),
        Column("topic", _("Topic"), lambda delivery: delivery.topic),
        Column("date", _("Date"), lambda delivery: short_day(delivery.date)),
        Column("municipality", _("Municipality"), lambda delivery: delivery.municipality.title if delivery.municipality else ""),
        Column("organisation", _("Organisation"), lambda delivery: delivery.organisation.title),
    ]
    return _table(columns, page, _("Deliveries"), "guidance:delivery")


def _table(columns: Sequence[Column], page: Sequence[Any], caption: str, address: str) -> Table:
    """Every row that is listed is one the reader may open."""
    nothing = _("None of them is yours to open.")
    return Table(columns, page, caption, link=lambda row: reverse(address, args=[row.pk]), empty=nothing, stacks=True)
