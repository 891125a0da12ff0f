"""What is said of a screening visit when it is asked for or planned, and what is wrong with it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from indgang.foundation.database import clock
from indgang.foundation.identifiers.companies import normal_cvr
from indgang.foundation.identifiers.people import normal_phone
from indgang.foundation.identity.models import User
from indgang.foundation.places.models import Municipality
from indgang.operations.guidance.errors import InvalidRequest
from indgang.operations.guidance.faults import in_words
from indgang.operations.guidance.rules.courses import unit_of
from indgang.registers.parties.models import Company, Establishment

NAME_LENGTH, WISH_LENGTH = 150, 2_000
AHEAD, BACK = dt.timedelta(days=730), dt.timedelta(days=730)


@dataclass(frozen=True, kw_only=True)
class VisitRequest:
    """What a company writes when it asks for a visit."""

    company_name: str
    cvr: str = ""
    municipality: Municipality | None
    name: str
    email: str
    phone: str = ""
    wish: str = ""
    language: str = "da"


@dataclass(frozen=True, kw_only=True)
class VisitFacts:
    """A visit as somebody plans it. `environment` and `hub`: who takes part for them; None: nobody does."""

    date: dt.date
    time: dt.time | None = None
    place: str = ""
    establishment: Establishment | None = None
    consultant: User | None = None
    contact_name: str = ""
    contact_email: str = ""
    contact_phone: str = ""
    environment: str | None = None
    hub: str | None = None


def checked_request(asked: VisitRequest, *, consent: bool) -> VisitRequest:
    """The request, tidied. Raises InvalidRequest that names each field that cannot be used."""
    faults: dict[str, str] = {}
    tidy = replace(
        asked, company_name=" ".join(asked.company_name.split()), name=" ".join(asked.name.split()), email="".join(asked.email.split())
    )
    if not tidy.company_name:
        faults["company_name"] = _("Write the name of the company.")
    cvr = normal_cvr(asked.cvr.strip()) if asked.cvr.strip() else ""
    if asked.cvr.strip() and not cvr:
        faults["cvr"] = _("A CVR number has eight digits, and this is none. Look at it again, or leave it empty.")
    if asked.municipality is None:
        faults["municipality"] = _("Choose the municipality that the company is in.")
    if not tidy.name or len(tidy.name) > NAME_LENGTH:
        faults["name"] = _("Write your name.")
    phone = _phone(asked.phone, faults, "phone")
    if not tidy.email or not _is_email(tidy.email):
        faults["email"] = _("Write an e-mail address like name@example.com. We send the confirmation there.")
    if len(asked.wish) > WISH_LENGTH:
        faults["wish"] = _("Write at most %(length)s letters.") % {"length": WISH_LENGTH}
    if not consent:
        faults["consent"] = _("Tick that we may keep your details for this visit. We cannot arrange it without.")
    if faults:
        raise InvalidRequest(faults)
    return replace(tidy, cvr=cvr, phone=phone, wish=asked.wish.strip())


def checked_visit(facts: VisitFacts, company: Company) -> VisitFacts:
    """What was planned, tidied. Raises InvalidRequest that names each field that cannot be so."""
    faults: dict[str, str] = {}
    today = clock.today()
    if not today - BACK <= facts.date <= today + AHEAD:
        faults["date"] = _("Look at the year: a visit is planned at most two years ahead, or noted at most two years back.")
    if facts.establishment and (fault := unit_of(company.pk, facts.establishment.company_id)):
        faults["establishment"] = in_words(fault)
    if facts.contact_email and not _is_email(facts.contact_email.strip()):
        faults["contact_email"] = _("This is not an e-mail address.")
    phone = _phone(facts.contact_phone, faults, "contact_phone")
    if faults:
        raise InvalidRequest(faults)
    return replace(facts, contact_email=facts.contact_email.strip(), contact_phone=phone, contact_name=" ".join(facts.contact_name.split()))


def _is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= 254


def _phone(text: str, faults: dict[str, str], field: str) -> str:
    if not text.strip():
        return ""
    number = normal_phone(text)
    if not number:
        faults[field] = _("Write the phone number with its country code, like +45 20 12 34 56, or leave it empty.")
    return number
