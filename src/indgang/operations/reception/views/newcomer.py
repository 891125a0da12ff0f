"""Plan my arrival: one question per page. Everything is in the address; nothing is stored."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from indgang.foundation.places.models import House
from indgang.foundation.ui.context import region_of
from indgang.operations.reception.forms.interview import Interview
from indgang.operations.reception.forms.questions import HOW_MANY

CHECK = "check"


def house_for(request: HttpRequest) -> House:
    """The house that the page plans a visit to: of the region it speaks for the one that is asked for (`?house=`), else the first."""
    houses = list(House.objects.filter(region=region_of(request)).select_related("region").order_by("pk"))
    if not houses:
        raise Http404
    return next((house for house in houses if house.key == request.GET.get("house")), houses[0])


def interview_of(request: HttpRequest) -> Interview:
    """The answers in the address."""
    return Interview(house_for(request), request.GET.dict())


@require_safe
def arrive(request: HttpRequest) -> HttpResponse:
    """Show a question, take its answer, or show all the answers."""
    interview = interview_of(request)
    answered = request.GET.get("answered", "")
    if answered in interview.keys:
        return _answered(request, interview, answered)
    wanted = request.GET.get("q", "")
    if wanted in interview.keys:
        return _ask(request, interview, wanted)
    still_open = interview.first_open()
    return _ask(request, interview, still_open) if still_open else _check(request, interview)


def _answered(request: HttpRequest, interview: Interview, key: str) -> HttpResponse:
    """Go on when the answer can be used; back, keeping whatever was written; else say what is wrong."""
    if "back" in request.GET:
        return redirect(question_address(interview, interview.before(key) or key))
    if "not_known" in request.GET:
        interview = interview.not_known(key)
    if not interview.form(key).is_bound:
        interview = Interview(interview.house, {**interview.answers, **dict.fromkeys(interview.names(key), "")})
    if not interview.is_answered(key):
        return _ask(request, interview, key)
    interview = interview.settled(key)
    following = interview.following(key)
    return redirect(question_address(interview, following) if following else plan_address(interview))


def _ask(request: HttpRequest, interview: Interview, key: str) -> HttpResponse:
    form = interview.form(key)
    context = {
        "form": form,
        "house": interview.house,
        "how_many": HOW_MANY,
        "carried": interview.without(key),
        "previous": interview.before(key),
        "has_errors": form.is_bound and not form.is_valid(),
    }
    return render(request, "reception/newcomer/question.html", context)


def _check(request: HttpRequest, interview: Interview) -> HttpResponse:
    context = {"answers": said(interview), "plan_address": plan_address(interview), "house": interview.house}
    return render(request, "reception/newcomer/check.html", context)


def said(interview: Interview) -> list[dict[str, str]]:
    """Every answer in words, with the address where it can be changed."""
    return [
        {"question": str(form.title), "answer": form.said(), "change": question_address(interview, key)}
        for key, form in ((key, interview.form(key)) for key in interview.keys)
    ]


def question_address(interview: Interview, key: str) -> str:
    """Where a question is asked again, its answer and all others kept."""
    return f"{reverse('reception:arrive')}?{interview.query(q=key)}"


def check_address(interview: Interview) -> str:
    """Where all answers can be seen and changed."""
    return f"{reverse('reception:arrive')}?{interview.query(q=CHECK)}"


def plan_address(interview: Interview, **more: str) -> str:
    """Where the answers lead."""
    return f"{reverse('reception:plan')}?{interview.query(**more)}"
