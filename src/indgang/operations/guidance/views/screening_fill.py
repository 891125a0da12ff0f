"""Filling in a screening visit, one topic per screen: saves as it goes, keeps drafts on the device where there is no network, and works
without JavaScript too.

A page has all topics and shows one, so that whoever loses the network goes on to the next.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from indgang.foundation.access.actors import require
from indgang.foundation.access.decorators import StaffRequest, staff_required
from indgang.foundation.database import clock
from indgang.foundation.database.bilingual import in_language
from indgang.foundation.ui.tell import tell, warn
from indgang.operations.guidance import permissions
from indgang.operations.guidance.actions.screening_answers import NOT_RELEVANT, NOTE, SCORE, Key, Saved, save_topic, score_of
from indgang.operations.guidance.errors import GuidanceError
from indgang.operations.guidance.models import Answer, Screening, ScreeningState
from indgang.operations.guidance.queries.results import answers_of
from indgang.operations.guidance.queries.screenings import playbook_on
from indgang.operations.guidance.rules.playbooks import Book, Question, Topic
from indgang.operations.guidance.views.screenings import visible_or_404

DOES_NOT_APPLY = gettext_lazy("Does not apply")


@dataclass(frozen=True)
class Line:
    """A question as the form shows it: what is chosen, what stands, and what a colleague wrote meanwhile."""

    question: Question
    score: str
    note: str
    shown_score: str
    shown_note: str
    theirs: str = ""
    their_note: str = ""


@dataclass(frozen=True)
class Sheet:
    """A topic as the form shows it."""

    number: int
    topic: Topic
    lines: list[Line]
    note: str
    shown_note: str
    answered: int
    here: bool
    following: str
    their_note: str = ""


@require_safe
@staff_required
def begin(request: StaffRequest, screening: int) -> HttpResponse:
    """The first topic that nobody has answered."""
    visit = _fillable(request, screening)
    answered = {topic for topic, _question in answers_of(visit)}
    topics = [topic.key for topic in _book(visit).topics]
    if not topics:
        raise Http404
    return redirect("guidance:fill-topic", visit.pk, next((key for key in topics if key not in answered), topics[0]))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def topic_page(request: StaffRequest, screening: int, topic: str) -> HttpResponse:
    """A topic's questions; what comes back is saved, and a script is told what stands now."""
    visit = _fillable(request, screening)
    book = _book(visit)
    if book.topic(topic) is None:
        raise Http404
    scripted = "application/json" in request.headers.get("Accept", "")
    if request.method != "POST":
        return _shown(request, visit, book, topic)
    shown, mine = _said(request, "shown-"), _said(request, "")
    try:
        saved = save_topic(actor=request.actor, screening=visit, topic=topic, shown=shown, mine=mine)
    except GuidanceError as refusal:
        if scripted:
            return JsonResponse({"problem": refusal.message}, status=422)
        warn(request, refusal.message)
        return redirect("guidance:screening", visit.pk)
    if scripted:
        return _answer(saved, book)
    if saved.conflicts:
        return _shown(request, visit, book, topic, saved)
    tell(request, _("Saved."))
    following = request.POST.get("next", "")
    if book.topic(following):
        return redirect("guidance:fill-topic", visit.pk, following)
    return redirect("guidance:screening", visit.pk)


def _fillable(request: StaffRequest, number: int) -> Screening:
    visit = visible_or_404(request.actor, number)
    require(permissions.keep_screening(visit), request.actor)
    if visit.state not in (ScreeningState.PLANNED, ScreeningState.HELD):
        raise Http404
    return visit


def _book(visit: Screening) -> Book:
    playbook = visit.playbook or playbook_on(visit.organisation.region, visit.date or clock.today())
    return playbook.book if playbook else Book((), ())


def _said(request: HttpRequest, prefix: str) -> dict[Key, str]:
    """What the form says: `score-KEY` and `note-KEY`, with the prefix for what it showed. The topic's own note has an empty key."""
    found: dict[Key, str] = {}
    for name, value in request.POST.items():
        part, dash, question = name.removeprefix(prefix).partition("-")
        if name.startswith(prefix) and dash and part in (SCORE, NOTE):
            found[question, part] = str(value).strip().replace("\r\n", "\n")
    return found


def _name(key: Key) -> str:
    question, part = key
    return f"{part}-{question}"


def _answer(saved: Saved, book: Book) -> JsonResponse:
    words = [in_language(dict(one)) for one in book.scale]
    conflicts = {
        _name(key): {"theirs": theirs, "words": _in_words(key, theirs, words), "who": saved.author or _("A colleague")}
        for key, (_mine, theirs) in saved.conflicts.items()
    }
    return JsonResponse({"standing": {_name(key): value for key, value in saved.standing.items()}, "conflicts": conflicts})


def _in_words(key: Key, value: str, scale: list[str]) -> str:
    if key[1] == NOTE:
        return value or _("nothing")
    if value == NOT_RELEVANT:
        return str(DOES_NOT_APPLY)
    return f"{value}: {scale[int(value)]}" if value.isdigit() else _("no answer")


def _shown(request: HttpRequest, visit: Screening, book: Book, topic: str, saved: Saved | None = None) -> HttpResponse:
    answers = answers_of(visit)
    scale = [in_language(dict(words)) for words in book.scale]
    keys = [one.key for one in book.topics]
    sheets = [
        _sheet(number, one, answers, here=one.key == topic, saved=saved if one.key == topic else None, scale=scale, keys=keys)
        for number, one in enumerate(book.topics, start=1)
    ]
    context = {
        "visit": visit,
        "sheets": sheets,
        "here": next(sheet for sheet in sheets if sheet.here),
        "scale": [(str(score), words) for score, words in enumerate(scale)],
        "not_relevant": (NOT_RELEVANT, DOES_NOT_APPLY),
        "conflicts": len(saved.conflicts) if saved else 0,
        "who": (saved.author if saved else "") or _("A colleague"),
        "version": visit.playbook.version if visit.playbook else "",
    }
    return render(request, "guidance/screenings/fill.html", context, status=409 if saved else 200)


def _sheet(
    number: int,
    topic: Topic,
    answers: Mapping[tuple[str, str], Answer],
    *,
    here: bool,
    saved: Saved | None,
    scale: list[str],
    keys: list[str],
) -> Sheet:
    conflicts = saved.conflicts if saved else {}

    def line(question: Question) -> Line:
        row = answers.get((topic.key, question.key))
        score, note = (score_of(row), row.note) if row else ("", "")
        mine, theirs = conflicts.get((question.key, SCORE), (score, ""))
        my_note, their_note = conflicts.get((question.key, NOTE), (note, ""))
        clash = (question.key, SCORE) in conflicts
        return Line(question, mine, my_note, score, note, _in_words((question.key, SCORE), theirs, scale) if clash else "", their_note)

    lines = [line(question) for question in topic.questions]
    whole = answers.get((topic.key, ""))
    standing = whole.note if whole else ""
    note, their_note = conflicts.get(("", NOTE), (standing, ""))
    following = keys[number] if number < len(keys) else ""
    answered = sum(1 for one in lines if one.shown_score)
    return Sheet(number, topic, lines, note, standing, answered, here, following, their_note)


@require_safe
@staff_required
def worker(request: StaffRequest) -> HttpResponse:
    """The service worker: it lets a visit that is being filled in be opened again without network. Only pages below it are its business."""
    assets = [
        staticfiles_storage.url(name)
        for name in ("dkfds/css/dkfds.min.css", "ui/indgang.css", "guidance/screening.css", "guidance/screening.js", "ui/once.js")
    ]
    context = {"assets": assets, "scope": reverse("guidance:screenings")}
    response = render(request, "guidance/screenings/offline.js", context, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response
