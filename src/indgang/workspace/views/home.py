"""The public front page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from indgang.foundation.database.bilingual import in_language
from indgang.foundation.places.models import Region
from indgang.foundation.ui.context import region_of
from indgang.workspace.front_page import house_cards


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What the house does, and the way to it."""
    region = region_of(request)
    cards = house_cards(region) if region else []
    context = {
        "cards": cards,
        "several": len(cards) > 1,
        "for_companies": _for_companies(region) if region else [],
        "doors": _doors(region) if region else [],
        "other_regions": sorted(Region.objects.exclude(pk=region.pk), key=str) if region else [],
    }
    return render(request, "workspace/home.html", context)


def _doors(region: Region) -> list[dict[str, Any]]:
    """What the region's facts say it offers to others than newcomers; a door without a text is not shown."""
    titles = {"companies": _("For companies"), "job_seekers": _("For people looking for work"), "events": _("Coming events")}
    stated = region.facts.get("doors", {})
    return [{"title": title, "text": in_language(stated[key]["text"])} for key, title in titles.items() if stated.get(key, {}).get("text")]


def _for_companies(region: Region) -> list[tuple[str, str]]:
    """What companies find here about the green transition, where the region has it."""
    found = []
    if region.wheels.exists():
        found.append((_("Where is your company? Turn the sustainability wheel"), reverse("guidance:wheel")))
    if region.playbooks.exists():
        found.append((_("Ask your municipality for a screening visit"), reverse("guidance:ask-for-screening")))
    return found
