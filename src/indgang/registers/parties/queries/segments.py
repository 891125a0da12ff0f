"""The companies of a segment, and whom of them one may write to."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from indgang.foundation.access.actors import Actor
from indgang.foundation.identity.models import WITH_COMPANIES
from indgang.registers.parties.models import Company, Consent, ConsentKind, Segment, Sharing, TieKind
from indgang.registers.parties.queries.ties import ties_visible_to
from indgang.registers.parties.rules.segments import Criteria
from indgang.registers.parties.rules.sizes import limits_of

YEAR = dt.timedelta(days=365)
YES_NO = {"yes": True, "no": False}


@dataclass(frozen=True)
class Reachable:
    """Of a segment: whom one may send newsletters and invitations to, and how many were left out for which reason."""

    companies: QuerySet[Company]
    protected: int
    without_consent: int


def segments_visible_to(actor: Actor) -> QuerySet[Segment]:
    """The lists of the actor's own organisations."""
    return Segment.objects.filter(organisation__in=actor.organisations_as(*WITH_COMPANIES), removed_at=None).order_by("name", "pk")


def companies_in(actor: Actor, criteria: Criteria, today: dt.date) -> QuerySet[Company]:
    """The companies, each once however often it was written down: with the first of its records that fits.

    What is in confidence plays no part, for its own team neither: a list goes from hand to hand, and who is missing in it would tell.
    """
    found = Company.objects.all()
    if criteria.municipalities:
        found = found.filter(municipality__code__in=criteria.municipalities)
    if criteria.industry:
        found = found.filter(industry_code__startswith=criteria.industry)
    if criteria.sizes:
        found = found.filter(_of_sizes(criteria))
    if criteria.foreign:
        found = found.filter(foreign_employees=YES_NO[criteria.foreign])
    if criteria.protected:
        found = found.filter(advertising_protected=YES_NO[criteria.protected])
    return _once(_served(actor, found, criteria, today))


def _once(found: QuerySet[Company]) -> QuerySet[Company]:
    root = found.filter(pk=OuterRef("same_as"))
    earlier = found.filter(same_as=OuterRef("same_as"), pk__lt=OuterRef("pk"))
    return found.filter(Q(same_as=None) | (~Exists(root) & ~Exists(earlier)))


def _of_sizes(criteria: Criteria) -> Q:
    wanted = Q()
    for size in criteria.sizes:
        first, last = limits_of(size)
        wanted |= Q(employees__gte=first) if last is None else Q(employees__range=(first, last))
    return wanted


def _served(actor: Actor, found: QuerySet[Company], criteria: Criteria, today: dt.date) -> QuerySet[Company]:
    """Narrowed by what was done for them; a note serves nobody."""
    ties = ties_visible_to(actor).filter(confidential=False).exclude(kind=TieKind.NOTE)
    if criteria.by == "us":
        ties = ties.filter(organisation__in=actor.organisations_as(*WITH_COMPANIES))
    if criteria.field:
        found = found.filter(_of_companies(ties.filter(fields__contains=[criteria.field])))
    if criteria.served == "never":
        return found.filter(~_of_companies(ties))
    lately = _of_companies(ties.filter(Q(ended=None) | Q(ended__gte=today - YEAR), started__lte=today))
    if criteria.served == "last-year":
        return found.filter(lately)
    return found.filter(~lately) if criteria.served == "not-last-year" else found


def _of_companies(rows: QuerySet[Any]) -> Q:
    """The companies that the rows are about, under whichever of its records each was written down. None of the questions asks about the
    company in hand, so that the database answers each once for all."""
    named = rows.order_by().values("company")
    roots = Company.objects.filter(pk__in=named, same_as__isnull=False).values("same_as")
    return Q(pk__in=named) | _with_twins(named) | Q(pk__in=roots) | _with_twins(roots)


def _with_twins(ids: QuerySet[Any, Any]) -> Q:
    return Q(same_as__isnull=False, same_as__in=ids)


def _protected() -> Q:
    """Protected against advertising, as any of its records says."""
    say_so = Company.objects.filter(advertising_protected=True)
    roots = say_so.filter(same_as__isnull=False).values("same_as")
    first = say_so.filter(same__isnull=False).values("pk")
    return Q(advertising_protected=True) | _with_twins(first) | Q(pk__in=roots) | _with_twins(roots)


def reachable(actor: Actor, companies: QuerySet[Company]) -> Reachable:
    """Electronic marketing needs a consent towards the own organisation, and a protected company gets none without one (marketing act § 10;
    CVR law § 19)."""
    own = Consent.objects.filter(
        organisation__in=actor.organisations_as(*WITH_COMPANIES), kind=ConsentKind.MARKETING, withdrawn_at=None
    ).exclude(sharing=Sharing.TEAM)
    agreed, protected = _of_companies(own), _protected()
    counts = {"protected": Count("pk", filter=agreed & protected), "without_consent": Count("pk", filter=~agreed)}
    return Reachable(companies.filter(agreed, ~protected), **companies.order_by().aggregate(**counts))
