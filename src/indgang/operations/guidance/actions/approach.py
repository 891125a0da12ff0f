"""Announcing that one is going to contact a company, and writing down decisions about grey zones."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from indgang.foundation.access.actors import Actor, NotAllowed, require
from indgang.foundation.database import clock
from indgang.foundation.identity.models import Organisation, Role
from indgang.foundation.journal import actions as journal
from indgang.foundation.journal.models import Circle
from indgang.foundation.places.models import Region
from indgang.operations.guidance.approach_errors import ApproachError
from indgang.operations.guidance.models import GreyZone, PlannedContact
from indgang.operations.guidance.queries.approach import approach_of, region_of
from indgang.operations.guidance.queries.division import division_in_force
from indgang.registers.parties.models import Company
from indgang.registers.parties.permissions import serve_openly

AHEAD_AT_MOST = dt.timedelta(days=183)
COUNTS_FOR = 14


@dataclass(frozen=True)
class Announced:
    """A contact that was announced, and which other organisations are in contact with the company or are going to be."""

    contact: PlannedContact
    others: Sequence[Organisation]


@transaction.atomic
def announce_contact(*, actor: Actor, company: Company, on: dt.date, field: str = "") -> Announced:
    """Say that one is going to contact a company on a day; said again, it moves to the other day. Two at once come one after the other, so
    that the second is told of the first. Raises ApproachError for a day that is over or far off."""
    require(serve_openly, actor)
    today = clock.today()
    if on < today:
        raise ApproachError(_("That day is over. Choose today or a later day."))
    if on > today + AHEAD_AT_MOST:
        raise ApproachError(_("That is more than half a year off. Announce it when it comes closer."))
    company = Company.objects.select_for_update(no_key=True, of=("self",)).select_related("municipality__region").get(pk=company.pk)
    known = approach_of(actor, company)
    days = known.division.announced_for_days if known.division else COUNTS_FOR
    said = {"field": field, "on": on, "expires": on + dt.timedelta(days=days)}
    contact = known.own if known.own and known.own.company_id == company.pk else None
    if contact is None:
        if actor.user is None or actor.organisation is None:
            raise NotAllowed
        contact = PlannedContact.objects.create(company=company, organisation=actor.organisation, user=actor.user, **said)
        _tell(actor, "approach.announced", contact, after={"on": on, "field": field})
    elif (contact.on, contact.field) != (on, field):
        before = {"on": contact.on, "field": contact.field}
        contact.on, contact.field, contact.expires = on, field, said["expires"]  # type: ignore[assignment]
        contact.save(update_fields=["on", "field", "expires"])
        _tell(actor, "approach.moved", contact, before=before, after={"on": on, "field": field})
    return Announced(contact, known.others)


@transaction.atomic
def take_back_contact(*, actor: Actor, contact: PlannedContact) -> None:
    """It does not come to it, or it has been. By whoever announced it, and the leaders where they work. Twice changes nothing."""
    found = _own(actor, contact)
    if found.taken_back_at is None:
        found.taken_back_at = clock.now()
        found.save(update_fields=["taken_back_at"])
        _tell(actor, "approach.taken-back", found)


@transaction.atomic
def bring_back_contact(*, actor: Actor, contact: PlannedContact) -> None:
    """Undo taking it back."""
    found = _own(actor, contact)
    if found.taken_back_at is not None:
        found.taken_back_at = None
        found.save(update_fields=["taken_back_at"])
        _tell(actor, "approach.announced", found, after={"on": found.on, "field": found.field})


def _own(actor: Actor, contact: PlannedContact) -> PlannedContact:
    found = PlannedContact.objects.select_for_update(of=("self",)).select_related("company").get(pk=contact.pk)
    own = actor.user is not None and actor.user.pk == found.user_id
    require(lambda someone: own or someone.has_role(Role.LEADER, organisation_id=found.organisation_id), actor)
    return found


def _tell(
    actor: Actor,
    verb: str,
    contact: PlannedContact,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> None:
    journal.record(
        actor=actor,
        verb=verb,
        subject=contact,
        organisation=contact.organisation,
        about=[contact.company],
        circle=Circle.COMPANIES,
        before=before,
        after=after,
    )


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What was decided, about what, and between whom."""

    question: str
    decision: str
    decided_on: dt.date
    reason: str = ""
    parties: Collection[Organisation] = ()
    field: str = ""
    size: str = ""
    industries: Sequence[str] = ()
    company: Company | None = None


@transaction.atomic
def decide_grey_zone(*, actor: Actor, form_key: str, decision: Decision, replaces: GreyZone | None = None) -> GreyZone:
    """Write a decision down, once for each `form_key`. It cannot be changed; a later one `replaces` it. Raises ApproachError where that one
    has been replaced already."""
    require(serve_openly, actor)
    if standing := GreyZone.objects.filter(form_key=form_key).first():
        return standing
    before = GreyZone.objects.select_for_update(of=("self",)).get(pk=replaces.pk) if replaces else None
    if standing := GreyZone.objects.filter(form_key=form_key).first():  # two clicks: the other one was first
        return standing
    if before and before.replaced_by_id:
        raise ApproachError(_("A later decision has replaced this one already. Open that one, and replace it instead."))
    if decision.decided_on > clock.today():
        raise ApproachError(_("The day of the decision is yet to come. Write the day on which it was made."))
    if actor.organisation is None:
        raise NotAllowed
    row, new = GreyZone.objects.get_or_create(
        form_key=form_key,
        defaults={
            "region": _region(actor, decision, before),
            "question": decision.question,
            "decision": decision.decision,
            "reason": decision.reason,
            "decided_on": decision.decided_on,
            "field": decision.field,
            "size": decision.size,
            "industries": list(decision.industries),
            "company": decision.company,
            "organisation": actor.organisation,
            "author": actor.user,
        },
    )
    if not new:
        return row
    row.parties.set(decision.parties)
    if before:
        before.replaced_by = row
        before.save(update_fields=["replaced_by"])
    about = [one for one in (decision.company, before) if one is not None]
    journal.record(actor=actor, verb="grey-zone.decided", subject=row, about=about, circle=Circle.COMPANIES)
    return row


def _region(actor: Actor, decision: Decision, before: GreyZone | None) -> Region:
    """Where it counts: as the one it replaces; else the company's region where that has a division of labour, else the actor's."""
    if before:
        return before.region
    region = region_of(actor, decision.company) if decision.company else None
    if region and division_in_force(region, clock.today()):
        return region
    if actor.organisation is None:
        raise NotAllowed
    return actor.organisation.region
