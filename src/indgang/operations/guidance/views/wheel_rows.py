"""The wheels behind the figures: those on the public page by day, those in courses as far as the reader may open them."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from indgang.foundation.access.decorators import StaffRequest, staff_required
from indgang.foundation.identity.models import Organisation
from indgang.foundation.measures.declared import RegionScope
from indgang.foundation.ui.tables import Column, Table
from indgang.foundation.ui.words import short_day
from indgang.operations.guidance.queries.wheels import fillings_visible_to
from indgang.operations.guidance.screening_measures import wheels_in_courses, wheels_turned
from indgang.operations.guidance.views.screening_coverage import region_of, year_of


@require_safe
@staff_required
def rows(request: StaffRequest) -> HttpResponse:
    """Both uses of the wheel in a year."""
    region, year = region_of(request), year_of(request)
    scope = RegionScope(region, dt.date(year, 1, 1), dt.date(year, 12, 31))
    turned, counted = wheels_turned(scope), wheels_in_courses(scope)
    own = fillings_visible_to(request.actor).filter(pk__in=counted.values("pk"))
    found = list(own.select_related("course__company", "organisation", "wheel").order_by("-on", "-pk"))
    others = Counter(counted.exclude(pk__in=[row.pk for row in found]).values_list("organisation", flat=True))
    named = Organisation.objects.in_bulk(list(others))
    by_day = turned.order_by("-on").values("on", "wheel__version").annotate(count=Count("pk"))
    context = {
        "year": year,
        "turned": turned.count(),
        "in_courses": counted.count(),
        "by_day": _by_day([dict(row) for row in by_day]),
        "own": _own(found),
        "others": [(named[number].title, count) for number, count in others.most_common()],
    }
    return render(request, "guidance/screenings/wheel_rows.html", context)


def _by_day(days: list[dict[str, Any]]) -> Table:
    columns = [
        Column("on", _("Day"), cell=lambda row: short_day(row["on"])),
        Column("version", _("Version of the wheel"), cell=lambda row: row["wheel__version"], number=True),
        Column("count", _("Wheels"), cell=lambda row: row["count"], number=True),
    ]
    empty = _("Nobody turned the wheel on the public page that year.")
    return Table(columns=columns, rows=days, caption=_("Wheels turned on the public page"), empty=empty, name="turned", stacks=True)


def _own(found: list[Any]) -> Table:
    columns = [
        Column("company", _("Company"), cell=lambda row: row.course.company.name),
        Column("on", _("Day"), cell=lambda row: short_day(row.on)),
        Column("organisation", _("Organisation"), cell=lambda row: str(row.organisation)),
    ]
    return Table(
        columns=columns,
        rows=found,
        caption=_("Wheels in courses"),
        link=lambda row: reverse("guidance:course-wheel", args=[row.course_id]),
        empty=_("None of them is yours to open."),
        name="in-courses",
        stacks=True,
    )
