"""Whole letters and calendar texts, one template for each language: people who get one should feel that a person wrote it.

A template's first line is the subject. Templates stand in templates/reception/mail/<name>.<language>.txt; contacts of other languages get
the English ones.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Prefetch, prefetch_related_objects
from django.template import Context
from django.template.loader import get_template
from django.utils import translation

from indgang.foundation.database.bilingual import in_language
from indgang.foundation.identity.models import Organisation
from indgang.foundation.mail.actions import write_letter
from indgang.foundation.mail.models import Letter
from indgang.foundation.places.models import House
from indgang.operations.reception.models import Journey

LANGUAGES = ("da", "en")
OPERATOR = Prefetch("organisations", Organisation.objects.filter(is_operator=True), to_attr="operators")
_NAME = re.compile(r"[^\W\d_][^\d_<>/:@?=&%#\\]{0,59}")


@dataclass(frozen=True)
class Words:
    """A subject and a text."""

    subject: str
    text: str


def letter_language(journey: Journey) -> str:
    """The language to write to the contact in."""
    return journey.language if journey.language in LANGUAGES else "en"


def rendered(name: str, language: str, /, **values: Any) -> Words:
    """The template in that language. Nothing is escaped: this is plain text, not a page."""
    house = values["house"]
    titles = {
        "house_title": house.title_in(language),
        "directions": in_language(house.directions, language),
        "zone": house.zone,
        "home": f"{settings.BASE_URL}/?region={house.region.key}",
    }
    with translation.override(language):
        template: Any = get_template(f"reception/mail/{name}.{language}.txt")
        text = template.template.render(Context({**titles, **values}, autoescape=False))
    subject, _, body = text.strip().partition("\n")
    return Words(subject.strip(), re.sub(r"[ \t]+\n", "\n", re.sub(r"\n{3,}", "\n\n", body)).strip() + "\n")


def greeted(name: str) -> str:
    """The name to greet somebody by, or nothing: text that is no name (an address, a code) is not carried into other people's mail."""
    tidy = " ".join(name.split())
    return tidy if _NAME.fullmatch(tidy) and "www." not in tidy.lower() else ""


def write_from_house(house: House, words: Words, *, key: str, to: str, language: str, secrets: list[str], **how: Any) -> Letter:
    """Hand a letter in, from the region's operator; answers go to the house. `how` as `write_letter` takes it."""
    region: Any = house.region
    prefetch_related_objects([region], OPERATOR)  # once, however many letters
    return write_letter(
        key=key,
        to=to,
        language=language,
        subject=words.subject,
        text=words.text,
        organisation=next(iter(region.operators), None),
        reply_to=house.email,
        secrets=secrets,
        **how,
    )
