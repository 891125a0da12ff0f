"""The rows that the figures of guidance count, confidential ones too: whoever tells figures goes through rules/confidential.py."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from indgang.foundation.database import clock
from indgang.foundation.measures.declared import RegionScope
from indgang.operations.guidance.models import Category, Course, Delivery
from indgang.operations.guidance.rules.figures import Served, whole_months

SAME = Coalesce("company__same_as_id", "company_id")
READ = ("pk", "one_company", "establishment_id", "organisation_id", "municipality__code", "place__code")
CONFIDENTIAL = (Category.EARLY_WARNING,)


def courses_active(scope: RegionScope, first: dt.date | None = None, last: dt.date | None = None) -> QuerySet[Course]:
    """The courses that ran on at least one day of the scope (or of other days): of its organisation, or of all in its region."""
    running = Q(ended=None) | Q(ended__gte=first or scope.first)
    courses = Course.objects.filter(running, started__lte=last or scope.last, removed_at=None, organisation__region=scope.region)
    return courses.filter(organisation=scope.organisation) if scope.organisation else courses


def deliveries_given(scope: RegionScope) -> QuerySet[Delivery]:
    """The deliveries on the days of the scope."""
    deliveries = Delivery.objects.filter(date__gte=scope.first, date__lte=scope.last, removed_at=None, organisation__region=scope.region)
    return deliveries.filter(organisation=scope.organisation) if scope.organisation else deliveries


def tells_confidential(scope: RegionScope) -> bool:
    """Whether figures of these days count what is confidential."""
    return whole_months(scope.first, scope.last, clock.today(scope.region.zone))


def guided(scope: RegionScope, first: dt.date | None = None, last: dt.date | None = None) -> Sequence[Served]:
    """The courses as figures count them, confidential ones in whole months alone; one query."""
    rows = courses_active(scope, first, last).annotate(one_company=SAME)
    if not tells_confidential(scope):
        rows = rows.exclude(category__in=CONFIDENTIAL)
    return [
        Served(pk, company, place_id, organisation, kind, tuple(fields), started, ended, code or "", place or "", kind in CONFIDENTIAL)
        for pk, company, place_id, organisation, code, place, kind, fields, started, ended in rows.values_list(
            *READ, "category", "fields", "started", "ended"
        )
    ]


def informed_or_served(scope: RegionScope) -> Sequence[Served]:
    """The deliveries as figures count them; one query."""
    rows = deliveries_given(scope).annotate(one_company=SAME)
    return [
        Served(pk, company, place_id, organisation, kind, (), day, day, code or "", place or "")
        for pk, company, place_id, organisation, code, place, kind, day in rows.values_list(*READ, "kind", "date")
    ]
