"""Decisions about grey zones: finding them again, and those that apply to a company."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q, QuerySet

from indgang.foundation.access.actors import Actor
from indgang.operations.guidance.models import GreyZone
from indgang.operations.guidance.rules.approach import in_industries
from indgang.registers.parties.permissions import see_companies

WORDS = 6


def grey_zones_visible_to(actor: Actor) -> QuerySet[GreyZone]:
    """Every decision, for everyone who works with companies; the latest first."""
    if actor.kind != "system" and not see_companies(actor):
        return GreyZone.objects.none()
    rows = GreyZone.objects.select_related("company", "organisation", "author", "replaced_by").prefetch_related("parties")
    return rows.order_by("-decided_on", "-pk")


def grey_zones_found(actor: Actor, *, text: str = "", field: str = "", replaced: bool = False) -> QuerySet[GreyZone]:
    """Those in which every word stands, whichever part it is in; `field`: about that field, or about any."""
    found = grey_zones_visible_to(actor)
    if not replaced:
        found = found.filter(replaced_by=None)
    for word in text.split()[:WORDS]:
        said = Q(question__icontains=word) | Q(decision__icontains=word) | Q(reason__icontains=word)
        found = found.filter(said | Q(company__name__icontains=word) | Q(parties__title_da__icontains=word))
    return (found.filter(field__in=("", field)) if field else found).distinct()


def grey_zones_for(actor: Actor, *, region: int, company: Collection[int], industry: str, size: str, field: str | None) -> list[GreyZone]:
    """The standing decisions that apply to a company: about itself, or about its kind. `size`: "" where it is not known; `field`: None for
    whatever it is about."""
    about = Q(company__in=company) | Q(company=None, size__in=("", size)) if size else Q(company__in=company) | Q(company=None, size="")
    found = grey_zones_visible_to(actor).filter(about, region=region, replaced_by=None)
    if field is not None:
        found = found.filter(field__in=("", field))
    return [one for one in found if one.company_id or not one.industries or in_industries(industry, one.industries)]
