"""Keeping who is who: each their own entry, leaders those of everybody where they work."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from indgang.foundation.access.actors import Actor, NotAllowed, require
from indgang.foundation.database import clock
from indgang.foundation.identity.models import Membership, Organisation, Role, User
from indgang.foundation.journal import actions as journal
from indgang.foundation.journal.models import Circle
from indgang.operations.guidance.approach_errors import ApproachError
from indgang.operations.guidance.approach_permissions import keep_duty
from indgang.operations.guidance.models import Duty, DutyKind
from indgang.operations.guidance.queries.division import InForce, division_in_force
from indgang.registers.parties.permissions import OPENLY, serve_openly


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What somebody is the one for, and how to reach them. Without a `user` somebody who has no account, by name."""

    kind: str
    office: Organisation | None = None
    field: str = ""
    user: User | None = None
    name: str = ""
    email: str = ""
    phone: str = ""


@transaction.atomic
def add_duty(*, actor: Actor, entry: Entry) -> Duty:
    """Put somebody into who is who: oneself, or as a leader anybody of one's organisation. The same again changes nothing.

    The hub names contact persons and owners of fields, an office its own contact. Raises ApproachError and NotAllowed.
    """
    require(serve_openly, actor)
    own = actor.organisation
    division = division_in_force(own.region, clock.today()) if own else None
    if own is None or division is None or not _is_theirs(own, division, entry):
        raise NotAllowed
    leads = actor.has_role(Role.LEADER, organisation_id=own.pk)
    if not leads and (entry.user is None or actor.user != entry.user):
        raise NotAllowed
    if entry.user and not Membership.objects.filter(user=entry.user, organisation=own, role__in=OPENLY, ended_at=None).exists():
        raise ApproachError(_("Choose a colleague of your own organisation."))
    name = str(entry.user) if entry.user else entry.name.strip()
    if not name:
        raise ApproachError(_("Choose a colleague, or write a name."))
    key = {"kind": entry.kind, "office": entry.office, "field": entry.field, "user": entry.user, "ended_at": None}
    standing = Duty.objects.filter(**key, **({} if entry.user else {"name": name, "organisation": own})).first()
    if standing:
        return standing
    duty = Duty.objects.create(
        **key,
        region=division.region,
        organisation=own,
        name=name,
        email=entry.email.strip() or (entry.user.email if entry.user else ""),
        phone=entry.phone.strip(),
        confirmed_on=clock.today(),
    )
    _tell(actor, "duty.taken-on", duty)
    return duty


def _is_theirs(own: Organisation, division: InForce, entry: Entry) -> bool:
    if entry.kind == DutyKind.OFFICE:
        return entry.office == own and own in division.offices.values()
    if own != division.hub:
        return False
    return entry.field in division.rules.specialised if entry.kind == DutyKind.FIELD else entry.office in division.offices.values()


@transaction.atomic
def change_duty(*, actor: Actor, duty: Duty, name: str, email: str, phone: str) -> Duty:
    """Correct how to reach somebody, which confirms the entry too. Of somebody with an account the name is the account's."""
    row = _locked(actor, duty)
    row.name = str(row.user) if row.user else name.strip() or row.name
    row.email, row.phone, row.confirmed_on = email.strip(), phone.strip(), clock.today()
    row.save(update_fields=["name", "email", "phone", "confirmed_on"])
    _tell(actor, "duty.changed", row)
    return row


@transaction.atomic
def confirm_duty(*, actor: Actor, duty: Duty) -> Duty:
    """It is right as it stands. Twice on a day changes nothing."""
    row = _locked(actor, duty)
    if row.confirmed_on != clock.today():
        row.confirmed_on = clock.today()
        row.save(update_fields=["confirmed_on"])
        _tell(actor, "duty.confirmed", row)
    return row


@transaction.atomic
def end_duty(*, actor: Actor, duty: Duty) -> Duty:
    """They are not the one to ask any more. Twice changes nothing."""
    row = _locked(actor, duty)
    if row.ended_at is None:
        row.ended_at = clock.now()
        row.save(update_fields=["ended_at"])
        _tell(actor, "duty.ended", row)
    return row


@transaction.atomic
def take_up_duty_again(*, actor: Actor, duty: Duty) -> Duty:
    """Undo ending it. Raises ApproachError where somebody has put the same person there anew."""
    row = _locked(actor, duty)
    if row.ended_at is None:
        return row
    again = Duty.objects.filter(kind=row.kind, office=row.office, field=row.field, user=row.user, name=row.name, ended_at=None)
    if again.exists():
        raise ApproachError(_("They stand there again already."))
    row.ended_at = None
    row.save(update_fields=["ended_at"])
    _tell(actor, "duty.taken-on", row)
    return row


def _locked(actor: Actor, duty: Duty) -> Duty:
    row = Duty.objects.select_for_update(of=("self",)).select_related("user", "organisation", "office").get(pk=duty.pk)
    require(keep_duty(row), actor)
    return row


def _tell(actor: Actor, verb: str, duty: Duty) -> None:
    """Names stand in the entry alone: it is forgotten in time, the journal is not."""
    facts = {"kind": duty.kind, "office": duty.office_id, "field": duty.field}
    journal.record(actor=actor, verb=verb, subject=duty, organisation=duty.organisation, circle=Circle.COMPANIES, after=facts)
