"""What is said of courses, contacts, next steps and deliveries when they are written by hand, and what is wrong with it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from indgang.foundation.database import clock
from indgang.foundation.identity.models import User
from indgang.operations.guidance.errors import InvalidRequest
from indgang.operations.guidance.faults import in_words
from indgang.operations.guidance.models import Category, Course, DeliveryKind, How
from indgang.operations.guidance.rules import courses as rules
from indgang.operations.guidance.rules.courses import Fault
from indgang.registers.parties.models import Company, Establishment, Field


@dataclass(frozen=True, kw_only=True)
class CourseFacts:
    """A course as somebody writes it. Without a `consultant` it stays who it is; in a new one it is whoever writes."""

    category: str
    started: dt.date
    ended: dt.date | None = None
    fields: tuple[str, ...] = ()
    purpose: str = ""
    hours: Decimal | None = None
    consultant: User | None = None
    establishment: Establishment | None = None


@dataclass(frozen=True, kw_only=True)
class ContactFacts:
    """A contact of the log as somebody writes it."""

    on: dt.date
    how: str
    text: str = ""
    hours: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class DeliveryFacts:
    """Information or service as somebody writes it."""

    kind: str
    date: dt.date
    topic: str = ""
    establishment: Establishment | None = None


def checked_course(facts: CourseFacts, company: Company) -> None:
    """Raises InvalidRequest that names each field that cannot be so."""
    today, establishment = clock.today(), facts.establishment
    found = {
        "category": None if facts.category in Category.values else Fault.UNKNOWN,
        "fields": Fault.UNKNOWN_FIELD if rules.unknown(facts.fields, Field.values) else None,
        "started": rules.fault_of_day(facts.started, today),
        "ended": rules.fault_of_days(facts.started, facts.ended) or (rules.fault_of_day(facts.ended, today) if facts.ended else None),
        "hours": rules.fault_of_hours(facts.hours),
        "establishment": rules.unit_of(company.pk, establishment.company_id if establishment else None),
    }
    _refuse(found)


def checked_contact(facts: ContactFacts, course: Course) -> None:
    """Raises InvalidRequest that names each field that cannot be so."""
    known = facts.how in How.values
    found = {
        "on": rules.fault_of_contact(facts.on, clock.today(), course.started, course.ended),
        "hours": rules.fault_of_hours(facts.hours, rules.MOST_HOURS_A_DAY),
    }
    _refuse(found | ({} if known else {"how": Fault.UNKNOWN}))


def checked_delivery(facts: DeliveryFacts, company: Company) -> None:
    """Raises InvalidRequest that names each field that cannot be so."""
    today, establishment = clock.today(), facts.establishment
    found = {
        "kind": None if facts.kind in DeliveryKind.values else Fault.UNKNOWN,
        "date": Fault.NOT_YET if facts.date > today else rules.fault_of_day(facts.date, today),
        "establishment": rules.unit_of(company.pk, establishment.company_id if establishment else None),
    }
    _refuse(found)


def _refuse(found: dict[str, Fault | None]) -> None:
    faults = {name: in_words(fault) for name, fault in found.items() if fault}
    if faults:
        raise InvalidRequest(faults)
