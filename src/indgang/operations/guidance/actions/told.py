"""What the rest of the house is told of courses and deliveries: the journal, in the right circle, and the ties of their companies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Model

from indgang.foundation.access.actors import Actor
from indgang.foundation.journal import actions as journal
from indgang.foundation.journal.models import Circle
from indgang.operations.guidance.actions.told_office import keep_office_told
from indgang.operations.guidance.models import Course, Delivery
from indgang.registers.parties.actions.ties import tie, untie
from indgang.registers.parties.models import Tie, TieKind


def tie_of_course(course: Course) -> Tie:
    """What others may know of it."""
    return Tie(
        company_id=course.company_id,
        organisation_id=course.organisation_id,
        kind=TieKind.COURSE,
        fields=course.fields,
        consultant=course.consultant,
        started=course.started,
        ended=course.ended,
        confidential=course.confidential,
    )


def tie_of_delivery(delivery: Delivery) -> Tie:
    """What others may know of it."""
    return Tie(
        company_id=delivery.company_id,
        organisation_id=delivery.organisation_id,
        kind=TieKind.DELIVERY,
        consultant=str(delivery.author or ""),
        started=delivery.date,
        ended=delivery.date,
    )


def tell_ties(record: Course | Delivery) -> None:
    """Say anew what others may know of it, and the business office of a course; nothing, where it was registered by mistake."""
    if record.removed_at:
        untie([record])
    else:
        tie(record, tie_of_course(record) if isinstance(record, Course) else tie_of_delivery(record))
    if isinstance(record, Course):
        keep_office_told(record)


def write_entry(
    actor: Actor,
    verb: str,
    record: Model,
    course: Course | Delivery,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    confidential: bool = False,
) -> None:
    """Note what was done with a course or a delivery (`course`), or with what stands beside it (`record`): for its organisation alone, of
    Early Warning for the team alone, and so where it was that (`confidential`).

    Facts only: words are forgotten in time, entries are not.
    """
    secret = confidential or (isinstance(course, Course) and course.confidential)
    journal.record(
        actor=actor,
        verb=verb,
        subject=record,
        organisation=course.organisation,
        circle=Circle.TEAM if secret else Circle.ORGANISATION,
        about=[course.company] if record is course else [course, course.company],
        before=before,
        after=after,
    )
