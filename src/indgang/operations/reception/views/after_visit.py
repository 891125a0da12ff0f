"""Three questions after a visit, for whoever has the letter or the ticket. Looking uses nothing up; only sending does."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from indgang.foundation.ui.context import speak_for
from indgang.operations.reception.actions.after_visit import decline, give_answer
from indgang.operations.reception.errors import InvalidRequest, NotNow
from indgang.operations.reception.models import Question
from indgang.operations.reception.models.after_visit import Kind
from indgang.operations.reception.queries.after_visit import Asked, asked_by_letter, asked_by_ticket, questions_of
from indgang.operations.reception.rules.after_visit import OPTIONS
from indgang.operations.reception.statistics_answers import option_words

KEY_LENGTH = 100


@dataclass(frozen=True)
class Field:
    """A question on the page, with what was answered so far."""

    question: Question
    options: tuple[tuple[str, str], ...]
    given: str
    problem: str


def _asked(request: HttpRequest) -> Asked | None:
    """Whom the link belongs to: that of a letter, or with `ticket` that of a ticket."""
    key, ticket = request.GET.get("key", "")[:KEY_LENGTH], request.GET.get("ticket", "")
    if ticket:
        return asked_by_ticket(int(ticket), key) if ticket.isdecimal() and ticket.isascii() and len(ticket) < 6 else None
    return asked_by_letter(key)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def after_visit(request: HttpRequest) -> HttpResponse:
    """Show the questions (GET), take the answers or a no (POST)."""
    asked = _asked(request)
    if asked is None:
        return render(request, "reception/after_visit/not_found.html", status=404)
    speak_for(request, asked.journey.house.region)
    if asked.used:
        return _thanks(request, asked, "answered")
    problems: dict[str, str] = {}
    if request.method == "POST":
        answers = {question.key: request.POST.get(f"answer-{question.key}", "") for question in questions_of(asked.journey.house)}
        try:
            if "no" in request.POST:
                decline(asked=asked)
                return _thanks(request, asked, "declined")
            give_answer(asked=asked, answers=answers)
            return _thanks(request, asked, "thanks")
        except InvalidRequest as refusal:
            problems = refusal.fields
        except NotNow:
            return _thanks(request, asked, "answered")
    words = option_words()
    fields = [
        Field(
            question,
            () if question.kind == Kind.TEXT else tuple((option, words[option]) for option in OPTIONS[question.kind]),
            request.POST.get(f"answer-{question.key}", ""),
            problems.get(question.key, ""),
        )
        for question in questions_of(asked.journey.house)
    ]
    context = {"house": asked.journey.house, "fields": fields, "problem": problems.get("", ""), "asked": asked}
    return render(request, "reception/after_visit/questions.html", context)


def _thanks(request: HttpRequest, asked: Asked, state: str) -> HttpResponse:
    return render(request, "reception/after_visit/thanks.html", {"house": asked.journey.house, "state": state, "asked": asked})
