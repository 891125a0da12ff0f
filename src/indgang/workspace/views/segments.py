"""Lists of companies: who they are, whom one may write to, and the lists an organisation keeps."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from indgang.foundation.access.actors import require
from indgang.foundation.access.decorators import StaffRequest, staff_required
from indgang.foundation.database import clock
from indgang.foundation.documents.reports import FORMS as KINDS
from indgang.foundation.places.models import Region
from indgang.foundation.ui.tell import tell, warn
from indgang.registers.parties import permissions
from indgang.registers.parties.actions.segments import bring_back_segment, remove_segment, save_segment
from indgang.registers.parties.errors import InvalidFacts, NotNow
from indgang.registers.parties.models import Segment
from indgang.registers.parties.queries.segments import companies_in, reachable, segments_visible_to
from indgang.registers.parties.rules.segments import Criteria
from indgang.workspace.forms.segment import SegmentForm
from indgang.workspace.segment_files import FORMS, file_of
from indgang.workspace.views.companies import results_for

ROWS = 50


def _region(request: StaffRequest) -> Region:
    require(permissions.see_companies, request.actor)
    if request.actor.organisation is None:
        raise Http404
    return request.actor.organisation.region


def address_of(criteria: Criteria) -> str:
    """Where the companies of some criteria are shown."""
    return f"{reverse('workspace:segments')}?{urlencode(criteria.address())}"


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def segments(request: StaffRequest) -> HttpResponse:
    """Filter, see whom it finds, and keep it as a list."""
    region, actor = _region(request), request.actor
    form = SegmentForm(region, request.GET)
    criteria = form.criteria()
    fault = ""
    if request.method == "POST" and form.is_valid():
        try:
            segment = save_segment(actor=actor, name=request.POST.get("name", ""), criteria=criteria)
        except InvalidFacts as error:
            fault = error.fields["name"]
        else:
            said = _("The list “%(name)s” is kept for everybody in your organisation.") % {"name": segment.name}
            undo = reverse("workspace:segment-remove", args=[segment.pk])
            tell(request, said, undo=undo)
            return redirect(address_of(criteria))
    found = companies_in(actor, criteria, clock.today(region.zone))
    asked = not criteria.says_nothing
    pages = Paginator(found.select_related("municipality").order_by("name", "pk"), ROWS)
    page = pages.get_page(request.GET.get("page"))
    kept = list(segments_visible_to(actor).select_related("organisation"))
    context: dict[str, Any] = {
        "form": form,
        "criteria": criteria,
        "fault": fault,
        "asked": asked,
        "count": pages.count,
        "pages": page,
        "found": results_for(actor, list(page)) if asked else [],
        "query": urlencode(criteria.address()),
        "kept": [(one, address_of(Criteria.read(one.criteria))) for one in kept],
        "shown": next((one for one in kept if asked and Criteria.read(one.criteria) == criteria), None),
        "reachable": reachable(actor, found) if asked else None,
        "writes": permissions.serve_companies(actor),
    }
    return render(request, "workspace/segments.html", context)


@require_safe
@staff_required
def segment_file(request: StaffRequest, form: str) -> HttpResponse:
    """The same as a file; `whom=marketing`: only those one may send newsletters and invitations to."""
    region, actor = _region(request), request.actor
    if form not in FORMS:
        raise Http404
    criteria = SegmentForm(region, request.GET).criteria()
    found = companies_in(actor, criteria, clock.today(region.zone))
    marketing = request.GET.get("whom") == "marketing"
    chosen = reachable(actor, found).companies if marketing else found
    content = file_of(actor=actor, companies=chosen, criteria=criteria, form=form, marketing=marketing)
    name = f"companies-{clock.today(region.zone)}.{form}"
    return HttpResponse(content, content_type=KINDS[form], headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _segment(request: StaffRequest, number: int) -> Segment:
    mine = Segment.objects.filter(organisation__in=request.actor.organisations_as(*permissions.SERVING))
    return get_object_or_404(mine, pk=number)


@require_POST
@staff_required
def remove(request: StaffRequest, segment: int) -> HttpResponse:
    """Remove a list."""
    gone = remove_segment(actor=request.actor, segment=_segment(request, segment))
    undo = reverse("workspace:segment-bring-back", args=[gone.pk])
    tell(request, _("The list “%(name)s” is removed; the companies stay as they are.") % {"name": gone.name}, undo=undo)
    return redirect("workspace:segments")


@require_POST
@staff_required
def bring_back(request: StaffRequest, segment: int) -> HttpResponse:
    """It was removed by mistake."""
    try:
        back = bring_back_segment(actor=request.actor, segment=_segment(request, segment))
    except NotNow as error:
        warn(request, error.message)
        return redirect("workspace:segments")
    tell(request, _("The list “%(name)s” is back.") % {"name": back.name})
    return redirect(address_of(Criteria.read(back.criteria)))
