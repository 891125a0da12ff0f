"""Organisations, colleagues and companies for the tests of guidance."""

from __future__ import annotations

import datetime as dt
from typing import Any

from indgang.foundation.access.actors import Actor, staff
from indgang.foundation.identity.models import Organisation, Role
from indgang.foundation.identity.tests.factories import colleague
from indgang.foundation.places.models import Municipality, Region
from indgang.operations.guidance.actions.courses import begin_course
from indgang.operations.guidance.facts import CourseFacts
from indgang.operations.guidance.models import Category, Course
from indgang.registers.parties.actions.words import Vocabulary
from indgang.registers.parties.models import Company, Establishment

MUNICIPALITIES = {"851": ("aalborg", "Aalborg"), "860": ("hjoerring", "Hjørring"), "825": ("laesoe", "Læsø")}
HUB, OFFICE = "erhvervshus-nordjylland", "erhvervskontor-aalborg"


def region() -> Region:
    """A small region: three municipalities, an operator, a business hub and a business office."""
    made = Region.objects.create(key="north-denmark", title_da="Nordjylland", title_en="North Denmark")
    for code, (key, title) in MUNICIPALITIES.items():
        Municipality.objects.create(region=made, code=code, key=key, title_da=title, title_en=title)
    for key, kind, operates in (("ihnd", "operator", True), (HUB, "hub", False), (OFFICE, "office", False)):
        Organisation.objects.create(region=made, key=key, title_da=key, title_en=key, kind=kind, is_operator=operates)
    return made


def actor(*roles: str, of: str = HUB, email: str = "") -> Actor:
    """A colleague of an organisation; a consultant where no role is named."""
    return staff(colleague(Organisation.objects.get(key=of), *(roles or (Role.CONSULTANT,)), email=email))


def company(cvr: str = "10000009", name: str = "Vestas Vandpumper ApS", municipality: str = "851", **facts: Any) -> Company:
    """A company of the register."""
    made = Company(cvr=cvr, name=name, municipality=Municipality.objects.get(code=municipality), **facts)
    Vocabulary().learn([made])
    made.save()
    return made


def establishment(company: Company, p_number: str = "1000000001", municipality: str = "860") -> Establishment:
    """One of its places."""
    return Establishment.objects.create(company=company, p_number=p_number, municipality=Municipality.objects.get(code=municipality))


def facts(category: str = Category.GROWTH, started: dt.date | None = None, **more: Any) -> CourseFacts:
    """What a form says of a course."""
    return CourseFacts(category=category, started=started or dt.date(2026, 3, 2), **more)


def course(by: Actor, of: Company, category: str = Category.GROWTH, **more: Any) -> Course:
    """A course that somebody began."""
    return begin_course(actor=by, company=of, facts=facts(category, **more))
