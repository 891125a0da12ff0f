"""The privacy notice and the accessibility statement, from the region's facts and from what the models declare."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from indgang.foundation.privacy.declarations import Declaration, declarations
from indgang.foundation.ui.context import region_of

# Rooms whose tables hold data about colleagues only, not about the people the house receives.
ABOUT_COLLEAGUES = {"database", "identity", "accounts and jobs", "jobs", "imports", "files"}
# What is kept about people as part of a company: these rooms, and of the parties everything but the persons themselves.
ABOUT_COMPANIES = {"guidance"}
PERSONS = {"parties.person"}
FIRST = ["parties", "reception", "mail"]  # what a visitor meets comes before what the house keeps behind it


def _facts(request: HttpRequest, name: str) -> dict[str, Any]:
    """One table of the region's facts; empty where no region is loaded."""
    region = region_of(request)
    return region.facts.get(name, {}) if region else {}


def _once(entries: list[Declaration]) -> list[Declaration]:
    """What is kept, each of its kind once: the rooms that visitors meet first, and in a room what holds most about them."""
    seen: set[tuple[str, str, str]] = set()
    ordered = sorted(entries, key=lambda entry: (FIRST.index(entry.room) if entry.room in FIRST else len(FIRST), -len(entry.fields)))
    kinds = [((entry.what, entry.purpose, entry.kept), entry) for entry in ordered]
    return [entry for kind, entry in kinds if kind not in seen and not seen.add(kind)]  # type: ignore[func-returns-value]


def _about_colleagues(entry: Declaration) -> bool:
    return entry.of_colleagues or entry.room in ABOUT_COLLEAGUES


def _about_companies(entry: Declaration) -> bool:
    return not entry.of_colleagues and (entry.room in ABOUT_COMPANIES or (entry.room == "parties" and entry.name not in PERSONS))


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept about people, why, for how long, and their rights (GDPR articles 13 and 14)."""
    all_of_them = declarations()
    context = {
        "facts": _facts(request, "privacy"),
        "about_visitors": _once([entry for entry in all_of_them if not _about_colleagues(entry) and not _about_companies(entry)]),
        "about_companies": _once([entry for entry in all_of_them if _about_companies(entry)]),
        "about_colleagues": _once([entry for entry in all_of_them if _about_colleagues(entry)]),
    }
    return render(request, "ui/privacy.html", context)


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """How accessible the pages are and where to complain (Directive (EU) 2016/2102)."""
    facts = _facts(request, "accessibility")
    assessed = dt.date.fromisoformat(facts["assessed"]) if facts.get("assessed") else None
    return render(request, "ui/accessibility.html", {"facts": facts, "assessed": assessed})
