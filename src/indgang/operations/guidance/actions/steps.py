"""Next steps of a course: agreed, changed, done or not done after all, removed and brought back."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from indgang.foundation.access.actors import Actor, NotAllowed
from indgang.foundation.database import clock
from indgang.operations.guidance.actions.courses import standing_course
from indgang.operations.guidance.actions.keys import form_digest
from indgang.operations.guidance.actions.told import write_entry
from indgang.operations.guidance.errors import InvalidRequest
from indgang.operations.guidance.faults import in_words
from indgang.operations.guidance.models import Course, NextStep
from indgang.operations.guidance.rules import courses as rules

LONGEST = 300


@transaction.atomic
def agree_step(
    *, actor: Actor, course: Course, text: str, due: dt.date | None = None, by_company: bool = False, request_key: str = ""
) -> NextStep:
    """Write down what is to be done next, until when, by the consultant or the company. The same form again answers the step there is.

    Raises NotAllowed, InvalidRequest and NotNow.
    """
    course = standing_course(actor, course)
    sent_as = form_digest(actor, "step", request_key, course.pk, text, due, by_company)
    sent = NextStep.objects.filter(sent_as=sent_as).first() if sent_as else None
    if sent:
        return sent
    step = NextStep(course=course, author=actor.user, sent_as=sent_as, created_at=clock.now())
    _write(step, text, due, by_company)
    write_entry(actor, "next-step.agreed", step, course, after=facts_of(step))
    return step


@transaction.atomic
def change_step(*, actor: Actor, step: NextStep, text: str, due: dt.date | None = None, by_company: bool = False) -> NextStep:
    """Agree otherwise. Twice changes nothing. Raises NotAllowed, InvalidRequest and NotNow."""
    course, step = _locked(actor, step)
    if (step.text, step.due, step.by_company) == (text.strip(), due, by_company):
        return step
    before = facts_of(step)
    _write(step, text, due, by_company)
    write_entry(actor, "next-step.changed", step, course, before=before, after=facts_of(step))
    return step


@transaction.atomic
def step_done(*, actor: Actor, step: NextStep) -> NextStep:
    """It is done. Twice changes nothing."""
    course, step = _locked(actor, step)
    if step.done_on is None:
        step.done_on = clock.today()
        step.save(update_fields=["done_on"])
        write_entry(actor, "next-step.done", step, course, after=facts_of(step))
    return step


@transaction.atomic
def step_undone(*, actor: Actor, step: NextStep) -> NextStep:
    """It is not done after all. Twice changes nothing."""
    course, step = _locked(actor, step)
    if step.done_on is not None:
        step.done_on = None
        step.save(update_fields=["done_on"])
        write_entry(actor, "next-step.undone", step, course, after=facts_of(step))
    return step


@transaction.atomic
def remove_step(*, actor: Actor, step: NextStep) -> NextStep:
    """It is not to be done; it can be brought back. Twice changes nothing."""
    course, step = _locked(actor, step)
    if step.removed_at is None:
        step.removed_at = clock.now()
        step.save(update_fields=["removed_at"])
        write_entry(actor, "next-step.removed", step, course, before=facts_of(step))
    return step


@transaction.atomic
def bring_back_step(*, actor: Actor, step: NextStep) -> NextStep:
    """It is to be done after all. Twice changes nothing."""
    course, step = _locked(actor, step)
    if step.removed_at is not None:
        step.removed_at = None
        step.save(update_fields=["removed_at"])
        write_entry(actor, "next-step.brought-back", step, course, after=facts_of(step))
    return step


def facts_of(step: NextStep) -> dict[str, Any]:
    """What the journal tells of a step; its words stand in the course alone."""
    return {"due": step.due, "by_company": step.by_company, "done_on": step.done_on}


def _locked(actor: Actor, step: NextStep) -> tuple[Course, NextStep]:
    course = standing_course(actor, step.course)
    found = NextStep.objects.filter(pk=step.pk).first()
    if found is None:
        raise NotAllowed
    return course, found


def _write(step: NextStep, text: str, due: dt.date | None, by_company: bool) -> None:
    text = text.strip()
    faults: dict[str, str] = {}
    if not text:
        faults["text"] = _("Write what is to be done.")
    elif len(text) > LONGEST:
        faults["text"] = _("Write it shorter: at most %(limit)s characters.") % {"limit": LONGEST}
    if due and (fault := rules.fault_of_day(due, clock.today())):
        faults["due"] = in_words(fault)
    if faults:
        raise InvalidRequest(faults)
    step.text, step.due, step.by_company = text, due, by_company
    step.save()
