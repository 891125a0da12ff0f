"""The page of a course: what it is about, its log, its next steps, its end, and what happened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from indgang.foundation.access.actors import require
from indgang.foundation.access.decorators import StaffRequest
from indgang.foundation.database import clock
from indgang.foundation.journal.actions import record_read
from indgang.foundation.journal.queries import entries_about, entries_visible_to
from indgang.foundation.ui.tell import tell, warn
from indgang.operations.guidance import permissions
from indgang.operations.guidance.actions import courses as actions
from indgang.operations.guidance.category_words import words_about_category
from indgang.operations.guidance.errors import InvalidRequest, NotNow
from indgang.operations.guidance.forms.courses import ContactForm, CourseForm, EndForm, StepForm
from indgang.operations.guidance.journal_sentences import fields_in_words, sentence
from indgang.operations.guidance.models import Course, LogEntry
from indgang.operations.guidance.queries.my_courses import hours_logged
from indgang.operations.guidance.queries.wheels import fillings_of, wheel_on
from indgang.operations.guidance.views.answers import address_of_company, company_numbered, filled_in, posted, shown
from indgang.operations.guidance.views.course_answers import course_numbered, kept_course

ENTRIES_AT_MOST = 200


@shown
def course(request: StaffRequest, course: int) -> HttpResponse:
    """The page. That somebody opened it is noted."""
    found = course_numbered(request.actor, course)
    record_read(actor=request.actor, subject=found, about=[found.company])
    return course_page(request, found)


def course_page(request: StaffRequest, course: Course, **forms: Any) -> HttpResponse:
    """The page, with a form that was refused in place of an empty one."""
    actor = request.actor
    writes = permissions.keep(course)(actor)
    logged = hours_logged(course)
    log = list(course.log.filter(removed_at=None).select_related("author").order_by("-on", "-pk"))
    steps = list(course.next_steps.filter(removed_at=None).select_related("author").order_by("done_on", "due", "pk"))
    context = {
        "course": course,
        "fields": fields_in_words(course.fields),
        "writes": writes,
        "log": log,
        "open_steps": [step for step in steps if step.done_on is None],
        "done_steps": [step for step in steps if step.done_on],
        "hours_logged": logged,
        "today": clock.today(),
        "entries": _history(request, course, log),
        "wheels": list(fillings_of(request.actor, course)),
        "turns_wheel": writes and wheel_on(course.organisation.region, clock.today()) is not None,
        "company_address": address_of_company(course.company_id),
    }
    if writes:
        hours = course.hours if course.hours is not None else logged
        end = {"ended": clock.today(), "result": course.result, "hours": hours.normalize() if hours else hours}
        context |= {
            "contact_form": ContactForm(auto_id="contact_%s"),
            "step_form": StepForm(auto_id="step_%s"),
            "end_form": EndForm(initial=end, auto_id="end_%s"),
        }
    refused = next(iter(forms.values()), None)
    return render(request, "guidance/courses/course.html", {**context, **forms, "refused": refused}, status=422 if refused else 200)


def _history(request: StaffRequest, course: Course, log: Sequence[LogEntry]) -> list[dict[str, Any]]:
    """What the journal tells this reader; of the contacts of the log only what was done with them afterwards."""
    entries = entries_visible_to(request.actor, entries_about(course)).exclude(verb__endswith=".read").select_related("user")
    entries = entries.exclude(verb="course-contact.noted", subject_id__in=[str(noted.pk) for noted in log])
    told = [(entry, sentence(entry)) for entry in entries[:ENTRIES_AT_MOST]]
    return [{"at": entry.at, "title": title, "who": str(entry.user or _("Indgang"))} for entry, title in told if title]


@filled_in
def begin(request: StaffRequest, company: int) -> HttpResponse:
    """Begin a course for a company, from its page or on a page of its own. `back=company` leads back there."""
    found = company_numbered(request.actor, company)
    organisation = request.actor.organisation
    require(lambda actor: organisation is not None and permissions.begin_some(organisation)(actor), request.actor)
    form = CourseForm(request.POST or None, actor=request.actor, company=found)
    back = request.POST.get("back") or request.GET.get("back", "")
    if request.method == "POST" and form.is_valid():
        try:
            key = form.cleaned_data["form_key"]
            made = actions.begin_course(actor=request.actor, company=found, facts=form.facts(), request_key=key)
        except InvalidRequest as refusal:
            form.refuse(refusal)
        else:
            said = _("The course of %(company)s has begun.") % {"company": found.name}
            tell(request, said, undo=reverse("guidance:course-remove", args=[made.pk]))
            return redirect(address_of_company(found.pk) if back == "company" else reverse("guidance:course", args=[made.pk]))
    context = {"form": form, "company": found, "back": back, "company_address": address_of_company(found.pk)}
    return render(request, "guidance/courses/begin.html", context, status=422 if form.errors else 200)


@filled_in
def change(request: StaffRequest, course: int) -> HttpResponse:
    """Correct what it says."""
    found = course_numbered(request.actor, course)
    require(permissions.keep(found), request.actor)
    form = CourseForm(request.POST or None, actor=request.actor, company=found.company, course=found)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_course(actor=request.actor, course=found, facts=form.facts(), seen=form.cleaned_data["seen"])
        except InvalidRequest as refusal:
            form.refuse(refusal)
        except NotNow as refusal:
            warn(request, refusal.message)
            return redirect("guidance:course", course=found.pk)
        else:
            tell(request, _("The course is corrected."))
            return redirect("guidance:course", course=found.pk)
    context = {"form": form, "course": found, "about_category": words_about_category(request.actor, found)}
    return render(request, "guidance/courses/change.html", context, status=422 if form.errors else 200)


@posted
def end(request: StaffRequest, course: int) -> HttpResponse:
    """It has ended, with this result."""
    found = course_numbered(request.actor, course)
    form = EndForm(request.POST, auto_id="end_%s")
    if form.is_valid():
        said = form.cleaned_data
        try:
            actions.end_course(actor=request.actor, course=found, ended=said["ended"], result=said["result"], hours=said["hours"])
        except InvalidRequest as refusal:
            form.refuse(refusal)
        else:
            tell(request, _("The course has ended."), undo=reverse("guidance:course-reopen", args=[found.pk]))
            return redirect("guidance:course", course=found.pk)
    return course_page(request, found, end_form=form)


@posted
def reopen(request: StaffRequest, course: int) -> HttpResponse:
    """It goes on after all."""
    found = course_numbered(request.actor, course)
    ended = found.ended
    actions.reopen_course(actor=request.actor, course=found)
    undo = f"{reverse('guidance:course-end-again', args=[found.pk])}?ended={ended}" if ended else ""
    tell(request, _("The course runs again."), undo=undo)
    return redirect("guidance:course", course=found.pk)


@posted
def end_again(request: StaffRequest, course: int) -> HttpResponse:
    """Opening it again was a mistake: it ended as it had."""
    found = course_numbered(request.actor, course)
    try:
        day = dt.date.fromisoformat(request.GET.get("ended", ""))
    except ValueError:
        day = clock.today()
    actions.end_course(actor=request.actor, course=found, ended=day, result=found.result)
    tell(request, _("The course has ended."), undo=reverse("guidance:course-reopen", args=[found.pk]))
    return redirect("guidance:course", course=found.pk)


@posted
def remove(request: StaffRequest, course: int) -> HttpResponse:
    """It was registered by mistake."""
    found = kept_course(course)
    actions.remove_course(actor=request.actor, course=found)
    tell(request, _("The course is removed. It counts nowhere any more."), undo=reverse("guidance:course-bring-back", args=[found.pk]))
    return redirect("guidance:courses")


@posted
def bring_back(request: StaffRequest, course: int) -> HttpResponse:
    """It was no mistake."""
    found = kept_course(course)
    actions.bring_back_course(actor=request.actor, course=found)
    tell(request, _("The course is back."))
    return redirect("guidance:course", course=found.pk)
