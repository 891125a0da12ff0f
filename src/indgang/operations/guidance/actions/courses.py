"""Courses: begun, changed, ended, opened again, removed and brought back."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from indgang.foundation.access.actors import Actor, NotAllowed, require
from indgang.foundation.database import clock
from indgang.foundation.identifiers.keys import digest
from indgang.foundation.identity.models import User
from indgang.operations.guidance import permissions
from indgang.operations.guidance.actions.keys import form_digest, free_reference
from indgang.operations.guidance.actions.told import tell_ties, write_entry
from indgang.operations.guidance.by_hand import as_told, note_by_hand
from indgang.operations.guidance.errors import InvalidRequest, NotNow
from indgang.operations.guidance.facts import CourseFacts, checked_course
from indgang.operations.guidance.faults import in_words
from indgang.operations.guidance.models import Category, Course, Delivery
from indgang.operations.guidance.queries.consultants import consultants_of
from indgang.operations.guidance.rules import courses as rules
from indgang.registers.parties.models import Company, Field
from indgang.registers.parties.queries.moves import municipality_of

TOLD = ("category", "fields", "started", "ended", "hours")  # what entries say; of words and people only that they changed


@transaction.atomic
def begin_course(*, actor: Actor, company: Company, facts: CourseFacts, request_key: str = "") -> Course:
    """Begin a course for the organisation that the actor acts for. The same form again answers the course there is.

    Raises NotAllowed (of Early Warning to whoever is not in the team) and InvalidRequest.
    """
    organisation = actor.organisation
    if organisation is None:
        raise NotAllowed
    require(permissions.begin(organisation, facts.category), actor)
    sent_as = form_digest(actor, "course", request_key, company.pk, facts)
    sent = Course.objects.filter(sent_as=sent_as).first() if sent_as else None
    if sent:
        return sent
    checked_course(facts, company)
    course = Course(reference=free_reference(Course), company=company, organisation=organisation, sent_as=sent_as)
    _write(course, facts, facts.consultant or actor.user)
    course.municipality_id = municipality_of(company, course.started)
    course.place_id = place_of(course)
    course.save()
    tell_ties(course)
    write_entry(actor, "course.begun", course, course, after=facts_of(course))
    return course


@transaction.atomic
def change_course(*, actor: Actor, course: Course, facts: CourseFacts, seen: str = "") -> Course:
    """Correct what a course says. Becoming Early Warning, or no longer being it, is the team's to say: from then on those see it, with
    everything in it, who see such courses.

    `seen` is the stamp of the course that the form was filled in for: raises NotNow where a colleague has changed it since, beside
    NotAllowed and InvalidRequest.
    """
    course = standing_course(actor, course)
    require(permissions.begin(course.organisation, facts.category), actor)
    before, secret, first_day, unit = facts_of(course), course.confidential, course.started, course.establishment_id
    changed = _changes(course, facts)
    if not changed:
        return course
    if seen and seen != stamp_of(course):
        raise NotNow(_("A colleague has changed this course meanwhile. Look at what it says now, and change it again."))
    checked_course(facts, course.company)
    had = as_told(course)
    _write(course, facts, facts.consultant)
    note_by_hand(course, had)
    if course.started != first_day:
        course.municipality_id = municipality_of(course.company, course.started)
    if course.establishment_id != unit or course.establishment_id is None:
        course.place_id = place_of(course)
    course.save()
    tell_ties(course)
    told = facts_of(course)
    parts = {name: (before[name], told[name]) for name in TOLD if before[name] != told[name]}
    write_entry(
        actor,
        "course.changed",
        course,
        course,
        before={name: was for name, (was, _now) in parts.items()},
        after={name: now for name, (_was, now) in parts.items()} | {"changed": changed},
        confidential=secret,
    )
    return course


@transaction.atomic
def end_course(*, actor: Actor, course: Course, ended: dt.date, result: str = "", hours: Decimal | None = None) -> Course:
    """Say that a course has ended, on which day and with which result; `hours`: how many it took, None = as they stand.

    Doing it twice changes nothing; raises NotNow where it had another end already, beside NotAllowed and InvalidRequest.
    """
    course = standing_course(actor, course)
    result, hours = result.strip(), course.hours if hours is None else hours
    if course.ended is not None:
        if (course.ended, course.result, course.hours) == (ended, result, hours):
            return course
        raise NotNow(_("This course has ended already. Change what it says, or open it again."))
    fault = rules.fault_of_days(course.started, ended) or (rules.Fault.NO_SUCH_DAY if ended > clock.today() + rules.AHEAD else None)
    faults = {"ended": fault, "hours": rules.fault_of_hours(hours)}
    if any(faults.values()):
        raise InvalidRequest({name: in_words(found) for name, found in faults.items() if found})
    before, had = {"hours": course.hours} if course.hours != hours else {}, as_told(course)
    course.ended, course.result, course.hours = ended, result, hours
    note_by_hand(course, had)
    course.save(update_fields=["ended", "result", "hours", "by_hand"])
    tell_ties(course)
    write_entry(actor, "course.ended", course, course, before=before, after={"ended": ended, "hours": hours})
    return course


@transaction.atomic
def reopen_course(*, actor: Actor, course: Course) -> Course:
    """It goes on after all. What was said of its result stays, to be said anew at its end. Doing it twice changes nothing."""
    course = standing_course(actor, course)
    if course.ended is None:
        return course
    ended, had, course.ended = course.ended, as_told(course), None
    note_by_hand(course, had)
    course.save(update_fields=["ended", "by_hand"])
    tell_ties(course)
    write_entry(actor, "course.reopened", course, course, before={"ended": ended})
    return course


@transaction.atomic
def remove_course(*, actor: Actor, course: Course) -> Course:
    """It was registered by mistake: it counts nowhere any more, nobody sees it, and it can be brought back. Twice changes nothing."""
    course = locked_course(actor, course)
    if course.removed_at is None:
        course.removed_at = clock.now()
        course.save(update_fields=["removed_at"])
        tell_ties(course)
        write_entry(actor, "course.removed", course, course)
    return course


@transaction.atomic
def bring_back_course(*, actor: Actor, course: Course) -> Course:
    """It was no mistake after all. Twice changes nothing."""
    course = locked_course(actor, course)
    if course.removed_at is not None:
        course.removed_at = None
        course.save(update_fields=["removed_at"])
        tell_ties(course)
        write_entry(actor, "course.brought-back", course, course)
    return course


def locked_course(actor: Actor, course: Course) -> Course:
    """The course as it is now, locked until the end of the transaction: whoever changes it or what stands beside it locks it first.
    Raises NotAllowed where the actor may not write in it, as it is now."""
    related = "organisation", "company__municipality", "establishment"
    found = Course.objects.select_for_update(of=("self",)).select_related(*related).filter(pk=course.pk).first()
    if found is None:  # the table that it came with was taken back
        raise NotAllowed
    require(permissions.keep(found), actor)
    return found


def standing_course(actor: Actor, course: Course) -> Course:
    """The same for what is written in a course. Raises NotNow where it was removed."""
    found = locked_course(actor, course)
    if found.removed_at:
        raise NotNow(_("This course was removed. Bring it back first."))
    return found


def facts_of(course: Course) -> dict[str, Any]:
    """What entries tell of it."""
    return {name: getattr(course, name) for name in TOLD}


def stamp_of(course: Course) -> str:
    """Changes with everything that a form of the course's facts shows."""
    shown = (*facts_of(course).values(), course.purpose, course.consultant, course.user_id, course.establishment_id)
    return digest(repr(shown))


def place_of(record: Course | Delivery) -> int | None:
    """The municipality of the establishment; where none is named, that of the company on the first day."""
    return record.establishment.municipality_id if record.establishment else record.municipality_id


def _changes(course: Course, facts: CourseFacts) -> list[str]:
    """The names of what becomes another."""
    user = facts.consultant.pk if facts.consultant else course.user_id
    unit = facts.establishment.pk if facts.establishment else None
    pairs = {
        "category": (course.category, facts.category),
        "fields": (course.fields, rules.in_order(facts.fields, Field.values)),
        "started": (course.started, facts.started),
        "ended": (course.ended, facts.ended),
        "hours": (course.hours, facts.hours),
        "purpose": (course.purpose, facts.purpose.strip()),
        "consultant": (course.user_id, user),
        "establishment": (course.establishment_id, unit),
    }
    return [name for name, (was, now) in pairs.items() if was != now]


def _write(course: Course, facts: CourseFacts, consultant: User | None) -> None:
    """Put what was said into the course; the consultant must be one of its organisation's."""
    becomes_secret = facts.category == Category.EARLY_WARNING and not course.confidential
    course.category, course.fields = facts.category, rules.in_order(facts.fields, Field.values)
    course.started, course.ended, course.hours = facts.started, facts.ended, facts.hours
    course.purpose, course.establishment = facts.purpose.strip(), facts.establishment
    known = consultants_of(course.organisation, secret=course.confidential)
    user = consultant or course.user
    if user and (user.pk != course.user_id or becomes_secret) and not known.filter(pk=user.pk).exists():
        raise InvalidRequest({"consultant": _("Choose a colleague who may see this course.")})
    if consultant and consultant.pk != course.user_id:
        course.user, course.consultant = consultant, str(consultant)
