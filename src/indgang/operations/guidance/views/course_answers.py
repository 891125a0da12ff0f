"""How the pages of courses answer: for whom they are, which record is meant, and what went wrong said in words."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from indgang.foundation.access.actors import Actor, NotAllowed
from indgang.foundation.access.decorators import StaffRequest, staff_required
from indgang.foundation.ui.tell import warn
from indgang.operations.guidance.errors import GuidanceError
from indgang.operations.guidance.models import Course, Delivery
from indgang.operations.guidance.queries.courses import courses_visible_to, deliveries_visible_to
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
    """A page to look at, for those who work with companies."""
    return require_safe(_with_companies(view))


def filled_in(view: View[Arguments]) -> Guarded[Arguments]:
    """A page with a form. What they may do is the action's to say."""
    return require_http_methods(["GET", "HEAD", "POST"])(_with_companies(view))


def posted(view: View[Arguments]) -> Guarded[Arguments]:
    """A change. What cannot be done is said on the page of the course (or delivery) that it was about."""

    @wraps(view)
    def answered(request: StaffRequest, *args: Arguments.args, **kwargs: Arguments.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except GuidanceError as refusal:
            warn(request, refusal.message)
            course = kwargs.get("course")
            return redirect("guidance:course", course=course) if course else redirect("guidance:courses")

    return require_POST(_with_companies(answered))


def course_numbered(actor: Actor, number: int) -> Course:
    """A course that the actor may see."""
    related = "company__municipality", "organisation__region", "establishment__municipality", "municipality", "user"
    course = courses_visible_to(actor).select_related(*related).filter(pk=number).first()
    if course is None:
        raise Http404
    return course


def kept_course(number: int) -> Course:
    """A course, removed ones too, for an action that asks who may."""
    course = Course.objects.filter(pk=number).first()
    if course is None:
        raise Http404
    return course


def delivery_numbered(actor: Actor, number: int) -> Delivery:
    """A delivery that the actor may see."""
    delivery = deliveries_visible_to(actor).select_related("company", "establishment", "organisation").filter(pk=number).first()
    if delivery is None:
        raise Http404
    return delivery


def company_numbered(actor: Actor, number: int) -> Company:
    """A company that the actor may see."""
    company = companies_visible_to(actor).select_related("municipality").filter(pk=number).first()
    if company is None:
        raise Http404
    return company


def address_of_company(number: int) -> str:
    """The company's page; where there is none, the list of courses."""
    try:
        return reverse("workspace:company", args=[number])
    except NoReverseMatch:
        return reverse("guidance:courses")
