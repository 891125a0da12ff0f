"""How the pages of guidance answer: for whom they are, and what went wrong said in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from indgang.foundation.access.actors import Actor, NotAllowed
from indgang.foundation.access.decorators import StaffRequest, staff_required
from indgang.foundation.ui.tell import warn
from indgang.operations.guidance.approach_errors import ApproachError
from indgang.operations.guidance.errors import GuidanceError
from indgang.registers.parties.models import Company
from indgang.registers.parties.permissions import see_companies
from indgang.registers.parties.queries.company_file import companies_visible_to

Arguments = ParamSpec("Arguments")
View = Callable[Concatenate[StaffRequest, Arguments], HttpResponse]
Guarded = Callable[Concatenate[HttpRequest, Arguments], HttpResponse]


def _with_companies(view: View[Arguments]) -> Guarded[Arguments]:
    @wraps(view)
    def guarded(request: StaffRequest, *args: Arguments.args, **kwargs: Arguments.kwargs) -> HttpResponse:
        if not see_companies(request.actor):
            raise NotAllowed
        return view(request, *args, **kwargs)

    return staff_required(guarded)


def shown(view: View[Arguments]) -> Guarded[Arguments]:
    """A page to look at, for everyone who works with companies."""
    return require_safe(_with_companies(view))


def filled_in(view: View[Arguments]) -> Guarded[Arguments]:
    """A page with a form, for everyone who works with companies; what they may do is the action's to say."""
    return require_http_methods(["GET", "HEAD", "POST"])(_with_companies(view))


def posted(view: View[Arguments]) -> Guarded[Arguments]:
    """A change. What cannot be done is said on the page that it was about."""

    @wraps(view)
    def answered(request: StaffRequest, *args: Arguments.args, **kwargs: Arguments.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except GuidanceError as refusal:
            warn(request, refusal.message)
            return redirect(_page_about(kwargs, refusal))

    return require_POST(_with_companies(answered))


def _page_about(meant: Mapping[str, Any], refusal: GuidanceError) -> str:
    if course := meant.get("course"):
        return reverse("guidance:course", args=[course])
    if company := meant.get("company"):
        return address_of_company(company)
    return reverse("guidance:approach" if isinstance(refusal, ApproachError) else "guidance:courses")


def company_numbered(actor: Actor, number: int) -> Company:
    """A company that the actor may see."""
    company = companies_visible_to(actor).select_related("municipality__region").filter(pk=number).first()
    if company is None:
        raise Http404
    return company


def address_of_company(number: int) -> str:
    """The company's page, where what is said about approaching it stands."""
    try:
        return reverse("workspace:company", args=[number])
    except NoReverseMatch:
        return reverse("guidance:approach-company", args=[number])
