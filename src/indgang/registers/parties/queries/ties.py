"""Who deals with which company, as far as somebody may know."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db.models import Exists, OuterRef, Q, QuerySet

from indgang.foundation.access.actors import Actor
from indgang.foundation.identity.models import Membership, Organisation
from indgang.foundation.places.models import Region
from indgang.registers.parties.models import Company, Tie
from indgang.registers.parties.permissions import SERVING, open_ties

STILL_IN_CONTACT = dt.timedelta(days=60)  # a contact that has no end of its own counts as contact for so long


def ties_visible_to(actor: Actor) -> QuerySet[Tie]:
    """The ties that an actor may know of; a confidential one is known to its team alone."""
    return Tie.objects.filter(open_ties(actor))


def known_by(actor: Actor, companies: Collection[int]) -> dict[int, list[Organisation]]:
    """Which organisations deal or dealt with these companies, the one that did so last first; one query."""
    ties = ties_visible_to(actor).filter(company__in=companies).select_related("organisation").order_by("-started", "-pk")
    known: dict[int, dict[int, Organisation]] = {}
    for one in ties:
        known.setdefault(one.company_id, {}).setdefault(one.organisation_id, one.organisation)
    return {company: list(organisations.values()) for company, organisations in known.items()}


def in_contact(actor: Actor, company: Company, today: dt.date) -> QuerySet[Tie]:
    """The ties that run today, or were only lately, the newest first."""
    running = Q(ended=None) | Q(ended__gte=today - STILL_IN_CONTACT)
    ties = ties_visible_to(actor).filter(running, company=company, started__lte=today)
    return ties.select_related("organisation").order_by("-started", "-pk")


def serving_organisations(region: Region) -> list[Organisation]:
    """The organisations of a region that serve companies, or have people who may. What is confidential plays no part in it."""
    open_tie = Tie.objects.filter(organisation=OuterRef("pk"), confidential=False)
    people = Membership.objects.filter(organisation=OuterRef("pk"), role__in=SERVING, ended_at=None)
    return list(Organisation.objects.filter(Exists(people) | Exists(open_tie), region=region))
