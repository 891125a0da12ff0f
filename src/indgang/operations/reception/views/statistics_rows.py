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
from indgang.operations.reception.measures import MEASURES_OF_STEPS
from indgang.operations.reception.models import Turn
from indgang.operations.reception.queries.evidence import PARTS, evidence_of, steps_beside
from indgang.operations.reception.rules.figures import EndedStep, measured_steps
from indgang.operations.reception.statistics_shapes import in_minutes
from indgang.operations.reception.views.statistics import house_of_figures

ROWS = 50


@require_safe
@staff_required
def rows(request: StaffRequest, house: str) -> HttpResponse:
    """The steps behind a number, as far as the reader may open them."""
    place = house_of_figures(request.actor, house)
    scope, _form = scope_of(place, request.GET.dict())
    part, key = request.GET.get("part", ""), request.GET.get("key", "")
    measure = next((one for one in MEASURES_OF_STEPS if one.key == request.GET.get("measure")), None)
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


def _table(scope: Scope, turns: Sequence[Turn]) -> Table:
    zone = scope.house.zone
    waits = _waits(scope, turns)

    def clock(name: str) -> Callable[[Turn], str]:
        def cell(turn: Turn) -> str:
            at = getattr(turn, name)
            return at.astimezone(zone).strftime("%H.%M") if at else "-"

        return cell

    def day(turn: Turn) -> str:
        at = turn.ended_at or turn.booked_for
        return at.astimezone(zone).date().isoformat() if at else "-"

    columns = (
        Column("reference", _("Reference"), lambda turn: turn.journey.reference),
        Column("day", _("Day"), day),
        Column("service", _("Service"), lambda turn: turn.service.title),
        Column("desk", _("Desk"), lambda turn: turn.desk.title if turn.desk else "-"),
        Column("people", _("People"), number=True),
        Column("arrived", _("Arrived"), clock("arrived_at"), number=True),
        Column("called", _("Called"), clock("called_at"), number=True),
        Column("started", _("Started"), clock("started_at"), number=True),
        Column("ended", _("Ended"), clock("ended_at"), number=True),
        Column("waited", _("Waited (minutes)"), lambda turn: in_minutes(waits.get(turn.pk)), number=True),
    )
    return Table(
        columns=columns,
        rows=turns,
        caption=_("Steps"),
        link=lambda turn: reverse("reception:journey", args=[turn.journey.reference]),
        empty=_("There is no step here that you may open."),
        name="steps",
    )


def _waits(scope: Scope, turns: Sequence[Turn]) -> dict[int, dt.timedelta | None]:
    """How long the party waited for each step, by the rule that the figures follow."""
    waits: dict[int, dt.timedelta | None] = {}
    for steps in steps_beside(scope, turns).values():
        plain = [(turn.pk, _plain(turn, turn.ended_at)) for turn in steps if turn.ended_at]
        numbers = {id(step): number for number, step in plain}
        waits |= {numbers[id(one.step)]: one.waiting for one in measured_steps([step for _number, step in plain], scope.house.zone)}
    return waits


def _plain(turn: Turn, ended: dt.datetime) -> EndedStep:
    return EndedStep(
        journey=str(turn.journey_id),
        service=turn.service.key,
        municipality="",
        persons=turn.persons,
        ended=ended,
        arrived=turn.arrived_at,
        called=turn.called_at,
        started=turn.started_at,
    )
