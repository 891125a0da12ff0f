"""The letters to a company about its screening visit: the link that confirms the request, and when the visit is."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django.template import Context
from django.template.loader import get_template
from django.utils import translation

from indgang.foundation.database import clock
from indgang.foundation.mail.actions import withdraw_letters, write_letter
from indgang.foundation.mail.queries import letters_about
from indgang.operations.guidance.models import Screening
from indgang.operations.guidance.screening_links import request_url

LANGUAGES = ("da", "en")
MINUTES_BETWEEN_LETTERS = 2
CONFIRM_WITHIN = dt.timedelta(days=7)
_NAME = re.compile(r"[^\W\d_][^\d_<>/:@?=&%#\\]{0,59}")


def send_link(screening: Screening) -> None:
    """The link that confirms the request."""
    url = request_url(screening)
    until = None if screening.confirmed_at else clock.now() + CONFIRM_WITHIN
    _write(
        "screening_link", f"screening-link:{screening.reference}:{screening.letters}", screening, url=url, secrets=[url], not_after=until
    )


def links_sent_today(screening: Screening) -> int:
    """How many of those letters were written within a day."""
    return letters_about(f"screening-link:{screening.reference}:").filter(created_at__gt=clock.now() - dt.timedelta(days=1)).count()


def link_sent_just_now(screening: Screening) -> bool:
    """Whether the link is under way: a second click needs no second letter."""
    since = clock.now() - dt.timedelta(minutes=MINUTES_BETWEEN_LETTERS)
    return letters_about(f"screening-link:{screening.reference}:").filter(created_at__gt=since).exists()


def send_planned(screening: Screening) -> None:
    """When and where the visit is, to whoever the company named; an earlier letter that still waits is taken back."""
    if not screening.contact_email or screening.date is None or screening.date < clock.today():
        return
    beginning = f"screening-planned:{screening.reference}:"
    withdraw_letters(keys_beginning=beginning)
    screening.letters += 1
    screening.save(update_fields=["letters"])
    _write("screening_planned", f"{beginning}{screening.letters}", screening, url="")


def _write(
    name: str, key: str, screening: Screening, *, url: str, secrets: list[str] | None = None, not_after: dt.datetime | None = None
) -> None:
    language = screening.language if screening.language in LANGUAGES else "da"
    tidy = " ".join(screening.contact_name.split())
    greeted = tidy if _NAME.fullmatch(tidy) and "www." not in tidy.lower() else ""
    with translation.override(language):
        template: Any = get_template(f"guidance/mail/{name}.{language}.txt")
        told = {"screening": screening, "name": greeted, "url": url, "office": screening.organisation.title_in(language)}
        subject, _, text = template.template.render(Context(told, autoescape=False)).strip().partition("\n")
    write_letter(
        key=key,
        to=screening.contact_email,
        language=language,
        subject=subject.strip(),
        text=re.sub(r"\n{3,}", "\n\n", text).strip() + "\n",
        secrets=secrets or [],
        not_after=not_after,
    )
