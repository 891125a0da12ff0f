"""Screening visits and their results, as far as somebody may see them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Coalesce

from indgang.foundation.access.actors import Actor
from indgang.foundation.identity.models import WITH_COMPANIES, Organisation
from indgang.foundation.places.models import Municipality, Region
from indgang.operations.guidance.models import ParticipantKind, Playbook, ResultShare, Screening, ScreeningState
from indgang.operations.guidance.queries.figures import SAME
from indgang.operations.guidance.rules.figures import Level

BUSINESS_OFFICE, ENVIRONMENT, HUB = "business-office", "environment-department", "business-hub"
OF_MUNICIPALITY = (ParticipantKind.OFFICE, ParticipantKind.ENVIRONMENT)
REAL = ~Q(by_company=True, confirmed_at=None, date=None)  # a request is one once whoever asked has shown that they read their mail


def screenings_visible_to(actor: Actor) -> QuerySet[Screening]:
    """The visits of the actor's own organisations, and those in which these take part for the municipality. Whoever else the company
    agreed to sees the result (`results_visible_to`); all others only the tie."""
    if actor.kind == "system":
        return Screening.objects.filter(REAL)
    own = actor.organisations_as(*WITH_COMPANIES)
    part = Screening.objects.filter(participants__kind__in=OF_MUNICIPALITY, participants__organisation__in=own).values("pk")
    return Screening.objects.filter(REAL, Q(organisation__in=own) | Q(pk__in=part))


def my_visits(actor: Actor, today: dt.date) -> QuerySet[Screening]:
    """The actor's own planned visits until today, the latest first: today's, and those that nobody noted as held."""
    own = screenings_visible_to(actor).filter(consultant=actor.user, state=ScreeningState.PLANNED, date__lte=today)
    return own.select_related("company").order_by("-date", "time", "pk")


def requests_open(actor: Actor) -> QuerySet[Screening]:
    """What companies asked the actor's organisations for, and nobody planned yet."""
    return screenings_visible_to(actor).filter(state=ScreeningState.REQUESTED)


def results_visible_to(actor: Actor) -> QuerySet[Screening]:
    """The held visits whose result the actor may see: the municipality's own, and those that the company agreed to share with them."""
    held = Screening.objects.filter(state=ScreeningState.HELD)
    if actor.kind == "system":
        return held
    standing = shares_standing().filter(organisation__in=actor.organisations_as(*WITH_COMPANIES)).values("screening")
    return held.filter(Q(pk__in=screenings_visible_to(actor).values("pk")) | Q(pk__in=standing))


def shares_standing() -> QuerySet[ResultShare]:
    """With whom results are shared now: nothing of it is left once the company has taken its consent back."""
    return ResultShare.objects.filter(withdrawn_at=None, consent__withdrawn_at=None)


def office_of(municipality: Municipality) -> Organisation | None:
    """Who holds the visits in a municipality: its business office, or else the region's operator."""
    office = Organisation.objects.filter(kind=BUSINESS_OFFICE, municipality=municipality).order_by("pk").first()
    return office or Organisation.objects.filter(region=municipality.region, is_operator=True).first()


def environment_of(organisation: Organisation) -> Organisation | None:
    """The environment department of the same municipality."""
    return Organisation.objects.filter(kind=ENVIRONMENT, municipality=organisation.municipality).exclude(municipality=None).first()


def hub_of(region: Region) -> Organisation | None:
    """The region's business hub."""
    return Organisation.objects.filter(kind=HUB, region=region).order_by("pk").first()


def playbook_on(region: Region, day: dt.date) -> Playbook | None:
    """The version that visits begin with on a day; before the first one, that one."""
    versions = Playbook.objects.filter(region=region)
    return versions.filter(valid_from__lte=day).order_by("-valid_from", "-version").first() or versions.order_by("valid_from").first()


def visits_at_same_company(screening: Screening) -> QuerySet[Screening]:
    """Every visit at the same company, records that were judged to be one included; newest first."""
    if screening.company is None:
        return Screening.objects.none()
    group = screening.company.same_as_id or screening.company_id
    same = Q(company=group) | Q(company__same_as=group)
    return Screening.objects.filter(same).exclude(pk=screening.pk).order_by("-date", "-pk")


def earlier_results(actor: Actor, screening: Screening) -> Sequence[Screening]:
    """Held visits at the same company before this one that the actor may see the result of."""
    visible = results_visible_to(actor).values("pk")
    before = (
        visits_at_same_company(screening).filter(pk__in=visible, date__lt=screening.date) if screening.date else Screening.objects.none()
    )
    return list(before.select_related("playbook", "organisation"))


# Where a visit counts: where the company was on the day; at the level of establishments where that is, if one is named.
VISITED: dict[Level, str] = {Level.COMPANY: "municipality", Level.ESTABLISHMENT: "visited_place"}
PLACE = Coalesce("visited_in", "municipality")
_NAMED = Count("establishment", distinct=True)
_AS_A_WHOLE = Count(SAME, distinct=True, filter=Q(establishment=None))
UNITS_VISITED: dict[Level, Any] = {Level.COMPANY: Count(SAME, distinct=True), Level.ESTABLISHMENT: _NAMED + _AS_A_WHOLE}


@dataclass(frozen=True)
class Coverage:
    """How many companies (or establishments) of a municipality had a visit in a year, in how many visits."""

    municipality: Municipality | None
    year: int
    units: int
    visits: int


def held_between(region: Region, first: dt.date, last: dt.date) -> QuerySet[Screening]:
    """The visits held on those days."""
    return Screening.objects.filter(organisation__region=region, state=ScreeningState.HELD, date__gte=first, date__lte=last)


def visited_in(visits: QuerySet[Screening], code: str, level: Level = Level.COMPANY) -> QuerySet[Screening]:
    """Those of a municipality."""
    return visits.annotate(visited_place=PLACE).filter(**{VISITED[level]: Municipality.objects.filter(code=code).values("pk")[:1]})


def coverage(region: Region, level: Level = Level.COMPANY) -> Sequence[Coverage]:
    """Every municipality and year with a visit, the newest year first; two queries."""
    where = VISITED[level]
    held = held_between(region, dt.date.min, dt.date.max).annotate(year=F("date__year"), visited_place=PLACE)
    counted = held.order_by().values(where, "year").annotate(units=UNITS_VISITED[level], visits=Count("pk"))
    places = Municipality.objects.in_bulk([row[where] for row in counted if row[where]])
    found = [Coverage(places.get(row[where]), row["year"], row["units"], row["visits"]) for row in counted]
    return sorted(found, key=lambda one: (-one.year, one.municipality.code if one.municipality else ""))
