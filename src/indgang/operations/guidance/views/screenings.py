"""Screening visits: the list, a visit, and what is done with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from indgang.foundation.access.actors import Actor
from indgang.foundation.access.decorators import StaffRequest, staff_required
from indgang.foundation.database import clock
from indgang.foundation.journal.actions import record_read
from indgang.foundation.ui.tables import Column, Table
from indgang.foundation.ui.tell import tell, warn
from indgang.foundation.ui.templatetags.components import status
from indgang.foundation.ui.words import day_in_words, short_day, time_in_words
from indgang.operations.guidance import permissions
from indgang.operations.guidance.actions import screenings as actions
from indgang.operations.guidance.errors import GuidanceError
from indgang.operations.guidance.forms.screening import ListForm
from indgang.operations.guidance.models import Screening, ScreeningState
from indgang.operations.guidance.queries.results import result_of
from indgang.operations.guidance.queries.screenings import results_visible_to, screenings_visible_to
from indgang.operations.guidance.screening_words import look
from indgang.registers.parties.permissions import see_companies

AT_ONCE, SHARED_AT_ONCE = 50, 20
OPEN = (ScreeningState.REQUESTED, ScreeningState.PLANNED)


def visible_or_404(actor: Actor, number: int) -> Screening:
    """The visit, for whoever keeps or follows it; anybody else finds nothing."""
    found = screenings_visible_to(actor).filter(pk=number)
    beside = ("organisation__region", "organisation__municipality", "company", "consultant", "playbook")
    screening = found.select_related(*beside, "municipality", "establishment", "visited_in").first()
    if screening is None:
        raise Http404
    return screening


@require_safe
@staff_required
def screenings(request: StaffRequest) -> HttpResponse:
    """The visits that the reader may see, those that need something first."""
    actor = request.actor
    if not see_companies(actor):
        raise Http404
    region = actor.organisation.region if actor.organisation else None
    form, may_plan = ListForm(region, request.GET or None), permissions.plan_screenings(actor)
    rows = _filtered(screenings_visible_to(actor), form)
    page = Paginator(rows.select_related("organisation", "company", "municipality", "consultant"), AT_ONCE).get_page(
        request.GET.get("page")
    )
    table = Table(
        columns=[
            Column("company", _("Company"), cell=lambda row: row.shown_name, order="company__name"),
            Column("state", _("State"), cell=_status),
            Column("day", _("Day"), cell=_when, order="date"),
            Column("municipality", _("Municipality"), cell=lambda row: row.municipality or "", order="municipality__title_da"),
            Column("consultant", _("Consultant"), cell=lambda row: row.consultant or ""),
        ],
        rows=page.object_list,
        caption=_("Screening visits"),
        link=lambda row: reverse("guidance:screening", args=[row.pk]),
        empty=_("No visit is like this. Plan one, or choose other filters above.") if may_plan else _("No visit of yours is like this."),
        name="screenings",
        stacks=True,
    )
    shared = results_visible_to(actor).exclude(pk__in=screenings_visible_to(actor).values("pk"))
    context = {
        "form": form,
        "table": table,
        "page": page,
        "shared": _shared(list(shared.select_related("organisation", "company", "municipality").order_by("-date", "-pk")[:SHARED_AT_ONCE])),
        "may_plan": may_plan,
        "query": request.GET.urlencode(),
    }
    return render(request, "guidance/screenings/list.html", context)


def _shared(rows: Sequence[Screening]) -> Table | None:
    """The results that companies share with the reader's organisation; none where none does."""
    columns = [
        Column("company", _("Company"), cell=lambda row: row.shown_name),
        Column("day", _("Day"), cell=lambda row: short_day(row.date)),
        Column("municipality", _("Municipality"), cell=lambda row: row.municipality or ""),
        Column("organisation", _("Held by"), cell=lambda row: row.organisation),
    ]

    def result(row: Screening) -> str:
        return reverse("guidance:screening-result", args=[row.pk])

    return Table(columns, rows, _("Results that companies share with you"), link=result, name="shared", stacks=True) if rows else None


def _filtered(rows: Any, form: ListForm) -> Any:
    said = form.cleaned_data if form.is_bound and form.is_valid() else {}
    state = said.get("state") or "open"
    if state != "all":
        rows = rows.filter(state__in=OPEN) if state == "open" else rows.filter(state=state)
    if said.get("municipality"):
        rows = rows.filter(municipality=said["municipality"])
    if said.get("year"):
        rows = rows.filter(date__year=said["year"])
    if said.get("q"):
        rows = rows.filter(company__name__icontains=said["q"]) | rows.filter(company_name__icontains=said["q"])
    return rows.order_by("date", "pk") if state in ("open", ScreeningState.PLANNED) else rows.order_by("-date", "-pk")


def _status(row: Screening) -> SafeString:
    return SafeString(render_to_string("ui/components/status.html", status(*look(row))))


def _when(row: Screening) -> str:
    if row.date is None:
        return _("asked on %(day)s") % {"day": short_day(row.created_at)}
    return f"{short_day(row.date)} {time_in_words(row.time)}" if row.time else short_day(row.date)


@require_safe
@staff_required
def screening(request: StaffRequest, screening: int) -> HttpResponse:
    """A visit: what is known of it, and the one thing to do next."""
    visit = visible_or_404(request.actor, screening)
    record_read(actor=request.actor, subject=visit, about=[visit.company] if visit.company else [])
    today = clock.today()
    result = result_of(visit) if visit.playbook else None
    context = {
        "visit": visit,
        "look": look(visit),
        "participants": list(visit.participants.select_related("organisation").order_by("pk")),
        "may_keep": permissions.keep_screening(visit)(request.actor),
        "filled": sum(1 for one in result.topics if one.answers or one.note) if result else 0,
        "topics": len(result.topics) if result else 0,
        "may_hold": visit.state == ScreeningState.PLANNED and visit.date is not None and visit.date <= today,
        "is_today": visit.date == today,
        "when": day_in_words(visit.date) if visit.date else "",
        "company_page": company_page(visit.company_id),
    }
    return render(request, "guidance/screenings/visit.html", context)


def company_page(company: int | None) -> str:
    """The address of a company's page, where the room that serves it is installed."""
    try:
        return reverse("workspace:company", args=[company]) if company else ""
    except NoReverseMatch:
        return ""


def _moved(act: Callable[..., Screening], said: Callable[[], str], undo: str = "") -> Callable[..., HttpResponse]:
    """A button on a visit's page: does it, says so, and how to take it back."""

    @require_POST
    @staff_required
    def view(request: StaffRequest, screening: int) -> HttpResponse:
        visit = visible_or_404(request.actor, screening)
        try:
            act(actor=request.actor, screening=visit)
        except GuidanceError as refusal:
            warn(request, refusal.message)
        else:
            tell(request, said(), undo=reverse(undo, args=[visit.pk]) if undo else "")
        return redirect("guidance:screening", visit.pk)

    return view


hold: Callable[[HttpRequest, int], HttpResponse] = _moved(
    actions.hold_visit, lambda: _("The visit is noted as held. Its result can go to the company."), "guidance:undo-hold-screening"
)
undo_hold = _moved(actions.undo_hold, lambda: _("The visit is planned again."))
cancel = _moved(actions.cancel_visit, lambda: _("The visit is cancelled. Tell the company."), "guidance:undo-cancel-screening")
undo_cancel = _moved(actions.undo_cancel, lambda: _("The visit takes place after all."))
