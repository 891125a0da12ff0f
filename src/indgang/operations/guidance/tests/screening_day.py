"""A municipality's business office and environment department, the hub, and a playbook: what screening visits need."""

from __future__ import annotations

import datetime as dt
import tomllib
from typing import Any

from indgang.foundation.access.actors import Actor, staff
from indgang.foundation.identity.models import Organisation, Role, User
from indgang.foundation.places.models import Municipality, Region
from indgang.foundation.places.region_files import SHIPPED
from indgang.operations.guidance.actions.screening_answers import save_topic
from indgang.operations.guidance.actions.screening_requests import confirm_request, request_visit
from indgang.operations.guidance.actions.screenings import hold_visit, plan_visit
from indgang.operations.guidance.models import Playbook, Screening, Wheel
from indgang.operations.guidance.screening_facts import VisitFacts, VisitRequest
from indgang.operations.guidance.tests import factories
from indgang.registers.parties.models import Company

OFFICE, ENVIRONMENT, HUB, OTHER_OFFICE = "office-851", "environment-851", "the-hub", "office-860"
TODAY = dt.date(2026, 11, 24)


def municipal(region: Region) -> None:
    """The organisations of Aalborg and Hjørring that screen, the hub, and the playbook and wheel of North Denmark's files."""
    kinds = ((OFFICE, "business-office", "851"), (ENVIRONMENT, "environment-department", "851"), (HUB, "business-hub", ""))
    for key, kind, code in (*kinds, (OTHER_OFFICE, "business-office", "860")):
        place = Municipality.objects.get(code=code) if code else None
        Organisation.objects.create(region=region, key=key, title_da=key, title_en=key, kind=kind, municipality=place)
    first = dt.date(2024, 1, 1)
    Playbook.objects.create(region=region, version=1, valid_from=first, content=playbook_content())
    Wheel.objects.create(region=region, version=1, valid_from=first, content=wheel_content())


def playbook_content() -> dict[str, Any]:
    """As the loader stores North Denmark's file."""
    raw = tomllib.loads((SHIPPED / "north_denmark" / "playbook.toml").read_text())
    topics = [
        {
            "key": one["key"],
            "step": one["step"],
            "title": _said(one, "title"),
            "lead": _said(one, "lead"),
            "questions": [{"key": q["key"], "text": _said(q, "text"), "help": _said(q, "help")} for q in one["questions"]],
        }
        for one in raw["topics"]
    ]
    return {"scale": [_said(one, "title") for one in raw["scale"]], "topics": topics}


def wheel_content() -> dict[str, Any]:
    """As the loader stores North Denmark's file."""
    raw = tomllib.loads((SHIPPED / "north_denmark" / "wheel.toml").read_text())
    return {
        "dimensions": [
            {"key": one["key"], "source": one["source"], "title": _said(one, "title"), "text": _said(one, "text")}
            for one in raw["dimensions"]
        ]
    }


def _said(raw: dict[str, Any], name: str) -> dict[str, str]:
    return {language: raw[f"{name}_{language}"] for language in ("da", "en") if f"{name}_{language}" in raw}


def consultant(of: str = OFFICE, *roles: str) -> Actor:
    """A consultant of one of them, always the same."""
    email = f"{(roles or ('consultant',))[0]}@{of}.example"
    known = User.objects.filter(email=email).first()
    return staff(known) if known else factories.actor(*(roles or (Role.CONSULTANT,)), of=of, email=email)


def planned(by: Actor, company: Company, day: dt.date = TODAY, **more: Any) -> Screening:
    """A visit that somebody planned."""
    return plan_visit(actor=by, company=company, facts=VisitFacts(date=day, **more))


def answered(by: Actor, visit: Screening, **scores: str) -> Screening:
    """Answers by question, `_` for `-`: answered(by, visit, co2_account="3")."""
    for name, score in scores.items():
        question = name.replace("_", "-")
        topic = next(one.key for one in Playbook.objects.get(version=1).book.topics if question in one.question_keys)
        save_topic(actor=by, screening=visit, topic=topic, shown={}, mine={(question, "score"): score})
    return visit


def held(by: Actor, company: Company, day: dt.date = TODAY, **scores: str) -> Screening:
    """A visit that was held, with its answers."""
    return hold_visit(actor=by, screening=answered(by, planned(by, company, day), **scores))


def wanted(**more: Any) -> VisitRequest:
    """What a company writes."""
    said: dict[str, Any] = {
        "company_name": "Vestas Vandpumper ApS",
        "name": "Mette Holm",
        "email": "mette@pumper.example",
        "language": "da",
    }
    return VisitRequest(**{**said, "municipality": Municipality.objects.get(code="851"), **more})


def asked(**more: Any) -> Screening:
    """A request that was confirmed."""
    return confirm_request(screening=request_visit(asked=wanted(**more), consent=True))
