"""Two business offices and the hub, a division of labour, and companies, for the tests of who approaches whom."""

from __future__ import annotations

import datetime as dt
from typing import Any

from indgang.foundation.access.actors import Actor, staff
from indgang.foundation.database import clock
from indgang.foundation.identity.models import Organisation, Role, User
from indgang.foundation.identity.tests.factories import colleague
from indgang.foundation.places.models import Municipality, Region
from indgang.operations.guidance.models import Category, Course, DivisionOfLabour
from indgang.registers.parties.actions.ties import tie
from indgang.registers.parties.models import EIGHT, Company, Tie, TieKind

CONTENT: dict[str, Any] = {
    "source_da": "Samarbejdsaftalen",
    "source_en": "The agreement",
    "hub": "hub",
    "offices": "business-office",
    "specialised": [str(field) for field in EIGHT],
    "employees_up_to": 250,
    "entrepreneur_years": 3,
    "confirm_after_days": 180,
    "announced_for_days": 14,
    "remind_before_days": 7,
    "shares": {"entrepreneur": "office", "general": "office", "specialised": "hub", "large": "agreed"},
}


def small_region() -> Region:
    """Aalborg and Thisted with their offices, Læsø without one; the hub is the operator."""
    region = Region.objects.create(key="north", title_da="Nord", title_en="North")
    places = {
        key: Municipality.objects.create(region=region, code=code, key=key, title_da=title)
        for code, key, title in (("851", "aalborg", "Aalborg"), ("787", "thisted", "Thisted"), ("825", "laesoe", "Læsø"))
    }
    Organisation.objects.create(
        region=region, key="hub", kind="business-hub", is_operator=True, title_da="Erhvervshuset", title_en="The hub"
    )
    for key in ("aalborg", "thisted"):
        Organisation.objects.create(
            region=region,
            key=f"office-{key}",
            kind="business-office",
            municipality=places[key],
            title_da=f"Kontoret i {places[key].title_da}",
            title_en=f"{places[key].title_da} office",
        )
    DivisionOfLabour.objects.create(region=region, valid_from=dt.date(2020, 1, 1), content=CONTENT)
    return region


def organisation(key: str) -> Organisation:
    """The one of that key."""
    return Organisation.objects.select_related("region").get(key=key)


def person(key: str, *roles: str, email: str = "") -> User:
    """Somebody who works there, by default as a consultant."""
    return colleague(organisation(key), *(roles or (Role.CONSULTANT,)), email=email)


def at_work(key: str, *roles: str, email: str = "") -> Actor:
    """The same, at work."""
    return staff(person(key, *roles, email=email))


def company(name: str = "Nordjysk Stål", place: str | None = "aalborg", **facts: Any) -> Company:
    """A company of ten people, founded long ago, unless told otherwise."""
    told = {"cvr": "13585628", "employees": 10, "founded": dt.date(1990, 5, 1), "industry_code": "251100", **facts}
    municipality = Municipality.objects.get(key=place) if place else None
    return Company.objects.create(name=name, municipality=municipality, **told)


def course(of: Company, organisation_key: str = "hub", category: str = Category.GROWTH, **facts: Any) -> Course:
    """A course with its tie, as the actions write them."""
    told = {
        "started": clock.today(),
        "consultant": "Mette Holm",
        "fields": ["finance"],
        "reference": f"C-{Course.objects.count()}",
        **facts,
    }
    row = Course.objects.create(company=of, organisation=organisation(organisation_key), category=category, **told)
    tie(
        row,
        Tie(
            company=of,
            organisation=row.organisation,
            kind=TieKind.COURSE,
            fields=row.fields,
            consultant=row.consultant,
            started=row.started,
            ended=row.ended,
            confidential=row.confidential,
        ),
    )
    return row
