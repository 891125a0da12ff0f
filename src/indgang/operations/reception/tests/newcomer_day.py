"""A newcomer at the pages, for their tests: answers, a booking made by hand, the code in the mail, and all the data there is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.http import HttpResponse
from django.test import Client

from indgang.foundation.mail.models import Letter
from indgang.operations.reception.models import Journey

ALONE = {
    "citizenship": "POL",
    "purpose": "work",
    "stay": "24",
    "municipality": "851",
    "adults": "1",
    "children": "0",
    "date": "2026-12-08",
    "language": "en",
}
FAMILY = {**ALONE, "adults": "2", "children": "1", "differ": "on", "adult2": "UKR", "adult2_purpose": "", "child1": ""}
CONTACT = {"name": "Anna Nowak", "email": "anna@example.org", "phone": "", "consent": "on"}


def newcomer(language: str = "en", **options: Any) -> Client:
    """Somebody's browser."""
    return Client(headers={"Accept-Language": language}, **options)


def plan_of(client: Client, answers: Mapping[str, str] = ALONE, **more: str) -> HttpResponse:
    """The plan of the answers."""
    return client.get(f"/arrive/plan?{urlencode({**answers, **more})}")


def offers_on(response: HttpResponse) -> list[str]:
    """The offers that a page has buttons for, in order."""
    return re.findall(r'name="choose" value="([^"]+)"', response.content.decode())


def chosen(client: Client, answers: Mapping[str, str] = ALONE, number: int = 0) -> HttpResponse:
    """The booking page, after choosing one of the plan's times."""
    offer = offers_on(plan_of(client, answers))[number]
    return client.post(f"/arrive/book?{urlencode(answers)}", {"choose": offer}, follow=True)


def hidden(response: HttpResponse, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'type="hidden" name="{name}" value="([^"]*)"', response.content.decode())
    assert found, f"no hidden {name}"
    return unescape(found[1])


def confirm(client: Client, page: HttpResponse, answers: Mapping[str, str] = ALONE, **fields: str) -> HttpResponse:
    """Send the booking form of a page."""
    form = {**CONTACT, **fields, "offer": hidden(page, "offer"), "token": hidden(page, "token")}
    return client.post(f"/arrive/book?{urlencode(answers)}", form)


def booked(client: Client, answers: Mapping[str, str] = ALONE, **fields: str) -> Journey:
    """A journey booked through the pages."""
    response = confirm(client, chosen(client, answers), answers, **fields)
    assert response.status_code == 302, text_of(response)
    return Journey.objects.get(reference=response["Location"].split("/")[2])


def code_in_mail() -> str:
    """The six digits of the newest letter that has some."""
    for letter in Letter.objects.order_by("-created_at"):
        found = re.search(r"\b\d{6}\b", letter.text)
        if found:
            return found[0]
    raise AssertionError("no letter holds a code")


def link_in_mail() -> str:
    """Path and key of the newest letter's link to My arrival."""
    for letter in Letter.objects.order_by("-created_at"):
        found = re.search(r"https?://[^/\s]+(/arrival/\S+\?key=\S+)", letter.text)
        if found:
            return found[1]
    raise AssertionError("no letter holds a link")


def text_of(response: HttpResponse) -> str:
    """What stands on the page's main part, without markup."""
    body = response.content.decode()
    main = body[body.index("<main") : body.index("</main>")] if "<main" in body else body
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def everything() -> dict[str, list[tuple[str]]]:
    """Every row of every table."""
    with connection.cursor() as cursor:
        tables = [table for table in connection.introspection.table_names(cursor) if table != "django_migrations"]
        rows = {}
        for table in tables:
            cursor.execute(f'SELECT t::text FROM "{table}" t ORDER BY 1')
            rows[table] = cursor.fetchall()
    return rows
