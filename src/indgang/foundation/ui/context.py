"""What every page frame needs: the region it speaks for, its operator, the languages, and where it was printed from."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from indgang.foundation.database import clock
from indgang.foundation.database.bilingual import in_language
from indgang.foundation.identity.models import Organisation, User
from indgang.foundation.places.models import Region

OWN_NAMES = {"da": "Dansk", "en": "English"}


def speak_for(request: HttpRequest, region: Region) -> None:
    """Let the page speak for this region: that of the visit it shows."""
    request.spoken_for = region  # type: ignore[attr-defined]


def region_of(request: HttpRequest) -> Region | None:
    """The region a page speaks for.

    That of the visit it shows, else the colleague's own, else `?region=`, else INDGANG_REGION, else the first with an operator.
    """
    spoken_for: Region | None = getattr(request, "spoken_for", None)
    if spoken_for is not None:
        return spoken_for
    actor = getattr(request, "actor", None)
    if actor is not None and actor.organisation is not None:
        region: Region = actor.organisation.region
        return region
    wanted = [key for key in (request.GET.get("region"), settings.REGION) if key]
    named = {region.key: region for region in Region.objects.filter(key__in=wanted)} if wanted else {}
    if found := next((named[key] for key in wanted if key in named), None):
        return found
    operator = Organisation.objects.filter(is_operator=True).select_related("region").order_by("pk").first()
    return operator.region if operator else Region.objects.order_by("pk").first()


def region_query(request: HttpRequest) -> str:
    """What keeps a link within the region, "?region=...", where the page was asked to speak for one; nothing is looked up elsewhere."""
    named = hasattr(request, "spoken_for") or "region" in request.GET
    region = region_of(request) if named else None
    return f"?region={region.key}" if region else ""


def operator_of(region: Region | None) -> dict[str, str]:
    """Who runs the entrance, for the footer and the notices: name, address, phone, email."""
    stated = (region.facts.get("operator") or {}) if region else {}
    return {key: in_language(value) if isinstance(value, dict) else str(value) for key, value in stated.items()}


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor. Nothing is looked up until a page frame asks."""
    region: Any = SimpleLazyObject(lambda: region_of(request))
    return {
        "region": region,
        "region_query": SimpleLazyObject(lambda: region_query(request)),
        "region_name": SimpleLazyObject(lambda: str(region) if region else ""),
        "operator": SimpleLazyObject(lambda: operator_of(region)),
        "language_choices": [{"code": code, "name": OWN_NAMES[code]} for code, _name in settings.LANGUAGES if code != get_language()],
        "page_address": request.get_full_path(),
        "page_source": f"{settings.BASE_URL.partition('://')[2]}{request.path}",  # not the caller's Host: error pages have a frame too
        "printed_at": clock.now(),
        "demonstration": SimpleLazyObject(lambda: settings.EMBEDDED and User.objects.filter(is_demo=True).exists()),
    }
