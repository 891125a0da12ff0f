"""Before somebody contacts a company: whose it is and why, who is in contact now, and what was agreed about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from indgang.foundation.access.actors import Actor
from indgang.foundation.database import clock
from indgang.foundation.identity.models import Organisation
from indgang.foundation.places.models import Region
from indgang.operations.guidance.models import GreyZone, Outreach, PlannedContact
from indgang.operations.guidance.queries.division import InForce, division_in_force
from indgang.operations.guidance.queries.grey_zones import grey_zones_for
from indgang.operations.guidance.rules.approach import Answer, Facts, in_industries, industry_codes, whose_it_is
from indgang.registers.parties.models import Company, Tie
from indgang.registers.parties.permissions import see_companies, serve_openly
from indgang.registers.parties.queries.ties import in_contact


@dataclass(frozen=True)
class Line:
    """Whose one kind of guidance is: `field` is "" for general guidance, or the field (`any` of them, where none was named)."""

    answer: Answer
    field: str
    any: bool
    organisation: Organisation | None
    mine: bool


@dataclass(frozen=True)
class Focus:
    """The year's agreement of the company's office, and why it speaks of this company."""

    outreach: Outreach
    by_name: bool
    industry: bool
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Approach:
    """What to know before contacting a company. `others`: whom of other organisations one would run into."""

    company: Company
    lines: tuple[Line, ...]
    division: InForce | None
    facts: Facts
    ties: tuple[Tie, ...]
    planned: tuple[PlannedContact, ...]
    own: PlannedContact | None
    others: tuple[Organisation, ...]
    focus: Focus | None
    grey_zones: tuple[GreyZone, ...]
    may_announce: bool = field(default=False)

    @property
    def collision(self) -> bool:
        """Whether another organisation is in contact, or is going to be."""
        return bool(self.others)


def approach_of(actor: Actor, company: Company, field: str | None = None) -> Approach:
    """What the actor should know before contacting this company, about a field ("" for general guidance; None: whatever it is about).

    Nothing confidential is in it, but for what the actor's own Early Warning team knows anyway. For those who see companies.
    """
    today = clock.today()
    division = division_in_force(region_of(actor, company), today)
    facts = facts_of(company, division)
    lines = tuple(_lines(actor, company, division, facts, today, field))
    together = same_companies(company)
    ties = tuple(tie for one in together for tie in in_contact(actor, one, today)) if see_companies(actor) else ()
    planned = tuple(planned_contacts(actor, [one.pk for one in together], today))
    mine = actor.organisation.pk if actor.organisation else None
    own = next((one for one in planned if actor.user and one.user_id == actor.user.pk), None)
    elsewhere = {one.organisation_id: one.organisation for one in ties if one.organisation_id != mine}
    elsewhere |= {one.organisation_id: one.organisation for one in planned if one.organisation_id != mine}
    return Approach(
        company=company,
        lines=lines,
        division=division,
        facts=facts,
        ties=ties,
        planned=planned,
        own=own,
        others=tuple(elsewhere.values()),
        focus=focus_on(company, division, today.year, field),
        grey_zones=tuple(
            grey_zones_for(
                actor,
                region=division.region.pk,
                company=[one.pk for one in together],
                industry=company.industry_code,
                size=_size(lines),
                field=field,
            )
            if division
            else ()
        ),
        may_announce=serve_openly(actor),
    )


def region_of(actor: Actor, company: Company) -> Region | None:
    """The region whose division of labour counts: the company's, or the actor's where that is not known."""
    if company.municipality is not None:
        return company.municipality.region
    return actor.organisation.region if actor.organisation else None


def facts_of(company: Company, division: InForce | None) -> Facts:
    """What the division of labour asks about."""
    has_office = bool(division and company.municipality_id in division.offices)
    return Facts(has_cvr=bool(company.cvr), employees=company.employees, founded=company.founded, has_office=has_office)


def _lines(actor: Actor, company: Company, division: InForce | None, facts: Facts, today: dt.date, field: str | None) -> list[Line]:
    """One line, or two where it is not said what about and that decides."""
    rules = division.rules if division else None
    if field is not None or rules is None:
        return [_line(actor, company, division, whose_it_is(rules, facts, today, field or ""), field or "", any_field=False)]
    general = whose_it_is(rules, facts, today)
    special = whose_it_is(rules, facts, today, min(rules.specialised))
    lines = [_line(actor, company, division, general, "", any_field=False)]
    return lines if general == special else [*lines, _line(actor, company, division, special, "", any_field=True)]


def _line(actor: Actor, company: Company, division: InForce | None, answer: Answer, field: str, *, any_field: bool) -> Line:
    organisation = None
    if division and answer.whose == "office" and company.municipality_id:
        organisation = division.offices.get(company.municipality_id)
    elif division and answer.whose == "hub":
        organisation = division.hub
    mine = organisation is not None and actor.organisation is not None and organisation.pk == actor.organisation.pk
    return Line(answer, field, any_field, organisation, mine)


def _size(lines: Collection[Line]) -> str:
    """The size that decisions about grey zones speak of."""
    shares = {line.answer.share for line in lines}
    return "large" if "large" in shares else "entrepreneur" if "entrepreneur" in shares else "small" if shares - {None} else ""


def same_companies(company: Company) -> list[Company]:
    """The records that were judged to be this company, itself first."""
    root = company.same_as_id or company.pk
    others = Company.objects.filter(Q(pk=root) | Q(same_as=root)).exclude(pk=company.pk)
    return [company, *others.order_by("pk")]


def planned_contacts(actor: Actor, companies: Collection[int], today: dt.date) -> QuerySet[PlannedContact]:
    """Contacts with these companies that somebody announced and that still count, the next first."""
    if actor.kind != "system" and not see_companies(actor):
        return PlannedContact.objects.none()
    standing = PlannedContact.objects.filter(company__in=companies, taken_back_at=None, expires__gte=today)
    return standing.select_related("organisation", "user", "company").order_by("on", "pk")


def planned_by(actor: Actor, today: dt.date) -> QuerySet[PlannedContact]:
    """What the actor announced and what still counts."""
    standing = PlannedContact.objects.filter(user=actor.user, taken_back_at=None, expires__gte=today)
    return standing.select_related("company", "organisation").order_by("on", "pk")


def focus_on(company: Company, division: InForce | None, year: int, field: str | None = None) -> Focus | None:
    """What this year's agreement of its office says of the company, if anything."""
    office = division.offices.get(company.municipality_id or 0) if division else None
    outreach = Outreach.objects.filter(office=office, year=year).first() if office else None
    if outreach is None:
        return None
    by_name = outreach.companies.filter(pk=company.pk).exists()
    industry = in_industries(company.industry_code, industry_codes(outreach.industries))
    fields = tuple(one for one in outreach.fields if field in (None, one))
    return Focus(outreach, by_name, industry, fields) if by_name or industry or fields else None
