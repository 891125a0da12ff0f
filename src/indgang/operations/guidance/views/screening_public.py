"""A company asks for a screening visit: one form on a phone, no login; the link in its mail confirms it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from indgang.foundation.ui.context import region_of, speak_for
from indgang.operations.guidance.actions.screening_requests import confirm_request, request_visit
from indgang.operations.guidance.errors import GuidanceError, InvalidRequest
from indgang.operations.guidance.forms.screening import RequestForm
from indgang.operations.guidance.models import Playbook, Screening
from indgang.operations.guidance.screening_links import opens_request
from indgang.operations.guidance.screening_words import look

OPENED = "screening-requests"  # those that this browser has opened, in its session
LONGEST_REFERENCE = 60


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """What the visit is, and the form (GET); or write to whoever asks (POST)."""
    region = region_of(request)
    if region is None or not Playbook.objects.filter(region=region).exists():
        raise Http404
    form, problem = RequestForm(region, request.POST if request.method == "POST" else None), ""
    if form.is_bound and form.is_valid():
        try:
            made = request_visit(asked=form.asked(), consent=form.cleaned_data["consent"])
        except InvalidRequest as refusal:
            form.refuse(refusal)
        except GuidanceError as refusal:
            problem = refusal.message
        else:
            return render(request, "guidance/screenings/sent.html", {"email": made.contact_email, "office": made.organisation})
    context = {"form": form, "problem": problem, "has_errors": bool(problem) or bool(form.errors), "query": request.GET.urlencode()}
    return render(request, "guidance/screenings/ask.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def asked(request: HttpRequest, asked: str) -> HttpResponse:
    """The request that a link opened: looking at it changes nothing, the button confirms it."""
    visit = _of_reference(asked)
    if visit and "key" in request.GET and opens_request(visit, request.GET["key"]):
        opened = [*request.session.get(OPENED, []), visit.reference]
        request.session[OPENED] = opened[-5:]
        return redirect("guidance:screening-asked", visit.reference)
    if visit is None or visit.reference not in request.session.get(OPENED, []):
        return render(request, "guidance/screenings/asked_not_found.html", status=404)
    speak_for(request, visit.organisation.region)
    if request.method == "POST":
        confirm_request(screening=visit)
        return redirect(f"{reverse('guidance:screening-asked', args=[visit.reference])}#main")
    return render(request, "guidance/screenings/asked.html", {"visit": visit, "look": look(visit)})


def _of_reference(text: str) -> Screening | None:
    found = Screening.objects.filter(reference=text[:LONGEST_REFERENCE], by_company=True)
    return found.select_related("organisation__region", "company", "consultant", "municipality").first()
