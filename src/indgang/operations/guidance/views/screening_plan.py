"""Planning a screening visit: find the company, say when, where and with whom."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from indgang.foundation.access.actors import NotAllowed, require
from indgang.foundation.access.decorators import StaffRequest, staff_required
from indgang.foundation.identity.models import Organisation
from indgang.foundation.ui.tell import tell, warn
from indgang.foundation.ui.words import day_in_words
from indgang.operations.guidance import permissions
from indgang.operations.guidance.actions.screenings import plan_requested, plan_visit
from indgang.operations.guidance.errors import GuidanceError, InvalidRequest
from indgang.operations.guidance.forms.screening import VisitForm
from indgang.operations.guidance.models import Screening, ScreeningState
from indgang.operations.guidance.views.screenings import visible_or_404
from indgang.registers.parties.models import Company
from indgang.registers.parties.queries.company_file import companies_visible_to
from indgang.registers.parties.queries.search import companies_found

DIGITS = 18  # of a number in an address


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def new(request: StaffRequest) -> HttpResponse:
    """Plan a visit at a company of the register."""
    require(permissions.plan_screenings, request.actor)
    organisation = request.actor.organisation
    if organisation is None:
        raise NotAllowed
    company = _company_of(request)
    if company is None:
        return _choose(request, None)
    form = VisitForm(organisation, company, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            visit = plan_visit(actor=request.actor, company=company, facts=form.facts())
        except InvalidRequest as refusal:
            form.refuse(refusal)
        else:
            return _planned(request, visit)
    return _page(request, form, company, None, organisation)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def plan(request: StaffRequest, screening: int) -> HttpResponse:
    """Plan what a company asked for, or change a plan."""
    visit = visible_or_404(request.actor, screening)
    require(permissions.keep_screening(visit), request.actor)
    if visit.state not in (ScreeningState.REQUESTED, ScreeningState.PLANNED):
        warn(request, _("This visit has been held or cancelled meanwhile. Look at it again."))
        return redirect("guidance:screening", visit.pk)
    company = _company_of(request) or visit.company
    if company is None:
        return _choose(request, visit)
    sent = request.POST if request.method == "POST" else None
    form = VisitForm(visit.organisation, company, sent, initial=VisitForm.initial_of(visit))
    if form.is_bound and form.is_valid():
        try:
            visit = plan_requested(actor=request.actor, screening=visit, company=company, facts=form.facts())
        except InvalidRequest as refusal:
            form.refuse(refusal)
        except GuidanceError as refusal:
            warn(request, refusal.message)
            return redirect("guidance:screening", visit.pk)
        else:
            return _planned(request, visit)
    return _page(request, form, company, visit, visit.organisation)


def _planned(request: HttpRequest, visit: Screening) -> HttpResponse:
    words = {"company": visit.shown_name, "day": day_in_words(visit.date) if visit.date else ""}
    tell(request, _("The visit at %(company)s is planned for %(day)s.") % words)
    return redirect("guidance:screening", visit.pk)


def _page(request: HttpRequest, form: VisitForm, company: Company, visit: Screening | None, organisation: Organisation) -> HttpResponse:
    context = {"form": form, "company": company, "visit": visit, "organisation": organisation}
    return render(request, "guidance/screenings/plan.html", context)


def _company_of(request: StaffRequest) -> Company | None:
    """The company that the address or the form names."""
    text = request.POST.get("company") or request.GET.get("company") or ""
    if not text:
        return None
    found = companies_visible_to(request.actor).filter(pk=int(text)).first() if text.isdecimal() and len(text) <= DIGITS else None
    if found is None:
        raise Http404
    return found


def _choose(request: StaffRequest, visit: Screening | None) -> HttpResponse:
    """Which company of the register is it? Found by name, number or telephone."""
    asked = (visit.cvr or visit.company_name) if visit else ""
    words = request.GET.get("q", asked)[:100].strip()
    found = companies_found(words, actor=request.actor) if len(words) > 1 else []
    try:
        new_company = reverse("workspace:new-company")
    except NoReverseMatch:
        new_company = ""
    context = {"words": words, "found": found, "visit": visit, "new_company": new_company}
    return render(request, "guidance/screenings/choose.html", context)
