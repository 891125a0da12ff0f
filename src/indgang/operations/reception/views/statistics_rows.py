"""The steps behind a number of the statistics, as far as the reader may open them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from indgang.foundation.access.decorators import StaffRequest, staff_required
from indgang.foundation.measures.declared import Scope
from indgang.foundation.ui.tables import Column, Table
from indgang.operations.reception.forms.statistics import scope_of
from indgang.operations.reception.measures import MEASURES
from indgang.operations.reception.models import Visit
from indgang.operations.reception.queries.evidence import PARTS, evidence_of, steps_beside
from indgang.operations.reception.rules.figures import EndedStep, measured_steps
from indgang.operations.reception.statistics_sections import in_minutes
from indgang.operations.reception.views.statistics import house_of_figures

ROWS = 50


@require_safe
@staff_required
def rows(request: StaffRequest, house: str) -> HttpResponse:
    """The steps behind a number, as far as the reader may open them."""
    place = house_of_figures(request.actor, house)
    scope, _form = scope_of(place, request.GET.dict())
    part, key = request.GET.get("part", ""), request.GET.get("key", "")
    measure = next((one for one in MEASURES if one.key == request.GET.get("measure")), None)
    if part and part not in PARTS:
        raise Http404
    evidence = evidence_of(actor=request.actor, scope=scope, measure=measure.key if measure else "", part=part, key=key)
    pages = Paginator(evidence.visible, ROWS)
    shown = pages.get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "house": place,
        "scope": scope,
        "what": request.GET.get("name", "")[:100] if part else measure.title if measure else "",
        "total": evidence.total,
        "hidden": evidence.total - pages.count,
        "pages": shown,
        "query": query.urlencode(),
        "table": _table(scope, list(shown)),
        "back": f"{reverse('reception:statistics-page', args=[place.key])}?{urlencode({'first': scope.first, 'last': scope.last})}",
    }
    return render(request, "reception/staff/statistics_rows.html", context)


def _table(scope: Scope, visits: Sequence[Visit]) -> Table:
    zone = scope.house.zone
    waits = _waits(scope, visits)

    def clock(name: str) -> Callable[[Visit], str]:
        def cell(visit: Visit) -> str:
            at = getattr(visit, name)
            return at.astimezone(zone).strftime("%H.%M") if at else "-"

        return cell

    def day(visit: Visit) -> str:
        at = visit.ended_at or (visit.appointment.starts if hasattr(visit, "appointment") else visit.arrived_at)
        return at.astimezone(zone).date().isoformat() if at else "-"

    columns = (
        Column("reference", _("Reference"), lambda visit: visit.journey.reference),
        Column("day", _("Day"), day),
        Column("service", _("Service"), lambda visit: visit.service.title),
        Column("desk", _("Desk"), lambda visit: visit.desk.title if visit.desk else "-"),
        Column("people", _("People"), number=True),
        Column("arrived", _("Arrived"), clock("arrived_at"), number=True),
        Column("called", _("Called"), clock("called_at"), number=True),
        Column("started", _("Started"), clock("started_at"), number=True),
        Column("ended", _("Ended"), clock("ended_at"), number=True),
        Column("waited", _("Waited (minutes)"), lambda visit: in_minutes(waits.get(visit.pk)), number=True),
    )
    return Table(
        columns=columns,
        rows=visits,
        caption=_("Steps"),
        link=lambda visit: reverse("reception:journey", args=[visit.journey.reference]),
        empty=_("There is no step here that you may open."),
        name="steps",
    )


def _waits(scope: Scope, visits: Sequence[Visit]) -> dict[int, dt.timedelta | None]:
    """How long the party waited for each step, by the rule that the figures follow."""
    waits: dict[int, dt.timedelta | None] = {}
    for steps in steps_beside(scope, visits).values():
        by_service = {visit.service.key: visit.pk for visit in steps}
        plain = [_plain(visit, visit.ended_at) for visit in steps if visit.ended_at]
        waits |= {by_service[one.step.service]: one.waiting for one in measured_steps(plain, scope.house.zone)}
    return waits


def _plain(visit: Visit, ended: dt.datetime) -> EndedStep:
    return EndedStep(
        journey=str(visit.journey_id),
        service=visit.service.key,
        municipality="",
        people=visit.people,
        ended=ended,
        arrived=visit.arrived_at,
        called=visit.called_at,
        started=visit.started_at,
    )
