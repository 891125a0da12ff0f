"""The result of a screening visit: on the page, as a paper for the company, shared with those it agreed to, and what it leads to."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from indgang.foundation.access.decorators import StaffRequest, staff_required
from indgang.foundation.journal.actions import record_read
from indgang.foundation.ui.tell import tell, warn
from indgang.operations.guidance import permissions
from indgang.operations.guidance.actions import screening_results as actions
from indgang.operations.guidance.actions.screenings import write_summary
from indgang.operations.guidance.errors import GuidanceError, InvalidRequest
from indgang.operations.guidance.forms.screening import LeadForm, ShareForm, SummaryForm
from indgang.operations.guidance.models import Lead, LeadState, Screening
from indgang.operations.guidance.queries.results import book_of, result_of
from indgang.operations.guidance.queries.screenings import earlier_results, results_visible_to, screenings_visible_to
from indgang.operations.guidance.result_words import caption_of, labels_of, rows_of, said_of, series_of
from indgang.operations.guidance.screening_paper import paper_of
from indgang.operations.guidance.views.screenings import company_page, visible_or_404
from indgang.registers.parties.actions.consents import withdraw_consent
from indgang.registers.parties.errors import InvalidFacts
from indgang.registers.parties.errors import NotNow as NotNowInRegister

LANGUAGES = ("da", "en")
DIGITS = 18


def _result_or_404(request: StaffRequest, number: int) -> Screening:
    """The visit, for whoever may see its result: the municipality as soon as something is filled in, others once it is shared."""
    own = screenings_visible_to(request.actor).filter(pk=number)
    shared = results_visible_to(request.actor).filter(pk=number)
    found = (own | shared).exclude(company=None)
    visit = (
        found.select_related("organisation__region", "organisation__municipality", "company", "consultant", "playbook").distinct().first()
    )
    if visit is None or visit.playbook is None:
        raise Http404
    return visit


def _earlier(request: StaffRequest, visit: Screening) -> tuple[Screening | None, list[Screening]]:
    """The earlier visit that this one is compared with: the one asked for, else the last; none where `with=none`."""
    before = list(earlier_results(request.actor, visit))
    wanted = request.GET.get("with", "")
    if wanted == "none" or not before:
        return None, before
    chosen = next((one for one in before if str(one.pk) == wanted), before[0])
    return chosen, before


@require_safe
@staff_required
def result(request: StaffRequest, screening: int) -> HttpResponse:
    """The picture, the table beside it, what was said, and what follows."""
    return _page(request, _result_or_404(request, screening))


def _page(
    request: StaffRequest,
    visit: Screening,
    *,
    lead: LeadForm | None = None,
    share: ShareForm | None = None,
    summary: SummaryForm | None = None,
) -> HttpResponse:
    record_read(actor=request.actor, subject=visit, about=[visit.company] if visit.company else [])
    earlier, before = _earlier(request, visit)
    found = result_of(visit, earlier)
    keeps = permissions.keep_screening(visit)(request.actor)
    consent = actions.consent_of(visit)
    agreed = consent is not None
    sharing = [
        one.organisation for one in visit.shares.filter(withdrawn_at=None, consent__withdrawn_at=None).select_related("organisation")
    ]
    book = book_of(visit)
    context = {
        "visit": visit,
        "result": found,
        "earlier": earlier,
        "before": before,
        "labels": labels_of(found),
        "series": series_of(found),
        "caption": caption_of(found),
        "said": said_of(found),
        "rows": rows_of(found),
        "keeps": keeps,
        "held": visit.state == "held",
        "consent": consent,
        "may_note": agreed or request.actor.organisation == visit.organisation,
        "sharing": sharing,
        "share_form": share or ShareForm(visit, agreed=agreed, initial={"organisations": [one.key for one in sharing]}),
        "lead_form": lead or LeadForm(visit, book=book, agreed=agreed),
        "summary_form": summary or SummaryForm(initial={"summary": visit.summary, "seen": visit.summary}),
        "leads": list(visit.leads.filter(state=LeadState.RECORDED).select_related("to_organisation", "author").order_by("pk"))
        if keeps
        else [],
        "topic_titles": {topic.key: topic.title for topic in book.topics},
        "company_page": company_page(visit.company_id),
        "has_errors": any(form is not None and form.errors for form in (lead, share, summary)),
    }
    return render(request, "guidance/screenings/result.html", context)


@require_safe
@staff_required
def paper(request: StaffRequest, screening: int) -> HttpResponse:
    """The result as a PDF for the company, in the language that is asked for, else the company's."""
    visit = _result_or_404(request, screening)
    record_read(actor=request.actor, subject=visit, about=[visit.company] if visit.company else [])
    earlier, _before = _earlier(request, visit)
    wanted = request.GET.get("language", visit.language)
    language = wanted if wanted in LANGUAGES else (get_language() or "da")[:2]
    response = HttpResponse(paper_of(result_of(visit, earlier), language), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="screening-{visit.reference}.pdf"'
    return response


def _kept(request: StaffRequest, number: int) -> Screening:
    visit = _result_or_404(request, number)
    return visible_or_404(request.actor, visit.pk)


@require_POST
@staff_required
def summary(request: StaffRequest, screening: int) -> HttpResponse:
    """Save what the company is told."""
    visit = _kept(request, screening)
    form = SummaryForm(request.POST)
    if form.is_valid():
        try:
            write_summary(actor=request.actor, screening=visit, text=form.cleaned_data["summary"], seen=form.cleaned_data["seen"])
        except GuidanceError as refusal:
            standing = Screening.objects.values_list("summary", flat=True).get(pk=visit.pk)
            again = SummaryForm({"summary": form.cleaned_data["summary"], "seen": standing})
            again.add_error("summary", refusal.message)
            return _page(request, visit, summary=again)
        tell(request, _("The summary is saved. It stands on the first page of the result."))
        return redirect("guidance:screening-result", visit.pk)
    return _page(request, visit, summary=form)


@require_POST
@staff_required
def share(request: StaffRequest, screening: int) -> HttpResponse:
    """Let those see it whom the company agreed to, and no others."""
    visit = _kept(request, screening)
    form = ShareForm(visit, request.POST, agreed=actions.consent_of(visit) is not None)
    if form.is_valid():
        said = form.cleaned_data
        try:
            shares = actions.share_result(
                actor=request.actor, screening=visit, organisations=list(said["organisations"]), how=said.get("how", "")
            )
        except InvalidRequest as refusal:
            form.refuse(refusal)
        except (GuidanceError, InvalidFacts, NotNowInRegister) as refusal:
            warn(request, str(refusal))
            return _back(visit, "share")
        else:
            names = ", ".join(str(one.organisation) for one in shares)
            tell(
                request,
                _("These can see the result now: %(names)s.") % {"names": names} if names else _("Nobody else sees the result now."),
            )
            return _back(visit, "share")
    return _page(request, visit, share=form)


@require_POST
@staff_required
def withdraw(request: StaffRequest, screening: int) -> HttpResponse:
    """The company takes its consent back: nobody else sees the result from now on."""
    visit = _kept(request, screening)
    consent = actions.consent_of(visit)
    if consent is not None:
        try:
            withdraw_consent(actor=request.actor, consent=consent)
        except NotNowInRegister as refusal:
            warn(request, str(refusal))
            return _back(visit, "share")
    tell(request, _("The consent is taken back. Nobody else sees the result, and nothing is passed on."))
    return _back(visit, "share")


@require_POST
@staff_required
def lead(request: StaffRequest, screening: int) -> HttpResponse:
    """Pass on what the company can be helped with."""
    visit = _kept(request, screening)
    form = LeadForm(visit, request.POST, book=book_of(visit), agreed=actions.consent_of(visit) is not None)
    if form.is_valid():
        said: dict[str, Any] = dict(form.cleaned_data)
        try:
            made = actions.record_lead(actor=request.actor, screening=visit, **said)
        except InvalidRequest as refusal:
            form.refuse(refusal)
        except (GuidanceError, InvalidFacts, NotNowInRegister) as refusal:
            warn(request, str(refusal))
            return _back(visit, "leads")
        else:
            to = made.to_organisation or made.to_adviser
            tell(request, _("Noted for %(to)s.") % {"to": to}, undo=reverse("guidance:withdraw-lead", args=[made.pk]))
            return _back(visit, "leads")
    return _page(request, visit, lead=form)


def _lead_or_404(request: StaffRequest, number: int) -> Lead:
    found = Lead.objects.filter(pk=number, screening__in=screenings_visible_to(request.actor).values("pk")).select_related(
        "screening", "consent"
    )
    one = found.first()
    if one is None:
        raise Http404
    return one


@require_POST
@staff_required
def withdraw_lead(request: StaffRequest, lead: int) -> HttpResponse:
    """It is not passed on after all."""
    found = actions.withdraw_lead(actor=request.actor, lead=_lead_or_404(request, lead))
    tell(request, _("Not passed on after all."), undo=reverse("guidance:undo-withdraw-lead", args=[found.pk]))
    return _back(found.screening, "leads")


@require_POST
@staff_required
def undo_withdraw_lead(request: StaffRequest, lead: int) -> HttpResponse:
    """It is passed on after all."""
    one = _lead_or_404(request, lead)
    try:
        actions.undo_withdraw_lead(actor=request.actor, lead=one)
    except GuidanceError as refusal:
        warn(request, refusal.message)
    else:
        tell(request, _("Passed on again."))
    return _back(one.screening, "leads")


def _back(visit: Screening, part: str) -> HttpResponse:
    return redirect(f"{reverse('guidance:screening-result', args=[visit.pk])}#{part}")
