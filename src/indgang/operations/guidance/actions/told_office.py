"""The business office is told when the hub begins a course for a company of its municipality, or meets it: who, when, in which field; never
what was said, and never of Early Warning.

Source: the agreement 2020-2023, section 2: "På kort sigt fastholdes nuværende model, hvor Erhvervshus Nordjylland orienterer lokale
erhvervskontorer i forbindelse med virksomhedsmøder."
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from indgang.foundation.database import clock
from indgang.foundation.identity.models import Organisation
from indgang.foundation.journal.drafts import tag_of
from indgang.foundation.mail.actions import withdraw_letters
from indgang.foundation.mail.models import State
from indgang.foundation.mail.queries import letters_about
from indgang.operations.guidance.models import Course, LogEntry, OfficeNotice
from indgang.operations.guidance.models.course import How
from indgang.operations.guidance.queries.division import division_in_force

BEGUN = "begun"
MET = (How.VISIT, How.MEETING, How.ONLINE)  # a meeting; a call or a mail is none
NEWS = dt.timedelta(days=30)  # what was registered later is no news any more


def keep_office_told(course: Course) -> None:
    """Bring what an office is told of a course up to what the course says by now: new meetings are told, those that were a mistake are
    taken back, and of a course that has become confidential nothing stays. May be called after every change."""
    standing = {notice.source: notice for notice in OfficeNotice.objects.filter(course=course)}
    office = office_to_tell(course)
    wanted = _wanted(course) if office else {}
    for source, facts in wanted.items():
        notice = standing.pop(source, None)
        if notice is not None:
            _bring_up_to_date(notice, facts)
        elif clock.today() - facts["on"] <= NEWS:
            told = {"office": office, "organisation": course.organisation, "company": course.company, "course": course, **facts}
            OfficeNotice.objects.get_or_create(source=source, defaults=told)
    gone = [notice for notice in standing.values() if notice.taken_back_at is None]
    for notice in gone:
        notice.taken_back_at = clock.now()
        notice.save(update_fields=["taken_back_at"])
    for number in {notice.office_id for notice in gone if notice.mailed_at}:
        _keep_letters_from_leaving(number)


def _keep_letters_from_leaving(office: int) -> None:
    """A letter that the mail server has not taken yet must not tell what is told no more: what else stood in it is told anew."""
    oldest = letters_about(letters_to(office)).filter(state=State.WAITING).first()
    if oldest is not None:
        withdraw_letters(keys_beginning=letters_to(office))
        OfficeNotice.objects.filter(office=office, mailed_at__gte=oldest.created_at).update(mailed_at=None)


def letters_to(office: int) -> str:
    """How the keys of the letters begin that tell an office."""
    return f"office-notices:{office}:"


def office_to_tell(course: Course) -> Organisation | None:
    """The office of the company's municipality, of what the hub does openly; None where there is nothing to tell, or nobody."""
    return None if course.confidential or course.removed_at else office_of(course)


def office_of(course: Course) -> Organisation | None:
    """The office that is told of such courses, where they are open."""
    if course.company.municipality is None:
        return None
    division = division_in_force(course.company.municipality.region, clock.today())
    if division is None or division.hub is None or division.hub.pk != course.organisation_id:
        return None
    return division.offices.get(course.company.municipality.pk)


def _wanted(course: Course) -> dict[str, dict[str, Any]]:
    """What is to be told, by the record that it is about."""
    told: dict[str, Any] = {"consultant": course.consultant, "fields": course.fields}
    found = {tag_of(course): {"what": BEGUN, "on": course.started, **told}}
    for entry in LogEntry.objects.filter(course=course, removed_at=None, how__in=MET).select_related("author"):
        who = str(entry.author) if entry.author else course.consultant
        found[tag_of(entry)] = {"what": entry.how, "on": entry.on, **told, "consultant": who}
    return found


def _bring_up_to_date(notice: OfficeNotice, facts: dict[str, Any]) -> None:
    changed = [name for name, value in {**facts, "taken_back_at": None}.items() if getattr(notice, name) != value]
    for name in changed:
        setattr(notice, name, facts.get(name))
    if changed:
        notice.save(update_fields=changed)
