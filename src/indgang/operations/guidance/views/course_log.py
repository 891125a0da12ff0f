"""What is written on the page of a course: contacts and next steps."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from indgang.foundation.access.actors import require
from indgang.foundation.access.decorators import StaffRequest
from indgang.foundation.ui.tell import tell, warn
from indgang.operations.guidance import permissions
from indgang.operations.guidance.actions import log, steps
from indgang.operations.guidance.errors import InvalidRequest, NotNow
from indgang.operations.guidance.forms.courses import ContactForm, StepForm
from indgang.operations.guidance.models import Course, LogEntry, NextStep
from indgang.operations.guidance.views.answers import filled_in, posted
from indgang.operations.guidance.views.course import course_page
from indgang.operations.guidance.views.course_answers import course_numbered


@posted
def write(request: StaffRequest, course: int) -> HttpResponse:
    """Note a contact."""
    found = course_numbered(request.actor, course)
    form = ContactForm(request.POST, auto_id="contact_%s")
    if form.is_valid():
        try:
            entry = log.log_contact(actor=request.actor, course=found, facts=form.facts(), request_key=form.cleaned_data["form_key"])
        except InvalidRequest as refusal:
            form.refuse(refusal)
        else:
            tell(request, _("The contact is noted."), undo=reverse("guidance:contact-remove", args=[found.pk, entry.pk]))
            return redirect(f"{reverse('guidance:course', args=[found.pk])}#log")
    return course_page(request, found, contact_form=form)


@filled_in
def change(request: StaffRequest, course: int, noted: int) -> HttpResponse:
    """Correct what was noted."""
    found, kept = _entry(request, course, noted)
    require(permissions.keep(found), request.actor)
    form = ContactForm(request.POST or None, entry=kept)
    if request.method == "POST" and form.is_valid():
        try:
            log.change_contact(actor=request.actor, entry=kept, facts=form.facts())
        except InvalidRequest as refusal:
            form.refuse(refusal)
        except NotNow as refusal:
            warn(request, refusal.message)
            return redirect("guidance:course", course=found.pk)
        else:
            tell(request, _("The contact is corrected."))
            return redirect(f"{reverse('guidance:course', args=[found.pk])}#log")
    context = {"form": form, "course": found, "remove": reverse("guidance:contact-remove", args=[found.pk, kept.pk])}
    return render(request, "guidance/courses/contact.html", context, status=422 if form.errors else 200)


@posted
def remove(request: StaffRequest, course: int, noted: int) -> HttpResponse:
    """It was noted by mistake."""
    found, kept = _entry(request, course, noted)
    log.remove_contact(actor=request.actor, entry=kept)
    tell(request, pgettext("in a course", "The contact is removed."), undo=reverse("guidance:contact-bring-back", args=[found.pk, kept.pk]))
    return redirect(f"{reverse('guidance:course', args=[found.pk])}#log")


@posted
def bring_back(request: StaffRequest, course: int, noted: int) -> HttpResponse:
    """It was no mistake."""
    found, kept = _entry(request, course, noted)
    log.bring_back_contact(actor=request.actor, entry=kept)
    tell(request, pgettext("in a course", "The contact is back."))
    return redirect(f"{reverse('guidance:course', args=[found.pk])}#log")


@posted
def agree(request: StaffRequest, course: int) -> HttpResponse:
    """Agree on a next step."""
    found = course_numbered(request.actor, course)
    form = StepForm(request.POST, auto_id="step_%s")
    if form.is_valid():
        said = dict(form.cleaned_data)
        key = said.pop("form_key")
        try:
            step = steps.agree_step(actor=request.actor, course=found, request_key=key, **said)
        except InvalidRequest as refusal:
            form.refuse(refusal)
        else:
            tell(request, _("The next step is written down."), undo=reverse("guidance:step", args=[found.pk, step.pk, "remove"]))
            return redirect(f"{reverse('guidance:course', args=[found.pk])}#steps")
    return course_page(request, found, step_form=form)


DEEDS = {
    "done": (steps.step_done, "undone"),
    "undone": (steps.step_undone, "done"),
    "remove": (steps.remove_step, "bring-back"),
    "bring-back": (steps.bring_back_step, "remove"),
}


@posted
def step(request: StaffRequest, course: int, step: int, deed: str) -> HttpResponse:
    """It is done, or not after all; it is not to be done, or is."""
    if deed not in DEEDS:
        raise Http404
    found = course_numbered(request.actor, course)
    kept = NextStep.objects.select_related("course").filter(course=found, pk=step).first()
    if kept is None:
        raise Http404
    act, back = DEEDS[deed]
    act(actor=request.actor, step=kept)
    words = {
        "done": _("Done: %(step)s"),
        "undone": _("Not done after all: %(step)s"),
        "remove": _("Removed: %(step)s"),
        "bring-back": _("To be done again: %(step)s"),
    }
    tell(request, words[deed] % {"step": kept.text}, undo=reverse("guidance:step", args=[found.pk, kept.pk, back]))
    if request.GET.get("back") == "courses":
        return redirect("guidance:courses")
    return redirect(f"{reverse('guidance:course', args=[found.pk])}#steps")


def _entry(request: StaffRequest, course: int, noted: int) -> tuple[Course, LogEntry]:
    found = course_numbered(request.actor, course)
    kept = LogEntry.objects.select_related("course").filter(course=found, pk=noted).first()
    if kept is None:
        raise Http404
    return found, kept
