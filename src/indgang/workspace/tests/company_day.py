"""A browser of somebody who works with companies, and courses as guidance writes them."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django.test import Client

from indgang.foundation.identity.models import Organisation, User
from indgang.foundation.identity.tests.factories import logged_in
from indgang.operations.guidance.models import Course
from indgang.registers.parties.actions.ties import tie
from indgang.registers.parties.models import Company, Tie
from indgang.registers.parties.tests.region import HUB


def browser(user: User) -> Client:
    """The user's, in English."""
    client = logged_in(user)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def page(client: Client, firm: Company) -> str:
    return client.get(f"/companies/{firm.pk}/").content.decode()


def said(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def bare(text: str, firm: Company) -> str:
    """The page without what differs from one company or one moment to the next."""
    plain = text.replace(f"/{firm.pk}/", "/0/").replace(f'?company={firm.pk}"', '?company=0"')
    return re.sub(r'name="(csrfmiddlewaretoken|form_key)" value="[\w-]+"', "", plain)


def course(firm: Company, of: str = HUB, category: str = "growth", **facts: Any) -> Course:
    """A course with its tie, as guidance writes both."""
    office = Organisation.objects.get(key=of)
    made = Course.objects.create(
        reference=f"C{Course.objects.count()}",
        company=firm,
        organisation=office,
        category=category,
        **{"started": dt.date(2026, 3, 3), "consultant": "Anna Holt", "fields": ["finance"], **facts},
    )
    tie(
        made,
        Tie(
            company=firm,
            organisation=office,
            kind="course",
            fields=made.fields,
            consultant=made.consultant,
            started=made.started,
            ended=made.ended,
            confidential=made.confidential,
        ),
    )
    return made
