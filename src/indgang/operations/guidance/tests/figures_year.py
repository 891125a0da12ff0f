"""A year of guidance to count: courses, confidential ones among them, and deliveries."""

from __future__ import annotations

import datetime as dt
from itertools import count
from typing import Any

from indgang.foundation.identity.models import Organisation
from indgang.operations.guidance.models import Category, Course, Delivery
from indgang.registers.parties.models import Company, Establishment
from indgang.registers.parties.tests import factories

HUB, OFFICE = "erhvervshus-nordjylland", "erhvervskontor-thisted"
_numbers = count(1)


def course(of: Company, category: str = Category.GROWTH, started: str = "2026-03-02", by: str = HUB, **more: Any) -> Course:
    """A course as a table would leave it."""
    place = more.pop("establishment", None)
    return Course.objects.create(
        reference=f"C-{next(_numbers)}",
        company=of,
        establishment=place,
        organisation=factories.organisation(by),
        category=category,
        started=dt.date.fromisoformat(started),
        municipality=of.municipality,
        place=place.municipality if place else of.municipality,
        **more,
    )


def delivery(of: Company, day: str = "2026-03-02", kind: str = "service", by: str = "ihnd") -> Delivery:
    """Something given on a day."""
    return Delivery.objects.create(
        reference=f"D-{next(_numbers)}",
        company=of,
        organisation=factories.organisation(by),
        kind=kind,
        date=dt.date.fromisoformat(day),
        municipality=of.municipality,
        place=of.municipality,
    )


def establishment(of: Company, number: str, code: str) -> Establishment:
    """One of its places."""
    return Establishment.objects.create(p_number=number, company=of, municipality=factories.municipality(code))


def year() -> dict[str, Company]:
    """2026: five companies in Aalborg, one of them in confidence alone; one in confidence on Læsø; four in Thisted."""
    organisations = [factories.organisation(key) for key in (HUB, OFFICE, "ihnd")]
    assert all(isinstance(one, Organisation) for one in organisations)
    names = {"a": "851", "b": "851", "c": "851", "d": "851", "secret": "851", "island": "825", "u": "787", **dict.fromkeys("tvwx", "787")}
    made = {key: factories.company(f"{key.capitalize()} ApS", code=code) for key, code in names.items()}
    for key in "abcd":
        course(made[key], fields=["finance"], started="2026-02-02", ended=dt.date(2026, 2, 20))
    course(made["a"], Category.SHORT, fields=["innovation", "finance"])
    course(made["b"], Category.GROWTH, started="2025-05-05", ended=dt.date(2025, 12, 31))
    course(made["c"], Category.EARLY_WARNING, started="2025-05-05", ended=dt.date(2025, 12, 31))
    course(made["secret"], Category.EARLY_WARNING)
    course(made["island"], Category.EARLY_WARNING)
    for key in "tvwx":
        course(made[key], Category.OPERATIONS, by=OFFICE, ended=dt.date(2026, 4, 30))
    course(made["u"], Category.SHORT, by=OFFICE, removed_at=dt.datetime(2026, 4, 1, tzinfo=dt.UTC))
    delivery(made["u"])
    delivery(made["u"], kind="information")
    delivery(made["a"], kind="information")
    return made
