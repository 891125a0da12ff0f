"""Who books and who comes along, checked field by field."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, validate_email
from django.utils.translation import gettext as _

from indgang.foundation.identifiers.countries import UnknownCountry, country
from indgang.foundation.identifiers.keys import digest
from indgang.foundation.identifiers.people import normal_phone
from indgang.operations.reception.errors import InvalidRequest
from indgang.operations.reception.models.journey import Purpose

NAME_LENGTH = 150
EMAIL_LENGTH = 254  # what mail servers carry, and our column
_LANGUAGE = re.compile("[a-z]{2,3}")  # ISO 639: what they are spoken to in; letters are written in one of ours


@dataclass(frozen=True)
class Contact:
    """Whom the house writes to."""

    name: str
    email: str = ""
    phone: str = ""
    language: str = "en"


@dataclass(frozen=True)
class Guest:
    """Somebody who comes. Citizenship is an alpha-3 code, "" = unknown; purpose "" = as it was planned."""

    name: str
    citizenship: str = ""
    child: bool = False
    purpose: str = ""


def checked_contact(contact: Contact, *, email_needed: bool) -> Contact:
    """The contact, tidied. Raises InvalidRequest naming every field that cannot be used."""
    fields: dict[str, str] = {}
    name, email = " ".join(contact.name.split()), contact.email.strip()
    if not name:
        fields["name"] = _("Write your name.")
    elif len(name) > NAME_LENGTH or _has_control_characters(name):
        fields["name"] = _("Write your name with at most %(length)s letters.") % {"length": NAME_LENGTH}
    if email or email_needed:
        fields |= _email_problem(email)
    phone = _checked_phone(contact.phone, fields)
    if fields:
        raise InvalidRequest(fields)
    language = contact.language if _LANGUAGE.fullmatch(contact.language) else "en"
    return Contact(name, email, phone, language)


def _email_problem(email: str) -> dict[str, str]:
    try:
        validate_email(email)
        MaxLengthValidator(EMAIL_LENGTH)(email)
    except ValidationError:
        return {"email": _("Write an e-mail address like name@example.com. We send the confirmation there.")}
    return {}


def _checked_phone(text: str, fields: dict[str, str]) -> str:
    if not text.strip():
        return ""
    number = normal_phone(text)
    if not number:
        fields["phone"] = _("Write the phone number with its country code, like +45 20 12 34 56, or leave it empty.")
    return number


def _has_control_characters(text: str) -> bool:
    return any(unicodedata.category(letter) == "Cc" for letter in text)


def checked_citizenship(code: str, *, field: str) -> str:
    """The alpha-3 code in capitals; "" stays "" (unknown). Raises InvalidRequest for that field when there is no such country."""
    try:
        return country(code).alpha3 if code.strip() else ""
    except UnknownCountry:
        message = _("“%(code)s” is not a country code. Use three letters, like DEU for Germany.") % {"code": code[:10]}
        raise InvalidRequest({field: message}) from None


def checked_purpose(purpose: str, *, field: str) -> str:
    """Why somebody comes; "" = not said. Raises InvalidRequest for that field when there is no such purpose."""
    if purpose and purpose not in Purpose.values:
        raise InvalidRequest({field: _("Choose one of: %(purposes)s.") % {"purposes": ", ".join(Purpose.values)}})
    return purpose


def checked_guests(guests: Sequence[Guest]) -> tuple[Guest, ...]:
    """The guests, tidied. Raises InvalidRequest naming every field that cannot be used: `people.1.citizenship` is the second one's."""
    fields: dict[str, str] = {}
    checked = []
    for position, guest in enumerate(guests):
        try:
            checked.append(_checked_guest(guest, f"people.{position}"))
        except InvalidRequest as refusal:
            fields |= refusal.fields
    if fields:
        raise InvalidRequest(fields)
    return tuple(checked)


def _checked_guest(guest: Guest, place: str) -> Guest:
    name = " ".join(guest.name.split())
    if len(name) > NAME_LENGTH or _has_control_characters(name):
        raise InvalidRequest({f"{place}.name": _("Write each name with at most %(length)s letters.") % {"length": NAME_LENGTH}})
    citizenship = checked_citizenship(guest.citizenship, field=f"{place}.citizenship")
    return Guest(name, citizenship, guest.child, checked_purpose(guest.purpose, field=f"{place}.purpose"))


def party_digest(guests: Sequence[Guest]) -> str:
    """The same for the same people whatever the order, the case or the accents of their names. Empty when no names are known."""
    names = [guest.name for guest in guests if guest.name]
    if not names:
        return ""
    folded = sorted(unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold().strip() or name for name in names)
    return digest("|".join([*folded, *sorted(guest.citizenship for guest in guests)]))
